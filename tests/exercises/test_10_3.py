"""Answers to the exercises of 10-3 and the verdict each must get."""

import pytest
import torch

from helpers.exercises import ex10_3 as lesson
from helpers.models import weights
from tests.exercises.table import Row, names, verify


def loop_l1(w):
    total = 0.0
    for row in w.tolist():
        for value in row:
            total += abs(value)
    return total


def loop_l2(model, alpha):
    total = torch.tensor(0.0)
    for name, parameter in model.named_parameters():
        if name.endswith("weight"):
            total = total + (parameter**2).sum()
    return alpha * total


def where_soft(w, t):
    return torch.where(w.abs() <= t, 0.0, w - t * torch.sign(w))


def in_place_hard(w, t):
    w[w.abs() < t] = 0
    return w


TABLE = {
    "l1_norm": Row(
        stub=lambda w: ...,
        right=[lambda w: torch.sum(abs(w)), loop_l1, lambda w: w.float().norm(p=1)],
        wrong=[
            (lambda w: sum(w.flatten()), "절댓값이 빠졌습니다"),
            (lambda w: (w**2).sum(), "제곱해서 더하면"),
            (lambda w: (w**2).sum() ** 0.5, "제곱합의 제곱근"),
            (lambda w: torch.linalg.norm(w), "제곱합의 제곱근"),
            (lambda w: w.abs().mean(), "평균을 냈습니다"),
            (lambda w: torch.linalg.norm(w, ord=1), "행렬 노름"),
            (lambda w: max(abs(v) for v in w.flatten()), "가장 큰 weight 하나"),
            (lambda w: w.abs(), "손으로 계산"),
            (lambda w: w.no_such_method(), "AttributeError"),
            (lambda w: None, "return"),
        ],
    ),
    "l2_penalty": Row(
        stub=lambda model, alpha: alpha * ...,
        right=[
            lambda model, alpha: alpha * sum((w**2).sum() for w in weights(model)),
            loop_l2,
            lambda model, alpha: sum(alpha * w.norm().item() ** 2 for w in weights(model)),
        ],
        wrong=[
            (lambda m, a: a * sum((p**2).sum() for p in m.parameters()), "bias에도"),
            (lambda m, a: sum((w**2).sum() for w in weights(m)), "α를 곱하지"),
            (lambda m, a: a * sum((w**2).sum() for w in weights(m)) ** 0.5, "‖W‖₂가 되었습니다"),
            (lambda m, a: a * sum(w.norm() for w in weights(m)), "층마다 제곱근"),
            (lambda m, a: a * sum(w.abs().sum() for w in weights(m)), "더하면 L1"),
            (lambda m, a: a * sum((w**2).mean() for w in weights(m)), "층마다 평균"),
            (lambda m, a: a / 2 * sum((w**2).sum() for w in weights(m)), "½이"),
            (lambda m, a: a * (weights(m)[0] ** 2).sum(), "첫 층만"),
            (lambda m, a: sum(((a * w) ** 2).sum() for w in weights(m)), "α까지 제곱"),
            (lambda m, a: a * (weights(m) ** 2), "TypeError"),
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
    "losses": Row(
        stub=lambda data_loss, penalty: (..., ...),
        right=[lambda d, p: (d + p, d), lambda d, p: [torch.tensor(d + p), torch.tensor([d])]],
        wrong=[
            (lambda d, p: (d + p, d + p), "기록에도"),
            (lambda d, p: (d, d), "벌이 없습니다"),
            (lambda d, p: (d, d + p), "순서가"),
            (lambda d, p: (d + p, p), "벌만 기록"),
            (lambda d, p: d + p, "손으로 계산"),
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
            (lambda alphas, loss: min(zip(loss["test"], alphas, strict=True))[1], "Test로"),
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
