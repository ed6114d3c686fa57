"""The lab of every training lesson: an arm, its loss curves, and what they say."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes

from helpers import plots
from helpers.controls import Control
from helpers.data import Dataset
from helpers.lab import Lab
from helpers.training import History, train

EPOCHS = inspect.signature(train).parameters["epochs"].default


class TrainingLab(Lab):
    """Train and Valid loss of the arm at the knobs' settings.

    `arm(**values)` gives the arguments of `train` except the data: model, penalty and whatever
    else differs from the defaults. It may give `data`, too, if a knob changes the data.
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
        self._epochs = EPOCHS  # of the training that runs or ran last
        super().__init__(
            name,
            self._train,
            self._curves,
            describe,
            controls,
            size=size,
            pins=True,
            progress=lambda history: f"{len(history.epoch)}/{self._epochs}",
        )

    def _train(self, *, report: Callable[[History], None], **values: Any) -> History:
        settings = {"data": self.data, **self.arm(**values)}
        self._epochs = settings.get("epochs", EPOCHS)
        return train(**settings, on_epoch=report)

    def _curves(self, ax: Axes, history: History, pins: Sequence[tuple[str, History]]) -> None:
        longest = max([self._epochs, *(pin.epoch[-1] for _, pin in pins)])
        plots.loss_curves(ax, history, pins, epochs=longest)


def describe(history: History) -> str:
    """What the two curves show, in one Korean sentence for those who cannot see them."""
    train_loss, valid_loss = history.train_loss[-1], history.final_valid
    ends = f"마지막 Train loss는 {train_loss:.2f}, Valid loss는 {valid_loss:.2f}입니다."
    if history.rise < 0.02:
        return f"{ends} Valid loss는 끝까지 거의 오르지 않았습니다."
    lowest = f"epoch {history.best_epoch}에서 가장 낮았고({history.best_valid:.2f})"
    return f"{ends} Valid loss는 {lowest} 그 뒤 {100 * history.rise:.0f} % 올랐습니다."
