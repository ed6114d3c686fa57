"""The slopes of the losses against the textbook and, to the last digit, against autograd."""

import pytest
import torch

from helpers.losses import cross_entropy, squared_error
from helpers.sweep.backprop import RECORD_GRADIENT, replay


def by_replay(loss, z, y):
    dz = torch.empty_like(z)
    with torch.no_grad():
        replay(RECORD_GRADIENT[loss](z, y, dz))
    return dz


def by_autograd(loss, z, y):
    z = z.clone().requires_grad_()
    loss(z.mT, y).sum().backward()
    return z.grad


@pytest.mark.parametrize("spread", [1, 30, 1000])
def test_cross_entropy(spread):
    generator = torch.Generator().manual_seed(spread)
    z = spread * torch.randn(3, 10, 57, generator=generator, dtype=torch.float64)
    y = torch.randint(10, (3, 57), generator=generator)
    one_hot = torch.nn.functional.one_hot(y, 10).mT
    dz = by_replay(cross_entropy, z, y)
    assert torch.allclose(dz, (z.softmax(-2) - one_hot) / 57)
    assert torch.equal(dz, by_autograd(cross_entropy, z, y))


@pytest.mark.parametrize("outputs", [1, 2])
def test_squared_error(outputs):
    generator = torch.Generator().manual_seed(outputs)
    z = torch.randn(3, outputs, 57, generator=generator, dtype=torch.float64)
    y = torch.randn(3, 57, outputs, generator=generator, dtype=torch.float64)
    dz = by_replay(squared_error, z, y)
    assert torch.allclose(dz, 2 * (z - y.mT) / (57 * outputs))
    assert torch.equal(dz, by_autograd(squared_error, z, y))


def test_recorded_calls_can_be_replayed_with_other_numbers():
    z, y = torch.zeros(1, 1, 2, dtype=torch.float64), torch.ones(1, 2, 1, dtype=torch.float64)
    dz = torch.empty_like(z)
    calls = RECORD_GRADIENT[squared_error](z, y, dz)
    for value in (0.0, 3.0):
        z.fill_(value)
        replay(calls)
        assert dz.tolist() == [[[value - 1, value - 1]]]
