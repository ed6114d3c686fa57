"""Questions answered by clicking: a Prediction before an experiment, a Quiz after a lesson.

Both also exist as plain text, for a reader without a kernel; nothing a learner chooses leaves it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, SupportsIndex

import ipywidgets
from IPython.display import display

from helpers.lab.panel import live

CSS = Path(__file__).with_name("questions.css").read_text(encoding="utf-8")
STYLE = f"<style>\n{CSS}</style>"

RUN_ME = "노트북을 실행하면, 보기를 고르는 즉시 왜 맞고 틀리는지 볼 수 있습니다."

Line = Callable[[], str]  # the HTML of one line, as the choices stand
Asked = Sequence[tuple[str, Sequence[str]]]  # questions, each with its options
Judge = Callable[..., tuple[SupportsIndex, str]]


@dataclass(frozen=True)
class FormView:
    """A displayed box, and the line that each of its HTML widgets shows."""

    box: ipywidgets.VBox
    lines: Mapping[ipywidgets.HTML, Line]

    def close(self) -> None:
        _close(*(child for child in self.box.children if isinstance(child, ipywidgets.HTML)))
        _close(self.box)

    def update(self) -> None:
        """Write every line anew, as the choices stand now."""
        for html, line in self.lines.items():
            try:
                html.value = line()
            except Exception as error:  # the kernel would log it where nobody looks
                html.value = _line(f"이 줄을 새로 쓰지 못했습니다: {error!r}", "wrong")
                raise


class Form:
    """The radio buttons of some questions, and the views that follow what is chosen."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.radios = [ipywidgets.RadioButtons(options=[*texts], index=None) for _, texts in asked]
        for radio in self.radios:
            radio.observe(lambda _change: self._update(), "index")
        self.views: dict[str, FormView] = {}

    @property
    def choices(self) -> list[int | None]:
        """Index of the chosen option of each question, None where nothing is chosen."""
        return [radio.index for radio in self.radios]

    def show(self, name: str, rows: Sequence[ipywidgets.Widget | Line], text: str) -> None:
        """Display radio buttons and lines in place of an earlier view of that name.

        After it comes the `text` for readers without a kernel.
        """
        if name in self.views:
            self.views.pop(name).close()
        widgets = [row if isinstance(row, ipywidgets.Widget) else ipywidgets.HTML() for row in rows]
        lines = {html: row for html, row in zip(widgets, rows, strict=True) if html is not row}
        box = ipywidgets.VBox([ipywidgets.HTML(STYLE), *widgets])
        box.add_class("ask")
        view = self.views[name] = FormView(box, lines)
        view.update()
        display(live(box, ""), raw=True)
        html = escape(text).replace("\n", "<br>")
        display({"text/plain": text, "text/html": html}, raw=True)

    def close(self) -> None:
        """Take the widgets off the page and free them."""
        for view in self.views.values():
            view.close()
        _close(*self.radios)

    def _update(self) -> None:
        for view in [*self.views.values()]:  # a cell may show another view meanwhile
            view.update()


forms: dict[str, Form] = {}  # by their names, as last shown


def _form(name: str, asked: Asked) -> Form:
    """The form called `name`: the one of the last run if it asked the same, with its choices."""
    form = forms.get(name)
    if form is not None and form.asked == asked:
        return form
    if form is not None:
        form.close()
    forms[name] = Form(asked)
    return forms[name]


