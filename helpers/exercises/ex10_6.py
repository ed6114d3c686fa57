"""Judges and exercises of 10-6: where to stop, what to remember, how many steps make which L2."""

from collections.abc import Sequence
from copy import deepcopy
from math import ceil
from statistics import median

import torch
from torch import nn

from helpers.exercises.exercise import Exercise, Function, finished
from helpers.lab.korean import particle
from helpers.models import MLP, weights
from helpers.training import early_stop

Losses = Sequence[float]
Judged = tuple[int, str]  # the option that the measurements speak for, and the numbers


# -- what the predictions are compared with ----------------------------------------------------


def memorises(at_best: Sequence[float], at_end: Sequence[float]) -> Judged:
    """The share of wrong labels repeated at the best epoch: below 10%, up to half, or more."""
    best, end = median(at_best), median(at_end)
    seen = f"best epoch에서는 {best:.0%}, 마지막 epoch에서는 {end:.0%}"
    return (best >= 0.1) + (best > 0.5), f"seed {len(at_best)}개의 중앙값은 {seen}입니다."


def finds(little: int, much: int, seeds: int) -> Judged:
    """How many seeds patience 1 finds the lowest epoch in: 15 of 20 or more, some, 5 or fewer."""
    index = 0 if little >= 0.75 * seeds else 1 if little > 0.25 * seeds else 2
    counts = f"patience 1은 {little}개, patience 20은 {much}개"
    return index, f"seed {seeds}개 가운데 {counts}에서 찾았습니다."


def moves(at_best: Sequence[float], at_end: Sequence[float]) -> Judged:
    """Whether the distance from the start still grows after the best epoch, shrinks, or neither."""
    times = [end / best for best, end in zip(at_best, at_end, strict=True)]
    index = 0 if median(times) > 1.1 else 1 if median(times) < 0.9 else 2
    further = f"seed {len(times)}개 가운데 {sum(ratio > 1 for ratio in times)}개에서 더 멀었고"
    how = f"거리는 best epoch의 {median(times):.1f}배(중앙값)였습니다."
    return index, f"마지막 weight는 {further}, {how}"


def pairs_with(before: Sequence[float], after: Sequence[float]) -> Judged:
    """What ten times the steps make of the nearest λ: much larger, about the same, much smaller."""
    times = median(b / a for a, b in zip(before, after, strict=True))
    index = 0 if times > 3 else 1 if times > 1 / 3 else 2
    lambdas = f"가장 가까운 λ의 중앙값은 {median(before):.3f}에서 {median(after):.4f}"
    return index, f"{particle(lambdas, '으로/로')} 바뀌었습니다({times:.2f}배)."


def switches(first: Losses, middle: Losses, never: Losses) -> Judged:
    """Whether L2 from the middle on ends like L2 from the start, between, or like none."""
    share = median(
        (half - low) / (high - low) for low, half, high in zip(first, middle, never, strict=True)
    )
    index = 0 if share < 0.25 else 1 if share < 0.75 else 2
    ends = f"처음부터 {median(first):.2f}, 중간부터 {median(middle):.2f}, 끝까지 없이"
    return index, f"마지막 Valid loss의 중앙값은 {ends} {median(never):.2f}입니다."


# -- exercises ---------------------------------------------------------------------------------


def _stops(train: Losses, valid: Losses, patience: int) -> tuple[int, int]:
    stop = early_stop(valid, patience)
    return stop.epoch, stop.best_epoch


def _counts_rises(train: Losses, valid: Losses, patience: int) -> tuple[int, int]:
    """Waits for rises against the epoch before, not against the best one."""
    rises = 0
    for i in range(1, len(valid)):
        rises = rises + 1 if valid[i] >= valid[i - 1] else 0
        if rises == patience:
            break
    return i + 1, 1 + valid.index(min(valid[: i + 1]))


def _never_resets(train: Losses, valid: Losses, patience: int) -> tuple[int, int]:
    """Counts all epochs without improvement, in a row or not."""
    worse = [i for i in range(1, len(valid)) if valid[i] >= min(valid[:i])]
    last = worse[patience - 1] if len(worse) >= patience else len(valid) - 1
    return last + 1, 1 + valid.index(min(valid[: last + 1]))


