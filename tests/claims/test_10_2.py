"""What lesson 10-2 claims, held over the seeds of split, noise and initialisation together."""

from dataclasses import replace
from statistics import median

import pytest
import torch

from helpers.data import Dataset, digits, moons, sine
from helpers.models import MLP, legendre
from helpers.penalties import L1, L2, NoPenalty
from helpers.sweep import sweep
from helpers.training import History, accuracy, evaluate, train

GRID = torch.linspace(-1, 1, 201, dtype=torch.float64)[:, None]
TRUTH = (torch.pi * GRID).sin().ravel()


@pytest.fixture(scope="module")
def plain(seeds) -> list[tuple[Dataset, History]]:
    """The standard training without regularisation, for every seed."""
    data = [digits(seed=seed) for seed in seeds]
    return list(zip(data, sweep([dict(model=MLP(seed=s)) for s in seeds], data), strict=True))


def coefficients(points: Dataset, degree: int) -> torch.Tensor:
    return torch.linalg.lstsq(legendre(points.x_train, degree), points.y_train).solution


@pytest.fixture(scope="module")
def fits() -> dict[int, torch.Tensor]:
    """Curves (600, 201) of degree 1, 3 and 12, each fitted to 20 points of its own."""
    samples = [sine(seed=seed) for seed in range(600)]
    return {
        degree: torch.stack(
            [(legendre(GRID, degree) @ coefficients(s, degree)).ravel() for s in samples]
        )
        for degree in (1, 3, 12)
    }


def width(curves: torch.Tensor) -> float:
    return (curves.quantile(0.9, dim=0) - curves.quantile(0.1, dim=0)).mean().item()


def bias(curves: torch.Tensor) -> float:
    return (curves.median(dim=0).values - TRUTH).abs().mean().item()


def test_2_1_predictions_do_not_generalise(plain):
    for data, history in plain:
        assert accuracy(history.model, data.x_train, data.y_train) > 0.97
        assert accuracy(history.model, data.x_valid, data.y_valid) < 0.83


def test_2_2_valid_loss_turns_up_while_train_loss_falls(plain):
    for _, history in plain:
        assert history.rise > 0.5
        assert 10 <= history.best_epoch <= 40
        turn = history.best_epoch - 1
        assert history.train_loss[-1] < 0.1 * history.train_loss[turn]


def test_2_2_more_data_turns_up_less(seeds):
    pools = [digits(n_train=800, seed=seed) for seed in seeds]
    few, many = (
        sweep(
            [dict(model=MLP(seed=seed)) for seed in seeds],
            [replace(p, x_train=p.x_train[:n], y_train=p.y_train[:n]) for p in pools],
        )
        for n in (200, 800)
    )
    for little, much in zip(few, many, strict=True):
        assert much.rise < 0.5 * little.rise


def test_2_3_refits_of_high_degree_fan_out(seeds, fits):
    for seed in seeds:
        runs = slice(30 * seed, 30 * seed + 30)
        assert width(fits[12][runs]) > 10 * max(width(fits[1][runs]), width(fits[3][runs]))


def test_2_3_low_degree_is_biased(seeds, fits):
    for seed in seeds:
        runs = slice(30 * seed, 30 * seed + 30)
        assert bias(fits[1][runs]) > 3 * bias(fits[3][runs])


def test_2_3_wide_boundary_fits_train_but_varies(seeds):
    probe = moons(n_valid=1000, noise=0.35, seed=99).x_valid
    samples = [moons(n_train=40, noise=0.35, seed=seed) for seed in seeds]
    losses, disagree = {}, {}
    for neurons in (2, 32):
        arms = [dict(model=MLP((2, neurons, 2))) for _ in seeds]
        runs = sweep(arms, samples, epochs=400, lr=0.2, every=400)
        losses[neurons] = [(run.train_loss[-1], run.final_valid) for run in runs]
        ones = torch.stack([run.model(probe).argmax(dim=1) for run in runs]).double().mean(dim=0)
        disagree[neurons] = (2 * ones * (1 - ones)).mean().item()
    for narrow, wide in zip(losses[2], losses[32], strict=True):
        assert wide[0] < narrow[0] and wide[1] > narrow[1]
    assert disagree[32] > 1.5 * disagree[2]


def test_2_4_valid_error_against_degree_is_a_u():
    for seed in range(100):
        points, train_error, valid_error = sine(seed=seed), [], []
        for degree in range(16):
            w = coefficients(points, degree)
            for x, y, error in (
                (points.x_train, points.y_train, train_error),
                (points.x_valid, points.y_valid, valid_error),
            ):
                error.append((legendre(x, degree) @ w - y).square().mean().item())
        best = min(valid_error)
        assert valid_error[0] > 2 * best and valid_error[15] > 1.5 * best
        assert train_error == sorted(train_error, reverse=True)


def test_2_4_four_kinds_move_left_and_down(seeds, plain):
    data = [data for data, _ in plain]
    ways = [
        [dict(model=MLP(seed=seed), penalty=L1(0.002)) for seed in seeds],
        [dict(model=MLP(seed=seed), penalty=L2(0.01)) for seed in seeds],
        [dict(model=MLP(p=0.5, seed=seed)) for seed in seeds],
    ]
    for arms in ways:
        sweep(arms, data, every=100)
    stopped = [dict(model=MLP(seed=seed), patience=10) for seed in seeds]
    for own, arm in zip(data, stopped, strict=True):
        train(data=own, **arm)
    for arms in (*ways, stopped):
        for arm, (own, none) in zip(arms, plain, strict=True):
            train_loss, valid_loss, _ = evaluate(arm["model"], own, NoPenalty())
            assert train_loss > 2 * none.train_loss[-1]
            assert valid_loss < 0.85 * none.final_valid


def test_2_4_width_is_no_simple_knob(seeds):
    """Double descent: the valid loss ends highest where the net can just memorise its data."""
    data, runs = [digits(seed=seed) for seed in seeds], {}
    for neurons in (4, 8, 256):
        arms = [dict(model=MLP((64, neurons, 10), seed=seed)) for seed in seeds]
        runs[neurons] = sweep(arms, data, epochs=300, every=20)
    ends = {neurons: [run.final_valid for run in arms] for neurons, arms in runs.items()}
    assert all(large < 0.95 * small for small, large in zip(ends[8], ends[256], strict=True))
    assert median(ends[8]) > 1.1 * median(ends[4])
    assert min(run.rise for run in runs[8] + runs[256]) > 0.5
