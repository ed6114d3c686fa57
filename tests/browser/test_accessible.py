"""A lab for every reader: names, an alt text, values by mouse and keys; larger in front of a class;
a plain picture where our script does not run; and no markup but our own."""

import ast
import math
import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page

from tests.browser import cornered, toy
from tests.browser.accessible import barriers
from tests.browser.jupyter import PANEL, LiveLab, Notebook, write_notebook

QUESTIONS = """
from helpers.exercises import Prediction
Prediction("p", "α를 키우면?", ["오릅니다", "내려갑니다"], lambda: (0, "")).show()
"""


@pytest.fixture(scope="module")
def opened(open_notebook, tmp_path_factory) -> Notebook:
    path = tmp_path_factory.mktemp("accessible") / "accessible.ipynb"
    return open_notebook(write_notebook(path, cornered.LAB, QUESTIONS))


@pytest.fixture
def lab(notebook: Notebook) -> LiveLab:
    """The lab, once its script runs."""
    notebook.page.wait_for_selector(".lab-runs")
    [lab] = notebook.labs()
    return lab


# --- Names


def test_axe_finds_no_barrier(notebook, lab):
    notebook.page.wait_for_selector(".ask")
    assert barriers(notebook.page) == []
    lab.sliders()[0].handle.evaluate("handle => handle.removeAttribute('aria-label')")
    notebook.page.evaluate("document.querySelector('.course-lab img').removeAttribute('alt')")
    assert {line.split(":")[0] for line in barriers(notebook.page)} >= {"critical image-alt"}


def test_a_slider_has_its_name_and_says_its_value(notebook, lab):
    [slider] = lab.sliders()
    named = lab.root.get_by_role("slider", name="α (페널티 세기)", exact=True)
    assert named.count() == 1
    for share in (0.0, 0.7):
        slider.drag(share)
        lab.until(lambda: named.get_attribute("aria-valuetext") == slider.value())
    slider.key("ArrowLeft")
    lab.until(lambda: named.get_attribute("aria-valuetext") == slider.value())


def test_a_group_of_buttons_has_its_name_and_says_what_is_pressed(notebook, lab):
    group = lab.root.get_by_role("group", name="보기", exact=True)
    assert group.get_by_role("button", pressed=True).all_text_contents() == ["곡선"]
    cornered.look(notebook, lab, "전체 보기")
    assert group.get_by_role("button", pressed=True).all_text_contents() == ["전체 보기"]
    assert group.get_by_role("button", pressed=False).count() == 2


# --- The picture and its sentence


def test_the_alt_text_follows_the_sentence_and_the_sentence_is_announced(notebook, lab):
    page = notebook.page
    page.evaluate("window.summary = document.querySelector('.lab-summary')")
    for share in (0.0, 0.8):
        lab.sliders()[0].drag(share)
        lab.finished()
        sentence = notebook.kernel("print(lab.shown.summary)")[0].strip()
        lab.until(lambda sentence=sentence: lab.summary() == sentence)
        assert lab.root.get_by_role("img", name=sentence, exact=True).count() == 1
    # A screen reader hears what changes in a region that was there before.
    assert page.evaluate("window.summary === document.querySelector('.lab-summary')")
    assert lab.root.locator(".lab-summary").get_attribute("role") == "status"


def test_a_training_on_its_way_is_not_read_out_but_its_end_is(notebook, lab):
    notebook.kernel("more['epochs'] = 100_000")
    lab.sliders()[0].key("ArrowLeft")
    lab.until(lambda: "학습 중" in lab.status())
    status = lab.root.locator(".lab-status")
    assert status.get_attribute("aria-live") == "off"
    lab.press("정지")
    lab.until(lambda: "멈췄습니다" in lab.status())
    assert (
        status.get_attribute("aria-live") == "polite" and status.get_attribute("role") == "status"
    )


# --- Values


def curves(notebook: Notebook) -> dict[str, list[float]]:
    """The losses at the epochs 1, 2, …"""
    names = ("train", "valid")
    text, _ = notebook.kernel(f"print([list(getattr(lab.result, f'{{n}}_loss')) for n in {names}])")
    return dict(zip(names, ast.literal_eval(text), strict=True))


