"""Answers to the exercises of 10-7 and the verdict each must get."""

from functools import cache

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers import plots
from helpers.data import Dataset, digits
from helpers.exercises import ex10_7 as lesson
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import train
from tests.exercises.table import Row, names, verify


def l1(model, names=("weight",)):
    return sum(
        p.abs().sum() for name, p in model.named_parameters() if name.split(".")[-1] in names
    )


def l2(model):
    return sum((p**2).sum() for name, p in model.named_parameters() if "weight" in name)


def careful(model, optimizer, x, y, alpha):
    loss = nn.CrossEntropyLoss()(model(x), y)
    total = loss + alpha * l1(model)
    optimizer.zero_grad(set_to_none=False)
    total.backward()
    optimizer.step()
    return loss.item()


def by_gradient(model, optimizer, x, y, alpha):
    for p in model.parameters():
        p.grad = None
    loss = F.nll_loss(model(x).log_softmax(dim=1), y)
    loss.backward()
    for p in model.parameters():
        if p.dim() > 1:
            p.grad += alpha * p.detach().sign()
    optimizer.step()
    return loss  # a tensor is a number, too


def accumulating(model, optimizer, x, y, alpha):
    loss = F.cross_entropy(model(x), y)
    (loss + alpha * l1(model)).backward()
    optimizer.step()
    return loss.item()


def step_with(total, walk=True):
    """A step whose minimised and reported losses are total(model, x, y, α)."""

    def step(model, optimizer, x, y, alpha):
        optimizer.zero_grad()
        minimised, reported = total(model, x, y, alpha)
        minimised.backward()
        if walk:
            optimizer.step()
        return reported.item()

    return step


def plus(penalty, report_all=False, logits=lambda z: z):
    def total(model, x, y, alpha):
        loss = F.cross_entropy(logits(model(x)), y)
        minimised = loss + penalty(model, alpha)
        return minimised, minimised if report_all else loss

    return total


def with_numpy(runs):
    lowest = np.array([np.min(run["valid"]) for run in runs])
    run = runs[int(lowest.argmin())]
    return [int(lowest.argmin()), run["test"][int(np.argmin(run["valid"]))]]


def sorted_pairs(runs):
    triples = sorted(
        (valid, i, test)
        for i, run in enumerate(runs)
        for valid, test in zip(run["valid"], run["test"], strict=True)
    )
    return triples[0][1], triples[0][2]


def picked(key, where=np.min, report="test", at="valid"):
    """Choose the run by where(run[key]); report run[report] at the lowest of run[at]."""

    def choose(runs):
        i = int(np.argmin([where(run[key]) for run in runs]))
        j = -1 if at is None else int(np.argmin(runs[i][at]))
        return i, runs[i][report][j]

    return choose


def last(losses):
    return losses[-1]


@cache
def trained(p=0.0, alpha=0.0, patience=None, part="train", width=64, **options):
    """A network trained on a part of digits()."""
    data = digits()
    x, y = getattr(data, f"x_{part}"), getattr(data, f"y_{part}")
    other = Dataset("other", x, y, data.x_valid, data.y_valid, data.x_test, data.y_test)
    return train(MLP((64, width, 10), p=p), other, L2(alpha), patience=patience, **options).model


@cache
def in_single_precision():
    """What plain PyTorch code usually ends with: a module of one's own, in float32."""
    net = trained(patience=20, width=256)
    plain = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Dropout(0.0), nn.Linear(256, 10))
    plain.load_state_dict(net.state_dict())
    return plain.float()


