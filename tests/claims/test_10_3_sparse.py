"""What 10-3 claims about a sparse truth, where L1 is at home, over 40 seeds of the data."""

from functools import cache
from itertools import pairwise

import torch

from helpers.data import sparse_linear
from helpers.models import MLP, weights
from helpers.penalties import L1, L2, NoPenalty
from helpers.sweep import sweep
from helpers.training import Config

SEEDS = range(40)


@cache
def fits():
    """Per seed: the truth, and the final trainings without a penalty, with L1, with L2 (best α)."""
    problems = [sparse_linear(seed=seed) for seed in SEEDS]
    penalties = [NoPenalty(), *map(L1, (0.03, 0.1, 0.3)), *map(L2, (0.01, 0.1))]
    rows = [
        sweep(
            [Config(MLP((200, 1)), own, penalty, epochs=200, lr=0.05) for own, _ in problems],
            every=200,
        )
        for penalty in penalties
    ]
    return [
        (truth, none, lowest(l1), lowest(l2))
        for (_, truth), none, l1, l2 in zip(
            problems,
            rows[0],
            zip(*rows[1:4], strict=True),
            zip(*rows[4:], strict=True),
            strict=True,
        )
    ]


def lowest(histories):
    return min(histories, key=lambda history: history.final_valid)


def test_sparse_truth_l1_finds_it_and_l2_does_nothing():
    for truth, none, l1, l2 in fits():
        assert l1.final_valid < 0.08 * none.final_valid
        assert l2.final_valid > 0.9 * none.final_valid
        assert (weights(l1.model)[0][0][truth != 0] != 0).all()
        assert (weights(l1.model)[0] == 0).sum() > 100
        assert (weights(l2.model)[0] != 0).all()


def test_sparse_truth_l1_keeps_some_useless_weights_at_the_best_alpha():
    for _, _, l1, _ in fits():
        assert (weights(l1.model)[0] != 0).sum() > 8


def test_coefficients_reach_zero_one_by_one_under_l1_never_under_l2():
    own, truth = sparse_linear()
    alphas = [0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
    kept = {}
    for kind in (L1, L2):
        configs = [Config(MLP((200, 1)), own, kind(a), epochs=400, lr=0.05) for a in alphas]
        paths = torch.cat([weights(h.model)[0].detach() for h in sweep(configs, every=400)])
        kept[kind] = (paths != 0).sum(dim=1).tolist()
        if kind is L1:  # the useless ones go first
            assert (paths[:4, truth != 0] != 0).all() and kept[L1][3] < 20
    assert all(before > after for before, after in pairwise(kept[L1])) and kept[L1][-1] == 0
    assert kept[L2] == [200] * len(alphas)
