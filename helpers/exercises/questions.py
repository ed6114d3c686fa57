"""Questions answered by clicking: a Prediction before an experiment, a Quiz after a lesson.

Both also exist as plain text, for a reader without a kernel; nothing a learner chooses leaves it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import SupportsIndex

import ipywidgets
from IPython.display import display

BLUE, GREEN, ORANGE = "#3d94cf", "#009e73", "#d55e00"  # tints behind the text, in any theme

# The text twin of a live view is its next sibling: hidden only while the view is really there.
STYLE = """<style>
.jp-OutputArea-child:has(.ask) + .jp-OutputArea-child { display: none; }
.ask { max-width: 960px; padding: 2px 0 2px 14px; border-left: 4px solid #3d94cf; }
.ask, .ask .widget-html-content, .ask .widget-radio-box label {
  color: var(--jp-content-font-color1, inherit); line-height: 1.55;
  font-size: calc(var(--jp-content-font-size1, 14px) * 1.15); }
.ask .widget-html, .ask .widget-radio, .ask .widget-radio-box {
  width: auto; max-width: 100%; height: auto; overflow: visible; }
.ask .widget-radio-box { margin: 0; }
.ask .widget-radio-box label {
  display: flex; align-items: flex-start; width: auto; height: auto; margin: 2px 0;
  white-space: normal; cursor: pointer; }
.ask .widget-radio-box input { order: -1; flex: none; margin: 3px 8px 0 2px; }
</style>"""

RUN_ME = "노트북을 실행하면, 보기를 고르는 즉시 왜 맞고 틀리는지 볼 수 있습니다."

Line = Callable[[], str]  # the HTML of one line, as the choices stand

_latest: dict[str, _Asked] = {}  # by name: a re-run cell goes on with the question it had asked


class _Asked:
    """Radio buttons under one name, and the views that follow what is chosen."""

    def __init__(self, name: str, asked: Sequence[tuple[str, Sequence[str]]]) -> None:
        older = _latest.get(name)
        _latest[name] = self
        if older is not None and older._asked == asked:
            self.__dict__ = older.__dict__  # the same question: keep what was chosen and shown
            return
        if older is not None:
            older.close()
        self._asked = asked
        self.radios = [ipywidgets.RadioButtons(options=[*texts], index=None) for _, texts in asked]
        for radio in self.radios:
            radio.observe(lambda _change: self._rewrite(), "index")
        self._lines: dict[str, dict[ipywidgets.HTML, Line]] = {}
        self._boxes: dict[str, ipywidgets.VBox] = {}

    @property
    def choices(self) -> list[int | None]:
        """Index of the chosen option of each question, None where nothing is chosen."""
        return [radio.index for radio in self.radios]

    def close(self) -> None:
        """Take the widgets off the page and free them."""
        for view in [*self._boxes]:
            self._close_view(view)
        _close(*self.radios)

    def _display(self, view: str, rows: Sequence[ipywidgets.Widget | Line], text: str) -> None:
        """Show radio buttons and lines in place of an earlier view of that name.

        After it comes the `text` for readers without a kernel.
        """
        self._close_view(view)
        style = ipywidgets.HTML(STYLE)
        widgets = [row if isinstance(row, ipywidgets.Widget) else ipywidgets.HTML() for row in rows]
        self._lines[view] = {
            html: row for html, row in zip(widgets, rows, strict=True) if html is not row
        } | {style: lambda: STYLE}
        self._boxes[view] = ipywidgets.VBox([style, *widgets])
        self._boxes[view].add_class("ask")
        self._rewrite()
        bundle = self._boxes[view]._repr_mimebundle_()
        display(bundle | {"text/plain": ""}, raw=True)  # its own text holds an address
        html = escape(text).replace("\n", "<br>")
        display({"text/plain": text, "text/html": html}, raw=True)

    def _close_view(self, view: str) -> None:
        if view in self._boxes:
            _close(self._boxes.pop(view), *self._lines.pop(view))

    def _rewrite(self) -> None:
        """Write every line anew, as the choices stand now."""
        for lines in [*self._lines.values()]:  # a cell may show another view meanwhile
            for html, line in lines.items():
                try:
                    html.value = line()
                except Exception as error:  # the kernel would log it where nobody looks
                    html.value = _line(f"이 줄을 새로 쓰지 못했습니다: {error!r}", ORANGE)
                    raise


class Prediction(_Asked):
    """A question answered before an experiment and compared with its measurement afterwards."""

    def __init__(self, name: str, question: str, options: Sequence[str]) -> None:
        if len(options) < 2 or len(set(options)) < len(options):
            raise ValueError("예측에는 서로 다른 보기가 둘 이상 있어야 합니다.")
        super().__init__(name, [(question, tuple(options))])
        self.question, self.options = question, tuple(options)

    @property
    def choice(self) -> int | None:
        """Index of the committed option, None before the learner commits."""
        return self.choices[0]

    def show(self) -> None:
        """Display the question with its options."""
        rows = [lambda: _line(f"예측 · {self.question}", bold=True), *self.radios, self._note]
        self._display("question", rows, _listed("예측", self.question, self.options))

    def compare(self, answer: SupportsIndex, measured: str) -> None:
        """Display what was `measured`; `answer` is the option it speaks for, computed from it."""
        index = operator.index(answer)
        if not 0 <= index < len(self.options):
            raise ValueError(f"보기는 {len(self.options)}개입니다. {index}번 보기는 없습니다.")
        line = partial(self._verdict_html, index, measured)
        self._display("verdict", [line], self._verdict(index, measured))

    def _note(self) -> str:
        if self.choice is None:
            return _line("실험을 보기 전에 하나를 골라 보세요. 틀려도 괜찮습니다.", faint=True)
        return _line("예측을 적어 두었습니다. 이제 실험으로 확인해 봅시다.", BLUE)

    def _verdict(self, index: int, measured: str) -> str:
        if self.choice is None:
            return f"아직 예측을 고르지 않으셨습니다. 측정 결과: {measured}"
        chosen, true = self.options[self.choice], self.options[index]
        if self.choice == index:
            return f"예측이 맞았습니다: ‘{chosen}’. 측정 결과: {measured}"
        return f"예측은 ‘{chosen}’, 실제는 ‘{true}’. 측정 결과: {measured}"

    def _verdict_html(self, index: int, measured: str) -> str:
        colours = {None: None, index: GREEN}
        return _line(self._verdict(index, measured), colours.get(self.choice, ORANGE))


@dataclass(frozen=True)
class Question:
    """A quiz question: `options` are (text, why it is right or wrong), `right` the right index."""

    text: str
    options: Sequence[tuple[str, str]]
    right: int

    def __post_init__(self) -> None:
        if not 0 <= self.right < len(self.options):
            raise ValueError(f"‘{self.text}’: {self.right}번 보기는 없습니다.")
        if not all(text and why for text, why in self.options):
            raise ValueError(f"‘{self.text}’: 모든 보기에 설명이 있어야 합니다.")


class Quiz(_Asked):
    """Questions checked on the spot, with the reason for every option, and a score."""

    def __init__(self, name: str, questions: Sequence[Question]) -> None:
        super().__init__(name, [(q.text, tuple(text for text, _ in q.options)) for q in questions])
        self.questions = tuple(questions)

    @property
    def score(self) -> int:
        """Number of questions whose chosen option is the right one."""
        pairs = zip(self.choices, self.questions, strict=True)
        return sum(choice == question.right for choice, question in pairs)

    def show(self) -> None:
        """Display all questions, each with its explanation line, and the score below."""
        rows, texts = [], []
        for number, (question, options) in enumerate(self._asked):
            rows += [partial(self._head, number), self.radios[number], partial(self._why, number)]
            texts.append(_listed(f"{number + 1}번", question, options))
        rows.append(lambda: _line(self._score(), bold=True))
        self._display("quiz", rows, "\n\n".join([*texts, RUN_ME]))

    def _head(self, number: int) -> str:
        head = _line(f"{number + 1}. {self.questions[number].text}", bold=True)
        return f'<div style="padding-top:12px">{head}</div>'

    def _why(self, number: int) -> str:
        question, choice = self.questions[number], self.choices[number]
        if choice is None:
            return ""
        mark, colour = ("✅", GREEN) if choice == question.right else ("💡", ORANGE)
        return _line(f"{mark} {question.options[choice][1]}", colour)

    def _score(self) -> str:
        left = self.choices.count(None)
        rest = f"{left}문제가 남았습니다." if left else "모두 답하셨습니다."
        return f"{len(self.questions)}문제 중 {self.score}문제를 맞혔습니다. {rest}"


def _listed(label: str, question: str, options: Sequence[str]) -> str:
    return "\n".join([f"[{label}] {question}", *(f"  ○ {option}" for option in options)])


def _line(text: str, colour: str | None = None, *, bold: bool = False, faint: bool = False) -> str:
    style = f"background:{colour}2e;border-radius:4px;padding:2px 10px;" if colour else ""
    style += "font-weight:600;" * bold + "opacity:.7;" * faint
    return f'<div style="{style}white-space:normal">{escape(text)}</div>'


def _close(*widgets: ipywidgets.Widget) -> None:
    """Close widgets and the layouts and styles that live as widgets of their own."""
    for widget in widgets:
        for part in (getattr(widget, "style", None), widget.layout, widget):
            if part is not None:
                part.close()