def epoch_and_loss(text: str) -> tuple[int, str, float]:
    epoch, curve, loss = re.fullmatch(r"Epoch (\d+) · (\w+) loss ([\d.]+)", text).groups()
    return int(epoch), curve.lower(), float(loss)


def test_the_mouse_reads_the_nearest_point_of_a_curve(notebook, lab):
    page, picture = notebook.page, lab.root.locator(".lab-picture")
    picture.evaluate("picture => picture.scrollIntoView({block: 'center'})")
    area, known = picture.bounding_box(), curves(notebook)
    notebook.kernel("[axes] = lab.shown.readings")
    text, _ = notebook.kernel("print([*map(float, (*axes.box, axes.y[1]))])")
    left, top, width, height, highest = ast.literal_eval(text)
    places = {  # of all points, in pixels of the picture
        (epoch, name): (
            900 * (left + width * epoch / 100),
            420 * (top + height * (1 - y / highest)),
        )
        for name, losses in known.items()
        for epoch, y in enumerate(losses, 1)
    }
    bubble, dot = lab.root.locator(".lab-bubble"), lab.root.locator(".lab-dot")
    for x, y in ((200, 200), (450, 150), (450, 320), (850, 80)):
        page.mouse.move(area["x"] + x, area["y"] + y)
        epoch, curve, loss = epoch_and_loss(bubble.text_content())
        assert (epoch, curve) == min(places, key=lambda point: math.dist(places[point], (x, y)))
        assert loss == pytest.approx(known[curve][epoch - 1], rel=0.005)
        box = dot.bounding_box()
        middle = box["x"] + box["width"] / 2 - area["x"], box["y"] + box["height"] / 2 - area["y"]
        assert middle == pytest.approx(places[epoch, curve], abs=1)
        box = bubble.bounding_box()
        assert area["x"] <= box["x"] <= area["x"] + area["width"] - box["width"]
    page.mouse.move(area["x"] + 450, area["y"] + area["height"] - 2)  # below the axes
    assert not bubble.is_visible() and not dot.is_visible()


def test_arrow_keys_walk_along_a_curve_and_to_the_next(notebook, lab):
    page = notebook.page
    reader = lab.root.get_by_role("slider", name="그림에서 값 읽기")
    reader.focus()
    cell = notebook.evaluate(f"{PANEL}.content.activeCellIndex")

    def read(key: str) -> tuple[int, str, float]:
        page.keyboard.press(key)
        return epoch_and_loss(reader.get_attribute("aria-valuetext"))

    known = curves(notebook)
    steps = {"End": (100, "train"), "ArrowLeft": (99, "train"), "ArrowDown": (99, "valid")}
    steps |= {"Home": (1, "valid"), "ArrowRight": (2, "valid"), "ArrowUp": (2, "train")}
    for key, (epoch, curve) in steps.items():
        loss = pytest.approx(known[curve][epoch - 1], rel=0.005)
        assert read(key) == (epoch, curve, loss)
    assert reader.evaluate("reader => reader === document.activeElement")
    assert notebook.evaluate(f"{PANEL}.content.activeCellIndex") == cell
    notebook.assert_healthy()
    lab.sliders()[0].key("ArrowLeft")  # another picture: what was read no longer holds
    lab.finished()
    assert not lab.root.locator(".lab-dot").is_visible()


def test_the_sweep_view_reads_settings_and_measures(notebook, lab):
    cornered.look(notebook, lab, "전체 보기")
    reader = lab.root.get_by_role("slider", name="그림에서 값 읽기")
    reader.focus()
    read = []
    for _ in range(7):
        read.append(reader.get_attribute("aria-valuetext"))
        notebook.page.keyboard.press("ArrowDown")
    assert [re.sub(r" [\d.]+", "", text) for text in read] == [
        *("α · Train", "α · Valid", "α · Best epoch", "Epoch · Train loss", "Epoch · Valid loss"),
        *("α · Norm of W", "α · Share of exact"),
    ]


