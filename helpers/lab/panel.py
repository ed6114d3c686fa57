"""What a lab looks like: knobs, buttons, a picture, and the lines of text around it."""

import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets

from helpers.lab.controls import Control
from helpers.lab.frame import Frame
from helpers.lab.interrupts import uninterrupted
from helpers.lab.plain_picture import PlainPicture
from helpers.plots import Reading

try:
    from helpers.lab.picture import Picture
except ImportError:  # no anywidget: the plain picture is all there is
    Picture = None  # type: ignore[assignment, misc]

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
FOLDER = Path(__file__).parent
CSS = f"<style>\n{(FOLDER / 'lab.css').read_text(encoding='utf-8')}</style>"
# For the outputs beside the live view: a saved notebook keeps the place of a view whose kernel is
# gone, and JupyterLab calls that an error. The static picture is there; hide the complaint.
STATIC_CSS = (FOLDER / "static.css").read_text(encoding="utf-8")
STATIC_CSS = f'<style class="course-lab-static">\n{STATIC_CSS}</style>'


class Panel:
    """The widgets of one lab; it knows nothing of trainings, only what to show.

    `moved()` is called when a knob or the switch between the views moves, `sharpen()` when a
    picture rests that could be shown with more pixels; `buttons` maps their texts to what they
    call.
    """

    def __init__(
        self,
        controls: Mapping[str, Control],
        moved: Callable[[], None],
        buttons: Mapping[str, Callable[[], None]],
        size: tuple[int, int],
        views: Sequence[str],
        sharpen: Callable[[], None],
    ) -> None:
        self._saying = threading.RLock()
        self._frame, self._held = Frame(), False
        self.controls = controls
        self.knobs = {name: control.widget() for name, control in controls.items()}
        self.switch = ipywidgets.ToggleButtons(options=views, description="보기")
        self.plain = PlainPicture(size)
        live = [] if Picture is None else [Picture(self._seen, sharpen)]
        self.pictures: list[Picture | PlainPicture] = [*live, self.plain]
        pressed = [press(text, action) for text, action in buttons.items()]
        self._row = ipywidgets.HBox([*pressed, *live, *self.plain.widgets]).add_class("lab-row")
        moving = [*([self.switch] if len(views) > 1 else []), *self.knobs.values()]
        style = ipywidgets.HTML(CSS, layout={"height": "0", "margin": "0"})
        self.box = ipywidgets.VBox([style, *moving, self._row]).add_class("course-lab")
        widen(moving)
        for knob in moving:
            knob.observe(lambda _: moved(), "value")
        self.listening = [*moving, *pressed, *live]
        self.route()

    def route(self) -> None:
        """Let every message of the page go to the thread it was sent to.

        ipykernel 7 sends it to the thread that last spoke on the widget's comm instead: a slider
        moved from a cell would then wait for the running cell. (It may also have forgotten that
        thread, when the page was reloaded.)
        """
        for widget in self.listening:
            if hasattr(widget.comm, "_reply_subshell_id"):
                del widget.comm._reply_subshell_id
            if hasattr(widget.comm, "_reply_subshell_for"):
                widget.comm._reply_subshell_for = lambda data, default: default

    @property
    def view(self) -> str:
        """Where the switch stands."""
        return self.switch.value

    def values(self) -> dict[str, Any]:
        """Where the knobs stand."""
        return {name: knob.value for name, knob in self.knobs.items()}

    def put(self, values: Mapping[str, Any], view: str) -> None:
        """Move the knobs to checked values, and the switch."""
        self.switch.value = view
        for name, value in values.items():
            self.controls[name].put(self.knobs[name], value)
        self.route()

    def show(self, png: bytes, readings: Sequence[Reading] = (), scale: int = 1) -> None:
        """The picture, of `scale` pixels to a pixel of the page, and what can be read off it."""
        self._say(png=png, readings=readings, scale=scale)

    def status(self, text: str, progress: tuple[int, int] | None = None) -> None:
        """What goes on, after a bar if there is progress to show: (done, total)."""
        self._say(status=text, progress=progress)

    def note(self, text: str = "", kind: str = "error") -> None:
        """The line that stays until the next run: an error, or a flag."""
        self._say(note=text, note_kind=kind)

    def summary(self, text: str, old: bool = False) -> None:
        """The sentence about the picture; pale while it is about an earlier picture."""
        self._say(summary=text, old=old)

    @contextmanager
    def one_message(self) -> Iterator[None]:
        """All that is said in this block reaches the page at once."""
        # One at a time: of two threads, the one that spoke last could be heard first.
        with uninterrupted(), self._saying:
            held, self._held = self._held, True
            try:
                yield
            finally:
                self._held = held
                if not held:
                    for picture in self.pictures:
                        picture.show(self._frame)

    def _say(self, **changes: Any) -> None:
        with self.one_message():
            self._frame = replace(self._frame, **changes)

    def _seen(self) -> None:
        """Take away the plain picture, now that the live one is on the page."""
        with self._saying:
            if self.plain in self.pictures:
                self.pictures.remove(self.plain)
                plain = self.plain.widgets
                self._row.children = [w for w in self._row.children if w not in plain]
                close(*plain)

    def close(self) -> None:
        """Take everything off the page and out of the kernel."""
        close(self.box, self.switch)


def close(*widgets: ipywidgets.Widget) -> None:
    for part in [part for widget in widgets for part in parts(widget)]:
        part.unobserve_all()
        part.close()


def live(widget: ipywidgets.Widget, text: str) -> dict[str, Any]:
    """What to display: the live widget, and a text for readers without a kernel."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {WIDGET_VIEW: view, "text/plain": text}


def press(text: str, action: Callable[[], None]) -> ipywidgets.Button:
    button = ipywidgets.Button(description=text, layout={"width": "auto", "min_width": "5em"})
    button.on_click(lambda _: action())
    return button


def widen(knobs: Any) -> None:
    """Give the labels one width, so that the sliders start in one column and none is clipped."""
    knobs = list(knobs)
    width = max((em(knob.description) for knob in knobs), default=0)
    for knob in knobs:
        knob.style.description_width = f"{width:.1f}em"
        knob.layout.width = "100%"


def em(text: str) -> float:
    """The width of a text: a Korean letter is 1 em wide, others are about 0.6."""
    return 1 + sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in text)


def parts(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    """A widget, its children, and the layouts and styles that live as widgets of their own."""
    children = [part for child in getattr(widget, "children", ()) for part in parts(child)]
    extras = [getattr(widget, name, None) for name in ("layout", "style")]
    return [*children, *(e for e in extras if isinstance(e, ipywidgets.Widget)), widget]
