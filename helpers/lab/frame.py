"""What a lab shows beside its knobs at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.plots import Reading


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture, of `scale` pixels to a pixel of the page, and the lines of text around it.

    `readings` are what can be read off the picture, `summary` is the sentence about it; `old`
    says that it is about an earlier picture. `status` says what goes on, with `progress` (done,
    total) if there is a bar to show. `note` is an error or, by its kind, a flag.
    """

    png: bytes = b""
    scale: int = 1
    readings: Sequence[Reading] = ()
    summary: str = ""
    old: bool = False
    status: str = ""
    progress: tuple[int, int] | None = None
    note: str = ""
    note_kind: str = "error"
