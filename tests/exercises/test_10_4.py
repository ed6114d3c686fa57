"""Answers to the exercises of 10-4 and the verdict each must get."""

import pytest
import torch

from helpers.exercises import ex10_4 as lesson
from helpers.models import weights
from tests.exercises.table import Row, names, verify

SGD, AdamW = torch.optim.SGD, torch.optim.AdamW


def by_torch(w, grad, lr, alpha):
    w = w.clone().requires_grad_()
    w.grad = grad
    SGD([w], lr=lr, weight_decay=2 * alpha).step()
    return w


def by_autograd(w, grad, lr, alpha):
    w = w.clone().requires_grad_()
    ((w * grad).sum() + alpha * (w**2).sum()).backward()
    return w - lr * w.grad


def in_place(w, grad, lr, alpha):
    w *= 1 - 2 * lr * alpha
    w -= lr * grad
    return w


def named_groups(model, lr, weight_decay):
    parts = {True: [], False: []}
    for name, parameter in model.named_parameters():
        parts[name.endswith("bias")].append(parameter)
    biases = {"params": parts[True], "weight_decay": 0}
    return SGD([biases, {"params": parts[False]}], lr, 0.9, weight_decay=weight_decay)


def one_group_each(model, lr, weight_decay):
    decays = [weight_decay if p.dim() == 2 else 0.0 for p in model.parameters()]
    pairs = zip(model.parameters(), decays, strict=True)
    return SGD([{"params": p, "weight_decay": d} for p, d in pairs], lr=lr)


def forgot_the_zero(model, lr, weight_decay):
    biases = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": weights(model)}, {"params": biases}]
    return SGD(groups, lr=lr, weight_decay=weight_decay)


def split(on_weights, on_biases, kind=SGD, **options):
    def make(model, lr, weight_decay):
        biases = [p for p in model.parameters() if p.ndim < 2]
        return kind(
            [
                {"params": biases, "weight_decay": on_biases * weight_decay},
                {"params": weights(model), "weight_decay": on_weights * weight_decay},
            ],
            **({"lr": lr} | options),
        )

    return make