def _takes_ties(train: Losses, valid: Losses, patience: int) -> tuple[int, int]:
    best = 0
    for i, loss in enumerate(valid):
        best = i if loss <= valid[best] else best
        if i - best >= patience:
            break
    return i + 1, best + 1


def _from_the_start(train: Losses, valid: Losses, patience: int) -> tuple[int, int]:
    return patience, 1 + valid.index(min(valid[:patience]))


stop = Exercise.function(
    "stop",
    cases=[
        (
            [2.0, 1.8, 1.9, 1.5, 1.2, 1.0, 0.9, 0.8, 0.7],
            [1.0, 0.8, 0.9, 0.7, 0.75, 0.72, 0.74, 0.6, 0.9],
            3,
        ),
        (
            [2.0, 1.9, 1.7, 1.3, 1.1, 0.9, 0.8, 0.7, 0.6],
            [1.0, 0.9, 0.9, 0.95, 0.8, 0.85, 0.86, 0.9, 0.7],
            2,
        ),
        ([2.0, 1.5, 1.3, 1.2, 1.1], [1.0, 0.9, 0.8, 0.7, 0.6], 2),
        (
            [2.0, 1.7, 1.5, 1.2, 1.0, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3],
            [2.0, 1.5, 1.2, 1.3, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.0],
            4,
        ),
    ],
    right=_stops,
    mistakes={
        "Train loss를 보고 멈췄습니다. Train loss는 계속 내려가므로 거의 멈추지 않습니다.": (
            lambda train, valid, patience: _stops(valid, train, patience)
        ),
        "마지막 epoch을 돌려주었습니다. 되돌아갈 곳은 Valid loss가 가장 낮았던 epoch입니다.": (
            lambda train, valid, patience: (_stops(train, valid, patience)[0],) * 2
        ),
        "둘의 순서가 바뀌었습니다. (멈춘 epoch, best epoch) 순서로 돌려주세요.": (
            lambda train, valid, patience: _stops(train, valid, patience)[::-1]
        ),
        "0부터 세었습니다. epoch은 1부터 셉니다.": (
            lambda train, valid, patience: [e - 1 for e in _stops(train, valid, patience)]
        ),
        "멈춘 뒤의 epoch을 best epoch으로 골랐습니다. 멈추고 나면 그 뒤는 알 수 없습니다.": (
            lambda train, valid, patience: (
                _stops(train, valid, patience)[0],
                1 + valid.index(min(valid)),
            )
        ),
        "끝까지 학습했습니다. patience번 나아지지 않으면 그 epoch에서 멈추어야 합니다.": (
            lambda train, valid, patience: (len(valid), 1 + valid.index(min(valid)))
        ),
        "patience를 처음부터 세었습니다. 마지막으로 나아진 epoch부터 세어야 합니다.": (
            _from_the_start
        ),
        "나빠지자마자 멈췄습니다. patience만큼 더 기다려 보세요.": (
            lambda train, valid, patience: _stops(train, valid, 1)
        ),
        "한 epoch 더 기다렸습니다. 나아지지 않은 지 patience번째가 되면 멈춥니다.": (
            lambda train, valid, patience: _stops(train, valid, patience + 1)
        ),
        "바로 앞 epoch과 비교했습니다. 지금까지 가장 낮은 Valid loss와 비교해야 합니다.": (
            _counts_rises
        ),
        "나아졌을 때 기다린 횟수를 0으로 되돌리지 않았습니다.": _never_resets,
        "같은 값은 나아진 것이 아닙니다. `<=` 대신 `<`로 비교하세요.": _takes_ties,
    },
    praise="맞습니다. patience번 나아지지 않으면 멈추고, 가장 낮았던 곳으로 돌아갑니다.",
)


def _kept(remember: Function, model: nn.Module) -> object:
    """Whether the model itself came back, and the remembered numbers once it has changed."""
    saved = finished(remember(model))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(1)
    state = saved.state_dict() if isinstance(saved, nn.Module) else saved
    parts = state.values() if isinstance(state, dict) else state
    return saved is model, torch.cat([part.detach().flatten() for part in parts])


