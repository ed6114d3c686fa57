"""What a page shows when its kernel is killed, and when names and errors look like markup."""

import os
import signal

import pytest

from tests.browser import toy
from tests.browser.jupyter import PANEL, SECONDS, write_notebook

MARKUP = '<img src=x onerror="window.hacked = true">'
TRAP = f"""
from helpers.exercises import Prediction
from helpers.lab import Choice, Lab, Slider

MARKUP = {MARKUP!r}

def run(value, kind):
    if value > 60:
        raise ValueError(f"값이 너무 큽니다: {{MARKUP}}")
    yield value

def draw(ax, value):
    ax.set_title(MARKUP)

Prediction(MARKUP, MARKUP, [MARKUP, "b"], lambda: (0, MARKUP)).show()
knobs = {{"value": Slider(MARKUP, 0, 100, 1, 50), "kind": Choice(MARKUP, [MARKUP, "b"])}}
lab = Lab(MARKUP, run, draw, lambda value: f"값은 {{value}}입니다. {{MARKUP}}", knobs)
lab.show()
"""


def test_names_sentences_and_errors_are_no_markup(open_notebook, tmp_path):
    notebook = open_notebook(write_notebook(tmp_path / "trap.ipynb", TRAP))
    notebook.run_all()
    notebook.page.wait_for_selector(".course-lab img")
    [lab] = notebook.labs()
    lab.sliders()[0].drag(0.8)
    # Each move of the drag clears the note of the one before.
    lab.until(lambda: MARKUP in lab.note() and "학습 중" not in lab.status())
    assert MARKUP in lab.summary() and MARKUP in lab.status()
    assert notebook.page.locator("img[onerror]").count() == 0
    assert notebook.evaluate("() => window.hacked") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_kernel_that_is_killed_leaves_the_picture_and_running_again_brings_the_lab_back(
    open_notebook, tmp_path
):
    """As the system does when memory runs out."""
    notebook = open_notebook(toy.write(tmp_path))
    notebook.run_all()
    notebook.page.wait_for_selector(".course-lab img")
    [lab] = notebook.labs()
    lab.sliders()[0].drag(0.2)
    lab.finished()
    value, pixel = lab.sliders()[0].value(), lab.pixel()
    assert pixel == toy.finished_pixel(value)
    pid, _ = notebook.kernel("import os; print(os.getpid())")
    os.kill(int(pid), signal.SIGKILL)
    dialog = notebook.page.locator(".jp-Dialog:has-text('appears to have died')")
    dialog.wait_for(timeout=60 * SECONDS)
    dialog.locator(".jp-mod-accept").click()
    assert lab.pixel() == pixel and lab.sliders()[0].value() == value
    notebook.page.wait_for_function(
        f"() => {PANEL}.sessionContext.session?.kernel?.status === 'idle'", timeout=60 * SECONDS
    )
    notebook.run_all()
    notebook.page.wait_for_selector(".course-lab img")
    [lab] = notebook.labs()
    lab.sliders()[0].drag(0.9)
    lab.finished()
    assert lab.pixel() == toy.finished_pixel(lab.sliders()[0].value())
