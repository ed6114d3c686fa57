"""All settings of a knob at once: a slider that then moves through finished trainings."""

import math
import time
from itertools import pairwise

import numpy as np
import pytest
import torch

from helpers import plots
from helpers.lab import worker
from helpers.lab.controls import Alpha, Probability, Slider
from helpers.lab.lab import CURVES
from helpers.lab.sweep_view import KnobSweep, describe, draw
from helpers.lab.training_lab import SEEDS_VIEW, SWEEP_VIEW, TrainingLab
from helpers.lab.worker import Cancelled
from helpers.models import MLP, weights
from helpers.penalties import L2
from helpers.training import Config, Diverged
from tests.lab.toy import knob, lab_threads, note, status, statuses
from tests.lab.trainings import SHORT, alone, config, data, look, made_up, slow_lab
from tests.plots.examples import legend_texts, line_data
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
    lab = TrainingLab("t", config, alpha=SHORT)
    look(lab, SEEDS_VIEW)
    lab.run(alpha=0.1)
    look(lab, SWEEP_VIEW)
    monkeypatch.setattr(worker, "PAUSE", 60)
    for view in (SWEEP_VIEW, CURVES):
        look(lab, view)
        for alpha in (0.001, 0.1, 0.05):
            lab.set(alpha=alpha)
            lab.wait(5)
    lab.switch(SEEDS_VIEW)
    for alpha in (0.1, 0.01, 0.1):
        lab.set(alpha=alpha)
    lab.wait(5)
    assert lab.shown.view == SEEDS_VIEW and lab.shown.values == {"alpha": 0.1}
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


# The picture and the sentence

VALUES = [0.0, 0.01, 0.1]
CURVES_OF = [[2.0, 1.0, 1.4], [2.0, 0.9, 0.7], [2.0, 1.5, 1.2]]  # valid loss, α by α


def stops(runs=None, now=0.01, progress=(1, 1)):
    runs = runs or [made_up(curve) for curve in CURVES_OF]
    return KnobSweep("α", True, VALUES, runs, now, progress)


def pictured(seen):
    _, axes = plots.figure(2, 2)
    draw(axes, seen)
    return axes


def test_the_u_stands_over_every_stop_and_its_lowest_point_is_starred():
    seen = stops()
    (u, curves), (size, zeros) = pictured(seen)
    for name, at_0, rest in (
        ("train", 0.7, [0.35, 0.6]),
        ("valid", 1.4, [0.7, 1.2]),
        ("Best epoch", 1.0, [0.7, 1.2]),
    ):
        assert line_data(u, f"curve {name} at 0")[0, 1] == at_0
        assert line_data(u, f"curve {name}").tolist() == [[0.01, rest[0]], [0.1, rest[1]]]
    assert line_data(u, "best").tolist() == [[0.01, 0.7]]
    assert legend_texts(u)[:3] == ["Train", "Valid", "Best epoch"] and "Now" in legend_texts(u)
    assert line_data(curves, "valid")[:, 1].tolist() == CURVES_OF[1] and curves.get_xlim() == (0, 3)
    norms = [run.weight_norm for run in seen.runs]
    assert line_data(size, "curve Norm of W")[:, 1].tolist() == norms[1:]
    assert line_data(zeros, "curve Zeros")[:, 1].tolist() == [0, 0]
    for ax, label in ((u, "Loss"), (size, "Norm of W"), (zeros, "Share of exact 0")):
        assert ax.get_ylabel() == label and ax.get_xlabel() == "α" and ax.get_xscale() == "log"
        assert line_data(ax, "now")[:, 0].tolist() == [0.01, 0.01]
    for ax in (size, zeros):
        assert not legend_texts(ax) and len(line_data(ax, "best")) == 0


