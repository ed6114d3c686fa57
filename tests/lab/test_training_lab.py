"""The training lab: the same training as without it, streamed, compared fairly."""

from dataclasses import replace

import pytest

from helpers import plots
from helpers.data import digits
from helpers.lab.controls import Alpha, Choice, Slider
from helpers.lab.lab import CURVES
from helpers.lab.training_lab import SEEDS_VIEW, SWEEP_VIEW, TrainingLab
from helpers.lab.worker import Cancelled
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Config, Diverged
from tests.lab.toy import knob, note, status, statuses
from tests.lab.trainings import SHORT, alone, config, data, endless
from tests.until import until


def test_the_lab_trains_what_the_loop_trains():
    lab = TrainingLab("t", config, alpha=Alpha(0.01))
    lab.set(alpha=0.1)
    expected = alone(config(0.1))
    assert lab.wait(20).valid_loss == expected.valid_loss
    assert f"{expected.final_valid:.2f}" in lab.shown.summary


def test_a_long_training_is_seen_growing():
    def longer(epochs):
        return config(0.01, epochs=epochs)

    lab = TrainingLab("t", longer, epochs=Slider("epoch", 20, 400, 10, 20))
    said = statuses(lab)
    lab.set(epochs=400)
    assert len(lab.wait(30).epoch) == 400
    assert any("학습 중" in line and "<progress" in line for line in said) and "완료" in said[-1]


def test_a_learning_rate_that_diverges_is_one_sentence():
    def steep(lr):
        return config(0.01, lr=lr)

    lab = TrainingLab("t", steep, lr=Choice("learning rate", [0.1, 1e200]))
    before = lab.result
    for _ in range(2):  # found out now, and remembered
        with pytest.raises(Diverged, match="발산"):
            lab.run(lr=1e200)
        assert "발산" in note(lab) and lab.result is before


def test_a_network_that_does_not_fit_the_data_is_one_sentence():
    def misfit(width):
        return Config(MLP((width, 10)), data(), epochs=1)

    lab = TrainingLab("t", misfit, width=Choice("입력", [64, 5]))
    with pytest.raises(ValueError, match="입력은 5개인데"):
        lab.run(width=5)
    assert "입력은 5개인데 데이터의 feature는 64개입니다." in note(lab)


def test_only_views_that_make_sense_are_offered():
    def same(alpha):
        return Config(MLP(), data(), L2(alpha), epochs=1)

    def fixed(alpha):  # data changed by hand: nobody knows how to draw it again
        return Config(MLP(), replace(data()), L2(alpha), epochs=1)

    choice = Choice("L2", {"off": 0.0, "on": 0.01})
    assert list(TrainingLab("t", same, alpha=SHORT).views) == [CURVES, SWEEP_VIEW, SEEDS_VIEW]
    assert list(TrainingLab("t", fixed, alpha=SHORT).views) == [CURVES, SWEEP_VIEW]
    assert list(TrainingLab("t", same, alpha=choice).views) == [CURVES, SEEDS_VIEW]
    lab = TrainingLab("t", fixed, alpha=choice)
    assert list(lab.views) == [CURVES] and lab.panel.switch not in lab.panel.box.children
    with pytest.raises(ValueError, match="없는 보기"):
        lab.switch(SEEDS_VIEW)


# Pins


@pytest.fixture
def pinned(monkeypatch):
    """The labels of the pins in the latest picture."""
    latest = []
    draw = plots.loss_curves

    def watched(ax, history, pins=(), **options):
        latest[:] = [label for label, _ in pins]
        draw(ax, history, pins, **options)

    monkeypatch.setattr(plots, "loss_curves", watched)
    return latest


def test_pins_are_drawn_behind_the_next_results(pinned):
    def trained(alpha, epochs):
        return config(alpha, epochs=epochs)

    lab = TrainingLab("t", trained, alpha=SHORT, epochs=Slider("epoch 수", 2, 9, 1, 3))
    lab.pin()
    lab.run(alpha=0.1, epochs=4)
    assert pinned == ["α=0.01, epoch=3"] and "⚠" not in note(lab)
    lab.unpin()
    assert pinned == []


def test_another_seed_or_another_noise_is_no_fair_comparison(pinned):
    noise = Slider("노이즈", 0.0, 0.4, 0.2, 0.2)

    def noisy(seed, label_noise):
        return replace(config(0.01, seed=seed), data=digits(label_noise=label_noise))

    lab = TrainingLab("t", noisy, seed=Slider("seed", 0, 3, 1, 0), label_noise=noise)
    lab.pin()
    for values, fair in [({"seed": 1}, False), ({"seed": 0}, True), ({"label_noise": 0.0}, False)]:
        lab.run(**values)
        assert ("공정한 비교가 아닙니다" not in note(lab)) == fair
    lab.pin()
    assert "고정하지 않았습니다" in note(lab) and len(pinned) == 1


def test_pins_are_few(pinned):
    lab = TrainingLab("t", config, alpha=SHORT)
    for _ in range(5):
        lab.pin()
    assert "4개까지" in note(lab)
    lab.run(alpha=0.05)
    assert len(pinned) == 4


def test_a_pin_stays_in_the_picture_when_a_run_is_stopped():
    lab = TrainingLab("t", endless, alpha=SHORT, epochs=Slider("epoch", 1, 100_000, 1, 1))
    said = statuses(lab)
    knob(lab, "epochs").options = [("1", 1), ("100000", 100_000)]
    lab.set(epochs=100_000)
    until(lambda: any("학습 중" in line for line in said))
    lab.pin()
    with_pin = lab.shown.picture
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(5)
    assert lab.panel.picture.value == with_pin and "epoch = 1" in status(lab)
