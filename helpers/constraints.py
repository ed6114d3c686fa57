"""A network of two weights: its loss over the plane, and the best point a constraint allows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from helpers.penalties import NoPenalty, Penalty, soft_threshold

Loss = Callable[[Tensor], Tensor]  # the weight matrix (1, 2) of one neuron → its loss ()


class Region(Protocol):
    """The weights that a constraint allows."""

    def project(self, w: Tensor) -> Tensor:
        """The allowed point nearest to w, of any shape."""


@dataclass(frozen=True)
class Everywhere:
    """No constraint."""

    def project(self, w: Tensor) -> Tensor:
        return w


@dataclass(frozen=True)
class Budget:
    """A constraint of size s. Raises ValueError unless s is a positive finite number."""

    s: float

    def __post_init__(self) -> None:
        if not (isfinite(self.s) and self.s > 0):
            raise ValueError(f"s는 0보다 큰 유한한 수여야 합니다 (받은 값: {self.s}).")


class Diamond(Budget):
    """Σ|wᵢ| ≤ s; with two weights a square with its corners on the axes."""

    def project(self, w: Tensor) -> Tensor:
        """Soft thresholding by the amount that brings Σ|wᵢ| down to s.

        Source: Duchi, Shalev-Shwartz, Singer & Chandra, ICML 2008.
        """
        if w.abs().sum() <= self.s:
            return w
        sizes = w.abs().flatten().sort(descending=True).values
        # If only the k largest weights stay above 0, this is the amount to take from each of them.
        excess = (sizes.cumsum(0) - self.s) / torch.arange(1, len(sizes) + 1)
        return soft_threshold(w, excess[sizes > excess][-1])


class Disc(Budget):
    """Σwᵢ² ≤ s, of radius √s."""

    def project(self, w: Tensor) -> Tensor:
        """The point where the line to the origin enters the disc."""
        return w * (self.s**0.5 / w.norm()).clamp(max=1)


def minimise(
    loss: Loss,
    penalty: Penalty = NoPenalty(),  # noqa: B008 - a frozen value
    region: Region = Everywhere(),
    *,
    tolerance: float = 1e-11,
    max_steps: int = 20_000,
) -> Tensor:
    """The weights (1, 2) of the smallest loss + penalty in the region, by projected gradients.

    The loss has to be convex and nowhere more curved than at 0, as squared and logistic loss
    are. Raises ValueError if a step still moves a weight by `tolerance` after `max_steps`.
    """

    def total(w: Tensor) -> Tensor:
        return loss(w) + penalty.in_loss([w])

    w = torch.zeros(1, 2, dtype=torch.float64)
    curvature = torch.autograd.functional.hessian(total, w).reshape(2, 2)
    step = 1 / torch.linalg.eigvalsh(curvature)[-1].item()
    for _ in range(max_steps):
        before = w.requires_grad_()
        (gradient,) = torch.autograd.grad(total(before), before)
        w = before.detach() - step * gradient
        penalty.after_step([w], step)
        w = region.project(w)
        if (w - before).abs().max() < tolerance:
            return w
    raise ValueError(f"{max_steps}걸음 안에 최솟값에 이르지 못했습니다.")


def heights(loss: Loss) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """The loss as a function of arrays W₁ and W₂ of one shape, for pictures.

    The last four results are cached: a live picture asks for the same grid in every frame.
    """

    @lru_cache(maxsize=4)
    def computed(shape: tuple[int, ...], w1: bytes, w2: bytes) -> np.ndarray:
        pairs = np.stack([np.frombuffer(w1), np.frombuffer(w2)], axis=-1)[:, None, :]
        return torch.func.vmap(loss)(torch.from_numpy(pairs)).numpy().reshape(shape)

    def at(w1: np.ndarray, w2: np.ndarray) -> np.ndarray:
        w1, w2 = np.broadcast_arrays(np.asarray(w1, dtype=float), np.asarray(w2, dtype=float))
        return computed(w1.shape, w1.tobytes(), w2.tobytes())

    return at
