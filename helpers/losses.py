"""The losses of the course. Leading dimensions are kept: K stacked networks have K losses."""

from torch import Tensor


def cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    """Mean −log softmax at the labels, as `F.cross_entropy`: (…, n, classes), (…, n) → (…)."""
    log_p = logits.mT.log_softmax(-2)
    return -log_p.gather(-2, y[..., None, :]).mean((-2, -1))


def squared_error(predictions: Tensor, y: Tensor) -> Tensor:
    """Mean squared difference, as `F.mse_loss`: (…, n, 1), (…, n, 1) → (…)."""
    return (predictions - y).square().mean((-2, -1))
