"""K networks of one shape, trained side by side on whole training sets.

Their parameters and outputs are stacked, so that one call handles all of them. The calls of
backpropagation are recorded once and replayed every epoch. `sweep` decides the stack size.
"""

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Generator, Tensor, nn

from helpers.models import Dropout
from helpers.penalties import Penalty
from helpers.sweep.backprop import (
    RECORD_GRADIENT,
    Calls,
    Layers,
    Mask,
    record_backward,
    record_forward,
    replay,
)
from helpers.training import Config

Points = list[list[float]]  # for each network: train loss, valid loss, penalty


class Stack:
    """K networks in training; stacked tensors have the network as their first dimension.

    Until `release`, the models' parameters are slices of the stack: the models follow the training.
    """

    @torch.no_grad()
    def __init__(self, configs: Sequence[Config]) -> None:
        first = configs[0]
        self.models = [config.model for config in configs]
        self.epochs, self.lr, self.momentum = first.epochs, first.lr, first.momentum
        self.loss = first.data.loss
        self.penalty = stacked_penalty([config.penalty for config in configs])
        versions = zip(*(model.parameters() for model in self.models), strict=True)
        self.parameters = [stacked(same) for same in versions]
        self.weights = self.parameters[::2]
        self.gradients = [torch.empty_like(p) for p in self.parameters]
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        # (generator, leader): equal generators are drawn from once, and set alike in `release`.
        self.followers: list[tuple[Generator, Generator]] = []
        self.epoch = 0
        self._record(configs)
        replay(self.forward_train)

    def _record(self, configs: Sequence[Config]) -> None:
        """Lay out the memory and record an epoch: masks, backward, forward, forward on valid."""
        self.y_train = torch.stack([config.data.y_train for config in configs])
        self.y_valid = torch.stack([config.data.y_valid for config in configs])
        x = [config.data.x_train.T for config in configs]
        x_valid = [config.data.x_valid.T for config in configs]
        layers, gradients = as_layers(self.parameters), as_layers(self.gradients)

        outputs, outputs_valid = self._outputs(x), self._outputs(x_valid)
        self.z_train, self.z_valid = outputs[-1], outputs_valid[-1]
        self.forward_train = record_forward(layers, x, outputs)
        self.forward_valid = record_forward(layers, x_valid, outputs_valid)

        self.draw_masks, self.backward = Calls(), Calls()
        masks: list[Mask] = []
        hidden, z = outputs[:-1], self.z_train
        if any(drop.p > 0 for model in self.models for drop in dropouts(model)):
            drops = zip(*map(dropouts, self.models), strict=True)
            masks = [self._mask(*pair) for pair in zip(drops, hidden, strict=True)]
            # Up to the first hidden layer dropout changes nothing, so it goes on from there.
            first, dropped = masks[0], self._outputs(x)[1:]
            self.backward.append(partial(first.apply, hidden[0]))
            self.backward += record_forward(layers[1:], first.out, dropped, masks[1:])
            hidden, z = [mask.out for mask in masks], dropped[-1]
        *scratch, dz = self._outputs(x)
        self.backward += RECORD_GRADIENT[self.loss](z, self.y_train, dz)
        self.backward += record_backward(layers, x, hidden, masks, dz, gradients, scratch)

    def _outputs(self, x: Sequence[Tensor]) -> list[Tensor]:
        """Memory for what each layer makes of the inputs."""
        return [W.new_empty(len(W), W.shape[1], x[0].shape[1]) for W in self.weights]

    def _mask(self, drops: Sequence[Dropout], h: Tensor) -> Mask:
        """The mask of a dropout layer; equal generators are drawn from once."""
        uniforms = torch.zeros_like(h)
        drawn: dict[bytes, tuple[Generator, Tensor]] = {}
        for drop, u in zip(drops, uniforms, strict=True):
            if drop.p == 0:
                continue
            state = bytes(drop.generator.get_state().numpy())
            if state not in drawn:
                drawn[state] = drop.generator, u
                self.draw_masks.append(partial(u.uniform_, generator=drop.generator))
            else:
                generator, same = drawn[state]
                self.followers.append((drop.generator, generator))
                self.draw_masks.append(partial(u.copy_, same))
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
        """One epoch: gradients, SGD with momentum, penalty, and the outputs that follow."""
        replay(self.draw_masks)
        replay(self.backward)
        of_penalty = self.penalty.gradient(self.weights)  # none, or one for each W
        for gradient, own in zip(self.gradients[::2], of_penalty, strict=False):
            gradient.add_(own)
        for p, v, g in zip(self.parameters, self.velocities, self.gradients, strict=True):
            v.mul_(self.momentum).add_(g)
            p.add_(v, alpha=-self.lr)
        self.penalty.after_step(self.weights, self.lr / (1 - self.momentum))
        # Without dropout, the next step starts from these outputs.
        replay(self.forward_train)

    def evaluate(self) -> Points:
        """Train loss, valid loss and penalty of each network."""
        replay(self.forward_valid)
        train_loss = self.loss(self.z_train.mT, self.y_train)
        valid_loss = self.loss(self.z_valid.mT, self.y_valid)
        penalty = torch.zeros_like(train_loss) + self.penalty.value(self.weights)
        return torch.stack([train_loss, valid_loss, penalty], dim=1).tolist()

    def release(self) -> None:
        """Leave parameters, modes and generators as the trainings alone would have left them."""
        for model in self.models:
            model.eval()
            for parameter in model.parameters():
                parameter.data = parameter.data.clone()
        for generator, leader in self.followers:
            generator.set_state(leader.get_state())


def stacked(same: Sequence[nn.Parameter]) -> Tensor:
    """Stack the K models' versions of one parameter, and make each a slice of the stack."""
    stack = torch.stack([parameter.detach() for parameter in same])
    for parameter, part in zip(same, stack, strict=True):
        parameter.data = part
    return stack


def stacked_penalty(penalties: Sequence[Penalty]) -> Penalty:
    """One penalty whose strengths are those of K penalties of one kind, as tensors (K,)."""
    settings = [vars(penalty) for penalty in penalties]  # of a frozen dataclass: its fields
    kind: Callable[..., Penalty] = type(penalties[0])
    return kind(
        **{
            name: torch.tensor([own[name] for own in settings], dtype=torch.float64)
            for name in settings[0]
        }
    )


def as_layers(parameters: Sequence[Tensor]) -> Layers:
    """[W, b, W, b, …] as pairs W (K, out, in), b (K, out, 1)."""
    return [(W, b[..., None]) for W, b in zip(parameters[::2], parameters[1::2], strict=True)]


def dropouts(model: nn.Module) -> list[Dropout]:
    """The dropout layers of a network: one for each hidden layer."""
    return [layer for layer in model.modules() if isinstance(layer, Dropout)]
