"""Answers to the exercises of 10-2 and the verdict each must get."""

import numpy as np
import pytest
import torch

from helpers.exercises import ex10_2 as lesson
from tests.exercises.table import Row, names, verify


def loop_lowest(valid_loss):
    best = 0
    for i, loss in enumerate(valid_loss):
        if loss < valid_loss[best]:
            best = i
    return best + 1


def stop_at_first_rise(valid_loss):
    epoch = 1
    while valid_loss[epoch] < valid_loss[epoch - 1]:
        epoch += 1
    return epoch


def by_hand_variance(predictions):
    deviation = predictions - predictions.mean(0)
    return (deviation**2).mean(0).max()


OVER, UNDER, GOOD = "과적합", "과소적합", "적절"

TABLE = {
    "lowest_epoch": Row(
        stub=lambda valid_loss: ...,
        right=[
            loop_lowest,
            lambda v: int(np.argmin(v)) + 1,
            lambda v: torch.tensor(v).argmin() + 1,
        ],
        wrong=[
            (lambda v: np.argmin(v), "0부터"),
            (lambda v: np.min(v), "loss의 값입니다"),
            (stop_at_first_rise, "처음 오른"),
            (lambda v: len(v), "마지막 epoch"),
            (lambda v: np.argmax(v) + 1, "가장 높은"),
            (lambda v: np.argmin(v) + 2, "손으로 계산"),
            (lambda v: v.argmin(), "AttributeError"),
        ],
    ),
    "widest_variance": Row(
        stub=lambda predictions: ...,
        right=[
            by_hand_variance,
            lambda y: y.numpy().var(axis=0, ddof=1).max(),
            lambda y: max(column.var() for column in y.T),
        ],
        wrong=[
            (lambda y: torch.stack([row.var() for row in y]).max(), "한 곡선 안에서"),
            (lambda y: y.std(0).max(), "표준편차"),
            (lambda y: torch.var(y), "한 덩어리"),
            (lambda y: y.numpy().var(), "한 덩어리"),
            (lambda y: y.numpy().var(axis=1).max(), "한 곡선 안에서"),
            (lambda y: y.numpy().std(axis=0).max(), "표준편차"),
            (lambda y: y.numpy().var(axis=0), "점마다의 분산까지"),
            (lambda y: y.numpy().var(axis=0).mean(), "모든 점의 평균"),
            (lambda y: ((y - y.mean(0)) ** 2).sum(0) / (len(y) - 1), "점마다의 분산까지"),
            (lambda y: y.var(0).mean(), "모든 점의 평균"),
            (lambda y: y.var(0).argmax(), "그 점의 번호"),
            (lambda y: y.mean(), "손으로 계산"),
        ],
    ),
    "diagnosis": Row(
        stub={"A": ..., "B": ..., "C": ...},
        right=[{"A": UNDER, "B": OVER, "C": GOOD}, {"C": f" {GOOD} ", "B": OVER, "A": UNDER}],
        wrong=[
            (
                {"A": "underfitting", "B": OVER, "C": GOOD},
                "A, B, C에 ‘과적합’, ‘과소적합’, ‘적절’ 가운데 하나씩을 써 주세요.",
            ),
            ({"A": OVER, "B": UNDER, "C": GOOD}, "바뀌었습니다"),
            ({"A": UNDER, "B": GOOD, "C": OVER}, "B를 Train loss로만"),
            ({"A": GOOD, "B": OVER, "C": UNDER}, "가깝지만"),
            ({"A": OVER, "B": OVER, "C": GOOD}, "Train loss도 높습니다"),
            ({"A": UNDER, "B": OVER, "C": OVER}, "격차가 조금"),
            ({"A": UNDER, "B": OVER, "C": UNDER}, "셋 중 가장 낮습니다"),
            ({"A": UNDER, "B": UNDER, "C": GOOD}, "나란히 보세요"),
            ({"A": UNDER, "B": OVER}, "나란히 보세요"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)


def test_the_mystery_curves_are_what_the_diagnosis_calls_them():
    a, b, c = (lesson.mystery()[name] for name in "ABC")
    assert min(a.train_loss[-1], a.final_valid) > 1.5  # underfit: both high
    assert b.train_loss[-1] < 0.1 and b.rise > 0.5  # overfit: only the valid loss turns
    assert c.rise < 0.05 and c.train_loss[-1] < 0.3  # good: learnt, and it hardly turns
    assert c.final_valid < 0.6 * min(a.final_valid, b.final_valid)


JUDGED = [  # judge, measurements, index of the option, a part of the sentence
    (lesson.more_data, ([1.0, 1.2], [2.0, 2.1]), 0, "200개일 때 110%, 800개일 때 205%"),
    (lesson.more_data, ([1.0, 1.2], [1.0, 1.1]), 1, "2번의 중앙값"),
    (lesson.more_data, ([1.0, 1.2], [0.1, 0.2]), 2, "800개일 때 15%"),
    (lesson.widest, ({1: 0.3, 3: 0.2, 12: 0.1},), 0, "1차 0.300, 3차 0.200, 12차 0.100"),
    (lesson.widest, ({1: 0.1, 3: 0.2, 12: 0.1},), 1, "3차 0.200"),
    (lesson.widest, ({1: 0.1, 3: 0.2, 12: 0.3},), 2, "12차 0.300"),
    (lesson.best_degree, ([15, 15, 15, 3], 15), 0, "4번 가운데 1번"),
    (lesson.best_degree, ([0, 0, 0, 3], 15), 1, "4번 가운데 1번"),
    (lesson.best_degree, ([3, 3, 4, 15], 15), 2, "4번 가운데 3번"),
    (lesson.wrong_answers, ((0.5, 40), (1.0, 80)), 0, "40개 → 80개"),
    (lesson.wrong_answers, ((0.5, 40), (1.0, 42)), 1, "0.50 → 1.00"),
    (lesson.wrong_answers, ((0.5, 40), (1.0, 20)), 2, "40개 → 20개"),
    (lesson.wider, ([1.0, 1.2], [2.0, 2.2]), 0, "8개일 때 1.10, 128개일 때 2.10"),
    (lesson.wider, ([1.0, 1.2], [1.0, 1.2]), 1, "128개일 때 1.10"),
    (lesson.wider, ([1.0, 1.2], [0.5, 0.6]), 2, "128개일 때 0.55"),
]


@pytest.mark.parametrize(
    ("judge", "edges"),
    [
        (lambda share: lesson.more_data([2.0], [2 * share]), (0.7, 1.3)),
        (lambda share: lesson.wrong_answers((0.5, 100), (1.0, 100 * share)), (0.8, 1.2)),
        (lambda share: lesson.wider([2.0], [2 * share]), (0.8, 1.2)),
    ],
)
def test_about_equal_is_within_a_fifth_or_so(judge, edges):
    low, high = edges
    shares = (low - 0.01, low + 0.01, high - 0.01, high + 0.01)
    assert [judge(share)[0] for share in shares] == [2, 1, 1, 0]


@pytest.mark.parametrize(("judge", "measured", "index", "part"), JUDGED)
def test_judge_names_the_option_and_the_numbers(judge, measured, index, part):
    answer, sentence = judge(*measured)
    assert answer == index
    assert part in sentence and sentence.endswith(".")
