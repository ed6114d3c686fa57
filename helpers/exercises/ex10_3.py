"""Exercises of 10-3: both penalties at once, soft threshold, choosing α; and its judges.

A judge takes what a cell measured and gives the index of the option it speaks for, and why.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median

import torch
from torch import Tensor

from helpers.exercises.exercise import Exercise
from helpers.lab.korean import particle
from helpers.models import MLP, weights
from helpers.penalties import l1_norm, l2_norm_squared

_random = torch.Generator().manual_seed(103)
_randn = partial(torch.randn, generator=_random, dtype=torch.float64)


def _both(matrices: Sequence[Tensor], a1: float, a2: float) -> Tensor:
    return a1 * l1_norm(matrices) + a2 * l2_norm_squared(matrices)


elastic_net = Exercise.function(
    "elastic_net",
    cases=[(MLP((3, 4, 2), seed=1), 0.3, 0.07), (MLP((5, 6, 4, 3), seed=2), 0.02, 0.4)],
    right=lambda model, a1, a2: _both(weights(model), a1, a2),
    mistakes={
        "bias에도 페널티를 주었습니다. weight 행렬에만 줍니다. `weights(model)`을 쓰세요.": (
            lambda model, a1, a2: sum(
                a1 * p.abs().sum() + a2 * p.square().sum() for p in model.parameters()
            )
        ),
        "두 α가 바뀌었습니다. α₁은 절댓값의 합에, α₂는 제곱의 합에 곱합니다.": (
            lambda model, a1, a2: _both(weights(model), a2, a1)
        ),
        "L1만 있습니다. α₂‖W‖₂²도 더해 주세요.": lambda model, a1, a2: _both(weights(model), a1, 0),
        "L2만 있습니다. α₁‖W‖₁도 더해 주세요.": lambda model, a1, a2: _both(weights(model), 0, a2),
        "α를 곱하지 않았습니다. α₁과 α₂가 두 페널티의 비중을 정합니다.": (
            lambda model, a1, a2: _both(weights(model), 1, 1)
        ),
        "제곱근을 씌워 ‖W‖₂가 되었습니다. L2의 페널티는 제곱합 ‖W‖₂²입니다.": (
            lambda model, a1, a2: (
                a1 * l1_norm(weights(model)) + a2 * l2_norm_squared(weights(model)).sqrt()
            )
        ),
        "층마다 제곱근을 씌워 더했습니다. `norm()`에는 제곱근이 들어 있으니 제곱해야 합니다.": (
            lambda model, a1, a2: sum(a1 * w.abs().sum() + a2 * w.norm() for w in weights(model))
        ),
        "층마다 평균을 냈습니다. 강의의 페널티는 모든 weight의 합입니다.": (
            lambda model, a1, a2: sum(
                a1 * w.abs().mean() + a2 * w.square().mean() for w in weights(model)
            )
        ),
        "½이 붙었습니다. 강의의 식은 ½ 없이 α‖W‖₂²입니다.": (
            lambda model, a1, a2: _both(weights(model), a1, a2 / 2)
        ),
        "첫 층만 더했습니다. 모든 층의 weight 행렬을 더해 보세요.": (
            lambda model, a1, a2: _both(weights(model)[:1], a1, a2)
        ),
    },
    praise="맞습니다. 두 페널티를 더한 이 방법을 Elastic Net이라 부릅니다. bias는 그대로 둡니다.",
)

_around_zero = torch.tensor([-2.0, -0.5, -0.1, 0.0, 0.1, 0.5, 2.0], dtype=torch.float64)


soft_threshold = Exercise.function(
    "soft_threshold",
    cases=[(_around_zero, 0.3), (_randn(4, 5), 0.5), (_randn(6), 0.05)],
    right=lambda w, t: w.sign() * (w.abs() - t).clamp(min=0),
    mistakes={
        "이것은 hard threshold입니다. 살아남은 weight도 t만큼 0 쪽으로 옮겨야 합니다.": (
            lambda w, t: w * (w.abs() > t)
        ),
        "이것은 subgradient 한 걸음입니다. 작은 weight는 0에 멈추지 못하고 지나칩니다.": (
            lambda w, t: w - t * w.sign()
        ),
        "부호를 잃었습니다. 줄인 크기에 `w.sign()`을 다시 곱해 주세요.": (
            lambda w, t: (w.abs() - t).clamp(min=0)
        ),
        "음수 weight가 모두 0이 되었습니다. 음수는 +t 쪽으로 옮겨야 합니다.": (
            lambda w, t: (w - t).clamp(min=0)
        ),
        "t보다 큰 weight를 잘랐습니다. 거꾸로, t보다 작은 weight를 0으로 만들어야 합니다.": (
            lambda w, t: w.clamp(-t, t)
        ),
        "비율로 줄이는 것은 L2입니다. L1은 모두 같은 양 t만큼 줄입니다.": lambda w, t: w * (1 - t),
        "부호를 보지 않고 뺐습니다. 음수 weight는 0에서 더 멀어집니다.": lambda w, t: w - t,
    },
    praise="맞습니다. t보다 작은 weight는 정확히 0이 되고, 나머지는 t만큼 0에 다가갑니다.",
)

_curves = [
    (
        [0.0, 1e-3, 1e-2, 0.1, 1.0],
        {
            "train": [0.05, 0.08, 0.30, 0.95, 2.2],
            "valid": [1.60, 1.30, 0.80, 1.10, 2.3],
            "test": [1.55, 0.79, 0.85, 1.20, 2.25],
        },
    ),
    (
        [0.0, 0.02, 0.2, 2.0],
        {
            "train": [0.1, 0.2, 0.6, 2.1],
            "valid": [0.9, 0.5, 0.7, 2.0],
            "test": [0.9, 0.7, 0.6, 2.2],
        },
    ),
]


def _at(pick: Callable[[Sequence[float]], float], values: Sequence[float]) -> int:
    return values.index(pick(values))


def _gaps(loss: Mapping[str, Sequence[float]]) -> list[float]:
    return [abs(v - t) for t, v in zip(loss["train"], loss["valid"], strict=True)]


choose_alpha = Exercise.function(
    "choose_alpha",
    cases=_curves,
    right=lambda alphas, loss: alphas[_at(min, loss["valid"])],
    mistakes={
        "Train loss로 골랐습니다. 페널티가 없을 때 가장 낮으니 언제나 α = 0이 뽑힙니다.": (
            lambda alphas, loss: alphas[_at(min, loss["train"])]
        ),
        "Test loss로 골랐습니다. 고르는 데 쓴 데이터로는 더 이상 공정하게 평가할 수 없습니다.": (
            lambda alphas, loss: alphas[_at(min, loss["test"])]
        ),
        "α가 아니라 몇 번째인지를 돌려주었습니다. 그 자리의 α를 돌려주세요.": (
            lambda alphas, loss: _at(min, loss["valid"])
        ),
        "Valid loss의 값을 돌려주었습니다. 그 값을 만든 α가 필요합니다.": (
            lambda alphas, loss: min(loss["valid"])
        ),
        "Valid loss가 가장 큰 α입니다. 손실은 작을수록 좋습니다.": (
            lambda alphas, loss: alphas[_at(max, loss["valid"])]
        ),
        "Train loss와 Valid loss의 차이만 보았습니다. 둘 다 나빠도 차이는 작습니다.": (
            lambda alphas, loss: alphas[_at(min, _gaps(loss))]
        ),
    },
    praise="맞습니다. α는 Valid loss가 가장 낮은 곳에서 고르고, Test 데이터는 마지막에만 씁니다.",
)


# -- the judges of the predictions -------------------------------------------------------------


def larger_weights(clean: Sequence[float], wrong: Sequence[float]) -> tuple[int, str]:
    """‖W‖² at equal Train loss, one a seed: with wrong labels 0 smaller, 1 alike, 2 larger."""
    ratio = median(b / a for a, b in zip(clean, wrong, strict=True))
    more = sum(b > a for a, b in zip(clean, wrong, strict=True))
    answer = 2 if ratio > 1.1 else 0 if ratio < 0.9 else 1
    sizes = f"라벨이 모두 맞으면 {median(clean):.0f}, 20%가 틀리면 {median(wrong):.0f}"
    return answer, (
        f"Train loss가 0.1이 되었을 때 ‖W‖₂²의 중앙값은 {sizes}입니다. "
        f"seed {len(clean)}개 가운데 {more}개에서 틀린 라벨이 있는 쪽이 컸습니다."
    )


def bias_or_variance(without: tuple[float, float], with_it: tuple[float, float]) -> tuple[int, str]:
    """(bias², variance) without and with α: 0 both fall, 1 bias rises, 2 variance rises, 3 both."""
    bias, variance = (after > before for before, after in zip(without, with_it, strict=True))
    change = [f"{a:.4f}에서 {particle(f'{b:.4f}', '으로/로')}"
              for a, b in zip(without, with_it, strict=True)]  # fmt: skip
    return bias + 2 * variance, f"variance는 {change[1]}, bias²은 {change[0]} 바뀌었습니다."


def exact_zeros(l1: float, l2: float) -> tuple[int, str]:
    """The share of exact zeros: 0 under both, 1 under L1 alone, 2 under L2 alone, 3 under none."""
    measured = f"정확히 0인 weight는 L1에서 {l1:.0%}, L2에서 {l2:.0%}입니다."
    return 2 * (l1 == 0) + (l2 == 0), measured


def memorised_at_best(
    alphas: Sequence[float], valid: Sequence[float], memorised: Sequence[float]
) -> tuple[int, str]:
    """The share of wrong labels learned where Valid loss is lowest: 0 few, 1 some, 2 nearly all."""
    share, alpha = memorised[_at(min, valid)], alphas[_at(min, valid)]
    return int(share > 0.2) + int(share > 0.8), (
        f"Valid loss는 α = {alpha:g}에서 가장 낮고, 그때 외운 틀린 라벨은 {share:.0%}입니다."
    )
