"""The trainings of a lab: each only once, at rest when nobody asks, forgotten in the end."""

import pytest

from helpers.lab import runs
from helpers.lab.runs import RunCache, Trial
from helpers.models import MLP, weight_norm, zero_share
from helpers.penalties import L2
from helpers.sweep import sweep_epochs
from helpers.training import Config, train_epochs
from tests.lab.trainings import alone, config, data

ALPHAS = [0.0, 0.01, 0.1]


def trials(*alphas, seed=None):
    return [Trial.at({"alpha": alpha}, seed) for alpha in alphas]


def finished(cache, wanted):
    *_, last = cache.train(wanted)
    return last.runs


@pytest.fixture
def trained(monkeypatch):
    """How many trainings began, alone and together."""
    count = {"alone": 0, "together": 0}

    def one(config):
        count["alone"] += 1
        return train_epochs(config)

    def many(configs):
        count["together"] += len(configs)
        return sweep_epochs(configs)

    monkeypatch.setattr(runs, "train_epochs", one)
    monkeypatch.setattr(runs, "sweep_epochs", many)
    return count


def test_every_run_is_what_training_it_alone_gives():
    for alpha, run in zip(ALPHAS, finished(RunCache(config), trials(*ALPHAS)), strict=True):
        expected = alone(config(alpha))
        assert run.history.train_loss == expected.train_loss
        assert run.history.valid_loss == expected.valid_loss
        assert run.history.origin == expected.origin


def test_what_was_trained_in_one_way_is_not_trained_in_another(trained):
    """One cache behind a single training, a sweep and repeats."""
    cache = RunCache(config)
    [single] = finished(cache, trials(0.01))
    many = finished(cache, trials(*ALPHAS))
    assert many[1] is single and trained["together"] == 3
    assert finished(cache, trials(0.1)) == [many[2]] and trained["together"] == 3
    finished(cache, trials(0.01, seed=0))  # fresh data, noise and weights: another training
    assert trained == {"alone": 0, "together": 4}


@pytest.mark.parametrize("settings", [{}, {"batch_size": 50, "lr": 0.1}])
def test_progress_never_goes_back_and_ends_where_all_is_done(settings):
    cache = RunCache(lambda alpha: config(alpha, epochs=4, **settings))
    steps = list(cache.train(trials(*ALPHAS)))
    progress = [step.progress for step in steps[:-1]]
    assert [done for done, _ in progress] == sorted({done for done, _ in progress})
    assert {total for _, total in progress} == {12 if settings else 4}
    assert progress[-1] == ((12, 12) if settings else (4, 4)) and steps[-1].progress == (1, 1)


def test_curves_are_seen_growing_before_the_end():
    """A sweep that shows nothing till its end would be no live lab."""
    cache = RunCache(lambda alpha: config(alpha, epochs=400))
    lengths = [
        [len(run.history.epoch) for run in step.runs] for step in cache.train(trials(*ALPHAS))
    ]
    assert len(lengths) > 3 and 0 < lengths[0][0] < 400
    assert all(len(set(step)) == 1 for step in lengths)
    assert [step[0] for step in lengths] == sorted(step[0] for step in lengths)


def test_a_trial_asked_for_twice_is_trained_once(trained):
    one, other = finished(RunCache(config), trials(0.01, 0.01))
    assert one is other and trained["together"] == 1


def test_a_seed_draws_data_and_weights():
    [run] = finished(RunCache(config), trials(0.01, seed=3))
    expected = alone(Config(MLP(seed=3), data().redraw(seed=3), L2(0.01), epochs=20))
    assert run.history.valid_loss == expected.valid_loss


def test_what_is_left_half_way_goes_on_where_it_was(trained):
    cache = RunCache(lambda alpha: config(alpha, epochs=2000))
    left = cache.train(trials(*ALPHAS))
    seen = [next(left).progress[0] for _ in range(3)]
    left.close()
    *steps, last = cache.train(trials(*ALPHAS))
    assert trained["together"] == 3
    assert steps[0].progress[0] > seen[-1] and last.progress == (1, 1)
    assert last.runs[0].history.valid_loss == alone(config(0.0, epochs=2000)).valid_loss


