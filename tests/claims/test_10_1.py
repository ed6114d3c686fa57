"""What lesson 10-1 claims, held over the seeds of split, noise and initialisation together.

The lesson's thresholds were read off seeds 0 to 19; every claim must hold for 20 to 39 as well.
"""

import re
from functools import cache
from pathlib import Path
from statistics import median

import pytest
import torch

from helpers.data import Dataset, digits
from helpers.models import MLP, weight_norm
from helpers.penalties import L2
from helpers.sweep import sweep
from helpers.training import Config, History, accuracy, train_epochs

LESSON = Path(__file__).parents[2] / "notebooks" / "10-1_regularization.ipynb"
SEEDS = range(40)
EARLY = slice(9, 15)  # epochs 10 to 15


@cache
def data(seed: int, label_noise: float = 0.2) -> Dataset:
    return digits(label_noise=label_noise, seed=seed)


def truth(seed: int) -> torch.Tensor:
    """The true digits of the mislabelled train images."""
    return data(seed, 0.0).y_train[data(seed).flipped]


@cache
def ends(alpha: float, label_noise: float = 0.2, epochs: int = 100) -> list[History]:
    """The training of every seed."""
    own = [data(seed, label_noise) for seed in SEEDS]
    return sweep([Config(MLP(seed=s), own[s], L2(alpha), epochs=epochs) for s in SEEDS])


def says(model: MLP, own: Dataset, labels: torch.Tensor) -> float:
    """The share of mislabelled train images answered with these labels."""
    return accuracy(model, own.x_train[own.flipped], labels)


def says_wrong(alpha: float) -> list[float]:
    """The share of wrong labels said after training, for every seed."""
    pairs = [(h.model, data(seed)) for seed, h in enumerate(ends(alpha))]
    return [says(model, own, own.y_train[own.flipped]) for model, own in pairs]


class Watched:
    """One training without a penalty, and what the lesson measures on the way."""

    @torch.no_grad()
    def __init__(self, seed: int) -> None:
        own, model, true = data(seed), MLP(seed=seed), truth(seed)
        wrong = own.flipped
        self.test_loss: list[float] = []
        self.right_part: list[float] = []
        self.wrong_part: list[float] = []
        self.says_true: list[float] = []
        with torch.enable_grad():
            for self.history in train_epochs(Config(model, own)):
                self.test_loss.append(loss(model, own, own.x_test, own.y_test))
                self.right_part.append(loss(model, own, own.x_train[~wrong], own.y_train[~wrong]))
                self.wrong_part.append(loss(model, own, own.x_train[wrong], own.y_train[wrong]))
                self.says_true.append(says(model, own, true))


@torch.no_grad()
def loss(model: MLP, own: Dataset, x: torch.Tensor, y: torch.Tensor) -> float:
    return own.loss(model(x), y).item()


@cache
def watched(seed: int) -> Watched:
    return Watched(seed)


@pytest.fixture(scope="module")
def text() -> str:
    return LESSON.read_text(encoding="utf-8")


def test_1_1_test_loss_turns_up_while_train_loss_falls():
    for seed in SEEDS:
        run = watched(seed)
        turn = run.test_loss.index(min(run.test_loss))
        assert 10 <= turn + 1 <= 40
        assert run.test_loss[-1] > 1.5 * run.test_loss[turn]
        assert run.history.train_loss[-1] < 0.1 * run.history.train_loss[turn]


@torch.no_grad()
def test_1_1_an_untrained_net_has_a_loss_of_about_ln_10():
    for seed in SEEDS:
        own, model = data(seed), MLP(seed=seed)
        for x, y in ((own.x_train, own.y_train), (own.x_valid, own.y_valid)):
            assert loss(model, own, x, y) == pytest.approx(2.303, abs=0.06)


def test_1_2_map_has_the_sections_in_order(text):
    rows = re.findall(r"\| \**(\d+)\** \| \**([^|*]+?)\** *(?:←[^|]*)?\|", text)
    assert [int(number) for number, _ in rows] == [7, 8, 9, 10, 11, 12, 13]
    assert [name for number, name in rows if number in ("10", "13")] == [
        "정규화 (Regularization)",
        "표준화 (Normalization)",
    ]


def test_1_3_objectives_link_to_every_lesson(text):
    links = re.findall(r"\| \[10-(\d)\. [^]]+\]\((10-\d_\w+\.ipynb)\) \|", text)
    assert [int(number) for number, _ in links] == [2, 3, 4, 5, 6, 7, 8]
    assert all(name.startswith(f"10-{number}_") for number, name in links)


