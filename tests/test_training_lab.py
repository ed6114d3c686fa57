"""The training lab: the same training as without it, streamed, compared fairly."""

import pytest

from helpers.controls import Alpha, Choice, Slider
from helpers.data import digits
from helpers.lab import labs
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Diverged, train
from helpers.training_lab import TrainingLab


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
