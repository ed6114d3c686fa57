"""The trainings of one lab: many at once where that can be, and each of them only once."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from helpers.models import weight_norm, zero_share
from helpers.sweep import sweep_epochs, why_not_stackable
from helpers.training import Config, Diverged, History, train_epochs

MAX_RUNS = 200  # remembered trainings, about 50 kB each


class Trial(NamedTuple):
    """A training to be done: (knob, value) pairs, and the seed of fresh data, noise and weights."""

    values: tuple[tuple[str, Any], ...]
    seed: int | None = None  # as the lesson has it

    @classmethod
    def at(cls, values: Mapping[str, Any], seed: int | None = None) -> "Trial":
        """The trial at these values of the knobs."""
        return cls(tuple(values.items()), seed)


@dataclass(frozen=True, eq=False)
class Run:
    """A training of so many epochs, done or on its way; `error` if it diverged.

    What is measured of the weights is measured once: a training on its way gets a new Run.
    """

    history: History
    epochs: int
    error: Diverged | None = None

    @property
    def drawable(self) -> bool:
        """Whether its curves have begun, and lead somewhere."""
        return bool(self.history.epoch) and self.error is None

    @cached_property
    def weight_norm(self) -> float:
        return weight_norm(self.history.model)

    @cached_property
    def zero_share(self) -> float:
        return zero_share(self.history.model)


class PartialRuns(NamedTuple):
    """A run for each of several trials, and how much is done of all."""

    runs: list[Run]
    progress: tuple[int, int]


Growing = tuple[dict[Trial, Run], tuple[int, int]]  # the runs on their way, and the progress


class RunCache:
    """A cache of trainings: what `make_config(**values)` gives for a trial is trained only once."""

    def __init__(self, make_config: Callable[..., Config]) -> None:
        self.make_config = make_config
        self._seeded = "seed" in inspect.signature(make_config).parameters
        self.known: dict[Trial, Run] = {}  # the least recently used one first
        # What was left half way: its trials and the rest of it.
        self._paused: tuple[list[Trial], Iterator[Growing]] | None = None

    def config(self, trial: Trial) -> Config:
        """The settings of a training; a seed also draws fresh data, if they can be drawn again."""
        seeded = trial.seed is not None and self._seeded
        config = self.make_config(**dict(trial.values), **({"seed": trial.seed} if seeded else {}))
        if trial.seed is not None and config.data.redraw:
            config = replace(config, data=config.data.redraw(seed=trial.seed))
        return config

    def can_vary(self, values: Mapping[str, Any]) -> bool:
        """Whether another seed makes any difference."""
        return self._seeded or self.config(Trial.at(values)).data.redraw is not None

    def has_all(self, trials: Sequence[Trial]) -> bool:
        """Whether all of these were trained before."""
        return all(trial in self.known for trial in trials)

    def train(self, trials: Sequence[Trial]) -> Iterator[PartialRuns]:
        """Train what is not known yet; yields how far it has come, in the end all runs.

        If the iteration is abandoned, the next call with the same trials resumes it.
        """
        missing = [trial for trial in dict.fromkeys(trials) if trial not in self.known]
        paused, self._paused = self._paused, None
        steps = paused[1] if paused and paused[0] == missing else self._train(missing)
        for growing, progress in steps:
            self._paused = missing, steps
            yield PartialRuns([self.known.get(t) or growing[t] for t in trials], progress)
            self._paused = None
        runs = [self.known[trial] for trial in trials]
        self._evict(trials)
        yield PartialRuns(runs, (1, 1))

    def _train(self, trials: Sequence[Trial]) -> Iterator[Growing]:
        """Train and remember."""
        configs = {trial: self.config(trial) for trial in trials}
        if not any(why_not_stackable(config) for config in configs.values()):
            yield from self._together(configs)
        else:
            yield from self._one_by_one(configs)

    def _together(self, configs: Mapping[Trial, Config]) -> Iterator[Growing]:
        """All in one sweep."""
        epochs = max((config.epochs for config in configs.values()), default=0)
        runs: dict[Trial, Run] = {}
        for epoch, histories in sweep_epochs([*configs.values()]) if configs else ():
            pairs = zip(configs.items(), histories, strict=True)
            runs = {trial: Run(history, config.epochs) for (trial, config), history in pairs}
            yield runs, (epoch, epochs)
        for trial, run in runs.items():
            ended = run.history.stopped or run.history.epoch[-1:] == [run.epochs]
            error = None if ended else Diverged(run.history, configs[trial].lr)
            self.known[trial] = replace(run, error=error)

    def _one_by_one(self, configs: Mapping[Trial, Config]) -> Iterator[Growing]:
        """One after another, in the loop of `train`."""
        runs = {trial: Run(History.of(config), config.epochs) for trial, config in configs.items()}
        total, before = sum(run.epochs for run in runs.values()), 0
        for trial, config in configs.items():
            try:
                for history in train_epochs(config):
                    runs[trial] = Run(history, config.epochs)
                    yield runs, (before + len(history.epoch), total)
            except Diverged as error:
                runs[trial] = Run(error.history, config.epochs, error)
            # A new Run: what was measured on the way was of other weights than those it leaves.
            self.known[trial] = replace(runs[trial])
            before += config.epochs

    def _evict(self, trials: Sequence[Trial]) -> None:
        """Forget what has not been used for longest."""
        for trial in trials:
            self.known[trial] = self.known.pop(trial)
        for trial in list(self.known)[:-MAX_RUNS]:
            del self.known[trial]
