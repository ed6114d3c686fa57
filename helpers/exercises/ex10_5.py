"""Exercises of 10-5: dropout by hand, the keep probability, and inference in eval mode.

And the judges of its predictions.
"""

from collections.abc import Sequence
from functools import partial
from statistics import median

import torch
from torch import Tensor, nn

from helpers.exercises.exercise import UNCALLED, Exercise, Function, Predicate, agrees, finished
from helpers.lab.seeds_view import chance
from helpers.models import MLP

_random = torch.Generator().manual_seed(105)
_rand = partial(torch.rand, generator=_random, dtype=torch.float64)

my_dropout = Exercise.function(
    "my_dropout",
    cases=[
        (0.1 + _rand(4, 30), p, _rand(4, 30), training)
        for p, training in [(0.3, True), (0.8, True), (0.3, False), (0.8, False)]
    ],
    right=lambda h, p, u, training: h * (u >= p) / (1 - p) if training else h,
    mistakes={
        "추론할 때도 끄고 있습니다. `training`이 False면 `h`를 그대로 돌려주세요.": (
            lambda h, p, u, training: h * (u >= p) / (1 - p)
        ),
        "1−p로 나누지 않았습니다. 이대로면 다음 layer가 받는 합의 평균이 줄어듭니다.": (
            lambda h, p, u, training: h * (u >= p) if training else h
        ),
        "추론에서 1−p를 곱하는 옛 방식입니다. 학습 때 1−p로 나누고 추론은 그대로 두세요.": (
            lambda h, p, u, training: h * (u >= p) if training else h * (1 - p)
        ),
        "평균을 두 번 맞추었습니다. 학습 때 1−p로 나누었으니 추론은 `h` 그대로입니다.": (
            lambda h, p, u, training: h * (u >= p) / (1 - p) if training else h * (1 - p)
        ),
        "1/p를 곱했습니다. 남는 비율은 1−p이므로 1−p로 나누어야 합니다.": (
            lambda h, p, u, training: h * (u >= p) / p if training else h
        ),
        "1−p를 곱했습니다. 줄어든 평균을 되돌리려면 곱하지 말고 나누어야 합니다.": (
            lambda h, p, u, training: h * (u >= p) * (1 - p) if training else h
        ),
        "끄고 남기는 것이 뒤바뀌었습니다. `u`가 p보다 작은 자리가 0이 되어야 합니다.": (
            lambda h, p, u, training: h * (u < p) / (1 - p) if training else h
        ),
        "p를 남길 확률로 읽었습니다. p는 끌 확률입니다.": (
            lambda h, p, u, training: h * (u < p) / p if training else h
        ),
        "mask 하나를 데이터 모두에 썼습니다. 줄마다 `u`의 자기 줄로 mask를 만드세요.": (
            lambda h, p, u, training: h * (u[0] >= p) / (1 - p) if training else h
        ),
        "학습과 추론이 뒤바뀌었습니다. Dropout은 학습할 때만 씁니다.": (
            lambda h, p, u, training: h if training else h * (u >= p) / (1 - p)
        ),
    },
    praise="맞습니다. 학습할 때만 끄고, 남은 것을 1−p로 나누어 평균을 지킵니다.",
)


def _settings(make: Function, keep: float) -> object:
    """p and the mode of the dropout layer that was made."""
    layer = finished(make(keep))
    return (layer.p, float(layer.training)) if type(layer) is nn.Dropout else "another"


keeping = Exercise.function(
    "keeping",
    cases=[(0.8,), (0.3,), (1.0,)],
    observe=_settings,
    right=lambda keep: nn.Dropout(1 - keep),
    mistakes={
        "남길 확률을 그대로 넘겼습니다. `nn.Dropout`의 p는 끌 확률입니다.": nn.Dropout,
        "p는 맞지만 `eval()` 상태라 아무것도 끄지 않습니다. 새로 만든 그대로 돌려주세요.": (
            lambda keep: nn.Dropout(1 - keep).eval()
        ),
        "`keep`을 쓰지 않았습니다. `nn.Dropout()`의 p는 언제나 0.5입니다.": (
            lambda keep: nn.Dropout()
        ),
        "`nn.Dropout`이 아닙니다. layer 하나를 만들어 그대로 돌려주세요.": (lambda keep: "another"),
    },
    praise="맞습니다. keep의 확률로 남기려면 p = 1 − keep의 확률로 끕니다.",
    nudge="`keep`이 1이면 아무것도 끄지 않아야 합니다. 그때의 p를 생각해 보세요.",
)


_in_train_mode = [(MLP((6, 40, 5), p=0.8, seed=seed).train(), _rand(200, 6)) for seed in (1, 2)]


def _predicts(reference: Function) -> Predicate:
    return agrees(reference, _in_train_mode)


def _still_drops(predict: Function) -> bool:
    """Whether two predictions for the same inputs differ."""
    model, x = MLP((6, 40, 5), p=0.8).train(), _rand(200, 6)
    first, second = (torch.as_tensor(predict(model, x)) for _ in range(2))
    return first.shape == second.shape and not torch.equal(first, second)


def _late(model: nn.Module, x: Tensor) -> Tensor:
    logits = model(x)
    model.eval()
    return logits.argmax(1)


