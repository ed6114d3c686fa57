"""The networks of the course, initialised from their own random generator."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """Switch each neuron off with probability p while training, scaled by 1/(1−p) (inverted).

    The same as `nn.Dropout`, but its random numbers come from its own generator, so that a
    training in the background neither disturbs nor is disturbed by other cells, and networks
    of different p that share a seed share their uniforms: the masks are nested in p.
    Source: Srivastava et al., JMLR 15 (2014). Raises ValueError unless 0 ≤ p < 1.
    """

    def __init__(self, p: float, seed: int = 0) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"Dropout 확률 p는 0 이상 1 미만이어야 합니다 (받은 값: {p}).")
        self.p = p
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, x: Tensor) -> Tensor:
        """A tensor of any shape → the same shape."""
        if not self.training or self.p == 0:
            return x
        u = torch.empty_like(x).uniform_(generator=self.generator)
        keep = (u >= self.p).to(x.dtype) / (1 - self.p)
        return x * keep

    def __getstate__(self) -> dict[str, Any]:
        """What is copied or saved: before PyTorch 2.4, that can be a generator's state only."""
        return vars(self) | {"generator": self.generator.get_state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.generator = torch.Generator()
        self.generator.set_state(state["generator"])

    def extra_repr(self) -> str:
        return f"p={self.p}"


class Linear(nn.Linear):
    """`nn.Linear` whose W and b are drawn from U(±1/√n_in) with the generator given."""

    def __init__(
        self, n_in: int, n_out: int, generator: torch.Generator, dtype: torch.dtype
    ) -> None:
        # On "meta" there are no numbers, and so none are taken from the global generator.
        super().__init__(n_in, n_out, device="meta", dtype=dtype)
        bound = 1 / math.sqrt(n_in)
        for name, empty in [*self.named_parameters()]:
            u = torch.rand(empty.shape, generator=generator, dtype=torch.float64)
            setattr(self, name, nn.Parameter(((2 * u - 1) * bound).to(dtype)))

    def forward(self, x: Tensor) -> Tensor:
        """Wx + b for every sample: (n, n_in) → (n, n_out)."""
        # A column per sample: the memory order in which `sweep` is fastest, and the same digits.
        return torch.addmm(self.bias[:, None], self.weight, x.T).T


class MLP(nn.Sequential):
    """Linear → ReLU → Dropout(p) → … → Linear: (n, widths[0]) → (n, widths[-1]).

    With two widths it is a linear model. Raises ValueError unless 0 ≤ p < 1.
    """

    def __init__(
        self,
        widths: Sequence[int] = (64, 64, 10),
        p: float = 0.0,
        seed: int = 0,
        dtype: torch.dtype = torch.float64,
    ) -> None:
        generator = torch.Generator().manual_seed(seed)
        layers: list[nn.Module] = []
        for i, (n_in, n_out) in enumerate(pairwise(widths)):
            if i > 0:
                layers += [nn.ReLU(), Dropout(p, seed=seed + i)]
            layers.append(Linear(n_in, n_out, generator, dtype))
        super().__init__(*layers)


def weights(model: nn.Module) -> list[nn.Parameter]:
    """The weight matrices of a model, without its biases: what a penalty acts on."""
    return [parameter for parameter in model.parameters() if parameter.dim() >= 2]


@torch.no_grad()
def weight_norm(model: nn.Module) -> float:
    """‖W‖₂ of all weight matrices together."""
    return math.sqrt(sum(w.square().sum().item() for w in weights(model)))


def zero_share(model: nn.Module) -> float:
    """The share of the weights that are exactly 0."""
    matrices = weights(model)
    return sum((w == 0).sum().item() for w in matrices) / sum(w.numel() for w in matrices)


def legendre(x: Tensor, degree: int) -> Tensor:
    """Legendre polynomials P₀ … P_degree at x in [−1, 1]: (n, 1) → (n, degree + 1)."""
    columns = [torch.ones_like(x), x]
    for k in range(1, degree):
        columns.append(((2 * k + 1) * x * columns[k] - k * columns[k - 1]) / (k + 1))
    return torch.cat(columns[: degree + 1], dim=1)
