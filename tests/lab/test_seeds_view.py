"""Effect or luck: one setting over many seeds, beside the same seeds with it switched off."""

import pytest

from helpers.data import digits
from helpers.lab.controls import Alpha
from helpers.lab.seeds_view import chance, complete, end, sign_test_sentence
from helpers.lab.training_lab import SEEDS_VIEW, TrainingLab
from helpers.training import Config
from tests.lab.trainings import SHORT, alone, config, look


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
