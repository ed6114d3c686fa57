"""The views of a training lab in a real JupyterLab: sweeps, scrubbing through them, verdicts."""

import ast
import re

import pytest

from tests.browser import cornered
from tests.browser.cornered import look
from tests.browser.jupyter import LiveLab, Notebook

CURVES, SWEEP, SEEDS = "곡선", "전체 보기", "운인가 효과인가?"


@pytest.fixture(scope="module")
def opened(open_notebook, tmp_path_factory) -> Notebook:
    return open_notebook(cornered.write(tmp_path_factory.mktemp("views")))


def assert_all_agree(notebook: Notebook, lab: LiveLab) -> None:
    """Slider, status, sentence and picture are about the same value."""
    lab.finished()
    stop = int(notebook.kernel("knob.stops().index(lab.panel.values()['alpha'])")[0])
    lab.until(lambda: lab.pixel()[:2] == (stop, cornered.EPOCHS), seconds=3)
    summary = notebook.kernel("print(lab.shown.summary)")[0].strip()
    lab.until(lambda: lab.summary() == summary, seconds=3)


def known(notebook: Notebook) -> list[int]:
    text, _ = notebook.kernel("[id(run.history) for run in lab.runs.known.values()]")
    return ast.literal_eval(text)


def progress(bar) -> float:
    """How much of a training is done, as its bar says."""
    return float(bar.get_attribute("value"))


def test_after_a_sweep_the_slider_scrubs_without_training(notebook, lab):
    [slider] = lab.sliders()
    look(notebook, lab, SWEEP)
    assert_all_agree(notebook, lab)
    trained = known(notebook)
    assert len(trained) == int(notebook.kernel("len(knob.stops())")[0])
    for view in (SWEEP, CURVES):
        look(notebook, lab, view)
        for share in (0.0, 0.4, 1.0):
            picture = lab.picture()
            slider.drag(share)
            assert_all_agree(notebook, lab)
            assert lab.picture() != picture
        slider.key("ArrowLeft")
        assert_all_agree(notebook, lab)
    assert sorted(known(notebook)) == sorted(trained)
    notebook.assert_healthy()


def test_a_sweep_goes_on_while_its_slider_is_dragged_and_can_be_stopped(notebook, lab):
    notebook.kernel("more['epochs'] = 50_000")
    lab.press(SWEEP)
    bar = lab.root.locator("progress")
    done = 0.0
    for share in (0.2, 0.8, 0.5):
        lab.sliders()[0].drag(share)
        # The bar of before stands until the next frame; then it must have gone on, not begun anew.
        lab.until(
            lambda before=done: bar.count() and "초 남음" in lab.status() and progress(bar) > before
        )
        done = progress(bar)
    text, seconds = notebook.kernel("1 + 1")
    assert text == "2" and seconds < 2
    lab.press("정지")
    lab.until(lambda: "멈췄습니다" in lab.status())
    assert lab.pixel()[1] == cornered.EPOCHS and not bar.count()
    assert lab.root.locator(".mod-active").text_content() == CURVES
    notebook.assert_healthy()


def test_effect_or_luck(notebook, lab):
    look(notebook, lab, SEEDS)
    lab.until(lambda: "운이 아니라 효과입니다" in lab.summary())
    assert re.search(r"20번 가운데 \d+번, α = 0일 때보다 낮았습니다", lab.summary())
    lab.sliders()[0].drag(0.0)
    lab.until(lambda: "비교할 상대가 없습니다" in lab.summary())
    lab.press("처음 값으로")
    lab.until(lambda: "운이 아니라 효과입니다" in lab.summary())
    notebook.assert_healthy()
