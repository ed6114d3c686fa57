"""K networks of one shape, trained side by side on whole training sets.

Their parameters and outputs are stacked, so that loss, penalty and optimiser handle all of them
in one call. The layers are played from tapes, network after network, so that what one of them
needs stays in the processor's cache.
"""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import torch
from torch import Generator, Tensor, nn

from helpers.data import Dataset
from helpers.models import MLP, Dropout
from helpers.penalties import Penalty
from helpers.tapes import Mask, Tape, backward, forward, play


class Stack:
    """K networks in training; stacked tensors have the network as their first dimension.

    Until `settle`, the models' parameters are slices of the stack: the models follow the training.
    """

    @torch.no_grad()
    def __init__(self, arms: Sequence[dict[str, Any]]) -> None:
        self.models = models = [arm["model"] for arm in arms]
        datasets = [arm["data"] for arm in arms]
        self.epochs, self.lr, self.momentum = (arms[0][key] for key in ("epochs", "lr", "momentum"))
        self.loss, self.penalty = datasets[0].loss, together([arm["penalty"] for arm in arms])
        self.parameters = [adopt(p) for p in zip(*(m.parameters() for m in models), strict=True)]
        self.weights = [W.requires_grad_() for W in self.parameters[::2]]
        self.gradients = [torch.empty_like(p) for p in self.parameters]
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.y_train = torch.stack([data.y_train for data in datasets])
        self.y_valid = torch.stack([data.y_valid for data in datasets])

        n_train, n_valid = len(datasets[0].x_train), len(datasets[0].x_valid)
        self.z_train, self.z_valid = self.outputs(n_train), self.outputs(n_valid)
        self.dropout = any(drop.p > 0 for model in models for drop in dropouts(model))
        self.z = self.outputs(n_train) if self.dropout else self.z_train
        self.dz = torch.empty_like(self.z)
        self.uniforms: dict[tuple[bytes, torch.Size], tuple[Generator, Tensor]] = {}
        self.followers: list[tuple[Generator, Generator]] = []
        self.look_train, self.look_valid, self.drop, self.back = Tape(), Tape(), Tape(), Tape()
        # What no later call needs is written to the same place by all networks.
        scratch = self.hidden(n_train), self.hidden(n_valid)
        for k, (model, data) in enumerate(zip(models, datasets, strict=True)):
            self.record(k, model, data, *scratch)
        self.look()

    def outputs(self, n: int) -> Tensor:
        """Room for the outputs of all networks for n samples."""
        K, classes, _ = self.weights[-1].shape
        return self.weights[-1].new_empty(K, classes, n)

    def hidden(self, n: int) -> list[Tensor]:
        """Room for the hidden layers of one network for n samples."""
        return [W.new_empty(W.shape[1], n) for W in self.weights[:-1]]

    def record(
        self, k: int, model: MLP, data: Dataset, scratch: list[Tensor], scratch_valid: list[Tensor]
    ) -> None:
        """Add the calls of network k to the tapes."""
        x, n = data.x_train.T, len(data.x_train)
        layers = layer_pairs([p[k] for p in self.parameters])
        hidden, p = self.hidden(n), [0.0] * len(layers)
        self.look_train += forward(layers, x, [*hidden, self.z_train[k]])
        self.look_valid += forward(layers, data.x_valid.T, [*scratch_valid, self.z_valid[k]])
        inputs = [x, *hidden]
        if self.dropout:
            # Up to the first hidden layer dropout changes nothing, so it goes on from there.
            masks = [self.mask(*pair) for pair in zip(dropouts(model), hidden, strict=True)]
            outs = [*scratch[1:], self.z[k]]
            self.drop += forward(layers[1:], hidden[0], outs, masks)
            inputs, p = [x, *(m.out for m in masks)], [0.0, *(m.p for m in masks)]
        gradients = layer_pairs([g[k] for g in self.gradients])
        self.back += backward(layers, inputs, p, self.dz[k], gradients, scratch)

    def mask(self, drop: Dropout, h: Tensor) -> Mask:
        """The mask of one dropout layer; equal generators are drawn from once and shared."""
        if drop.p == 0:
            return Mask(0.0, torch.zeros_like(h), torch.empty_like(h))
        key = bytes(drop.generator.get_state().numpy()), h.shape
        if key not in self.uniforms:
            u = torch.empty_like(h)
            self.uniforms[key] = drop.generator, u
            self.drop.append(lambda: u.uniform_(generator=drop.generator))
        leader, u = self.uniforms[key]
        self.followers.append((drop.generator, leader))
        return Mask(drop.p, u, torch.empty_like(h))

    @torch.no_grad()
    def step(self) -> None:
        """One epoch: gradients, SGD with momentum, penalty, and a look at the training set."""
        if self.dropout:
            play(self.drop)
            self.head = self.attach(self.z)
        z, loss = self.head
        with torch.enable_grad():
            total = (loss + self.penalty.in_loss(self.weights)).sum()
            dz, *pulls = torch.autograd.grad(total, [z, *self.weights], allow_unused=True)
        self.dz.copy_(dz)
        play(self.back)
        for gradient, pull in zip(self.gradients[::2], pulls, strict=True):
            if pull is not None:
                gradient.add_(pull)
        for p, v, g in zip(self.parameters, self.velocities, self.gradients, strict=True):
            v.mul_(self.momentum).add_(g)
            p.add_(v, alpha=-self.lr)
        self.penalty.after_step(self.weights, self.lr / (1 - self.momentum))
        self.look()

    def look(self) -> None:
        """Outputs and loss on the training set; without dropout the next step starts from them."""
        play(self.look_train)
        self.head = self.attach(self.z_train)

    def attach(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs z that autograd follows, and their loss for each network (K,)."""
        z = z.detach().requires_grad_()
        with torch.enable_grad():
            return z, self.loss(z.mT, self.y_train)

    @torch.no_grad()
    def evaluate(self) -> list[list[float]]:
        """Train loss, valid loss and penalty of each network."""
        play(self.look_valid)
        train_loss = self.head[1]
        valid_loss = self.loss(self.z_valid.mT, self.y_valid)
        penalty = torch.zeros_like(train_loss) + self.penalty.value(self.weights)
        return torch.stack([train_loss, valid_loss, penalty], dim=1).tolist()

    def settle(self) -> None:
        """Leave parameters, modes and generators as the trainings alone would have left them."""
        for model in self.models:
            model.eval()
            for parameter in model.parameters():
                parameter.data = parameter.data.clone()
        for generator, leader in self.followers:
            generator.set_state(leader.get_state())


def adopt(same: Sequence[nn.Parameter]) -> Tensor:
    """Stack the K models' versions of one parameter, and make each a slice of the stack."""
    stack = torch.stack([parameter.detach() for parameter in same])
    for parameter, part in zip(same, stack, strict=True):
        parameter.data = part
    return stack


def together(penalties: Sequence[Penalty]) -> Penalty:
    """One penalty whose strengths are those of K penalties of one kind, as tensors (K,)."""
    strengths = zip(*map(astuple, penalties), strict=True)
    return type(penalties[0])(*(torch.tensor(s, dtype=torch.float64) for s in strengths))


def layer_pairs(parameters: Sequence[Tensor]) -> list[tuple[Tensor, Tensor]]:
    """[W, b, W, b, …] as pairs W, b (out, 1)."""
    return [(W, b[:, None]) for W, b in zip(parameters[::2], parameters[1::2], strict=True)]


def dropouts(model: nn.Module) -> list[Dropout]:
    """The dropout layers of a network: one for each hidden layer."""
    return [layer for layer in model.modules() if isinstance(layer, Dropout)]
