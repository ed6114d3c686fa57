"""What lesson 10-2 claims, held over the seeds of split, noise and initialisation together."""

from dataclasses import replace
from functools import cache
from statistics import median

import pytest
import torch

from helpers.data import Dataset, digits, moons, sine
from helpers.models import MLP, legendre
from helpers.penalties import L1, L2, NoPenalty
from helpers.training import History, accuracy, evaluate, train

GRID = torch.linspace(-1, 1, 201, dtype=torch.float64)[:, None]
TRUTH = (torch.pi * GRID).sin().ravel()


@cache
def plain(seed: int) -> tuple[Dataset, History]:
    """The standard training without regularisation."""
    data = digits(seed=seed)
    return data, train(MLP(seed=seed), data)


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


def test_2_1_predictions_do_not_generalise(seeds):
    for seed in seeds:
        data, history = plain(seed)
        assert accuracy(history.model, data.x_train, data.y_train) > 0.97
        assert accuracy(history.model, data.x_valid, data.y_valid) < 0.83


def test_2_2_valid_loss_turns_up_while_train_loss_falls(seeds):
    for seed in seeds:
        _, history = plain(seed)
        assert history.rise > 0.5
        assert 10 <= history.best_epoch <= 40
        turn = history.best_epoch - 1
        assert history.train_loss[-1] < 0.1 * history.train_loss[turn]


def test_2_2_more_data_turns_up_less(seeds):
    for seed in seeds:
        pool = digits(n_train=800, seed=seed)
        few, many = (
            train(MLP(seed=seed), replace(pool, x_train=pool.x_train[:n], y_train=pool.y_train[:n]))
            for n in (200, 800)
        )
        assert many.rise < 0.5 * few.rise


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
    losses, disagree = {}, {}
    for neurons in (2, 32):
        runs = [
            train(MLP((2, neurons, 2)), data, epochs=400, lr=0.2)
            for data in (moons(n_train=40, noise=0.35, seed=seed) for seed in seeds)
        ]
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


def test_2_4_four_kinds_move_left_and_down(seeds):
    for seed in seeds:
        data, none = plain(seed)
        ways = [
            dict(model=MLP(seed=seed), penalty=L1(0.002)),
            dict(model=MLP(seed=seed), penalty=L2(0.01)),
            dict(model=MLP(p=0.5, seed=seed)),
            dict(model=MLP(seed=seed), patience=10),
        ]
        for way in ways:
            train(data=data, **way)
            train_loss, valid_loss, _ = evaluate(way["model"], data, NoPenalty())
            assert train_loss > 2 * none.train_loss[-1]
            assert valid_loss < 0.85 * none.final_valid


def test_2_4_width_is_no_simple_knob(seeds):
    """Double descent: the valid loss ends highest where the net can just memorise its data."""
    ends = {4: [], 8: [], 256: []}
    for seed in seeds:
        data = digits(seed=seed)
        for neurons, end in ends.items():
            history = train(MLP((64, neurons, 10), seed=seed), data, epochs=200)
            end.append(history.final_valid)
            assert neurons == 4 or history.rise > 0.5
    assert all(large < 0.95 * small for small, large in zip(ends[8], ends[256], strict=True))
    assert median(ends[8]) > 1.1 * median(ends[4])
