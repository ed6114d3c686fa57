"""Judges and exercises of 10-7: a training step, an honest choice, and a challenge."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from statistics import median

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector

from helpers.data import Dataset, digits
from helpers.exercises.exercise import Exercise, Function, Predicate, finished
from helpers.lab.seeds_view import UNLIKELY, chance
from helpers.models import MLP, weights
from helpers.penalties import l1_norm, l2_norm_squared
from helpers.training import train

NAMES = {"L1": "L1", "L2": "L2", "dropout": "Dropout", "early stopping": "Early Stopping"}


def side(ours: Sequence[float], others: Sequence[float]) -> tuple[int, int]:
    """What pairs of losses say: 0 ours is lower, 1 luck could do it, 2 ours is higher.

    And how many of ours are lower: the paired sign test at the level of the labs.
    """
    pairs = list(zip(ours, others, strict=True))
    lower, higher = sum(a < b for a, b in pairs), sum(a > b for a, b in pairs)
    if chance(max(lower, higher), lower + higher) >= UNLIKELY:
        return 1, lower
    return (0 if lower > higher else 2), lower


def all_against_one(valid: Mapping[str, Sequence[float]]) -> tuple[int, str]:
    """Whether "all" beats the best single method, given the valid losses of each for every seed."""
    best = min(NAMES, key=lambda name: median(valid[name]))
    answer, lower = side(valid["all"], valid[best])
    verdict = ["운이 아니라 효과입니다", "운과 구별할 수 없습니다", "운이 아니라 해로운 효과입니다"]
    alone, together = f"{median(valid[best]):.2f}", f"{median(valid['all']):.2f}"
    return answer, (
        f"하나만 쓴 것 가운데 가장 좋은 것은 {NAMES[best]}(중앙값 {alone})이고, "
        f"모두 함께 쓴 것(중앙값 {together})이 그보다 낮은 seed는 "
        f"{len(valid[best])}개 가운데 {lower}개입니다. {verdict[answer]}."
    )


def still_lower(none: Sequence[float], penalised: Sequence[float]) -> tuple[int, str]:
    """Whether the penalty still lowers the valid loss, given both losses for every seed."""
    answer, lower = side(penalised, none)
    verdict = ["여전히 효과입니다", "운과 구별할 수 없습니다", "오히려 해로운 효과입니다"]
    before, after = f"{median(none):.2f}", f"{median(penalised):.2f}"
    return answer, (
        f"Valid loss의 중앙값은 L2 없이 {before}, L2와 함께 {after}이고, "
        f"L2가 더 낮은 seed는 {len(none)}개 가운데 {lower}개입니다. {verdict[answer]}."
    )


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
        "bias에도 페널티를 주었습니다. L1은 weight에만 줍니다.": (
            _step(lambda model: parameters_to_vector(model.parameters()).abs().sum())
        ),
        "손실에 L1이 없습니다. α‖W‖₁을 더한 다음 `backward()`를 부르세요.": (
            _step(lambda model: 0.0)
        ),
        "weight가 움직이지 않았습니다. `backward()` 다음에 `optimizer.step()`이 필요합니다.": (
            _step(walk=False)
        ),
    },
    praise="맞습니다. 비우고, 재고, 미분하고, 업데이트합니다. 돌려준 값에는 페널티가 없습니다.",
    nudge="아직 맞지 않습니다. zero_grad, loss, backward, step의 순서를 확인해 보세요.",
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
        "Test loss를 보고 골랐습니다. 그러면 Test는 두 번째 Valid가 됩니다.": (
            _report(_lowest("test"), lambda run: min(run["test"]))
        ),
        "모델은 맞게 골랐지만 epoch을 Test로 골랐습니다. epoch도 Valid로 고르세요.": (
            _report(_lowest("valid"), lambda run: min(run["test"]))
        ),
        "마지막 weight의 Test loss입니다. Valid loss가 가장 낮았던 epoch의 값을 쓰세요.": (
            _report(_lowest("valid"), _at_end)
        ),
        "마지막 Valid loss로 골랐습니다. weight를 되돌리니 가장 낮은 값으로 비교하세요.": (
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
    nudge="아직 맞지 않습니다. `(번호, Test loss)`의 순서인지, 번호를 0부터 셌는지 보세요.",
)


@cache
def _data() -> Dataset:
    """`digits()` with a longer test part: after the test images of the lesson come fresh ones."""
    return digits(n_test=1297)


FRESH = slice(500, None)  # 797 images that are in no part of `digits()`


@torch.no_grad()
def _loss(model: nn.Module, part: str) -> float:
    """The data loss of the model on a part of the data, in eval mode; the model is left alone."""
    data, fresh = _data(), part == "fresh"
    x, y = (getattr(data, f"{axis}_{'test' if fresh else part}") for axis in "xy")
    if part in ("test", "fresh"):
        rows = FRESH if fresh else slice(FRESH.start)
        x, y = x[rows], y[rows]
    judged = deepcopy(model).cpu().eval()
    return F.cross_entropy(judged(x.to(next(judged.parameters()).dtype)), y).item()


@cache
def target(part: str) -> float:
    """The loss to beat on a part: 5 % below what early stopping alone reaches."""
    return 0.95 * _loss(train(MLP(), _data(), patience=20).model, part)


def _suspicious(part: str) -> Predicate:
    """A predicate: far better on this part than on fresh images, as if trained on it."""
    return lambda model: _loss(model, part) < 0.5 * _loss(model, "fresh")


challenge = Exercise(
    "challenge",
    right=lambda model: (
        not _suspicious("valid")(model)
        and not _suspicious("test")(model)
        and _loss(model, "fresh") < target("fresh")
    ),
    mistakes={
        "모델을 넘겨 주세요. `train(...)`이 돌려주는 것은 기록이니 `.model`을 붙이세요.": (
            lambda model: not isinstance(model, nn.Module)
        ),
        "Valid에서만 지나치게 좋습니다. Valid 데이터는 학습에 쓰지 않습니다.": _suspicious("valid"),
        "Test에서만 지나치게 좋습니다. Test 데이터는 학습에 쓰지 않습니다.": _suspicious("test"),
        "아직 외우고 있습니다. Valid loss가 Train loss의 2배를 넘으니 정규화를 더 켜세요.": (
            lambda model: _loss(model, "valid") > 2 * _loss(model, "train")
        ),
        "거의 배우지 못했습니다. α나 p를 줄이거나 patience를 늘려 보세요.": (
            lambda model: _loss(model, "train") > 1.5
        ),
        "Valid에서는 목표를 넘었지만 처음 보는 이미지에서는 아닙니다. 그 Valid에만 맞습니다.": (
            lambda model: _loss(model, "valid") < target("valid")
        ),
    },
    praise="목표를 넘었습니다. 5절의 데이터에 들어 있지 않은 이미지에서도 정말 더 낮습니다.",
    nudge="조금 모자랍니다. Early Stopping을 켠 채로 hidden layer의 뉴런을 늘려 보세요.",
)
