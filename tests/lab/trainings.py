"""Short trainings for the tests of the training lab."""

from functools import cache

from helpers.data import Dataset, digits
from helpers.lab.controls import Alpha, Slider
from helpers.lab.runs import Run
from helpers.lab.training_lab import SWEEP_VIEW, TrainingLab
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Config, History, Origin, train
from tests.lab.toy import statuses
from tests.until import until

SHORT = Alpha(0.01, low=1e-3, high=0.1)


@cache
def data() -> Dataset:
    return digits()


def config(alpha, seed=0, **settings) -> Config:
    """Twenty epochs with L2, unless the settings say otherwise."""
    return Config(MLP(seed=seed), data(), L2(alpha), **{"epochs": 20} | settings)


def alone(config: Config) -> History:
    """What `train` makes of it."""
    names = ("epochs", "lr", "momentum", "batch_size", "patience", "seed")
    settings = {name: getattr(config, name) for name in names}
    return train(config.model, config.data, config.penalty, **settings)


def made_up(valid_loss, train_loss=None, *, epochs=None, stopped=False, error=None) -> Run:
    """A run with these curves, of `epochs` epochs in the end, and a small network."""
    valid_loss = list(valid_loss)
    history = History(MLP((2, 2)), Origin("", "", 0), list(range(1, len(valid_loss) + 1)))
    history.valid_loss = valid_loss
    history.train_loss = list(train_loss or [loss / 2 for loss in valid_loss])
    history.stopped = history.restored = stopped
    return Run(history, epochs or len(valid_loss), error)


def look(lab: TrainingLab, view: str, seconds: float = 60):
    """Switch to a view and wait; what it shows."""
    lab.switch(view)
    lab.wait(seconds)
    return lab.shown.output


def endless(alpha, epochs) -> Config:
    return config(alpha, epochs=epochs)


def slow_lab() -> tuple[TrainingLab, list[str]]:
    """A lab in the midst of a sweep that would take minutes, and what its status line says."""
    lab = TrainingLab("t", endless, alpha=SHORT, epochs=Slider("epoch", 1, 100_000, 1, 1))
    lab.panel.knobs["epochs"].options = [("1", 1), ("100000", 100_000)]
    look(lab, SWEEP_VIEW)
    seen = statuses(lab)
    lab.set(epochs=100_000)
    until(lambda: any("초 남음" in line for line in seen))
    return lab, seen
