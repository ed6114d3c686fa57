"""Backpropagation written out by hand, as tapes: calls recorded once and played every epoch.

All memory is laid out beforehand; a tape only fills it. Data has a column per sample (features, n),
a layer is a pair W (out, in), b (out, 1). The calls are the very ones that `MLP` and autograd make,
so the results agree to the last digit (but for a W of a single number, which autograd transposes).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor

Tape = list[Callable[[], Any]]
Layers = Sequence[tuple[Tensor, Tensor]]


class Mask(NamedTuple):
    """Dropout in front of a layer: probability p, the uniforms, and room for what is left of h."""

    p: float
    uniforms: Tensor
    out: Tensor

    def apply(self, h: Tensor) -> None:
        """h → h·(u ≥ p)/(1 − p)."""
        torch.ge(self.uniforms, self.p, out=self.out).div_(1 - self.p).mul_(h)


def play(tape: Tape) -> None:
    """Make the recorded calls."""
    for call in tape:
        call()


def forward(layers: Layers, h: Tensor, outs: Sequence[Tensor], masks: Sequence[Mask] = ()) -> Tape:
    """Record h → Wh + b → ReLU → … into outs; a mask for each layer, if any, drops from its h."""
    tape = Tape()
    for i, ((W, b), out) in enumerate(zip(layers, outs, strict=True)):
        if masks:
            tape.append(partial(masks[i].apply, h))
            h = masks[i].out
        tape.append(partial(torch.addmm, b, W, h, out=out))
        if i < len(layers) - 1:
            tape.append(out.relu_)
        h = out
    return tape


def backward(
    layers: Layers,
    inputs: Sequence[Tensor],
    p: Sequence[float],
    dz: Tensor,
    gradients: Layers,
    scratch: Sequence[Tensor],
) -> Tape:
    """Record the way back from dz = ∂L/∂z to the gradients (dW, db) of every layer.

    `inputs` are what went into the layers, p how much of each had been dropped.
    """
    tape = Tape()
    for i in reversed(range(len(layers))):
        (W, _), (dW, db), h = layers[i], gradients[i], inputs[i]
        tape.append(partial(torch.mm, dz, h.T, out=dW))
        tape.append(partial(torch.sum, dz, 1, keepdim=True, out=db))
        if i > 0:
            dh = scratch[i - 1]
            tape.append(partial(torch.mm, W.T, dz, out=dh))
            tape.append(partial(through_relu, dh, h, p[i]))
            dz = dh
    return tape


def through_relu(dh: Tensor, h: Tensor, p: float) -> None:
    """Multiply dh by the slope of h = dropout(ReLU(…)): 1/(1 − p) where h > 0, otherwise 0."""
    slope = h.sign()
    dh.mul_(slope.div_(1 - p) if p else slope)
