"""A lesson as slides in a real JupyterLab: the space bar walks it, pages fit, labs are live."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.browser.jupyter import PANEL, LiveLab, Notebook
from tools import slides

[LESSON] = (Path(__file__).parents[2] / "notebooks").glob("10-3_*.ipynb")
AS_SAVED = nbformat.read(LESSON, as_version=4)
CELLS = [cell.id for cell in AS_SAVED.cells]
FIRST_LAB = next(cell.id for cell in AS_SAVED.cells if "lab.show()" in cell.source)
PAGES = [[cell.id for cell in page] for page in slides.pages(AS_SAVED)]
SCREENS = [(1440, 900), (1920, 1080), (1024, 768)]
READABLE = 0.0239  # the size of the text as a share of the screen's height
ACTIVE = f"{PANEL}.content.activeCell.model.id"
REMOTE = ".jp-Deck-Remote"  # the arrows in the corner
ON_SCREEN = ".jp-deck-mod-onscreen"
# How many cells the page has and shows, how far it reaches in pixels, and the size of its text.
LOOK = f"""() => {{
    const cells = [...document.querySelectorAll('{ON_SCREEN}')];
    const parts = cells.flatMap(cell => [cell, ...cell.querySelectorAll('img, p, table, pre')]);
    const boxes = parts.map(part => part.getBoundingClientRect()).filter(box => box.height);
    const text = document.querySelector('{ON_SCREEN} p');
    return {{
        all: cells.length,
        shown: cells.filter(cell => cell.classList.contains('jp-deck-mod-visible')).length,
        fits: boxes.every(box =>
            box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth),
        text: text && parseFloat(getComputedStyle(text).fontSize) / innerHeight,
    }};
}}"""


@pytest.fixture(scope="module")
def opened(open_notebook) -> Notebook:
    """The lesson, run."""
    notebook = open_notebook(LESSON)
    notebook.run_all()
    return notebook


@pytest.fixture
def slideshow(opened) -> Iterator[Notebook]:
    """Its first slide."""
    opened.evaluate(f"() => {{ {PANEL}.content.activeCellIndex = 0 }}")
    # On JupyterLab 4.2 the focus is lost with a cell that is far away.
    opened.scroll_to(0)
    opened.evaluate(f"() => {PANEL}.content.activeCell.node.focus()")
    resize(opened, SCREENS[0])
    opened.page.get_by_role("button", name="Toggle Deck").click()
    opened.page.wait_for_selector(REMOTE)
    yield opened
    # JupyterLab would remember it, and the next notebook would open as slides.
    opened.command("deck:stop")
    opened.page.wait_for_selector(REMOTE, state="detached")


def resize(notebook: Notebook, screen: tuple[int, int]) -> None:
    notebook.page.set_viewport_size(dict(zip(("width", "height"), screen, strict=True)))


def go_on(notebook: Notebook, key: str = "Space") -> None:
    """One step of the walk."""
    before = notebook.evaluate(f"() => {ACTIVE}")
    notebook.page.keyboard.press(key)
    notebook.page.wait_for_function(f"before => {ACTIVE} !== before", arg=before)


def test_the_space_bar_walks_the_lecture_cell_by_cell(slideshow):
    for page in PAGES:
        for shown, cell in enumerate(page, start=1):
            if cell != PAGES[0][0]:
                go_on(slideshow)
            assert slideshow.evaluate(f"() => {ACTIVE}") == cell
            seen = slideshow.evaluate(LOOK)
            assert (seen["shown"], seen["all"]) == (shown, len(page)), cell
    slideshow.assert_healthy()


def test_every_page_fits_every_screen_and_can_be_read_from_the_back_row(slideshow):
    for screen in SCREENS:
        resize(slideshow, screen)
        for first, *_ in PAGES:
            i = CELLS.index(first)
            slideshow.evaluate(f"i => {{ {PANEL}.content.activeCellIndex = i }}", i)
            slideshow.page.wait_for_timeout(30)
            seen = slideshow.evaluate(LOOK)
            assert seen["fits"], (first, screen)
            assert seen["text"] is None or seen["text"] >= READABLE, (first, screen)


def test_the_first_lab_follows_the_hand_and_the_walk_goes_on(slideshow):
    while slideshow.evaluate(f"() => {ACTIVE}") != FIRST_LAB:
        go_on(slideshow)
    lab = LiveLab(slideshow.page.locator(f"{ON_SCREEN} .course-lab"))
    lab.root.wait_for()
    assert not slideshow.page.locator(f"{ON_SCREEN} .jp-Cell-inputWrapper").is_visible()
    for share in (0.9, 0.0):
        picture = lab.picture()
        lab.sliders()[0].drag(share)
        lab.finished()
        lab.until(lambda before=picture: lab.picture() != before)
    go_on(slideshow)
    assert lab.root.is_hidden()
    slideshow.assert_healthy()


def test_a_remote_that_sends_page_down_and_page_up_walks_too(slideshow):
    walk = [cell for page in PAGES for cell in page][:4]
    for cell in walk[1:]:
        go_on(slideshow, "PageDown")
        assert slideshow.evaluate(f"() => {ACTIVE}") == cell
    for cell in walk[-2::-1]:
        go_on(slideshow, "PageUp")
        assert slideshow.evaluate(f"() => {ACTIVE}") == cell


def test_escape_leaves_the_slides(slideshow):
    slideshow.page.keyboard.press("Escape")
    slideshow.page.wait_for_selector(REMOTE, state="detached")
    assert slideshow.page.locator(".jp-Cell-inputWrapper").locator("visible=true").count()
