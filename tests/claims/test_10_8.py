"""What 10-8 sums up and foretells, over the lesson's 20 seeds and over 20 it was not made on."""

import pytest
import torch
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau, StepLR

from helpers.constraints import Diamond, Disc, minimise
from helpers.data import digits, sparse_linear, two_pixels
from helpers.exercises import ex10_8 as check
from helpers.models import MLP, Dropout, weight_norm, weights, zero_share
from helpers.penalties import L1, L2, NoPenalty
from helpers.sweep import sweep
from helpers.training import Config, accuracy, early_stop, train

HALVES = {"lesson": range(20), "fresh": range(20, 40)}
SEEDS = range(40)


@pytest.fixture(scope="module")
def splits():
    return [digits(seed=s) for s in SEEDS]


@pytest.fixture(scope="module")
def runs(splits):
    def trained(penalty=NoPenalty(), p=0.0, every=100):  # noqa: B008 - a frozen value
        configs = [Config(MLP(p=p, seed=s), splits[s], penalty) for s in SEEDS]
        return sweep(configs, every=every)

    stopped = [train(MLP(seed=s), splits[s], patience=10) for s in SEEDS]
    return {
        "none": trained(every=1),
        "L1": trained(L1(0.002)),
        "L2": trained(L2(0.003)),
        "dropout": trained(p=0.6),
        "early stopping": stopped,
    }


@pytest.fixture(scope="module")
def test_losses(splits, runs):
    @torch.no_grad()
    def of(history, split):
        return split.loss(history.model.eval()(split.x_test), split.y_test).item()

    return {name: list(map(of, group, splits)) for name, group in runs.items()}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("name", ["L1", "L2", "dropout", "early stopping"])
def test_8_1_each_method_lowers_the_test_loss_on_every_seed(name, half, test_losses):
    pairs = zip(test_losses[name], test_losses["none"], strict=True)
    ratios = [one / none for one, none in pairs]
    assert max(ratios[s] for s in HALVES[half]) < 0.9


@pytest.mark.parametrize("half", HALVES)
def test_8_1_early_stopping_beats_each_other_method_here(half, test_losses):
    part = {name: [losses[s] for s in HALVES[half]] for name, losses in test_losses.items()}
    answer, measured = check.strongest(part)
    assert answer == check.METHODS.index("early stopping"), measured


@pytest.mark.parametrize("half", HALVES)
def test_8_1_the_plain_net_overfits_and_memorises_and_generalises_worse(half, splits, runs):
    for s in HALVES[half]:
        plain, small, split = runs["none"][s], runs["L2"][s], splits[s]
        wrong = split.flipped
        memorised, less = (
            accuracy(h.model, split.x_train[wrong], split.y_train[wrong]) for h in (plain, small)
        )
        worse, better = (accuracy(h.model, split.x_test, split.y_test) for h in (plain, small))
        assert plain.rise > 0.3
        assert memorised > 0.95 and less < 0.9
        assert better > worse + 0.03


@pytest.mark.parametrize("half", HALVES)
def test_8_1_both_penalties_shrink_the_weights_and_l1_alone_has_zeros(half, runs):
    for s in HALVES[half]:
        none, l1, l2 = (runs[name][s].model for name in ("none", "L1", "L2"))
        assert weight_norm(l1) < 0.8 * weight_norm(none)
        assert weight_norm(l2) < 0.8 * weight_norm(none)
        assert zero_share(l1) > 0.6 and zero_share(l2) == zero_share(none) == 0


def test_8_1_alpha_weighs_the_penalty_and_doubled_weights_pay_four_times():
    weak, strong = (train(MLP(), digits(), L2(alpha)) for alpha in (0.001, 0.01))
    assert weak.penalty[-1] < 0.3 and strong.penalty[-1] > 0.4
    assert weight_norm(strong.model) < 0.6 * weight_norm(weak.model)
    doubled = L2(0.01).value([2 * w for w in weights(strong.model)])
    assert doubled.item() == pytest.approx(4 * strong.penalty[-1])


def test_8_1_the_diamond_is_met_at_its_corner_the_disc_is_not():
    x, y = two_pixels()

    def loss(w):
        return torch.nn.functional.binary_cross_entropy_with_logits(x @ w[0], y)

    corner, side = (minimise(loss, region=region(1.0))[0] for region in (Diamond, Disc))
    assert corner.tolist() == pytest.approx([1, 0])
    assert side.min() > 0.4


