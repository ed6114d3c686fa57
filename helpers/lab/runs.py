"""Trainings of one arm at many settings: many at once where that can be, each of them only once."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from helpers.data import Dataset
from helpers.models import weight_norm, zero_share
from helpers.sweep import DEFAULTS, Arm, Sweep, complete, stackable
from helpers.training import Diverged, History, train

EPOCHS = DEFAULTS["epochs"]
MOST = 200  # remembered trainings, about 50 kB each


class Order(NamedTuple):
    """A training to be done: the knobs' values, and the seed of fresh data, noise and start."""

    values: dict[str, Any]
    seed: int | None = None  # as the lesson has it


@dataclass(frozen=True, eq=False)
class Run:
    """A training that is done, or on its way; one that diverged has only the curves up to there.

    What is measured of the weights is measured once: a training on its way gets a new Run.
    """

    history: History
    diverged: bool = False

    @property
    def drawable(self) -> bool:
        """Whether its curves have begun, and lead somewhere."""
        return bool(self.history.epoch) and not self.diverged

    @cached_property
    def weight_norm(self) -> float:
        return weight_norm(self.history.model)

    @cached_property
    def zero_share(self) -> float:
        return zero_share(self.history.model)


Report = Callable[[Sequence[Run | None], int, int], None]
Progress = Callable[[dict[str, Run], int, int], None]


class Trainings:
    """`train` at the settings `arm(**values)` gives, with what was trained before remembered."""

    def __init__(self, data: Dataset, arm: Callable[..., Arm]) -> None:
        self.data, self.arm = data, arm
        self._seeded = "seed" in inspect.signature(arm).parameters
        self._known: dict[str, Run] = {}
        self._resting: tuple[dict[str, Arm], Sweep] | None = None  # what was interrupted last

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

    def knows(self, orders: Sequence[Order]) -> bool:
        """Whether all of these were trained before."""
        return all(repr(order) in self._known for order in orders)

    def one(self, values: dict[str, Any], report: Callable[[History, int], None]) -> History:
        """A single training; `report(history, epochs)` after every epoch."""
        run = self._known.get(repr(Order(values)))
        if run and not run.diverged:
            return run.history
        arm = self.settings(Order(values))
        return train(**arm, on_epoch=lambda h: report(h, arm.get("epochs", EPOCHS)))

    def many(self, orders: Sequence[Order], report: Report) -> list[Run]:
        """A run for every order; those that one sweep can train together are trained together.

        `report(runs, done, total)` is called every few epochs, with None for a run that has not
        begun. What it raises ends the trainings; asked for again, they go on where they were.
        """
        keys = [repr(order) for order in orders]
        missing = {
            key: order for key, order in zip(keys, orders, strict=True) if key not in self._known
        }

        def progress(growing: dict[str, Run], done: int, total: int) -> None:
            report([self._known.get(key) or growing.get(key) for key in keys], done, total)

        if missing:
            (arms, resting), self._resting = self._resting or ({}, None), None
            if [*arms] != [*missing]:
                arms = {key: self.settings(order) for key, order in missing.items()}
                resting = None
            if all(stackable(arm) for arm in arms.values()):
                self._together(arms, resting, progress)
            else:
                self._one_by_one(arms, progress)
        found = [self._known[key] for key in keys]
        self._keep(keys)
        return found

    def _together(self, arms: dict[str, Arm], resting: Sweep | None, progress: Progress) -> None:
        """All arms at once, in the sweep that rests if there is one."""
        running = resting or Sweep(
            complete([*arms.values()], [arm["data"] for arm in arms.values()])
        )

        def report(epoch: int, histories: list[History]) -> None:
            self._resting = arms, running
            growing = {key: Run(h) for key, h in zip(arms, histories, strict=True)}
            progress(growing, epoch, running.epochs)
            self._resting = None

        histories = running.go_on(report)
        running.settle()
        for (key, arm), history in zip(arms.items(), histories, strict=True):
            ended = history.epoch[-1:] == [arm.get("epochs", EPOCHS)]
            self._known[key] = Run(history, diverged=not ended)

    def _one_by_one(self, arms: dict[str, Arm], progress: Progress) -> None:
        """One arm after another."""
        total, done = sum(arm.get("epochs", EPOCHS) for arm in arms.values()), 0
        for key, arm in arms.items():

            def on_epoch(history: History, key: str = key, before: int = done) -> None:
                progress({key: Run(history)}, before + len(history.epoch), total)

            try:
                self._known[key] = Run(train(**arm, on_epoch=on_epoch))
            except Diverged as error:
                self._known[key] = Run(error.history, diverged=True)
            done += arm.get("epochs", EPOCHS)

    def _keep(self, keys: Sequence[str]) -> None:
        """Forget what has not been used for longest."""
        for key in keys:
            self._known[key] = self._known.pop(key)
        for key in list(self._known)[:-MOST]:
            del self._known[key]
