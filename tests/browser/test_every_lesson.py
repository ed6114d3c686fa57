"""Every lesson in a real JupyterLab: all cells run, every knob of every lab works."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from tests.browser.accessible import barriers
from tests.browser.jupyter import LiveLab, LiveSlider, Notebook
from tools.outline import is_folded

LESSONS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_runs_and_every_lab_follows_the_hand(open_notebook, path):
    notebook: Notebook = open_notebook(path)
    notebook.run_all()
    notebook.assert_healthy()
    # What goes beyond the lecture is folded at first.
    cells = nbformat.read(path, as_version=4).cells
    notebook.scroll_to(next(i for i, cell in enumerate(cells) if is_folded(cell)))
    notebook.page.get_by_role("heading", name="심화").first.wait_for()
    notebook.command("notebook:expand-all-headings")
    for lab in notebook.labs():
        lab.scroll_to()
        lab.finished()
        for slider in lab.sliders():
            by_mouse(lab, slider)
            by_keyboard(lab, slider)
        choose_each(lab)
        lab.press("처음 값으로")
        lab.finished()
    notebook.assert_healthy()
    assert barriers(notebook.page) == []
    notebook.close()


def by_mouse(lab: LiveLab, slider: LiveSlider) -> None:
    """To both ends."""
    for share in (1.0, 0.0):
        moved(lab, slider, lambda share=share: slider.drag(share, steps=6))


def by_keyboard(lab: LiveLab, slider: LiveSlider) -> None:
    """One stop up from the left end."""
    value = slider.value()
    moved(lab, slider, lambda: slider.key("ArrowRight"))
    assert slider.value() != value


def moved(lab: LiveLab, slider: LiveSlider, move: Callable[[], None]) -> None:
    """Move the slider; another value has another picture."""
    value, picture = slider.value(), lab.picture()
    move()
    lab.finished()
    if slider.value() != value:
        lab.until(lambda: lab.picture() != picture)


def choose_each(lab: LiveLab) -> None:
    """Press every button that is not pressed already, of knobs and of views: another picture."""
    choices = lab.choices()
    for i in range(choices.count()):
        if "mod-active" in choices.nth(i).get_attribute("class"):
            continue
        picture = lab.picture()
        choices.nth(i).click()
        lab.until(lambda before=picture: lab.picture() != before)
        lab.finished()
