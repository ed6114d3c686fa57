"""The lab in a real JupyterLab: by mouse, by keyboard, beside other cells, run again, reloaded."""

import os
import random
import time
from importlib.metadata import version

import pytest

from tests.browser import toy
from tests.browser.jupyter import LiveLab, Notebook

# ipykernel 6 reads the messages of the page one after the other: a lab waits for a busy cell.
ONE_SHELL = (
    version("ipykernel").startswith("6.")
    or os.environ.get("COURSE_COMMS_OVER_SUBSHELLS") == "disabled"
)


@pytest.fixture(scope="module")
def opened(open_notebook, tmp_path_factory) -> Notebook:
    return open_notebook(toy.write(tmp_path_factory.mktemp("toy")))


def assert_all_agree(lab: LiveLab) -> None:
    """Slider, status, sentence and picture are about the same value."""
    lab.finished()
    value = lab.sliders()[0].value()
    lab.until(lambda: lab.pixel() == toy.finished_pixel(value), seconds=3)
    assert lab.summary() == f"값은 {value}입니다."


def test_first_picture_is_live_and_shown_once(notebook, lab):
    assert_all_agree(lab)
    assert lab.sliders()[0].value() == "50" and notebook.static_pictures().count() == 0
    notebook.assert_healthy()


@pytest.mark.parametrize("share", [0.0, 0.9, 1.0])
def test_dragging_by_mouse(notebook, lab, share):
    [slider] = lab.sliders()
    before = lab.picture()
    slider.drag(share)
    assert_all_agree(lab)
    assert lab.picture() != before and int(slider.value()) == pytest.approx(100 * share, abs=2)
    notebook.assert_healthy()


def test_moving_by_keyboard(notebook, lab):
    [slider] = lab.sliders()
    for key, value in [("ArrowRight", "51"), ("ArrowLeft", "50"), ("End", "100"), ("Home", "0")]:
        slider.key(key)
        assert_all_agree(lab)
        assert slider.value() == value
    assert notebook.evaluate("() => document.activeElement.className").startswith("noUi-handle")
    notebook.assert_healthy()


def test_twelve_fast_drags_each_end_at_their_own_value(notebook, lab):
    [slider] = lab.sliders()
    rng = random.Random(0)
    for _ in range(12):
        slider.drag(rng.random(), steps=rng.randint(2, 30))
        if rng.random() < 0.5:  # and sometimes the next drag comes before the picture
            continue
        assert_all_agree(lab)
    assert_all_agree(lab)
    text, _ = notebook.kernel("(lab.wait(), lab.panel.values(), lab.shown.values)")
    value = int(slider.value())
    assert text == str(((value, toy.EPOCHS), {"value": value}, {"value": value}))
    notebook.assert_healthy()


def test_another_cell_runs_during_a_training(notebook, lab):
    notebook.kernel("run.__defaults__ = (1000,)")
    lab.sliders()[0].drag(0.2)
    notebook.run_cell(toy.OTHER_CELL, seconds=2)
    answers = [notebook.kernel("1 + 1") for _ in range(5)]
    assert "학습 중" in lab.status() and all(text == "2" for text, _ in answers)
    lab.press("정지")
    notebook.page.wait_for_function(
        "() => document.querySelector('.lab-status').innerText.startsWith('멈췄습니다')"
    )
    assert lab.pixel() == toy.finished_pixel(50) and "값 = 50" in lab.status()
    notebook.assert_healthy()


def test_the_lab_answers_while_a_cell_is_busy(notebook, lab):
    notebook.kernel("lab.set(value=10); lab.wait()")  # a cell spoke on the slider's comm last
    busy = "() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    notebook.evaluate(busy + ".requestExecute({code: 'time.sleep(6)'}); }")
    start = time.monotonic()
    lab.sliders()[0].drag(0.8)
    assert_all_agree(lab)
    seconds = time.monotonic() - start
    assert seconds > 4 if ONE_SHELL else seconds < 4


def test_running_the_cell_again_retires_the_old_lab(notebook, lab):
    lab.sliders()[0].drag(0.2)
    for _ in range(3):
        notebook.run_cell(toy.LAB_CELL)
    assert notebook.page.locator(".course-lab").count() == 1
    [lab] = notebook.labs()
    lab.sliders()[0].drag(0.7)
    assert_all_agree(lab)
    notebook.kernel("import gc; gc.collect()")
    assert notebook.kernel("sum(type(o) is Lab for o in gc.get_objects())")[0] == "1"
    notebook.assert_healthy()


def test_a_reload_finds_the_lab_alive(notebook, lab):
    lab.sliders()[0].drag(0.2)
    lab.finished()
    notebook.command("docmanager:save")
    notebook.open()
    notebook.page.wait_for_selector(".course-lab img")
    [lab] = notebook.labs()
    assert_all_agree(lab)
    lab.sliders()[0].drag(0.6)
    assert_all_agree(lab)
    assert notebook.static_pictures().count() == 0


def test_a_saved_notebook_without_its_kernel_shows_one_picture(notebook):
    notebook.command("docmanager:save")
    notebook.restart()
    notebook.open()
    notebook.page.wait_for_selector(".jp-RenderedImage img")
    notebook.page.wait_for_selector("text=widget: model not found", state="attached")
    assert notebook.static_pictures().count() == 1 and not notebook.labs()
    assert not notebook.page.get_by_text("model not found").is_visible()
    notebook.run_all()
    notebook.page.wait_for_selector(".course-lab img")
    assert notebook.static_pictures().count() == 0


@pytest.mark.parametrize("routing", ["disabled", "perCommTarget", "perComm"])
def test_every_way_jupyterlab_routes_messages(notebook, lab, routing):
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    before = notebook.evaluate(f"() => {kernel}.commsOverSubshells")
    notebook.evaluate(f"way => {{ {kernel}.commsOverSubshells = way }}", routing)
    for share in (0.1, 0.9):
        lab.sliders()[0].drag(share)
        assert_all_agree(lab)
    notebook.evaluate(f"way => {{ {kernel}.commsOverSubshells = way }}", before)
    notebook.assert_healthy()


def test_what_the_kernel_did_not_hear_is_said_again(notebook):
    notebook.kernel(
        """
from helpers.lab.picture import Picture
heard, said = Picture._hear, []

def hear(self, widget, word, buffers):
    said.append(word)
    if said.count(word) > 1:
        heard(self, widget, word, buffers)

Picture._hear = hear
"""
    )
    notebook.run_cell(toy.LAB_CELL)
    notebook.page.wait_for_selector(".lab-runs")
    notebook.page.wait_for_selector(".lab-plain", state="detached")
    text, _ = notebook.kernel("Picture._hear = heard; ' '.join(said)")
    assert text == "'runs runs seen seen'"
    [lab] = notebook.labs()
    lab.sliders()[0].drag(0.3)
    assert_all_agree(lab)
    notebook.assert_healthy()


def test_an_error_is_one_sentence_on_the_page(notebook, lab):
    notebook.kernel("limit = 60")
    lab.sliders()[0].drag(0.8)
    notebook.page.wait_for_selector(".lab-note.error:has-text('값이 너무 큽니다.')")
    assert lab.pixel() == toy.finished_pixel(50) and "값 = 50" in lab.status()
