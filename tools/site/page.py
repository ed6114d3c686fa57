"""The files of the site: an index, a page for each lesson, and what they share."""

import json
import shutil
import zlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tools.site.lesson import Lesson, Pictures

TEMPLATE = Path(__file__).parent / "template"
SHARED = (".css", ".js")


@dataclass(frozen=True)
class Site:
    """A folder and the lessons whose pages belong into it, in order."""

    folder: Path
    lessons: list[Lesson]

    def write_index(self) -> None:
        """The index, the style and the script."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in TEMPLATE.iterdir():
            if path.suffix in SHARED:
                shutil.copyfile(path, self.folder / path.name)
        self._render("index.html", "index.html.j2", lessons=self.lessons)

    def write(self, lesson: Lesson) -> int:
        """The page of an executed lesson; returns its weight with all it loads, in bytes."""
        at = [other.path for other in self.lessons].index(lesson.path)
        pictures = Pictures(lesson.path.stem)
        weight = self._render(
            lesson.page,
            "lesson.html.j2",
            lesson=lesson,
            lessons=self.lessons,
            root=lesson.sections(pictures),
            previous=self.lessons[at - 1] if at else None,
            next=self.lessons[at + 1] if at + 1 < len(self.lessons) else None,
        )
        pictures.write(self.folder)
        shared = (path for path in TEMPLATE.iterdir() if path.suffix in SHARED)
        return weight + pictures.weight + sum(path.stat().st_size for path in shared)

    def _render(self, name: str, template: str, **context: Any) -> int:
        page = self._templates.get_template(template).render(**context).encode()
        (self.folder / name).write_bytes(page)
        return len(page)

    @cached_property
    def _templates(self) -> Environment:
        """jinja, with what the templates need to show recordings."""
        env = Environment(
            loader=FileSystemLoader(TEMPLATE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        env.filters |= {"json": in_script, "packed": packed, "first_frame": first_frame}
        return env


def in_script(value: Any) -> Markup:
    """JSON that can stand inside a <script>."""
    text = compact(value).replace("</", r"<\/")
    return Markup(text.replace("<!", r"\u003c!").replace("<script", r"\u003cscript"))


def packed(value: Any) -> str:
    """JSON, deflated and written in the letters of base64."""
    return b64encode(zlib.compress(compact(value).encode(), 9)).decode()


def compact(value: Any) -> str:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def first_frame(recording: dict[str, Any]) -> dict[str, Any]:
    """The frame that a lab shows in its lesson."""
    n = 0
    for knob in recording["knobs"]:
        n = n * len(knob["texts"]) + knob["start"]
    return recording["frames"][recording["start_view"]][n]
