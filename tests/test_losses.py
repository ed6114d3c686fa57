"""The losses equal PyTorch's own, gradients included, for one network and for a stack."""

import pytest
import torch
import torch.nn.functional as F

from helpers.losses import cross_entropy, squared_error

K, N, CLASSES = 3, 7, 4


def normal(*shape, seed):
    generator = torch.Generator().manual_seed(seed)
    return (5 * torch.randn(shape, generator=generator, dtype=torch.float64)).requires_grad_()


def labels(*shape):
    return torch.randint(0, CLASSES, shape, generator=torch.Generator().manual_seed(2))


CASES = [
    pytest.param(cross_entropy, F.cross_entropy, (CLASSES,), labels(K, N), id="cross_entropy"),
    pytest.param(squared_error, F.mse_loss, (1,), normal(K, N, 1, seed=3), id="squared_error"),
]


@pytest.mark.parametrize(("loss", "oracle", "width", "y"), CASES)
def test_one_network_as_in_pytorch(loss, oracle, width, y):
    outputs = normal(N, *width, seed=1)
    ours, theirs = loss(outputs, y[0]), oracle(outputs, y[0])
    assert ours.shape == ()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(*(torch.autograd.grad(value, outputs) for value in (ours, theirs)))


@pytest.mark.parametrize(("loss", "oracle", "width", "y"), CASES)
def test_a_stack_has_the_loss_of_each_of_its_networks(loss, oracle, width, y):
    outputs = normal(K, N, *width, seed=1)
    torch.testing.assert_close(loss(outputs, y), torch.stack([*map(oracle, outputs, y)]))


def test_large_logits_do_not_overflow():
    logits = torch.tensor([[1e4, -1e4], [-1e4, 1e4]], dtype=torch.float64)
    assert cross_entropy(logits, torch.tensor([0, 1])) == 0
    assert cross_entropy(logits, torch.tensor([0, 0])) == 1e4