class Prediction:
    """A question answered before an experiment and compared with its measurement afterwards.

    `judge(*measurements)` gives the index of the option that they speak for, and one Korean
    sentence with the numbers. A cell that runs again finds what was chosen under this `name`.
    Raises ValueError unless there are two or more different options.
    """

    def __init__(self, name: str, question: str, options: Sequence[str], judge: Judge) -> None:
        if len(options) < 2 or len(set(options)) < len(options):
            raise ValueError("예측에는 서로 다른 보기가 둘 이상 있어야 합니다.")
        self.question, self.options, self.judge = question, tuple(options), judge
        self._form = _form(name, [(self.question, self.options)])
        (self.radio,) = self._form.radios

    @property
    def choice(self) -> int | None:
        """Index of the committed option, None before the learner commits."""
        return self.radio.index

    def show(self) -> None:
        """Display the question with its options."""
        head = _line(f"예측 · {self.question}", "head")
        text = _listed("예측", self.question, self.options)
        self._form.show("question", [lambda: head, self.radio, self._note], text)

    def compare(self, *measurements: Any) -> None:
        """Display what the judge says of the measurements, beside what was predicted.

        Raises ValueError if the judge names an option that does not exist.
        """
        answer, measured = self.judge(*measurements)
        index = operator.index(answer)
        if not 0 <= index < len(self.options):
            raise ValueError(f"보기는 {len(self.options)}개입니다. {index}번 보기는 없습니다.")
        line = partial(self._comparison_line, index, measured)
        self._form.show("comparison", [line], self._comparison(index, measured))

    def _note(self) -> str:
        if self.choice is None:
            return _line("실험을 보기 전에 하나를 골라 보세요. 틀려도 괜찮습니다.", "hint")
        return _line("예측을 적어 두었습니다. 이제 실험으로 확인해 봅시다.", "noted")

    def _comparison(self, index: int, measured: str) -> str:
        if self.choice is None:
            return f"아직 예측을 고르지 않으셨습니다. 측정 결과: {measured}"
        chosen, true = self.options[self.choice], self.options[index]
        if self.choice == index:
            return f"예측이 맞았습니다: ‘{chosen}’. 측정 결과: {measured}"
        return f"예측은 ‘{chosen}’, 실제는 ‘{true}’. 측정 결과: {measured}"

    def _comparison_line(self, index: int, measured: str) -> str:
        text = self._comparison(index, measured)
        if self.choice is None:
            return _line(text)
        return _line(text, "right" if self.choice == index else "wrong")


@dataclass(frozen=True)
class Question:
    """A quiz question: `options` maps each text to why it is right or wrong.

    `right` is the index of the right option. Raises ValueError if there is no such option, or if
    a text or a reason is missing.
    """

    text: str
    options: Mapping[str, str]
    right: int

    def __post_init__(self) -> None:
        if not 0 <= self.right < len(self.options):
            raise ValueError(f"‘{self.text}’: {self.right}번 보기는 없습니다.")
        if not all(text and why for text, why in self.options.items()):
            raise ValueError(f"‘{self.text}’: 모든 보기에 설명이 있어야 합니다.")


class Quiz:
    """Questions answered on the spot, with the reason for every option, and a score.

    A cell that runs again finds what was chosen under this `name`.
    """

    def __init__(self, name: str, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self._form = _form(name, [(q.text, tuple(q.options)) for q in self.questions])
        self.radios = self._form.radios

    @property
    def score(self) -> int:
        """Number of questions whose chosen option is the right one."""
        pairs = zip(self._form.choices, self.questions, strict=True)
        return sum(choice == question.right for choice, question in pairs)

    def show(self) -> None:
        """Display all questions, each with its explanation line, and the score below."""
        rows: list[ipywidgets.Widget | Line] = []
        texts = []
        for number, (question, radio) in enumerate(zip(self.questions, self.radios, strict=True)):
            rows += [partial(self._head, number), radio, partial(self._why, number)]
            texts.append(_listed(f"{number + 1}번", question.text, [*question.options]))
        self._form.show("quiz", [*rows, self._score], "\n\n".join([*texts, RUN_ME]))

    def _head(self, number: int) -> str:
        return _line(f"{number + 1}. {self.questions[number].text}", "head", "next")

    def _why(self, number: int) -> str:
        question, choice = self.questions[number], self.radios[number].index
        if choice is None:
            return ""
        why = [*question.options.values()][choice]
        return (
            _line(f"✅ {why}", "right") if choice == question.right else _line(f"💡 {why}", "wrong")
        )

    def _score(self) -> str:
        left = self._form.choices.count(None)
        rest = f"{left}문제가 남았습니다." if left else "모두 답하셨습니다."
        return _line(f"{len(self.questions)}문제 중 {self.score}문제를 맞혔습니다. {rest}", "head")


def _listed(label: str, question: str, options: Sequence[str]) -> str:
    return "\n".join([f"[{label}] {question}", *(f"  ○ {option}" for option in options)])


def _line(text: str, *kinds: str) -> str:
    """The HTML of a line; each kind is a class `ask-…` of questions.css."""
    classes = " ".join(f"ask-{kind}" for kind in ("line", *kinds))
    return f'<div class="{classes}">{escape(text)}</div>'


def _close(*widgets: ipywidgets.Widget) -> None:
    """Close widgets and the layouts and styles that live as widgets of their own."""
    for widget in widgets:
        for part in (getattr(widget, "style", None), widget.layout, widget):
            if part is not None:
                part.close()
