"""What lesson 10-2 claims, held over the seeds of split, noise and initialisation together.

All of it holds for seeds 0 to 39. The thresholds were set with both halves in sight, then tried on
seeds 40 to 59, after which two claims were made weaker.
"""

from dataclasses import replace
from statistics import median

import pytest
import torch
from torch import Tensor

from helpers.data import Dataset, digits, moons
from helpers.models import MLP, legendre
from helpers.penalties import L1, L2, NoPenalty, soft_threshold
from helpers.sweep import sweep
from helpers.training import Config, History, accuracy, evaluate, train

X = torch.linspace(-1, 1, 20, dtype=torch.float64)[:, None]
GRID = torch.linspace(-1, 1, 201, dtype=torch.float64)[:, None]
SD = 0.3

HALVES = pytest.mark.parametrize("half", [range(20), range(20, 40)], ids=["0-19", "20-39"])
SEEDS = range(40)


@pytest.fixture(scope="module")
def plain() -> list[tuple[Dataset, History]]:
    """The standard training without regularisation, for every seed."""
    data = [digits(seed=seed) for seed in SEEDS]
    return list(zip(data, sweep([dict(model=MLP(seed=s)) for s in SEEDS], data), strict=True))


def test_2_1_predictions_do_not_generalise(plain):
    for data, history in plain:
        assert accuracy(history.model, data.x_train, data.y_train) > 0.97
        assert accuracy(history.model, data.x_valid, data.y_valid) < 0.83


def test_2_2_valid_loss_turns_up_while_train_loss_falls(plain):
    for _, history in plain:
        assert history.rise > 0.3
        assert 10 <= history.best_epoch <= 40
        lowest = history.best_epoch - 1
        assert history.train_loss[-1] < 0.1 * history.train_loss[lowest]


def with_more_data(seeds: range, n: int, epochs: int) -> list[History]:
    pools = [digits(n_train=800, seed=seed) for seed in seeds]
    parts = [replace(p, x_train=p.x_train[:n], y_train=p.y_train[:n]) for p in pools]
    arms = [dict(model=MLP(seed=seed)) for seed in seeds]
    return sweep(arms, parts, epochs=epochs, every=4)


@HALVES
def test_2_2_more_data_turns_up_less_at_equal_steps_only(half):
    few, many = (with_more_data(half, n, 100) for n in (200, 800))
    for little, much in zip(few, many, strict=True):
        assert much.rise < 0.5 * little.rise
        assert much.best_valid < little.best_valid
        assert much.train_loss[-1] > 5 * little.train_loss[-1]  # not yet memorised


def test_2_2_with_more_data_it_only_takes_longer():
    few, many = with_more_data(range(30, 40), 200, 100), with_more_data(range(30, 40), 800, 400)
    for little, much in zip(few, many, strict=True):
        assert much.rise > 0.5
        assert much.best_valid < little.best_valid


# -- polynomials: 20 points, evenly spread, of which only the noise is drawn anew -----------------


def sample(runs: int, seed: int, at: Tensor = X) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    noise = torch.randn(len(at), runs, generator=random, dtype=at.dtype)
    return torch.sin(torch.pi * at) + SD * noise


def fit(degree: int, y: Tensor) -> Tensor:
    return torch.linalg.lstsq(legendre(X, degree), y).solution


def parts(degree: int, y: Tensor) -> tuple[float, float]:
    """Variance and bias² of the refits."""
    curves = legendre(GRID, degree) @ fit(degree, y)
    mean = curves.mean(dim=1)
    truth = torch.sin(torch.pi * GRID).ravel()
    variance = (curves - mean[:, None]).square().mean().item()
    return variance, (mean - truth).square().mean().item()


def test_2_3_variance_grows_with_the_degree_and_bias_falls():
    for seed in SEEDS:
        y = sample(100, seed)
        (v1, b1), (v3, b3), (v12, b12) = (parts(degree, y) for degree in (1, 3, 12))
        assert 1.4 * v1 < v3 and 3.5 * v3 < v12
        assert b1 > 20 * b3 and b3 > 2 * b12


def valid_error(W: Tensor, y: Tensor) -> float:
    return (legendre(GRID, len(W) - 1) @ W - y).square().mean().item()


