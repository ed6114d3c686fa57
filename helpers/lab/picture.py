"""The picture of a lab for every reader: with an alt text, and curves that can be read off."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from anywidget import AnyWidget
from traitlets import Any as Anything, Bool, Bytes, Int, List, Unicode

from helpers.lab.frame import Frame
from helpers.plots import Reading

SCRIPT = Path(__file__).with_name("picture.js").read_text(encoding="utf-8")


class Picture(AnyWidget):
    """A frame as picture.js shows it, in one message; the script also names the knobs beside it.

    Nothing is sent before the page says that the script runs. `seen()` is called when it says
    that the picture is there, `sharpen()` when it could show more pixels of one that rests.
    """

    # Its text: given the path, anywidget would hold every picture as long as the kernel lives.
    _esm = SCRIPT
    png = Bytes().tag(sync=True)
    scale = Int(1).tag(sync=True)
    readings: List = List().tag(sync=True)
    summary = Unicode().tag(sync=True)
    old = Bool().tag(sync=True)
    status = Unicode().tag(sync=True)
    progress = Anything().tag(sync=True)
    note = Unicode().tag(sync=True)
    note_kind = Unicode().tag(sync=True)

    _runs = False

    def __init__(self, seen: Callable[[], None], sharpen: Callable[[], None]) -> None:
        super().__init__(_dom_classes=["lab-live"])
        self._heard = {"runs": self._tell, "seen": seen, "sharpen": sharpen}
        self.on_msg(self._hear)

    def show(self, frame: Frame) -> None:
        with self.hold_sync():
            for name, value in vars(frame).items():
                setattr(self, name, packed(value) if name == "readings" else value)

    def send_state(self, key: Any = None) -> None:
        if self._runs:
            super().send_state(key)

    def _hear(self, _widget: AnyWidget, word: Any, _buffers: Any) -> None:
        """What the script on the page says."""
        self._heard[word]()

    def _tell(self) -> None:
        self._runs = True
        self.send_state([*vars(Frame())])


def packed(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Readings as the page takes them: of each curve its label and the bytes of its points."""
    return [
        {
            "box": reading.box,
            "x": reading.x,
            "y": reading.y,
            "log": reading.log,
            "xlabel": reading.xlabel,
            "curves": [
                {"label": curve.label, "points": np.c_[curve.x, curve.y].astype("<f4").tobytes()}
                for curve in reading.curves
            ],
        }
        for reading in readings
    ]
