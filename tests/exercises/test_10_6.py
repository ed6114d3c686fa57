"""Answers to the exercises of 10-6 and the verdict each must get."""

import copy
import math

import pytest
import torch
from torch.nn.utils import parameters_to_vector

from helpers.exercises import ex10_6 as lesson
from helpers.models import weights
from tests.exercises.table import Row, names, verify


def by_counter(train_loss, valid_loss, patience):
    best, best_epoch, waited = math.inf, 0, 0
    for epoch, loss in enumerate(valid_loss, start=1):
        if loss < best:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return epoch, best_epoch


def by_slices(train_loss, valid_loss, patience):
    for epoch in range(1, len(valid_loss) + 1):
        best_epoch = int(torch.tensor(valid_loss[:epoch]).argmin()) + 1
        if best_epoch + patience <= epoch:
            return [epoch, best_epoch]
    return [epoch, best_epoch]


def variant(*, reset=True, tie=False, previous=False, extra=0):
    """`by_counter` with one thing wrong."""

    def stop(train_loss, valid_loss, patience):
        best, best_epoch, waited, before = math.inf, 0, 0, math.inf
        for epoch, loss in enumerate(valid_loss, start=1):
            better = loss < best or (tie and loss == best)
            if better:
                best, best_epoch = loss, epoch
            if loss < before if previous else better:
                waited = 0 if reset else waited
            else:
                waited += 1
            before = loss
            if waited == patience + extra:
                break
        return epoch, best_epoch

    return stop


def first_epochs(train_loss, valid_loss, patience):
    seen = valid_loss[:patience]
    return len(seen), seen.index(min(seen)) + 1


def steps(epochs, n_train, batch_size):
    return epochs * len(range(0, n_train, batch_size))


