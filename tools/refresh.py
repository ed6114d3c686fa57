"""Execute notebooks and write them back clean: `python tools/refresh.py [10-3 …]`, all by default.

A refreshed notebook holds its text, its outputs and nothing that differs from run to run, so
refreshing it again without a change leaves its bytes alone.
"""

import os
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools import slides
from tools.outline import FOLDED, is_folded

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
    **slides.METADATA,
}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CELL_SECONDS = 300


class Unclean(Exception):
    """A cell failed or wrote to stderr; the notebook on disk is left as it was."""


def lessons(*prefixes: str) -> list[Path]:
    """The notebooks whose names start with one of the prefixes, in order; all without prefixes."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    names = [Path(prefix).name for prefix in prefixes]
    unknown = [n for n in names if not any(path.name.startswith(n) for path in paths)]
    if unknown:
        raise Unclean(f"no notebook is called {', '.join(unknown)}…")
    return [path for path in paths if path.name.startswith(tuple(names or [""]))]


def clean(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop, in place, what a run leaves behind that is no part of the lesson.

    Widget views go too: their model lives only as long as the kernel that made it, and without
    the view every reader shows the text beside it and the picture below.
    """
    nb.metadata = nbformat.from_dict(METADATA)
    nb.nbformat, nb.nbformat_minor = 4, 5
    code_cells = [cell for cell in nb.cells if cell.cell_type == "code"]
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict(kept(cell))
    for count, cell in enumerate((c for c in code_cells if c.source.strip()), start=1):
        cell.execution_count = count
        cell.outputs = join_streams(cell.outputs)
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)
            if "execution_count" in output:
                output.execution_count = count
    types = slides.slide_types(nb)
    for cell in nb.cells:
        cell.metadata["slideshow"] = {"slide_type": types[cell.id]}
    return nb


def kept(cell: nbformat.NotebookNode) -> dict[str, object]:
    """What the author put into the metadata: tags, and that a heading is folded.

    Whichever key says that a heading is folded, both are written, so that it opens folded in
    every editor.
    """
    tags = cell.metadata.get("tags")
    data: dict[str, object] = {"tags": tags} if tags else {}
    return data | dict.fromkeys(FOLDED, True) if is_folded(cell) else data


def join_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Printed text in one piece, however many messages it came in."""
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def complaints(nb: nbformat.NotebookNode) -> list[str]:
    """What the cells wrote to stderr, one line a cell."""
    return [
        f"{cell.id}: {output.text.strip()}"
        for cell in nb.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]


def execute(nb: nbformat.NotebookNode) -> None:
    """Run all cells in place, in a new kernel that starts where a learner's does."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        nb,
        timeout=CELL_SECONDS,
        kernel_name=METADATA["kernelspec"]["name"],
        resources={"metadata": {"path": str(NOTEBOOKS)}},
        record_timing=False,
        store_widget_state=False,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise Unclean(str(error)) from None
    if found := complaints(nb):
        raise Unclean("stderr in\n" + "\n".join(found))


def refresh(path: Path) -> bool:
    """Execute one notebook and write it back clean; True when its bytes changed."""
    before = path.read_text(encoding="utf-8")
    nb = nbformat.reads(before, as_version=4)
    execute(nb)
    after = nbformat.writes(clean(nb)) + "\n"
    if after != before:
        path.write_text(after, encoding="utf-8", newline="\n")
    return after != before


def main(prefixes: list[str]) -> None:
    os.environ["COURSE_MNIST"] = "off"  # the committed outputs must not depend on a download
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    failed = False
    try:
        paths = lessons(*prefixes)
    except Unclean as error:
        sys.exit(str(error))
    for path in paths:
        try:
            print(path.name, "changed" if refresh(path) else "unchanged", flush=True)
        except Unclean as error:
            failed = True
            print(path.name, "FAILED, left as it was:", error, flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main(sys.argv[1:])
