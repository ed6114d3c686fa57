"""The data sets: genuine, split without overlap, noisy only where they say so."""

import hashlib
import re
import socket
import struct
from dataclasses import replace
from functools import partial
from inspect import signature

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from helpers import data
from helpers.losses import cross_entropy, squared_error
from tests.says import says


def test_bundled_digits_are_those_of_scikit_learn():
    images, labels = data.read_digits(data.FOLDER / "digits.npz")
    expected = load_digits()
    assert torch.equal(images.double(), torch.from_numpy(expected.data))
    assert torch.equal(labels, torch.from_numpy(expected.target).long())


def test_digits_have_the_sizes_and_ranges_promised():
    digits = data.digits(n_train=120, n_valid=30, n_test=50)
    assert digits.x_train.shape == (120, 64)
    assert digits.x_valid.shape == (30, 64)
    assert digits.x_test.shape == (50, 64)
    assert digits.x_train.dtype == torch.float64
    assert digits.x_train.min() == 0 and digits.x_train.max() == 1
    assert set(digits.y_train.tolist()) == set(range(10))


@pytest.mark.parametrize(
    ("make", "defaults"),
    [
        (data.digits, (200, 300, 500, 0.2, 0)),
        (data.mnist, (1000, 1000, 2000, 0.0, 0)),
        (data.moons, (100, 200, 500, 0.3, 0)),
        (data.sine, (20, 200, 500, 0.3, 0)),
        (data.sparse_linear, (80, 200, 500, 200, 8, 0.5, 0)),
        (data.two_pixels, ((7, 9), (60, 46))),
    ],
)
def test_the_defaults_are_those_that_the_lessons_measure_with(make, defaults):
    """Sizes of the parts, noise and seed: another one changes every number of a lesson."""
    given = signature(make).parameters.values()
    assert tuple(parameter.default for parameter in given) == defaults


def test_parts_come_from_different_rows():
    pool = data.digits(n_train=897, n_valid=400, n_test=500, label_noise=0)
    rows = torch.cat([pool.x_train, pool.x_valid, pool.x_test])
    expected = torch.from_numpy(load_digits().data) / 16
    order = np.lexsort(rows.numpy().T), np.lexsort(expected.numpy().T)
    assert np.array_equal(rows.numpy()[order[0]], expected.numpy()[order[1]])


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.2, 1.0])
def test_label_noise_flips_that_share_to_wrong_classes(noise):
    clean, noisy = data.digits(label_noise=0), data.digits(label_noise=noise)
    assert int(noisy.flipped.sum()) == round(noise * 200)
    assert torch.equal(noisy.y_train != clean.y_train, noisy.flipped)
    assert torch.equal(noisy.x_train, clean.x_train)
    assert torch.equal(noisy.y_valid, clean.y_valid) and torch.equal(noisy.y_test, clean.y_test)


def test_more_noise_adds_to_the_wrong_labels():
    less, more = data.digits(label_noise=0.1), data.digits(label_noise=0.3)
    assert bool((more.flipped | ~less.flipped).all())
    assert torch.equal(less.y_train[less.flipped], more.y_train[less.flipped])


def test_the_wrong_labels_are_the_same_everywhere():
    digits = data.digits()  # as all lessons take them
    assert digits.flipped.nonzero().flatten()[:6].tolist() == [1, 8, 10, 27, 28, 34]
    assert digits.y_train[digits.flipped][:6].tolist() == [3, 3, 2, 9, 0, 7]


def test_a_fingerprint_is_of_all_that_a_training_sees_and_of_nothing_else():
    digits = data.digits(n_train=5, n_valid=5, n_test=5)
    for part in ("x_train", "y_train", "x_valid", "y_valid", "x_test", "y_test"):
        other = replace(digits, **{part: getattr(digits, part) + 1})
        assert (other.fingerprint == digits.fingerprint) == part.endswith("test")
    assert len(digits.fingerprint) == 12


def test_the_same_seed_gives_the_same_data_and_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    assert data.digits(seed=5).fingerprint == data.digits(seed=5).fingerprint
    assert data.digits(seed=5).fingerprint != data.digits(seed=6).fingerprint
    data.sine(), data.moons(), data.sparse_linear()
    assert torch.equal(torch.rand(1), expected)


