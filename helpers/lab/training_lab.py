"""The lab of every training lesson: a config, its loss curves, and what they say."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from helpers import plots
from helpers.lab import seeds_view, sweep_view
from helpers.lab.controls import Alpha, Choice, Control
from helpers.lab.lab import Lab
from helpers.lab.runs import Run, RunCache, Trial
from helpers.lab.seeds_view import SEEDS, Repeats
from helpers.lab.sweep_view import KnobSweep
from helpers.lab.view import View
from helpers.training import Config, History

SWEEP_VIEW, SEEDS_VIEW = "전체 보기", "운인가 효과인가?"
MAX_STOPS, MAX_PINS = 64, 4
UNFAIR = "고정한 것과 데이터나 초깃값이 달라서 공정한 비교가 아닙니다."


@dataclass(frozen=True)
class Curves:
    """The curves of one training, and how much of it is done."""

    run: Run
    progress: tuple[int, int]


class TrainingLab(Lab):
    """Train and Valid loss of the training at the knobs' settings.

    `make_config(**values)` gives its `Config`. If it takes `seed`, repeats start from other
    weights; see also `Dataset.redraw`.

    Two more views: all stops of the first knob that is a number, at one time, so that its slider
    then moves through finished trainings; and the setting repeated with other seeds, if they
    make any difference. `pin` keeps curves behind those that follow.
    """

    def __init__(
        self,
        name: str,
        make_config: Callable[..., Config],
        *,
        size: tuple[float, float] | None = None,
        **controls: Control,
    ) -> None:
        self.runs = RunCache(make_config)
        self._pins: list[tuple[str, History]] = []
        numbers = (name for name, knob in controls.items() if not isinstance(knob, Choice))
        self._swept = next(numbers, "")
        views = {}
        if self._swept:
            views[SWEEP_VIEW] = View(
                self._sweep,
                sweep_view.draw,
                sweep_view.describe,
                result=lambda stops: stops.run.history,
                ready=lambda values: self.runs.has_all(self._stop_trials(values)),
                rows=2,
                cols=2,
                size=(9.6, 7.4),
                heights=(1.6, 1),
            )
        if self.runs.can_vary({name: knob.value for name, knob in controls.items()}):
            views[SEEDS_VIEW] = View(
                self._repeat,
                seeds_view.draw,
                seeds_view.describe,
                result=lambda repeats: repeats.run.history,
                ready=lambda values: self.runs.has_all(self._seed_trials(values)),
                cols=2,
                size=(9.6, 4.6),
            )
        super().__init__(
            name,
            self._train,
            self._draw_curves,
            lambda curves: describe(curves.run.history),
            controls,
            views=views,
            result=lambda curves: curves.run.history,
            ready=lambda values: self.runs.has_all([Trial.at(values)]),
            size=size,
        )

    # The curves, and the pins behind them

    def _train(self, **values: Any) -> Iterator[Curves]:
        """The training at the knobs' settings. Raises Diverged."""
        for step in self.runs.train([Trial.at(values)]):
            [run] = step.runs
            if run.error:
                raise run.error
            if run.history.epoch:
                yield Curves(run, step.progress)

    def _draw_curves(self, ax: Axes, curves: Curves) -> None:
        longest = max([curves.run.epochs, *(pin.epoch[-1] for _, pin in self._pins)])
        plots.loss_curves(ax, curves.run.history, self._pins, epochs=longest)

    def pin(self) -> None:
        """Keep the current result behind the next ones, unless the comparison is unfair."""
        with self._lock:
            if self.warning(self.result):
                self.panel.note(f"{UNFAIR} 고정하지 않았습니다.")
            elif len(self._pins) == MAX_PINS:
                self.panel.note(f"{MAX_PINS}개까지 고정할 수 있습니다. 먼저 고정을 해제하세요.")
            else:
                self._pins.append((self._label(self.shown.values), self.result))
                self._repaint()
                self.panel.status(f"고정했습니다: {self.text(self.shown.values)}")

    def unpin(self) -> None:
        """Remove all pins."""
        with self._lock:
            self._pins.clear()
            self._repaint()
            self.panel.note()
            self.panel.status(f"고정을 해제했습니다: {self.text(self.shown.values)}")

    def _buttons(self) -> dict[str, Callable[[], None]]:
        return super()._buttons() | {"고정": self.pin, "고정 해제": self.unpin}

    def warning(self, result: History) -> str:
        """Whether data, split, seed or initialisation are not those of the pins."""
        return "" if all(result.origin == pin.origin for _, pin in self._pins) else UNFAIR

    def _label(self, values: dict[str, Any]) -> str:
        """The settings in a legend: α=0.01, degree=3."""
        named = [(name, self.controls[name], value) for name, value in values.items()]
        return ", ".join(
            f"{knob.sign(name)}={knob.plain_text(value)}" for name, knob, value in named
        )

    # All stops of a knob

    def _stops(self, now: float) -> list[float]:
        """Where the swept knob is looked at: its ends, where it stands, and stops between.

        These are all of them, or every other or third one if they are more than MAX_STOPS.
        """
        stops = self.controls[self._swept].stops()
        return sorted({*stops[:: math.ceil(len(stops) / MAX_STOPS)], stops[-1], now})

    def _stop_trials(self, values: dict[str, Any]) -> list[Trial]:
        stops = self._stops(values[self._swept])
        return [Trial.at(values | {self._swept: stop}) for stop in stops]

    def _sweep(self, **values: Any) -> Iterator[KnobSweep]:
        """The training at the knobs' settings, and those at all other stops of the swept knob."""
        now, knob = values[self._swept], self.controls[self._swept]
        sign, log, stops = knob.sign(self._swept), isinstance(knob, Alpha), self._stops(now)
        for step in self.runs.train(self._stop_trials(values)):
            yield KnobSweep(sign, log, stops, step.runs, now, step.progress)

    # One setting with many seeds

    def _off(self, values: dict[str, Any]) -> dict[str, Any]:
        """All knobs off that can be."""
        return {name: control.off(values[name]) for name, control in self.controls.items()}

    def _seed_trials(self, values: dict[str, Any]) -> list[Trial]:
        """The setting itself, with every seed, and, unless it is the same, all off."""
        off = self._off(values)
        settings = [values] if off == values else [values, off]
        return [Trial.at(values), *(Trial.at(own, seed) for own in settings for seed in SEEDS)]

    def _repeat(self, **values: Any) -> Iterator[Repeats]:
        """The training at the knobs' settings, and both it and the baseline with every seed."""
        changed = {name: off for name, off in self._off(values).items() if off != values[name]}
        label = self._label({name: values[name] for name in changed})
        texts = self.text(changed), self._label(changed), label
        for step in self.runs.train(self._seed_trials(values)):
            run, *repeats = step.runs
            runs, baseline = repeats[: len(SEEDS)], repeats[len(SEEDS) :]
            yield Repeats(run, runs, baseline, *texts, step.progress)


def describe(history: History) -> str:
    """What the two curves show, in one Korean sentence for those who cannot see them."""
    train_loss, valid_loss = history.train_loss[-1], history.final_valid
    ends = f"마지막 Train loss는 {train_loss:.2f}, Valid loss는 {valid_loss:.2f}입니다."
    if history.rise < 0.02:
        return f"{ends} Valid loss는 끝까지 거의 오르지 않았습니다."
    lowest = f"epoch {history.best_epoch}에서 가장 낮았고({history.best_valid:.2f})"
    return f"{ends} Valid loss는 {lowest} 그 뒤 {100 * history.rise:.0f}% 올랐습니다."
