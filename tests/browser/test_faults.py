"""What a page shows when its kernel is killed."""

import os
import signal

import pytest

from tests.browser import toy
from tests.browser.jupyter import PANEL, SECONDS


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
