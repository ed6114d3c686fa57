"""What 10-4 claims about weight decay, over the seeds of split, noise and initialisation."""

import inspect
from functools import cache

import pytest
import torch

from helpers.data import digits
from helpers.models import MLP, weights
from helpers.penalties import L2
from helpers.training import History, train

LAM = 0.01
SGD, Adam, AdamW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW


def groups(model, lam):
    biases = [p for p in model.parameters() if p.dim() == 1]
    return [
        {"params": weights(model), "weight_decay": lam},
        {"params": biases, "weight_decay": 0.0},
    ]


@cache
def in_loss(seed: int, **options) -> History:
    return train(MLP(seed=seed), digits(seed=seed), L2(LAM / 2), **options)


@cache
def decayed(seed: int, lam: float = LAM, momentum: float = 0.9, **options) -> History:
    model = MLP(seed=seed)
    optimizer = SGD(groups(model, lam), lr=0.4, momentum=momentum)
    return train(model, digits(seed=seed), optimizer=optimizer, **options)


@cache
def adamw(seed: int, lam: float = LAM) -> History:
    model = MLP(seed=seed)
    return train(model, digits(seed=seed), optimizer=AdamW(groups(model, lam), lr=0.01))


def difference(one: History, other: History) -> float:
    pairs = zip(weights(one.model), weights(other.model), strict=True)
    return max((a - b).abs().max().item() for a, b in pairs)


def size(parameters) -> float:
    return torch.cat([p.detach().flatten() for p in parameters]).norm().item()


def biases(history: History) -> list:
    return [p for p in history.model.parameters() if p.dim() == 1]


def with_gradient(seed: int) -> MLP:
    model, data = MLP(seed=seed), digits(seed=seed)
    data.loss(model(data.x_train), data.y_train).backward()
    return model


def test_4_1_the_signature_names_what_the_lecture_names():
    signature = inspect.signature(SGD).parameters
    named = {"lr", "momentum", "dampening", "weight_decay", "nesterov", "maximize", "foreach"}
    assert named <= signature.keys()
    assert signature["weight_decay"].default == 0


def test_4_2_one_step_by_hand_is_one_optimizer_step(seeds):
    for seed in seeds:
        model = with_gradient(seed)
        by_hand = [p.detach() - 0.4 * (p.grad + LAM * p.detach()) for p in model.parameters()]
        SGD(model.parameters(), lr=0.4, weight_decay=LAM).step()
        for ours, theirs in zip(by_hand, model.parameters(), strict=True):
            assert torch.allclose(ours, theirs, rtol=0, atol=1e-14)


def test_4_3_without_gradient_every_weight_shrinks_by_one_factor(seeds):
    for seed in seeds:
        model = MLP(seed=seed)
        before = [p.detach().clone() for p in model.parameters()]
        for p in model.parameters():
            p.grad = torch.zeros_like(p)
        SGD(model.parameters(), lr=0.1, weight_decay=0.5).step()
        for old, new in zip(before, model.parameters(), strict=True):
            assert torch.allclose(new / old, torch.full_like(old, 0.95), rtol=1e-12)
            assert (new != 0).all()


def test_4_4_the_penalty_adds_twice_alpha_w_to_the_gradient(seeds):
    for seed in seeds:
        model = with_gradient(seed)
        plain = [w.grad.clone() for w in weights(model)]
        L2(0.3).in_loss(weights(model)).backward()
        for w, old in zip(weights(model), plain, strict=True):
            assert torch.allclose(w.grad - old, 0.6 * w, rtol=0, atol=1e-14)


@pytest.mark.parametrize("momentum, epochs", [(0.9, 100), (0.0, 30)])
def test_4_5_l2_in_the_loss_is_weight_decay_of_twice_alpha(seeds, momentum, epochs):
    for seed in seeds:
        one = in_loss(seed, momentum=momentum, epochs=epochs)
        other = decayed(seed, momentum=momentum, epochs=epochs)
        assert difference(one, other) < 1e-12
        assert one.valid_loss == pytest.approx(other.valid_loss, abs=1e-12)


def test_4_5_with_the_factor_forgotten_they_part(seeds):
    for seed in seeds:
        one = in_loss(seed, momentum=0.0, epochs=30)
        assert difference(one, decayed(seed, LAM / 2, momentum=0.0, epochs=30)) > 1e-3


def test_4_5_decaying_all_parameters_shrinks_the_biases_too(seeds):
    for seed in seeds:
        fair = decayed(seed, epochs=100)
        everything = train(MLP(seed=seed), digits(seed=seed), weight_decay=LAM)
        assert size(biases(everything)) < 0.4 * size(biases(fair))
        assert difference(everything, fair) > 1e-2
        assert everything.final_valid == pytest.approx(fair.final_valid, rel=0.05)


def test_4_5_under_adam_they_part(seeds):
    for seed in seeds:
        model = MLP(seed=seed)
        optimizer = Adam(model.parameters(), lr=0.01)
        one = train(model, digits(seed=seed), L2(LAM / 2), optimizer=optimizer)
        assert size(weights(adamw(seed).model)) > 1.5 * size(weights(one.model))


def test_4_5_adam_takes_the_same_amount_and_adamw_the_same_share():
    moved = {}
    for kind in (Adam, AdamW):
        w = torch.tensor([3.0, 1.0, 0.3, -0.1], dtype=torch.float64, requires_grad=True)
        before, w.grad = w.detach().clone(), torch.zeros_like(w)
        kind([w], lr=0.01, weight_decay=0.5).step()
        moved[kind] = (before - w.detach()) / before.sign()
    assert torch.allclose(moved[Adam], torch.full_like(before, 0.01), rtol=1e-4)
    assert torch.allclose(moved[AdamW], 0.005 * before.abs(), rtol=1e-9)


def test_4_5_an_adamw_step_is_an_adam_step_and_a_decay(seeds):
    for seed in seeds:
        plain, decay, start = with_gradient(seed), with_gradient(seed), MLP(seed=seed)
        Adam(plain.parameters(), lr=0.01).step()
        AdamW(decay.parameters(), lr=0.01, weight_decay=0.5).step()
        parts = zip(plain.parameters(), decay.parameters(), start.parameters(), strict=True)
        for adam, adamw_, w in parts:
            assert torch.allclose(adamw_, adam - 0.005 * w, rtol=0, atol=1e-14)


def test_4_5_lambda_has_an_optimum_and_adamws_is_far_larger(seeds):
    for seed in seeds:
        none, right, too_much = (
            decayed(seed, lam, epochs=100).final_valid for lam in (0.0, LAM, 0.2)
        )
        assert right < 0.75 * none
        assert too_much > max(none, 1.5 * right)
        weak, right, too_much = (adamw(seed, lam).final_valid for lam in (LAM, 1.0, 10.0))
        assert right < 0.9 * weak
        assert too_much > right
