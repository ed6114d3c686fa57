"""What holds for every split: its parts are disjoint, complete and as large as asked."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, strategies as st

from helpers import data

seeds = st.integers(0, 2**31)
shares = st.floats(0.01, 0.98)
sizes = st.tuples(*[st.integers(1, 60)] * 3)
MAKERS = [
    *(data.digits, data.moons, data.sine),
    lambda **options: data.sparse_linear(**options, n_features=12, n_useful=3)[0],
]


def parts(made):
    """(x, y) of train, valid and test."""
    return [(made.x_train, made.y_train), (made.x_valid, made.y_valid), (made.x_test, made.y_test)]


@given(st.integers(4, 200), shares, shares, seeds)
def test_every_row_of_a_table_is_in_one_part_beside_its_target(n, valid, test, seed):
    assume(valid + test < 1)
    counts = [max(1, round(share * n)) for share in (valid, test)]
    assume(sum(counts) < n)
    number = np.arange(n, dtype=float)
    made = data.from_arrays(number[:, None], number, valid=valid, test=test, seed=seed)
    assert [len(y) for _, y in parts(made)] == [n - sum(counts), *counts]
    ids = torch.cat([y for _, y in parts(made)])[:, 0]
    assert sorted(ids.tolist()) == number.tolist()
    mean, sd = made.y_train.mean(), made.y_train.std(correction=0)
    for x, y in parts(made):
        torch.testing.assert_close(x * (sd if sd > 0 else 1) + mean, y)


@given(st.integers(3, 40), shares, shares)
def test_a_table_too_small_for_its_shares_is_refused(n, valid, test):
    number = np.arange(n, dtype=float)
    counts = [max(1, round(share * n)) for share in (valid, test)]
    if valid + test < 1 and sum(counts) < n:
        assert len(data.from_arrays(number[:, None], number, valid=valid, test=test).y_train) >= 1
    else:
        with pytest.raises(ValueError, match=r"1개 이상이 필요|합이 1보다 작아야"):
            data.from_arrays(number[:, None], number, valid=valid, test=test)


@given(st.sampled_from(MAKERS), sizes, seeds)
def test_parts_have_the_sizes_asked_for_and_no_row_in_common(make, wanted, seed):
    made = make(**dict(zip(("n_train", "n_valid", "n_test"), wanted, strict=True)), seed=seed)
    assert tuple(len(x) for x, _ in parts(made)) == wanted
    assert tuple(len(y) for _, y in parts(made)) == wanted
    rows = [tuple(row) for x, _ in parts(made) for row in x.tolist()]
    assert len(set(rows)) == len(rows)
    assert len(made.flipped) == wanted[0]


@pytest.mark.parametrize("make", [*MAKERS, data.sparse_linear])
@pytest.mark.parametrize("part", ["n_train", "n_valid", "n_test"])
@pytest.mark.parametrize("n", [0, -1])
def test_a_part_without_rows_is_refused(make, part, n):
    with pytest.raises(ValueError, match="각 부분에는 1개 이상이 필요합니다"):
        make(**{part: n})


@given(st.floats(0, 1), st.integers(1, 300), seeds)
def test_noise_relabels_its_share_of_the_train_part_alone(noise, n, seed):
    clean, noisy = (data.digits(n, label_noise=share, seed=seed) for share in (0.0, noise))
    assert int(noisy.flipped.sum()) == round(noise * n) and not clean.flipped.any()
    assert torch.equal(noisy.y_train != clean.y_train, noisy.flipped)
    for (x, y), (own_x, own_y) in zip(parts(clean)[1:], parts(noisy)[1:], strict=True):
        assert torch.equal(x, own_x) and torch.equal(y, own_y)
    assert noisy.n_outputs <= 10


@given(st.sampled_from(MAKERS), seeds)
def test_a_data_set_is_drawn_again_as_it_was(make, seed):
    again = make(n_train=9, n_valid=5, n_test=4, seed=seed)
    assert again.fingerprint == make(n_train=9, n_valid=5, n_test=4, seed=seed).fingerprint
    if again.redraw:
        other = again.redraw(seed=seed + 1)
        assert other.fingerprint != again.fingerprint == again.redraw(seed=seed).fingerprint
        assert [len(y) for _, y in parts(other)] == [9, 5, 4]
