"""Answers to the exercises of 10-5 and the verdict each must get."""

import pytest
import torch
from torch import nn

from helpers.exercises import ex10_5 as lesson
from tests.exercises.table import Row, names, verify


def with_where(h, p, u, training):
    if not training:
        return h
    return torch.where(u < p, 0.0, h / (1 - p))


def in_place(h, p, u, training):
    if training:
        h[u < p] = 0
        h /= 1 - p
    return h


def neuron_by_neuron(h, p, u, training):
    off = p if training else 0
    pairs = zip(h.flatten().tolist(), u.flatten().tolist(), strict=True)
    return torch.tensor([0 if v < off else a / (1 - off) for a, v in pairs]).reshape(h.shape)


def masked(scale, at_inference=1.0, keep=lambda u, p: u >= p):
    """Mask times scale(p) in training, times `at_inference`(p) otherwise."""

    def dropout(h, p, u, training):
        if training:
            return h * keep(u, p).double() * scale(p)
        return h * (at_inference(p) if callable(at_inference) else at_inference)

    return dropout


def inverse(p):
    return 1 / (1 - p)


@torch.no_grad()
def evaluated(model, x):
    model.train(False)
    return model(x).softmax(dim=-1).argmax(dim=-1)


def topk(model, x):
    model.eval()
    return model(x).topk(1).indices[:, 0].tolist()


def eval_too_late(model, x):
    probabilities = model(x).softmax(1)
    model.eval()
    return probabilities.argmax(1)


def averaged(model, x):
    return sum(model(x).softmax(1) for _ in range(3)).argmax(1)


def after_eval(finish):
    return lambda model, x: finish(model.eval()(x))


TABLE = {
    "my_dropout": Row(
        stub=lambda h, p, u, training: h * ...,
        right=[with_where, in_place, neuron_by_neuron],
        wrong=[
            (lambda h, p, u, training: (u >= p) * h / (1 - p), "추론할 때도"),
            (masked(lambda p: 1), "곱하지 않았습니다"),
            (masked(lambda p: 1, lambda p: 1 - p), "옛 방식"),
            (masked(inverse, lambda p: 1 - p), "두 번 맞추"),
            (masked(lambda p: 1 / p), "1/p를"),
            (masked(lambda p: 1 - p), "1−p를 곱했습니다"),
            (masked(inverse, keep=lambda u, p: u < p), "뒤바뀌었습니다. `u`가"),
            (masked(lambda p: 1 / p, keep=lambda u, p: u < p), "남길 확률"),
            (masked(inverse, keep=lambda u, p: u[:1] >= p), "mask 하나를"),
            (lambda h, p, u, training: h if training else (u >= p) * h / (1 - p), "학습과 추론"),
            (lambda h, p, u, training: h * 3, "손으로 계산"),
            (lambda h, p, u, training: None, "return"),
            (torch.zeros(3), "함수 이름"),
        ],
    ),
    "keeping": Row(
        stub=lambda keep: ...,
        right=[lambda keep: nn.Dropout(p=1 - keep), lambda keep: nn.Dropout(1 - keep, True)],
        wrong=[
            (lambda keep: nn.Dropout(p=keep), "남길 확률을 그대로"),
            (lambda keep: nn.Dropout(p=1 - keep).train(False), "`eval()` 상태"),
            (lambda keep: nn.Dropout(0.5), "`keep`을 쓰지"),
            (lambda keep: nn.AlphaDropout(1 - keep), "`nn.Dropout`이 아닙니다"),
            (lambda keep: 1 - keep, "`nn.Dropout`이 아닙니다"),
            (lambda keep: nn.Dropout((1 - keep) / 2), "아무것도 끄지 않아야"),
            (lambda keep: nn.Dropout(1 + keep), "ValueError"),
            (nn.Dropout(0.2).p, "함수 이름"),
        ],
    ),
    "predict": Row(
        stub=lambda model, x: ...,
        right=[evaluated, topk],
        wrong=[
            (lambda model, x: model(x).argmax(dim=1), "꺼진 채"),
            (eval_too_late, "꺼진 채"),
            (averaged, "부를 때마다"),
            (lambda model, x: model(x), "부를 때마다"),
            (after_eval(lambda logits: logits * 1), "logit"),
            (after_eval(lambda logits: logits.exp() / logits.exp().sum(1, True)), "확률까지"),
            (after_eval(lambda logits: logits.max(0).indices), "숫자마다"),
            (after_eval(lambda logits: logits.amax(1)), "번호가 답"),
            (after_eval(lambda logits: logits.argmin(1)), "추론 상태"),
            ([1, 2, 3], "함수 이름"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)
