"""Pictures of results as SVG in pieces, so that what did not move is kept only once.

A piece is an artist, or a part of the ground on which they stand: an axis, a legend. They come in
the order in which the canvas of a live lab draws them; joined, they are the inside of an <svg>.
"""

import io
import re
from html import escape
from itertools import pairwise
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from helpers import plots
from helpers.lab import View
from helpers.plots.toolkit.artists import drawn_at
from helpers.plots.toolkit.canvas import BOTTOM, LEFT, RIGHT, TOP
from helpers.plots.toolkit.readings import Curve, named_curves, reading

POINT = 72  # points an inch, the unit in which matplotlib writes SVG
PHONE = 4.4  # inches: so wide that the text is readable on a phone
# Text as text; clips and markers named after what they are.
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "course"}

ATTRIBUTE = re.compile(r' (d|x|y|width|height|transform|style)="([^"]*)"')
NUMBER = re.compile(r"-?\d+\.\d+")
DEFS = re.compile(r"<defs>(.*?)</defs>")
DEFINITION = re.compile(r'<path id="(\w+)"[^>]*/>|<clipPath id="(\w+)">.*?</clipPath>')
REFERENCE = re.compile(r'(?:url\(#|href="#)(\w+)')


class PieceRenderer(RendererSVG):
    """matplotlib's SVG, cut after each thing on the axes; groups are left out."""

    def __init__(self, width: float, height: float) -> None:
        self.text, self._depth = io.StringIO(), 0
        super().__init__(width, height, self.text, metadata={"Date": None})
        self._cuts = [self.text.tell()]

    def open_group(self, s: str, gid: str | None = None) -> None:
        if s not in ("figure", "axes"):
            self._depth += 1

    def close_group(self, s: str) -> None:
        if s not in ("figure", "axes"):
            self._depth -= 1
            if not self._depth:
                self._cuts.append(self.text.tell())

    def taken(self) -> list[str]:
        """The pieces drawn since the last call."""
        text, cuts = self.text.getvalue(), [*self._cuts, self.text.tell()]
        self._cuts = cuts[-1:]
        pieces = (text[start:end] for start, end in pairwise(cuts))
        return [small for piece in pieces if (small := compact(piece))]


def compact(svg: str) -> str:
    """The same SVG with coordinates to a tenth of a point, and without what a page says once."""
    svg = re.sub(r">\s+<", "><", svg.strip())
    return ATTRIBUTE.sub(lambda found: shorter(*found.groups()), svg).replace("xlink:href", "href")


def shorter(name: str, value: str) -> str:
    """An attribute of fewer letters, or none where it says nothing."""
    if name == "style":
        value = re.sub(r"font-family: [^;]*;? ?", "", value)
        return f' style="{value.replace("; ", ";").replace(": ", ":")}"'
    if value.startswith("rotate(-0 "):
        return ""
    if not value.startswith("matrix"):
        value = NUMBER.sub(lambda found: tenth(found[0]), value)
    if name == "d":
        value = re.sub(r"\s*([A-Za-z])\s*|\s+$", r"\1", value)
    return f' {name}="{value}"'


def tenth(number: str) -> str:
    """A number to one digit behind the point, without zeros that say nothing: 3, −0.5."""
    short = f"{float(number):.1f}".removesuffix(".0")
    return "0" if short == "-0" else short


class Stage:
    """A figure on which the results of a view are drawn one after another.

    `draw` is the view's own, on a figure like the live lab's or, `narrow`, of a phone's width with
    its axes in one column. Names that pieces refer to start with `prefix`.
    """

    def __init__(self, view: View, prefix: str, narrow: bool = False) -> None:
        self.view, self.prefix = view, prefix
        self.figure, self.axes = plots.figure(view.rows, view.cols, view.size, view.heights)
        if narrow:
            self.figure, self.axes = in_one_column(self.figure, self.axes)
        self.figure.dpi = POINT
        self.size = [float(tenth(f"{length:.2f}")) for length in self.figure.bbox.size]
        self._definitions: dict[str, str] = {}
        self._ground: list[str] = []

    def draw(self, output: Any) -> list[str]:
        """The pieces of the picture of a result."""
        with matplotlib.rc_context(SETTINGS):
            self.view.draw(self.axes, output)
            renderer = PieceRenderer(*self.figure.bbox.size)
            if self.figure.stale or not self._ground:
                self.figure.draw(renderer)
                self._ground = renderer.taken()
            artists = [
                f'<g data-gid="{escape(str(artist.get_gid()))}" data-axes="{index}">{svg}</g>'
                for index, ax in enumerate(self.figure.axes)
                for artist in moving(ax)
                if (svg := drawn(artist, renderer))
            ]
            renderer.finalize()
        return self._defined([*self._ground, *artists], "".join(renderer.taken()))

    def _defined(self, pieces: list[str], clips: str) -> list[str]:
        """The pieces behind the definitions to which they refer, each a piece of its own."""
        for found in DEFINITION.finditer("".join([*pieces, clips])):
            self._definitions[found[1] or found[2]] = found[0]
        bare = [left for piece in pieces if (left := DEFS.sub("", piece))]
        needed = sorted({name for piece in bare for name in REFERENCE.findall(piece)})
        definitions = [f"<defs>{self._definitions[name]}</defs>" for name in needed]
        return [self._prefixed(piece) for piece in [*definitions, *bare]]

    def _prefixed(self, piece: str) -> str:
        return re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{self.prefix}-", piece)

    def readings(self) -> list[dict[str, Any]]:
        """Where the axes with named curves are and what they span, as it is now."""
        named = ((i, ax, named_curves(ax)) for i, ax in enumerate(self.figure.axes))
        return [described(i, ax, curves) for i, ax, curves in named if curves]


def drawn(artist: Artist, renderer: PieceRenderer) -> str:
    artist.draw(renderer)
    return "".join(renderer.taken())


def moving(ax: Axes) -> list[Artist]:
    """What is drawn over the ground, in the order of `helpers.plots.toolkit.canvas.Canvas`."""
    artists = [artist for artist in ax.get_children() if artist.get_animated()]
    return sorted(artists, key=lambda artist: (artist.get_zorder(), drawn_at.get(artist, 0)))


def described(index: int, ax: Axes, curves: list[Curve]) -> dict[str, Any]:
    """What a page needs to tell x and y of a curve under the pointer."""
    read = reading(ax, curves)
    return {
        "index": index,
        "box": [round(side, 4) for side in read.box],
        "x": [significant(end) for end in read.x],
        "y": [significant(end) for end in read.y],
        "log": read.log,
        "xlabel": read.xlabel,
        "ylabel": read.ylabel,
        "curves": [[curve.gid, curve.label] for curve in curves],
    }


def significant(number: float) -> float:
    return float(f"{number:.6g}")


def in_one_column(wide: Figure, axes: Any) -> tuple[Figure, Any]:
    """A figure of a phone's width with the same axes, handed over in the same shape."""
    inner = PHONE - LEFT - RIGHT
    tall = [ax.get_position().height * wide.get_figheight() for ax in np.ravel(axes)]
    most = inner if len(tall) < 4 else 0.6 * inner  # four must fit on a screen
    heights = [min(height, most) for height in tall]
    total = sum(heights) + len(heights) * (BOTTOM + TOP)
    narrow, column = plots.figure(len(heights), 1, (PHONE, total), heights)
    return narrow, np.ravel(column).reshape(axes.shape) if len(heights) > 1 else column