def test_sine_is_the_sine_plus_noise():
    exact, noisy = data.sine(n_train=400, noise=0), data.sine(n_train=400, noise=0.3)
    assert torch.allclose(exact.y_train, torch.sin(torch.pi * exact.x_train))
    assert -1 <= exact.x_train.min() < -0.9 and 0.9 < exact.x_train.max() <= 1
    assert float((noisy.y_train - exact.y_train).std()) == pytest.approx(0.3, rel=0.1)


def test_moons_lie_on_two_half_circles():
    moons = data.moons(n_train=300, noise=0)
    x, y = moons.x_train, moons.y_train
    centres = torch.tensor([[0.0, 0.0], [1.0, 0.5]], dtype=x.dtype)[y]
    torch.testing.assert_close(
        (x - centres).norm(dim=1), torch.ones(300, dtype=torch.float64), rtol=0, atol=1e-14
    )
    assert 100 < int(y.sum()) < 200


def test_sparse_linear_has_few_useful_features():
    sparse, truth = data.sparse_linear(noise=0)
    assert int((truth != 0).sum()) == 8
    assert torch.allclose(sparse.x_train @ truth[:, None], sparse.y_train)
    size = truth[truth != 0].abs()
    assert size.min() >= 1 and size.max() <= 3


def test_a_9_has_more_ink_than_a_7_at_both_pixels():
    x, y = data.two_pixels()
    assert x.shape == (len(y), 2) == (190, 2) and set(y.tolist()) == {0.0, 1.0}
    assert torch.allclose(x.mean(0), torch.zeros(2).double(), atol=1e-12)
    assert torch.allclose(x.std(0), torch.ones(2).double())
    assert (x[y == 1].mean(0) > x[y == 0].mean(0) + 1).all()


def test_what_is_drawn_is_the_same_everywhere():
    """The seeds of the lessons mean the same numbers on every machine, to the last sign."""
    moons, sine, (sparse, _) = data.moons(), data.sine(), data.sparse_linear()
    about = partial(pytest.approx, rel=1e-12)
    assert moons.x_train[0].tolist() == about([-0.19363952716338195, 0.314759225029536])
    assert moons.y_train[:3].tolist() == [0, 1, 1]
    assert sine.x_train[0].tolist() == about([0.9401060036131061])
    assert sine.y_train[:2, 0].tolist() == about([0.31882457920099616, 0.3752907500461856])
    assert sparse.x_train[0, :2].tolist() == about([0.2184870096233244, 2.8250620872781034])
    assert sparse.y_train[:2, 0].tolist() == about([2.026432715518498, 1.765325725640338])


def test_no_label_is_wrong_where_none_was_made_so():
    part = torch.zeros(2, 1), torch.zeros(2, dtype=torch.int64)
    flipped = data.Dataset("own", *part, *part, *part).flipped
    assert flipped.dtype == torch.bool and not len(flipped)
    flipped = data.sine(n_train=7).flipped
    assert flipped.dtype == torch.bool and flipped.tolist() == [False] * 7


def test_a_class_counts_in_whatever_part_it_is():
    digits = data.digits(n_train=5, n_valid=5, n_test=5)
    for part in ("y_train", "y_valid", "y_test"):
        assert replace(digits, **{part: getattr(digits, part) + 10}).n_outputs > 10


def test_what_was_changed_by_hand_is_not_drawn_again():
    assert data.digits().redraw is not None and replace(data.digits()).redraw is None


NOISE = "label_noise는 0과 1 사이여야 합니다 (받은 값: {})."
EMPTY = "데이터의 각 부분에는 1개 이상이 필요합니다 (받은 값: {})."
SIZES = "데이터는 모두 1797개인데 {}개를 달라고 했습니다."


@pytest.mark.parametrize(
    "options, sentence",
    [
        (dict(n_train=1798), SIZES.format(1798 + 300 + 500)),
        (dict(n_train=0), EMPTY.format((0, 300, 500))),
        (dict(label_noise=-0.1), NOISE.format(-0.1)),
        (dict(label_noise=1.5), NOISE.format(1.5)),
    ],
)
def test_impossible_settings_are_refused_in_korean(options, sentence):
    with says(sentence):
        data.digits(**options)


def test_a_data_set_has_a_name_and_a_loss():
    sets = [data.load("digits"), data.load("moons"), data.sine(), data.sparse_linear()[0]]
    assert [one.name for one in sets] == ["digits", "moons", "sine", "sparse"]
    assert [one.loss for one in sets] == [cross_entropy] * 2 + [squared_error] * 2


