"""Exercises of 10-7: a training step, an evaluation, an honest choice, and a challenge."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector

from helpers.data import Dataset, digits
from helpers.exercises.exercise import Exercise, Function, Predicate, finished
from helpers.models import MLP, weights
from helpers.penalties import l1_norm, l2_norm_squared
from helpers.training import train

ALPHA, DECAY = 0.02, 0.1
_random = torch.Generator().manual_seed(107)
_X = torch.randn((2, 6, 5), generator=_random, dtype=torch.float64)
_Y = torch.randint(0, 3, (2, 6), generator=_random)


def _two_steps(step: Function, model: nn.Module) -> object:
    """The losses that two steps return, and the parameters after them."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3, weight_decay=DECAY)
    losses = [
        torch.as_tensor(finished(step(model, optimizer, x, y, ALPHA))).item()
        for x, y in zip(_X, _Y, strict=True)
    ]
    return losses, [p.detach() for p in model.parameters()]


def _l1(model: nn.Module) -> Tensor:
    return l1_norm(weights(model))


def _l2(model: nn.Module) -> Tensor:
    return l2_norm_squared(weights(model))


def _step(
    penalty: Callable[[nn.Module], Tensor | float] = _l1,
    *,
    logits: Callable[[Tensor], Tensor] = lambda z: z,
    zero_grad: bool = True,
    walk: bool = True,
    return_total: bool = False,
) -> Function:
    """A training step as a learner may write it; the defaults are the right one."""

    def step(
        model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor, alpha: float
    ) -> Tensor:
        if zero_grad:
            optimizer.zero_grad()
        loss = F.cross_entropy(logits(model(x)), y)
        total = loss + alpha * penalty(model)
        total.backward()
        if walk:
            optimizer.step()
        return total if return_total else loss

    return step


def _softmax(z: Tensor) -> Tensor:
    return z.softmax(dim=-1)


train_step = Exercise.function(
    "train_step",
    cases=[(MLP((5, 4, 3), seed=7),)],
    observe=_two_steps,
    right=_step(),
    mistakes={
        "gradient가 쌓였습니다. step마다 `optimizer.zero_grad()`로 먼저 비우세요.": (
            _step(zero_grad=False)
        ),
        "학습은 맞지만 돌려준 값에 페널티가 들어 있습니다. 데이터의 손실만 돌려주세요.": (
            _step(return_total=True)
        ),
        "L2를 두 번 주었습니다. `weight_decay`가 이미 L2이니 손실에는 L1만 더하세요.": [
            _step(lambda model: _l1(model) + DECAY / 2 / ALPHA * _l2(model)),
            _step(lambda model: _l1(model) + DECAY / ALPHA * _l2(model)),
            _step(lambda model: _l1(model) + _l2(model)),
        ],
        "제곱을 더했습니다. L2는 optimizer에 이미 있고, 손실에 더할 것은 |w|의 합입니다.": (
            _step(_l2)
        ),
        "softmax를 두 번 했습니다. `cross_entropy`에는 logit을 그대로 넣으세요.": (
            _step(logits=_softmax)
        ),
        "bias에도 벌을 주었습니다. L1은 weight에만 겁니다.": (
            _step(lambda model: parameters_to_vector(model.parameters()).abs().sum())
        ),
        "손실에 L1이 없습니다. α‖W‖₁을 더한 다음 `backward()`를 부르세요.": (
            _step(lambda model: 0.0)
        ),
        "weight가 움직이지 않았습니다. `backward()` 다음에 `optimizer.step()`이 필요합니다.": (
            _step(walk=False)
        ),
    },
    praise="맞습니다. 비우고, 재고, 미분하고, 한 걸음. 보고하는 값에는 페널티가 없습니다.",
    nudge="아직 맞지 않습니다. zero_grad, loss, backward, step의 순서를 확인해 보세요.",
)


class _Witness(nn.Module):
    """A network with dropout that records how it was called: (training, grad enabled)."""

    def __init__(self) -> None:
        super().__init__()
        self.net = MLP((5, 16, 3), p=0.5, seed=3)
        self.calls: list[tuple[bool, bool]] = []

    def forward(self, x: Tensor) -> Tensor:
        self.calls.append((self.training, torch.is_grad_enabled()))
        return self.net(x)


def _value_and_calls(evaluate: Function, model: _Witness, x: Tensor, y: Tensor) -> object:
    return float(finished(evaluate(model, x, y))), model.calls


def _evaluates(
    mode: bool, grad: bool, logits: Callable[[Tensor], Tensor] = lambda z: z
) -> Function:
    """An evaluation as a learner may write it, in train or eval `mode`, with or without `grad`."""

    def evaluate(model: nn.Module, x: Tensor, y: Tensor) -> float:
        model.train(mode)
        with torch.set_grad_enabled(grad):
            return F.cross_entropy(logits(model(x)), y).item()

    return evaluate


valid_loss_of = Exercise.function(
    "valid_loss_of",
    cases=[(_Witness().train(), _X[0], _Y[0])],
    observe=_value_and_calls,
    right=_evaluates(mode=False, grad=False),
    mistakes={
        "`model.eval()`과 `no_grad()`를 모두 잊었습니다. Dropout이 켜진 채로 쟀습니다.": (
            _evaluates(mode=True, grad=True)
        ),
        "`model.eval()`을 잊었습니다. Dropout이 켜져 있어 잴 때마다 값이 달라집니다.": (
            _evaluates(mode=True, grad=False)
        ),
        "값은 맞지만 미분 기록이 쌓입니다. `with torch.no_grad():` 안에서 재세요.": (
            _evaluates(mode=False, grad=True)
        ),
        "`cross_entropy`는 softmax를 스스로 합니다. logit을 그대로 넣으세요.": [
            _evaluates(mode, grad, _softmax) for mode in (False, True) for grad in (False, True)
        ],
    },
    praise="맞습니다. Dropout을 끄고, 미분 기록 없이 쟀습니다.",
    nudge="아직 맞지 않습니다. `eval()`, `no_grad()`, `F.cross_entropy`를 차례로 확인해 보세요.",
)