# --- In front of a class


def test_presentation_mode_enlarges_text_and_picture(notebook, lab):
    def sizes() -> dict[str, float]:
        return lab.root.evaluate(
            """lab => ({
                text: parseFloat(getComputedStyle(lab.querySelector('.widget-label')).fontSize),
                sentence: parseFloat(getComputedStyle(lab.querySelector('.lab-summary')).fontSize),
                picture: lab.querySelector('img').clientWidth, lab: lab.clientWidth,
            })"""
        )

    before = sizes()
    assert before == {"text": 16, "sentence": 16, "picture": 900, "lab": 960}
    notebook.page.set_viewport_size({"width": 1920, "height": 1000})
    for command in ("application:toggle-presentation-mode", "application:toggle-mode"):
        notebook.command(command)
    try:
        lab.until(lambda: sizes()["text"] > 16)
        after = sizes()
        assert after["text"] == after["sentence"] > 19
        assert after["lab"] > 1300 and 0.95 < after["picture"] / after["lab"] <= 1
        lab.until(lambda: natural_width(lab) == 1800)  # sharp at that size
        lab.sliders()[0].drag(0.3)
        lab.finished()
        stop = int(notebook.kernel("knob.stops().index(lab.panel.values()['alpha'])")[0])
        lab.until(lambda: lab.pixel()[:2] == (stop, cornered.EPOCHS))
    finally:
        for command in ("application:toggle-presentation-mode", "application:toggle-mode"):
            notebook.command(command)
        notebook.page.set_viewport_size({"width": 1440, "height": 1000})
    lab.until(lambda: sizes() == before)


def natural_width(lab: LiveLab) -> int:
    return lab.root.locator("img").evaluate("image => image.naturalWidth")


def test_a_picture_at_rest_is_sharp_on_a_dense_screen(browser, server, tmp_path):
    dense = SimpleNamespace(new_page=lambda **more: browser.new_page(device_scale_factor=2, **more))
    notebook = Notebook(server, dense, toy.write(tmp_path, "dense.ipynb"))
    notebook.run_all()
    notebook.page.wait_for_selector(".lab-runs")
    [lab] = notebook.labs()
    lab.until(lambda: natural_width(lab) == 1200)
    notebook.kernel("run.__defaults__ = (250,)")
    lab.sliders()[0].drag(0.8)
    lab.until(lambda: "학습 중" in lab.status())
    assert natural_width(lab) == 600  # while it moves, it must be fast
    lab.finished()
    lab.until(lambda: natural_width(lab) == 1200)
    assert lab.pixel()[0] == 160
    assert lab.root.locator("img").evaluate("image => image.clientWidth") == 600
    notebook.assert_healthy()
    notebook.close()


# --- Where our script does not run


def without_extension(page: Page) -> None:
    page.route("**/extensions/anywidget/**", lambda route: route.abort())


def without_scripts_of_ours(page: Page) -> None:
    page.add_init_script(
        """window.addEventListener('DOMContentLoaded', () => {
            const meta = document.createElement('meta');
            meta.httpEquiv = 'Content-Security-Policy';
            meta.content = "script-src 'self' 'unsafe-inline' 'unsafe-eval'";
            document.head.append(meta);
        })"""
    )


def test_without_the_script_there_is_the_plain_picture(browser, server, tmp_path):
    def new_page(**options) -> Page:
        page = browser.new_page(**options)
        without_scripts_of_ours(page)
        return page

    path = toy.write(tmp_path, "plain.ipynb")
    notebook = Notebook(server, SimpleNamespace(new_page=new_page), path)
    notebook.run_all()
    notebook.page.wait_for_selector(".course-lab img")
    [lab] = notebook.labs()
    for share, value in ((0.8, 80), (0.2, 20)):
        lab.sliders()[0].drag(share)
        lab.finished()
        value = int(lab.sliders()[0].value())
        lab.until(lambda value=value: lab.pixel() == toy.finished_pixel(value))
        assert lab.summary() == f"값은 {value}입니다."
    assert lab.root.locator("img").locator("visible=true").count() == 1
    assert notebook.static_pictures().count() == 0
    assert (
        not notebook.page.locator(".jupyter-widgets-error-widget").locator("visible=true").count()
    )
    assert notebook.kernel("lab.panel.plain in lab.panel.pictures")[0] == "True"
    assert not notebook.failures()
    notebook.close()


