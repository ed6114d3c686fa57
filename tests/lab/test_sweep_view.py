"""All settings of a knob at once: a slider that then moves through finished trainings."""

import time

import pytest
import torch

from helpers.lab import worker
from helpers.lab.controls import Alpha, Probability, Slider
from helpers.lab.lab import CURVES
from helpers.lab.training_lab import SEEDS_VIEW, SWEEP_VIEW, TrainingLab
from helpers.lab.worker import Cancelled
from helpers.models import MLP, weights
from helpers.penalties import L2
from helpers.training import Config, Diverged
from tests.lab.toy import knob, lab_threads, note, status, statuses
from tests.lab.trainings import SHORT, alone, config, data, look, slow_lab
from tests.until import until


def test_every_stop_is_what_training_it_alone_gives():
    lab = TrainingLab("t", config, alpha=SHORT)
    stops = look(lab, SWEEP_VIEW)
    assert stops.values == SHORT.stops()
    for stop, run in zip(stops.values, stops.runs, strict=True):
        expected = alone(config(stop))
        assert run.history.train_loss == expected.train_loss
        assert run.history.valid_loss == expected.valid_loss
        for mine, other in zip(weights(run.history.model), weights(expected.model), strict=True):
            assert torch.equal(mine, other)
    assert lab.result is stops.run.history
    assert lab.result.valid_loss == alone(config(0.01)).valid_loss


def test_after_a_sweep_the_slider_trains_nothing_in_either_view(trained):
    lab = TrainingLab("t", config, alpha=SHORT)
    look(lab, SWEEP_VIEW)
    assert len(trained) == len(SHORT.stops())  # the first curves are one of them
    slider = knob(lab)
    for view in (SWEEP_VIEW, CURVES, SWEEP_VIEW):
        look(lab, view)
        for index in (0, 5, len(slider.options) - 1):
            slider.index = index
            lab.wait(5)
            assert lab.result is look(lab, SWEEP_VIEW).runs[index].history
            look(lab, view)
    assert len(trained) == len(SHORT.stops())
    look(lab, SWEEP_VIEW)
    lab.run(alpha=0.0123)  # between the stops
    assert len(trained) == len(SHORT.stops()) + 1
    assert 0.0123 in lab.shown.output.values and "0.0123" in lab.shown.summary


def test_after_a_sweep_the_picture_waits_for_no_pause_of_the_hand(monkeypatch):
    monkeypatch.setattr(worker, "PAUSE", 60)
    lab = TrainingLab("t", config, alpha=SHORT)
    look(lab, SWEEP_VIEW)
    for view in (SWEEP_VIEW, CURVES):
        look(lab, view)
        for alpha in (0.001, 0.1, 0.05):
            lab.set(alpha=alpha)
            lab.wait(5)
    lab.set(alpha=0.0123)  # not trained yet: it might be one of many on the slider's way
    with pytest.raises(TimeoutError):
        lab.wait(0.5)
    lab.close()


def test_another_knob_needs_a_sweep_of_its_own_and_going_back_does_not(trained):
    def both(alpha, p):
        return Config(MLP(p=p), data(), L2(alpha), epochs=5)

    def ends(lab):
        return [run.history.final_valid for run in lab.shown.output.runs]

    lab = TrainingLab("t", both, alpha=SHORT, p=Probability(0.0))
    look(lab, SWEEP_VIEW)
    without = ends(lab)
    lab.run(p=0.5)
    assert len(trained) == 2 * len(SHORT.stops()) and ends(lab) != without
    lab.run(p=0.0)
    assert len(trained) == 2 * len(SHORT.stops()) and ends(lab) == without


def test_a_sweep_tells_how_long_it_takes_and_can_be_stopped():
    lab, seen = slow_lab()
    assert any("<progress" in line and "%" in line for line in seen)
    start = time.monotonic()
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(10)
    assert time.monotonic() - start < 1
    assert lab.shown.values["epochs"] == 1 and "멈췄습니다" in status(lab)
    assert not lab_threads()


