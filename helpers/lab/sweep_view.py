"""The sweep view of a lab: the U over all settings of a knob, and the curves at one of them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from helpers import plots
from helpers.lab.runs import Run


@dataclass(frozen=True)
class KnobSweep:
    """Trainings at all stops of a knob, or as far as they have come, and where the knob stands."""

    sign: str  # of the setting, in English: α, p, …
    log: bool
    values: list[float]
    runs: Sequence[Run]
    now: float
    progress: tuple[int, int]

    @property
    def run(self) -> Run:
        """The training at which the knob stands."""
        return self.runs[self.values.index(self.now)]

    def measured(self, measure: Callable[[Run], float]) -> list[float]:
        """A number for every stop; NaN where there is none."""
        return [measure(run) if run.drawable else math.nan for run in self.runs]


def draw(axes: np.ndarray, stops: KnobSweep) -> None:
    """The U and the curves at the knob's stop; below, what becomes of the weights."""
    (u, curves), (size, zeros) = axes
    losses = {
        "train": stops.measured(lambda run: run.history.train_loss[-1]),
        "valid": stops.measured(lambda run: run.history.kept_valid),
        "Best epoch": stops.measured(lambda run: run.history.best_valid),
    }
    against = partial(
        plots.against,
        x=stops.values,
        now=stops.now,
        log=stops.log,
        best=None,
        xlabel=stops.sign,
        named=False,
    )
    there = [run.history for run in stops.runs if run.drawable]
    growing = stops.progress[0] < stops.progress[1]
    room = [max(history.valid_loss) for history in there] if growing else ()
    against(u, curves=losses, best="valid", named=True, room_for=room)
    plots.loss_curves(curves, stops.run.history, epochs=stops.run.epochs, room_for=there)
    norms = stops.measured(lambda run: run.weight_norm)
    against(size, curves={"Norm of W": norms}, ylabel="Norm of W")
    shares = stops.measured(lambda run: run.zero_share)
    against(zeros, curves={"Zeros": shares}, ylabel="Share of exact 0")


def describe(stops: KnobSweep) -> str:
    """Where the bottom of the U is, and how far above it the knob stands."""
    ends = np.array(stops.measured(lambda run: run.history.kept_valid))
    if np.isnan(ends).all():
        return f"모든 {stops.sign}에서 loss가 발산했습니다."
    best = int(np.nanargmin(ends))
    lowest = f"{stops.sign} = {plots.plain(stops.values[best])}에서 가장 낮습니다({ends[best]:.2f})"
    here = ends[stops.values.index(stops.now)]
    now = "loss가 발산했습니다" if math.isnan(here) else f"{here:.2f}입니다"
    return (
        f"끝의 Valid loss는 {lowest}. 지금의 {stops.sign} = {plots.plain(stops.now)}에서는 {now}."
    )
