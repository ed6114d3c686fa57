"""Many trainings at the price of a few: each is, digit for digit, what `train` gives alone.

A single training of this size is mostly the framework's overhead; K of them stacked are mostly
arithmetic, which two threads can share. How a stack learns is in `stack` and `backprop`.
"""

import math
import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Any

import torch

from helpers.data import Dataset
from helpers.models import MLP, weights
from helpers.penalties import L1, L2, L1Subgradient, NoPenalty
from helpers.sweep.backprop import RECORD_GRADIENT
from helpers.sweep.stack import Stack
from helpers.training import Config, History, require_count

PENALTIES = (NoPenalty, L1, L1Subgradient, L2)
CHUNK = 8  # networks in a stack: what a thread works on should fit the processor's cache
THREADS = min(2, os.cpu_count() or 1)  # a third one mostly waits for Python's lock
MIN_SYNC_SECONDS = 0.02  # between two synchronisations of the threads


def sweep(
    configs: Iterable[Config | Mapping[str, Any]],
    data: Dataset | Sequence[Dataset] | None = None,
    *,
    every: int = 1,
    **common: Any,
) -> list[History]:
    """Train every config in place, the whole training set at every step; one History for each.

    The same as `train` for each. A dict of settings serves as a config: what it leaves open comes
    from the `common` settings and from `data`, one data set or one per config. The curves have a
    point every `every` epochs and at the end; a training that diverges, or whose patience runs out,
    stops there. Configs of equal shape, data size, kind of penalty and rates share a stack: the
    fewer kinds, the faster. Raises ValueError for settings that are impossible or that no stack
    can hold.
    """
    configs = list(configs)
    datasets = [data] * len(configs) if data is None or isinstance(data, Dataset) else list(data)
    if len(datasets) != len(configs):
        raise ValueError(f"학습은 {len(configs)}개인데 데이터는 {len(datasets)}개입니다.")
    complete = [
        config if isinstance(config, Config) else Config(**{"data": own, **common, **config})
        for config, own in zip(configs, datasets, strict=True)
    ]
    *_, (_, histories) = sweep_epochs(complete, every)
    return histories


def sweep_epochs(configs: Sequence[Config], every: int = 1) -> Iterator[tuple[int, list[History]]]:
    """The sweep as it goes: every few epochs, how many are done and the growing curves.

    Stop iterating to pause. Until it is exhausted or closed, the models are parts of their stacks.
    Raises ValueError as `sweep` does.
    """
    validate(configs, every)
    histories = [History.of(config) for config in configs]
    chunks = [chunk for group in group_by_shape(configs) for chunk in split_into_chunks(group)]
    stacks = [Stack([configs[k] for k in c], [histories[k] for k in c]) for c in chunks]
    epoch, epochs, stride = 0, max(config.epochs for config in configs), 1
    try:
        with ThreadPoolExecutor(THREADS, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            map_stacks = pool.map if len(stacks) > 1 else map  # one stack needs no thread
            while epoch < epochs:
                start, epoch = perf_counter(), min(epoch + stride, epochs)
                for _ in map_stacks(partial(Stack.advance, epoch=epoch, every=every), stacks):
                    pass  # until all are there
                if perf_counter() - start < MIN_SYNC_SECONDS:
                    stride *= 2
                yield epoch, histories
    finally:
        for stack in stacks:
            stack.release()


def group_by_shape(configs: Sequence[Config]) -> list[list[int]]:
    """The positions of the configs, grouped by what must be equal within a stack."""
    groups: dict[Hashable, list[int]] = {}
    for k, config in enumerate(configs):
        data = config.data
        parts = (data.x_train, data.y_train, data.x_valid, data.y_valid)
        shapes = [(t.shape, t.dtype) for t in (*config.model.parameters(), *parts)]
        rates = (config.epochs, config.lr, config.momentum)
        kind = (*shapes, *rates, data.loss, type(config.penalty))
        groups.setdefault(kind, []).append(k)
    return list(groups.values())


def split_into_chunks(group: list[int]) -> list[list[int]]:
    """The group in chunks of about the same size, as many for one thread as for another."""
    chunks = min(len(group), THREADS * math.ceil(len(group) / (THREADS * CHUNK)))
    return [group[k::chunks] for k in range(chunks)]


def validate(configs: Sequence[Config], every: int) -> None:
    """Raise ValueError unless each config is full-batch SGD on a network of its own."""
    require_count("every", every)
    if not configs:
        raise ValueError("한꺼번에 학습할 설정이 하나도 없습니다.")
    if len({id(config.model) for config in configs}) < len(configs):
        raise ValueError("설정마다 뉴럴넷을 따로 만들어 주세요. 같은 뉴럴넷이 두 번 들어 있습니다.")
    for config in configs:
        if reason := why_not_stackable(config):
            raise ValueError(reason)
        if every > 1 and config.patience is not None:
            raise ValueError("patience는 모든 epoch의 loss를 봅니다. every는 1이어야 합니다.")
        n_inputs, n_features = weights(config.model)[0].shape[1], config.data.x_train.shape[1]
        if n_inputs != n_features:
            raise ValueError(
                f"뉴럴넷의 입력은 {n_inputs}개인데 데이터의 feature는 {n_features}개입니다."
            )


def why_not_stackable(config: Config) -> str:
    """Why no stack can hold this config, though `train` takes it: a Korean sentence, or nothing."""
    names = ("weight_decay", "optimizer", "batch_size")
    if used := [name for name in names if getattr(config, name) != getattr(Config, name)]:
        return f"sweep에서는 {', '.join(used)}를 쓸 수 없습니다. train을 쓰세요."
    if not isinstance(config.model, MLP):
        return "sweep은 MLP만 학습합니다. 다른 뉴럴넷은 train으로 학습하세요."
    if config.data.loss not in RECORD_GRADIENT or not isinstance(config.penalty, PENALTIES):
        return "sweep은 이 loss나 penalty를 모릅니다. train으로 학습하세요."
    return ""