TABLE = {
    "l2_step": Row(
        stub=lambda w, grad, lr, alpha: w - lr * ...,
        right=[by_torch, by_autograd, in_place],
        wrong=[
            (lambda w, g, lr, a: (1 - lr * a) * w - lr * g, "2를 잊었습니다"),
            (lambda w, g, lr, a: (1 - lr * a / 2) * w - lr * g, "2로 나누었습니다"),
            (lambda w, g, lr, a: w - g * lr, "들어가지 않았습니다"),
            (lambda w, g, lr, a: (1 - 2 * a) * w - lr * g, "learning rate가 빠졌"),
            (lambda w, g, lr, a: (1 + 2 * lr * a) * w - lr * g, "커집니다"),
            (lambda w, g, lr, a: w + lr * g + 2 * lr * a * w, "올라갔습니다"),
            (lambda w, g, lr, a: w - lr * g - lr * a * torch.sign(w), "L1입니다"),
            (lambda w, g, lr, a: w - lr * g - lr * a * w**2, "미분하지 않고"),
            (lambda w, g, lr, a: w - lr * g - 2 * lr * a, "W를 곱하지"),
            (lambda w, g, lr, a: 2 * a * w + g, "여기까지는"),
            (lambda w, g, lr, a: w - lr * g * (1 + 2 * a), "손으로 계산"),
        ],
    ),
    "make_optimizer": Row(
        stub=lambda model, lr, weight_decay: ...,
        right=[named_groups, one_group_each, split(1, 0), split(1, 0, momentum=0.9)],
        wrong=[
            (lambda m, lr, wd: SGD(list(m.parameters()), lr, weight_decay=wd), "bias도 함께"),
            (forgot_the_zero, "bias도 함께"),
            (lambda m, lr, wd: SGD(weights(m), lr, weight_decay=wd), "optimizer에 없습니다"),
            (split(0, 0), "어디에도"),
            (split(0, 1), "두 묶음이"),
            (split(2, 0), "2를 곱했습니다"),
            (split(1, 0, lr=torch.optim.SGD([torch.zeros(1)]).defaults["lr"]), "넘기지"),
            (split(1, 0, kind=AdamW), "SGD가 아닙니다"),
            (split(0.5, 0), "출력해"),
            (lambda m, lr, wd: SGD(m, lr=lr), "TypeError"),
            (lambda m, lr, wd: None, "return"),
        ],
    ),
    "adamw_step": Row(
        stub=lambda w, after_adam, lr, weight_decay: after_adam - ...,
        right=[
            lambda w, after, lr, wd: w * (1 - lr * wd) + (after - w),
            lambda w, after, lr, wd: torch.add(after, w, alpha=-lr * wd),
        ],
        wrong=[
            (lambda w, after, lr, wd: after + 0, "줄이지 않았습니다"),
            (lambda w, after, lr, wd: after - w * wd, "비율은 γλ"),
            (lambda w, after, lr, wd: after - after * lr * wd, "업데이트한 뒤의"),
            (lambda w, after, lr, wd: after - 2 * wd * lr * w, "미분할 때"),
            (lambda w, after, lr, wd: (1 - lr * wd) * w, "줄이기만"),
            (lambda w, after, lr, wd: after + wd * lr * w, "부호가"),
            (lambda w, after, lr, wd: after - lr * torch.sign(w), "같은 양만큼"),
            (lambda w, after, lr, wd: w, "손으로 계산"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)


start = torch.tensor([3.0, 1.0, -0.1], dtype=torch.float64)


@pytest.mark.parametrize(
    "path, answer, said",
    [
        ([start, start - 0.05 * start.sign(), start - 0.09 * start.sign()], 0, "0.050에서 0.050"),
        ([start, 0.95 * start, 0.9 * start], 1, "0.95배"),
        ([start, start - 0.05 * start.sign(), start * (start > 1)], 2, "3개 가운데 2개"),
    ],
)
def test_how_weights_shrink(path, answer, said):
    option, measured = lesson.shrinks(torch.stack(path))
    assert option == answer and said in measured


@pytest.mark.parametrize(
    "gaps, answer, said",
    [
        ({0.1: 1e-15, 0.2: 0.5, 0.4: 0.3}, 0, "차이는 0.30"),
        ({0.1: 0.2, 0.2: 0.0, 0.4: 0.3}, 1, "weight_decay = 0.2일 때"),
        ({0.1: 0.2, 0.2: 0.5, 0.4: 1e-14}, 2, "차이는 0.20"),
        ({0.1: 0.2, 0.2: 0.05, 0.4: 0.3}, 3, "weight_decay = 0.2에서도"),
        ({0.1: 7e-10, 0.2: 0.5}, 0, "weight_decay = 0.1일 때"),
        ({0.1: 1.5e-9, 0.2: 0.5}, 2, "weight 차이가 1.5e-09"),
    ],
)
def test_which_decay_is_the_penalty(gaps, answer, said):
    option, measured = lesson.closest_decay(gaps)
    assert option == answer and said in measured


@pytest.mark.parametrize(
    "strong, answer, said",
    [
        ([0.8, 0.9, 2.5], 0, "3번 가운데 1번"),
        ([1.01, 1.99, 1.0], 1, "3번 가운데 1번"),
        ([1.2, 2.6, 1.3], 2, "3번 가운데 3번"),
    ],
)
def test_whether_decay_is_too_strong(strong, answer, said):
    option, measured = lesson.strong_decay([1.0, 2.0, 1.0], strong)
    assert option == answer and said in measured


@pytest.mark.parametrize("ratio, answer", [(0.94, 0), (0.96, 1), (1.04, 1), (1.06, 2)])
def test_losses_are_about_equal_within_a_twentieth(ratio, answer):
    assert lesson.strong_decay([1.0, 2.0, 3.0], [ratio, 2 * ratio, 9.0])[0] == answer


@pytest.mark.parametrize(
    "after, answer, said",
    [
        (0.98 * start, 0, "2.00%"),
        (start - 0.01 * start.sign(), 1, "0.0100만큼"),
        (torch.where(start > 1, 0.9 * start, start), 2, "0.0000에서 0.3000"),
    ],
)
def test_what_adam_takes(after, answer, said):
    option, measured = lesson.adam_shrinks(start, after)
    assert option == answer and said in measured


@pytest.mark.parametrize(("apart", "answers"), [(1.0008, (0, 1)), (1.0015, (2, 2))])
def test_what_adam_takes_is_the_same_within_a_thousandth(apart, answers):
    about_one = torch.tensor([1.0, 1.0, apart], dtype=torch.float64)
    shares, amounts = 0.02 * start * about_one, 0.01 * start.sign() * about_one
    told = [lesson.adam_shrinks(start, start - taken)[0] for taken in (shares, amounts)]
    assert tuple(told) == answers