def test_2_3_bias_variance_and_noise_add_up_to_the_valid_error():
    for seed in SEEDS:
        y, unseen = sample(1000, seed), sample(1000, 1000 + seed, GRID)
        for degree in (0, 1, 3, 5, 12, 14):
            error = valid_error(fit(degree, y), unseen)
            assert sum(parts(degree, y)) + SD**2 == pytest.approx(error, rel=0.02)


def boundaries(samples: list[Dataset], neurons: int, initial: int) -> tuple[list[History], float]:
    """The refits from one initialisation, and the share of pairs that answer differently."""
    probe = moons(n_valid=1000, noise=0.35, seed=99).x_valid
    arms = [dict(model=MLP((2, neurons, 2), seed=initial)) for _ in samples]
    runs = sweep(arms, samples, epochs=400, lr=0.2, every=400)
    ones = torch.stack([run.model(probe).argmax(dim=1) for run in runs]).sum(dim=0)
    n = len(samples)
    return runs, (ones * (n - ones)).double().mean().item() / (n * (n - 1) / 2)


@HALVES
def test_2_3_wide_boundary_fits_train_but_varies(half):
    samples = [moons(n_train=40, noise=0.35, seed=seed) for seed in half]
    # From the initialisation of the lesson: with some others two neurons vary more than 32.
    (narrow, little), (wide, much) = (boundaries(samples, n, 0) for n in (2, 32))
    assert much > 1.25 * little
    pairs = list(zip(narrow, wide, strict=True))
    assert sum(b.train_loss[-1] < a.train_loss[-1] for a, b in pairs) >= 17
    assert sum(b.final_valid > a.final_valid for a, b in pairs) >= 15
    assert median(h.final_valid for h in wide) > 1.5 * median(h.final_valid for h in narrow)


def test_2_4_valid_error_against_degree_is_a_u():
    for seed in SEEDS:
        y, unseen = sample(100, seed), sample(100, 1000 + seed, GRID)
        weights = [fit(degree, y) for degree in range(16)]
        misses = [legendre(GRID, degree) @ W - unseen for degree, W in enumerate(weights)]
        valid = torch.stack([miss.square().mean(dim=0) for miss in misses])
        best = valid.argmin(dim=0)
        assert ((best > 0) & (best < 15)).all()
        middle = valid.mean(dim=1)
        assert 3 <= middle.argmin() <= 6 and min(middle[0], middle[15]) > 4 * middle.min()
        misses = [legendre(X, degree) @ W - y for degree, W in enumerate(weights)]
        train_error = [miss.square().mean().item() for miss in misses]
        assert train_error == sorted(train_error, reverse=True)


def descend(y: Tensor, steps: int = 1000, l1: float = 0, l2: float = 0, p: float = 0) -> Tensor:
    P, random = legendre(X, 12), torch.Generator().manual_seed(0)
    W, keep = torch.zeros(13, y.shape[1], dtype=y.dtype), torch.ones(1, 1, dtype=y.dtype)
    for _ in range(steps):
        if p > 0:
            keep = (torch.rand(W.shape, generator=random) >= p) / (1 - p)
        gradient = 2 * keep * (P.T @ (P @ (keep * W) - y)) / len(X)
        W = soft_threshold(W - 0.1 * (gradient + 2 * l2 * W), 0.1 * l1)
    return W


def degree_like(W: Tensor, y: Tensor) -> float:
    noise = y - y.mean(dim=1, keepdim=True)
    predictions = legendre(X, len(W) - 1) @ W
    return (predictions * noise).sum(dim=0).mean().item() / SD**2 - 1


def test_2_4_a_polynomial_follows_as_much_noise_as_its_degree():
    y = sample(10_000, 40)
    for degree in (1, 3, 12):
        assert degree_like(fit(degree, y), y) == pytest.approx(degree, abs=0.25)


def test_2_4_four_kinds_move_left_and_down_on_the_u():
    draws = [slice(50 * seed, 50 * seed + 50) for seed in SEEDS]
    y = torch.cat([sample(50, seed) for seed in SEEDS], dim=1)
    unseen = torch.cat([sample(50, 1000 + seed, GRID) for seed in SEEDS], dim=1)
    none = descend(y)
    for way in (dict(l1=0.03), dict(l2=0.01), dict(p=0.1), dict(steps=80)):
        W = descend(y, **way)
        for own in draws:
            assert degree_like(W[:, own], y[:, own]) < degree_like(none[:, own], y[:, own]) - 0.8
            error, high = (valid_error(w[:, own], unseen[:, own]) for w in (W, none))
            assert error < 0.95 * high


