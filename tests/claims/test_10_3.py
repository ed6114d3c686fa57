"""What 10-3 claims about L1 and L2, over the seeds of split, noise and initialisation."""

from functools import cache
from itertools import islice, pairwise

import pytest
import torch
import torch.nn.functional as F

from helpers.constraints import Diamond, Disc, minimise
from helpers.data import digits, sparse_linear, two_pixels
from helpers.models import MLP, weights
from helpers.penalties import L1, L2, L1Subgradient, NoPenalty, l1_norm, l2_norm_squared
from helpers.sweep import sweep
from helpers.training import accuracy, train

SEEDS = range(20)
L1_ALPHAS, L2_ALPHAS = (1e-3, 2e-3, 3e-3), (0.005, 0.01)
TOO_MUCH_L1, TOO_MUCH_L2 = L1(7e-3), L2(0.2)


@cache
def runs(penalty=None):
    """One training a seed."""
    arms = [dict(model=MLP(seed=seed), penalty=penalty or NoPenalty()) for seed in SEEDS]
    return sweep(arms, [digits(seed=seed) for seed in SEEDS])


def final(penalty=None):
    """Final valid loss, one a seed."""
    return torch.tensor([history.final_valid for history in runs(penalty)])


def best_of(kind, alphas):
    """The lowest final valid loss over some α, one a seed."""
    return torch.stack([final(kind(alpha)) for alpha in alphas]).min(dim=0).values


def flat(model):
    return torch.cat([w.detach().flatten() for w in weights(model)])


def zero_share(history):
    return (flat(history.model) == 0).double().mean().item()


def gain(penalty):
    """Test accuracy over the one without a penalty, one a seed."""
    gains = []
    for seed, with_it, without in zip(SEEDS, runs(penalty), runs(), strict=True):
        data = digits(seed=seed)
        one, other = (accuracy(h.model, data.x_test, data.y_test) for h in (with_it, without))
        gains.append(one - other)
    return torch.tensor(gains)


# The formulas


def test_3_1_and_3_4_sums_by_hand_are_the_penalties():
    model = MLP(seed=3)
    absolute = square = 0.0
    for w in weights(model):
        for value in w.detach().flatten().tolist():
            absolute += abs(value)
            square += value * value
    assert L1(0.3).value(weights(model)).item() == pytest.approx(0.3 * absolute)
    assert L2(0.3).value(weights(model)).item() == pytest.approx(0.3 * square)


def test_3_4_the_loop_by_hand_is_train():
    data, model, alpha = digits(), MLP(), 0.01
    optimizer = torch.optim.SGD(model.parameters(), lr=0.4, momentum=0.9)
    for _ in range(100):
        loss = F.cross_entropy(model(data.x_train), data.y_train)
        penalty = alpha * sum((w**2).sum() for w in weights(model))
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
    for ours, theirs in zip(weights(model), weights(runs(L2(alpha))[0].model), strict=True):
        torch.testing.assert_close(ours, theirs)


# α


def test_3_2_more_alpha_costs_more_train_loss():
    for weaker, stronger in ((None, L2(0.005)), (L2(0.005), L2(0.01)), (None, L1(1e-3))):
        for one, other in zip(runs(weaker), runs(stronger), strict=True):
            assert one.train_loss[-1] < other.train_loss[-1]


def test_3_3_the_loss_that_is_trained_on_is_data_plus_penalty():
    for history in runs(L2(0.01)):
        amount = 0.01 * l2_norm_squared(weights(history.model)).item()
        assert history.penalty[-1] == pytest.approx(amount)
        assert 0.2 < amount / history.train_loss[-1] < 2  # both parts can be seen in the picture


def test_3_5_both_make_weights_small():
    for name, penalty in (("L1", L1(3e-3)), ("L2", L2(0.01))):
        norm = {"L1": l1_norm, "L2": l2_norm_squared}[name]
        for with_it, without in zip(runs(penalty), runs(), strict=True):
            assert norm(weights(with_it.model)) < 0.5 * norm(weights(without.model))


# Exact zeros


@pytest.mark.parametrize("penalty", [None, L2(0.01), L1Subgradient(3e-3)], ids=str)
def test_3_5_no_exact_zero_without_the_soft_threshold(penalty):
    assert [zero_share(history) for history in runs(penalty)] == [0.0] * len(SEEDS)


def test_3_5_l1_makes_exact_zeros_and_more_of_them_with_alpha():
    for shares in zip(*([zero_share(h) for h in runs(L1(a))] for a in L1_ALPHAS), strict=True):
        assert 0.6 < shares[0] < shares[1] < shares[2]
        assert shares[2] > 0.85


def test_3_5_a_weight_under_the_subgradient_chatters_about_zero():
    steps = []
    train(MLP(), digits(), L1Subgradient(3e-3), on_epoch=lambda h: steps.append(flat(h.model)))
    last = torch.stack(steps)[-30:]
    flips = (last[1:] * last[:-1] < 0).sum(dim=0)
    assert flips.max() == 29  # one changes its sign in every epoch
    assert last[:, flips.argmax()].abs().max() < 0.005


