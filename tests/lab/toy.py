"""A lab whose experiment only counts, and what its page says."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from matplotlib.patches import Rectangle

from helpers.lab.controls import Alpha
from helpers.lab.lab import Lab


@dataclass
class Result:
    """What the toy experiment makes: its settings, and how far it came."""

    values: dict
    epoch: int = 0


@dataclass
class Toy:
    """An experiment that counts to `epochs`, and counts how many of it run at once."""

    epochs: int = 5
    pause: float = 0.0
    running: int = 0
    most: int = 0
    started: int = 0
    drawn: list = field(default_factory=list)
    surprise: Callable = lambda values: None  # what else a run does

    def run(self, **values) -> Iterator[Result]:
        self.running += 1
        self.started += 1
        self.most = max(self.most, self.running)
        try:
            self.surprise(values)
            result = Result(values)
            if values.get("alpha") == 0.7:
                raise ValueError("α가 너무 큽니다.")
            if values.get("alpha") == 0.5:
                raise ZeroDivisionError("0/0")
            for result.epoch in range(1, self.epochs + 1):
                time.sleep(self.pause)
                yield result
        finally:
            self.running -= 1

    def draw(self, ax, result):
        if result.values.get("alpha") == 0.3:
            raise KeyError("draw")
        for patch in list(ax.patches):
            patch.remove()
        ax.add_patch(Rectangle((0, 0), result.values["alpha"], result.epoch / self.epochs))
        self.drawn.append((result.values["alpha"], result.epoch))

    def describe(self, result):
        if result.values.get("alpha") == 0.2:
            raise KeyError("describe")
        return f"α가 {result.values['alpha']}입니다."

    def lab(self, name="toy", **controls) -> Lab:
        controls = controls or {"alpha": Alpha(0.01)}
        return Lab(name, self.run, self.draw, self.describe, controls, size=(3, 2))


def slow_lab() -> tuple[Toy, Lab]:
    """A lab whose first run was quick and whose next ones take minutes."""
    toy = Toy(epochs=1, pause=0.005)
    lab = toy.lab()
    toy.epochs = 20_000
    return toy, lab


def lab_threads() -> list[threading.Thread]:
    """The threads of all labs."""
    return [thread for thread in threading.enumerate() if thread.name == "lab"]


def status(lab: Lab) -> str:
    return lab.panel.plain.status.value


def note(lab: Lab) -> str:
    return lab.panel.plain.note.value


def knob(lab: Lab, name: str = "alpha"):
    return lab.panel.knobs[name]


def statuses(lab: Lab) -> list[str]:
    """Everything the status line says from now on."""
    lines: list[str] = []
    lab.panel.plain.status.observe(lambda change: lines.append(change.new), "value")
    return lines
