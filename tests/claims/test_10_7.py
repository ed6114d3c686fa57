"""What 10-7 claims about all methods together, over seeds of split, noise and initialisation."""

from functools import cache

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers.data import digits
from helpers.models import MLP
from helpers.penalties import L1, L2, NoPenalty
from helpers.sweep import sweep
from helpers.training import accuracy, train

SEEDS = range(20)
RECIPES = {
    "none": (0.0, NoPenalty(), None),
    "L1": (0.0, L1(0.002), None),
    "L2": (0.0, L2(0.005), None),
    "dropout": (0.5, NoPenalty(), None),
    "early stopping": (0.0, NoPenalty(), 10),
    "all": (0.5, L2(0.002), 10),
}


def arm(name: str, seed: int) -> dict:
    p, penalty, patience = RECIPES[name]
    stopping = {} if patience is None else {"patience": patience}
    return dict(model=MLP(p=p, seed=seed), penalty=penalty, seed=seed, **stopping)


@cache
def models(name: str) -> list[nn.Module]:
    group = [arm(name, seed) for seed in SEEDS]
    splits = [digits(seed=seed) for seed in SEEDS]
    if "patience" in group[0]:
        for one, split in zip(group, splits, strict=True):
            train(data=split, **one)
    else:
        sweep(group, splits, every=100)
    return [one["model"] for one in group]


@cache
def measured(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    """(valid loss, test accuracy) of the models as they are handed back, one for each seed."""
    valid, test = [], []
    for seed, model in zip(SEEDS, models(name), strict=True):
        split = digits(seed=seed)
        test.append(accuracy(model, split.x_test, split.y_test))
        with torch.no_grad():
            valid.append(F.cross_entropy(model(split.x_valid), split.y_valid).item())
    return torch.tensor(valid), torch.tensor(test)


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "none"])
def test_10_7_every_method_lowers_the_valid_loss_of_every_seed(name):
    assert (measured(name)[0] < 0.85 * measured("none")[0]).all()


@pytest.mark.parametrize("name", ["L2", "dropout", "early stopping", "all"])
def test_10_7_the_test_set_agrees(name):
    gain = measured(name)[1] - measured("none")[1]
    assert (gain > 0.03).all()
    assert gain.mean() > 0.09


def test_10_7_l1_helps_a_little_on_average():
    gain = (measured("L1")[1] - measured("none")[1]).mean()
    assert 0.01 < gain < 0.5 * (measured("L2")[1] - measured("none")[1]).mean()


def test_10_7_the_effects_do_not_add_up():
    single = ["L2", "dropout", "early stopping"]
    gains = {name: (measured(name)[1] - measured("none")[1]).mean() for name in [*single, "all"]}
    assert gains["all"] < 0.5 * sum(gains[name] for name in single)
    first, second = sorted((measured(n)[1].mean() for n in RECIPES), reverse=True)[:2]
    assert first - second < measured("all")[1].std()


def test_10_7_plentiful_clean_data_turn_the_tables():
    splits = [digits(n_train=900, label_noise=0.0, seed=seed) for seed in SEEDS]
    mean = {}
    for name in ("none", "L2", "dropout"):
        final = sweep([arm(name, seed) for seed in SEEDS], splits, every=100)
        mean[name] = sum(history.final_valid for history in final)
    assert mean["L2"] > 1.25 * mean["none"]
    helped = measured("dropout")[0].mean() / measured("none")[0].mean()
    assert 1.15 * helped < mean["dropout"] / mean["none"] < 0.9


def test_10_7_plain_pytorch_is_the_training_of_the_course(seeds):
    for seed in seeds:
        data, reference = digits(seed=seed), MLP(seed=seed)
        ours = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).double()
        with torch.no_grad():
            for mine, theirs in zip(ours.parameters(), reference.parameters(), strict=True):
                mine.copy_(theirs)
        whole = DataLoader(TensorDataset(data.x_train, data.y_train), batch_size=200)
        optimizer = torch.optim.SGD(ours.parameters(), lr=0.4, momentum=0.9, weight_decay=0.01)
        for _ in range(10):
            for x, y in whole:
                optimizer.zero_grad()
                F.cross_entropy(ours(x), y).backward()
                optimizer.step()
        train(reference, data, weight_decay=0.01, epochs=10)
        for mine, theirs in zip(ours.parameters(), reference.parameters(), strict=True):
            assert torch.allclose(mine, theirs)


PLAIN = {
    "none": {},
    "L2": dict(weight_decay=0.005),
    "dropout": dict(p=0.5),
    "early stopping": dict(patience=10),
}


@cache
def by_batches(name: str, seed: int) -> tuple[float, float]:
    """(valid loss, test accuracy) with four batches an epoch, as the plain PyTorch part trains."""
    options, data = dict(PLAIN[name]), digits(seed=seed)
    model = MLP(p=options.pop("p", 0.0), seed=seed)
    train(model, data, lr=0.1, batch_size=50, seed=seed, **options)
    with torch.no_grad():
        valid = data.loss(model.eval()(data.x_valid), data.y_valid).item()
    return valid, accuracy(model, data.x_test, data.y_test)


@pytest.mark.parametrize("name", [name for name in PLAIN if name != "none"])
def test_10_7_each_helps_the_plain_loop_too(seeds, name):
    for seed in seeds:
        valid, test = by_batches(name, seed)
        none_valid, none_test = by_batches("none", seed)
        assert valid < none_valid
        assert test > none_test


def test_10_7_gradients_add_up_until_they_are_zeroed():
    model, data = MLP(), digits()
    data.loss(model(data.x_train), data.y_train).backward()
    once = [p.grad.clone() for p in model.parameters()]
    data.loss(model(data.x_train), data.y_train).backward()
    for p, first in zip(model.parameters(), once, strict=True):
        assert torch.allclose(p.grad, 2 * first)
