"""The ways to look at an experiment, and what of it is shown."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matplotlib.figure import Figure

from helpers import plots
from helpers.lab.interrupts import uninterrupted

SHARP = 2


@dataclass(frozen=True, eq=False)
class Shown:
    """What is on the page: a finished result, with the picture and the sentence about it."""

    view: str
    values: dict[str, Any]
    output: Any  # what was drawn
    result: Any
    summary: str
    picture: bytes
    readings: Sequence[plots.Reading]  # what can be read off the picture


@dataclass(frozen=True, eq=False)
class View:
    """One way to look at an experiment.

    `run(**values)` returns a result, or yields partial results, of which the last is the result;
    one that knows how much is done has it as `progress`, e.g. (37, 100). `draw(axes, result)`
    draws on the axes of `plots.figure(rows, cols, size, heights)`. `describe(result)` says in one
    Korean sentence what the picture shows. `result` picks what is the lab's `result` from it.
    `ready(values)` is whether `run` need only look its result up, so that the picture may follow
    every move of a hand.
    """

    run: Callable[..., Any]
    draw: Callable[[Any, Any], None]
    describe: Callable[[Any], str]
    result: Callable[[Any], Any] = lambda output: output
    ready: Callable[[dict[str, Any]], bool] = lambda values: False
    rows: int = 1
    cols: int = 1
    size: tuple[float, float] | None = None
    heights: Sequence[float] | None = None

    @cached_property
    def canvas(self) -> tuple[Figure, Any]:
        """The figure and its axes, made when the view is first seen."""
        return plots.figure(self.rows, self.cols, self.size, self.heights)

    @property
    def pixels(self) -> tuple[int, int]:
        """The width and height of the picture."""
        width, height = self.canvas[0].get_size_inches() * self.canvas[0].dpi
        return round(width), round(height)

    def partials(self, values: Mapping[str, Any]) -> Iterator[Any]:
        """What the experiment yields, or the one result that it returns."""
        outcome = self.run(**values)
        return outcome if inspect.isgenerator(outcome) else iter((outcome,))

    def paint(self, output: Any) -> bytes:
        """The picture of a result, partial or not."""
        figure, axes = self.canvas
        with uninterrupted():
            self.draw(axes, output)
            return plots.render(figure)

    def sharp(self, output: Any) -> bytes:
        """The picture of a result with `SHARP` times the pixels each way, on a figure of its own.

        That of the live frames keeps its background: the next one is as fast as ever.
        """
        figure, axes = plots.figure(self.rows, self.cols, self.size, self.heights)
        figure.dpi *= SHARP
        self.draw(axes, output)
        return plots.render(figure)

    def shown(self, name: str, values: dict[str, Any], output: Any) -> Shown:
        """Draw and describe a result; raises if that cannot be done."""
        picture, summary = self.paint(output), self.describe(output)
        readings = plots.readings(self.canvas[0])
        return Shown(name, values, output, self.result(output), summary, picture, readings)