def test_8_1_decay_of_twice_alpha_ends_at_the_same_weights_and_of_alpha_does_not():
    in_loss = train(MLP(), digits(), L2(0.005))
    gaps = []
    for decay in (0.01, 0.005):
        model = MLP()
        biases = [p for p in model.parameters() if p.dim() == 1]
        groups = [{"params": weights(model), "weight_decay": decay}, {"params": biases}]
        train(model, digits(), optimizer=torch.optim.SGD(groups, lr=0.4, momentum=0.9))
        pairs = zip(weights(in_loss.model), weights(model), strict=True)
        gaps.append(max((a - b).abs().max().item() for a, b in pairs))
    assert gaps[0] < 1e-9 and gaps[1] > 0.1


def test_8_1_dropout_turns_off_n_times_p_and_forgetting_eval_costs_accuracy():
    off = (Dropout(0.5)(torch.ones(20_000, 64)) == 0).sum(dim=1)
    assert off.double().mean().item() == pytest.approx(32, abs=0.1)
    for s in (0, 1, 20, 21, 22):
        split = digits(seed=s)
        model = train(MLP(p=0.5, seed=s), split).model
        with torch.no_grad():
            forgot = (model.train()(split.x_test).argmax(1) == split.y_test).double().mean()
        assert accuracy(model, split.x_test, split.y_test) > forgot + 0.03


@pytest.mark.parametrize("half", HALVES)
def test_8_1_stopping_takes_fewer_steps_and_keeps_the_weights_smaller(half, runs):
    for s in HALVES[half]:
        whole, kept = runs["none"][s], runs["early stopping"][s]
        stop = early_stop(whole.valid_loss, 10)
        assert kept.epoch[-1] == stop.epoch < 60
        assert weight_norm(kept.model) < 0.8 * weight_norm(whole.model)


@pytest.mark.parametrize("half", HALVES)
def test_8_1_on_plenty_of_clean_data_the_same_l2_seldom_helps_and_a_tenth_of_it_does(half):
    clean = [digits(n_train=900, label_noise=0, seed=s) for s in HALVES[half]]

    def final(alpha):
        configs = [
            Config(MLP(seed=s), split, L2(alpha))
            for s, split in zip(HALVES[half], clean, strict=True)
        ]
        return [history.final_valid for history in sweep(configs, every=100)]

    none = final(0.0)
    assert check.helps(final(0.003), none)[0] == 2
    lower = sum(a < b for a, b in zip(final(0.0003), none, strict=True))
    assert lower >= 18


SCHEDULES = {
    "Constant": lambda optimizer: LambdaLR(optimizer, lambda epoch: 1.0),
    "StepLR": lambda optimizer: StepLR(optimizer, step_size=20, gamma=0.1),
    "ReduceLROnPlateau": lambda optimizer: ReduceLROnPlateau(
        optimizer, factor=0.1, patience=5, min_lr=0.001
    ),
    "too early": lambda optimizer: StepLR(optimizer, step_size=2, gamma=0.1),
}


def scheduled(make, seed, batch_size=50, epochs=60):
    """The valid loss of 240 steps, by default 60 epochs, of a noisy linear regression."""
    task = sparse_linear(200, n_features=20, noise=1.0, seed=seed)[0]
    model = MLP((20, 1), seed=seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = make(optimizer)
    watches = isinstance(scheduler, ReduceLROnPlateau)
    return train(
        model,
        task,
        optimizer=optimizer,
        batch_size=batch_size,
        epochs=epochs,
        seed=seed,
        on_epoch=lambda h: scheduler.step(*[h.final_valid] * watches),
    ).valid_loss


@pytest.mark.parametrize("half", HALVES)
def test_8_2_a_rate_lowered_in_time_ends_lower_and_one_lowered_too_early_ends_higher(half):
    valid = {name: [scheduled(make, s) for s in HALVES[half]] for name, make in SCHEDULES.items()}
    final = {name: [curve[-1] for curve in curves] for name, curves in valid.items()}
    lower = {
        name: sum(a < b for a, b in zip(losses, final["Constant"], strict=True))
        for name, losses in final.items()
    }
    assert lower["StepLR"] >= 18 and lower["ReduceLROnPlateau"] >= 18, lower
    assert check.lowers(final["StepLR"], final["Constant"])[0] == 0
    ratios = zip(final["too early"], final["Constant"], strict=True)
    assert min(early / constant for early, constant in ratios) > 1.3
    for step, constant in zip(valid["StepLR"], valid["Constant"], strict=True):
        swing, all_along = (torch.tensor(curve[-20:]).std() for curve in (step, constant))
        assert swing < 0.2 * all_along


@pytest.mark.parametrize("half", HALVES)
def test_8_2_a_constant_rate_settles_when_the_data_is_not_split(half):
    for s in HALVES[half]:
        whole = scheduled(SCHEDULES["Constant"], s, batch_size=None, epochs=240)[-20:]
        split = scheduled(SCHEDULES["Constant"], s)[-20:]
        assert max(whole) - min(whole) < 0.01 < 0.1 < max(split) - min(split)
