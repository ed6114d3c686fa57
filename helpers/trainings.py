"""Trainings of one arm at many settings: many at once where that can be, each of them only once."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from helpers.data import Dataset
from helpers.sweep import Arm, stackable, sweep
from helpers.training import Diverged, History, train

EPOCHS = inspect.signature(train).parameters["epochs"].default
MOST = 200  # remembered trainings, about 50 kB each


class Order(NamedTuple):
    """A training to be done: the knobs' values, and the seed of fresh data, noise and start."""

    values: dict[str, Any]
    seed: int | None = None  # as the lesson has it


class Run(NamedTuple):
    """A training that is done, or on its way; one that diverged has only the curves up to there."""

    history: History
    diverged: bool = False


class Trainings:
    """`train` at the settings `arm(**values)` gives, with what was trained before remembered."""

    def __init__(self, data: Dataset, arm: Callable[..., Arm]) -> None:
        self.data, self.arm = data, arm
        self._seeded = "seed" in inspect.signature(arm).parameters
        self._known: dict[str, Run] = {}

    def settings(self, order: Order) -> Arm:
        """The arguments of `train`."""
        seed = {} if order.seed is None or not self._seeded else {"seed": order.seed}
        arm = {"data": self.data, **self.arm(**order.values | seed)}
        if order.seed is not None and arm["data"].redraw:
            arm["data"] = arm["data"].redraw(seed=order.seed)
        return arm

    def can_vary(self, values: dict[str, Any]) -> bool:
        """Whether another seed makes any difference."""
        return self._seeded or self.settings(Order(values))["data"].redraw is not None

    def one(self, values: dict[str, Any], report: Callable[[History, int], None]) -> History:
        """A single training; `report(history, epochs)` after every epoch."""
        run = self._known.get(repr(Order(values)))
        if run and not run.diverged:
            return run.history
        arm = self.settings(Order(values))
        return train(**arm, on_epoch=lambda h: report(h, arm.get("epochs", EPOCHS)))

    def many(
        self, orders: Sequence[Order], report: Callable[[list[Run | None], int, int], None]
    ) -> list[Run]:
        """A run for every order; those that one sweep can train together are trained together.

        `report(runs, done, total)` is called after every epoch, with None for a run that has not
        begun. What it raises ends the trainings, and none of them is remembered.
        """
        keys = [repr(order) for order in orders]
        missing = {
            key: order for key, order in zip(keys, orders, strict=True) if key not in self._known
        }
        arms = [self.settings(order) for order in missing.values()]

        def progress(histories: list[History], done: int, total: int) -> None:
            growing = {k: Run(h) for k, h in zip(missing, histories, strict=False)}
            report([self._known.get(key) or growing.get(key) for key in keys], done, total)

        if all(stackable(arm) for arm in arms):
            runs = together(arms, progress)
        else:
            runs = one_by_one(arms, progress)
        for key, run in zip(missing, runs, strict=True):
            self._known[key] = run
        found = [self._known[key] for key in keys]
        self._keep(keys)
        return found

    def _keep(self, keys: Sequence[str]) -> None:
        """Forget what has not been used for longest."""
        for key in keys:
            self._known[key] = self._known.pop(key)
        for key in list(self._known)[:-MOST]:
            del self._known[key]


def together(arms: Sequence[Arm], progress: Callable[[list[History], int, int], None]) -> list[Run]:
    """All arms at once."""
    if not arms:
        return []
    last = [arm.get("epochs", EPOCHS) for arm in arms]
    histories = sweep(
        arms, [arm["data"] for arm in arms], report=lambda e, hs: progress(hs, e, max(last))
    )
    return [Run(h, h.epoch[-1:] != [end]) for h, end in zip(histories, last, strict=True)]


def one_by_one(
    arms: Sequence[Arm], progress: Callable[[list[History], int, int], None]
) -> list[Run]:
    """One arm after another."""
    runs: list[Run] = []
    total = sum(arm.get("epochs", EPOCHS) for arm in arms)
    done = 0
    for arm in arms:

        def on_epoch(history: History, before: int = done) -> None:
            progress([*(run.history for run in runs), history], before + len(history.epoch), total)

        try:
            runs.append(Run(train(**arm, on_epoch=on_epoch)))
        except Diverged as error:
            runs.append(Run(error.history, diverged=True))
        done += arm.get("epochs", EPOCHS)
    return runs
