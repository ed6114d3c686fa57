"""A lab whose picture can be read back: its ground colour is the value and the epoch shown."""

from pathlib import Path

from tests.browser.jupyter import write_notebook

EPOCHS = 40
SETUP = f"""
import time
from helpers.lab import Lab, Slider

limit = 100

def run(value, epochs={EPOCHS}):
    if value > limit:
        raise ValueError("값이 너무 큽니다.")
    for epoch in range(1, epochs + 1):
        time.sleep(0.003)
        yield value, epoch

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
    return write_notebook(folder / name, SETUP, LAB, "1 + 1")


def finished_pixel(value: int | str) -> tuple[int, int, int]:
    """The ground colour of a finished run at this value."""
    return 2 * int(value), EPOCHS, 0
