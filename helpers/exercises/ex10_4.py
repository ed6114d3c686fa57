"""10-4: judges of its predictions; a step with the penalty, parameter groups, AdamW."""

from collections.abc import Mapping, Sequence
from functools import partial
from statistics import median

import torch
from torch import Tensor, nn
from torch.optim import SGD, AdamW

from helpers.exercises.exercise import Exercise, Function, finished
from helpers.models import MLP, weights

_random = torch.Generator().manual_seed(104)
_randn = partial(torch.randn, generator=_random, dtype=torch.float64)

l2_step = Exercise.function(
    "l2_step",
    cases=[(_randn(3, 4), _randn(3, 4), 0.1, 0.5), (_randn(5), _randn(5), 0.4, 0.03)],
    right=lambda w, grad, lr, alpha: w - lr * (grad + 2 * alpha * w),
    mistakes={
        "2를 잊었습니다. w²을 미분하면 2w이므로, 이대로면 페널티가 절반입니다.": (
            lambda w, grad, lr, alpha: w - lr * (grad + alpha * w)
        ),
        "2로 나누었습니다. w²의 미분은 2w이니 2를 곱해야 합니다.": (
            lambda w, grad, lr, alpha: w - lr * (grad + alpha / 2 * w)
        ),
        "페널티가 들어가지 않았습니다. α‖W‖²의 gradient 2αW를 gradient에 더하세요.": (
            lambda w, grad, lr, alpha: w - lr * grad
        ),
        "2αW에 learning rate가 빠졌습니다. 2αW는 gradient에 더해져 함께 γ배가 됩니다.": (
            lambda w, grad, lr, alpha: w - lr * grad - 2 * alpha * w
        ),
        "페널티의 부호가 반대입니다. 이대로면 step마다 weight가 커집니다.": (
            lambda w, grad, lr, alpha: w - lr * (grad - 2 * alpha * w)
        ),
        "gradient를 따라 올라갔습니다. 손실을 줄이려면 빼야 합니다.": (
            lambda w, grad, lr, alpha: w + lr * (grad + 2 * alpha * w)
        ),
        "모두 같은 양만큼 줄이는 것은 L1입니다. L2의 gradient는 W에 비례합니다.": (
            lambda w, grad, lr, alpha: w - lr * (grad + alpha * w.sign())
        ),
        "w²을 미분하지 않고 그대로 더했습니다. gradient에 더할 것은 그 미분입니다.": (
            lambda w, grad, lr, alpha: w - lr * (grad + alpha * w.square())
        ),
        "W를 곱하지 않았습니다. 페널티의 gradient는 2αW, W에 비례합니다.": (
            lambda w, grad, lr, alpha: w - lr * (grad + 2 * alpha)
        ),
        "여기까지는 gradient입니다. 이제 γ를 곱해 `w`에서 빼면 새 weight입니다.": (
            lambda w, grad, lr, alpha: grad + 2 * alpha * w
        ),
    },
    praise="맞습니다. W − γ∇L_CE − 2γαW, `weight_decay=2α`인 SGD와 같은 한 step입니다.",
)


def _settings(make: Function, model: nn.Module, lr: float, weight_decay: float) -> object:
    """Whether an SGD was made, and the (lr, weight_decay) it has for each parameter."""
    optimizer = finished(make(model, lr, weight_decay))
    settings = {
        id(p): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for p in group["params"]
    }
    absent = (-1.0, -1.0)
    return isinstance(optimizer, SGD), [settings.get(id(p), absent) for p in model.parameters()]


def _grouped(model: nn.Module, on_weights: float, on_biases: float) -> list[dict]:
    biases = [p for p in model.parameters() if p.dim() == 1]
    return [
        {"params": weights(model), "weight_decay": on_weights},
        {"params": biases, "weight_decay": on_biases},
    ]


make_optimizer = Exercise.function(
    "make_optimizer",
    cases=[(MLP((4, 5, 3)), 0.3, 0.02), (MLP((3, 2)), 0.1, 0.5)],
    observe=_settings,
    right=lambda model, lr, decay: SGD(_grouped(model, decay, 0.0), lr=lr),
    mistakes={
        "bias도 함께 줄어듭니다. 묶음을 나누고 bias 묶음의 `weight_decay`를 0으로 하세요.": (
            lambda model, lr, decay: SGD(model.parameters(), lr=lr, weight_decay=decay)
        ),
        "bias가 optimizer에 없습니다. 그러면 bias는 전혀 학습되지 않습니다.": (
            lambda model, lr, decay: SGD(weights(model), lr=lr, weight_decay=decay)
        ),
        "어디에도 `weight_decay`가 걸리지 않았습니다. 기본값은 0입니다.": (
            lambda model, lr, decay: SGD(model.parameters(), lr=lr)
        ),
        "두 묶음이 바뀌었습니다. 줄여야 할 것은 bias가 아니라 weight입니다.": (
            lambda model, lr, decay: SGD(_grouped(model, 0.0, decay), lr=lr)
        ),
        "2를 곱했습니다. 받은 값이 이미 `weight_decay`이니 그대로 넣으세요.": (
            lambda model, lr, decay: SGD(_grouped(model, 2 * decay, 0.0), lr=lr)
        ),
        "learning rate를 넘기지 않았습니다. `lr=lr`도 적어 주세요.": (
            lambda model, lr, decay: SGD(_grouped(model, decay, 0.0))
        ),
        "묶음은 맞지만 SGD가 아닙니다. `torch.optim.SGD`로 만들어 주세요.": (
            lambda model, lr, decay: AdamW(_grouped(model, decay, 0), lr=lr)
        ),
    },
    praise="맞습니다. weight만 줄어들고, bias는 그대로 학습됩니다.",
    nudge="아직 맞지 않습니다. 묶음마다 `weight_decay`와 `lr`가 얼마인지 출력해 보세요.",
)


