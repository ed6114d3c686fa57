"""The networks against torch.nn."""

import math
from copy import deepcopy

import pytest
import torch
from torch import nn

from helpers.models import MLP, Dropout, legendre, weight_norm, weights, zero_share
from tests.says import says


def test_dropout_says_its_p():
    assert repr(Dropout(0.3)) == "Dropout(p=0.3)"


def test_the_defaults_are_those_of_the_lessons():
    plain, given = MLP().state_dict(), MLP((64, 64, 10), p=0.0, seed=0).state_dict()
    assert plain.keys() == given.keys()
    assert all(torch.equal(plain[name], given[name]) for name in plain)


def test_mlp_is_what_torch_builds_from_the_same_parameters():
    model = MLP((5, 7, 6, 3), seed=2)
    twin = nn.Sequential(
        nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 6), nn.ReLU(), nn.Linear(6, 3)
    ).double()
    for mine, other in zip(model.parameters(), twin.parameters(), strict=True):
        other.data.copy_(mine)
    x = torch.rand(11, 5, dtype=torch.float64)
    assert torch.allclose(model(x), twin(x), atol=1e-14)


def test_parameters_start_uniform_within_the_fan_in_bound():
    first, second = weights(MLP((400, 100, 25), seed=1))
    for matrix, fan_in in [(first, 400), (second, 100)]:
        bound = 1 / math.sqrt(fan_in)
        assert float(matrix.detach().abs().max()) <= bound
        assert float(matrix.detach().std()) == pytest.approx(bound / math.sqrt(3), rel=0.05)


def test_weights_are_the_matrices_without_the_biases():
    assert [tuple(w.shape) for w in weights(MLP((5, 7, 3)))] == [(7, 5), (3, 7)]


def test_seed_alone_decides_the_start():
    torch.manual_seed(0)
    a = MLP(seed=4)
    torch.manual_seed(1)
    b, c = MLP(seed=4, p=0.5), MLP(seed=5)
    assert all(torch.equal(x, y) for x, y in zip(a.parameters(), b.parameters(), strict=True))
    assert not torch.equal(weights(a)[0], weights(c)[0])


def test_dropout_equals_torch_on_the_same_mask():
    x = torch.rand(50, 40, dtype=torch.float64) + 0.1
    mine = Dropout(0.3, seed=1)
    out = mine(x)
    kept = out != 0
    assert torch.allclose(out, torch.where(kept, x / 0.7, 0))
    torch.manual_seed(0)
    reference = nn.Dropout(0.3)(x)
    reference_kept = reference != 0
    assert torch.allclose(reference, torch.where(reference_kept, x / 0.7, 0))


def test_dropout_counts_are_binomial():
    n, p, draws = 1000, 0.3, 500
    layer = Dropout(p, seed=0)
    off = (layer(torch.ones(draws, n, dtype=torch.float64)) == 0).sum(1).double()
    assert float(off.mean()) == pytest.approx(n * p, abs=4 * math.sqrt(n * p * (1 - p) / draws))
    assert float(off.var()) == pytest.approx(n * p * (1 - p), rel=0.25)


def test_masks_are_nested_in_p_for_one_seed():
    x = torch.ones(20, 30, dtype=torch.float64)
    light, heavy = Dropout(0.2, seed=3)(x) != 0, Dropout(0.6, seed=3)(x) != 0
    assert bool((light | ~heavy).all())


def test_a_copied_dropout_goes_on_with_the_same_masks_on_its_own():
    layer, x = Dropout(0.5, seed=0), torch.ones(20, 30)
    layer(x)
    copy = deepcopy(layer)
    masks = [layer(x), layer(x)]
    assert torch.equal(copy(x), masks[0]) and torch.equal(copy(x), masks[1])
    assert copy.generator is not layer.generator and copy.p == layer.p
    # PyTorch before 2.4 can copy no generator.
    state = layer.__getstate__()
    assert not any(isinstance(value, torch.Generator) for value in state.values())


def test_dropout_is_off_in_eval_mode_and_ignores_the_global_generator():
    layer = Dropout(0.5, seed=0)
    x = torch.rand(4, 6, dtype=torch.float64)
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    layer(x)
    assert torch.equal(torch.rand(1), expected)
    assert torch.equal(layer.eval()(x), x)


@pytest.mark.parametrize("p", [-0.1, 1.0, float("nan")])
def test_impossible_p_is_refused(p):
    with says(f"Dropout 확률 p는 0 이상 1 미만이어야 합니다 (받은 값: {p})."):
        MLP(p=p)


@pytest.mark.parametrize("degree", [0, 1, 2, 9])
def test_legendre_matches_numpy(degree):
    from numpy.polynomial.legendre import legvander

    x = torch.linspace(-1, 1, 21, dtype=torch.float64)[:, None]
    expected = torch.from_numpy(legvander(x[:, 0].numpy(), degree))
    assert torch.allclose(legendre(x, degree), expected, atol=1e-12)


def test_norm_and_zeros_of_all_weights_by_hand():
    model = MLP((2, 2, 1))
    first, second = weights(model)
    first.data = torch.tensor([[3.0, 0.0], [0.0, 0.0]], dtype=torch.float64)
    second.data = torch.tensor([[0.0, 4.0]], dtype=torch.float64)
    assert weight_norm(model) == 5 and zero_share(model) == pytest.approx(4 / 6)
