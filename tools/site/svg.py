"""matplotlib's SVG in fewer letters: the same picture, to a tenth of a point."""

import base64
import io
import re
from functools import lru_cache
from typing import Any

from PIL import Image

ATTRIBUTE = re.compile(r' (d|x|y|width|height|transform|style)="([^"]*)"')
NUMBER = re.compile(r"-?\d+\.\d+")
COMMAND = re.compile(r"([MLQCz])([^MLQCz]*)")
FONT = re.compile(r"font-family: [^;]*(; |$)")  # a page says it once for all pictures
ELEMENT = re.compile(r'<(?:path|use)(?: [a-z-]+="[^"]*")*/>')
PIXELS = re.compile(r'data:image/png;base64,\s([^"]*)" id="[^"]*"')
EMPTY = re.compile(r'<path(?: (?:clip-path|style)="[^"]*")*/>')  # a path without a way
NOTHING = re.compile(r"<g[^>]*></g>")
OPACITY = re.compile(r"(?<![-\w])opacity:[\d.]+;?")
LOOK = re.compile(r' (?:style|clip-path)="[^"]*"')

Point = tuple[int, int]


@lru_cache(maxsize=256)  # most of a picture was in the one before
def compact(svg: str) -> str:
    """A piece of SVG without spaces, font names and digits that make no visible difference."""
    svg = re.sub(r">\s+<", "><", svg.strip()).replace("xlink:href", "href")
    svg = NOTHING.sub("", EMPTY.sub("", svg))
    svg = PIXELS.sub(lambda found: f'{small(found[1])}"', svg)
    return together(ATTRIBUTE.sub(lambda found: shorter(*found.groups()), svg))


def shorter(name: str, value: str) -> str:
    """An attribute in fewer letters, or nothing where it says nothing."""
    if name == "style":
        value = FONT.sub("", value).replace("; ", ";").replace(": ", ":")
    elif name == "d":
        value = relative(value)
    elif value.startswith("rotate(-0 "):
        return ""
    elif not value.startswith("matrix"):
        value = NUMBER.sub(lambda found: written(tenths(found[0])), value)
    return f' {name}="{value}"'


def small(png: str) -> str:
    """A picture in base64, as the address of a smaller one that looks the same.

    One that lets the ground through gets 64 colours; of any other, the smaller of PNG and JPEG.
    """
    picture = Image.open(io.BytesIO(base64.b64decode(png)))
    if picture.getchannel("A").getextrema() != (255, 255):
        few = picture.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        return address(few, "png", optimize=True)
    colours = picture.convert("RGB")
    few = colours.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    either = address(few, "png", optimize=True), address(colours, "jpeg", quality=90, optimize=True)
    return min(either, key=len)


def address(picture: Image.Image, kind: str, **options: Any) -> str:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return f"data:image/{kind};base64,{base64.b64encode(out.getvalue()).decode()}"


def tenths(number: str) -> int:
    return round(float(number) * 10)


def written(number: int) -> str:
    """A number of tenths: 3, -.5, 12.3."""
    whole, rest = divmod(abs(number), 10)
    digits = f"{whole or ''}.{rest}" if rest else f"{whole}"
    return f"-{digits}" if number < 0 else digits


def relative(path: str) -> str:
    """The data of a path, each point told from the one before: half the letters."""
    words: list[str] = []
    start: Point = (0, 0)
    here, implied = start, ""  # the command that more numbers would repeat
    for command, numbers in COMMAND.findall(path):
        places = [tenths(number) for number in numbers.split()]
        points: list[Point] = [*zip(places[::2], places[1::2], strict=True)]
        name = command.lower()
        words += [name] * (name != implied)
        words += [written(to - at) for point in points for to, at in zip(point, here, strict=True)]
        start = points[0] if name == "m" else start
        here, implied = (points[-1], "l" if name == "m" else name) if points else (start, "")
    joined = " ".join(words)
    return re.sub(r" (?=[-a-z])|(?<=[a-z]) |(?<=\.\d) (?=\.)", "", joined)


def together(svg: str) -> str:
    """Say once what all of several lines or markers say of their looks.

    Opacity is left with each of them: of a group it would be another.
    """
    elements = ELEMENT.findall(svg)
    looks = {"".join(LOOK.findall(element)) for element in elements}
    if len(elements) < 3 or len(looks) > 1 or "<text" in svg or "<defs" in svg:
        return svg
    [look] = looks
    each = "".join(OPACITY.findall(look))
    own = f' style="{each}"' if each else ""
    bare = ELEMENT.sub(lambda found: LOOK.sub("", found[0])[:-2] + own + "/>", svg)
    return f"<g{OPACITY.sub('', look)}>{bare}</g>"
