"""Answers to the exercises of 10-2 and the verdict each must get."""

import numpy as np
import pytest
import torch

from helpers.exercises import ex10_2 as lesson
from tests.exercises.table import Row, names, verify


def loop_turn(valid_loss):
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
    return (deviation**2).mean()


def means(train_loss, valid_loss):
    return np.mean(valid_loss) - np.mean(train_loss)


OVER, UNDER, GOOD = "과적합", "과소적합", "적절"

TABLE = {
    "turn_epoch": Row(
        stub=lambda valid_loss: ...,
        right=[loop_turn, lambda v: int(np.argmin(v)) + 1, lambda v: torch.tensor(v).argmin() + 1],
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
    "gap": Row(
        stub=lambda train_loss, valid_loss: ...,
        right=[
            lambda t, v: v[-1] - t[-1],
            lambda t, v: (torch.tensor(v) - torch.tensor(t))[-1],
            lambda t, v: np.array(v)[-1:] - np.array(t)[-1:],
        ],
        wrong=[
            (lambda t, v: t[-1] - v[-1], "부호가 반대"),
            (lambda t, v: np.abs(v[-1] - t[-1]), "절댓값이"),
            (lambda t, v: v[-1] / t[-1], "나눗셈"),
            (lambda t, v: v[-1] - np.min(v), "최저점에서 오른"),
            (lambda t, v: np.min(v) - np.min(t), "최저점끼리"),
            (means, "모든 epoch의 평균"),
            (lambda t, v: v[-1], "하나로는"),
            (lambda t, v: v[0] - t[0], "손으로 계산"),
            (lambda t, v: v - t, "TypeError"),
        ],
    ),
    "refit_variance": Row(
        stub=lambda predictions: ...,
        right=[
            by_hand_variance,
            lambda y: y.numpy().var(axis=0, ddof=1).mean(),
            lambda y: torch.stack([column.var() for column in y.T]).mean(),
        ],
        wrong=[
            (lambda y: torch.stack([row.var() for row in y]).mean(), "한 곡선 안에서"),
            (lambda y: y.std(0).mean(), "표준편차의"),
            (lambda y: torch.var(y), "한 덩어리"),
            (lambda y: ((y - y.mean(0)) ** 2).sum(0) / (len(y) - 1), "점마다의 분산까지"),
            (lambda y: y.mean(), "손으로 계산"),
        ],
    ),
    "diagnosis": Row(
        stub={"A": ..., "B": ..., "C": ...},
        right=[{"A": UNDER, "B": OVER, "C": GOOD}, {"C": f" {GOOD} ", "B": OVER, "A": UNDER}],
        wrong=[
            ({"A": "underfitting", "B": OVER, "C": GOOD}, "하나씩을"),
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
    assert c.rise < 0.25 and abs(c.gap) < b.gap / 4  # good: neither
    assert c.final_valid < 0.8 * min(a.final_valid, b.final_valid)
