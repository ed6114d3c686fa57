"""Backpropagation written out by hand, as calls recorded once and replayed every epoch.

It is for K networks of one shape. Data (K, features, n) has a column per sample, a layer is a pair
W (K, out, in), b (K, out, 1). All memory is laid out beforehand; the calls only fill it. The matrix
products and the gradient of the loss are the very calls that `MLP` and autograd make for each
network alone, so the results agree to the last digit (but for a W of a single number, which
autograd transposes).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor

from helpers.losses import cross_entropy, squared_error

Calls = list[Callable[[], Any]]
Layers = Sequence[tuple[Tensor, Tensor]]
Each = Tensor | Sequence[Tensor]  # a matrix for each network: stacked, or in a list


class Mask(NamedTuple):
    """Dropout after a ReLU: p (K, 1, 1), the uniforms, and room for what it leaves of h."""

    p: Tensor
    scale: Tensor  # 1/(1 − p), once: to multiply is cheaper than to divide
    uniforms: Tensor
    out: Tensor

    def apply(self, h: Tensor) -> None:
        """h → h·(u ≥ p)/(1 − p)."""
        torch.ge(self.uniforms, self.p, out=self.out).mul_(self.scale).mul_(h)


def replay(calls: Calls) -> None:
    """Make the recorded calls."""
    for call in calls:
        call()


def products(call: Callable[..., Any], *factors: Each, out: Each) -> Calls:
    """Record a matrix product for each of the K networks."""
    return [partial(call, *own[:-1], out=own[-1]) for own in zip(*factors, out, strict=True)]


def record_forward(
    layers: Layers, x: Each, outs: Sequence[Tensor], masks: Sequence[Mask] = ()
) -> Calls:
    """Record x → Wx + b → ReLU → … into outs; a mask after each ReLU, if any, drops from it."""
    calls = Calls()
    for i, ((W, b), out) in enumerate(zip(layers, outs, strict=True)):
        calls += products(torch.addmm, b, W, x, out=out)
        x = out
        if i < len(layers) - 1:
            calls.append(out.relu_)
            if masks:
                calls.append(partial(masks[i].apply, out))
                x = masks[i].out
    return calls


def cross_entropy_gradient(z: Tensor, y: Tensor, dz: Tensor) -> Calls:
    """Record dz = ∂L/∂z = (softmax(z) − one-hot(y))/n for logits z (K, classes, n), y (K, n)."""
    log_p = torch.empty_like(z)
    at_label = torch.zeros_like(z).scatter_(-2, y[:, None], -1 / y.shape[-1])
    # The call autograd makes; the formula itself, with torch.exp, differs in the last digit.
    backward = torch.ops.aten._log_softmax_backward_data.out
    return [
        partial(torch.log_softmax, z, -2, out=log_p),
        partial(backward, at_label, log_p, -2, z.dtype, out=dz),
    ]


def squared_error_gradient(z: Tensor, y: Tensor, dz: Tensor) -> Calls:
    """Record dz = ∂L/∂z = 2(z − y)/n for predictions z (K, 1, n), y (K, n, 1)."""
    return [partial(torch.sub, z, y.mT, out=dz), partial(dz.mul_, 2 / y[0].numel())]


Loss = Callable[[Tensor, Tensor], Tensor]
RECORD_GRADIENT: dict[Loss, Callable[[Tensor, Tensor, Tensor], Calls]] = {
    cross_entropy: cross_entropy_gradient,
    squared_error: squared_error_gradient,
}


def record_backward(
    layers: Layers,
    x: Sequence[Tensor],
    hidden: Sequence[Tensor],
    masks: Sequence[Mask],
    dz: Tensor,
    gradients: Layers,
    scratch: Sequence[Tensor],
) -> Calls:
    """Record the way back from dz = ∂L/∂z to the gradients (dW, db) of every layer.

    `x` went into the first layer, `hidden` into the others, through the masks, if any.
    """
    calls = Calls()
    for i in reversed(range(len(layers))):
        (W, _), (dW, db) = layers[i], gradients[i]
        inputs: Each = hidden[i - 1] if i > 0 else x
        calls += products(torch.mm, dz, [own.T for own in inputs], out=dW)
        calls.append(partial(torch.sum, dz, -1, keepdim=True, out=db))
        if i > 0:
            h, dh = hidden[i - 1], scratch[i - 1]
            calls += products(torch.mm, W.mT, dz, out=dh)
            calls.append(partial(through_relu, dh, h, masks[i - 1].scale if masks else None))
            dz = dh
    return calls


def through_relu(dh: Tensor, h: Tensor, scale: Tensor | None) -> None:
    """Multiply dh by the derivative of h = dropout(ReLU(…)): 1/(1 − p) where h > 0, otherwise 0."""
    derivative = h.sign()
    dh.mul_(derivative if scale is None else derivative.mul_(scale))
