"""Builds the static site: `python -m tools.site [10-3 …] [--to folder]`, all lessons by default."""

import argparse
import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tools.refresh import Unclean, lessons
from tools.site.kernel import ROOT, execute
from tools.site.lesson import Lesson, Pictures

TEMPLATE = Path(__file__).parent / "template"
KERNELS = 2  # at a time


def build(lesson: Lesson) -> None:
    """Execute a lesson in place, recording its labs and questions."""
    execute(lesson.notebook)


def in_script(value: Any) -> Markup:
    """JSON that can stand inside a <script>."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", r"<\/")
    return Markup(text.replace("<!", r"\u003c!").replace("<script", r"\u003cscript"))


def first_frame(recording: dict[str, Any]) -> dict[str, Any]:
    """The frame that a lab shows in its lesson."""
    n = 0
    for knob in recording["knobs"]:
        n = n * len(knob["texts"]) + knob["start"]
    return recording["frames"][recording["start_view"]][n]


def environment() -> Environment:
    """jinja, with what the templates need to show recordings."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"json": in_script, "first_frame": first_frame}
    return env


def write(lesson: Lesson, all_lessons: list[Lesson], folder: Path, env: Environment) -> int:
    """Write the page of an executed lesson; returns its weight, pictures included, in bytes."""
    pictures = Pictures(lesson.path.stem)
    at = all_lessons.index(lesson)
    page = env.get_template("lesson.html.j2").render(
        lesson=lesson,
        lessons=all_lessons,
        root=lesson.sections(pictures),
        previous=all_lessons[at - 1] if at else None,
        next=all_lessons[at + 1] if at + 1 < len(all_lessons) else None,
    )
    (folder / lesson.page).write_text(page, encoding="utf-8", newline="\n")
    (folder / pictures.folder).mkdir(exist_ok=True)
    for name, png in pictures.files.items():
        (folder / pictures.folder / name).write_bytes(png)
    return len(page.encode()) + sum(map(len, pictures.files.values()))


def copy_assets(folder: Path) -> None:
    """Style and script, once for all pages."""
    for path in TEMPLATE.iterdir():
        if path.suffix in (".css", ".js"):
            shutil.copyfile(path, folder / path.name)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=__doc__)
    parser.add_argument("prefixes", nargs="*", metavar="10-3")
    parser.add_argument("--to", type=Path, default=ROOT / "site", metavar="folder")
    options = parser.parse_args(arguments)
    os.environ["COURSE_MNIST"] = "off"  # what is recorded must not depend on a download
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        chosen = lessons(*options.prefixes)
    except Unclean as error:
        sys.exit(str(error))
    everything = [Lesson.read(path) for path in lessons()]
    options.to.mkdir(parents=True, exist_ok=True)
    copy_assets(options.to)
    env = environment()
    index = env.get_template("index.html.j2").render(lessons=everything)
    (options.to / "index.html").write_text(index, encoding="utf-8", newline="\n")
    with ThreadPoolExecutor(KERNELS) as kernels:
        # The later lessons have the larger labs: they start first.
        due = [lesson for lesson in reversed(everything) if lesson.path in chosen]
        jobs = [(lesson, kernels.submit(build, lesson)) for lesson in due]
        for lesson, job in jobs:
            job.result()
            weight = write(lesson, everything, options.to, env)
            print(f"{lesson.page}  {weight / 1e6:.2f} MB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
