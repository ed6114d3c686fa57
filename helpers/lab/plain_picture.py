"""The picture of a lab in widgets that every front end has."""

import html

import ipywidgets

from helpers.lab.frame import Frame


class PlainPicture:
    """A frame as one widget for the picture and one for each line: without alt text and readings.

    What has not changed since the last frame is not sent.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.picture = ipywidgets.Image(format="png", width=size[0], height=size[1])
        self.picture.layout.height = "auto"
        self.status, self.note, self.summary = (ipywidgets.HTML() for _ in range(3))
        self.status.add_class("lab-said")
        self.widgets = [self.status, self.note, self.picture, self.summary]
        for widget in self.widgets:
            widget.add_class("lab-plain")

    def show(self, frame: Frame) -> None:
        self.picture.value = frame.png
        bar = "" if frame.progress is None else '<progress value="{}" max="{}"></progress>'
        line = f'<span class="lab-status" role="status">{html.escape(frame.status)}</span>'
        self.status.value = bar.format(*frame.progress or ()) + line
        note = f"⚠ {html.escape(frame.note)}" if frame.note else ""
        self.note.value = f'<div class="lab-note {frame.note_kind}" role="alert">{note}</div>'
        kind = "lab-summary old" if frame.old else "lab-summary"
        self.summary.value = f'<div class="{kind}">{html.escape(frame.summary)}</div>'