# Two weights


@pytest.fixture(scope="module")
def loss():
    x, y = two_pixels()
    return lambda w: F.binary_cross_entropy_with_logits(x @ w[0], y)


def test_3_6_the_solution_touches_the_corner_of_the_diamond_never_an_axis_on_the_disc(loss):
    at_corner = [s for s in (0.2, 0.5, 0.8, 1.2, 1.6, 2.0, 2.6) for w in [minimise_l1(loss, s)]
                 if w[0, 1] == 0 and w[0, 0] == pytest.approx(s)]  # fmt: skip
    assert at_corner == [0.2, 0.5, 0.8, 1.2, 1.6]
    for s in (0.2, 0.5, 1.2, 2.0, 4.0, 6.0):
        w = minimise(loss, region=Disc(s))
        assert w.square().sum().item() == pytest.approx(s)
        assert w[0].min() > 0.05


def minimise_l1(loss, s):
    return minimise(loss, region=Diamond(s))


def test_3_7_a_wide_region_holds_the_minimiser_itself(loss):
    minimum = minimise(loss)
    for region in (Diamond(4.0), Disc(7.0)):
        torch.testing.assert_close(minimise(loss, region=region), minimum)


@pytest.mark.parametrize(
    ("penalty", "norm", "region"), [(L1, l1_norm, Diamond), (L2, l2_norm_squared, Disc)]
)
def test_3_7_penalty_and_constraint_trace_the_same_path(loss, penalty, norm, region):
    sizes = []
    for alpha in torch.logspace(-3, -0.6, 8).tolist():
        by_penalty = minimise(loss, penalty(alpha))
        sizes.append(norm([by_penalty]).item())
        by_constraint = minimise(loss, region=region(sizes[-1]))
        assert (by_penalty - by_constraint).abs().max() < 1e-6
    # A larger α is a smaller s.
    assert all(larger < smaller for smaller, larger in pairwise(sizes))
    assert sizes[-1] < 0.3 * sizes[0]


# The U


def test_3_8_l2_has_a_best_alpha_between_too_little_and_too_much():
    best = best_of(L2, L2_ALPHAS)
    assert (best / final() <= 0.66).all()
    assert (final(TOO_MUCH_L2) > final()).all()
    assert (final(TOO_MUCH_L2) > 1.5 * best).all()


def test_3_8_l1_has_a_best_alpha_between_too_little_and_too_much():
    assert (best_of(L1, L1_ALPHAS) / final() <= 0.77).all()
    assert (final(TOO_MUCH_L1) > final()).all()


def test_3_8_on_digits_l1_is_not_ahead_of_l2():
    assert (best_of(L2, L2_ALPHAS) <= best_of(L1, L1_ALPHAS)).all()


# Where L1 is at home


@cache
def fits():
    """Per seed: the truth, and the final trainings without a penalty, with L1, with L2 (best α)."""
    penalties = [NoPenalty(), *map(L1, (0.03, 0.1, 0.3)), *map(L2, (0.01, 0.1))]
    problems = [sparse_linear(seed=seed) for seed in SEEDS]
    arms = [
        dict(model=MLP((200, 1)), penalty=penalty, data=data)
        for data, _ in problems
        for penalty in penalties
    ]
    histories = iter(sweep(arms, problems[0][0], epochs=200, lr=0.05))
    return [
        (truth, next(histories), lowest(islice(histories, 3)), lowest(islice(histories, 2)))
        for _, truth in problems
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


# Where they fail


def test_limit_neither_beats_the_best_moment_without_a_penalty():
    best = torch.tensor([history.best_valid for history in runs()])
    assert (best_of(L1, L1_ALPHAS) > best).all()
    assert (best_of(L2, L2_ALPHAS) > best).all()


def test_limit_they_prevent_the_rise():
    for kind, alphas in ((L1, L1_ALPHAS), (L2, L2_ALPHAS)):
        for with_it, without in zip(runs(kind(alphas[-1])), runs(), strict=True):
            assert with_it.rise < 0.5 * without.rise


def test_limit_l1_accuracy_does_not_gain_on_every_seed_l2_does():
    gains = gain(L1(2e-3))
    assert gains.median() > 0.02
    assert 15 <= (gains > 0).sum() < len(SEEDS)
    assert (gain(L2(0.01)) >= 0.05).all()


def test_limit_too_large_an_alpha_kills_the_net():
    for seed, history in zip(SEEDS, runs(TOO_MUCH_L1), strict=True):
        data = digits(seed=seed)
        assert zero_share(history) == 1
        assert accuracy(history.model, data.x_test, data.y_test) < 0.2
        outputs = history.model(data.x_test)
        torch.testing.assert_close(outputs, outputs[:1].expand_as(outputs))
