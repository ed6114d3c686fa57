"""Exercises and judges of 10-2: the lowest valid loss, variance, three curves to tell apart."""

from collections.abc import Mapping, Sequence
from statistics import median

import torch

from helpers.data import digits
from helpers.exercises.exercise import Exercise, Predicate
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Config, History, train_epochs

Verdict = tuple[int, str]  # what a judge says: the index of an option, and a sentence

_random = torch.Generator().manual_seed(102)


def _noisy_valley(epochs: int, lowest: float) -> list[float]:
    """A valid loss that falls until about `lowest` and rises again, never smoothly."""
    epoch = torch.arange(1.0, epochs + 1)
    noise = torch.rand(epochs, generator=_random)
    return (0.5 + (epoch / lowest).log() ** 2 + 0.2 * noise).tolist()


def _first_rise(valid_loss: list[float]) -> int:
    return next(i for i in range(1, len(valid_loss)) if valid_loss[i] > valid_loss[i - 1])


lowest_epoch = Exercise.function(
    "lowest_epoch",
    cases=[(_noisy_valley(30, 12),), (_noisy_valley(50, 9),), (_noisy_valley(20, 15),)],
    right=lambda valid_loss: valid_loss.index(min(valid_loss)) + 1,
    mistakes={
        "0부터 세었습니다. epoch은 1부터 세므로 하나를 더해야 합니다.": (
            lambda valid_loss: valid_loss.index(min(valid_loss))
        ),
        "가장 낮은 loss의 값입니다. 그 값이 나온 epoch을 돌려주세요.": (
            lambda valid_loss: min(valid_loss)
        ),
        "처음 오른 곳에서 멈췄습니다. 곡선은 출렁이니 전체에서 가장 낮은 곳을 찾으세요.": (
            _first_rise
        ),
        "마지막 epoch입니다. 오래 학습한 곳이 가장 좋은 곳은 아닙니다.": (
            lambda valid_loss: len(valid_loss)
        ),
        "Valid loss가 가장 높은 epoch입니다. 손실은 낮을수록 좋습니다.": (
            lambda valid_loss: valid_loss.index(max(valid_loss)) + 1
        ),
    },
    praise="맞습니다. 이 epoch 뒤로는 Train loss만 내려갑니다.",
)

widest_variance = Exercise.function(
    "widest_variance",
    cases=[
        (torch.randn(shape, generator=_random, dtype=torch.float64) + torch.arange(shape[1]),)
        for shape in [(6, 4), (9, 3), (5, 7)]
    ],
    right=[lambda y: y.var(dim=0).max(), lambda y: y.var(dim=0, correction=0).max()],
    mistakes={
        "한 곡선 안에서 점끼리 비교했습니다. 같은 점에서 다시 맞춘 곡선끼리 비교하세요.": [
            lambda y: y.var(dim=1).max(),
            lambda y: y.var(dim=1, correction=0).max(),
        ],
        "표준편차입니다. 분산은 제곱을 그대로 둔 값입니다.": [
            lambda y: y.std(dim=0).max(),
            lambda y: y.std(dim=0, correction=0).max(),
        ],
        "전체를 한 덩어리로 쟀습니다. 곡선이 오르내리는 폭까지 섞였습니다.": [
            lambda y: y.var(),
            lambda y: y.var(correction=0),
        ],
        "점마다의 분산까지 맞습니다. 이제 그 가운데 가장 큰 값을 고르세요.": [
            lambda y: y.var(dim=0),
            lambda y: y.var(dim=0, correction=0),
        ],
        "모든 점의 평균입니다. 가장 크게 흔들리는 점의 분산을 돌려주세요.": [
            lambda y: y.var(dim=0).mean(),
            lambda y: y.var(dim=0, correction=0).mean(),
        ],
        "그 점의 번호입니다. 번호가 아니라 그 점에서의 분산을 돌려주세요.": (
            lambda y: y.var(dim=0).argmax()
        ),
    },
    praise="맞습니다. 곡선이 가장 크게 흔들리는 점에서도 variance를 이렇게 잽니다.",
)

OVER, UNDER, GOOD = "과적합", "과소적합", "적절"


def mystery() -> dict[str, History]:
    """Three trainings on the same data, named A, B and C, for `diagnosis`."""
    data = digits()
    configs = {
        "A": Config(MLP(), data, L2(0.1)),
        "B": Config(MLP(), data),
        "C": Config(MLP(p=0.5), data),
    }
    return {name: [*train_epochs(config)][-1] for name, config in configs.items()}


