"""The training lab: the same training as without it, streamed, compared fairly."""

from dataclasses import replace

import pytest

from helpers import plots
from helpers.data import digits
from helpers.lab.controls import Alpha, Choice, Slider
from helpers.lab.lab import CURVES
from helpers.lab.training_lab import SEEDS_VIEW, SWEEP_VIEW, TrainingLab, describe
from helpers.lab.worker import Cancelled
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Config, Diverged
from tests.lab.toy import knob, note, status, statuses
from tests.lab.trainings import SHORT, alone, config, data, endless, made_up
from tests.plots.examples import line_data
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


def test_the_views_are_as_wide_as_the_lab_or_less():
    lab = TrainingLab("t", config, alpha=SHORT)
    assert [view.pixels for view in lab.views.values()] == [(900, 420), (960, 740), (960, 460)]
    (u, curves), (size, _) = lab.views[SWEEP_VIEW].canvas[1]
    assert u.bbox.height == curves.bbox.height == pytest.approx(1.6 * size.bbox.height)
    assert len(lab.views[SEEDS_VIEW].canvas[1]) == 2
    lab = TrainingLab("t", config, size=(3, 2), alpha=SHORT)
    assert lab.views[CURVES].pixels == (300, 200)


def test_its_buttons_also_pin_and_unpin(pinned):
    lab = TrainingLab("t", config, alpha=SHORT)
    buttons = {part.description: part for part in lab.panel._row.children[:4]}
    assert list(buttons) == ["처음 값으로", "정지", "고정", "고정 해제"]
    buttons["고정"].click()
    assert pinned == ["α=0.01"]
    buttons["고정 해제"].click()
    assert pinned == []


def test_a_learning_rate_that_diverges_is_one_sentence():
    def steep(lr):
        return config(0.01, lr=lr)

    lab = TrainingLab("t", steep, lr=Choice("learning rate", [0.1, 1e200]))
    before, picture = lab.result, lab.panel.plain.picture.value
    for _ in range(2):  # found out now, and remembered
        with pytest.raises(Diverged, match="발산"):
            lab.run(lr=1e200)
        assert "발산" in note(lab) and lab.result is before
        assert lab.panel.plain.picture.value == picture


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

    def seeded(alpha, seed=0):  # weights can be drawn again even so
        return Config(MLP(seed=seed), replace(data()), L2(alpha), epochs=1)

    choice = Choice("L2", {"off": 0.0, "on": 0.01})
    every = [CURVES, SWEEP_VIEW, SEEDS_VIEW]
    assert list(TrainingLab("t", same, alpha=SHORT).views) == every
    assert list(TrainingLab("t", seeded, alpha=SHORT).views) == every
    assert list(TrainingLab("t", fixed, alpha=SHORT).views) == [CURVES, SWEEP_VIEW]
    assert list(TrainingLab("t", same, alpha=choice).views) == [CURVES, SEEDS_VIEW]
    lab = TrainingLab("t", fixed, alpha=choice)
    assert list(lab.views) == [CURVES] and lab.panel.switch not in lab.panel.box.children
    with pytest.raises(ValueError, match="없는 보기"):
        lab.switch(SEEDS_VIEW)


@pytest.mark.parametrize(
    ("valid", "said"),
    [
        ([1.0, 0.5, 0.55], "epoch 2에서 가장 낮았고(0.50) 그 뒤 10% 올랐습니다."),
        ([1.0, 0.5, 0.511], "epoch 2에서 가장 낮았고(0.50) 그 뒤 2% 올랐습니다."),
        ([1.0, 0.5, 0.509], "끝까지 거의 오르지 않았습니다."),
        ([1.0, 0.5, 0.502], "끝까지 거의 오르지 않았습니다."),
        ([1.0, 0.75, 0.5], "끝까지 거의 오르지 않았습니다."),
        ([0.5, 0.75, 1.25], "epoch 1에서 가장 낮았고(0.50) 그 뒤 150% 올랐습니다."),
    ],
)
def test_a_rise_is_told_only_if_there_is_one(valid, said):
    ends = f"마지막 Train loss는 0.25, Valid loss는 {valid[-1]:.2f}입니다."
    assert describe(made_up(valid, [0.9, 0.5, 0.25]).history) == f"{ends} Valid loss는 {said}"


# Pins

UNFAIR = "고정한 것과 데이터나 초깃값이 달라서 공정한 비교가 아닙니다."
NO_NOTE = '<div class="lab-note error" role="alert"></div>'
ERROR = '<div class="lab-note error" role="alert">⚠ {}</div>'
FLAG = ERROR.replace("error", "flag")


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


def test_the_axis_ends_where_the_longest_of_pins_and_curves_does():
    def trained(alpha, epochs):
        return config(alpha, epochs=epochs)

    lab = TrainingLab("t", trained, alpha=SHORT, epochs=Slider("epoch 수", 2, 9, 1, 8))
    _, ax = lab.views[CURVES].canvas
    assert ax.get_xlim() == (0, 8)
    lab.pin()
    lab.run(epochs=3)
    assert ax.get_xlim() == (0, 8) and line_data(ax, "valid")[-1, 0] == 3
    assert line_data(ax, "pin 0 valid")[-1, 0] == 8
    lab.run(epochs=9)
    assert ax.get_xlim() == (0, 9)
    lab.unpin()
    lab.run(epochs=3)
    assert ax.get_xlim() == (0, 3) and "고정을 해제했습니다" not in status(lab)


def test_pins_are_told_and_the_latest_picture_has_them():
    lab = TrainingLab("t", config, alpha=SHORT)
    before = lab.shown.picture
    lab.pin()
    assert status(lab).endswith(">고정했습니다: α = 0.01</span>")
    assert lab.panel.plain.picture.value == lab.shown.picture != before
    lab.unpin()
    assert status(lab).endswith(">고정을 해제했습니다: α = 0.01</span>")
    assert lab.panel.plain.picture.value == lab.shown.picture == before


def test_another_seed_or_another_noise_is_no_fair_comparison(pinned):
    noise = Slider("노이즈", 0.0, 0.4, 0.2, 0.2)

    def noisy(seed, label_noise):
        return replace(config(0.01, seed=seed), data=digits(label_noise=label_noise))

    lab = TrainingLab("t", noisy, seed=Slider("seed", 0, 3, 1, 0), label_noise=noise)
    lab.pin()
    for values, fair in [({"seed": 1}, False), ({"seed": 0}, True), ({"label_noise": 0.0}, False)]:
        lab.run(**values)
        assert note(lab) == (NO_NOTE if fair else FLAG.format(UNFAIR))
    lab.pin()
    assert note(lab) == ERROR.format(f"{UNFAIR} 고정하지 않았습니다.") and len(pinned) == 1
    lab.unpin()
    assert note(lab) == NO_NOTE and status(lab).endswith("seed = 0, 노이즈 = 0</span>")


def test_pins_are_few(pinned):
    lab = TrainingLab("t", config, alpha=SHORT)
    for _ in range(5):
        lab.pin()
    assert note(lab) == ERROR.format("4개까지 고정할 수 있습니다. 먼저 고정을 해제하세요.")
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
    assert lab.panel.plain.picture.value == with_pin and "epoch = 1" in status(lab)