TABLE = {
    "train_step": Row(
        stub=lambda model, optimizer, x, y, alpha: ...,
        right=[careful, by_gradient],
        wrong=[
            (accumulating, "쌓였습니다"),
            (step_with(plus(lambda m, a: a * l1(m), report_all=True)), "페널티가 들어"),
            (step_with(plus(lambda m, a: a * l1(m) + 0.05 * l2(m))), "두 번 주었"),
            (step_with(plus(lambda m, a: a * l1(m) + 0.1 * l2(m))), "두 번 주었"),
            (step_with(plus(lambda m, a: a * (l1(m) + l2(m)))), "두 번 주었"),
            (step_with(plus(lambda m, a: a * l2(m))), "제곱을"),
            (
                step_with(plus(lambda m, a: a * l1(m), logits=lambda z: torch.softmax(z, 1))),
                "softmax를 두 번",
            ),
            (step_with(plus(lambda m, a: a * l1(m, ("weight", "bias")))), "bias에도"),
            (step_with(plus(lambda m, a: 0.0)), "L1이 없습니다"),
            (step_with(plus(lambda m, a: a * l1(m)), walk=False), "움직이지"),
            (step_with(plus(lambda m, a: 2 * a * l1(m))), "순서"),
            (0.3, "이름 자체"),
            (lambda model, optimizer, x, y, alpha: None, "return"),
            (lambda model, optimizer, x, y: 0.0, "TypeError"),
        ],
    ),
    "choose": Row(
        stub=lambda runs: (..., ...),
        right=[with_numpy, sorted_pairs],
        wrong=[
            (picked("test", at="test"), "두 번째 Valid"),
            (picked("valid", at="test"), "epoch을 Test로"),
            (picked("valid", at=None), "마지막 weight의"),
            (picked("valid", where=last, at=None), "마지막 Valid loss로"),
            (picked("train"), "가장 많이 외운"),
            (picked("valid", report="valid"), "Valid loss를 보고"),
            (lambda runs: with_numpy(runs)[::-1], "순서인지"),
            (0, "이름 자체"),
        ],
    ),
    "challenge": Row(
        stub=...,
        right=[trained(patience=20, width=256), in_single_precision()],
        wrong=[
            (train(MLP(), digits(), epochs=2), "`.model`"),
            (trained(part="valid"), "Valid에서만"),
            (trained(part="test", epochs=300, p=0.3), "Test에서만"),
            (trained(), "외우고 있습니다"),
            (MLP(), "배우지 못했습니다"),
            # The winner on the valid set of 5절, at the hands of the lab.
            (trained(p=0.6, patience=20), "그 Valid에만"),
            (trained(patience=20), "모자랍니다"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)


def test_the_fresh_images_of_the_challenge_are_in_no_part_of_its_data():
    data, more = digits(), lesson._data()
    assert torch.equal(more.x_test[:500], data.x_test)
    assert torch.equal(more.x_train, data.x_train) and torch.equal(more.x_valid, data.x_valid)
    assert len(more.x_test[lesson.FRESH]) == 797


def test_the_loss_of_a_part_is_the_one_of_inference():
    net, more = trained(p=0.6, patience=20).train(), lesson._data()
    rows = {"test": slice(500), "fresh": slice(500, None)}
    for part in ("train", "valid", "test", "fresh"):
        x, y = (getattr(more, f"{a}_{'test' if part in rows else part}") for a in "xy")
        own = rows.get(part, slice(None))
        expected = F.cross_entropy(net.eval()(x[own]), y[own]).item()
        assert lesson._loss(net.train(), part) == expected and net.training


def test_the_target_is_a_twentieth_below_what_early_stopping_reaches():
    for part in ("valid", "fresh"):
        reached = lesson._loss(trained(patience=20), part)
        assert lesson.target(part) == pytest.approx(0.95 * reached)


@pytest.mark.parametrize(
    ("losses", "verdict"),
    [  # on train, valid, test and fresh images; the target is 0.4
        ((0.20, 0.30, 0.30, 0.39), "✅ 목표를 넘었습니다"),
        ((0.20, 0.30, 0.30, 0.40), "그 Valid에만"),
        ((0.10, 0.15, 0.30, 0.30), "✅ 목표를 넘었습니다"),  # half of fresh is no suspicion
        ((0.10, 0.14, 0.30, 0.30), "Valid에서만"),
        ((0.10, 0.30, 0.15, 0.30), "✅ 목표를 넘었습니다"),
        ((0.10, 0.30, 0.14, 0.30), "Test에서만"),
        ((0.25, 0.50, 0.50, 0.50), "모자랍니다"),
        ((0.24, 0.50, 0.50, 0.50), "외우고 있습니다"),
        ((1.50, 2.00, 2.00, 2.00), "모자랍니다"),
        ((1.51, 2.00, 2.00, 2.00), "배우지 못했습니다"),
        ((0.30, 0.40, 0.40, 0.40), "모자랍니다"),
        ((0.30, 0.39, 0.40, 0.40), "그 Valid에만"),
    ],
)
def test_the_challenge_on_either_side_of_each_border(monkeypatch, losses, verdict):
    of_part = dict(zip(("train", "valid", "test", "fresh"), losses, strict=True))
    monkeypatch.setattr(lesson, "_loss", lambda model, part: of_part[part])
    monkeypatch.setattr(lesson, "target", lambda part: 0.4)
    assert verdict in lesson.challenge.feedback(MLP())


def losses(**valid):
    return {name: [0.5] * 20 for name in lesson.NAMES} | valid


@pytest.mark.parametrize(
    ("lower", "option", "words"),
    [
        (20, 0, "20개 가운데 20개입니다. 운이 아니라 효과입니다"),
        (17, 0, "운이 아니라 효과입니다"),
        (16, 1, "운과 구별할 수 없습니다"),
        (11, 1, "20개 가운데 11개입니다. 운과 구별할 수 없습니다"),
        (4, 1, "운과 구별할 수 없습니다"),
        (3, 2, "해로운 효과입니다"),
    ],
)
def test_all_together_is_judged_in_pairs_against_the_best_single_method(lower, option, words):
    ours = [0.4] * lower + [0.6] * (20 - lower)
    best = [0.45] * 9 + [0.5] * 11
    answer, sentence = lesson.all_against_one(losses(all=ours, dropout=best, L1=[0.9] * 20))
    assert answer == option and words in sentence
    answer, _ = lesson.all_against_one(losses(all=[0.45] * 20, L2=[0.4] * 20))
    assert answer == 2


def test_the_methods_are_those_of_the_lesson_and_its_pictures():
    assert {*lesson.NAMES} == {"L1", "L2", "dropout", "early stopping"} <= {*plots.styles}


def test_the_best_single_method_is_named():
    for name, written in lesson.NAMES.items():
        _, sentence = lesson.all_against_one(losses(all=[0.3] * 20) | {name: [0.25] * 20})
        assert f"{written}(중앙값 0.25)" in sentence


def test_whether_the_penalty_still_helps():
    none = [0.2] * 20
    for lower, option, words in (
        (20, 0, "여전히 효과입니다."),
        (10, 1, "운과 구별할 수 없습니다."),
        (0, 2, "오히려 해로운 효과입니다."),
    ):
        l2 = [0.16] * lower + [0.32] * (20 - lower)
        answer, sentence = lesson.still_lower(none, l2)
        assert answer == option
        assert sentence.endswith(f"20개 가운데 {lower}개입니다. {words}")
    assert "L2와 함께 0.32이고" in sentence
    assert lesson.still_lower(none, none)[0] == 1


def test_equal_losses_count_for_neither_side():
    assert lesson.side([0.5] * 20, [0.5] * 20) == (1, 0)
    assert lesson.side([0.4] * 8 + [0.5] * 12, [0.5] * 20) == (0, 8)
