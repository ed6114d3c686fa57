"""What holds for dropout's masks at any p, shape and seed."""

import math

import torch
from hypothesis import given, strategies as st

from helpers.models import MLP, Dropout

probabilities = st.floats(0, 0.95)
seeds = st.integers(0, 2**31)
shapes = st.tuples(st.integers(1, 40), st.integers(1, 40))


def ones(*shape):
    return torch.ones(shape, dtype=torch.float64)


def normal(shape, seed):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@given(probabilities, shapes, seeds)
def test_a_neuron_is_off_or_scaled_up(p, shape, seed):
    x = normal(shape, 1)
    out = Dropout(p, seed)(x)
    assert out.shape == x.shape and out.dtype == x.dtype
    on = out != 0
    torch.testing.assert_close(out[on], x[on] / (1 - p), rtol=1e-15, atol=0)


@given(probabilities, seeds)
def test_on_average_a_neuron_is_what_it_was(p, seed):
    """The mean of n masks lies within five standard deviations √(p/(1 − p)/n) of 1."""
    n = 20_000
    mean = Dropout(p, seed)(ones(n // 100, 100)).mean().item()
    assert abs(mean - 1) <= 5 * math.sqrt(p / (1 - p) / n) + 1e-12


@given(probabilities, probabilities, shapes, seeds)
def test_a_neuron_off_at_a_smaller_p_is_off_at_a_larger_one(one, other, shape, seed):
    few, many = (Dropout(p, seed)(ones(*shape)) == 0 for p in sorted((one, other)))
    assert (many | ~few).all()


@given(st.floats(0.2, 0.8), seeds)
def test_the_seed_decides_the_masks_one_after_another(p, seed):
    layer, twin, other = Dropout(p, seed), Dropout(p, seed), Dropout(p, seed + 1)
    first, second = (layer(ones(30, 30)) for _ in range(2))
    assert torch.equal(first, twin(ones(30, 30))) and torch.equal(second, twin(ones(30, 30)))
    assert not torch.equal(first, second) and not torch.equal(first, other(ones(30, 30)))


@given(probabilities, shapes, seeds)
def test_what_is_off_takes_no_gradient(p, shape, seed):
    x = normal(shape, 2).requires_grad_()
    out = Dropout(p, seed)(x)
    out.sum().backward()
    torch.testing.assert_close(x.grad * x, out.detach())


@given(probabilities, shapes, seeds)
def test_in_eval_mode_and_at_0_it_is_not_there(p, shape, seed):
    x = normal(shape, 3)
    assert Dropout(p, seed).eval()(x) is x and Dropout(0.0, seed)(x) is x


@given(st.floats(0.3, 0.7), seeds)
def test_each_layer_of_a_network_has_masks_of_its_own(p, seed):
    first, second = (m for m in MLP((4, 50, 50, 2), p, seed) if isinstance(m, Dropout))
    assert first.p == second.p == p
    assert not torch.equal(first(ones(20, 50)), second(ones(20, 50)))
