"""Effect or luck: one setting over many seeds, beside the same seeds with it switched off."""

from math import inf, isnan

import numpy as np
import pytest

from helpers import plots
from helpers.data import digits
from helpers.lab.controls import Alpha, Choice, Slider
from helpers.lab.seeds_view import (
    Repeats,
    chance,
    complete,
    describe,
    draw,
    end,
    lengthened,
    sign_test_sentence,
)
from helpers.lab.training_lab import SEEDS_VIEW, TrainingLab
from helpers.training import Config, Diverged
from tests.lab.trainings import SHORT, alone, config, look, made_up
from tests.plots.examples import artists, legend_texts, line_data


def full(alpha, seed=0):
    return config(alpha, seed=seed, epochs=100)


def test_an_effect_is_called_one_and_nothing_is_not():
    lab = TrainingLab("t", full, alpha=Alpha(0.01))
    seen = look(lab, SEEDS_VIEW)
    summary = "20번 가운데 20번, α = 0일 때보다 낮았습니다. 운이 아니라 효과입니다."
    assert summary in lab.shown.summary
    assert lab.result.valid_loss == alone(full(0.01)).valid_loss
    for seed in (0, 7):
        for alpha, group in ((0.01, seen.runs), (0.0, seen.baseline)):
            own = full(alpha, seed)
            expected = alone(Config(own.model, digits(seed=seed), own.penalty))
            assert group[seed].history.valid_loss == expected.valid_loss
    lab.run(alpha=1e-7)
    assert "운과 구별할 수 없습니다" in lab.shown.summary
    lab.run(alpha=0.3)
    assert "높았습니다. 운이 아니라 해로운 효과입니다" in lab.shown.summary
    lab.run(alpha=0.0)
    assert "비교할 상대가 없습니다" in lab.shown.summary and not lab.shown.output.baseline


def test_repeats_are_remembered(trained):
    lab = TrainingLab("t", config, alpha=SHORT)
    look(lab, SEEDS_VIEW)
    assert len(trained) == 41  # the curves' own training is not trained again
    lab.run(alpha=0.02)
    assert len(trained) == 62  # the baseline is there already
    lab.run(alpha=0.01)
    assert len(trained) == 62


def test_early_stopped_repeats_end_where_their_model_does():
    def patient(alpha, seed=0):
        return config(alpha, seed=seed, epochs=40, patience=3)

    seen = look(TrainingLab("t", patient, alpha=SHORT), SEEDS_VIEW)
    assert any(run.history.stopped for run in seen.baseline)
    run = next(run for run in seen.baseline if run.history.stopped)
    assert end(run) == run.history.best_valid
    curves = complete(seen.baseline)
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
    assert word in sign_test_sentence(ends, [1.0] * 20, "α = 0")


