"""K networks of one shape, trained side by side on whole training sets.

Their parameters and outputs are stacked, so that one call handles all of them; backpropagation is
played from tapes. How many networks share a stack is for `sweep` to say.
"""

from collections.abc import Sequence
from dataclasses import astuple
from functools import partial
from typing import Any

import torch
from torch import Generator, Tensor, nn

from helpers.data import Dataset
from helpers.models import MLP, Dropout
from helpers.penalties import Penalty
from helpers.sweep.backprop import SLOPES, Layers, Mask, Tape, backward, forward, play

Points = list[list[float]]


class Stack:
    """K networks in training; stacked tensors have the network as their first dimension.

    Until `settle`, the models' parameters are slices of the stack: the models follow the training.
    """

    @torch.no_grad()
    def __init__(self, arms: Sequence[dict[str, Any]]) -> None:
        self.models = [arm["model"] for arm in arms]
        self.epochs, self.lr, self.momentum = (arms[0][key] for key in ("epochs", "lr", "momentum"))
        self.penalty = together([arm["penalty"] for arm in arms])
        versions = zip(*(model.parameters() for model in self.models), strict=True)
        self.parameters = [adopt(same) for same in versions]
        self.weights = self.parameters[::2]
        self.gradients = [torch.empty_like(p) for p in self.parameters]
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.epoch = 0
        self.followers: list[tuple[Generator, Generator]] = []
        self.record([arm["data"] for arm in arms])
        play(self.look)

    def record(self, datasets: Sequence[Dataset]) -> None:
        """Lay out the memory and record the tapes: look, drop, back and look at valid data."""
        self.loss = datasets[0].loss
        self.y_train = torch.stack([data.y_train for data in datasets])
        self.y_valid = torch.stack([data.y_valid for data in datasets])
        x = [data.x_train.T for data in datasets]
        x_valid = [data.x_valid.T for data in datasets]
        layers, gradients = in_pairs(self.parameters), in_pairs(self.gradients)
        *hidden, self.z_train = outs = self.room(x)
        *scratch, dz = self.room(x)

        self.look = forward(layers, x, outs)
        *_, self.z_valid = outs = self.room(x_valid)
        self.look_valid = forward(layers, x_valid, outs)
        self.drop, masks, inputs, z = Tape(), [], [x, *hidden], self.z_train
        if any(drop.p > 0 for model in self.models for drop in dropouts(model)):
            # Up to the first hidden layer dropout changes nothing, so it goes on from there.
            drops = zip(*map(dropouts, self.models), strict=True)
            masks = [self.mask(*pair) for pair in zip(drops, hidden, strict=True)]
            *_, z = outs = self.room(x)[1:]
            self.drop += forward(layers[1:], hidden[0], outs, masks)
            inputs = [x, *(mask.out for mask in masks)]
        self.back = SLOPES[self.loss](z, self.y_train, dz)
        self.back += backward(layers, inputs, masks, dz, gradients, scratch)

    def room(self, x: Sequence[Tensor]) -> list[Tensor]:
        """Room for what each layer makes of the inputs."""
        return [W.new_empty(len(W), W.shape[1], x[0].shape[1]) for W in self.weights]

    def mask(self, drops: Sequence[Dropout], h: Tensor) -> Mask:
        """The mask of a dropout layer; equal generators are drawn from once."""
        uniforms, drawn = torch.zeros_like(h), {}
        for drop, u in zip(drops, uniforms, strict=True):
            if drop.p == 0:
                continue
            state = bytes(drop.generator.get_state().numpy())
            if state not in drawn:
                drawn[state] = drop.generator, u
                self.drop.append(partial(u.uniform_, generator=drop.generator))
            else:
                generator, same = drawn[state]
                self.followers.append((drop.generator, generator))
                self.drop.append(partial(u.copy_, same))
        p = torch.tensor([drop.p for drop in drops], dtype=h.dtype)[:, None, None]
        return Mask(p, 1 / (1 - p), uniforms, torch.empty_like(h))

    @torch.no_grad()
    def advance(self, epoch: int, every: int) -> list[tuple[int, Points]]:
        """Train up to an epoch; the curves' points on the way, one every `every` epochs."""
        points = []
        while self.epoch < min(epoch, self.epochs):
            self.step()
            self.epoch += 1
            if self.epoch % every == 0 or self.epoch == self.epochs:
                points.append((self.epoch, self.evaluate()))
        return points

    def step(self) -> None:
        """One epoch: gradients, SGD with momentum, penalty, and a look at the training set."""
        play(self.drop)
        play(self.back)
        slopes = self.penalty.slope(self.weights)  # none, or one for each W
        for gradient, slope in zip(self.gradients[::2], slopes, strict=False):
            gradient.add_(slope)
        for p, v, g in zip(self.parameters, self.velocities, self.gradients, strict=True):
            v.mul_(self.momentum).add_(g)
            p.add_(v, alpha=-self.lr)
        self.penalty.after_step(self.weights, self.lr / (1 - self.momentum))
        # Without dropout, the next step starts from these outputs.
        play(self.look)

    def evaluate(self) -> Points:
        """Train loss, valid loss and penalty of each network."""
        play(self.look_valid)
        train_loss = self.loss(self.z_train.mT, self.y_train)
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


def in_pairs(parameters: Sequence[Tensor]) -> Layers:
    """[W, b, W, b, …] as pairs W (K, out, in), b (K, out, 1)."""
    return [(W, b[..., None]) for W, b in zip(parameters[::2], parameters[1::2], strict=True)]


def dropouts(model: MLP) -> list[Dropout]:
    """The dropout layers of a network: one for each hidden layer."""
    return [layer for layer in model.modules() if isinstance(layer, Dropout)]
