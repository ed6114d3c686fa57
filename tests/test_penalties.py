"""The penalties against hand-computed cases, autograd and closed forms."""

from dataclasses import FrozenInstanceError, replace

import pytest
import torch

from helpers.models import MLP, weights
from helpers.penalties import L1, L2, L1Subgradient, NoPenalty, soft_threshold
from tests.says import says

W = [
    torch.tensor([[1.0, -2.0], [0.0, 3.0]], dtype=torch.float64),
    torch.tensor([[-4.0, 0.5]], dtype=torch.float64),
]


def test_values_by_hand():
    assert NoPenalty().value(W) == 0
    assert float(L1(0.1).value(W)) == pytest.approx(0.1 * (1 + 2 + 0 + 3 + 4 + 0.5))
    assert float(L1Subgradient(0.1).value(W)) == float(L1(0.1).value(W))
    assert float(L2(0.1).value(W)) == pytest.approx(0.1 * (1 + 4 + 0 + 9 + 16 + 0.25))


def test_biases_are_never_penalised():
    model = MLP((3, 4, 2))
    before = float(L2(1.0).value(weights(model)))
    for parameter in model.parameters():
        if parameter.dim() == 1:
            parameter.data += 100
    assert float(L2(1.0).value(weights(model))) == before


def test_gradients_are_the_textbook_ones():
    for penalty, slope in [
        (L2(0.3), lambda w: 2 * 0.3 * w),
        (L1Subgradient(0.3), lambda w: 0.3 * w.sign()),
    ]:
        w = W[0].clone().requires_grad_()
        penalty.in_loss([w]).backward()
        assert torch.allclose(w.grad, slope(W[0]))
        assert torch.equal(w.grad, penalty.gradient(W)[0])


@pytest.mark.parametrize("penalty", [NoPenalty(), L1(0.3)])
def test_what_is_not_in_the_loss_has_no_slope(penalty):
    assert penalty.in_loss(W) == 0 and len(penalty.gradient(W)) == 0


def test_soft_threshold_minimises_its_problem():
    """argmin over v of (v − w)²/2 + t|v|, found on a fine grid."""
    grid = torch.linspace(-3, 3, 60001, dtype=torch.float64)
    for w in [-2.0, -0.4, 0.0, 0.3, 0.31, 1.7]:
        best = grid[((grid - w) ** 2 / 2 + 0.3 * grid.abs()).argmin()]
        found = soft_threshold(torch.tensor(w, dtype=torch.float64), 0.3)
        assert float(found) == pytest.approx(float(best), abs=2e-4)


def test_only_l1_moves_weights_after_the_step_and_reaches_exact_zero():
    for penalty in [NoPenalty(), L2(1.0), L1Subgradient(1.0)]:
        w = W[0].clone()
        penalty.after_step([w], 0.5)
        assert torch.equal(w, W[0])
    w = W[0].clone()
    L1(2.0).after_step([w], 0.5)
    assert w.tolist() == [[0.0, -1.0], [0.0, 2.0]]


@pytest.mark.parametrize("penalty", [NoPenalty(), L1(0.1), L2(0.1), L1Subgradient(0.1)])
def test_a_penalty_is_a_value_that_does_not_change(penalty):
    assert hash(penalty) == hash(replace(penalty))  # so that it can be a default, and a key
    with pytest.raises(FrozenInstanceError):
        penalty.alpha = 0.2


@pytest.mark.parametrize("kind", [L1, L2, L1Subgradient])
@pytest.mark.parametrize("alpha", [-1e-9, float("nan"), float("inf")])
def test_impossible_strengths_are_refused(kind, alpha):
    with says(f"α는 0 이상의 유한한 수여야 합니다 (받은 값: {alpha})."):
        kind(alpha)