def test_a_stopped_view_leaves_the_switch_at_the_picture_that_is_shown():
    lab, _ = slow_lab()
    lab.switch(SEEDS_VIEW)
    time.sleep(0.2)
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(10)
    assert lab.panel.view == lab.panel.switch.value == lab.shown.view == SWEEP_VIEW


def test_the_last_move_wins_over_a_sweep():
    lab, _ = slow_lab()
    lab.set(epochs=1, alpha=0.05)
    lab.wait(20)
    assert lab.shown.values == {"alpha": 0.05, "epochs": 1} and lab.shown.output.now == 0.05
    lab.switch(CURVES)
    lab.switch(SWEEP_VIEW)
    lab.set(alpha=0.02)
    lab.switch(CURVES)
    lab.wait(20)
    assert lab.panel.view == lab.shown.view == CURVES and lab.shown.values["alpha"] == 0.02


def test_a_slider_moved_during_its_own_sweep_interrupts_nothing(trained):
    """The sweep rests and goes on: every move only asks for another of its curves."""

    def longer(alpha):
        return config(alpha, epochs=600)

    lab = TrainingLab("t", longer, alpha=SHORT)
    seen = statuses(lab)
    lab.switch(SWEEP_VIEW)
    for alpha in (0.001, 0.1, 0.02, 0.05):
        lab.set(alpha=alpha)
        begun = len(seen)
        until(lambda begun=begun: any("<progress" in line for line in seen[begun:]))
    shares = [int(line.split("%")[0].split()[-1]) for line in seen if "<progress" in line]
    lab.wait(60)
    assert len(trained) == len(SHORT.stops())
    assert shares == sorted(shares) and lab.shown.output.now == 0.05
    assert lab.result.valid_loss == alone(longer(0.05)).valid_loss


def test_a_stopped_sweep_goes_on_where_it_was(trained):
    lab, seen = slow_lab()
    begun, share = len(trained), float(last_progress(seen))
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(10)
    seen.clear()
    lab.set(epochs=100_000)
    until(lambda: last_progress(seen) > share)
    lab.set(epochs=1)
    lab.wait(10)
    assert len(trained) == begun and first_progress(seen) > share > 1


def progresses(lines):
    """The epochs that the bars of some status lines tell."""
    return [int(line.split('value="')[1].split('"')[0]) for line in lines if "<progress" in line]


def last_progress(lines):
    return progresses(lines)[-1] if progresses(lines) else 0


def first_progress(lines):
    return progresses(lines)[0]


def test_configs_no_sweep_can_take_are_seen_one_by_one():
    def batches(alpha):
        return config(alpha, epochs=3, batch_size=50, lr=0.1)

    lab = TrainingLab("t", batches, alpha=Alpha(0.01, low=0.01, high=0.1))
    lines = statuses(lab)
    stops = look(lab, SWEEP_VIEW)
    assert [run.history.valid_loss for run in stops.runs] == [
        alone(batches(stop)).valid_loss for stop in stops.values
    ]
    assert any("<progress" in line for line in lines)


def test_with_patience_the_loss_is_that_of_the_model_that_comes_back():
    def patient(alpha):
        return config(alpha, epochs=60, patience=1000)

    lab = TrainingLab("t", patient, alpha=Alpha(0.0, low=0.01, high=0.01))
    [run, _] = look(lab, SWEEP_VIEW).runs
    assert run.history.best_valid < run.history.final_valid
    assert f"α = 0에서는 {run.history.best_valid:.2f}입니다" in lab.shown.summary


def test_what_diverges_is_a_gap_in_the_sweep_and_an_error_in_the_curves():
    def steep(lr):
        return config(0.01, lr=lr)

    lab = TrainingLab("t", steep, lr=Slider("learning rate", 0.1, 1e200, 5e199, 0.1))
    stops = look(lab, SWEEP_VIEW)
    assert [run.error is not None for run in stops.runs] == [False, True, True]
    lab.run(lr=stops.values[1])
    assert "발산" in lab.shown.summary and "⚠" not in note(lab)
    lab.switch(CURVES)
    with pytest.raises(Diverged):
        lab.wait(5)
    assert lab.panel.view == SWEEP_VIEW and "발산" in note(lab)
