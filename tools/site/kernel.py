"""Executes a lesson in a kernel that records what its cells display."""

import os
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tools.refresh import METADATA, NOTEBOOKS, Unclean, complaints

ROOT = Path(__file__).resolve().parents[2]
LISTEN = "from tools.site import record; record.listen(get_ipython()); del record"
CELL_SECONDS = 1200  # a lab is recorded in the time of its cell


def execute(nb: NotebookNode) -> None:
    """Run all cells in place; raises Unclean if one fails or writes to stderr.

    The outputs then hold recordings, see `tools.site.record`.
    """
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nb.cells.insert(0, new_code_cell(LISTEN))
    client = NotebookClient(
        nb,
        timeout=CELL_SECONDS,
        kernel_name=METADATA["kernelspec"]["name"],
        resources={"metadata": {"path": str(NOTEBOOKS)}},
        record_timing=False,
        store_widget_state=False,
    )
    try:
        client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    except CellExecutionError as error:
        raise Unclean(str(error)) from None
    finally:
        del nb.cells[0]
    if found := complaints(nb):
        raise Unclean("stderr in\n" + "\n".join(found))
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise Unclean(f"{cell.id}: {output.ename}: {output.evalue}")
