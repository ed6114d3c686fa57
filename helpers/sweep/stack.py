"""K networks of one shape, trained side by side on whole training sets.

Their parameters and outputs are stacked, so that one call handles all of them. The calls of
backpropagation are recorded once and replayed every epoch. `sweep` decides the stack size.
"""

import math
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
from helpers.training import Config, EarlyStopping, History


class Stack:
    """K networks in training, whose curves grow in `histories`.

    Stacked tensors have the network as their first dimension. Until `release`, or until early
    stopping takes it out, a model's parameters are slices of the stack: it follows the training.
    """

    @torch.no_grad()
    def __init__(self, configs: Sequence[Config], histories: Sequence[History]) -> None:
        first = configs[0]
        self.models = [config.model for config in configs]
        # By the place in the stack: the curves that still grow, and what may end them.
        self.going = dict(enumerate(histories))
        self.stopping = {
            k: EarlyStopping(histories[k], config.patience)
            for k, config in enumerate(configs)
            if config.patience is not None
        }
        self.epochs, self.lr, self.momentum = first.epochs, first.lr, first.momentum
        self.loss = first.data.loss
        self.penalty = stacked_penalty([config.penalty for config in configs])
        versions = zip(*(model.parameters() for model in self.models), strict=True)
        self.parameters = [stacked(same) for same in versions]
        self.weights = self.parameters[::2]
        self.gradients = [torch.empty_like(p) for p in self.parameters]
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        # By generator, its leader: equal ones are drawn from once, and set alike in the end.
        self.leaders: dict[Generator, Generator] = {}
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
                self.leaders[drop.generator] = generator
                self.draw_masks.append(partial(u.copy_, same))
        p = torch.tensor([drop.p for drop in drops], dtype=h.dtype)[:, None, None]
        return Mask(p, 1 / (1 - p), uniforms, torch.empty_like(h))

    @torch.no_grad()
    def advance(self, epoch: int, every: int) -> None:
        """Train up to an epoch, with a point of the curves every `every` epochs."""
        while self.going and self.epoch < min(epoch, self.epochs):
            self.step()
            self.epoch += 1
            if self.epoch % every == 0 or self.epoch == self.epochs:
                self.evaluate()

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

    def evaluate(self) -> None:
        """Add train loss, valid loss and penalty to the curves that still grow."""
        replay(self.forward_valid)
        train_loss = self.loss(self.z_train.mT, self.y_train)
        valid_loss = self.loss(self.z_valid.mT, self.y_valid)
        penalty = torch.zeros_like(train_loss) + self.penalty.value(self.weights)
        points = torch.stack([train_loss, valid_loss, penalty], dim=1).tolist()
        for k, history in [*self.going.items()]:
            if not math.isfinite(points[k][0] + points[k][1]):
                del self.going[k]  # it has diverged
                continue
            history.add(self.epoch, *points[k])
            stopping = self.stopping.get(k)
            if stopping and (stopping.is_due() or self.epoch == self.epochs):
                self.take_out(k)
                stopping.put_back()

    def take_out(self, k: int) -> None:
        """Give a model parameters and generators of its own: the others go on."""
        del self.going[k]
        leave_stack(self.models[k])
        for drop in dropouts(self.models[k]):
            state = self.leaders.get(drop.generator, drop.generator).get_state()
            drop.generator = Generator()
            drop.generator.set_state(state)

    def release(self) -> None:
        """Leave parameters, modes and generators as the trainings alone would have left them.

        The memory is given back even if a traceback still holds the stack: IPython's of an
        interrupted cell go with a garbage collection only.
        """
        for model in self.models:
            model.eval()
            leave_stack(model)
        for generator, leader in self.leaders.items():
            generator.set_state(leader.get_state())
        for calls in (self.draw_masks, self.backward, self.forward_train, self.forward_valid):
            calls.clear()
        vars(self).clear()


def stacked(same: Sequence[nn.Parameter]) -> Tensor:
    """Stack the K models' versions of one parameter, and make each a slice of the stack."""
    stack = torch.stack([parameter.detach() for parameter in same])
    for parameter, part in zip(same, stack, strict=True):
        parameter.data = part
    return stack


def leave_stack(model: nn.Module) -> None:
    """Give a model memory of its own for its parameters."""
    for parameter in model.parameters():
        parameter.data = parameter.data.clone()


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
