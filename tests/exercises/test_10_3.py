"""Answers to the exercises of 10-3 and the verdict each must get."""

import pytest
import torch

from helpers.exercises import ex10_3 as lesson
from helpers.models import weights
from tests.exercises.table import Row, names, verify


def loop_both(model, a1, a2):
    total = torch.tensor(0.0)
    for name, parameter in model.named_parameters():
        if name.endswith("weight"):
            total = total + a1 * abs(parameter).sum() + a2 * (parameter**2).sum()
    return total


def added(part):
    """The sum of part(w, α₁, α₂) over the weight matrices of a model."""
    return lambda model, a1, a2: sum(part(w, a1, a2) for w in weights(model))


def size(model, power):
    return sum((abs(w) ** power).sum() for w in weights(model))


def where_soft(w, t):
    return torch.where(w.abs() <= t, 0.0, w - t * torch.sign(w))


def in_place_hard(w, t):
    w[w.abs() < t] = 0
    return w


TABLE = {
    "elastic_net": Row(
        stub=lambda model, a1, a2: a1 * ...,
        right=[
            loop_both,
            added(lambda w, a1, a2: (a1 * abs(w) + a2 * w**2).sum().item()),
            added(lambda w, a1, a2: a1 * w.norm(p=1) + a2 * w.norm() ** 2),
        ],
        wrong=[
            (
                lambda m, a1, a2: sum((a1 * abs(p) + a2 * p**2).sum() for p in m.parameters()),
                "bias에도",
            ),
            (added(lambda w, a1, a2: (a2 * abs(w) + a1 * w**2).sum()), "두 α가 바뀌"),
            (added(lambda w, a1, a2: a1 * abs(w).sum()), "L1만"),
            (added(lambda w, a1, a2: a2 * (w**2).sum()), "L2만"),
            (added(lambda w, a1, a2: (abs(w) + w**2).sum()), "α를 곱하지"),
            (lambda m, a1, a2: a1 * size(m, 1) + a2 * size(m, 2) ** 0.5, "‖W‖₂가 되었습니다"),
            (added(lambda w, a1, a2: a1 * abs(w).sum() + a2 * w.norm()), "층마다 제곱근"),
            (added(lambda w, a1, a2: (a1 * abs(w) + a2 * w**2).mean()), "층마다 평균"),
            (added(lambda w, a1, a2: (a1 * abs(w) + a2 * w**2 / 2).sum()), "½이"),
            (lambda m, a1, a2: loop_both(m[0], a1, a2), "첫 층만"),
            (lambda m, a1, a2: a1 * (weights(m) ** 2), "TypeError"),
            (lambda m, a1, a2: None, "return"),
        ],
    ),
    "soft_threshold": Row(
        stub=lambda w, t: w.sign() * (...),
        right=[
            where_soft,
            lambda w, t: w.sign() * torch.relu(w.abs() - t),
            lambda w, t: torch.nn.functional.softshrink(w, t),
            lambda w, t: w - w.clamp(-t, t),
        ],
        wrong=[
            (lambda w, t: torch.where(w.abs() > t, w, 0.0), "hard threshold"),
            (in_place_hard, "hard threshold"),
            (lambda w, t: w - t * w.sign(), "subgradient"),
            (lambda w, t: w.sign() * (w.abs() - t), "subgradient"),
            (lambda w, t: torch.relu(w.abs() - t), "부호를 잃었습니다"),
            (lambda w, t: torch.relu(w - t), "음수 weight가 모두"),
            (lambda w, t: w.clamp(-t, t), "잘랐습니다"),
            (lambda w, t: (1 - t) * w, "비율로"),
            (lambda w, t: w - t, "부호를 보지"),
            (lambda w, t: w, "손으로 계산"),
        ],
    ),
    "choose_alpha": Row(
        stub=lambda alphas, loss: ...,
        right=[
            lambda alphas, loss: alphas[loss["valid"].index(min(loss["valid"]))],
            lambda alphas, loss: min(zip(loss["valid"], alphas, strict=True))[1],
            lambda alphas, loss: torch.tensor(alphas)[torch.tensor(loss["valid"]).argmin()],
        ],
        wrong=[
            (lambda alphas, loss: min(zip(loss["train"], alphas, strict=True))[1], "Train loss로"),
            (lambda alphas, loss: min(zip(loss["test"], alphas, strict=True))[1], "Test loss로"),
            (lambda alphas, loss: loss["valid"].index(min(loss["valid"])), "몇 번째인지"),
            (lambda alphas, loss: min(loss["valid"]), "loss의 값을"),
            (lambda alphas, loss: max(zip(loss["valid"], alphas, strict=True))[1], "가장 큰 α"),
            (
                lambda alphas, loss: min(
                    (abs(valid - train), alpha)
                    for train, valid, alpha in zip(
                        loss["train"], loss["valid"], alphas, strict=True
                    )
                )[1],
                "차이만",
            ),
            (lambda alphas, loss: alphas[1], "손으로 계산"),
        ],
    ),
}


@pytest.mark.parametrize("name", names(lesson, TABLE))
def test_exercise(name):
    verify(lesson, TABLE, name)


@pytest.mark.parametrize(
    ("wrong", "option", "said"),
    [
        ((80.0, 100.0, 90.0), 0, "0개에서"),
        ((104.0, 150.0, 100.0), 1, "2개에서"),
        ((210.0, 260.0, 230.0), 2, "3개에서"),
    ],
)
def test_larger_weights(wrong, option, said):
    answer, sentence = lesson.larger_weights((100.0, 140.0, 110.0), wrong)
    assert answer == option
    assert said in sentence and "맞으면 110" in sentence


@pytest.mark.parametrize(("ratio", "option"), [(0.89, 0), (0.91, 1), (1.09, 1), (1.11, 2)])
def test_weights_are_alike_within_a_tenth(ratio, option):
    assert lesson.larger_weights((100.0, 140.0), (100 * ratio, 140 * ratio))[0] == option


@pytest.mark.parametrize(
    ("after", "option"), [((0.1, 0.1), 0), ((0.3, 0.1), 1), ((0.1, 0.5), 2), ((0.3, 0.5), 3)]
)
def test_bias_or_variance(after, option):
    answer, sentence = lesson.bias_or_variance((0.2, 0.4), after)
    assert answer == option
    assert f"variance는 0.4000에서 {after[1]:.4f}" in sentence
    assert f"bias²은 0.2000에서 {after[0]:.4f}" in sentence


@pytest.mark.parametrize(
    ("l1", "l2", "option"), [(0.9, 0.1, 0), (0.9, 0.0, 1), (0.0, 0.1, 2), (0.0, 0.0, 3)]
)
def test_exact_zeros(l1, l2, option):
    answer, sentence = lesson.exact_zeros(l1, l2)
    assert answer == option and f"L1에서 {l1:.0%}, L2에서 {l2:.0%}" in sentence


@pytest.mark.parametrize(
    ("share", "option"), [(0.1, 0), (0.19, 0), (0.21, 1), (0.79, 1), (0.81, 2)]
)
def test_memorised_at_best(share, option):
    answer, sentence = lesson.memorised_at_best([0, 0.01, 1], [1.2, 0.6, 2.3], [1.0, share, 0.1])
    assert (
        answer == option
        and f"α = 0.01에서 가장 낮고, 그때 외운 틀린 라벨은 {share:.0%}" in sentence
    )
