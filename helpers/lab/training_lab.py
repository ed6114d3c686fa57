"""The lab of every training lesson: an arm, its loss curves, and what they say."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from matplotlib.axes import Axes

from helpers import plots
from helpers.data import Dataset
from helpers.lab import seeds_view as luck, sweep_view as whole
from helpers.lab.controls import Alpha, Choice, Control
from helpers.lab.lab import Lab, View
from helpers.lab.runs import EPOCHS, Order, Run, Trainings
from helpers.training import History

WHOLE, LUCK = "전체 보기", "운인가 효과인가?"
MOST_STOPS = 64


class TrainingLab(Lab):
    """Train and Valid loss of the arm at the knobs' settings.

    `arm(**values)` gives the arguments of `train` except the data: model, penalty and whatever
    else differs from the defaults. It may give `data`, too, if a knob changes the data. If it
    takes `seed`, repeats start from other weights; see also `Dataset.redraw`.

    Two more views: all stops of the first knob that is a number, at one time, so that its slider
    then moves through finished trainings; and the setting repeated with other seeds, if they
    make any difference.
    """

    def __init__(
        self,
        name: str,
        data: Dataset,
        arm: Callable[..., dict[str, Any]],
        *,
        size: tuple[float, float] | None = None,
        **controls: Control,
    ) -> None:
        self.data, self.arm = data, arm
        self._trainings = Trainings(data, arm)
        self._epochs = EPOCHS  # of the training that runs or ran last
        numbers = (name for name, knob in controls.items() if not isinstance(knob, Choice))
        self._swept = next(numbers, None)
        views = {}
        if self._swept:
            look = dict(rows=2, cols=2, size=(9.6, 7.4), heights=(1.6, 1))
            views[WHOLE] = self._view(whole, self._whole, self._stop_orders, **look)
        if self._trainings.can_vary({name: knob.value for name, knob in controls.items()}):
            look = dict(cols=2, size=(9.6, 4.6))
            views[LUCK] = self._view(luck, self._luck, self._seed_orders, **look)
        super().__init__(
            name,
            self._train,
            self._curves,
            describe,
            controls,
            size=size,
            pins=True,
            progress=lambda history: (len(history.epoch), self._epochs),
            ready=lambda values: self._trainings.knows([Order(values)]),
            views=views,
        )

    def _view(
        self,
        module: ModuleType,
        run: Callable[..., Any],
        orders: Callable[[dict[str, Any]], list[Order]],
        **look: Any,
    ) -> View:
        """A view on many trainings, drawn and described by its module."""
        return View(
            run,
            module.draw,
            module.describe,
            progress=lambda seen: (seen.done, seen.total),
            result=lambda seen: seen.history,
            ready=lambda values: self._trainings.knows(orders(values)),
            **look,
        )

    def _train(self, *, report: Callable[[History], None], **values: Any) -> History:
        def on_epoch(history: History, epochs: int) -> None:
            self._epochs = epochs
            report(history)

        return self._trainings.one(values, on_epoch)

    def _curves(self, ax: Axes, history: History, pins: Sequence[tuple[str, History]]) -> None:
        longest = max([self._epochs, *(pin.epoch[-1] for _, pin in pins)])
        plots.loss_curves(ax, history, pins, epochs=longest)

    def _stops(self, now: float) -> list[float]:
        """Where the swept knob is looked at: at all stops or most of them, and where it stands."""
        stops = self.controls[self._swept].stops()
        return sorted({*stops[:: 1 + len(stops) // MOST_STOPS], now})

    def _stop_orders(self, values: dict[str, Any]) -> list[Order]:
        return [Order(values | {self._swept: stop}) for stop in self._stops(values[self._swept])]

    def _whole(self, *, report: Callable[[whole.Whole], None], **values: Any) -> whole.Whole:
        """The training at the knobs' setting, and those at all other stops of the swept knob."""
        now, log = values[self._swept], isinstance(self.controls[self._swept], Alpha)
        sign, stops = self._sign(self._swept), self._stops(now)

        def seen(runs: Sequence[Run | None], *progress: int) -> whole.Whole:
            return whole.Whole(sign, log, stops, runs, now, *progress)

        orders = self._stop_orders(values)
        return seen(self._trainings.many(orders, lambda *partial: report(seen(*partial))))

    def _off(self, values: dict[str, Any]) -> dict[str, Any]:
        """All knobs off that can be."""
        return {name: control.off(values[name]) for name, control in self.controls.items()}

    def _seed_orders(self, values: dict[str, Any]) -> list[Order]:
        """The setting itself, with every seed, and, unless it is the same, all off."""
        off = self._off(values)
        settings = [values] if off == values else [values, off]
        return [Order(values), *(Order(own, seed) for own in settings for seed in luck.SEEDS)]

    def _luck(self, *, report: Callable[[luck.Luck], None], **values: Any) -> luck.Luck:
        """The training at the knobs' setting, and both it and the baseline with every seed."""
        changed = {n: value for n, value in self._off(values).items() if value != values[n]}
        now = self._label({name: values[name] for name in changed})
        names = self._text(changed), self._label(changed), now

        def seen(runs: Sequence[Run | None], *progress: int) -> luck.Luck:
            here, n = runs[0], len(luck.SEEDS)
            return luck.Luck(here, runs[1 : n + 1], runs[n + 1 :], *names, *progress)

        orders = self._seed_orders(values)
        return seen(self._trainings.many(orders, lambda *partial: report(seen(*partial))))


def describe(history: History) -> str:
    """What the two curves show, in one Korean sentence for those who cannot see them."""
    train_loss, valid_loss = history.train_loss[-1], history.final_valid
    ends = f"마지막 Train loss는 {train_loss:.2f}, Valid loss는 {valid_loss:.2f}입니다."
    if history.rise < 0.02:
        return f"{ends} Valid loss는 끝까지 거의 오르지 않았습니다."
    lowest = f"epoch {history.best_epoch}에서 가장 낮았고({history.best_valid:.2f})"
    return f"{ends} Valid loss는 {lowest} 그 뒤 {100 * history.rise:.0f} % 올랐습니다."