def test_1_4_regularisation_lowers_what_measures_complexity():
    """The wrong labels said and ‖W‖₂, in every pair."""
    for none, l2 in zip(says_wrong(0), says_wrong(0.01), strict=True):
        assert none > 0.95 and l2 < 0.35
    for none, l2 in zip(ends(0), ends(0.01), strict=True):
        assert weight_norm(l2.model) < 0.5 * weight_norm(none.model)


def test_1_4_regularisation_lowers_how_many_random_labels_are_learned():
    """With labels drawn at random, only memorising helps."""
    learned = {}
    for alpha in (0, 0.01):
        models = [h.model for h in ends(alpha, 0.9, 200)]
        own = [data(seed, 0.9) for seed in SEEDS]
        pairs = zip(models, own, strict=True)
        learned[alpha] = [accuracy(model, d.x_train, d.y_train) for model, d in pairs]
    assert min(learned[0]) > 0.8 and sum(share == 1 for share in learned[0]) >= 36
    assert all(0.4 < share < 0.6 for share in learned[0.01])


def test_1_5_regularised_net_does_better_on_unseen_data():
    for none, l2, seed in zip(ends(0), ends(0.01), SEEDS, strict=True):
        assert l2.train_loss[-1] > 5 * none.train_loss[-1]
        assert l2.final_valid < 0.95 * none.final_valid
        own = data(seed)
        for x, y in ((own.x_valid, own.y_valid), (own.x_test, own.y_test)):
            assert accuracy(l2.model, x, y) > accuracy(none.model, x, y) + 0.03


def test_1_5_overfitting_is_less_but_not_gone():
    """By the course's measure: the valid loss ends more than 10 % above its minimum."""
    for none, l2 in zip(ends(0), ends(0.01), strict=True):
        assert none.rise > 0.4
        assert l2.rise < none.rise - 0.3
    for half in (slice(20), slice(20, 40)):
        assert 5 <= sum(h.rise > 0.1 for h in ends(0.01)[half]) <= 15


def test_1_5_an_earlier_stop_without_a_penalty_would_have_been_lower():
    for none, l2 in zip(ends(0), ends(0.01), strict=True):
        assert none.best_valid < 0.95 * l2.best_valid


def test_1_5_too_much_regularisation_is_worse_than_none_and_learns_nothing():
    for none, strong in zip(ends(0), ends(0.1), strict=True):
        assert strong.final_valid > 1.05 * none.final_valid
        assert strong.final_valid == pytest.approx(2.303, abs=0.1)
        assert weight_norm(strong.model) < 1.0
        assert strong.rise < 0.1  # which is no praise


def test_1_6_net_memorises_wrong_labels_after_learning_the_true_digits():
    for seed in SEEDS:
        run, own = watched(seed), data(seed)
        assert says(run.history.model, own, own.y_train[own.flipped]) > 0.95
        assert run.says_true[-1] < 0.05
        assert max(run.says_true) > 0.7
        assert run.says_true.index(max(run.says_true)) + 1 <= 30


def test_1_6_more_noise_costs_valid_accuracy():
    shares = []
    for label_noise in (0.05, 0.2, 0.5):
        pairs = zip(ends(0, label_noise), SEEDS, strict=True)
        own = [(h.model, data(seed, label_noise)) for h, seed in pairs]
        shares.append([accuracy(model, d.x_valid, d.y_valid) for model, d in own])
    for little, standard, much in zip(*shares, strict=True):
        assert little > standard > much


def test_1_6_valid_lies_below_train_early_on_because_of_the_wrong_labels():
    for noisy, clean, seed in zip(ends(0), ends(0, 0.0), SEEDS, strict=True):
        parts = zip(noisy.train_loss[EARLY], noisy.valid_loss[EARLY], strict=True)
        assert all(valid < train for train, valid in parts)
        assert clean.valid_loss[14] > clean.train_loss[14]
        run = watched(seed)
        parts = zip(run.right_part[EARLY], run.history.valid_loss[EARLY], strict=True)
        assert all(right < valid for right, valid in parts)
        assert run.wrong_part[14] > 2.9  # more than knowing nothing costs: ln 10


def test_1_6_clean_labels_overfit_too_but_less():
    assert median(h.rise for h in ends(0, 0.0)) < 0.5 * median(h.rise for h in ends(0))
    for half in (slice(20), slice(20, 40)):
        assert sum(h.rise > 0.1 for h in ends(0, 0.0)[half]) >= 14
