"""Runs in a lesson's kernel: records what each cell has displayed, in every state it can take.

Labs, predictions and quizzes answer for themselves: a lab's own views run, draw and describe each
setting, a question's own lines are read after each choice. What they say cannot differ from what
a learner sees live. Afterwards everything is as it was.
"""

import ast
import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from IPython.core.interactiveshell import ExecutionResult
from IPython.display import display

from helpers import sweep
from helpers.exercises import questions
from helpers.exercises.exercise import Exercise
from helpers.lab import Choice, Lab, RunTableLab, TrainingLab
from helpers.lab.lab import labs, sentence
from helpers.lab.panel import WIDGET_VIEW
from helpers.lab.run_table import HEADER, RunTable
from helpers.lab.training_lab import SEEDS_VIEW, SWEEP_VIEW
from tools.site import OF, RECORDING
from tools.site.frames import Stage
from tools.site.grid import grid, settings

Recording = dict[str, Any]


def listen(shell: Any) -> None:
    """From now on every cell displays, behind its other outputs, the recordings of them."""
    shown: list[str] = []
    sweep.THREADS = 1  # a core for each of the lessons that are recorded at a time

    def note(message: dict[str, Any]) -> dict[str, Any]:
        view = message.get("content", {}).get("data", {}).get(WIDGET_VIEW)
        if view:
            shown.append(view["model_id"])
        return message

    def publish(result: ExecutionResult) -> None:
        widgets, shown[:] = dict.fromkeys(shown), []
        if result.success and result.info:
            for model_id in widgets:
                emit(recording_of(model_id), {OF: model_id})
            for exercise in called(result.info.raw_cell, shell.user_ns):
                emit(exercise_recording(exercise), {})

    shell.display_pub.register_hook(note)
    shell.events.register("post_run_cell", publish)


def emit(recording: Recording, metadata: dict[str, str]) -> None:
    display({RECORDING: recording}, metadata={RECORDING: metadata}, raw=True)


def recording_of(model_id: str) -> Recording:
    """The recording of the displayed widget with this id; ValueError if it is none of ours."""
    for lab in [*labs.values()]:
        if lab.panel.box.model_id == model_id:
            return Recorder(lab).recording()
        if isinstance(lab, RunTableLab) and lab.table.view.model_id == model_id:
            rows = [run_row(*row) for row in lab.table.rows.items()]
            return {"kind": "runs", "name": lab.name, "head": [*HEADER], "rows": rows}
    for name, form in questions.forms.items():
        for kind, view in form.views.items():
            if view.box.model_id == model_id:
                with choices_put_back(form):
                    return {"name": name, **QUESTIONS[kind](form, view)}
    raise ValueError("a widget of no lab and no question")


# Labs


class Numbered(dict[str, int]):
    """Different texts by number, in the order in which they were first met."""

    def number(self, text: str) -> int:
        return self.setdefault(text, len(self))


class Recorder:
    """Records one lab: its views at all settings of its grid."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.knobs = lab, grid(lab)
        self.pieces, self.axes = Numbered(), Numbered()
        self.stages = {
            name: {
                "wide": Stage(view, f"{lab.name}-w"),
                "narrow": Stage(view, f"{lab.name}-n", narrow=True),
            }
            for name, view in lab.views.items()
        }

    def recording(self) -> Recording:
        lab, everywhere = self.lab, settings(self.knobs)
        frames: dict[str, list[Any]] = {name: [None] * len(everywhere) for name in lab.views}
        with put_back(lab), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nobody sees those of a live lab either
            for numbers in self.together(everywhere):
                for name in sorted(lab.views, key=cheapest_order):
                    for n in numbers:
                        frames[name][n] = self.frame(name, everywhere[n])
        views = [{"name": name, "sizes": self.sizes(name)} for name in lab.views]
        return {
            "kind": "lab",
            "name": lab.name,
            "knobs": [knob.recording for knob in self.knobs],
            "views": views,
            "start_view": [*lab.views].index(lab.shown.view),
            "pieces": [*self.pieces],
            "axes": [json.loads(text) for text in self.axes],
            "frames": [*frames.values()],
        }

    def together(self, everywhere: Sequence[dict[str, Any]]) -> list[list[int]]:
        """The numbers of the settings in groups that differ in their first slider only.

        전체 보기 trains such a group at once, and the cache of runs keeps it for the other views.
        """
        slider = next((k.name for k in self.knobs if not isinstance(k.knob, Choice)), "")
        others = [{**values, slider: None} for values in everywhere]
        return [[n for n, o in enumerate(others) if o == one] for one in distinct(others)]

    def frame(self, name: str, values: dict[str, Any]) -> Recording:
        """One view at one setting: its picture and its sentence, or what went wrong."""
        view, lab = self.lab.views[name], self.lab
        if isinstance(lab, RunTableLab):
            lab.table.rows.clear()
        try:
            *_, output = view.partials(values)
            pictures, axes = {}, {}
            for size, stage in self.stages[name].items():
                pictures[size] = [self.pieces.number(piece) for piece in stage.draw(output)]
                axes[size] = [self.axes.number(json.dumps(a)) for a in stage.readings()]
            say, warning = view.describe(output), lab.warning(view.result(output))
        except Exception as error:
            return {"error": sentence(error)}
        recorded = {"say": say, "status": lab.text(values), **pictures, "axes": axes}
        if warning:
            recorded["flag"] = warning
        if isinstance(lab, RunTableLab) and lab.table.rows:
            [recorded["row"]] = [run_row(*row) for row in lab.table.rows.items()]
        return recorded

    def sizes(self, name: str) -> dict[str, list[float]]:
        return {size: stage.size for size, stage in self.stages[name].items()}


def run_row(label: str, row: tuple[float, tuple[str, ...]]) -> Recording:
    """A row of a table of runs, and the exact loss by which the best is found."""
    loss, texts = row
    return {"loss": loss, "cells": [label, *texts]}


@contextmanager
def put_back(lab: Lab) -> Iterator[None]:
    """Leave a lab's runs and its table as they were."""
    known = dict(lab.runs.known) if isinstance(lab, TrainingLab) else {}
    table = lab.table if isinstance(lab, RunTableLab) else None
    if isinstance(lab, RunTableLab):
        lab.table = RunTable()
    try:
        yield
    finally:
        if isinstance(lab, TrainingLab):
            lab.runs.known = known
        if isinstance(lab, RunTableLab) and table is not None:
            lab.table.view.close()
            lab.table = table


