"""What 10-5 claims about dropout, over the seeds of split, noise and initialisation."""

import math
from functools import cache
from itertools import pairwise
from statistics import median

import torch
from torch import nn

from helpers import plots
from helpers.data import Dataset, digits
from helpers.models import MLP, Dropout
from helpers.plots.charts.bars import binomial
from helpers.training import History, accuracy, train

split = cache(digits)


@cache
def trained(seed: int, p: float, width: int = 64) -> History:
    return train(MLP((64, width, 10), p=p, seed=seed), split(seed=seed))


def by_hand(h: torch.Tensor, p: float, generator: torch.Generator) -> torch.Tensor:
    mask = torch.rand(h.shape, generator=generator, dtype=h.dtype) >= p
    return h * mask / (1 - p)


def ones(*shape: int) -> torch.Tensor:
    return torch.ones(shape, dtype=torch.float64)


@torch.no_grad()
def passes(model: MLP, x: torch.Tensor, count: int) -> torch.Tensor:
    """Probabilities (count, n, 10) of a model left in train mode."""
    model.train()
    return torch.stack([model(x).softmax(1) for _ in range(count)])


def learned(seed: int, p: float, wrong: bool) -> float:
    """The share of the wrong (or right) train labels that the network gives back."""
    data = split(seed=seed)
    rows = data.flipped == wrong
    return accuracy(trained(seed, p).model, data.x_train[rows], data.y_train[rows])


def test_accuracy(seed: int, p: float, width: int = 64) -> float:
    data: Dataset = split(seed=seed)
    return accuracy(trained(seed, p, width).model, data.x_test, data.y_test)


test_accuracy.__test__ = False  # a measurement, not a test


def test_5_1_dropout_by_hand_is_torchs_on_the_same_mask(seeds):
    for seed in seeds:
        generator = torch.Generator().manual_seed(seed)
        h = 0.1 + torch.rand(50, 64, generator=generator, dtype=torch.float64)
        for p in (0.1, 0.5, 0.8):
            theirs = nn.Dropout(p)(h)
            assert torch.allclose(h * (theirs != 0) / (1 - p), theirs, rtol=1e-14, atol=0)
            ours = by_hand(h, p, torch.Generator().manual_seed(seed))
            assert torch.allclose(Dropout(p, seed=seed)(h), ours, rtol=1e-14, atol=0)
            assert (ours == 0).any() and not torch.equal(ours[0] == 0, ours[1] == 0)


def test_5_2_only_train_mode_wavers(seeds):
    for seed in seeds:
        model, image = trained(seed, 0.5).model, split(seed=seed).x_test[:1]
        assert len(passes(model, image, 50).unique(dim=0)) > 40
        model.eval()
        assert len(torch.stack([model(image) for _ in range(50)]).unique(dim=0)) == 1


def test_5_2_forgetting_eval_costs_accuracy(seeds):
    for seed in seeds:
        data = split(seed=seed)
        guesses = passes(trained(seed, 0.5).model, data.x_test, 5).argmax(2)
        forgotten = (guesses == data.y_test).double().mean().item()
        assert forgotten < test_accuracy(seed, 0.5) - 0.04


def test_5_2_the_spread_tells_where_the_answer_is_shaky(seeds):
    for seed in seeds:
        data = split(seed=seed)
        many = passes(trained(seed, 0.5).model, data.x_test, 50)
        correct = (many.mean(0).argmax(1) == data.y_test).double()
        groups = [correct[i].mean() for i in many.std(0).mean(1).argsort().chunk(5)]
        assert groups[0] > groups[-1] + 0.2
        assert abs(correct.mean().item() - test_accuracy(seed, 0.5)) < 0.03


def test_5_3_after_dropout_a_smaller_network_is_left(seeds):
    for seed in seeds:
        model, x = MLP(p=0.5, seed=seed).train(), split(seed=seed).x_valid[:1]
        on = Dropout(0.5, seed=model[2].generator.initial_seed())(ones(64, 1))[:, 0] != 0
        hidden = torch.relu(x @ model[0].weight[on].T + model[0].bias[on])
        left = 2 * hidden @ model[3].weight[:, on].T + model[3].bias
        assert 10 < on.sum() < 54
        assert torch.allclose(model(x), left, rtol=0, atol=1e-12)


