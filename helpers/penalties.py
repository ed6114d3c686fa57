"""Penalties as values: training never asks which one it has.

Each has four parts: `value` is the lecture's formula, `in_loss` is what autograd sees, `gradient`
is its derivative by hand, and `after_step` is what happens to the weights after a gradient step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor


class Penalty(Protocol):
    """What a penalty must offer; the weights are the matrices of `models.weights`, no biases."""

    def value(self, weights: Sequence[Tensor]) -> Tensor | float:
        """The amount added to the loss in the lecture's formula, e.g. α‖W‖₁."""

    def in_loss(self, weights: Sequence[Tensor]) -> Tensor | float:
        """The part of that amount which is minimised by the gradient step."""

    def gradient(self, weights: Sequence[Tensor]) -> Sequence[Tensor]:
        """∂/∂W of that part for each matrix; nothing where it is 0."""

    def after_step(self, weights: Sequence[Tensor], step: float) -> None:
        """Change the weights in place after a gradient step of effective size `step`."""


def l1_norm(weights: Sequence[Tensor]) -> Tensor:
    """‖W‖₁ = ΣΣ|wᵢⱼ| over all matrices; leading dimensions, if any, are kept (one norm each)."""
    return sum((w.abs().sum((-2, -1)) for w in weights), torch.zeros(()))


def l2_norm_squared(weights: Sequence[Tensor]) -> Tensor:
    """‖W‖₂² = ΣΣ wᵢⱼ² over all matrices; leading dimensions, if any, are kept (one norm each)."""
    return sum((w.square().sum((-2, -1)) for w in weights), torch.zeros(()))


@dataclass(frozen=True)
class NoPenalty:
    """No regularisation: L̂ = L."""

    def value(self, weights: Sequence[Tensor]) -> float:
        return 0.0

    def in_loss(self, weights: Sequence[Tensor]) -> float:
        return 0.0

    def gradient(self, weights: Sequence[Tensor]) -> Sequence[Tensor]:
        return ()

    def after_step(self, weights: Sequence[Tensor], step: float) -> None:
        pass


@dataclass(frozen=True)
class AlphaPenalty(Penalty):
    """A penalty α·norm that autograd differentiates in full: what the penalties share.

    α is a number, or a tensor (K,) for K stacked networks. Raises ValueError unless every α is
    finite and ≥ 0.
    """

    alpha: float | Tensor

    def __post_init__(self) -> None:
        alpha = torch.as_tensor(self.alpha, dtype=torch.float64)
        if not bool((alpha.isfinite() & (alpha >= 0)).all()):
            raise ValueError(f"α는 0 이상의 유한한 수여야 합니다 (받은 값: {self.alpha}).")

    def in_loss(self, weights: Sequence[Tensor]) -> Tensor | float:
        return self.value(weights)

    def after_step(self, weights: Sequence[Tensor], step: float) -> None:
        pass


class L2(AlphaPenalty):
    """L̂ = L + α‖W‖₂²; under SGD the same as weight_decay = 2α on the weights."""

    def value(self, weights: Sequence[Tensor]) -> Tensor:
        return self.alpha * l2_norm_squared(weights)

    def gradient(self, weights: Sequence[Tensor]) -> Sequence[Tensor]:
        return [2 * w * per_matrix(self.alpha) for w in weights]


class L1Subgradient(AlphaPenalty):
    """L̂ = L + α‖W‖₁ by the subgradient α·sign(w): weights chatter about zero, never reach it."""

    def value(self, weights: Sequence[Tensor]) -> Tensor:
        return self.alpha * l1_norm(weights)

    def gradient(self, weights: Sequence[Tensor]) -> Sequence[Tensor]:
        return [w.sign() * per_matrix(self.alpha) for w in weights]


class L1(AlphaPenalty):
    """L̂ = L + α‖W‖₁ by soft thresholding, which gives exact zeros.

    The gradient step sees the data loss alone; then every weight moves `step·α` towards zero and
    stops there (the proximal step of ISTA: Daubechies, Defrise & De Mol, 2004).
    """

    def value(self, weights: Sequence[Tensor]) -> Tensor:
        return self.alpha * l1_norm(weights)

    def in_loss(self, weights: Sequence[Tensor]) -> float:
        return 0.0

    def gradient(self, weights: Sequence[Tensor]) -> Sequence[Tensor]:
        return ()

    @torch.no_grad()
    def after_step(self, weights: Sequence[Tensor], step: float) -> None:
        for w in weights:
            w.copy_(soft_threshold(w, per_matrix(step * self.alpha)))


def per_matrix(amount: float | Tensor) -> float | Tensor:
    """One number for all, or numbers (K,) shaped to meet K stacked matrices (K, out, in)."""
    return amount[:, None, None] if isinstance(amount, Tensor) else amount


def soft_threshold(w: Tensor, threshold: float | Tensor) -> Tensor:
    """sign(w)·max(|w| − threshold, 0), elementwise."""
    return w - w.clamp(-threshold, threshold)  # type: ignore[arg-type] # one or the other
