"""The training lab: the same training as without it, streamed, compared fairly."""

import threading
import time
from dataclasses import replace

import pytest
import torch

from helpers.data import digits
from helpers.lab import runs as trainings, seeds_view as luck, worker as latest
from helpers.lab.controls import Alpha, Choice, Probability, Slider
from helpers.lab.lab import CURVES, Cancelled, labs
from helpers.lab.training_lab import LUCK, WHOLE, TrainingLab
from helpers.models import MLP, weights
from helpers.penalties import L2
from helpers.sweep import Sweep
from helpers.training import Diverged, train


@pytest.fixture(scope="module")
def data():
    return digits()


@pytest.fixture(autouse=True)
def closed():
    yield
    for lab in list(labs.values()):
        lab.close()


def arm(alpha, seed=0, lr=0.4):
    return dict(model=MLP(seed=seed), penalty=L2(alpha), epochs=20, lr=lr)


def test_the_lab_trains_what_the_loop_trains(data):
    lab = TrainingLab("t", data, arm, alpha=Alpha(0.01))
    lab.set(alpha=0.1)
    expected = train(data=data, **arm(0.1))
    assert lab.wait(20).valid_loss == expected.valid_loss
    assert f"{expected.final_valid:.2f}" in lab.summary


def test_a_long_training_is_seen_growing(data):
    def longer(epochs):
        return arm(0.01) | {"epochs": epochs}

    lab = TrainingLab("t", data, longer, epochs=Slider("epoch", 20, 400, 10, 20))
    said = []
    lab._panel._status.observe(lambda change: said.append(change.new), "value")
    lab.set(epochs=400)
    assert len(lab.wait(30).epoch) == 400
    assert any("학습 중" in line for line in said) and "완료" in said[-1]


def test_a_learning_rate_that_diverges_is_one_sentence(data):
    def steep(lr):
        return arm(0.01, lr=lr)

    lab = TrainingLab("t", data, steep, lr=Choice("learning rate", [0.1, 1e200]))
    before = lab.result
    with pytest.raises(Diverged, match="발산"):
        lab.run(lr=1e200)
    assert "발산" in lab._panel._note.value and lab.result is before


def test_another_seed_or_another_noise_is_no_fair_comparison(data):
    noise = Slider("잡음", 0.0, 0.4, 0.2, 0.2)

    def noisy(seed, label_noise):
        return arm(0.01, seed=seed) | {"data": digits(label_noise=label_noise)}

    lab = TrainingLab("t", data, noisy, seed=Slider("seed", 0, 3, 1, 0), label_noise=noise)
    lab.pin()
    for values, fair in [({"seed": 1}, False), ({"seed": 0}, True), ({"label_noise": 0.0}, False)]:
        lab.run(**values)
        assert ("공정한 비교가 아닙니다" not in lab._panel._note.value) == fair


# All settings at once


@pytest.fixture
def trained(monkeypatch):
    """How many trainings began, alone and in sweeps."""
    count = {"train": 0, "sweep": 0}

    def single(*positional, **keywords):
        count["train"] += 1
        return train(*positional, **keywords)

    def many(arms):
        count["sweep"] += len(arms)
        return Sweep(arms)

    monkeypatch.setattr(trainings, "train", single)
    monkeypatch.setattr(trainings, "Sweep", many)
    return count


