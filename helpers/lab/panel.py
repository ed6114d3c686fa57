"""What a lab looks like: knobs, buttons, a picture, and the lines of text around it."""

import html
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets

from helpers.lab.controls import Control

# The last rule hides the static picture below the live one. It sits inside the live view, so a
# saved notebook without a kernel shows the static picture.
CSS = """<style>
.course-lab { max-width: 960px; font-size: 16px; }
.course-lab .widget-label, .course-lab .widget-readout, .course-lab .widget-html-content,
.course-lab button, .course-lab select { font-size: 16px; line-height: 1.5; }
.course-lab .widget-html, .course-lab .widget-html-content { height: auto; }
.course-lab .widget-html-content { width: 100%; overflow-wrap: anywhere; }
.course-lab .jupyter-button { height: 34px; line-height: 32px; }
.course-lab .widget-slider, .course-lab .widget-dropdown { align-items: center; height: 34px; }
.course-lab .widget-readout { min-width: 4.5em; font-variant-numeric: tabular-nums; }
.course-lab .widget-toggle-buttons { display: flex; align-items: center; }
.course-lab .widget-toggle-buttons > .widget-label { text-align: right; }
.course-lab .widget-toggle-buttons .widget-toggle-button { width: auto; min-width: 5em; }
.course-lab progress { width: 12em; height: 0.8em; margin-right: 8px; accent-color: #e27500; }
.course-lab .widget-image { max-width: 100%; height: auto; }
.course-lab .lab-row { flex-flow: row wrap; align-items: center; margin-top: 4px; }
.course-lab .lab-row .widget-html { flex: 1 1 20em; margin-left: 12px; }
.course-lab .lab-summary { min-height: 3em; }
.course-lab .lab-summary.old { opacity: 0.4; }
.course-lab .lab-note { font-weight: 600; }
.course-lab .lab-note.error { color: #b3261e; }
.course-lab .lab-note.flag { color: #8a4b00; }
.jp-OutputArea-child:has(.course-lab) + .jp-OutputArea-child { display: none; }
</style>"""
# And outside the live view: a saved notebook keeps the place of a view whose kernel is gone, and
# JupyterLab calls that an error. The static picture is there; hide the complaint, and this output.
STATIC_CSS = """<style class="course-lab-static">
.jp-OutputArea-child:has(> .jupyter-widgets):not(:has(.course-lab)):has(+ * + * .course-lab-static),
.jp-OutputArea-child:has(.course-lab-static) { display: none; }
</style>"""


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
        self._status, self._note, self._summary = (ipywidgets.HTML() for _ in range(3))
        self._style = ipywidgets.HTML(CSS, layout={"height": "0", "margin": "0"})
        pressed = [press(text, action) for text, action in buttons.items()]
        row = ipywidgets.HBox([*pressed, self._status]).add_class("lab-row")
        moving = [*([self.switch] if len(views) > 1 else []), *self.knobs.values()]
        self.view = ipywidgets.VBox(
            [self._style, *moving, row, self._note, self.picture, self._summary]
        ).add_class("course-lab")
        widen(moving)
        for knob in moving:
            knob.observe(lambda _: moved(), "value")
        self.note()
        self._listening = [*moving, *pressed]
        self.route()

    def route(self) -> None:
        """Let every message of the page go to the thread it was sent to.

        ipykernel 7 sends it to the thread that last spoke on the widget's comm instead: a slider
        moved from a cell would then wait for the running cell. (It may also have forgotten that
        thread, when the page was reloaded.)
        """
        for widget in self._listening:
            if hasattr(widget.comm, "_reply_subshell_id"):
                del widget.comm._reply_subshell_id
            if hasattr(widget.comm, "_reply_subshell_for"):
                widget.comm._reply_subshell_for = lambda data, default: default

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
        self._say(self._status, bar.format(*progress or ()) + line)

    def note(self, text: str = "", kind: str = "error") -> None:
        """The line that stays until the next run: an error, or a flag."""
        mark = f"⚠ {html.escape(text)}" if text else ""
        self._say(self._note, f'<div class="lab-note {kind}" role="alert">{mark}</div>')

    def summary(self, text: str, old: bool = False) -> None:
        """The sentence about the picture; pale while it is about an earlier picture."""
        kind = "lab-summary old" if old else "lab-summary"
        self._say(self._summary, f'<div class="{kind}">{html.escape(text)}</div>')

    def show(self, png: bytes) -> None:
        self._say(self.picture, png)

    def _say(self, widget: ipywidgets.Widget, value: str | bytes) -> None:
        # One at a time: of two threads, the one that set its value last could send it first.
        with self._saying:
            widget.value = value

    def close(self) -> None:
        """Take everything off the page and out of the kernel."""
        for widget in [*parts(self.view), *parts(self.switch)]:
            widget.unobserve_all()
            widget.close()


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
