"""Answers to the exercises of 10-8 and the verdict each must get; a quiz of ten questions."""

from itertools import pairwise

import pytest

from helpers.exercises import ex10_8 as lesson
from tests.exercises.table import Row, names, verify


def replay(losses, patience):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch == patience:
            break
    return epoch, best_epoch


def impatient(losses, patience):
    for before, after in pairwise(losses):
        if after >= before:
            return losses.index(before) + 1
    return len(losses)


TABLE = {
    "active_neurons": Row(
        stub=lambda n, p: ...,
        right=[lambda n, p: n - n * p, lambda n, p: sum(1 - p for _ in range(n))],
        wrong=[
            (lambda n, p: p * n, "꺼지는 뉴런의 수"),
            (lambda n, p: n * (1 / (1 - p)), "키우는 배율"),
            (lambda n, p: 1.0 - p, "확률까지 맞습니다"),
        ],
    ),
    "same_weight_decay": Row(
        stub=lambda alpha: ...,
        right=[lambda alpha: alpha + alpha, lambda alpha: alpha / 0.5],
        wrong=[
            (lambda alpha: 1.0 * alpha, "2를 잊었습니다"),
            (lambda alpha: 0.5 * alpha, "방향이 반대"),
            (lambda alpha: alpha * alpha, "제곱하는 것은 weight"),
        ],
    ),
    "restored_epoch": Row(
        stub=lambda losses, patience: ...,
        right=[lambda losses, patience: replay(losses, patience)[1]],
        wrong=[
            (lambda losses, patience: replay(losses, patience)[1] - 1, "0부터"),
            (lambda losses, patience: replay(losses, patience)[0], "멈춘 epoch입니다"),
            (
                lambda losses, patience: min(enumerate(losses), key=lambda pair: pair[1])[0] + 1,
                "멈춘 뒤의",
            ),
            (lambda losses, patience: len(losses), "마지막 epoch입니다"),
            (impatient, "한 번 올랐다고"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)


def test_the_quiz_has_ten_questions_with_a_reason_for_every_option():
    assert len(lesson.QUESTIONS) == 10
    reasons = [why for question in lesson.QUESTIONS for why in question.options.values()]
    assert len(set(reasons)) == len(reasons)
    for question in lesson.QUESTIONS:
        praised = [why.startswith("맞습니다.") for why in question.options.values()]
        assert praised.index(True) == question.right and sum(praised) == 1
    assert len({question.right for question in lesson.QUESTIONS}) > 1
