"""Answers to the exercises of 10-1 and the verdict each must get; its predictions' judges."""

import numpy as np
import pytest
import torch

from helpers.exercises import ex10_1 as lesson
from helpers.training import History, Origin, accuracy
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
            (lambda m, d: accuracy(m, d.x_valid, d.y_valid), "Valid 데이터에는"),
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


@pytest.mark.parametrize(
    ("loss", "answer"),
    [
        ([2.3, 1.5, 1.0, 0.7], 0),
        ([2.3, 1.0, 0.52, 0.51, 0.5, 0.5], 1),
        ([2.3, 1.0, 0.5, 0.51, 0.54], 1),  # up by less than a tenth
        ([2.3, 1.0, 0.5, 0.51, 0.56], 2),  # by more
        ([2.3, 1.0, 0.5, 0.47], 0),
        ([2.3, 1.0, 0.5, 0.48], 1),  # down by less than a twentieth
        ([2.3, 0.5, 0.6, 0.8], 2),
        ([2.3, 0.5, 1.5, 0.8], 2),  # falling at last, but far above its minimum
    ],
)
def test_test_loss_ends(loss, answer):
    assert lesson.test_loss_ends(loss)[0] == answer


def test_test_loss_ends_tells_the_numbers():
    told = lesson.test_loss_ends([2.3, 0.5, 1.53])[1]
    assert told == "Test loss는 2 step에서 0.50까지 내려갔고, 1.53으로 끝났습니다."


@pytest.mark.parametrize(
    ("says_wrong", "says_true", "answer"), [(0.1, 0.8, 0), (0.9, 0.1, 1), (0.3, 0.1, 2)]
)
def test_wrong_or_true(says_wrong, says_true, answer):
    index, told = lesson.wrong_or_true(says_wrong, says_true)
    assert index == answer
    assert f"{says_wrong:.0%}" in told and f"{says_true:.0%}" in told


def history(train_loss, valid_loss):
    epochs = [*range(1, len(train_loss) + 1)]
    return History(None, Origin("", "", 0), epochs, train_loss, valid_loss)


@pytest.mark.parametrize(
    ("end", "answer"), [(0.2, 0), (0.47, 0), (0.48, 1), (0.51, 1), (0.52, 1), (0.53, 2), (0.83, 2)]
)
def test_train_loss_ends(end, answer):
    index, told = lesson.train_loss_ends(
        history([9.0, 0.5], [1.0, 1.0]), history([0.1, end], [1.0, 1.0])
    )
    assert index == answer
    assert "0.50" in told and f"{end:.2f}" in told


LOWER, HIGHER = history([1.0] * 15, [0.5] * 15), history([1.0] * 15, [1.2] * 15)
LOWER_AT_LAST = history([0.4] * 14 + [1.0], [1.2] * 14 + [0.5])
LEVEL = history([1.0] * 15, [1.0] * 15)


@pytest.mark.parametrize(
    ("noisy", "clean", "answer"),
    [
        ([LOWER] * 4, [LOWER] * 3 + [HIGHER], 0),
        ([LOWER] * 4, [HIGHER] * 4, 1),
        ([LOWER] * 9 + [HIGHER], [LOWER, HIGHER] * 2, 1),
        ([LOWER] * 4 + [HIGHER], [HIGHER] * 4, 2),
        ([LOWER, HIGHER] * 2, [HIGHER] * 4, 2),
        ([LOWER_AT_LAST] * 4, [LEVEL] * 4, 1),
    ],
)
def test_lower_early(noisy, clean, answer):
    assert lesson.lower_early(noisy, clean)[0] == answer


def test_lower_early_counts():
    told = lesson.lower_early([LOWER] * 4, [HIGHER, HIGHER, LOWER])[1]
    assert "4번 가운데 4번" in told and "3번 가운데 1번" in told