def until(condition, seconds=20):
    """Look again and again until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def said(lab):
    """Everything the status line says from now on."""
    lines = []
    lab._panel._status.observe(lambda change: lines.append(change.new), "value")
    return lines


def look(lab, view, seconds=60):
    lab.look(view)
    lab.wait(seconds)
    return lab._seen[1]


SHORT = Alpha(0.01, low=1e-3, high=0.1)


def test_every_stop_is_what_training_it_alone_gives(data):
    lab = TrainingLab("t", data, arm, alpha=SHORT)
    whole = look(lab, WHOLE)
    assert whole.stops == SHORT.stops()
    for stop, run in zip(whole.stops, whole.runs, strict=True):
        alone = train(data=data, **arm(stop))
        assert run.history.train_loss == alone.train_loss
        assert run.history.valid_loss == alone.valid_loss
        assert run.history.origin == alone.origin
        for mine, other in zip(weights(run.history.model), weights(alone.model), strict=True):
            assert torch.equal(mine, other)
    assert (
        lab.result is whole.history
        and lab.result.valid_loss == train(data=data, **arm(0.01)).valid_loss
    )


def test_after_a_sweep_the_slider_trains_nothing_in_either_view(data, trained):
    lab = TrainingLab("t", data, arm, alpha=SHORT)
    look(lab, WHOLE)
    assert trained == {"train": 1, "sweep": len(SHORT.stops())}
    slider = lab._panel.knobs["alpha"]
    for view in (WHOLE, CURVES, WHOLE):
        look(lab, view)
        for index in (0, 5, len(slider.options) - 1):
            slider.index = index
            lab.wait(5)
            assert lab.result is look(lab, WHOLE).runs[index].history
            look(lab, view)
    assert trained == {"train": 1, "sweep": len(SHORT.stops())}
    look(lab, WHOLE)
    lab.run(alpha=0.0123)  # between the stops
    assert trained["sweep"] == len(SHORT.stops()) + 1
    assert 0.0123 in lab._seen[1].stops and "0.0123" in lab.summary


def test_after_a_sweep_the_picture_waits_for_no_pause_of_the_hand(data, monkeypatch):
    monkeypatch.setattr(latest, "PAUSE", 60)
    lab = TrainingLab("t", data, arm, alpha=SHORT)
    look(lab, WHOLE)
    for view in (WHOLE, CURVES):
        look(lab, view)
        for alpha in (0.001, 0.1, 0.05):
            lab.set(alpha=alpha)
            lab.wait(5)
    lab.set(alpha=0.0123)  # not trained yet: it might be one of many on the slider's way
    with pytest.raises(TimeoutError):
        lab.wait(0.5)
    lab.close()


def test_another_knob_needs_a_sweep_of_its_own_and_going_back_does_not(data, trained):
    def both(alpha, p):
        return dict(model=MLP(p=p), penalty=L2(alpha), epochs=5)

    lab = TrainingLab("t", data, both, alpha=SHORT, p=Probability(0.0))
    stops = len(SHORT.stops())
    look(lab, WHOLE)
    without = [run.history.final_valid for run in lab._seen[1].runs]
    lab.run(p=0.5)
    assert trained["sweep"] == 2 * stops
    assert [run.history.final_valid for run in lab._seen[1].runs] != without
    lab.run(p=0.0)
    assert trained["sweep"] == 2 * stops
    assert [run.history.final_valid for run in lab._seen[1].runs] == without


def endless(alpha, epochs):
    return arm(alpha) | {"epochs": epochs}


def slow_lab(data):
    """A lab in the midst of a sweep that would take minutes."""
    epochs = Slider("epoch", 1, 100_000, 1, 1)
    lab = TrainingLab("t", data, endless, alpha=SHORT, epochs=epochs)
    lab._panel.knobs["epochs"].options = [("1", 1), ("100000", 100_000)]
    look(lab, WHOLE)
    seen = said(lab)
    lab.set(epochs=100_000)
    until(lambda: any("초 남음" in line for line in seen))
    return lab, seen


def test_a_sweep_tells_how_long_it_takes_and_can_be_stopped(data):
    lab, seen = slow_lab(data)
    assert any("<progress" in line and "%" in line for line in seen)
    start = time.monotonic()
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(10)
    assert time.monotonic() - start < 1
    assert lab.shown["epochs"] == 1 and "멈췄습니다" in lab._panel._status.value
    assert not [thread for thread in threading.enumerate() if thread.name == "lab"]


def test_a_stopped_view_leaves_the_switch_at_the_picture_that_is_shown(data):
    lab, _ = slow_lab(data)
    lab.look(LUCK)
    time.sleep(0.2)
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(10)
    assert lab.view == lab._panel.switch.value == lab._seen[0] == WHOLE


def test_the_last_move_wins_over_a_sweep(data):
    lab, _ = slow_lab(data)
    lab.set(epochs=1, alpha=0.05)
    lab.wait(20)
    assert lab.shown == {"alpha": 0.05, "epochs": 1} and lab._seen[1].now == 0.05
    lab.look(CURVES)
    lab.look(WHOLE)
    lab.set(alpha=0.02)
    lab.look(CURVES)
    lab.wait(20)
    assert lab.view == lab._seen[0] == CURVES and lab.shown["alpha"] == 0.02


def test_a_slider_moved_during_its_own_sweep_interrupts_nothing(data, trained):
    """The sweep rests and goes on: every move only asks for another of its curves."""

    def longer(alpha):
        return arm(alpha) | {"epochs": 600}

    lab = TrainingLab("t", data, longer, alpha=SHORT)
    seen = said(lab)
    lab.look(WHOLE)
    for alpha in (0.001, 0.1, 0.02, 0.05):
        lab.set(alpha=alpha)
        begun = len(seen)
        until(lambda begun=begun: any("<progress" in line for line in seen[begun:]))
    shares = [int(line.split("%")[0].split()[-1]) for line in seen if "<progress" in line]
    lab.wait(60)
    assert trained["sweep"] == len(SHORT.stops())
    assert shares == sorted(shares) and lab._seen[1].now == 0.05
    assert lab.result.valid_loss == train(data=data, **longer(0.05)).valid_loss


def test_a_stopped_sweep_goes_on_where_it_was(data, trained):
    lab, _ = slow_lab(data)
    swept = trained["sweep"]
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(10)
    _, resting = lab._trainings._resting
    epoch = resting.epoch
    lab.set(epochs=100_000)
    until(lambda: resting.epoch > epoch)
    lab.set(epochs=1)
    lab.wait(10)
    assert trained["sweep"] == swept and resting.epoch > epoch > 1


def test_what_was_trained_one_by_one_is_kept_when_the_rest_is_stopped(data, trained):
    def batches(alpha):
        return arm(alpha) | {"epochs": 20, "batch_size": 10, "lr": 0.05}

    alpha = Alpha(0.01, low=0.01, high=0.1)
    lab = TrainingLab("t", data, batches, alpha=alpha)
    lab.look(WHOLE)
    until(lambda: trained["train"] >= 4)
    lab.set(alpha=0.1)
    lab.wait(60)
    again = 1  # the one that was on its way
    assert trained["train"] <= 1 + len(alpha.stops()) + again


def test_arms_no_sweep_can_take_are_trained_one_by_one(data, trained):
    def batches(alpha):
        return arm(alpha) | {"epochs": 3, "batch_size": 50, "lr": 0.1}

    alpha = Alpha(0.01, low=0.01, high=0.1)
    lab = TrainingLab("t", data, batches, alpha=alpha)
    lines = said(lab)
    whole = look(lab, WHOLE)
    assert trained == {"train": 1 + len(alpha.stops()), "sweep": 0}
    assert [run.history.valid_loss for run in whole.runs] == [
        train(data=data, **batches(stop)).valid_loss for stop in alpha.stops()
    ]
    assert any("<progress" in line for line in lines)


def test_what_diverges_is_a_gap_in_the_whole_and_an_error_in_the_curves(data):
    def steep(lr):
        return arm(0.01, lr=lr)

    lab = TrainingLab("t", data, steep, lr=Slider("learning rate", 0.1, 1e200, 5e199, 0.1))
    whole = look(lab, WHOLE)
    assert [run.diverged for run in whole.runs] == [False, True, True]
    lab.run(lr=whole.stops[1])
    assert "발산" in lab.summary and "⚠" not in lab._panel._note.value
    lab.look(CURVES)
    with pytest.raises(Diverged):
        lab.wait(5)
    assert lab.view == WHOLE and "발산" in lab._panel._note.value


def test_only_views_that_make_sense_are_offered(data):
    def same(alpha):
        return dict(model=MLP(), penalty=L2(alpha), epochs=1)

    fixed = replace(data)  # changed by hand: nobody knows how to draw it again
    choice = Choice("L2", {"off": 0.0, "on": 0.01})
    assert list(TrainingLab("t", data, same, alpha=SHORT).views) == [CURVES, WHOLE, LUCK]
    assert list(TrainingLab("t", fixed, same, alpha=SHORT).views) == [CURVES, WHOLE]
    assert list(TrainingLab("t", data, same, alpha=choice).views) == [CURVES, LUCK]
    lab = TrainingLab("t", fixed, same, alpha=choice)
    assert list(lab.views) == [CURVES] and lab._panel.switch not in lab._panel.view.children
    with pytest.raises(ValueError, match="없는 보기"):
        lab.look(LUCK)


# Effect or luck


def full(alpha, seed=0):
    return dict(model=MLP(seed=seed), penalty=L2(alpha))


def test_an_effect_is_called_one_and_nothing_is_not(data):
    lab = TrainingLab("t", data, full, alpha=Alpha(0.01))
    seen = look(lab, LUCK)
    assert "20번 가운데 20번, α = 0일 때보다 낮았습니다. 운이 아니라 효과입니다." in lab.summary
    assert lab.result.valid_loss == train(data=data, **full(0.01)).valid_loss
    for seed in (0, 7):
        for alpha, runs in ((0.01, seen.runs), (0.0, seen.baseline)):
            alone = train(data=digits(seed=seed), **full(alpha, seed))
            assert runs[seed].history.valid_loss == alone.valid_loss
    lab.run(alpha=1e-7)
    assert "운과 구별할 수 없습니다" in lab.summary
    lab.run(alpha=0.3)
    assert "높았습니다. 운이 아니라 해로운 효과입니다" in lab.summary
    lab.run(alpha=0.0)
    assert "견줄 상대가 없습니다" in lab.summary and not lab._seen[1].baseline


def test_repeats_are_remembered(data, trained):
    lab = TrainingLab("t", data, arm, alpha=SHORT)
    look(lab, LUCK)
    assert trained["sweep"] == 41
    lab.run(alpha=0.02)
    assert trained["sweep"] == 62  # the baseline is there already
    lab.run(alpha=0.01)
    assert trained["sweep"] == 62


def test_early_stopped_repeats_end_where_their_model_does(data):
    def patient(alpha, seed=0):
        return arm(alpha, seed=seed) | {"epochs": 40, "patience": 3}

    lab = TrainingLab("t", data, patient, alpha=SHORT)
    seen = look(lab, LUCK)
    assert any(run.history.stopped for run in seen.baseline)
    run = next(run for run in seen.baseline if run.history.stopped)
    assert luck.end(run) == run.history.best_valid
    curves = luck.complete(seen.baseline)
    assert len(curves) == 20 and len({len(h.epoch) for h in curves}) == 1


@pytest.mark.parametrize(
    ("lower", "higher", "word"),
    [
        (20, 0, "효과입니다"),
        (17, 3, "효과입니다"),
        (16, 4, "구별할 수 없"),
        (10, 10, "구별할 수 없"),
        (0, 20, "해로운"),
        (5, 0, "구별할 수 없"),
        (8, 0, "운이 아니라 효과"),
    ],
)
def test_the_verdict_is_a_sign_test(lower, higher, word):
    same = 20 - lower - higher
    ends = [0.5] * lower + [2.0] * higher + [1.001] * same
    assert word in luck.verdict(ends, [1.0] * 20, "α = 0")


def test_the_sign_test_is_scipys(data):
    binomtest = pytest.importorskip("scipy.stats").binomtest
    for pairs in (1, 5, 20):
        for more in range((pairs + 1) // 2, pairs + 1):
            assert luck.chance(more, pairs) == pytest.approx(binomtest(more, pairs).pvalue)
    assert luck.chance(0, 0) == 1


def test_memory_of_trainings_is_bounded(data, monkeypatch):
    monkeypatch.setattr(trainings, "MOST", 15)
    lab = TrainingLab("t", data, arm, alpha=SHORT)
    look(lab, WHOLE)
    look(lab, LUCK)
    assert len(lab._trainings._known) == 15
