"""What 10-8 sums up and foretells, over 20 seeds of data, start and noise."""

import pytest
import torch
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau, StepLR

from helpers.data import digits
from helpers.models import MLP
from helpers.penalties import L1, L2
from helpers.sweep import sweep
from helpers.training import early_stop, train

SEEDS = range(20)
ARMS = {
    "L1": lambda s: dict(model=MLP(seed=s), penalty=L1(0.002)),
    "L2": lambda s: dict(model=MLP(seed=s), penalty=L2(0.005)),
    "dropout": lambda s: dict(model=MLP(seed=s, p=0.5)),
}


@pytest.fixture(scope="module")
def trials():
    return [digits(seed=s) for s in SEEDS]


@pytest.fixture(scope="module")
def plain(trials):
    return sweep([dict(model=MLP(seed=s)) for s in SEEDS], trials)


@pytest.mark.parametrize("name", ARMS)
def test_8_1_each_penalty_and_dropout_lower_the_final_valid_loss(name, trials, plain):
    runs = sweep([ARMS[name](s) for s in SEEDS], trials, every=100)
    assert all(a.final_valid < 0.9 * b.final_valid for a, b in zip(runs, plain, strict=True))


def test_8_1_early_stopping_keeps_a_lower_valid_loss(plain):
    for history in plain:
        best = early_stop(history.valid_loss, patience=10).best_epoch
        assert history.valid_loss[best - 1] < 0.7 * history.final_valid


def test_8_1_on_plenty_of_clean_data_the_same_l2_does_harm():
    clean = [digits(n_train=900, label_noise=0, seed=s) for s in SEEDS]
    without = sweep([dict(model=MLP(seed=s)) for s in SEEDS], clean, every=100)
    runs = sweep([ARMS["L2"](s) for s in SEEDS], clean, every=100)
    better = sum(a.final_valid < b.final_valid for a, b in zip(runs, without, strict=True))
    assert better <= 5


def last_swing(make, seed):
    """The standard deviation of the valid loss over the last 20 of 60 epochs."""
    model = MLP(seed=seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.4, momentum=0.9)
    scheduler = make(optimizer)
    watches = isinstance(scheduler, ReduceLROnPlateau)
    history = train(
        model,
        digits(n_train=500, label_noise=0, seed=seed),
        optimizer=optimizer,
        batch_size=50,
        epochs=60,
        seed=seed,
        on_epoch=lambda h: scheduler.step(*[h.valid_loss[-1]] * watches),
    )
    return torch.tensor(history.valid_loss[-20:]).std().item()


def test_8_2_a_lower_learning_rate_calms_the_valid_loss():
    calmer = {"StepLR": 0, "ReduceLROnPlateau": 0}
    for seed in SEEDS:
        constant = last_swing(lambda optimizer: LambdaLR(optimizer, lambda epoch: 1.0), seed)
        step = last_swing(lambda optimizer: StepLR(optimizer, 20, 0.1), seed)
        wait = last_swing(lambda o: ReduceLROnPlateau(o, factor=0.1, patience=3), seed)
        calmer["StepLR"] += step < 0.9 * constant
        calmer["ReduceLROnPlateau"] += wait < 0.9 * constant
    assert calmer["StepLR"] == 20 and calmer["ReduceLROnPlateau"] >= 18, calmer
