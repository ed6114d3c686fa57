"""The live lab: move a knob, and the experiment runs again before your eyes."""

import gc
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

from IPython.display import display

from helpers import plots
from helpers.lab.controls import Control
from helpers.lab.interrupts import uninterrupted
from helpers.lab.korean import has_hangul
from helpers.lab.panel import STATIC_CSS, Panel, live
from helpers.lab.time_left import TimeLeft
from helpers.lab.view import SHARP, View
from helpers.lab.worker import Cancelled, Job, Worker, is_superseded, shows_threads

# Seconds. A training is seen growing, but drawing may take a third of its time at most; the first
# picture waits until there is a curve to see.
FIRST_FRAME, FRAME = 0.02, 1 / 12
CURVES = "곡선"

# Makes a job the latest one; what it returns is called without the lock, and does what is left.
Begin = Callable[[Job], Callable[[], Any]]

labs: WeakValueDictionary[str, "Lab"] = WeakValueDictionary()


class Lab:
    """Knobs, a picture that follows them, and a sentence about it.

    `run`, `draw`, `describe` and the `options` (such as cols=2) make the `View` that is first
    seen; `views` are further ways to look at the experiment, by their Korean names, and a switch
    above the knobs then chooses one.

    The constructor performs the first run and raises what it raises. Later ones run in a thread
    of their own, so `run` must not print or use the global random generator; in a front end that
    shows nothing sent from a thread (see `shows_threads`), they run in the slider's callback and
    no button stops them. A lab closes an earlier one of the same name.
    """

    def __init__(
        self,
        name: str,
        run: Callable[..., Any],
        draw: Callable[[Any, Any], None],
        describe: Callable[[Any], str],
        controls: Mapping[str, Control],
        *,
        views: Mapping[str, View] | None = None,
        **options: Any,
    ) -> None:
        if name in labs:
            labs[name].close()
        self.name, self.controls = name, dict(controls)
        self.views = {CURVES: View(run, draw, describe, **options), **(views or {})}
        self._worker = Worker()
        self._in_callback = not shows_threads()
        # Guards the controls, what is shown and the figures; `put` calls `_moved` under it.
        self._lock = threading.RLock()
        self._closed = False
        self._putting = False  # while the widgets are moved from here, `_moved` ignores it
        values = {name: control.value for name, control in self.controls.items()}
        *_, output = self.views[CURVES].partials(values)
        self.shown = self.views[CURVES].shown(CURVES, values, output)
        size = self.views[CURVES].pixels
        self.panel = Panel(
            self.controls, self._moved, self._buttons(), size, list(self.views), self._sharpen
        )
        self._restore(f"완료: {self.text(values)}")
        labs[name] = self

    # What a notebook calls

    @property
    def result(self) -> Any:
        """The result that is shown."""
        return self.shown.result

    def show(self) -> None:
        """Display the live lab, and its picture for readers without a kernel."""
        self._require_open()
        display(live(self.panel.box, self.shown.summary), raw=True)
        with uninterrupted(), self._lock:  # the picture to keep is drawn on the live one's figure
            shown_view = self.views[self.shown.view]
            shown_view.paint(self.shown.output)
            plots.show(shown_view.canvas[0], self.shown.summary)
        display({"text/html": STATIC_CSS, "text/plain": ""}, raw=True)

    def set(self, **values: Any) -> None:
        """Move knobs; the experiment runs in the background (see `wait`)."""
        self._request(values, self._submit)()

    def switch(self, view: str) -> None:
        """Switch to another view; it is made in the background (see `wait`)."""
        if view not in self.views:
            raise ValueError(f"'{view}'은(는) 없는 보기입니다. 있는 보기: {', '.join(self.views)}.")
        self._request({}, self._submit, view)()

    def run(self, **values: Any) -> Any:
        """Move knobs, run the experiment here, and return its result.

        Raises what the experiment raises, Superseded if a knob was moved meanwhile, and
        Cancelled if 정지 was pressed.
        """
        return self._request(values, self._worker.reserve)()

    def wait(self, timeout: float | None = None) -> Any:
        """The result of the latest settings, once it is there.

        Raises what the experiment raised, Cancelled if it was stopped, and TimeoutError after
        `timeout` seconds.
        """
        self._worker.wait(timeout)
        return self.shown.result

    def cancel(self) -> None:
        """Stop the training that runs; picture and result go back to the last finished one."""
        self._worker.cancel()

    def reset(self) -> None:
        """Put every knob back to where it started."""
        self.set(**{name: control.value for name, control in self.controls.items()})

    def close(self) -> None:
        """Stop, leave the page and end the thread."""
        self._closed = True
        self._worker.close()
        self.panel.close()
        if labs.get(self.name) is self:
            del labs[self.name]
        # What it held goes now, not at Python's leisure: figures and widgets are full of circles.
        gc.collect()

    # What a special lab may do otherwise

    def _buttons(self) -> dict[str, Callable[[], None]]:
        """The buttons' texts, and what they call."""
        stop = {} if self._in_callback else {"정지": self.cancel}  # it would come too late
        return {"처음 값으로": self.reset} | stop

    def warning(self, result: Any) -> str:
        """What to say beside a result that must be read with care."""
        return ""

    # One run

    def _job(self, name: str, values: dict[str, Any]) -> Job:
        """The experiment at these values, from its start to its picture or its error."""
        view = self.views[name]

        def job(checkpoint: Callable[[], None]) -> Any:
            next_frame, time_left = monotonic() + FIRST_FRAME, TimeLeft()
            try:
                checkpoint()
                for output in view.partials(values):
                    checkpoint()
                    progress = getattr(output, "progress", None)
                    status = f"학습 중… {time_left.text(progress)}"
                    done = progress is not None and progress[0] == progress[1]
                    if (start := monotonic()) >= next_frame and not done:
                        self._show_partial(view, output, status, progress)
                        next_frame = start + max(FRAME, 3 * (monotonic() - start))
                return self._finish(name, values, output)
            except BaseException as error:
                with self._lock:  # no newer job may start between this check and the message
                    if not is_superseded(checkpoint):
                        self._fail(error)
                raise

        return job

    def _show_partial(
        self, view: View, output: Any, status: str, progress: tuple[int, int] | None
    ) -> None:
        """Show a training on its way."""
        with self._lock:
            picture = view.paint(output)
        with self.panel.one_message():
            self.panel.show(picture)
            self.panel.status(status, progress)
            self.panel.summary(self.shown.summary, old=True)

    def _finish(self, name: str, values: dict[str, Any], output: Any) -> Any:
        """Make this the current result, unless it cannot be drawn or described."""
        with self._lock:
            self.shown = self.views[name].shown(name, values, output)
            self._restore(f"완료: {self.text(values)}")
            if warning := self.warning(self.shown.result):
                self.panel.note(warning, "flag")
            return self.shown.result

    def _fail(self, error: BaseException) -> None:
        """Say what went wrong; all but the knobs goes back to the last result."""
        self._put(self.shown.view)
        settings = f"그림의 설정: {self.text(self.shown.values)}"
        if isinstance(error, Cancelled) or not isinstance(error, Exception):
            self._restore(f"멈췄습니다. {settings}")
        else:
            self.panel.note(sentence(error))
            self._restore(settings)

    def _restore(self, status: str) -> None:
        """Show the current result again, everywhere on the page."""
        with self.panel.one_message():
            self.panel.show(self.shown.picture, self.shown.readings)
            self.panel.summary(self.shown.summary)
            self.panel.status(status)

    def _repaint(self) -> None:
        """Draw the current result again, because something behind it has changed."""
        view, values = self.shown.view, self.shown.values
        self.shown = self.views[view].shown(view, values, self.shown.output)
        self.panel.show(self.shown.picture, self.shown.readings)

    def _sharpen(self) -> None:
        """Show the current result with more pixels, unless another one came meanwhile."""
        shown = self.shown
        picture = self.views[shown.view].sharp(shown.output)
        with self._lock:
            if self.shown is shown and not (self._worker.busy or self._closed):
                self.panel.show(picture, shown.readings, SHARP)

    # Knobs

    def _moved(self) -> None:
        """A control or the switch was moved on the page."""
        with self._lock:
            if self._putting or self._closed:
                return
            rest = self._begin(self._submit)
        rest()

    def _request(
        self, values: dict[str, Any], begin: Begin, view: str | None = None
    ) -> Callable[[], Any]:
        """Validate the values, move the knobs there and begin the experiment."""
        self._require_open()
        try:
            valid = {name: self._control(name).validate(value) for name, value in values.items()}
        except ValueError as error:
            self.panel.note(str(error))
            raise
        with self._lock:
            self._put(view or self.panel.view, valid)
            return self._begin(begin)

    def _put(self, view: str, values: Mapping[str, Any] | None = None) -> None:
        """Move the switch and knobs without beginning anything; under the lock."""
        self._putting = True
        try:
            self.panel.put(values or {}, view)
        finally:
            self._putting = False

    def _begin(self, begin: Begin) -> Callable[[], Any]:
        """Request a run for where the controls stand; under the lock, so the last one wins."""
        self.panel.note()
        return begin(self._job(self.panel.view, self.panel.values()))

    def _submit(self, job: Job) -> Callable[[], None]:
        """Run the job in the background, or else in the caller; its errors are for `wait`."""
        if not self._in_callback:
            at_once = self.views[self.panel.view].ready(self.panel.values())
            self._worker.submit(job, at_once)
            return lambda: None
        perform = self._worker.reserve(job)

        def here() -> None:
            with suppress(Exception):
                perform()

        return here

    def _control(self, name: str) -> Control:
        if name not in self.controls:
            known = ", ".join(self.controls)
            raise ValueError(f"'{name}'은(는) 없는 값입니다. 바꿀 수 있는 값: {known}.")
        return self.controls[name]

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("닫힌 실험입니다. 실험을 만든 셀을 다시 실행하세요.")

    def text(self, values: Mapping[str, Any]) -> str:
        """The settings in a line of the page: α = 0.01, 차수 = 3."""
        named = [(self.controls[name], value) for name, value in values.items()]
        return ", ".join(f"{control.short} = {control.text(value)}" for control, value in named)


def sentence(error: Exception) -> str:
    """What went wrong, for the learner: our own errors already are Korean sentences."""
    if isinstance(error, ValueError) and has_hangul(str(error)):
        return str(error)
    return f"실험 중에 오류가 났습니다 ({type(error).__name__}: {error})."