def test_2_4_four_kinds_follow_fewer_wrong_labels_and_end_lower(plain):
    data = [data for data, _ in plain]
    ways = [
        [Config(MLP(seed=s), d, L1(0.002)) for s, d in enumerate(data)],
        [Config(MLP(seed=s), d, L2(0.01)) for s, d in enumerate(data)],
        [Config(MLP(p=0.5, seed=s), d) for s, d in enumerate(data)],
    ]
    for way in ways:
        sweep(way, every=100)
    stopped = [Config(MLP(seed=s), d) for s, d in enumerate(data)]
    for config in stopped:
        train(config.model, config.data, patience=10)
    for way in (*ways, stopped):
        ends = []
        for config, (own, none) in zip(way, plain, strict=True):
            wrong = own.x_train[own.flipped], own.y_train[own.flipped]
            assert accuracy(none.model, *wrong) > 0.95
            assert accuracy(config.model, *wrong) < 0.9
            ends.append(evaluate(config.model, own, NoPenalty())[1] / none.final_valid)
        assert max(ends) < 0.97 and median(ends) < 0.75


# -- beyond the lecture --------------------------------------------------------------------------


def look(model: MLP, data: Dataset) -> tuple[int, float, float, float]:
    """Wrong answers, the confidence in them, and what right and wrong ones add to the loss."""
    p = model(data.x_valid).softmax(dim=1).detach()
    sure, digit = p.max(dim=1)
    wrong = digit != data.y_valid
    loss = -p.gather(1, data.y_valid[:, None]).log().ravel() / len(p)
    of_right, of_wrong = loss[~wrong].sum().item(), loss[wrong].sum().item()
    return int(wrong.sum()), sure[wrong].mean().item(), of_right, of_wrong


@HALVES
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_confidence_in_wrong_answers_grows_whether_or_not_they_become_more(half, noise):
    n = 100 if noise == 0 else 200
    data = [digits(n_train=n, label_noise=noise, seed=seed) for seed in half]
    before, after = (
        [
            look(h.model, d)
            for h, d in zip(
                sweep([Config(MLP(seed=s), d, epochs=e) for s, d in zip(half, data, strict=True)]),
                data,
                strict=True,
            )
        ]
        for e in (20, 100)
    )
    more = 0
    for (n0, sure0, right0, wrong0), (n1, sure1, right1, wrong1) in zip(before, after, strict=True):
        assert sure1 > sure0 + 0.03
        assert right1 < right0 and wrong1 > wrong0  # what rises is all of the wrong answers
        more += n1 > n0
    assert more < len(half) / 2 if noise == 0 else more == len(half)


@HALVES
def test_dividing_the_logits_lowers_the_valid_loss_again(half):
    data = [digits(n_train=100, label_noise=0, seed=seed) for seed in half]
    runs = sweep([Config(MLP(seed=s), d) for s, d in zip(half, data, strict=True)])
    below = 0
    for h, d in zip(runs, data, strict=True):
        loss = d.loss(h.model(d.x_valid) / 3, d.y_valid).item()
        assert loss < h.final_valid
        below += loss < h.best_valid
    assert below >= 16


@HALVES
def test_width_is_no_simple_knob(half):
    """The valid loss ends highest where the net can just memorise its data, and falls again."""
    data, runs = [digits(seed=seed) for seed in half], {}
    for neurons in (2, 8, 32):
        arms = [dict(model=MLP((64, neurons, 10), seed=seed)) for seed in half]
        runs[neurons] = sweep(arms, data, epochs=300, every=20)
    ends = {n: [run.final_valid for run in arms] for n, arms in runs.items()}
    assert median(ends[8]) > 1.2 * median(ends[2])
    assert median(ends[32]) < 0.8 * median(ends[8])
    assert sum(b < a for a, b in zip(ends[8], ends[32], strict=True)) >= 17
    rises = {n: median(run.rise for run in arms) for n, arms in runs.items()}
    assert rises[2] < rises[8] > rises[32] > 1  # less overfit by the rise, too, but still overfit
    assert median(run.train_loss[-1] for run in runs[2]) > 1
    assert median(run.train_loss[-1] for run in runs[8]) < 0.1