def test_a_sweep_on_its_way_shows_what_has_come_on_axes_that_hold_still():
    growing = [made_up(curve[:2], epochs=3) for curve in CURVES_OF]
    growing[2] = made_up([], epochs=3)
    (u, curves), (size, _) = pictured(stops(growing, progress=(2, 3)))
    assert line_data(u, "curve valid")[0].tolist() == [0.01, 0.9]
    assert math.isnan(line_data(u, "curve valid")[1, 1])
    assert u.get_ylim()[1] >= 2  # as high as the first epochs
    assert line_data(curves, "valid")[:, 1].tolist() == [2.0, 0.9] and curves.get_xlim() == (0, 3)
    assert line_data(size, "curve Norm of W")[0, 1] == growing[1].weight_norm
    (u, _), _ = pictured(stops())
    assert u.get_ylim()[1] < 2


def test_the_curves_of_all_stops_stand_on_the_same_axes():
    limits = set()
    low_and_high = [made_up([start, 0.5]) for start in (1.0, 2.0, 4.0)]
    for now in VALUES:
        (_, curves), _ = pictured(stops(low_and_high, now))
        limits.add((curves.get_xlim(), curves.get_ylim()))
    assert len(limits) == 1


def test_a_sweep_that_has_hardly_begun_is_drawn_too():
    (u, curves), _ = pictured(stops([made_up([], epochs=3) for _ in VALUES], progress=(0, 3)))
    assert len(line_data(curves, "valid")) == len(line_data(u, "best")) == 0
    assert curves.get_xlim() == (0, 3)


def test_no_curve_is_left_where_all_diverged():
    """The picture before it may have had one on the same axes."""
    _, axes = plots.figure(2, 2)
    draw(axes, stops())
    diverged = made_up([], epochs=3, error=Diverged(made_up([1.0]).history, 9.0))
    draw(axes, stops([diverged] * 3))
    assert len(line_data(axes[0, 1], "valid")) == len(line_data(axes[0, 1], "train")) == 0
    assert np.isnan(line_data(axes[0, 0], "curve valid")[:, 1]).all()


def test_the_sentence_names_the_bottom_and_where_the_knob_stands():
    assert describe(stops(now=0.1)) == (
        "끝의 Valid loss는 α = 0.01에서 가장 낮습니다(0.70). 지금의 α = 0.1에서는 1.20입니다."
    )
    wild = [made_up(curve, error=Diverged(made_up([1.0]).history, 9.0)) for curve in CURVES_OF]
    assert describe(stops([*wild[:1], *stops().runs[1:]], now=0.0)) == (
        "끝의 Valid loss는 α = 0.01에서 가장 낮습니다(0.70). "
        "지금의 α = 0에서는 loss가 발산했습니다."
    )
    assert describe(stops(wild)) == "모든 α에서 loss가 발산했습니다."


# Which stops


@pytest.mark.parametrize(("count", "most", "fewest"), [(64, 64, 64), (65, 35, 33), (200, 52, 50)])
def test_at_most_64_stops_are_trained_and_the_ends_and_the_knob_among_them(count, most, fewest):
    def counted(n):
        return config(0.01, epochs=1)

    lab = TrainingLab("t", counted, n=Slider("n", 1, count, 1, 2))
    chosen = lab._stops(2)
    assert fewest <= len(chosen) <= most
    assert chosen[0] == 1 and chosen[-1] == count and 2 in chosen
    assert chosen == sorted(set(chosen)) and set(chosen) <= set(range(1, count + 1))
    assert max(b - a for a, b in pairwise(chosen)) <= -(-count // 64)


def test_pictures_of_a_sweep_come_while_it_goes_and_its_progress_never_goes_back():
    def longer(alpha, epochs):
        return config(alpha, epochs=epochs)

    epochs = Slider("epoch", 1, 900, 1, 1)
    lab = TrainingLab("t", longer, alpha=SHORT, epochs=epochs)
    look(lab, SWEEP_VIEW)
    pictures, lines = [], statuses(lab)
    lab.panel.plain.picture.observe(lambda change: pictures.append(change.new), "value")
    lab.set(epochs=900)
    lab.wait(60)
    assert len(set(pictures[:-1])) > 2
    assert progresses(lines) == sorted(progresses(lines)) and progresses(lines)[-1] <= 900