predict = Exercise(
    "predict",
    right=_predicts(lambda model, x: model.eval()(x).argmax(1)),
    mistakes={
        **UNCALLED,
        "뉴런이 꺼진 채 추론했습니다. `model(x)`를 부르기 전에 `model.eval()`을 부르세요.": (
            _predicts(_late)
        ),
        "부를 때마다 답이 달라집니다. Dropout이 아직 켜져 있습니다. `eval()`을 부르세요.": (
            _still_drops
        ),
        "모델의 출력(logit)을 그대로 돌려주었습니다. 가장 큰 자리를 `argmax(1)`로 고르세요.": (
            _predicts(lambda model, x: model.eval()(x))
        ),
        "확률까지는 맞습니다. 그 가운데 가장 큰 숫자 하나를 골라 주세요.": (
            _predicts(lambda model, x: model.eval()(x).softmax(1))
        ),
        "이미지가 아니라 숫자마다 골랐습니다. 이미지는 줄이니 `argmax(1)`입니다.": (
            _predicts(lambda model, x: model.eval()(x).argmax(0))
        ),
        "가장 큰 값을 돌려주었습니다. 값이 아니라 그 자리의 번호가 답입니다.": (
            _predicts(lambda model, x: model.eval()(x).max(1).values)
        ),
    },
    praise="맞습니다. `eval()`로 모든 뉴런을 켜고 추론하면 같은 이미지에 늘 같은 답이 나옵니다.",
    nudge="모델을 추론 상태로 바꾸고, 이미지마다 출력이 가장 큰 숫자의 번호를 돌려주세요.",
)


# The judges of the predictions: what was measured → the option it speaks for, and a sentence.

Verdict = tuple[int, str]


def counts(off: Tensor, n: int, p: float) -> Verdict:
    """How far from N×p the neurons off (draws,) lie, 90% of them: within 10, within 30, or more."""
    middle = round(n * p)
    near, around = (((off - middle).abs() <= d).double().mean().item() for d in (10, 30))
    measured = (
        f"평균 {off.double().mean():.1f}개가 꺼졌고, 가장 적을 때는 {off.min():d}개, "
        f"가장 많을 때는 {off.max():d}개였습니다. "
        f"{100 * near:.0f}%가 {middle - 10}개에서 {middle + 10}개 사이, "
        f"{100 * around:.0f}%가 {middle - 30}개에서 {middle + 30}개 사이였습니다."
    )
    return (0 if near >= 0.9 else 1 if around >= 0.9 else 2), measured


def sum_of_the_rest(p: float, mask_only: float, scaled: float) -> Verdict:
    """The mean of the sum over the sum without dropout: 1, p or 1 − p of it."""
    distances = [abs(mask_only - share) for share in (1, p, 1 - p)]
    measured = f"끄기만 하면 {mask_only:.2f}배, 1−p로 나누면 {scaled:.2f}배였습니다."
    return distances.index(min(distances)), measured


def forgetting(with_eval: float, forgotten: float) -> Verdict:
    """The accuracy without `eval()`: the same within 0.02, lower or higher."""
    change = forgotten - with_eval
    measured = f"정확도는 eval()을 부르면 {with_eval:.2f}, 잊으면 {forgotten:.2f}입니다."
    return (0 if abs(change) <= 0.02 else 1 if change < 0 else 2), measured


def nearly_all_off(ps: Sequence[float], valid_loss: Sequence[float]) -> Verdict:
    """The valid loss at the last p beside the first: lower, the same within 0.1, or higher."""
    change = valid_loss[-1] - valid_loss[0]
    best = min(range(len(ps)), key=valid_loss.__getitem__)
    measured = (
        f"Valid loss는 p = {ps[best]:g}에서 가장 낮은 {valid_loss[best]:.2f}입니다. "
        f"p = {ps[0]:g}에서는 {valid_loss[0]:.2f}, p = {ps[-1]:g}에서는 {valid_loss[-1]:.2f}입니다."
    )
    return (1 if abs(change) <= 0.1 else 0 if change < 0 else 2), measured


def below(train_mode: Sequence[int], eval_mode: Sequence[int]) -> Verdict:
    """In how many epochs Valid loss lay below Train loss, for each training and both modes."""
    often = [median(epochs) > 1 for epochs in (train_mode, eval_mode)]
    measured = (
        f"Valid loss가 더 낮은 epoch은 train()으로 재면 중앙값 {median(train_mode):g}개, "
        f"eval()로 재면 중앙값 {median(eval_mode):g}개였습니다."
    )
    return (2 if often[1] else 1 if often[0] else 0), measured


def at_equal_loss(none: Sequence[float], dropout: Sequence[float]) -> Verdict:
    """The share of wrong labels learned at one train loss, in pairs: as large, smaller, larger."""
    pairs = list(zip(none, dropout, strict=True))
    less, more = sum(b < a for a, b in pairs), sum(b > a for a, b in pairs)
    measured = (
        f"{len(pairs)}쌍 가운데 {less}쌍에서 Dropout 쪽이 적었고 {more}쌍에서 많았습니다. "
        f"중앙값은 {100 * median(none):.0f}%와 {100 * median(dropout):.0f}%입니다."
    )
    return (1 if _decided(less, more) else 2 if _decided(more, less) else 0), measured


def doubtful(spread: Sequence[float], certainty: Sequence[float]) -> Verdict:
    """How often two measures find the wrong answer, in pairs: the first, the second, or either."""
    pairs = list(zip(spread, certainty, strict=True))
    more, less = sum(b > a for a, b in pairs), sum(b < a for a, b in pairs)
    measured = (
        f"{len(pairs)}번 가운데 {more}번은 eval()의 확률이, "
        f"{less}번은 흩어진 정도가 더 나았습니다. "
        f"알아낸 비율의 중앙값은 eval()의 확률이 {100 * median(certainty):.0f}%, "
        f"흩어진 정도가 {100 * median(spread):.0f}%입니다."
    )
    return (1 if _decided(more, less) else 0 if _decided(less, more) else 2), measured


def _decided(one: int, other: int) -> bool:
    """Whether so many pairs speak for one side that luck would hardly do it."""
    return chance(one, one + other) < 0.05
