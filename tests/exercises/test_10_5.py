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
            (masked(lambda p: 1), "나누지 않았습니다"),
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


JUDGED = [
    (lesson.counts, (torch.full((50,), 300), 1000, 0.3), 0, "평균 300.0개"),
    (lesson.counts, (torch.arange(281, 320), 1000, 0.3), 1, "281개, 가장 많을 때는 319개"),
    (lesson.counts, (torch.arange(0, 1001), 1000, 0.3), 2, "6%가 270개에서 330개"),
    (lesson.sum_of_the_rest, (0.8, 1.01, 5.0), 0, "1.01배"),
    (lesson.sum_of_the_rest, (0.8, 0.79, 4.0), 1, "0.79배"),
    (lesson.sum_of_the_rest, (0.8, 0.21, 1.02), 2, "나누면 1.02배"),
    (lesson.forgetting, (0.85, 0.84), 0, "잊으면 0.84"),
    (lesson.forgetting, (0.85, 0.74), 1, "부르면 0.85"),
    (lesson.forgetting, (0.74, 0.85), 2, "잊으면 0.85"),
    (lesson.nearly_all_off, ([0, 0.5, 0.9], [1.0, 0.5, 0.2]), 0, "p = 0.9에서 가장 낮은 0.20"),
    (lesson.nearly_all_off, ([0, 0.5, 0.9], [1.0, 1.5, 1.05]), 1, "p = 0에서 가장 낮은 1.00"),
    (
        *(lesson.nearly_all_off, ([0, 0.5, 0.9], [1.0, 0.5, 2.0]), 2),
        "p = 0에서는 1.00, p = 0.9에서는 2.00입니다",
    ),
    (lesson.nearly_all_off, ([0, 0.9], [1.0, 0.89]), 0, "0.89"),
    (lesson.nearly_all_off, ([0, 0.9], [1.0, 0.91]), 1, "0.91"),
    (lesson.nearly_all_off, ([0, 0.9], [1.0, 1.09]), 1, "1.09"),
    (lesson.nearly_all_off, ([0, 0.9], [1.0, 1.11]), 2, "1.11"),
    (lesson.forgetting, (0.85, 0.869), 0, "0.87"),
    (lesson.forgetting, (0.85, 0.829), 1, "0.83"),
    (lesson.forgetting, (0.85, 0.871), 2, "0.87"),
    (lesson.counts, (torch.tensor([310] * 9 + [400]), 1000, 0.3), 0, "90%가 290개에서 310개"),
    (lesson.counts, (torch.tensor([310] * 8 + [330] * 2), 1000, 0.3), 1, "100%가 270개에서 330개"),
    (lesson.counts, (torch.tensor([310] * 8 + [331] * 2), 1000, 0.3), 2, "80%가 270개에서 330개"),
    (lesson.below, ([1, 1, 1], [1, 1, 1]), 0, "중앙값 1개"),
    (lesson.below, ([2, 2, 2], [1, 1, 1]), 1, "중앙값 2개"),
    (lesson.below, ([2, 2, 2], [2, 2, 2]), 2, "중앙값 2개"),
    (lesson.below, ([0, 1, 1], [0, 0, 1]), 0, "중앙값 1개"),
    (lesson.below, ([9, 19, 29], [0, 0, 1]), 1, "중앙값 19개"),
    (lesson.below, ([9, 19, 29], [8, 9, 10]), 2, "중앙값 9개"),
    (lesson.at_equal_loss, ([0.5, 0.6] * 5, [0.6, 0.5] * 5), 0, "5쌍에서 많았습니다"),
    (lesson.at_equal_loss, ([0.65] * 10, [0.52] * 10), 1, "65%와 52%"),
    (lesson.at_equal_loss, ([0.5] * 10, [0.6] * 10), 2, "10쌍에서 많았습니다"),
    (lesson.at_equal_loss, ([0.6] * 5, [0.5] * 5), 0, "5쌍에서 Dropout 쪽이 적었고"),
    (lesson.at_equal_loss, ([0.6] * 6, [0.5] * 6), 1, "6쌍에서 Dropout 쪽이 적었고"),
    (lesson.at_equal_loss, ([0.5] * 9, [0.5] * 9), 0, "0쌍에서 Dropout 쪽이 적었고 0쌍에서"),
    (lesson.doubtful, ([0.5] * 9, [0.5] * 9), 2, "0번은 eval()의 확률이, 0번은"),
    (lesson.doubtful, ([0.9] * 10, [0.8] * 10), 0, "10번은 흩어진 정도가"),
    (lesson.doubtful, ([0.8] * 10, [0.9] * 10), 1, "10번은 eval()의 확률이"),
    (lesson.doubtful, ([0.8, 0.9] * 5, [0.9, 0.8] * 5), 2, "5번은 eval()의 확률이"),
    (lesson.doubtful, ([0.8] * 7 + [0.9] * 3, [0.9] * 7 + [0.8] * 3), 2, "7번은 eval()의 확률이"),
    (lesson.doubtful, ([0.9] * 7 + [0.8] * 3, [0.8] * 7 + [0.9] * 3), 2, "7번은 흩어진 정도가"),
]


@pytest.mark.parametrize(("judge", "measured", "option", "part"), JUDGED)
def test_judge_names_the_option_and_the_numbers(judge, measured, option, part):
    index, sentence = judge(*measured)
    assert index == option and part in sentence and sentence.endswith("다.")
