"""The live lab: move a knob, and the experiment runs again before your eyes."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

from IPython.display import display
from matplotlib.figure import Figure

from helpers import plots
from helpers.lab.controls import Control
from helpers.lab.panel import STATIC_CSS, Panel
from helpers.lab.progress import Pace
from helpers.lab.worker import Cancelled, Job, Latest, Superseded

__all__ = ["Cancelled", "Lab", "Superseded", "View"]

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# Seconds. A training is seen growing, but drawing it must not cost more than training it; the
# first picture waits until there is a curve to see.
FIRST_FRAME, FRAME = 0.02, 1 / 12
MOST_PINS = 4
CURVES = "곡선"

UNFAIR = "고정한 것과 데이터나 초깃값이 달라서 공정한 비교가 아닙니다."

labs: WeakValueDictionary[str, "Lab"] = WeakValueDictionary()


@dataclass(frozen=True, eq=False)
class View:
    """One way to look at an experiment; `Lab` says what each part is.

    `result` picks what is the lab's `result` from what `run` gives.
    """

    run: Callable[..., Any]
    draw: Callable[..., None]
    describe: Callable[[Any], str]
    progress: Callable[[Any], tuple[int, int] | None] = lambda partial: None
    result: Callable[[Any], Any] = lambda everything: everything
    ready: Callable[[dict[str, Any]], bool] = lambda values: False
    rows: int = 1
    cols: int = 1
    size: tuple[float, float] | None = None
    heights: Sequence[float] | None = None
    pins: bool = False

    @cached_property
    def canvas(self) -> tuple[Figure, Any]:
        """The figure and its axes, made when the view is first seen."""
        return plots.figure(self.rows, self.cols, self.size, self.heights)


class Lab:
    """Knobs, a picture that follows them, and a sentence about it.

    `run(**values, report)` makes a result; it hands every partial result to `report`, which
    may draw it and raises Cancelled once the knobs have moved on. `draw(axes, result)` draws a
    result on the axes of `plots.figure(rows, cols, size)`, with `pins=True` `draw(axes, result,
    pins)`, where pins are (label, result) pairs to draw behind. `describe(result)` says in one
    Korean sentence what the picture shows. `progress(partial)` is how much is done of how much,
    like (37, 100). `ready(values)` is whether `run` need only look its result up, so that the
    picture may follow every move of a hand. `views` are further ways to look at the experiment,
    by their Korean names; a switch above the knobs then chooses one.

    The first run happens here, in the caller, and raises what it raises. Later ones run in a
    thread of their own, so `run` must not print or use the global random generator. A lab
    retires an earlier one of the same name.
    """

    def __init__(
        self,
        name: str,
        run: Callable[..., Any],
        draw: Callable[..., None],
        describe: Callable[[Any], str],
        controls: Mapping[str, Control],
        *,
        rows: int = 1,
        cols: int = 1,
        size: tuple[float, float] | None = None,
        pins: bool = False,
        progress: Callable[[Any], tuple[int, int] | None] = lambda partial: None,
        ready: Callable[[dict[str, Any]], bool] = lambda values: False,
        views: Mapping[str, View] | None = None,
    ) -> None:
        if name in labs:
            labs[name].close()
        self.name, self.controls = name, dict(controls)
        curves = View(
            run, draw, describe, progress,
            ready=ready, rows=rows, cols=cols, size=size, pins=pins,
        )  # fmt: skip
        self.views = {CURVES: curves, **(views or {})}
        self._latest = Latest()
        self._ordering = threading.RLock()  # knobs and orders change together
        self._drawing = threading.RLock()  # the figure and what is on it
        self._pins: list[tuple[str, Any]] = []
        self._putting = self._closed = False
        self._panel: Panel | None = None  # until the first run has succeeded
        self.values = {name: control.value for name, control in self.controls.items()}
        self.view = CURVES  # where the switch stands; the picture may still be of another view
        self.shown, self.result, self.summary, self._png = self.values, None, "", b""
        self._seen: tuple[str, Any] = CURVES, None  # the view of the picture, and what is on it
        self._latest.reserve(self._job(self.view, self.values))()
        self._panel = self._make_panel()
        self._settle(f"완료: {self._text(self.shown)}")
        labs[name] = self

    # What a notebook calls

    def show(self) -> None:
        """Display the live lab, and its picture for readers without a kernel."""
        self._open()
        view = {"version_major": 2, "version_minor": 0, "model_id": self._panel.view.model_id}
        display({WIDGET_VIEW: view, "text/plain": self.summary}, raw=True)
        with self._drawing:
            self._paint(*self._seen)
            figure, _ = self.views[self._seen[0]].canvas
            plots.show(figure, self.summary)
        display({"text/html": STATIC_CSS, "text/plain": ""}, raw=True)

    def set(self, **values: Any) -> None:
        """Move knobs; the experiment runs in the background (see `wait`)."""
        self._order(values, self._submit)

    def look(self, view: str) -> None:
        """Switch to another view; it is made in the background (see `wait`)."""
        if view not in self.views:
            raise ValueError(f"'{view}'은(는) 없는 보기입니다. 있는 보기: {', '.join(self.views)}.")
        self._order({}, self._submit, view)

    def run(self, **values: Any) -> Any:
        """Move knobs, run the experiment here, and return its result.

        Raises what the experiment raises, Superseded if a knob was moved meanwhile, and
        Cancelled if 정지 was pressed.
        """
        return self._order(values, self._latest.reserve)()

    def wait(self, timeout: float | None = None) -> Any:
        """The result of the latest settings, once it is there.

        Raises what the experiment raised, Cancelled if it was stopped, and TimeoutError after
        `timeout` seconds.
        """
        self._latest.wait(timeout)
        return self.result

    def cancel(self) -> None:
        """Stop the training that runs; picture and result go back to the last finished one."""
        self._latest.cancel()

    def reset(self) -> None:
        """Put every knob back to where it started."""
        self.set(**{name: control.value for name, control in self.controls.items()})

    def pin(self) -> None:
        """Keep the present result behind the next ones, unless the comparison is unfair."""
        with self._drawing:
            if self._pins and not fair(self._pins[0][1], self.result):
                self._panel.note(f"{UNFAIR} 고정하지 않았습니다.")
            elif len(self._pins) == MOST_PINS:
                self._panel.note(f"{MOST_PINS}개까지 고정할 수 있습니다. 먼저 고정을 해제하세요.")
            else:
                self._pins.append((self._label(self.shown), self.result))
                self._repaint()
                self._panel.status(f"고정했습니다: {self._text(self.shown)}")

    def unpin(self) -> None:
        """Let go of everything pinned."""
        with self._drawing:
            self._pins.clear()
            self._repaint()
            self._panel.note()
            self._panel.status(f"고정을 해제했습니다: {self._text(self.shown)}")

    def close(self) -> None:
        """Stop, leave the page and end the thread."""
        self._closed = True
        self._latest.close()
        self._panel.close()
        if labs.get(self.name) is self:
            del labs[self.name]

    # One run

    def _job(self, view: str, values: dict[str, Any]) -> Job:
        """The experiment at these values, from its start to its picture or its error."""

        def job(check: Callable[[], None]) -> Any:
            due, pace = monotonic() + FIRST_FRAME, Pace()

            def report(partial: Any) -> None:
                nonlocal due
                check()
                progress = self.views[view].progress(partial)
                words = pace.tell(progress)
                if self._panel is not None and monotonic() >= due:
                    self._frame(view, partial, progress, words)
                    due = monotonic() + FRAME

            try:
                check()
                everything = self.views[view].run(**values, report=report)
                check()
                return self._finish(view, values, everything)
            except BaseException as error:
                with self._ordering:  # no knob moves between the question and the answer
                    if self._panel is not None and not overtaken(check):
                        self._fail(error)
                raise

        return job

    def _frame(
        self, view: str, partial: Any, progress: tuple[int, int] | None, words: str
    ) -> None:
        """Show a training on its way."""
        self._panel.show(self._paint(view, partial))
        self._panel.status(f"학습 중… {words}", progress)
        self._panel.summary(self.summary, old=True)

    def _finish(self, view: str, values: dict[str, Any], everything: Any) -> Any:
        """Take a result for the present one, unless it cannot be drawn or described."""
        with self._drawing:
            png, summary = self._paint(view, everything), self.views[view].describe(everything)
            result = self.views[view].result(everything)
            self.shown, self.result, self.summary, self._png = values, result, summary, png
            self._seen = view, everything
            if self._panel is not None:
                self._settle(f"완료: {self._text(values)}")
                if not all(fair(result, pin) for _, pin in self._pins):
                    self._panel.note(UNFAIR, "flag")
            return result

    def _fail(self, error: BaseException) -> None:
        """Say what went wrong; all but the knobs goes back to the last result."""
        self._switch(self._seen[0])
        stopped = isinstance(error, Cancelled) or not isinstance(error, Exception)
        if not stopped:
            self._panel.note(sentence(error))
        with self._drawing:
            shown = f"그림의 설정: {self._text(self.shown)}"
            self._settle(f"멈췄습니다. {shown}" if stopped else shown)

    def _settle(self, status: str) -> None:
        """Let everything on the page belong to the present result."""
        self._panel.show(self._png)
        self._panel.summary(self.summary)
        self._panel.status(status)

    # Parts

    def _paint(self, name: str, everything: Any) -> bytes:
        view = self.views[name]
        with self._drawing:
            figure, axes = view.canvas
            view.draw(axes, everything, *([[*self._pins]] if view.pins else []))
            return plots.render(figure)

    def _repaint(self) -> None:
        self._png = self._paint(*self._seen)
        self._panel.show(self._png)

    def _make_panel(self) -> Panel:
        buttons = {"처음 값으로": self.reset, "정지": self.cancel}
        if self.views[CURVES].pins:
            buttons |= {"고정": self.pin, "고정 해제": self.unpin}
        figure, _ = self.views[CURVES].canvas
        width, height = figure.get_size_inches() * figure.dpi
        size = round(width), round(height)
        return Panel(self.controls, self._moved, buttons, size, list(self.views))

    def _moved(self) -> None:
        """A hand moved a knob or the switch."""
        with self._ordering:
            if not (self._putting or self._closed):
                self._begin(self._submit)

    def _order(
        self, values: dict[str, Any], begin: Callable[[Job], Any], view: str | None = None
    ) -> Any:
        """Check the values, move the knobs there and begin the experiment."""
        self._open()
        try:
            checked = {name: self._control(name).check(value) for name, value in values.items()}
        except ValueError as error:
            self._panel.note(str(error))
            raise
        with self._ordering:
            self._switch(view or self.view, checked)
            return self._begin(begin)

    def _switch(self, view: str, values: Mapping[str, Any] | None = None) -> None:
        """Move the switch and knobs without beginning anything; under the lock."""
        self._putting, self.view = True, view
        try:
            self._panel.put(values or {}, view)
        finally:
            self._putting = False

    def _begin(self, begin: Callable[[Job], Any]) -> Any:
        """Order the experiment for where the knobs stand; under the lock, so the last one wins."""
        self._panel.note()
        self.values, self.view = self._panel.values(), self._panel.switch.value
        return begin(self._job(self.view, self.values))

    def _submit(self, job: Job) -> None:
        self._latest.submit(job, at_once=self.views[self.view].ready(self.values))

    def _control(self, name: str) -> Control:
        if name not in self.controls:
            known = ", ".join(self.controls)
            raise ValueError(f"'{name}'은(는) 없는 값입니다. 바꿀 수 있는 값: {known}.")
        return self.controls[name]

    def _open(self) -> None:
        if self._closed:
            raise RuntimeError("닫힌 실험입니다. 실험을 만든 셀을 다시 실행하세요.")

    def _text(self, values: Mapping[str, Any]) -> str:
        """The settings in a line of the page: α = 0.01, 차수 = 3."""
        named = [(self.controls[name], value) for name, value in values.items()]
        return ", ".join(f"{control.short} = {control.text(value)}" for control, value in named)

    def _label(self, values: Mapping[str, Any]) -> str:
        """The settings in a legend, whose font has no Korean letters: α=0.01, degree=3."""
        named = [(name, self.controls[name].text(value)) for name, value in values.items()]
        return ", ".join(f"{self._sign(name)}={text}" for name, text in named)

    def _sign(self, name: str) -> str:
        """The name of a knob in a picture."""
        return {"alpha": "α", "lam": "λ"}.get(name, name)


def overtaken(check: Callable[[], None]) -> bool:
    """Whether a newer run was ordered, so that nothing about this one should be said."""
    try:
        check()
    except Superseded:
        return True
    except Cancelled:
        pass
    return False


def fair(one: Any, other: Any) -> bool:
    """Whether two results share data, split, seed and initialisation, if they name them."""
    return getattr(one, "origin", None) == getattr(other, "origin", None)


def sentence(error: Exception) -> str:
    """What went wrong, for the learner: our own errors already are Korean sentences."""
    if isinstance(error, ValueError) and any("가" <= letter <= "힣" for letter in str(error)):
        return str(error)
    return f"실험 중에 오류가 났습니다 ({type(error).__name__}: {error})."