TABLE = {
    "stop": Row(
        stub=lambda train_loss, valid_loss, patience: (..., ...),
        right=[by_counter, by_slices],
        wrong=[
            (lambda t, v, p: by_counter(v, t, p), "Train loss를"),
            (lambda t, v, p: (by_counter(t, v, p)[0], by_counter(t, v, p)[0]), "마지막 epoch을"),
            (lambda t, v, p: by_counter(t, v, p)[::-1], "순서가"),
            (lambda t, v, p: [e - 1 for e in by_counter(t, v, p)], "0부터"),
            (lambda t, v, p: (by_counter(t, v, p)[0], 1 + v.index(min(v))), "멈춘 뒤의"),
            (first_epochs, "처음부터"),
            (lambda t, v, p: by_counter(t, v, 1), "나빠지자마자"),
            (variant(extra=1), "더 기다렸습니다"),
            (variant(previous=True), "바로 앞"),
            (variant(reset=False), "0으로 되돌리지"),
            (variant(tie=True), "`<=`"),
            (lambda t, v, p: (len(v), v.index(min(v)) + 1), "끝까지"),
            (lambda t, v, p: (1, 1), "손으로 계산"),
        ],
    ),
    "remember": Row(
        stub=lambda model: ...,
        right=[
            lambda model: copy.deepcopy(model.state_dict()),
            lambda model: copy.deepcopy(model),
            lambda model: {name: p.clone() for name, p in model.state_dict().items()},
            lambda model: [p.detach().clone() for p in model.parameters()],
            lambda model: [parameters_to_vector(model.parameters())],
        ],
        wrong=[
            (lambda model: model, "model 자체"),
            (lambda model: model.state_dict(), "복사하지 않아서"),
            (lambda model: copy.copy(model.state_dict()), "복사하지 않아서"),
            (lambda model: dict(model.named_parameters()), "복사하지 않아서"),
            (lambda model: [p.detach() for p in model.parameters()], "복사하지 않아서"),
            (lambda model: [w.clone() for w in weights(model)], "bias가"),
            (lambda model: [model[0].weight.clone()], "지금 값이"),
            (lambda model: model.weights(), "AttributeError"),
            (lambda model: None, "return"),
        ],
    ),
    "matching_decay": Row(
        stub=lambda lr, momentum, epochs, n_train, batch_size: (1 - momentum) / (lr * ...),
        right=[
            lambda lr, mu, epochs, n, batch: (1 - mu) / lr / steps(epochs, n, batch),
            lambda lr, mu, epochs, n, batch: 1 / (lr / (1 - mu) * epochs * -(-n // batch)),
        ],
        wrong=[
            (lambda lr, mu, epochs, n, batch: 1 / lr / steps(epochs, n, batch), "momentum이 빠"),
            (lambda lr, mu, e, n, batch: 1 / (1 - mu) / lr / steps(e, n, batch), "momentum을 거"),
            (lambda lr, mu, epochs, n, batch: mu / lr / steps(epochs, n, batch), "1−μ를"),
            (lambda lr, mu, epochs, n, batch: (1 - mu) / lr / epochs, "세었습니다. 한 epoch"),
            (lambda lr, mu, e, n, batch: steps(e, n, batch) * lr / (1 - mu), "거꾸로입니다"),
            (lambda lr, mu, e, n, batch: (1 - mu) / steps(e, n, batch), "learning rate가 빠"),
            (lambda lr, mu, e, n, batch: (1 - mu) / (2 * lr * steps(e, n, batch)), "쓰는 α"),
            (lambda lr, mu, e, n, b: (1 - mu) / (lr * e * max(n // b, 1)), "나머지로"),
            (lambda lr, mu, epochs, n, batch: batch * (1 - mu) / (lr * epochs * n), "정수가"),
            (lambda lr, mu, epochs, n, batch: (1 - mu) / (lr * epochs * n), "데이터 하나"),
            (lambda lr, mu, epochs, n, batch: lr / steps(epochs, n, batch), "손으로 계산"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)


@pytest.mark.parametrize(
    ("judge", "measured", "index", "says"),
    [
        (lesson.memorises, ([0.0, 0.05, 0.3], [1.0, 1.0, 0.9]), 0, "5%, 마지막 epoch에서는 100%"),
        (lesson.memorises, ([0.1, 0.1, 0.6], [1.0, 1.0, 0.9]), 1, "seed 3개의 중앙값은 best"),
        (lesson.memorises, ([0.6, 0.7], [0.6, 0.7]), 2, "65%"),
        (lesson.memorises, ([0.09], [0.9]), 0, "9%"),
        (lesson.memorises, ([0.5], [0.9]), 1, "50%"),
        (lesson.memorises, ([0.51], [0.9]), 2, "51%"),
        (lesson.finds, (15, 20, 20), 0, "patience 1은 15개, patience 20은 20개"),
        (lesson.finds, (14, 20, 20), 1, "seed 20개"),
        (lesson.finds, (6, 20, 20), 1, "6개"),
        (lesson.finds, (5, 20, 20), 2, "5개"),
        (lesson.moves, ([1.0, 2.0, 3.0], [2.0, 5.0, 2.9]), 0, "3개 가운데 2개에서 더 멀었고"),
        (lesson.moves, ([2.0, 5.0], [1.0, 2.0]), 1, "0.5배"),
        (lesson.moves, ([2.0, 5.0], [2.0, 5.1]), 2, "1.0배"),
        (lesson.moves, ([1.0], [1.11]), 0, "1.1배"),
        (lesson.moves, ([1.0], [1.1]), 2, "1.1배"),
        (lesson.moves, ([1.0], [1.09]), 2, "1.1배"),
        (lesson.moves, ([1.0], [0.91]), 2, "0.9배"),
        (lesson.moves, ([1.0], [0.89]), 1, "0.9배"),
        (lesson.pairs_with, ([0.1, 0.2], [1.0, 2.0]), 0, "10.00배"),
        (lesson.pairs_with, ([1.0], [3.1]), 0, "3.10배"),
        (lesson.pairs_with, ([1.0], [2.9]), 1, "2.90배"),
        (lesson.pairs_with, ([1.0], [0.34]), 1, "0.34배"),
        (lesson.pairs_with, ([1.0], [0.32]), 2, "0.32배"),
        (lesson.pairs_with, ([0.1, 0.2], [0.1, 0.3]), 1, "0.150에서 0.2000으로"),
        (lesson.pairs_with, ([0.1, 0.2], [0.01, 0.0222]), 2, "0.0161로"),
        (lesson.switches, ([1.0, 2.0], [1.0, 2.1], [2.0, 3.0]), 0, "중간부터 1.55"),
        (lesson.switches, ([1.0], [1.24], [2.0]), 0, "처음부터 1.00"),
        (lesson.switches, ([1.0], [1.26], [2.0]), 1, "중간부터 1.26"),
        (lesson.switches, ([1.0], [1.74], [2.0]), 1, "중간부터 1.74"),
        (lesson.switches, ([1.0], [1.76], [2.0]), 2, "끝까지 없이 2.00입니다"),
        (lesson.switches, ([1.0, 2.0], [1.5, 2.5], [2.0, 3.0]), 1, "처음부터 1.50"),
        (lesson.switches, ([1.0, 2.0], [2.0, 2.9], [2.0, 3.0]), 2, "없이 2.50입니다"),
    ],
)
def test_judge(judge, measured, index, says):
    answer, sentence = judge(*measured)
    assert answer == index and says in sentence
