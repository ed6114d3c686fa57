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
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from helpers import plots
from helpers.lab import View
from helpers.plots.toolkit.artists import drawn_at
from helpers.plots.toolkit.axes import axes_inches
from helpers.plots.toolkit.canvas import BOTTOM, LEFT, RIGHT, TOP
from helpers.plots.toolkit.readings import Curve, named_curves, reading
from tools.site.svg import compact, together

# To an inch: the unit of matplotlib's SVG; pixels that look sharp; those of a smooth picture.
POINT, SHARP, SMOOTH = 72, 144, 36
PHONE = 4.8  # inches: the width at which the text of a picture is readable on a phone
MOST_MARKERS = 500  # more are kept as pixels, or a picture would weigh as much as a page
# Text as text; clips and markers named after what they are; long curves to half a pixel.
SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "course", "path.simplify_threshold": 0.4}

DEFS = re.compile(r"<defs>(.*?)</defs>")
DEFINITION = re.compile(r'<path id="(\w+)"[^>]*/>|<clipPath id="(\w+)">.*?</clipPath>')
REFERENCE = re.compile(r'(?:url\(#|href="#)(\w+)')


class PieceRenderer(RendererSVG):
    """matplotlib's SVG, cut after each thing on the axes; groups are left out."""

    def __init__(self, figure: Figure) -> None:
        self.text, self._depth = io.StringIO(), 0
        super().__init__(*figure.bbox.size, self.text, metadata={"Date": None})
        self.definitions: dict[str, str] = {}  # of clips and markers, by their names
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
        """The pieces drawn since the last call, without the definitions to which they refer."""
        text, cuts = self.text.getvalue(), [*self._cuts, self.text.tell()]
        self._cuts = cuts[-1:]
        pieces = [compact(text[start:end]) for start, end in pairwise(cuts)]
        for found in DEFINITION.finditer("".join(pieces)):
            self.definitions[found[1] or found[2]] = found[0]
        return [together(bare) for piece in pieces if (bare := DEFS.sub("", piece))]

    def artist(self, artist: Artist) -> str:
        """One artist; one of very many markers as pixels."""
        if isinstance(artist, Line2D) and is_cloud(artist):
            self._pixels(artist)
        else:
            smooth = isinstance(artist, AxesImage) and artist.get_interpolation() == "bilinear"
            self.image_dpi = SMOOTH if smooth else POINT
            artist.draw(self)
        return "".join(self.taken())

    def _pixels(self, artist: Artist) -> None:
        figure: Any = artist.figure
        stale, self.image_dpi = figure.stale, SHARP
        width, height = figure.get_size_inches()
        mixed: Any = MixedModeRenderer(figure, width, height, SHARP, self)
        mixed.start_rasterizing()
        artist.draw(mixed)
        mixed.stop_rasterizing()
        figure.stale = stale  # for a moment it had other pixels


def is_cloud(line: Line2D) -> bool:
    return line.get_marker() not in ("", "None") and np.size(line.get_xdata()) > MOST_MARKERS


class Stage:
    """A figure on which the results of a view are drawn one after another.

    `draw` is the view's own, on a figure like the live lab's or, `narrow`, of a phone's width with
    its axes in one column. Names that pieces refer to start with `prefix`.
    """

    def __init__(self, view: View, prefix: str, narrow: bool = False) -> None:
        self.view, self.prefix, self.narrow = view, prefix, narrow
        self.figure, self.axes = plots.figure(view.rows, view.cols, view.size, view.heights)
        if narrow:
            # The more of them, the lower, so that the whole column is seen at once.
            most = (PHONE - LEFT - RIGHT) * (1.15 - 0.15 * len(self.figure.axes))
            self._stack([min(height, most) for height in self._heights()])
        self.figure.dpi = POINT
        self._definitions: dict[str, str] = {}
        self._ground: list[str] = []

    @property
    def size(self) -> list[float]:
        """Width and height in points."""
        return [round(float(length), 1) for length in self.figure.bbox.size]

    def draw(self, output: Any) -> list[str]:
        """The pieces of the picture of a result."""
        with matplotlib.rc_context(SETTINGS):
            heights = self._heights()
            self.view.draw(self.axes, output)
            if self.narrow and not self._ground and self._heights() != heights:
                lost = zip(heights, self._heights(), strict=True)
                self._stack([2 * before - after for before, after in lost])
                self.view.draw(self.axes, output)
            renderer = PieceRenderer(self.figure)
            if self.figure.stale or not self._ground:
                self.figure.draw(renderer)
                self._ground = renderer.taken()
            artists = [
                f'<g data-gid="{name}" data-axes="{index}">{svg}</g>'
                for index, ax in enumerate(self.figure.axes)
                for artist in moving(ax)
                if (name := escape(artist.get_gid() or "legend"), svg := renderer.artist(artist))[1]
            ]
            renderer.finalize()  # which defines the clips
            renderer.taken()
        self._definitions |= renderer.definitions
        return self._with_definitions([*self._ground, *artists])

    def readings(self) -> list[dict[str, Any]]:
        """Where the axes with named curves are and what they span, as it is now."""
        named = ((i, ax, named_curves(ax)) for i, ax in enumerate(self.figure.axes))
        return [described(i, ax, curves) for i, ax, curves in named if curves]

    def _with_definitions(self, pieces: list[str]) -> list[str]:
        """The pieces behind the definitions to which they refer, each a piece of its own."""
        names = sorted({name for piece in pieces for name in REFERENCE.findall(piece)})
        definitions = [f"<defs>{self._definitions[name]}</defs>" for name in names]
        return [self._prefixed(piece) for piece in [*definitions, *pieces]]

    def _prefixed(self, piece: str) -> str:
        return re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{self.prefix}-", piece)

    def _heights(self) -> list[float]:
        """Of the axes, in inches."""
        return [float(axes_inches(ax)[1]) for ax in self.figure.axes]

    def _stack(self, heights: list[float]) -> None:
        """Put the axes into one column of a phone's width, handed over in the same shape."""
        shape, total = np.shape(self.axes), sum(heights) + len(heights) * (BOTTOM + TOP)
        self.figure, axes = plots.figure(len(heights), 1, (PHONE, total), heights)
        self.axes = np.reshape(axes, shape) if shape else axes
        self.figure.dpi = POINT


def moving(ax: Axes) -> list[Artist]:
    """What is drawn over the ground, in the order of `helpers.plots.toolkit.canvas.Canvas`."""
    artists = [artist for artist in ax.get_children() if artist.get_animated()]
    return sorted(artists, key=lambda artist: (artist.get_zorder(), drawn_at.get(artist, 0)))


def described(index: int, ax: Axes, curves: list[Curve]) -> dict[str, Any]:
    """What a page needs to tell x and y of a curve under the pointer."""
    read = reading(ax, curves)
    return {
        "index": index,
        "box": [round(float(side), 4) for side in read.box],
        "x": [significant(end) for end in read.x],
        "y": [significant(end) for end in read.y],
        "log": read.log,
        "xlabel": read.xlabel,
        "ylabel": read.ylabel,
        "curves": [[curve.gid, curve.label] for curve in curves],
    }


def significant(number: float) -> float:
    return float(f"{number:.6g}")