def test_other_trials_end_what_rests(trained):
    cache = RunCache(config)
    next(cache.train(trials(0.0, 0.01)))
    finished(cache, trials(0.1))
    finished(cache, trials(0.0, 0.01))
    assert trained["together"] == 5


def test_an_interrupt_within_a_training_leaves_nothing_to_go_on_from(trained, monkeypatch):
    cache = RunCache(config)
    interrupts = iter([KeyboardInterrupt])

    def interrupted(configs):
        for step in sweep_epochs(configs):
            yield step
            raise next(interrupts)

    monkeypatch.setattr(runs, "sweep_epochs", interrupted)
    with pytest.raises(KeyboardInterrupt):
        finished(cache, trials(*ALPHAS))
    monkeypatch.setattr(runs, "sweep_epochs", sweep_epochs)
    run = finished(cache, trials(*ALPHAS))[1]
    assert run.history.valid_loss == alone(config(0.01)).valid_loss


def in_batches(alpha):
    return config(alpha, batch_size=50, epochs=3, lr=0.1)


def test_what_no_stack_can_hold_is_trained_one_by_one(trained):
    found = finished(RunCache(in_batches), trials(*ALPHAS))
    assert trained == {"alone": 3, "together": 0}
    for alpha, run in zip(ALPHAS, found, strict=True):
        assert run.history.valid_loss == alone(in_batches(alpha)).valid_loss


def test_what_was_trained_one_by_one_is_kept_when_the_rest_is_left(trained):
    cache = RunCache(in_batches)
    left = cache.train(trials(*ALPHAS))
    while trained["alone"] < 2:
        runs_so_far = next(left).runs
    assert not runs_so_far[2].history.epoch and not runs_so_far[2].drawable
    left.close()
    finished(cache, trials(0.1, 0.01, 0.0))
    assert trained["alone"] == 2 + 2  # the one that was on its way begins anew


@pytest.mark.parametrize("settings", [{}, {"batch_size": 50}], ids=["stack", "alone"])
def test_what_was_measured_on_the_way_is_measured_anew_of_the_weights_that_are_restored(settings):
    """A picture of a growing run measures it; early stopping puts other weights back."""
    [trial] = trials(0.0)
    cache = RunCache(lambda alpha: config(alpha, epochs=400, lr=0.2, patience=5, **settings))
    for step in cache.train([trial]):
        measured = step.runs[0].weight_norm, step.runs[0].zero_share
        if not step.runs[0].history.restored:
            last = measured
    run = cache.known[trial]
    assert run.history.restored and run.history.kept_epoch < run.history.epoch[-1]
    assert run.weight_norm == weight_norm(run.history.model) == measured[0] != last[0]
    assert run.zero_share == zero_share(run.history.model) == measured[1]


def test_one_that_diverges_is_known_to(trained):
    def steep(lr):
        return config(0.01, lr=lr)

    cache = RunCache(steep)
    wanted = [Trial.at({"lr": lr}) for lr in (0.1, 1e200)]
    calm, wild = finished(cache, wanted)
    assert calm.drawable and not wild.drawable and "발산" in str(wild.error)
    assert finished(cache, wanted) == [calm, wild] and trained["together"] == 2


def test_memory_of_trainings_is_bounded(trained, monkeypatch):
    monkeypatch.setattr(runs, "MAX_RUNS", 3)
    cache = RunCache(lambda alpha: config(alpha, epochs=1))
    finished(cache, trials(0.0, 0.01))
    finished(cache, trials(0.1, 0.2, 0.0))  # 0.01 has not been used for longest
    assert cache.has_all(trials(0.0, 0.1, 0.2)) and not cache.has_all(trials(0.01))
    finished(cache, trials(*[i / 100 for i in range(5)]))  # more than are remembered
