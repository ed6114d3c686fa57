"""A lab whose picture can be read back: its ground colour is the value and the epoch shown."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

EPOCHS = 40
SETUP = f"""
import time
from helpers.controls import Slider
from helpers.lab import Lab

limit = 100

def run(value, report, epochs={EPOCHS}):
    if value > limit:
        raise ValueError("값이 너무 큽니다.")
    for epoch in range(1, epochs + 1):
        time.sleep(0.003)
        report((value, epoch))
    return value, epoch

def draw(ax, result):
    value, epoch = result
    ax.figure.set_facecolor((2 * value / 255, epoch / 255, 0))

def describe(result):
    return f"값은 {{result[0]}}입니다."
"""
LAB = """
lab = Lab("toy", run, draw, describe, {"value": Slider("값", 0, 100, 1, 50)}, size=(6, 2))
lab.show()
"""
LAB_CELL, OTHER_CELL = 1, 2


def write(folder: Path, name: str = "toy.ipynb") -> Path:
    """The notebook: imports, the lab, and another cell."""
    cells = [new_code_cell(source.strip()) for source in (SETUP, LAB, "1 + 1")]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path = folder / name
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def finished_pixel(value: int | str) -> tuple[int, int, int]:
    """The ground colour of a finished run at this value."""
    return 2 * int(value), EPOCHS, 0