remember = Exercise.function(
    "remember",
    cases=[(MLP((3, 4, 2), seed=seed),) for seed in (1, 2)],
    observe=_kept,
    right=lambda model: deepcopy(model.state_dict()),
    mistakes={
        "model 자체를 돌려주었습니다. 이름만 하나 더 생겼을 뿐, 학습이 이어지면 함께 바뀝니다.": (
            lambda model: model
        ),
        "복사하지 않아서, 학습이 이어지자 기억한 값도 바뀌었습니다. `copy.deepcopy`를 쓰세요.": (
            lambda model: model.state_dict()
        ),
        "bias가 빠졌습니다. 되돌리려면 모든 파라미터를 기억해야 합니다.": (
            lambda model: [w.detach().clone() for w in weights(model)]
        ),
    },
    praise="맞습니다. 학습이 이어져도 기억해 둔 weight는 그대로입니다.",
    nudge="아직 맞지 않습니다. 모든 파라미터의 지금 값이 복사되어 남아 있어야 합니다.",
)


def _steps(epochs: int, n_train: int, batch_size: int) -> int:
    return epochs * ceil(n_train / batch_size)


def _decay(lr: float, momentum: float, steps: float) -> float:
    return (1 - momentum) / (lr * steps)


matching_decay = Exercise.function(
    "matching_decay",
    cases=[(0.1, 0.9, 20, 200, 50), (0.05, 0.0, 8, 250, 60), (0.4, 0.8, 30, 90, 100)],
    right=lambda lr, mu, epochs, n, batch: _decay(lr, mu, _steps(epochs, n, batch)),
    mistakes={
        "momentum이 빠졌습니다. momentum μ는 한 step을 1/(1−μ)배로 늘립니다.": (
            lambda lr, mu, epochs, n, batch: _decay(lr, 0, _steps(epochs, n, batch))
        ),
        "momentum을 거꾸로 넣었습니다. momentum이 크면 더 멀리 가므로 λ는 작아집니다.": (
            lambda lr, mu, epochs, n, batch: 1 / (lr * (1 - mu) * _steps(epochs, n, batch))
        ),
        "momentum μ 자체가 아니라 1−μ를 곱해야 합니다.": (
            lambda lr, mu, epochs, n, batch: mu / (lr * _steps(epochs, n, batch))
        ),
        "epoch을 step으로 세었습니다. 한 epoch에는 batch 수만큼의 step이 있습니다.": (
            lambda lr, mu, epochs, n, batch: _decay(lr, mu, epochs)
        ),
        "거꾸로입니다. 오래 학습할수록 제약은 약해져서 λ가 작아집니다.": (
            lambda lr, mu, epochs, n, batch: 1 / _decay(lr, mu, _steps(epochs, n, batch))
        ),
        "learning rate가 빠졌습니다. 같은 step 수라도 learning rate가 크면 더 멀리 갑니다.": (
            lambda lr, mu, epochs, n, batch: _decay(1, mu, _steps(epochs, n, batch))
        ),
        "그것은 손실에 쓰는 α입니다. `weight_decay`의 λ는 그 두 배입니다.": (
            lambda lr, mu, epochs, n, batch: _decay(lr, mu, _steps(epochs, n, batch)) / 2
        ),
        "나머지로 남는 작은 batch도 한 step입니다. batch 수를 올림하세요.": (
            lambda lr, mu, epochs, n, batch: _decay(lr, mu, epochs * max(1, n // batch))
        ),
        "batch 수가 정수가 아닙니다. 나누어떨어지지 않으면 올림하세요.": (
            lambda lr, mu, epochs, n, batch: _decay(lr, mu, epochs * n / batch)
        ),
        "데이터 하나를 한 step으로 세었습니다. 한 step은 batch 하나입니다.": (
            lambda lr, mu, epochs, n, batch: _decay(lr, mu, epochs * n)
        ),
    },
    praise="맞습니다. λ ≈ (1−μ)/(γt), t는 batch 수까지 센 step 수입니다.",
)
