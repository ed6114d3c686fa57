"""Many trainings at the price of a few: each is, digit for digit, what `train` gives alone.

A single training of this size is mostly the framework's overhead; K of them stacked are mostly
arithmetic, which two threads can share. How a stack learns is in `helpers.stack`.
"""

import inspect
import math
import os
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

import torch

from helpers.data import Dataset
from helpers.models import MLP, weights
from helpers.penalties import L1, L2, L1Subgradient, NoPenalty
from helpers.sweep.backprop import SLOPES
from helpers.sweep.stack import Points, Stack
from helpers.training import History, begin, check_rates, check_settings, train

Arm = dict[str, Any]
Report = Callable[[int, list[History]], None]
PENALTIES = (NoPenalty, L1, L1Subgradient, L2)
KEYS = {"model", "data", "penalty", "seed", "epochs", "lr", "momentum"}
DEFAULTS = {
    name: setting.default
    for name, setting in inspect.signature(train).parameters.items()
    if name in KEYS and setting.default is not setting.empty
}
CREW = 8  # networks in a stack: what a thread works on should fit the processor's cache
THREADS = min(2, os.cpu_count() or 1)  # a third one mostly waits for Python's lock
MEET = 0.02  # seconds that the threads should at least work before they meet again


def sweep(
    arms: Iterable[Arm],
    data: Dataset | Sequence[Dataset],
    *,
    epochs: int = DEFAULTS["epochs"],
    lr: float = DEFAULTS["lr"],
    momentum: float = DEFAULTS["momentum"],
    every: int = 1,
    report: Report | None = None,
) -> list[History]:
    """Train every arm, `dict(model=MLP(…), penalty=L2(α), …)`, in place; one History for each.

    The same as `train(data=data, **arm)` for each arm, the whole training set at every step.
    `data` is one data set or one per arm, and an arm's own settings come before the common ones.
    The curves have a point every `every` epochs and at the end; an arm that diverges stops there.
    `report(epoch, histories)` is called every few epochs; what it raises ends the sweep.
    Arms of equal shape, data size, kind of penalty and rates share a stack: the fewer kinds,
    the faster. Raises ValueError for settings that are impossible or that no stack can hold.
    """
    arms = complete(list(arms), data, epochs=epochs, lr=lr, momentum=momentum)
    running = Sweep(arms, every)
    try:
        return running.go_on(report)
    finally:
        running.settle()


class Sweep:
    """A sweep that can rest: what its report raises stops it, and it can go on from there.

    Its arms are `complete`. Until `settle`, the models are parts of the stacks.
    """

    def __init__(self, arms: list[Arm], every: int = 1) -> None:
        check(arms, every)
        self.every, self.epoch = every, 0
        self.epochs = max(arm["epochs"] for arm in arms)
        self.histories = [begin(arm["model"], arm["data"], arm["seed"]) for arm in arms]
        crews = [crew for group in alike(arms) for crew in divided(group)]
        self.stacks = [Stack([arms[k] for k in crew]) for crew in crews]
        self.curves = [[self.histories[k] for k in crew] for crew in crews]

    def go_on(self, report: Report | None = None) -> list[History]:
        """Train to the end."""
        stride = 1

        def advance(stack: Stack) -> list[tuple[int, Points]]:
            return stack.advance(self.epoch, self.every)

        with ThreadPoolExecutor(THREADS, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            while self.epoch < self.epochs:
                start, self.epoch = perf_counter(), min(self.epoch + stride, self.epochs)
                advances = pool.map(advance, self.stacks)
                for histories, points in zip(self.curves, advances, strict=True):
                    extend(histories, points)
                if perf_counter() - start < MEET:
                    stride *= 2
                if report:
                    report(self.epoch, self.histories)
        return self.histories

    def settle(self) -> None:
        """Give every model its own memory back."""
        for stack in self.stacks:
            stack.settle()


def complete(arms: list[Arm], data: Dataset | Sequence[Dataset], **common: Any) -> list[Arm]:
    """Every arm with all of its settings: its own, else the common ones, else those of `train`."""
    datasets = [data] * len(arms) if isinstance(data, Dataset) else list(data)
    if len(datasets) != len(arms):
        raise ValueError(f"학습은 {len(arms)}개인데 데이터는 {len(datasets)}개입니다.")
    common = DEFAULTS | common
    return [common | dict(data=own) | arm for arm, own in zip(arms, datasets, strict=True)]


def check(arms: list[Arm], every: int) -> None:
    """Raise ValueError unless each arm is whole-batch SGD on a network of its own."""
    if not arms:
        raise ValueError("한꺼번에 학습할 설정이 하나도 없습니다.")
    if len({id(arm["model"]) for arm in arms}) < len(arms):
        raise ValueError("설정마다 뉴럴넷을 따로 만들어 주세요. 같은 뉴럴넷이 두 번 들어 있습니다.")
    for arm in arms:
        check_kind(arm)
        n_inputs, n_features = weights(arm["model"])[0].shape[1], arm["data"].x_train.shape[1]
        if n_inputs != n_features:
            raise ValueError(
                f"뉴럴넷의 입력은 {n_inputs}개인데 데이터의 feature는 {n_features}개입니다."
            )
        check_settings(epochs=arm["epochs"], every=every)
        check_rates(lr=arm["lr"], momentum=arm["momentum"], weight_decay=0.0)


def check_kind(arm: Arm) -> None:
    """Raise ValueError for what only `train` can take: a setting, network, loss or penalty."""
    if unknown := sorted(set(arm) - KEYS):
        raise ValueError(f"sweep에서는 {', '.join(unknown)}를 쓸 수 없습니다. train을 쓰세요.")
    if not isinstance(arm["model"], MLP):
        raise ValueError("sweep은 MLP만 학습합니다. 다른 뉴럴넷은 train으로 학습하세요.")
    if arm["data"].loss not in SLOPES or not isinstance(arm["penalty"], PENALTIES):
        raise ValueError("sweep은 이 loss나 penalty를 모릅니다. train으로 학습하세요.")


def stackable(arm: Arm) -> bool:
    """Whether `sweep` can train an arm that has its data; `train` can train any."""
    try:
        check_kind(DEFAULTS | arm)
    except ValueError:
        return False
    return True


def alike(arms: list[Arm]) -> list[list[int]]:
    """The positions of the arms, grouped by what must be equal within a stack."""
    groups: dict[Hashable, list[int]] = {}
    for k, arm in enumerate(arms):
        data = arm["data"]
        parts = (data.x_train, data.y_train, data.x_valid, data.y_valid)
        shapes = [(t.shape, t.dtype) for t in (*arm["model"].parameters(), *parts)]
        rates = [arm[key] for key in ("epochs", "lr", "momentum")]
        groups.setdefault((*shapes, *rates, data.loss, type(arm["penalty"])), []).append(k)
    return list(groups.values())


def divided(group: list[int]) -> list[list[int]]:
    """The group in crews of about the same size, as many for one thread as for another."""
    crews = min(len(group), THREADS * math.ceil(len(group) / (THREADS * CREW)))
    return [group[k::crews] for k in range(crews)]


def extend(histories: list[History], points: list[tuple[int, Points]]) -> None:
    """Add points to each of the curves, except to those that have diverged."""
    for epoch, losses in points:
        for history, (train_loss, valid_loss, penalty) in zip(histories, losses, strict=True):
            if math.isfinite(train_loss + valid_loss):
                history.add(epoch, train_loss, valid_loss, penalty)
