"""What lesson 10-1 claims, held over the seeds of split, noise and initialisation together."""

import re
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import nn

from helpers.data import Dataset, digits
from helpers.models import MLP
from helpers.penalties import L2
from helpers.sweep import sweep
from helpers.training import History, accuracy, train

LESSON = Path(__file__).parents[2] / "notebooks" / "10-1_regularization.ipynb"


class Watched:
    """One training and what the lesson measures on the way."""

    def __init__(self, seed: int, alpha: float) -> None:
        self.data = digits(seed=seed)
        self.truth = digits(label_noise=0, seed=seed).y_train
        self.model = MLP(seed=seed)
        self.test_loss, self.says_true = [], []
        self.history = train(self.model, self.data, L2(alpha), on_epoch=self.watch)

    def watch(self, history: History) -> None:
        self.test_loss.append(loss(self.model, self.data))
        self.says_true.append(self.answers(self.truth))

    def answers(self, labels: torch.Tensor) -> float:
        """The share of mislabelled training images answered with these labels."""
        flipped = self.data.flipped
        return accuracy(self.model, self.data.x_train[flipped], labels[flipped])

    @property
    def memorised(self) -> float:
        return self.answers(self.data.y_train)


@torch.no_grad()
def loss(model: nn.Module, data: Dataset) -> float:
    return data.loss(model(data.x_test), data.y_test).item()


@cache
def watched(seed: int, alpha: float = 0.0) -> Watched:
    return Watched(seed, alpha)


@pytest.fixture(scope="module")
def text() -> str:
    return LESSON.read_text(encoding="utf-8")


def test_1_1_test_loss_turns_up_while_train_loss_falls(seeds):
    for seed in seeds:
        run = watched(seed)
        turn = run.test_loss.index(min(run.test_loss))
        assert 10 <= turn + 1 <= 40
        assert run.test_loss[-1] > 1.5 * run.test_loss[turn]
        assert run.history.train_loss[-1] < 0.1 * run.history.train_loss[turn]


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


def test_1_4_regularisation_keeps_the_net_from_fitting_noise(seeds):
    for seed in seeds:
        run = watched(seed, alpha=0.01)
        assert run.memorised < 0.35
        assert run.answers(run.truth) > 0.5


def test_1_5_regularised_net_does_better_on_unseen_data(seeds):
    for seed in seeds:
        none, l2 = watched(seed), watched(seed, alpha=0.01)
        assert l2.history.final_valid < 0.8 * none.history.final_valid
        data = none.data
        gain = accuracy(l2.model, data.x_test, data.y_test)
        gain -= accuracy(none.model, data.x_test, data.y_test)
        assert gain > 0.05


def test_1_5_too_much_regularisation_is_worse_than_none(seeds):
    for seed in seeds:
        none, strong = watched(seed), watched(seed, alpha=0.1)
        assert strong.history.final_valid > 1.1 * none.history.final_valid


def test_1_6_net_memorises_wrong_labels_after_learning_the_true_digits(seeds):
    for seed in seeds:
        run = watched(seed)
        assert run.memorised > 0.95
        assert run.answers(run.truth) < 0.05
        assert max(run.says_true) > 0.7


def test_1_6_more_noise_costs_valid_accuracy(seeds):
    valid_accuracy = []
    for label_noise in (0.05, 0.2, 0.5):
        data = [digits(label_noise=label_noise, seed=seed) for seed in seeds]
        runs = sweep([dict(model=MLP(seed=seed)) for seed in seeds], data, every=100)
        pairs = zip(runs, data, strict=True)
        valid_accuracy.append([accuracy(run.model, own.x_valid, own.y_valid) for run, own in pairs])
    for little, standard, much in zip(*valid_accuracy, strict=True):
        assert little > standard > much
