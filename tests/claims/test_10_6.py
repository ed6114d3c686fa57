"""What 10-6 claims about early stopping, over the seeds of split, noise, start and batches.

Every claim holds on the twenty seeds of the lesson and on twenty that it was not made from.
"""

import copy
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from statistics import median
from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from helpers.data import Dataset, digits
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import accuracy, early_stop, train

NOISY = {"batch_size": 50, "lr": 0.1, "epochs": 80}
PATIENCE = (1, 2, 3, 5, 10, 20)
SEEDS = [range(20), range(20, 40)]

either = pytest.mark.parametrize("seeds", SEEDS, ids=["shown", "fresh"])


@cache
def record(seed: int) -> SimpleNamespace:
    data, model = digits(seed=seed), MLP(seed=seed)
    start = parameters_to_vector(model.parameters()).detach().clone()
    log = SimpleNamespace(data=data, start=start, weights=[], valid=[], test=[])

    @torch.no_grad()
    def note(history):
        log.weights.append(parameters_to_vector(model.parameters()).clone())
        log.valid.append(F.cross_entropy(model(data.x_valid), data.y_valid, reduction="none"))
        log.test.append(F.cross_entropy(model(data.x_test), data.y_test).item())

    log.history = train(model, data, **NOISY, seed=seed, on_epoch=note)
    return log


@pytest.fixture
def logs(seeds: range) -> list[SimpleNamespace]:
    return [record(seed) for seed in seeds]


def stop(log: SimpleNamespace, patience: int):
    return early_stop(log.history.valid_loss, patience)


def restored(log: SimpleNamespace, patience: int) -> float:
    return log.test[stop(log, patience).best_epoch - 1]


def says_wrong(model: MLP, data: Dataset) -> float:
    return accuracy(model, data.x_train[data.flipped], data.y_train[data.flipped])


def memorised(log: SimpleNamespace, epoch: int) -> float:
    model = MLP()
    vector_to_parameters(log.weights[epoch - 1], model.parameters())
    return says_wrong(model, log.data)


@either
def test_6_1_while_valid_loss_rises_the_wrong_labels_are_memorised(logs):
    for log in logs:
        history = log.history
        assert history.final_valid > 1.15 * history.best_valid
        assert history.train_loss[-1] < 0.35 * history.train_loss[history.best_epoch - 1]
        assert memorised(log, 80) > 0.8
        assert memorised(log, history.best_epoch) < 0.8
    assert 0.1 <= median(memorised(log, log.history.best_epoch) for log in logs) < 0.35


@either
def test_6_2_restored_weights_beat_training_to_the_end(logs):
    for log in logs:
        assert restored(log, 10) < 0.85 * log.test[-1]
        assert restored(log, 1) < log.test[-1]


@either
def test_6_2_restored_weights_beat_the_last_ones(logs):
    for log in logs:
        assert restored(log, 20) < log.test[stop(log, 20).epoch - 1]


@pytest.mark.parametrize("patience", PATIENCE)
def test_6_2_replay_equals_really_stopping(patience):
    for seed in range(3):
        log, model = record(seed), MLP(seed=seed)
        history = train(model, log.data, **NOISY, seed=seed, patience=patience)
        assert (history.epoch[-1], history.best_epoch) == stop(log, patience)
        kept = log.weights[history.best_epoch - 1]
        assert torch.equal(parameters_to_vector(model.parameters()), kept)


@either
def test_6_2_more_patience_finds_the_minimum_more_often_and_costs_more(logs):
    counts = [
        sum(stop(log, p).best_epoch == log.history.best_epoch for log in logs) for p in PATIENCE
    ]
    assert counts == sorted(counts)
    assert counts[0] <= 5 and counts[-1] >= 19
    costs = [median(stop(log, patience).epoch for log in logs) for patience in PATIENCE]
    assert costs == sorted(costs) and costs[-1] > 2 * costs[0]


@either
def test_6_2_little_patience_fails_in_the_worst_seed_not_in_the_middle(logs):
    times = [restored(log, 1) / restored(log, 10) for log in logs]
    assert median(times) < 1.05 and max(times) > 1.12


@either
def test_6_2_a_small_validation_set_stops_at_worse_places(logs):
    def cost(log, n):
        few = early_stop(torch.stack(log.valid)[:, :n].mean(dim=1).tolist(), 10)
        return log.test[few.best_epoch - 1] / restored(log, 10)

    few, many = ([cost(log, n) for log in logs] for n in (5, 100))
    assert 1.03 < median(few) < 1.15 and max(few) > 1.25  # about a tenth; luck decides the rest
    assert median(many) < 1.02 and max(many) < 1.15
    assert sum(ratio > 1.1 for ratio in few) >= 6 and sum(ratio > 1.1 for ratio in many) <= 2


@either
def test_6_2_train_loss_does_not_say_when_to_stop(logs):
    assert all(early_stop(log.history.train_loss, 10).epoch == 80 for log in logs)


