"""What a lab looks like: knobs, buttons, a picture, and the lines of text around it."""

import html
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ipywidgets

from helpers.lab.controls import Control

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
FOLDER = Path(__file__).parent
CSS = f"<style>\n{(FOLDER / 'lab.css').read_text(encoding='utf-8')}</style>"
# For the outputs beside the live view: a saved notebook keeps the place of a view whose kernel is
# gone, and JupyterLab calls that an error. The static picture is there; hide the complaint.
STATIC_CSS = (FOLDER / "static.css").read_text(encoding="utf-8")
STATIC_CSS = f'<style class="course-lab-static">\n{STATIC_CSS}</style>'


class Panel:
    """The widgets of one lab; it knows nothing of trainings, only what to show.

    `moved()` is called when a knob or the switch between the views moves; `buttons` maps their
    texts to what they call.
    """

    def __init__(
        self,
        controls: Mapping[str, Control],
        moved: Callable[[], None],
        buttons: Mapping[str, Callable[[], None]],
        size: tuple[int, int],
        views: Sequence[str],
    ) -> None:
        self._saying = threading.Lock()
        self.controls = controls
        self.knobs = {name: control.widget() for name, control in controls.items()}
        self.switch = ipywidgets.ToggleButtons(options=views, description="보기")
        self.picture = ipywidgets.Image(format="png", width=size[0], height=size[1])
        self.picture.layout.height = "auto"
        self.status_line, self.note_line, self.summary_line = (ipywidgets.HTML() for _ in range(3))
        self._style = ipywidgets.HTML(CSS, layout={"height": "0", "margin": "0"})
        pressed = [press(text, action) for text, action in buttons.items()]
        row = ipywidgets.HBox([*pressed, self.status_line]).add_class("lab-row")
        moving = [*([self.switch] if len(views) > 1 else []), *self.knobs.values()]
        self.box = ipywidgets.VBox(
            [self._style, *moving, row, self.note_line, self.picture, self.summary_line]
        ).add_class("course-lab")
        widen(moving)
        for knob in moving:
            knob.observe(lambda _: moved(), "value")
        self.note()
        self.listening = [*moving, *pressed]
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

    def status(self, text: str, progress: tuple[int, int] | None = None) -> None:
        """What goes on, after a bar if there is progress to show: (done, total)."""
        bar = "" if progress is None else '<progress value="{}" max="{}"></progress>'
        line = f'<span class="lab-status" role="status">{html.escape(text)}</span>'
        self._say(self.status_line, bar.format(*progress or ()) + line)

    def note(self, text: str = "", kind: str = "error") -> None:
        """The line that stays until the next run: an error, or a flag."""
        mark = f"⚠ {html.escape(text)}" if text else ""
        self._say(self.note_line, f'<div class="lab-note {kind}" role="alert">{mark}</div>')

    def summary(self, text: str, old: bool = False) -> None:
        """The sentence about the picture; pale while it is about an earlier picture."""
        kind = "lab-summary old" if old else "lab-summary"
        self._say(self.summary_line, f'<div class="{kind}">{html.escape(text)}</div>')

    def show(self, png: bytes) -> None:
        self._say(self.picture, png)

    def _say(self, widget: ipywidgets.Widget, value: str | bytes) -> None:
        # One at a time: of two threads, the one that set its value last could send it first.
        with self._saying:
            widget.value = value

    def close(self) -> None:
        """Take everything off the page and out of the kernel."""
        for widget in [*parts(self.box), *parts(self.switch)]:
            widget.unobserve_all()
            widget.close()


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
