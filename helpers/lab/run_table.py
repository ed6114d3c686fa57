"""A training lab that writes down every run: the table one chooses from."""

import html
from collections.abc import Iterator
from typing import Any

import ipywidgets
from IPython.display import display

from helpers.lab.panel import live, parts
from helpers.lab.training_lab import Curves, TrainingLab
from helpers.models import weight_norm, zero_share
from helpers.training import History

HEADER = ("설정", "Valid loss", "차이", "‖W‖₂", "0의 비율", "멈춘 epoch")
MAX_ROWS = 12


class RunTableLab(TrainingLab):
    """A TrainingLab with a table below it: a row for every finished training, newest last.

    All that it says is measured on the model that the training leaves: after early stopping the
    one of the best epoch, else the last. The lowest valid loss is marked with ★; nothing in the
    table comes from the test set.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.table = RunTable()
        super().__init__(*args, **options)

    def _train(self, **values: Any) -> Iterator[Curves]:
        for curves in super()._train(**values):
            yield curves
        named = [(self.controls[name], value) for name, value in values.items()]
        label = ", ".join(f"{control.short} {control.text(value)}" for control, value in named)
        self.table.add(label, curves.run.history)

    def show(self) -> None:
        """Display the lab and its table."""
        super().show()
        display(live(self.table.view, str(self.table)), raw=True)

    def close(self) -> None:
        """Leave the page, the table too."""
        super().close()
        for widget in parts(self.table.view):
            widget.close()


class RunTable:
    """The last runs of a lab, each with what the valid set and the weights say about it."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[float, tuple[str, ...]]] = {}
        self.view = ipywidgets.HTML()

    def add(self, label: str, history: History) -> None:
        """Write down a run; a setting run again moves to the end, too long a table is shortened."""
        self.rows.pop(label, None)
        self.rows[label] = history.kept_valid, cells(history)
        if len(self.rows) > MAX_ROWS:
            self._forget_oldest()
        self.view.value = self.html()

    def _forget_oldest(self) -> None:
        """Drop the oldest run that is not the best: the star must not pass to a worse one."""
        others = [row[0] for best, row in self.lines() if not best]
        del self.rows[others[0] if others else next(iter(self.rows))]

    def lines(self) -> list[tuple[bool, tuple[str, ...]]]:
        """(is it the best, what its row says) for every run."""
        lowest = min(loss for loss, _ in self.rows.values())
        return [(loss == lowest, (label, *row)) for label, (loss, row) in self.rows.items()]

    def html(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in HEADER)
        body = ""
        for best, row in self.lines():
            texts = "".join(f"<td>{html.escape(text)}</td>" for text in row)
            body += f'<tr class="{"best" if best else "run"}">{texts}<td>{"★" * best}</td></tr>'
        return f'<table class="course-runs"><tr>{head}<th></th></tr>{body}</table>'

    def __str__(self) -> str:
        """One line a run, its parts named."""
        return "\n".join(
            f"{'★' if best else '·'} {row[0]}: "
            + ", ".join(f"{name} {text}" for name, text in zip(HEADER[1:], row[1:], strict=True))
            for best, row in self.lines()
        )


def cells(history: History) -> tuple[str, ...]:
    """Valid loss, valid minus train loss, ‖W‖₂ and share of zeros of the model, the last epoch."""
    norm, zeros = weight_norm(history.model), zero_share(history.model)
    last = str(history.epoch[-1]) if history.stopped else "끝까지"
    losses = f"{history.kept_valid:.2f}", f"{history.gap:.2f}"
    return *losses, f"{norm:.1f}", f"{zeros:.0%}", last
