"""Early stopping against its definition, on recorded curves and in a training."""

from functools import cache

import torch
from hypothesis import given, settings, strategies as st

from helpers.data import moons
from helpers.models import MLP
from helpers.penalties import NoPenalty
from helpers.training import early_stop, evaluate, train

curves = st.lists(st.integers(0, 8).map(lambda n: n / 4) | st.floats(0, 3), min_size=1, max_size=60)
patiences = st.integers(1, 20)


def by_definition(curve, patience):
    """Stop at the first epoch that is `patience` epochs after the lowest (first) one so far."""
    for epoch in range(1, len(curve) + 1):
        seen = curve[:epoch]
        best = 1 + seen.index(min(seen))
        if epoch - best >= patience:
            break
    return epoch, best


@given(curves, patiences)
def test_a_recorded_curve_is_stopped_where_the_definition_says(curve, patience):
    assert early_stop(curve, patience) == by_definition(curve, patience)


@given(curves, patiences)
def test_more_patience_never_stops_earlier_nor_keeps_a_worse_epoch(curve, patience):
    less, more = early_stop(curve, patience), early_stop(curve, patience + 1)
    assert more.epoch >= less.epoch and curve[more.best_epoch - 1] <= curve[less.best_epoch - 1]


@given(curves, patiences)
def test_what_comes_after_the_stop_changes_nothing(curve, patience):
    stop = early_stop(curve, patience)
    if stop.epoch - stop.best_epoch >= patience:
        assert early_stop([*curve, 0.0], patience) == stop
        assert early_stop(curve[: stop.epoch], patience) == stop


@cache
def whole(seed):
    """A training of 60 epochs, on few points and a high rate: its valid loss goes up and down."""
    return train(MLP((2, 8, 2), seed=seed), moons(12, 30), epochs=60, lr=1.0)


@settings(max_examples=25)
@given(st.integers(0, 4), patiences)
def test_a_training_stops_where_its_recorded_curve_does(seed, patience):
    model, data = MLP((2, 8, 2), seed=seed), moons(12, 30)
    history = train(model, data, epochs=60, lr=1.0, patience=patience)
    stop = early_stop(whole(seed).valid_loss, patience)
    assert (history.epoch[-1], history.best_epoch) == stop == (len(history.epoch), stop.best_epoch)
    assert history.valid_loss == whole(seed).valid_loss[: stop.epoch]
    assert history.stopped == (stop.epoch - stop.best_epoch >= patience)
    kept = MLP((2, 8, 2), seed=seed)
    train(kept, data, epochs=stop.best_epoch, lr=1.0)
    assert history.restored and history.kept_epoch == stop.best_epoch
    assert all(map(torch.equal, model.parameters(), kept.parameters()))
    assert evaluate(model, data, NoPenalty())[1] == history.kept_valid
