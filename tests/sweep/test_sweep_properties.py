"""Whatever mix of configs a sweep is given, each is trained to the digit as it would be alone."""

from dataclasses import replace
from functools import cache

import torch
from hypothesis import given, settings, strategies as st

from helpers.data import moons, sine
from helpers.models import MLP, Dropout
from helpers.penalties import L1, L2, L1Subgradient, NoPenalty
from helpers.sweep import sweep, sweep_epochs
from helpers.training import Config, Diverged, train

penalties = st.just(NoPenalty()) | st.builds(
    lambda kind, alpha: kind(alpha),
    st.sampled_from([L1, L1Subgradient, L2]),
    st.sampled_from([0.0, 1e-3, 0.1, 2.0]),
)


@cache
def data(name, rows, seed):
    make, width = {"moons": (moons, 2), "sine": (sine, 1)}[name]
    return make(n_train=rows, n_valid=7, n_test=1, seed=seed), width


@st.composite
def makers(draw):
    """A function that makes a config: twice the same one, each with a network of its own."""
    part, width = data(
        draw(st.sampled_from(["moons", "sine"])),
        draw(st.sampled_from([5, 8])),
        draw(st.integers(0, 1)),
    )
    hidden = draw(st.lists(st.sampled_from([2, 3]), max_size=2))
    widths, p, seed = (
        (width, *hidden, width),
        draw(st.sampled_from([0, 0.3, 0.7])),
        draw(st.integers(0, 2)),
    )
    settings = {
        "penalty": draw(penalties),
        "epochs": draw(st.integers(1, 12)),
        "lr": draw(st.sampled_from([0.05, 0.4])),
        "momentum": draw(st.sampled_from([0.0, 0.9])),
        "seed": draw(st.integers(0, 1)),
        "patience": draw(st.sampled_from([None, None, 1, 3])),
    }
    # A single weight is transposed by autograd: see helpers.sweep.backprop.
    widths = (1, 2, *widths[1:]) if widths == (1, 1) else widths
    return lambda: Config(MLP(widths, p, seed), part, **settings)


def alone(config):
    """The curves of the config's own training, as far as they go, and its network."""
    names = ("epochs", "lr", "momentum", "seed", "patience")
    own = {name: getattr(config, name) for name in names}
    try:
        return train(config.model, config.data, config.penalty, **own)
    except Diverged as error:
        return error.history


def state(model):
    """Parameters, and where the generators of its dropout stand."""
    drops = [m for m in model.modules() if isinstance(m, Dropout)]
    return [*model.parameters(), *(drop.generator.get_state() for drop in drops)]


@settings(max_examples=40)
@given(st.lists(makers(), min_size=1, max_size=6), st.integers(1, 5))
def test_a_mix_of_configs_is_trained_as_each_alone(mix, every):
    configs = [make() for make in mix]
    if any(config.patience for config in configs):
        every = 1
    for history, make in zip(sweep(configs, every=every), mix, strict=True):
        expected = alone(make())
        last = expected.epoch[-1] if expected.epoch else 0
        wanted = [e for e in expected.epoch if e % every == 0 or e == make().epochs]
        assert history.epoch == wanted
        for name in ("train_loss", "valid_loss", "penalty"):
            whole = getattr(expected, name)
            assert getattr(history, name) == [whole[epoch - 1] for epoch in wanted]
        assert history.origin == expected.origin
        assert (history.stopped, history.restored) == (expected.stopped, expected.restored)
        if last == make().epochs or expected.stopped:
            assert all(map(torch.equal, state(history.model), state(expected.model)))


@settings(max_examples=20)
@given(st.lists(makers(), min_size=2, max_size=4), st.integers(0, 3))
def test_a_sweep_left_half_way_leaves_networks_that_go_on(mix, steps):
    """Its models stand where a training of so many epochs leaves them."""
    configs = [replace(make(), epochs=12, lr=0.05, patience=None) for make in mix]
    running, epoch = sweep_epochs(configs), 0
    for _ in range(steps):
        epoch, _ = next(running, (12, None))
    running.close()
    for config, make in zip(configs, mix, strict=True):
        expected = make().model
        if epoch:
            expected = alone(replace(make(), epochs=epoch, lr=0.05, patience=None)).model
        assert all(map(torch.equal, config.model.parameters(), expected.parameters()))