def cheapest_order(view: str) -> int:
    """전체 보기 first: it trains all stops at once, and the curves are then known."""
    return {SWEEP_VIEW: 0, SEEDS_VIEW: 2}.get(view, 1)


def distinct(things: Sequence[Any]) -> list[Any]:
    """Each of the things once."""
    return [thing for n, thing in enumerate(things) if thing not in things[:n]]


# Questions


@contextmanager
def choices_put_back(form: questions.Form) -> Iterator[None]:
    """Leave what is chosen as it was."""
    before = form.choices
    try:
        yield
    finally:
        choose(form, before)


def choose(form: questions.Form, choices: Sequence[int | None]) -> None:
    for radio, choice in zip(form.radios, choices, strict=True):
        radio.index = choice


def lines(view: questions.FormView) -> list[str]:
    """What the lines of a question say now."""
    return [html.value for html in view.lines]


def prediction_recording(form: questions.Form, view: questions.FormView) -> Recording:
    [(question, options)] = form.asked
    notes = []
    for choice in (None, 0):
        choose(form, [choice])
        notes.append(lines(view)[-1])
    return {"kind": "prediction", "question": question, "options": [*options], "notes": notes}


def comparison_recording(form: questions.Form, view: questions.FormView) -> Recording:
    [(_, options)] = form.asked
    said = []
    for choice in (*range(len(options)), None):
        choose(form, [choice])
        said += lines(view)
    return {"kind": "comparison", "lines": said}


def quiz_recording(form: questions.Form, view: questions.FormView) -> Recording:
    """Each why, and the score after so many right and so many still open answers."""
    recorded, rights = [], []
    for number, (_, options) in enumerate(form.asked):
        whys = []
        for choice in range(len(options)):
            form.radios[number].index = choice
            whys.append(lines(view)[2 * number + 1])
        [right] = [choice for choice, why in enumerate(whys) if "ask-right" in why]
        head = lines(view)[2 * number]
        rights.append(right)
        recorded.append({"head": head, "options": [*options], "whys": whys, "right": right})
    wrong = [0 if right else 1 for right in rights]
    scores = {}
    for left in range(len(rights) + 1):
        for score in range(len(rights) - left + 1):
            choose(form, [*rights[:score], *wrong[score : len(rights) - left], *[None] * left])
            scores[f"{left},{score}"] = lines(view)[-1]
    return {"kind": "quiz", "questions": recorded, "scores": scores}


QUESTIONS = {
    "question": prediction_recording,
    "comparison": comparison_recording,
    "quiz": quiz_recording,
}


# Exercises


def called(source: str, names: dict[str, Any]) -> list[Exercise]:
    """The exercises that a cell calls."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [thing for call in calls if isinstance(thing := found(call, names), Exercise)]


def found(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a name like `check.soft_threshold` stands for; None if it is no such name."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(found(node.value, names), node.attr, None)
    return None


def exercise_recording(exercise: Exercise) -> Recording:
    return {"kind": "exercise", "name": exercise.name, "mistakes": [*exercise.mistakes]}