adamw_step = Exercise.function(
    "adamw_step",
    cases=[(_randn(3, 4), _randn(3, 4), 0.1, 0.5), (_randn(5), _randn(5), 0.01, 0.3)],
    right=lambda w, after_adam, lr, decay: after_adam - lr * decay * w,
    mistakes={
        "weight를 줄이지 않았습니다. Adam의 업데이트에 더해 γλW를 빼야 합니다.": (
            lambda w, after_adam, lr, decay: after_adam
        ),
        "learning rate가 빠졌습니다. 한 step에 줄이는 비율은 γλ입니다.": (
            lambda w, after_adam, lr, decay: after_adam - decay * w
        ),
        "업데이트한 뒤의 weight를 줄였습니다. AdamW는 업데이트하기 전의 `w`에 비례해서 줄입니다.": (
            lambda w, after_adam, lr, decay: after_adam * (1 - lr * decay)
        ),
        "2는 손실의 α‖W‖²을 미분할 때 생깁니다. AdamW의 식에는 없습니다.": (
            lambda w, after_adam, lr, decay: after_adam - 2 * lr * decay * w
        ),
        "줄이기만 했습니다. Adam의 업데이트도 남아 있어야 합니다.": (
            lambda w, after_adam, lr, decay: w - lr * decay * w
        ),
        "부호가 반대입니다. 이대로면 weight가 커집니다.": (
            lambda w, after_adam, lr, decay: after_adam + lr * decay * w
        ),
        "모든 weight를 같은 양만큼 줄였습니다. 그것은 Adam에 섞은 L2이고, AdamW는 비례합니다.": (
            lambda w, after_adam, lr, decay: after_adam - lr * w.sign()
        ),
    },
    praise="맞습니다. Adam의 업데이트는 그대로 두고, 업데이트하기 전의 γλW를 따로 뺐습니다.",
)


# -- the judges of the predictions -------------------------------------------------------------

SAME = 1e-9  # trainings whose weights are this close are one, but for rounding


def shrinks(path: Tensor) -> tuple[int, str]:
    """Sizes (steps, weights): 0 all lose the same amount, 1 the same share, 2 the small reach 0."""
    size = path.detach().abs()
    amount, share = size[0] - size[1], size[1] / size[0]
    measured = f"한 step에 {amount.min():.3f}에서 {amount.max():.3f}까지 줄었습니다."
    if torch.allclose(share, share[:1]):
        return 1, f"한 step 뒤 모든 weight가 {share[0]:.2f}배가 되었습니다."
    if (size[-1] == 0).any():
        return 2, f"끝에는 weight {size.shape[1]}개 가운데 {(size[-1] == 0).sum()}개가 0입니다."
    return 0, measured


def closest_decay(gaps: Mapping[float, float]) -> tuple[int, str]:
    """The weight_decay, by its place, of the training with the same weights; after them: none."""
    decay = min(gaps, key=lambda one: gaps[one])
    if gaps[decay] > SAME:
        closest = (
            f"가장 가까운 weight_decay = {decay:g}에서도 weight 차이가 {gaps[decay]:.2g}입니다."
        )
        return len(gaps), closest
    others = min((gap for one, gap in gaps.items() if one != decay), default=0.0)
    return [*gaps].index(decay), (
        f"weight_decay = {decay:g}일 때 weight 차이가 {gaps[decay]:.6f}입니다. "
        f"나머지 가운데 가장 작은 차이는 {others:.2f}입니다."
    )


def strong_decay(none: Sequence[float], strong: Sequence[float]) -> tuple[int, str]:
    """Valid loss of pairs, without and with a strong decay: 0 lower, 1 about equal, 2 higher."""
    ratio = median(b / a for a, b in zip(none, strong, strict=True))
    higher = sum(b > a for a, b in zip(none, strong, strict=True))
    answer = 2 if ratio > 1.05 else 0 if ratio < 0.95 else 1
    return answer, (
        f"중앙값은 λ = 0에서 {median(none):.2f}, λ = 0.1에서 {median(strong):.2f}입니다. "
        f"{len(none)}번 가운데 {higher}번 λ = 0.1이 더 높았습니다."
    )


def adam_shrinks(before: Tensor, after: Tensor) -> tuple[int, str]:
    """Weights around a step: 0 all lose the same share, 1 the same amount, 2 the large alone."""
    amount = before.abs() - after.abs()
    share = amount / before.abs()
    measured = f"네 weight는 {amount.min():.4f}에서 {amount.max():.4f}까지 줄었습니다."
    if torch.allclose(share, share[:1], rtol=1e-3):
        return 0, f"네 weight 모두 {share[0]:.2%} 줄었습니다."
    if torch.allclose(amount, amount[:1], rtol=1e-3):
        return 1, f"네 weight 모두 {amount[0]:.4f}만큼 줄었고, learning rate와 같은 양입니다."
    return 2, measured