def test_5_3_dropped_neurons_lose_their_edges_in_the_picture(seeds):
    _, ax = plots.figure()
    for seed in seeds:
        masks = torch.rand(2, 8, generator=torch.Generator().manual_seed(seed)) >= 0.5
        plots.network(ax, (4, 8, 8, 3), [None, *masks, None])
        a, b = masks.sum(1).tolist()
        (edges,) = [c for c in ax.collections if c.get_gid() == "edges"]
        assert len(edges.get_segments()) == 4 * a + a * b + b * 3


def test_5_4_n_times_p_neurons_are_off_on_average(seeds):
    for seed in seeds:
        for n, p in ((10, 0.3), (1000, 0.3), (100, 0.8)):
            off = (Dropout(p, seed=seed)(ones(2000, n)) == 0).sum(1).double()
            variance = n * p * (1 - p)
            assert abs(off.mean() - n * p) < 5 * math.sqrt(variance / 2000)
            assert 0.8 < off.var() / variance < 1.2


def test_5_4_the_counts_are_binomial():
    n, p = 100, 0.3
    off = (Dropout(p)(ones(20_000, n)) == 0).sum(1)
    measured = off.bincount(minlength=n + 1) / len(off)
    expected = torch.tensor([binomial(k, n, p) for k in range(n + 1)])
    assert (measured - expected).abs().sum() < 0.05


def test_5_4_the_scaling_keeps_the_mean_and_the_mask_alone_does_not(seeds):
    for seed in seeds:
        h = torch.relu(MLP(seed=seed)[0](split(seed=seed).x_valid[:1])).detach()
        for p in (0.2, 0.5, 0.8):
            dropped = Dropout(p, seed=seed)(h.expand(5000, -1))
            assert abs(dropped.sum(1).mean() / h.sum() - 1) < 0.05
            kept = h * (dropped != 0)
            assert abs(kept.sum(1).mean() / h.sum() - (1 - p)) < 0.05 * (1 - p)


def test_5_5_valid_loss_is_a_u_over_p(seeds):
    for seed in seeds:
        valid = {p: trained(seed, p).final_valid for p in (0.0, 0.4, 0.5, 0.6, 0.7, 0.95)}
        middle = min(valid[p] for p in (0.4, 0.5, 0.6, 0.7))
        assert middle < 0.7 * valid[0.0]
        assert valid[0.95] > 1.05 * valid[0.0]
        assert test_accuracy(seed, 0.5) > test_accuracy(seed, 0.0) + 0.04


def test_5_5_the_more_dropout_the_less_is_learned_by_heart(seeds):
    for seed in seeds:
        train_loss = [trained(seed, p).train_loss[-1] for p in (0.0, 0.5, 0.7, 0.95)]
        assert all(1.5 * a < b for a, b in pairwise(train_loss))
        assert learned(seed, 0.0, wrong=True) > 0.95
        assert learned(seed, 0.5, wrong=True) < 0.85
        assert learned(seed, 0.7, wrong=True) < 0.6
        assert learned(seed, 0.5, wrong=False) > 0.95
        assert learned(seed, 0.7, wrong=False) > 0.9
        assert learned(seed, 0.95, wrong=False) < 0.5


def test_5_5_dropout_learns_more_slowly_and_prevents_the_rise_rather_than_the_minimum(seeds):
    ratios = []
    for seed in seeds:
        none, half = trained(seed, 0.0), trained(seed, 0.5)
        assert half.best_epoch > 1.2 * none.best_epoch
        assert half.rise < 0.5 * none.rise
        ratios.append(half.best_valid / none.best_valid)
    assert min(ratios) < 0.95 and max(ratios) > 1.05  # now the one is better, now the other


def test_5_5_in_a_narrow_network_dropout_mostly_harms(seeds):
    gains = [test_accuracy(s, 0.5, 4) - test_accuracy(s, 0.0, 4) for s in seeds]
    assert median(gains) < -0.1
    assert sum(gain < 0 for gain in gains) >= 18
