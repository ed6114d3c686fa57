"""Answers to the exercises of 10-1 and the verdict each must get."""

import numpy as np
import pytest
import torch

from helpers.exercises import ex10_1 as lesson
from helpers.training import accuracy
from tests.exercises.table import Row, names, verify


def counted(model, data):
    answers = model(data.x_train).argmax(dim=1).tolist()
    rows = [i for i, flipped in enumerate(data.flipped.tolist()) if flipped]
    return sum(answers[i] == int(data.y_train[i]) for i in rows) / len(rows)


def numbers_alone(model, data):
    answers = model(data.x_train).detach().numpy().argmax(axis=1)
    return np.mean((answers == data.y_train.numpy())[data.flipped.numpy()])


def says(model, data):
    return model(data.x_train).argmax(dim=1) == data.y_train


def lowest_reversed(train_loss, valid_loss):
    return not all(valid_loss[-1] <= loss * 1.1 for loss in valid_loss)


TABLE = {
    "clean_accuracy": Row(
        stub=...,
        right=[0.8, 1 - 0.2, 160 / 200, torch.tensor([0.8])],
        wrong=[
            (1, "1.0이면"),
            (20 / 100, "0.2는"),
            (80, "퍼센트로"),
            (0.8 + 0.2 / 10, "우연히"),
            (0.5, "손으로 계산"),
            ("0.8", "손으로 계산"),
        ],
    ),
    "memorised": Row(
        stub=lambda model, data: ...,
        right=[
            lambda m, d: accuracy(m, d.x_train[d.flipped], d.y_train[d.flipped]),
            counted,
            numbers_alone,
        ],
        wrong=[
            (lambda m, d: says(m, d).double().mean(), "데이터 전체에서"),
            (lambda m, d: says(m, d)[~d.flipped].double().mean(), "라벨이 옳은"),
            (lambda m, d: accuracy(m, d.x_valid, d.y_valid), "Validation 데이터에는"),
            (lambda m, d: 1 - counted(m, d), "거꾸로"),
            (lambda m, d: says(m, d)[d.flipped].sum(), "개수를"),
            (lambda m, d: (says(m, d) & d.flipped).sum() / len(d.flipped), "전체의 수로"),
            (lambda m, d: d.flipped.sum() / len(d.flipped), "모델의 답이"),
            (lambda m, d: says(m, d)[d.flipped], "손으로 계산"),
            (lambda m, d: accuracy(m, d.flipped), "TypeError"),
        ],
    ),
    "overfits": Row(
        stub=lambda train_loss, valid_loss: ...,
        right=[
            lambda t, v: v[-1] / min(v) > 1.1,
            lambda t, v: int((v[-1] - min(v)) / min(v) > 0.1),
            lowest_reversed,
        ],
        wrong=[
            (lambda t, v: v[-1] - t[-1] > 0, "간격이 아니라"),
            (lambda t, v: v[-1] / t[-1] > 1.1, "Train loss와 비교"),
            (lambda t, v: v[-1] != min(v), "출렁여도"),
            (lambda t, v: v[0] < v[-1], "처음 값과"),
            (lambda t, v: v[-2] < v[-1], "바로 앞"),
            (lambda t, v: v[-1] - min(v) > 0.1, "0.1을"),
            (lambda t, v: t[-1] < t[0], "줄었는지만"),
            (lambda t, v: v[-1] < 1.1 * min(v), "뒤바뀌었습니다"),
            (lambda t, v: True, "손으로 계산"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)
