"""A lesson as a page: its sections with their blocks, from an executed notebook."""

import base64
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from tools.refresh import WIDGET_VIEW, Unclean, is_folded, join_streams
from tools.site import OF, RECORDING, formulas

Block = dict[str, Any]


@dataclass
class Section:
    """A heading and all that stands below it, up to the next heading of its level or a higher one.

    If it is folded, `lead` is what stays in sight. The root has no heading and level 0.
    """

    level: int = 0
    id: str = ""
    html: str = ""  # of the heading
    folded: bool = False
    lead: list[Block] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    sections: list["Section"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The heading without its tags."""
        return formulas.plain(self.html)


@dataclass(frozen=True)
class Lesson:
    """A notebook, and what its first cell says of it."""

    path: Path
    notebook: NotebookNode

    @classmethod
    def read(cls, path: Path) -> "Lesson":
        return cls(path, nbformat.read(path, as_version=4))

    @property
    def page(self) -> str:
        """The name of its page."""
        return f"{self.path.stem}.html"

    @cached_property
    def title(self) -> str:
        """E.g. "10-3. L1, L2 Regularisation"."""
        return self._found(r"^# +(.+)$")

    @property
    def number(self) -> str:
        return self.title.split(". ")[0]

    @property
    def name(self) -> str:
        return self.title.split(". ", 1)[-1]

    @property
    def question(self) -> str:
        """The question of the lesson, as HTML without a paragraph around it."""
        html = formulas.html(self._found(r"^> \*\*질문\.\*\* +(.+)$")).strip()
        return html.removeprefix("<p>").removesuffix("</p>")

    @property
    def minutes(self) -> str:
        return self._found(r"(약 \d+분)")

    def _found(self, pattern: str) -> str:
        found = re.search(pattern, self.notebook.cells[0].source, flags=re.MULTILINE)
        return found[1].strip() if found else ""

    def sections(self, pictures: "Pictures") -> Section:
        """The root of the page's sections, from the outputs that the notebook has now."""
        path = [root := Section()]
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                path[-1].blocks.append(code_block(cell, pictures))
                continue
            for part in parts(cell):
                if isinstance(part, Section):
                    while path[-1].level >= part.level:
                        path.pop()
                    path[-1].sections.append(part)
                    path.append(part)
                elif path[-1].folded and path[-1].id == cell.id:
                    path[-1].lead.append(part)
                else:
                    path[-1].blocks.append(part)
        return root


def parts(cell: NotebookNode) -> Iterator[Section | Block]:
    """A markdown cell as its headings and what is between them."""
    before, *rest = formulas.HEADING.split(formulas.html(cell.source))
    if before.strip():
        yield {"kind": "markdown", "html": before}
    headings = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    for number, (level, html, text) in enumerate(headings):
        first = number == 0 and not before.strip()
        name = cell.id if first else f"{cell.id}-{number + 1}"
        yield Section(int(level), name, html, folded=first and is_folded(cell))
        if text.strip():
            yield {"kind": "markdown", "html": text}


class Pictures:
    """The pictures of a lesson: files in a folder beside its page, named after their cells."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.files: dict[str, bytes] = {}

    def add(self, cell_id: str, png: str) -> str:
        """Keep a picture; returns its address, relative to the page."""
        same_cell = sum(name.startswith(f"{cell_id}.") for name in self.files)
        name = f"{cell_id}.{same_cell + 1}.png"
        self.files[name] = base64.b64decode(png)
        return f"{self.folder}/{name}"

    @property
    def weight(self) -> int:
        """Of all pictures, in bytes."""
        return sum(map(len, self.files.values()))

    def write(self, site: Path) -> None:
        """Write them, in place of those of an earlier build."""
        folder = site / self.folder
        shutil.rmtree(folder, ignore_errors=True)
        if self.files:
            folder.mkdir()
        for name, png in self.files.items():
            (folder / name).write_bytes(png)


def code_block(cell: NotebookNode, pictures: Pictures) -> Block:
    """A code cell with its outputs; a recording stands where the widget stood that it records."""
    recorded, others = recordings(cell.outputs)
    blocks: list[Block] = []
    replaced: Block | None = None  # the recording whose twins for readers without a kernel follow
    for output in join_streams(cell.outputs):
        if view := data(output).get(WIDGET_VIEW):
            replaced = recorded.get(view["model_id"])
            if replaced is None:
                raise Unclean(f"{cell.id}: a widget of no lab and no question")
            blocks.append(replaced)
        elif replaced and is_twin(output, replaced):
            continue
        elif RECORDING not in data(output):
            replaced = None
            blocks.append(output_block(cell, output, pictures))
    html, lines = formulas.code(cell.source), len(cell.source.splitlines())
    outputs = [*blocks, *others]
    return {"kind": "code", "id": cell.id, "html": html, "lines": lines, "outputs": outputs}


def recordings(outputs: list[NotebookNode]) -> tuple[dict[str, Block], list[Block]]:
    """The recordings of widgets, by the widgets' ids, and those that stand for none."""
    found = [(o.metadata[RECORDING], o.data[RECORDING]) for o in outputs if RECORDING in data(o)]
    of_widgets = {about[OF]: recording for about, recording in found if OF in about}
    return of_widgets, [recording for about, recording in found if OF not in about]


def data(output: NotebookNode) -> dict[str, Any]:
    return output.get("data", {})


def is_twin(output: NotebookNode, recording: Block) -> bool:
    """Whether this is what a lab or a question shows behind its widget without a kernel."""
    html = data(output).get("text/html", "")
    if recording["kind"] == "lab":
        return html.startswith("<style") or "image/png" in data(output)
    return recording["kind"] != "runs" and bool(html)


def output_block(cell: NotebookNode, output: NotebookNode, pictures: Pictures) -> Block:
    """Any other output: printed text, a picture, HTML."""
    if output.output_type == "stream":
        return {"kind": "stream", "text": output.text}
    if png := data(output).get("image/png"):
        about = output.metadata.get("image/png", {})
        alt = about.get("alt", data(output)["text/plain"])
        src = pictures.add(cell.id, png)
        return {"kind": "picture", "src": src, "alt": alt, "width": about.get("width")}
    if html := data(output).get("text/html"):
        return {"kind": "html", "html": html}
    return {"kind": "stream", "text": data(output).get("text/plain", "")}