@either
def test_6_3_every_epoch_leads_further_from_the_start(logs):
    for log in logs:
        distance = torch.stack([(w - log.start).norm() for w in log.weights])
        assert (distance.diff() > 0).all()
        assert distance[log.history.best_epoch - 1] < 0.75 * distance[-1]


# -- steps and the strength of L2 on a quadratic -------------------------------------------------


def test_6_3_in_one_dimension_the_pair_agrees_for_small_rates():
    gamma, t = 0.1, 100
    h = torch.logspace(-3, 0.5, 71, dtype=torch.float64)
    w = 1 - (1 - gamma * h) ** t
    l2 = h / (h + 1 / (gamma * t))
    assert abs(w[0] / l2[0] - 1) < 0.01
    assert 0.19 < (w - l2).abs().max() < 0.22


class Quadratic:
    """Least squares of one-hot labels on the pixels, one problem for each seed."""

    def __init__(self, seeds: Sequence[int]) -> None:
        sets = [digits(seed=seed) for seed in seeds]
        x = torch.stack([data.x_train for data in sets])
        y = F.one_hot(torch.stack([data.y_train for data in sets])).double()
        self.x_valid = torch.stack([data.x_valid for data in sets])
        self.y_valid = F.one_hot(torch.stack([data.y_valid for data in sets])).double()
        self.hessian, self.b = x.mT @ x / 200, x.mT @ y / 200

    def descend(self, marks: Sequence[int], momentum: float = 0.0) -> dict[int, torch.Tensor]:
        w, v, kept = torch.zeros_like(self.b), torch.zeros_like(self.b), {}
        for t in range(1, max(marks) + 1):
            v = momentum * v + self.hessian @ w - self.b
            w = w - 0.1 * v
            if t in marks:
                kept[t] = w
        return kept

    def with_l2(self, lam: float) -> torch.Tensor:
        return torch.linalg.solve(self.hessian + lam * torch.eye(64), self.b)

    def error(self, w: torch.Tensor) -> torch.Tensor:
        return (self.x_valid @ w - self.y_valid).square().mean(dim=(1, 2))

    def closest(self, w: torch.Tensor) -> torch.Tensor:
        lams = torch.logspace(-4, 1, 101, dtype=torch.float64)
        gaps = [(self.with_l2(lam) - w).flatten(1).norm(dim=1) for lam in lams]
        return lams[torch.stack(gaps).argmin(dim=0)]


@cache
def quadratic(seeds: range) -> Quadratic:
    return Quadratic(seeds)


@either
def test_6_3_on_a_quadratic_steps_are_an_l2_strength(seeds):
    problem, marks = quadratic(seeds), [1, 3, 10, 30, 100, 300, 1000, 3000]
    walked = problem.descend(marks)
    steps = torch.stack([problem.error(walked[t]) for t in marks])
    ridge = torch.stack([problem.error(problem.with_l2(1 / (0.1 * t))) for t in marks])
    for errors in (steps, ridge):  # a U over t for every seed
        assert ((errors.argmin(dim=0) > 2) & (errors.argmin(dim=0) < len(marks) - 1)).all()
    assert (steps / ridge - 1).abs().max() < 0.15
    assert 0.06 < (problem.closest(walked[1000]) / problem.closest(walked[100])).median() < 0.14


@either
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_6_3_momentum_makes_the_strength_a_tenth(seeds, momentum):
    problem = quadratic(seeds)
    for t, w in problem.descend([10, 30, 100, 300], momentum).items():
        share = problem.closest(w) / ((1 - momentum) / (0.1 * t))
        if momentum and t == 10:  # it has not come up to speed
            assert 1.1 < share.median() < 1.6
        else:
            assert (share > 0.5).all() and (share < 1).all()


# -- L2 that is switched on late -----------------------------------------------------------------


@cache
def fork(seed: int) -> dict[int, tuple[float, float, float]]:
    """With L2 from epoch t on: the last valid loss, wrong labels repeated at t and at the end."""
    own, model = digits(seed=seed), MLP(seed=seed)
    optimizer, ends = torch.optim.SGD(model.parameters(), lr=0.4, momentum=0.9), {}
    for t, until in pairwise((0, 60, 108, 120)):
        twin, twin_optimizer = copy.deepcopy((model, optimizer))
        late = train(twin, own, L2(0.003), epochs=120 - t, optimizer=twin_optimizer)
        ends[t] = late.final_valid, says_wrong(model, own), says_wrong(twin, own)
        never = train(model, own, epochs=until - t, optimizer=optimizer)
    return ends | {120: (never.final_valid, says_wrong(model, own), says_wrong(model, own))}


@either
def test_6_3_l2_switched_on_half_way_ends_where_l2_from_the_start_does(seeds):
    forks = [fork(seed) for seed in seeds]
    for ends in forks:
        assert 0.92 < ends[60][0] / ends[0][0] < 1.05
        assert ends[108][0] > 1.2 * ends[0][0]
        assert ends[120][0] > 1.4 * ends[0][0]
    known, kept = (median(ends[60][k] for ends in forks) for k in (1, 2))
    assert known > 0.8 and kept < 0.78
