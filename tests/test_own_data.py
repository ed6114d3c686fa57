"""Data of one's own: arrays and CSV files, and one sentence for what is no table."""

import numpy as np
import pytest
import torch

from helpers.data import from_arrays, from_csv
from helpers.lab import Alpha, TrainingLab
from helpers.lab.training_lab import SEEDS_VIEW
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Config
from tests.says import says

NUMBERS = "x에는 숫자만 들어갈 수 있습니다. 글자로 된 열은 빼거나 숫자로 바꾸세요."
EMPTY = "빈 값(NaN)이나 무한대가 있습니다. 그런 행을 빼고 다시 넣어 주세요."
SHAPES = "x는 (n, feature 수), y는 (n,) 모양이어야 합니다 (받은 모양: {})."
RNG = np.random.default_rng(0)
X = RNG.normal(5, 3, (40, 3))


def test_labels_of_any_kind_become_classes():
    for labels in (["개", "고양이"] * 20, [True, False] * 20, list(np.arange(40) % 2)):
        data = from_arrays(X, labels)
        assert data.n_features == 3 and data.n_outputs == 2
        assert [len(part) for part in (data.y_train, data.y_valid, data.y_test)] == [20, 10, 10]
        assert data.y_train.dtype == torch.int64


def test_floats_are_to_be_predicted():
    data = from_arrays(X, X.sum(1))
    assert data.y_train.shape == (20, 1) and data.n_outputs == 1
    assert data.loss(data.y_train, data.y_train) == 0


def test_rows_stay_together_and_features_are_standardised_by_the_train_part():
    data = from_arrays(X, X.sum(1), seed=3)
    assert torch.allclose(data.x_train.mean(0), torch.zeros(3, dtype=torch.float64))
    assert torch.allclose(data.x_train.std(0, correction=0), torch.ones(3, dtype=torch.float64))
    # The sum of the raw features is linear in the standardised ones, on all parts alike.
    design = torch.cat([data.x_train, torch.ones(20, 1, dtype=torch.float64)], dim=1)
    w = torch.linalg.lstsq(design, data.y_train).solution
    test = torch.cat([data.x_test, torch.ones(10, 1, dtype=torch.float64)], dim=1)
    assert torch.allclose(test @ w, data.y_test)


def test_a_constant_feature_does_no_harm():
    data = from_arrays(np.column_stack([X, np.ones(40)]), X.sum(1))
    assert data.x_train.isfinite().all() and (data.x_train[:, 3] == 0).all()


def test_another_seed_splits_anew():
    data = from_arrays(X, [0, 1] * 20)
    assert data.redraw(seed=1).fingerprint != data.fingerprint == data.redraw(seed=0).fingerprint


def test_every_lab_takes_it():
    data = from_arrays(X, ["a", "b"] * 20)

    def config(alpha, seed=0):
        return Config(MLP((data.n_features, 8, data.n_outputs), seed=seed), data, L2(alpha))

    lab = TrainingLab("own", config, alpha=Alpha(0.01))
    lab.switch(SEEDS_VIEW)
    lab.wait(60)
    assert "20번" in lab.shown.summary
    lab.close()


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([["a", "b"]] * 4, [0, 1, 0, 1], NUMBERS),
        (X, [0] * 39, SHAPES.format("x (40, 3), y (39,)")),
        (X[:, 0], [0] * 40, SHAPES.format("x (40,), y (40,)")),
        (np.where(X > 9, np.nan, X), [0, 1] * 20, EMPTY),
        (X, np.full(40, np.inf), EMPTY),
        (X, ["a"] * 40, "y에 라벨이 한 가지뿐입니다. 두 가지 이상이 있어야 합니다."),
        (X[:2], [0, 1], "데이터의 각 부분에는 1개 이상이 필요합니다 (받은 값: (0, 1, 1))."),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(x, y, sentence):
    with says(sentence):
        from_arrays(x, y)


@pytest.mark.parametrize(
    ("shares", "given"),
    [
        (dict(valid=0), "valid 0, test 0.25"),
        (dict(test=0), "valid 0.25, test 0"),
        (dict(test=0.75), "valid 0.25, test 0.75"),
        (dict(test=0.8), "valid 0.25, test 0.8"),
        (dict(valid=-0.1), "valid -0.1, test 0.25"),
    ],
)
def test_impossible_shares_are_refused(shares, given):
    with says(f"valid와 test는 0보다 크고 합이 1보다 작아야 합니다 (받은 값: {given})."):
        from_arrays(X, [0, 1] * 20, **shares)


def csv_of(path, *lines, encoding="utf-8"):
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def test_a_csv_file_gives_what_its_arrays_give(tmp_path):
    lines = [
        f"{a!r},{'개' if i % 2 else '소'},{b!r},{c!r}" for i, (a, b, c) in enumerate(X.tolist())
    ]
    for encoding in ("utf-8", "utf-8-sig"):  # Excel writes the second
        path = csv_of(tmp_path / "own.csv", "키,이름,폭,길이", *lines, encoding=encoding)
        data = from_csv(path, "이름")
        expected = from_arrays(X, ["개" if i % 2 else "소" for i in range(40)])
        assert data.fingerprint == expected.fingerprint
        other = from_csv(path, "이름", valid=0.5, seed=1)
        assert len(other.x_valid) == 20 and other.name == "own"


def test_a_csv_target_with_decimals_is_a_number(tmp_path):
    path = csv_of(tmp_path / "own.csv", "x,y", *[f"{i},{i / 2}" for i in range(20)])
    assert from_csv(path, "y").y_train.is_floating_point()
    path = csv_of(tmp_path / "own.csv", "x,y", *[f"{i},{i % 3}" for i in range(20)])
    assert from_csv(path, "y").n_outputs == 3


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["x,z", "1,2"], "'y' 열이 없습니다. 있는 열: x, z."),
        (["x,y", "1,2", "1,2,3"], "3번째 줄에 값이 3개입니다. 열은 2개입니다."),
        (["x,y", *["1,0", ",1"] * 4], EMPTY),
        (["x,y", *["a,0", "b,1"] * 4], NUMBERS),
    ],
)
def test_a_csv_file_that_is_no_table_is_refused_in_one_sentence(tmp_path, lines, sentence):
    with says(sentence):
        from_csv(csv_of(tmp_path / "own.csv", *lines), "y")


def test_a_csv_file_that_cannot_be_read_is_named(tmp_path):
    missing, empty, binary = (tmp_path / name for name in ("missing.csv", "empty.csv", "a.csv"))
    csv_of(empty, "")
    binary.write_bytes(b"\xff\xfe\x00")
    for path, sentence in [
        (missing, "CSV 파일 {}이(가) 없습니다."),
        (empty, "CSV 파일 {}이(가) 비어 있습니다."),
        (binary, "CSV 파일 {}을(를) 읽지 못했습니다. UTF-8로 저장한 CSV 파일인지 확인하세요."),
        (tmp_path, "CSV 파일 {}을(를) 읽지 못했습니다. UTF-8로 저장한 CSV 파일인지 확인하세요."),
    ]:
        with says(sentence.format(path)):
            from_csv(path, "y")
