"""K networks of one shape, trained side by side on whole training sets.

Their parameters and outputs are stacked, so that loss, penalty and optimiser handle all of them
in one call. The layers of each are played from tapes, network by network, which keeps a network's
numbers in the processor's cache.
"""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import torch
from torch import Generator, Tensor, nn

from helpers.models import MLP, Dropout
from helpers.penalties import Penalty
from helpers.tapes import Mask, Tape, backward, forward, play


class Stack:
    """K networks in training; stacked tensors have the network as their first dimension.

    The models' parameters become slices of the stack, so the models follow the training.
    """

    @torch.no_grad()
    def __init__(self, arms: Sequence[dict[str, Any]]) -> None:
        models, datasets = [arm["model"] for arm in arms], [arm["data"] for arm in arms]
        self.lr, self.momentum = arms[0]["lr"], arms[0]["momentum"]
        self.loss, self.penalty = datasets[0].loss, together([arm["penalty"] for arm in arms])
        self.parameters = [adopt(p) for p in zip(*(m.parameters() for m in models), strict=True)]
        self.weights = [W.requires_grad_() for W in self.parameters[::2]]
        self.gradients = [torch.empty_like(p) for p in self.parameters]
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.y_train = torch.stack([data.y_train for data in datasets])
        self.y_valid = torch.stack([data.y_valid for data in datasets])

        self.z_train = self.outputs(len(datasets[0].x_train))  # dropout off
        self.z_valid = self.outputs(len(datasets[0].x_valid))
        self.dropout = any(drop.p > 0 for model in models for drop in dropouts(model))
        self.z = torch.empty_like(self.z_train) if self.dropout else self.z_train  # dropout on
        self.dz = torch.empty_like(self.z)
        self.uniforms: dict[tuple, tuple[Generator, Tensor]] = {}
        self.followers: list[tuple[Generator, Generator]] = []
        self.look_train, self.look_valid, self.drop, self.back = ([] for _ in range(4))
        scratch = [[hidden(W, n) for W in self.weights[:-1]] for n in ...]
        for k, (model, data) in enumerate(zip(models, datasets, strict=True)):
            self.record(k, model, data, scratch)
        play(self.look_train)

    def outputs(self, n: int) -> Tensor:
        """Room for the outputs of all networks on n samples."""
        K, classes, _ = self.weights[-1].shape
        return self.weights[-1].new_empty(K, classes, n)