def test_the_sums_of_mnist_are_eight_different_ones():
    assert len({*data.MNIST_SHA256.values()}) == len(data.MNIST_SHA256) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in data.MNIST_SHA256.values())


def test_an_unknown_data_set_is_refused_with_the_known_names():
    with says("'cifar' 데이터는 없습니다. digits, mnist, moons 가운데 골라 주세요."):
        data.load("cifar")
    assert data.load("digits", seed=4).fingerprint == data.digits(seed=4).fingerprint


@pytest.fixture
def small_mnist(tmp_path, monkeypatch):
    """A folder with files in MNIST's format: 50 train and 20 test images, label = first pixel."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part, n in [("train", 50), ("t10k", 20)]:
        labels = (np.arange(n) % 10).astype(np.uint8)
        images = np.zeros((n, 28, 28), np.uint8)
        images[:, 0, 0] = labels
        images[:, 27, 27] = 255
        (raw / f"{part}-images-idx3-ubyte").write_bytes(
            struct.pack(">IIII", 2051, n, 28, 28) + images.tobytes()
        )
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(
            struct.pack(">II", 2049, n) + labels.tobytes()
        )
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in raw.iterdir()}
    monkeypatch.setattr(data, "MNIST_SHA256", sums)
    monkeypatch.setenv("COURSE_MNIST", str(tmp_path))
    data.read_mnist.cache_clear()
    yield tmp_path
    data.read_mnist.cache_clear()


def test_mnist_is_read_by_torchvision(small_mnist):
    mnist = data.mnist(n_train=30, n_valid=20, n_test=20)
    assert mnist.x_train.shape == (30, 784) and mnist.x_test.shape == (20, 784)
    for x, y in [(mnist.x_train, mnist.y_train), (mnist.x_test, mnist.y_test)]:
        assert torch.equal((x[:, 0] * 255).round().long(), y)
        assert bool((x[:, -1] == 1).all())
    with says("데이터는 모두 50개인데 60개를 달라고 했습니다."):
        data.mnist(n_train=40, n_valid=20, n_test=5)
    with says("데이터는 모두 20개인데 21개를 달라고 했습니다."):
        data.mnist(n_train=30, n_valid=20, n_test=21)


def test_the_seed_decides_which_images_of_mnist_are_drawn(small_mnist):
    once, again, other = (data.mnist(20, 20, 10, seed=seed) for seed in (1, 1, 2))
    assert once.fingerprint == again.fingerprint != other.fingerprint
    assert torch.equal(once.y_test, again.y_test) and not torch.equal(once.y_test, other.y_test)
    assert once.name == "MNIST"


def test_mnist_off_or_out_of_reach_is_one_clear_sentence(small_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", "off")
    instead = "함께 들어 있는 숫자 이미지(digits)로 진행합니다."
    with says(f"MNIST 없이 실행했으므로 {instead}", data.MnistUnavailable):
        data.mnist()

    def refuse(*args, **options):
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    monkeypatch.setenv("COURSE_MNIST", str(small_mnist / "empty"))
    with says(f"MNIST를 찾거나 내려받을 수 없어 {instead}", data.MnistUnavailable):
        data.mnist()


def test_mnist_is_looked_for_beside_the_digits_if_nothing_else_is_said(small_mnist, monkeypatch):
    monkeypatch.delenv("COURSE_MNIST")
    monkeypatch.setattr(data, "FOLDER", small_mnist)
    assert len(data.mnist(n_train=30, n_valid=20, n_test=20).x_train) == 30


@pytest.mark.parametrize("before", [None, 60.0])
def test_a_slow_server_is_not_waited_for_and_other_sockets_wait_as_before(
    small_mnist, monkeypatch, before
):
    during = []

    def refuse(*args, **options):
        during.append(socket.getdefaulttimeout())
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    monkeypatch.setenv("COURSE_MNIST", str(small_mnist / "empty"))
    was = socket.getdefaulttimeout()
    try:
        socket.setdefaulttimeout(before)
        with pytest.raises(data.MnistUnavailable):
            data.mnist()
        assert set(during) == {10} and socket.getdefaulttimeout() == before
        monkeypatch.setenv("COURSE_MNIST", str(small_mnist))
        data.mnist(n_train=3, n_valid=3, n_test=3)
        assert socket.getdefaulttimeout() == before
    finally:
        socket.setdefaulttimeout(was)
