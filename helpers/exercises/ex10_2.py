"""Exercises of 10-2: find the turn, measure gap and variance, tell three curves apart."""

import torch

from helpers.data import digits
from helpers.exercises.exercise import Exercise, Predicate
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import History, train

_random = torch.Generator().manual_seed(102)


def _noisy_valley(epochs: int, turn: float) -> list[float]:
    """A valid loss that falls until about `turn` and rises again, never smoothly."""
    epoch = torch.arange(1.0, epochs + 1)
    noise = torch.rand(epochs, generator=_random)
    return (0.5 + (epoch / turn).log() ** 2 + 0.2 * noise).tolist()


def _first_rise(valid_loss: list[float]) -> int:
    return next(i for i in range(1, len(valid_loss)) if valid_loss[i] > valid_loss[i - 1])


turn_epoch = Exercise.function(
    "turn_epoch",
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

gap = Exercise.function(
    "gap",
    cases=[
        ([2.3, 1.0, 0.4, 0.1], [2.3, 1.2, 0.8, 1.3]),
        ([2.3, 1.5, 0.9], [2.2, 1.4, 0.75]),
        ([1.8, 0.6, 0.2, 0.15, 0.05], [1.9, 0.9, 0.6, 0.7, 1.1]),
    ],
    right=lambda train_loss, valid_loss: valid_loss[-1] - train_loss[-1],
    mistakes={
        "부호가 반대입니다. Valid loss에서 Train loss를 빼면 과적합일 때 +가 됩니다.": (
            lambda train_loss, valid_loss: train_loss[-1] - valid_loss[-1]
        ),
        "절댓값이 부호를 지웠습니다. Train loss가 더 높은 경우(−)도 알아볼 수 있어야 합니다.": (
            lambda train_loss, valid_loss: abs(valid_loss[-1] - train_loss[-1])
        ),
        "나눗셈입니다. 격차는 두 loss의 차이로 잽니다.": (
            lambda train_loss, valid_loss: valid_loss[-1] / train_loss[-1]
        ),
        "Valid loss가 최저점에서 오른 만큼입니다. 격차는 Train loss와 비교합니다.": (
            lambda train_loss, valid_loss: valid_loss[-1] - min(valid_loss)
        ),
        "서로 다른 epoch의 최저점끼리 뺐습니다. 둘 다 마지막 epoch에서 재세요.": (
            lambda train_loss, valid_loss: min(valid_loss) - min(train_loss)
        ),
        "모든 epoch의 평균입니다. 학습을 마친 뒤의 격차만 필요합니다.": (
            lambda train_loss, valid_loss: (sum(valid_loss) - sum(train_loss)) / len(train_loss)
        ),
        "Valid loss 하나로는 격차를 알 수 없습니다. Train loss를 빼 주세요.": (
            lambda train_loss, valid_loss: valid_loss[-1]
        ),
    },
    praise="맞습니다. 이 격차가 클수록 배운 것이 새 데이터로 이어지지 않습니다.",
)

refit_variance = Exercise.function(
    "refit_variance",
    cases=[
        (torch.randn(shape, generator=_random, dtype=torch.float64) + torch.arange(shape[1]),)
        for shape in [(6, 4), (9, 3), (5, 7)]
    ],
    right=[lambda y: y.var(dim=0).mean(), lambda y: y.var(dim=0, correction=0).mean()],
    mistakes={
        "한 곡선 안에서 점끼리 비교했습니다. 같은 점에서 재학습한 곡선끼리 비교하세요.": (
            lambda y: y.var(dim=1).mean()
        ),
        "표준편차의 평균입니다. 분산은 제곱을 그대로 둔 값입니다.": (lambda y: y.std(dim=0).mean()),
        "전체를 한 덩어리로 쟀습니다. 곡선이 오르내리는 폭까지 섞였습니다.": (lambda y: y.var()),
        "점마다의 분산까지 맞습니다. 이제 모든 점에서 평균을 내세요.": (lambda y: y.var(dim=0)),
    },
    praise="맞습니다. 데이터를 새로 뽑을 때마다 예측이 얼마나 흔들리는지가 variance입니다.",
)

OVER, UNDER, GOOD = "과적합", "과소적합", "적절"


def mystery() -> dict[str, History]:
    """Three trainings on the same data, named A, B and C, for `diagnosis`."""
    data = digits()
    alphas = {"A": 0.1, "B": 0.0, "C": 0.005}
    return {name: train(MLP(), data, L2(alpha)) for name, alpha in alphas.items()}


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
        "A는 Valid loss가 높지만 Train loss도 높습니다. 학습 데이터조차 배우지 못했습니다.": (
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