def test_the_sign_test_is_scipys():
    binomtest = pytest.importorskip("scipy.stats").binomtest
    for pairs in (1, 5, 20):
        for more in range((pairs + 1) // 2, pairs + 1):
            assert chance(more, pairs) == pytest.approx(binomtest(more, pairs).pvalue)
    assert chance(0, 0) == 1


# What switches a setting off


def test_the_baseline_of_a_choice_is_the_choice_that_is_off():
    """Both knobs off: the choice at its 0, while what cannot be off stays as it is."""

    def chosen(l2, n, seed=0):
        return config(l2, seed=seed, epochs=n)

    l2 = Choice("L2", {"세게": 0.05, "끔": 0.0}, 0.05)
    lab = TrainingLab("t", chosen, n=Slider("epoch", 2, 9, 1, 5), l2=l2)
    seen = look(lab, SEEDS_VIEW)
    own = config(0.0, 3, epochs=5)
    expected = alone(Config(own.model, digits(seed=3), own.penalty, epochs=5))
    assert seen.baseline[3].history.valid_loss == expected.valid_loss
    assert len(seen.baseline) == len(seen.runs) == 20
    assert (seen.baseline_text, seen.baseline_label, seen.label) == ("L2 = 끔", "L2=0", "L2=0.05")
    assert "L2 = 끔이면" in lab.shown.summary or "L2 = 끔일 때보다" in lab.shown.summary
    lab.run(l2=0.0)
    assert not lab.shown.output.baseline and "비교할 상대가 없습니다" in lab.shown.summary


# The picture

BELOW, ABOVE = [1.0, 0.5, 0.6], [1.0, 0.8, 0.9]


def beside(runs, baseline=(), label="α=0.1"):
    """These runs and their baseline, all of them done."""
    return Repeats(runs[0], runs, baseline, "α = 0", "α=0" if baseline else "", label, (1, 1))


def pictured(repeats):
    _, axes = plots.figure(cols=2)
    draw(axes, repeats)
    return axes


def shifted(curve, count=5):
    """Runs whose curves lie apart by tenths."""
    return [made_up([loss + i / 10 for loss in curve]) for i in range(count)]


def test_bands_and_pairs_of_both_are_drawn():
    bands, pairs = pictured(beside(shifted(BELOW), shifted(ABOVE)))
    assert legend_texts(bands) == ["Valid, α=0", "Train loss", "Valid loss"]
    assert bands.get_xlim() == (0, 3)
    for name, curve in (("baseline", ABOVE), ("valid", BELOW)):
        assert line_data(bands, name)[:, 1] == pytest.approx(np.array(curve) + 0.2)
        heights = artists(bands)[f"{name} band"].get_xy()[:, 1]
        assert heights.min() < min(curve) + 0.1 < heights.max()
    assert line_data(pairs, "before").tolist() == [[0, 0.9 + i / 10] for i in range(5)]
    assert line_data(pairs, "after").tolist() == [[1, 0.6 + i / 10] for i in range(5)]
    joined = [piece.tolist() for piece in artists(pairs)["pairs"].get_segments()]
    assert joined == [[[0, 0.9 + i / 10], [1, 0.6 + i / 10]] for i in range(5)]
    assert [tick.get_text() for tick in pairs.get_xticklabels()] == ["α=0", "α=0.1"]
    assert pairs.get_ylabel() == "Valid loss at the end"


def test_without_a_baseline_its_place_is_empty():
    bands, pairs = pictured(beside(shifted(BELOW), label="kind=L2"))
    assert "baseline" not in artists(bands) and len(line_data(pairs, "before")) == 0
    assert len(line_data(pairs, "after")) == 5
    assert [tick.get_text() for tick in pairs.get_xticklabels()] == ["kind=L2"]


def test_what_diverged_or_has_not_begun_is_left_out():
    def unstable(curve):
        run = made_up(curve)
        return made_up(curve, error=Diverged(run.history, 9.0))

    runs = [unstable([1.0, 2.0]), made_up([], epochs=3), *shifted(BELOW, 2)]
    assert end(runs[0]) == inf and isnan(end(runs[1]))
    assert [len(history.epoch) for history in complete(runs)] == [3, 3]
    _, pairs = pictured(beside(runs, shifted(ABOVE, 4)))
    assert len(line_data(pairs, "after")) == 2 and len(line_data(pairs, "before")) == 4
    assert len(artists(pairs)["pairs"].get_segments()) == 2


def test_no_curve_is_left_where_all_diverged():
    """The picture before it may have had one on the same axes."""
    diverged = [made_up([1.0, 2.0], error=Diverged(made_up([1.0]).history, 9.0))] * 5
    axes = pictured(beside(shifted(BELOW), shifted(ABOVE)))
    draw(axes, beside(diverged, shifted(ABOVE)))
    assert len(line_data(axes[0], "valid")) == len(line_data(axes[0], "train")) == 0
    assert len(line_data(axes[0], "baseline")) == 3 and axes[0].get_xlim() == (0, 3)
    draw(axes, beside(diverged, diverged))
    assert "baseline" not in artists(axes[0])


def test_a_training_on_its_way_waits_until_all_are_as_long():
    assert [h.epoch[-1] for h in complete([made_up(BELOW), made_up(BELOW[:2], epochs=3)])] == [3]


def test_after_an_early_stop_the_curves_go_on_where_the_model_was_best():
    stopped = made_up([1.0, 0.5, 0.7], [0.9, 0.4, 0.3], stopped=True).history
    longer = lengthened(stopped, 5)
    assert longer.epoch == [1, 2, 3, 4, 5]
    assert longer.valid_loss == [1.0, 0.5, 0.7, 0.5, 0.5]
    assert longer.train_loss == [0.9, 0.4, 0.3, 0.4, 0.4]
    assert lengthened(stopped, 3) is stopped
    running = made_up(BELOW).history
    assert lengthened(running, 5) is running


# The sentence


def repeats(ends, others=()):
    return beside(*([made_up([2.0, loss]) for loss in group] for group in (ends, others)))


def test_the_sentence_tells_medians_and_how_many_pairs_speak_for_it():
    assert describe(repeats([0.5] * 20, [1.0] * 20)) == (
        "20번 반복한 끝의 Valid loss의 중앙값은 0.50, α = 0이면 1.00입니다. "
        "20번 가운데 20번, α = 0일 때보다 낮았습니다. 운이 아니라 효과입니다."
    )
    assert describe(repeats([1.5] * 12 + [1.0] * 8, [1.0] * 20)) == (
        "20번 반복한 끝의 Valid loss의 중앙값은 1.50, α = 0이면 1.00입니다. "
        "20번 가운데 12번, α = 0일 때보다 높았습니다. 운이 아니라 해로운 효과입니다."
    )
    assert describe(repeats([0.5] * 20)) == (
        "20번 반복한 끝의 Valid loss의 중앙값은 0.50입니다. "
        "꺼 둔 설정이 따로 없어 비교할 상대가 없습니다."
    )
    assert "중앙값은 ∞(발산)," in describe(repeats([inf] * 12 + [1.0] * 8, [1.0] * 20))


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ([0.5] * 3 + [1.5] * 2, "3번은 낮고 2번은 높았습니다"),
        ([0.5] * 2 + [1.5] + [1.0] * 2, "2번은 낮고 1번은 높았고 2번은 1%도 다르지 않았습니다"),
        ([0.5] + [1.5] * 2 + [1.0] * 2, "1번은 낮고 2번은 높았고 2번은 1%도 다르지 않았습니다"),
        ([1.0] * 5, "5번은 1%도 다르지 않았습니다"),
    ],
)
def test_what_luck_could_do_is_counted_out(ends, told):
    sentence = sign_test_sentence(ends, [1.0] * 5, "α = 0")
    assert sentence == f"5번 가운데 {told}. 운과 구별할 수 없습니다."


def test_a_pair_differs_from_one_percent_on():
    for apart, word in (
        *((0.985, "낮았습니다"), (0.992, "1%도"), (0.995, "1%도")),
        *((1.005, "1%도"), (1.008, "1%도"), (1.015, "높았습니다")),
    ):
        assert word in sign_test_sentence([apart] * 20, [1.0] * 20, "α = 0")