def _says(**labels: str) -> Predicate:
    """A predicate: the answer gives the curves named these labels."""
    return lambda answer: all(answer[name].strip() == label for name, label in labels.items())


diagnosis = Exercise(
    "diagnosis",
    right=_says(A=UNDER, B=OVER, C=GOOD),
    mistakes={
        f"A, B, C에 ‘{OVER}’, ‘{UNDER}’, ‘{GOOD}’ 가운데 하나씩을 써 주세요.": (
            lambda answer: not {answer[name].strip() for name in "ABC"} <= {OVER, UNDER, GOOD}
        ),
        "과적합과 과소적합이 바뀌었습니다. Train loss가 낮은 쪽이 과적합입니다.": (
            _says(A=OVER, B=UNDER)
        ),
        "B를 Train loss로만 보았습니다. Valid loss는 최저점을 지나 다시 올랐습니다.": _says(B=GOOD),
        "A의 두 곡선은 가깝지만 둘 다 높습니다. 가깝다고 잘 배운 것은 아닙니다.": _says(A=GOOD),
        "A는 Valid loss가 높지만 Train loss도 높습니다. Train 데이터조차 배우지 못했습니다.": (
            _says(A=OVER)
        ),
        "C에 격차가 조금 있다고 과적합은 아닙니다. Valid loss의 끝을 B와 비교해 보세요.": (
            _says(C=OVER)
        ),
        "C의 Train loss가 B보다 높아도 Valid loss는 셋 중 가장 낮습니다.": _says(C=UNDER),
    },
    praise="맞습니다. 과소적합은 둘 다 높고, 과적합은 Valid loss만 다시 오릅니다.",
    nudge="아직 맞지 않습니다. 곡선마다 마지막 Train loss와 Valid loss를 나란히 보세요.",
)


# -- what the measurements say of the predictions ----------------------------------------------


def more_data(few: Sequence[float], many: Sequence[float]) -> Verdict:
    """Rises of the valid loss with little and with much data: larger, about equal, smaller."""
    little, much = median(few), median(many)
    rises = f"200개일 때 {little:.0%}, 800개일 때 {much:.0%} 올랐습니다({len(few)}번의 중앙값)"
    index = 0 if much > 1.3 * little else 2 if much < 0.7 * little else 1
    return index, f"같은 100 epoch에서 Valid loss는 가장 낮은 값에서 {rises}."


def widest(variances: Mapping[int, float]) -> Verdict:
    """The variance at each degree: which of them is the largest."""
    largest = [*variances.values()].index(max(variances.values()))
    numbers = ", ".join(f"{degree}차 {value:.3f}" for degree, value in variances.items())
    return largest, f"variance는 {numbers}입니다."


def best_degree(best: Sequence[int], last: int) -> Verdict:
    """The best degree of each draw of the data: the last one, the first one, or one between."""
    inside = sum(0 < degree < last for degree in best)
    at_end = sum(degree == last for degree in best)
    at_start = len(best) - inside - at_end
    index = max(range(3), key=[at_end, at_start, inside].__getitem__)
    return index, (
        f"{len(best)}번 가운데 {inside}번, "
        f"Valid error가 가장 낮은 차수는 0과 {last} 사이에 있었습니다."
    )


def wrong_answers(before: tuple[float, float], after: tuple[float, float]) -> Verdict:
    """(valid loss, wrong answers) at the lowest valid loss and at the end: more, equal, fewer."""
    index = 0 if after[1] > 1.2 * before[1] else 2 if after[1] < 0.8 * before[1] else 1
    return index, (
        f"Valid loss는 {before[0]:.2f} → {after[0]:.2f}, "
        f"틀린 이미지는 {before[1]:.0f}개 → {after[1]:.0f}개입니다."
    )


def wider(narrow: Sequence[float], wide: Sequence[float]) -> Verdict:
    """Final valid losses of a narrow and of a wide net: higher, about equal, lower."""
    ratio = median(wide) / median(narrow)
    index = 0 if ratio > 1.2 else 2 if ratio < 0.8 else 1
    return index, (
        f"Valid loss의 중앙값은 뉴런 8개일 때 {median(narrow):.2f}, "
        f"128개일 때 {median(wide):.2f}입니다."
    )
