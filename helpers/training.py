"""One training loop for every experiment of the course."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field
from hashlib import sha1
from typing import NamedTuple

import torch
from torch import Tensor, nn

from helpers.data import Dataset
from helpers.models import weights
from helpers.penalties import NoPenalty, Penalty


@dataclass(frozen=True, eq=False)
class Config:
    """All that decides a training: the arguments of `train`, with their defaults.

    Raises ValueError for impossible settings.
    """

    model: nn.Module
    data: Dataset
    penalty: Penalty = NoPenalty()  # noqa: RUF009 - a frozen value
    _: KW_ONLY
    epochs: int = 100
    lr: float = 0.4
    momentum: float = 0.9
    weight_decay: float = 0.0
    optimizer: torch.optim.Optimizer | None = None
    batch_size: int | None = None
    patience: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "patience"):
            require_count(name, getattr(self, name))
        if not (math.isfinite(self.lr) and self.lr > 0):
            raise ValueError(f"lr는 0보다 큰 유한한 수여야 합니다 (받은 값: {self.lr}).")
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum은 0 이상 1 미만이어야 합니다 (받은 값: {self.momentum}).")
        if not (math.isfinite(self.weight_decay) and self.weight_decay >= 0):
            amount = self.weight_decay
            raise ValueError(f"weight_decay는 0 이상의 유한한 수여야 합니다 (받은 값: {amount}).")


def require_count(name: str, count: int | None) -> None:
    """Raise ValueError for a count that is not a whole number ≥ 1 (None means not used)."""
    if count is not None and not (isinstance(count, int) and count >= 1):
        raise ValueError(f"{name}는 1 이상의 정수여야 합니다 (받은 값: {count}).")


class Origin(NamedTuple):
    """What two trainings must share for their curves to be fairly compared."""

    data: str
    init: str
    seed: int


@dataclass
class History:
    """The curves of one training; the losses are data losses, the penalty is kept apart."""

    model: nn.Module
    origin: Origin
    epoch: list[int] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)
    valid_loss: list[float] = field(default_factory=list)
    penalty: list[float] = field(default_factory=list)
    stopped: bool = False  # before its last epoch
    restored: bool = False  # to the weights of its best epoch

    @classmethod
    def of(cls, config: Config) -> "History":
        """The empty curves of a training that is about to start."""
        origin = Origin(config.data.fingerprint, fingerprint(config.model), config.seed)
        return cls(config.model, origin)

    def add(self, epoch: int, train_loss: float, valid_loss: float, penalty: float) -> None:
        """A further point of the curves."""
        self.epoch.append(epoch)
        self.train_loss.append(train_loss)
        self.valid_loss.append(valid_loss)
        self.penalty.append(penalty)

    @property
    def best_epoch(self) -> int:
        """The epoch of the lowest valid loss (the first one, if there are several)."""
        return self.epoch[self.valid_loss.index(self.best_valid)]

    @property
    def best_valid(self) -> float:
        return min(self.valid_loss)

    @property
    def final_valid(self) -> float:
        return self.valid_loss[-1]

    @property
    def kept_epoch(self) -> int:
        """The epoch whose weights the training leaves in the model."""
        return self.best_epoch if self.restored else self.epoch[-1]

    @property
    def kept_valid(self) -> float:
        """The valid loss of the model as the training leaves it."""
        return self.valid_loss[self.epoch.index(self.kept_epoch)]

    @property
    def rise(self) -> float:
        """How far the valid loss ends above its minimum, as a share of the minimum."""
        return self.final_valid / self.best_valid - 1

    @property
    def gap(self) -> float:
        """Valid loss minus train loss of the model as the training leaves it."""
        return self.kept_valid - self.train_loss[self.epoch.index(self.kept_epoch)]


class Diverged(ValueError):
    """The loss is no longer a finite number; `history` holds the curves up to there."""

    def __init__(self, history: History, lr: float) -> None:
        super().__init__(
            f"{len(history.epoch) + 1}번째 epoch에서 loss가 발산했습니다. "
            f"learning rate({lr:g})나 α를 줄여 보세요."
        )
        self.history = history


def train(
    model: nn.Module,
    data: Dataset,
    penalty: Penalty = Config.penalty,
    *,
    epochs: int = Config.epochs,
    lr: float = Config.lr,
    momentum: float = Config.momentum,
    weight_decay: float = Config.weight_decay,
    optimizer: torch.optim.Optimizer | None = None,
    batch_size: int | None = None,
    patience: int | None = None,
    seed: int = Config.seed,
    on_epoch: Callable[[History], None] | None = None,
) -> History:
    """Train the model in place and return its curves.

    By default: SGD with momentum on the whole training set at once. `optimizer` replaces
    lr, momentum and weight_decay; `seed` orders the batches. With `patience`, training stops
    once the valid loss has not improved for that many epochs, and the best weights are put
    back. `on_epoch` is called after every epoch; what it raises ends the training.
    Raises ValueError for impossible settings and Diverged when the loss is no longer finite.
    """
    config = Config(
        model,
        data,
        penalty,
        epochs=epochs,
        lr=lr,
        momentum=momentum,
        weight_decay=weight_decay,
        optimizer=optimizer,
        batch_size=batch_size,
        patience=patience,
        seed=seed,
    )
    for history in train_epochs(config):
        if on_epoch:
            on_epoch(history)
    return history


def train_epochs(config: Config) -> Iterator[History]:
    """The training loop: train the model in place, and yield its growing curves every epoch.

    Stop iterating to end the training early; the best weights are then not restored. Raises
    Diverged when the loss is no longer finite.
    """
    model, data, penalty = config.model, config.data, config.penalty
    optimizer = config.optimizer or torch.optim.SGD(
        model.parameters(), config.lr, config.momentum, weight_decay=config.weight_decay
    )
    # A given optimizer brings its own rates. In the long run, a constant gradient moves a weight by
    # lr/(1 − momentum) of itself in a step.
    lr, momentum = optimizer.defaults["lr"], optimizer.defaults.get("momentum", 0.0)
    matrices = weights(model)
    history = History.of(config)
    shuffler = torch.Generator().manual_seed(config.seed)
    stopping = None if config.patience is None else EarlyStopping(history, config.patience)

    for epoch in range(1, config.epochs + 1):
        model.train()
        for x, y in batches(data, config.batch_size, shuffler):
            optimizer.zero_grad()
            loss = data.loss(model(x), y) + penalty.in_loss(matrices)
            loss.backward()
            optimizer.step()
            penalty.after_step(matrices, lr / (1 - momentum))

        train_loss, valid_loss, penalty_value = evaluate(model, data, penalty)
        if not math.isfinite(train_loss + valid_loss):
            raise Diverged(history, lr)
        history.add(epoch, train_loss, valid_loss, penalty_value)
        yield history

        if stopping and stopping.is_due():
            break

    if stopping:
        stopping.put_back()


def batches(
    data: Dataset, batch_size: int | None, shuffler: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """The training set in one piece, or in shuffled batches of at most `batch_size` rows."""
    if batch_size is None:
        yield data.x_train, data.y_train
        return
    for rows in torch.randperm(len(data.x_train), generator=shuffler).split(batch_size):
        yield data.x_train[rows], data.y_train[rows]


@torch.no_grad()
def evaluate(model: nn.Module, data: Dataset, penalty: Penalty) -> tuple[float, float, float]:
    """Train and valid data loss in eval mode (dropout off), comparable, and the penalty apart."""
    model.eval()
    train_loss = data.loss(model(data.x_train), data.y_train)
    valid_loss = data.loss(model(data.x_valid), data.y_valid)
    return train_loss.item(), valid_loss.item(), float(penalty.value(weights(model)))


@torch.no_grad()
def accuracy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """The share of rows whose largest logit is at the label, in eval mode."""
    model.eval()
    return (model(x).argmax(dim=-1) == y).double().mean().item()


@torch.no_grad()
def restore(model: nn.Module, parameters: Sequence[Tensor]) -> None:
    """Copy saved parameters back into the model."""
    for target, source in zip(model.parameters(), parameters, strict=True):
        target.copy_(source)


class EarlyStopping:
    """Early stopping of a training whose curves grow in `history`: to be asked after each epoch."""

    def __init__(self, history: History, patience: int) -> None:
        self.history, self.patience = history, patience
        self.best_weights: list[Tensor] = []

    def is_due(self) -> bool:
        """Keep the weights if they are the best so far; whether the best are `patience` old."""
        history, best_epoch = self.history, self.history.best_epoch
        if history.epoch[-1] == best_epoch:
            self.best_weights = [p.detach().clone() for p in history.model.parameters()]
        history.stopped = history.epoch[-1] - best_epoch >= self.patience
        return history.stopped

    def put_back(self) -> None:
        """Put the best weights back into the model."""
        restore(self.history.model, self.best_weights)
        self.history.restored = True


class Stop(NamedTuple):
    """Where early stopping ends a training and which epoch's weights it keeps."""

    epoch: int
    best_epoch: int


def early_stop(valid_loss: Sequence[float], patience: int) -> Stop:
    """Replay early stopping on a recorded valid loss, one value per epoch.

    Patience only chooses where to stop, so this equals really stopping there. Without a stop,
    `epoch` is the last one. Raises ValueError for a patience below 1.
    """
    require_count("patience", patience)
    best = 0
    for i, loss in enumerate(valid_loss):
        if loss < valid_loss[best]:
            best = i
        if i - best >= patience:
            return Stop(i + 1, best + 1)
    return Stop(len(valid_loss), best + 1)


def fingerprint(model: nn.Module) -> str:
    """A short digest of the model's present parameters."""
    digest = sha1()
    for parameter in model.parameters():
        digest.update(parameter.detach().numpy().tobytes())
    return digest.hexdigest()[:12]