def test_one_picture_where_jupyterlabs_class_names_are_unknown(notebook, lab):
    notebook.evaluate(
        """() => {
            window.stripping = new MutationObserver(() => {
                for (const child of document.querySelectorAll('.jp-OutputArea-child'))
                    child.classList.remove('jp-OutputArea-child');
            });
            window.stripping.observe(document.body, {subtree: true, childList: true});
        }"""
    )
    notebook.run_all()
    notebook.page.wait_for_selector(".lab-runs")
    lab.until(lambda: notebook.static_pictures().count() == 0)
    assert notebook.page.locator(".jp-RenderedImage img").count() == 1
    assert notebook.page.locator(".ask").is_visible()  # the output of the next cell
    notebook.evaluate("() => window.stripping.disconnect()")


# --- Markup

EVIL = "<img src=x onerror=window.ran=1>"
EVIL_LAB = f"""
from helpers.exercises import Prediction, Question, Quiz
from helpers.lab import Choice, Lab, RunTableLab, Slider
from helpers.lab.run_table import RunTable
evil = {EVIL!r}

def run(value, kind, many):
    if value > 60:
        raise ValueError("값이 너무 큽니다: " + evil)
    if value < 40:
        raise TypeError(evil)
    return value

knobs = {{
    "value": Slider(evil, 0, 100, 1, 50),
    "kind": Choice(evil, [evil, "b"]),
    "many": Choice(evil, [evil, *"bcdef"]),
}}
lab = Lab(evil, run, lambda ax, result: None, lambda result: evil, knobs)
lab.show()
table = RunTable()
from types import SimpleNamespace
import helpers.lab.run_table as run_table
run_table.cells = lambda history: (evil,) * 5
table.add(evil, SimpleNamespace(kept_valid=1.0))
display(table.view)
ask = Prediction("evil", evil, [evil, "b"], lambda: (0, evil))
ask.show()
ask.compare()
ask.radio.index = 0
quiz = Quiz("evil", [Question(evil, {{evil: evil, "b": "b"}}, right=0)])
quiz.show()
quiz.radios[0].index = 0
"""


@pytest.mark.parametrize("script", [True, False], ids=["live", "plain"])
def test_names_errors_and_questions_are_text(browser, server, tmp_path, script):
    def new_page(**options) -> Page:
        page = browser.new_page(**options)
        if not script:
            without_extension(page)
        return page

    path = write_notebook(tmp_path / f"evil-{script}.ipynb", EVIL_LAB)
    notebook = Notebook(server, SimpleNamespace(new_page=new_page), path)
    notebook.run_all()
    page = notebook.page
    page.wait_for_selector(".lab-runs" if script else ".course-lab img")
    [lab] = notebook.labs()
    if not script:
        assert notebook.kernel("lab.panel.plain in lab.panel.pictures")[0] == "True"
    for share, text in ((0.9, "값이 너무 큽니다: "), (0.1, "TypeError: ")):
        lab.sliders()[0].drag(share)
        page.wait_for_selector(f".lab-note.error:has-text('{text}')")
        lab.until(lambda: EVIL in lab.note())
    lab.press("처음 값으로")
    lab.until(lambda: f"{EVIL} = {EVIL}" in lab.status())
    assert lab.summary() == EVIL
    for place in (".widget-label", ".course-runs", ".ask-head", ".ask-right", ".widget-radio-box"):
        assert EVIL in page.locator(place).filter(visible=True).first.text_content()
    assert page.locator("img[src=x]").count() == 0 and page.evaluate("window.ran") is None
    assert not notebook.failures()
    notebook.close()
