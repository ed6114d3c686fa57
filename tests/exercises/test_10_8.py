"""Answers to the exercises of 10-8 and the verdict each must get; its judges; a quiz of ten."""

import json
from itertools import product
from pathlib import Path
from statistics import mean

import pytest
import torch
from torch.optim.lr_scheduler import StepLR

from helpers.exercises import ex10_8 as lesson, questions
from tests.exercises.table import Row, names, verify

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "10-8_summary.ipynb"


def by_torch(lr, epoch, step_size, gamma):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = StepLR(optimizer, step_size, gamma)
    for _ in range(epoch - 1):
        optimizer.step()
        scheduler.step()
    return optimizer.param_groups[0]["lr"]


def by_loop(lr, epoch, step_size, gamma):
    for done in range(1, epoch):
        if done % step_size == 0:
            lr *= gamma
    return lr


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
    "wins": Row(
        stub=lambda ours, theirs: ...,
        right=[
            lambda ours, theirs: len([i for i in range(len(ours)) if ours[i] < theirs[i]]),
            lambda ours, theirs: (torch.tensor(ours) < torch.tensor(theirs)).sum(),
        ],
        wrong=[
            (lambda ours, theirs: (torch.tensor(ours) > torch.tensor(theirs)).sum(), "거꾸로"),
            (lambda ours, theirs: (torch.tensor(ours) <= torch.tensor(theirs)).sum(), "값이 같은"),
            (
                lambda ours, theirs: sum(
                    map(float.__lt__, sorted(ours, reverse=True), sorted(theirs, reverse=True))
                ),
                "정렬하면",
            ),
            (lambda ours, theirs: sum(a < b for a, b in product(ours, theirs)), "모든 seed끼리"),
            (lambda ours, theirs: len([a for a in ours if a < mean(theirs)]), "상대의 평균"),
            (lambda ours, theirs: mean(map(float.__lt__, ours, theirs)), "비율이 아니라"),
        ],
    ),
    "step_lr": Row(
        stub=lambda lr, epoch, step_size, gamma: ...,
        right=[by_torch, by_loop],
        wrong=[
            (lambda lr, epoch, size, gamma: by_loop(lr, epoch + 1, size, gamma), "한 epoch 먼저"),
            (lambda lr, epoch, size, gamma: by_loop(lr, epoch, 1, gamma), "epoch마다 낮췄습니다"),
            (lambda lr, epoch, size, gamma: lr * gamma ** (epoch / size - 1 / size), "정수로"),
            (lambda lr, epoch, size, gamma: [lr, lr * gamma][epoch > size], "한 번만 낮췄습니다"),
            (lambda lr, epoch, size, gamma: ((epoch - 1) // size) * gamma * lr, "횟수를"),
            (lambda lr, epoch, size, gamma: by_loop(lr, epoch, size, 1 / gamma), "나누어"),
            (lambda lr, epoch, size, gamma: by_loop(1, epoch, size, gamma), "배율만"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)


@pytest.mark.parametrize(
    ("index", "name", "title"),
    [
        (0, "L1", "L1"),
        (1, "L2", "L2"),
        (2, "dropout", "Dropout"),
        (3, "early stopping", "Early Stopping"),
    ],
)
def test_strongest_names_the_method_that_beats_each_other_one(index, name, title):
    losses = {name: [0.5] * 20 for name in ("none", "L1", "L2", "dropout", "early stopping")}
    answer, measured = lesson.strongest(losses | {name: [0.4] * 15 + [0.6] * 5})
    assert answer == index
    assert measured.startswith(f"{title}의 Test loss") and "15개 이상" in measured


def test_strongest_says_when_no_method_beats_each_other_one():
    losses = {name: [0.5] * 20 for name in lesson.METHODS}
    losses["L2"] = [0.4] * 14 + [0.6] * 6
    assert lesson.strongest(losses)[0] == 4
    losses["L2"], losses["dropout"] = [0.4] * 20, [0.3] * 10 + [0.45] * 10
    assert lesson.strongest(losses)[0] == 4


@pytest.mark.parametrize(("lower", "answer"), [(20, 0), (15, 0), (14, 1), (6, 1), (5, 2), (0, 2)])
def test_lowers_counts_the_seeds(lower, answer):
    index, measured = lesson.lowers([1.0] * lower + [3.0] * (20 - lower), [2.0] * 20)
    assert index == answer and f"{lower}개에서 낮았고" in measured


@pytest.mark.parametrize(("lower", "answer"), [(20, 0), (14, 0), (13, 1), (7, 1), (6, 2), (0, 2)])
def test_helps_counts_the_seeds(lower, answer):
    index, measured = lesson.helps([1.0] * lower + [3.0] * (20 - lower), [2.0] * 20)
    assert index == answer and f"{lower}개에서 낮아졌습니다" in measured


def test_two_of_three_seeds_are_two_thirds_and_one_is_a_third():
    verdicts = [lesson.helps([1.0] * n + [3.0] * (3 - n), [2.0] * 3)[0] for n in range(4)]
    assert verdicts == [2, 2, 0, 0]


def test_the_quiz_asks_what_the_notebook_shows(monkeypatch):
    shown = []
    monkeypatch.setattr(questions, "forms", {})
    monkeypatch.setattr(questions, "display", lambda bundle, raw: shown.append(bundle))
    questions.Quiz("10-8", lesson.QUESTIONS).show()
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    assert shown[-1]["text/plain"] in texts


def test_the_quiz_has_ten_questions_with_a_reason_for_every_option():
    assert len(lesson.QUESTIONS) == 10
    reasons = [why for question in lesson.QUESTIONS for why in question.options.values()]
    assert len(set(reasons)) == len(reasons)
    for question in lesson.QUESTIONS:
        praised = [why.startswith("맞습니다.") for why in question.options.values()]
        assert praised.index(True) == question.right and sum(praised) == 1
    assert len({question.right for question in lesson.QUESTIONS}) > 1
