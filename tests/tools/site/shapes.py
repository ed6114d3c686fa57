"""What an SVG shows, however it is written: its paths, texts and pictures, with their looks."""

import re
from collections import Counter
from xml.etree import ElementTree

from tools.site.svg import tenths

TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
HREF = ("href", "{http://www.w3.org/1999/xlink}href")


def shapes(inside: str) -> Counter:
    """Everything drawn in an <svg>, or in the pieces of one, in tenths of a point."""
    text = re.sub(r"<\?xml.*?\?>|<!DOCTYPE[^>]*>", "", inside, flags=re.DOTALL)
    root = ElementTree.fromstring(f'<all xmlns:xlink="{HREF[1][1:-5]}">{text}</all>')
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    return Counter(seen(root, named, {}, None))


def seen(element, named, look, clip):
    """The shapes of an element and what is in it, under the look of what it is in."""
    if element.tag in ("defs", "metadata", "style"):
        return
    look = look | style(element)
    clip = clip_of(element, named) or clip
    place = (length(element.get("x")), length(element.get("y")))
    match element.tag:
        case "path" if element.get("d"):
            yield "path", absolute(element.get("d")), clip, frozenset(look.items())
        case "use":
            used = named[next(filter(None, map(element.get, HREF)))[1:]]
            shape = absolute(used.get("d"))
            yield "use", shape, place, clip, frozenset((style(used) | look).items())
        case "text":
            yield "text", element.text, place, frozenset(look.items())
        case "image":
            yield "image", place, clip
    for child in element:
        yield from seen(child, named, look, clip)


def style(element) -> dict[str, str]:
    parts = (part.split(":", 1) for part in element.get("style", "").split(";") if part.strip())
    found = {name.strip(): value.strip() for name, value in parts}
    found.pop("font-family", None)
    return found


def length(value: str | None) -> int | None:
    return None if value is None else tenths(value)


def clip_of(element, named):
    found = re.match(r"url\(#(.+)\)", element.get("clip-path", ""))
    if found is None:
        return None
    [shape] = named[found[1]]
    keys = ("x", "y", "width", "height", "d")
    return tuple(shape.get(key) and rounded(shape.get(key)) for key in keys)


def rounded(value: str):
    return absolute(value) if value[:1].lower() == "m" else tenths(value)


def absolute(path: str) -> tuple:
    """The commands of a path and their points, in tenths; relative ones are told from the start."""
    told, command, here, start = [], "", (0, 0), (0, 0)
    tokens = TOKEN.findall(path)[::-1]
    while tokens:
        if tokens[-1].isalpha():
            command = tokens.pop()
        name = command.upper()
        points = []
        for _ in range({"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}[name]):
            x, y = tenths(tokens.pop()), tenths(tokens.pop())
            points.append((here[0] + x, here[1] + y) if command.islower() else (x, y))
        told.append((name, *points))
        here = points[-1] if points else start
        if name == "M":
            start, command = here, "l" if command == "m" else "L"
    return tuple(told)