# The run to choose, and the epoch of it, differ for every way of choosing.
_RUNS = [
    dict(train=[1.0, 0.6, 0.40], valid=[1.2, 0.50, 0.70], test=[0.52, 0.58, 0.61]),
    dict(train=[1.1, 0.7, 0.50], valid=[1.1, 0.64, 0.60], test=[1.20, 0.62, 0.61]),
    dict(train=[0.9, 0.3, 0.05], valid=[1.0, 0.80, 0.95], test=[1.10, 0.85, 0.90]),
    dict(train=[1.2, 0.9, 0.80], valid=[1.3, 0.70, 0.72], test=[1.00, 0.40, 0.45]),
]


def _lowest(key: str, of: Callable[[list[float]], float] = min) -> Function:
    return lambda runs: min(range(len(runs)), key=lambda i: of(runs[i][key]))


def _last(losses: list[float]) -> float:
    return losses[-1]


def _report(choice: Function, loss: Function) -> Function:
    return lambda runs: (choice(runs), loss(runs[choice(runs)]))


def _at_best(run: dict[str, list[float]]) -> float:
    return run["test"][run["valid"].index(min(run["valid"]))]


def _at_end(run: dict[str, list[float]]) -> float:
    return run["test"][-1]


choose = Exercise.function(
    "choose",
    cases=[(_RUNS,), (_RUNS[::-1],), ([_RUNS[2], _RUNS[0], _RUNS[3], _RUNS[1]],)],
    right=_report(_lowest("valid"), _at_best),
    mistakes={
        "Test loss를 보고 골랐습니다. 그러면 Test는 Valid가 되고, 점수는 부풀려집니다.": (
            _report(_lowest("test"), lambda run: min(run["test"]))
        ),
        "모델은 맞게 골랐지만 epoch를 Test로 골랐습니다. epoch도 Valid로 고르세요.": (
            _report(_lowest("valid"), lambda run: min(run["test"]))
        ),
        "마지막 weight의 Test loss입니다. Valid loss가 가장 낮았던 epoch의 값을 쓰세요.": (
            _report(_lowest("valid"), _at_end)
        ),
        "마지막 Valid loss로 골랐습니다. 되돌린 weight이니 가장 낮은 값으로 견주세요.": (
            _report(_lowest("valid", _last), _at_end)
        ),
        "Train loss가 가장 낮은 것은 가장 많이 외운 것일 수 있습니다. Valid로 고르세요.": (
            _report(_lowest("train"), _at_best)
        ),
        "고른 것은 맞지만 Valid loss를 보고했습니다. 같은 epoch의 Test loss를 돌려주세요.": (
            _report(_lowest("valid"), lambda run: min(run["valid"]))
        ),
    },
    praise="맞습니다. 모델도 epoch도 Valid로 고르고, Test는 읽기만 했습니다.",
    nudge="아직 맞지 않습니다. `(번호, Test loss)`의 순서인지, 번호는 0부터 세었는지 보세요.",
)


@cache
def _data() -> Dataset:
    return digits()


@cache
def target() -> float:
    """The valid loss to beat: 5 % below what early stopping alone reaches."""
    return 0.95 * train(MLP(), _data(), patience=10).best_valid


@torch.no_grad()
def _loss(model: nn.Module, part: str) -> float:
    """The data loss of the model on a part of the data, in eval mode; the model is left alone."""
    x, y = getattr(_data(), f"x_{part}"), getattr(_data(), f"y_{part}")
    judged = deepcopy(model).eval()
    return F.cross_entropy(judged(x.to(next(judged.parameters()).dtype)), y).item()


def _suspicious(part: str) -> Predicate:
    """A predicate: far better on this part than on the other unseen one, as if trained on it."""
    other = {"valid": "test", "test": "valid"}[part]
    return lambda model: _loss(model, part) < 0.5 * _loss(model, other)


challenge = Exercise(
    "challenge",
    right=lambda model: (
        not _suspicious("valid")(model)
        and not _suspicious("test")(model)
        and _loss(model, "valid") < target()
    ),
    mistakes={
        "모델을 넘겨 주세요. `train(...)`이 돌려주는 것은 기록이니 `.model`을 붙이세요.": (
            lambda model: not isinstance(model, nn.Module)
        ),
        "Valid에서만 지나치게 좋습니다. Valid 데이터로 학습하면 고를 수 없게 됩니다.": (
            _suspicious("valid")
        ),
        "Test에서만 지나치게 좋습니다. Test 데이터는 학습에 쓰지 않습니다.": _suspicious("test"),
        "아직 외우고 있습니다. Valid loss가 Train loss의 2배를 넘으니 정규화를 더 켜세요.": (
            lambda model: _loss(model, "valid") > 2 * _loss(model, "train")
        ),
        "거의 배우지 못했습니다. α나 p를 줄이거나 patience를 늘려 보세요.": (
            lambda model: _loss(model, "train") > 1.5
        ),
    },
    praise="목표를 넘었습니다. Valid 데이터로 직접 재어 보니 정말 더 낮습니다.",
    nudge="조금 모자랍니다. Dropout의 p와 patience를 함께 늘려 보세요.",
)
