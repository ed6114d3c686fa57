"""What 10-6 claims about early stopping, over the seeds of split, noise, start and batches."""

from functools import cache
from statistics import median
from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from helpers.data import digits
from helpers.models import MLP
from helpers.training import accuracy, early_stop, train

NOISY = {"batch_size": 50, "lr": 0.1}
PATIENCE = (1, 2, 3, 5, 10, 20)


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


@pytest.fixture(scope="module")
def logs(seeds):
    return [record(seed) for seed in seeds]


def stop(log, patience: int):
    return early_stop(log.history.valid_loss, patience)


def found(logs, patience: int) -> int:
    return sum(stop(log, patience).best_epoch == log.history.best_epoch for log in logs)


def memorised(log, epoch: int) -> float:
    model = MLP()
    vector_to_parameters(log.weights[epoch - 1], model.parameters())
    wrong = log.data.flipped
    return accuracy(model, log.data.x_train[wrong], log.data.y_train[wrong])


def test_6_1_while_valid_loss_rises_the_wrong_labels_are_memorised(logs):
    for log in logs:
        history = log.history
        assert history.final_valid > 1.2 * history.best_valid
        assert history.train_loss[-1] < 0.25 * history.train_loss[history.best_epoch - 1]
        assert memorised(log, 100) > 0.95
        assert memorised(log, history.best_epoch) < 0.75
    assert median(memorised(log, log.history.best_epoch) for log in logs) < 0.4


def test_6_2_restored_weights_beat_training_to_the_end(logs):
    for log in logs:
        assert log.test[stop(log, 10).best_epoch - 1] < 0.75 * log.test[-1]
        assert log.test[stop(log, 1).best_epoch - 1] < 0.9 * log.test[-1]


def test_6_2_restored_weights_beat_the_last_ones(logs):
    for log in logs:
        assert log.test[stop(log, 20).best_epoch - 1] < log.test[stop(log, 20).epoch - 1]


@pytest.mark.parametrize("patience", PATIENCE)
def test_6_2_replay_equals_really_stopping(logs, patience):
    for seed, log in enumerate(logs):
        model = MLP(seed=seed)
        history = train(model, log.data, **NOISY, seed=seed, patience=patience)
        assert (history.epoch[-1], history.best_epoch) == stop(log, patience)
        kept = log.weights[history.best_epoch - 1]
        assert torch.equal(parameters_to_vector(model.parameters()), kept)


def test_6_2_more_patience_finds_the_minimum_more_often_and_costs_more(logs):
    counts = [found(logs, patience) for patience in PATIENCE]
    assert counts == sorted(counts)
    assert counts[0] <= 5 and counts[-1] >= 19
    costs = [median(stop(log, patience).epoch for log in logs) for patience in PATIENCE]
    assert costs == sorted(costs) and costs[-1] > 2 * costs[0]


def test_6_2_little_patience_fails_in_the_worst_seed_not_in_the_middle(logs):
    def ratios(patience):
        return [log.test[stop(log, patience).best_epoch - 1] / log.test[-1] for log in logs]

    assert max(ratios(1)) > max(ratios(10)) + 0.05
    assert median(ratios(1)) < median(ratios(10)) + 0.1


def test_6_2_a_small_validation_set_stops_at_worse_places(logs):
    def cost(log, n):
        few = early_stop(torch.stack(log.valid)[:, :n].mean(dim=1).tolist(), 10)
        return log.test[few.best_epoch - 1] / log.test[stop(log, 10).best_epoch - 1]

    few, many = ([cost(log, n) for log in logs] for n in (5, 100))
    assert median(few) > 1.03 and max(few) > 1.15
    assert median(many) < 1.02 and max(many) < 1.1


def test_6_2_train_loss_does_not_say_when_to_stop(logs):
    assert all(early_stop(log.history.train_loss, 10).epoch == 100 for log in logs)


def test_6_3_every_epoch_leads_further_from_the_start(logs):
    for log in logs:
        distance = torch.stack([(w - log.start).norm() for w in log.weights])
        assert (distance.diff() > 0).all()
        assert distance[log.history.best_epoch - 1] < 0.75 * distance[-1]


def test_6_3_on_a_quadratic_steps_are_an_l2_strength(seeds):
    gamma, eye = 0.1, torch.eye(64, dtype=torch.float64)
    marks = [10, 30, 100, 300, 1000, 3000]
    for seed in seeds:
        data = digits(seed=seed)
        y, y_valid = (F.one_hot(labels).double() for labels in (data.y_train, data.y_valid))
        hessian, b = data.x_train.T @ data.x_train / len(y), data.x_train.T @ y / len(y)
        w, steps, ridge = torch.zeros_like(b), [], []
        for t in range(1, marks[-1] + 1):
            w = w - gamma * (hessian @ w - b)
            if t in marks:
                l2 = torch.linalg.solve(hessian + eye / (gamma * t), b)
                assert (w - l2).norm() < 0.3 * w.norm()
                steps.append(F.mse_loss(data.x_valid @ w, y_valid).item())
                ridge.append(F.mse_loss(data.x_valid @ l2, y_valid).item())
        for errors in (steps, ridge):
            assert 0 < errors.index(min(errors)) < len(marks) - 1
        assert steps == pytest.approx(ridge, rel=0.2)
        assert min(steps) == pytest.approx(min(ridge), rel=0.1)
