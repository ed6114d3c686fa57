"""Executes a lesson in a kernel that records what its cells display."""

import logging
import os
import signal
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tools.refresh import METADATA, Unclean, complaints

ROOT = Path(__file__).resolve().parents[2]
LISTEN = "from tools.site import record; record.listen(get_ipython()); del record"
CELL_SECONDS = 3600  # a lab is recorded in the time of its cell, on a busy machine too


def undisturbed(path: Path) -> NotebookNode:
    """`executed`, in a process that a terminal's Ctrl-C does not end while it waits for work."""
    # One that is stopped as its kernel starts would report the task that did not end.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        return executed(path)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nbclient has put back Python's own


def executed(path: Path) -> NotebookNode:
    """The notebook with the outputs of a run, recordings among them, see `tools.site.record`.

    Raises Unclean if a cell fails, writes to stderr or shows what cannot be recorded.
    """
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nb.cells.insert(0, new_code_cell(LISTEN))
    client = NotebookClient(
        nb,
        timeout=CELL_SECONDS,
        kernel_name=METADATA["kernelspec"]["name"],
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
        shutdown_kernel="immediate",  # one that is interrupted as it starts would complain
    )
    try:
        client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise Unclean(str(error)) from None
    del nb.cells[0]
    if found := [*complaints(nb), *failures(nb)]:
        raise Unclean("\n".join(found))
    return nb


def failures(nb: NotebookNode) -> list[str]:
    """What went wrong after a cell, in recording what it displayed; one line a cell."""
    return [
        f"{cell.id}: {output.ename}: {output.evalue}"
        for cell in nb.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
