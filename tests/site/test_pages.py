"""The pages around their labs: for every width, eye, finger and keyboard, and without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.pages import LESSONS, WIDTHS, opened

NAMES = ["index", *(path.stem for path in LESSONS)]
# The pages share one style sheet: by day on a laptop, by night on a phone, in turn; the first both.
DAY, NIGHT = ("light", 1440), ("dark", 360)
LOOKS = [("index", *NIGHT), *((name, *(DAY, NIGHT)[i % 2]) for i, name in enumerate(NAMES))]
SMALLEST = 44  # pixels, for a finger
# What a finger is to hit, but for links within a sentence; → [what, width, height] if too small.
TOO_SMALL = """smallest => [...document.querySelectorAll(`button, summary, input[type=range],
        label:has(input), .toc a, .top a, .turn a, .lessons a`)]
    .filter(one => one.checkVisibility())
    .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([_, box]) => box.height < smallest - 0.5 || box.width < smallest - 0.5)
    .map(([what, box]) => [what, box.width, box.height])"""


@pytest.mark.parametrize("name, scheme, width", LOOKS)
def test_axe_finds_nothing_serious(browser, site, name, scheme, width):
    with opened(browser, site / f"{name}.html", width, color_scheme=scheme) as page:
        page.unfold()
        found = Axe().run(page.page, options={"resultTypes": ["violations"]}).response
        serious = [
            (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"]][:3])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert not serious, serious


@pytest.mark.parametrize("width", WIDTHS)  # the lessons: in test_labs, with their labs moved
def test_the_index_is_not_wider_than_the_window(browser, site, width):
    with opened(browser, site / "index.html", width) as page:
        page.assert_fits()
        page.assert_quiet()


@pytest.mark.parametrize("name", NAMES)
def test_a_finger_hits_every_control(browser, site, name):
    with opened(browser, site / f"{name}.html", 360, has_touch=True, is_mobile=True) as page:
        page.unfold()
        assert page.page.evaluate(TOO_SMALL, SMALLEST) == []


@pytest.mark.parametrize("name", NAMES)
def test_without_scripts_the_text_and_the_first_pictures_can_be_read(browser, site, name):
    with opened(browser, site / f"{name}.html", 360, java_script_enabled=False) as page:
        main = page.page.locator("main")
        assert main.locator("h1").is_visible() and len(main.inner_text()) > 300
        for picture in page.page.locator("main > .lab .picture svg").all():
            assert picture.is_visible() and picture.locator("path").count() > 5
        for control in page.page.locator("main .needs-script").all():
            assert not control.is_visible()


def test_the_index_leads_to_every_lesson_and_each_to_its_neighbours(browser, site):
    with opened(browser, site / "index.html") as page:
        links = page.page.locator(".lessons a")
        assert links.count() == len(LESSONS)
        for link, path in zip(links.all(), LESSONS, strict=True):
            assert link.get_attribute("href") == f"{path.stem}.html"
            assert "?" in link.inner_text() and "약" in link.inner_text()
        links.first.click()
        for path in LESSONS[1:]:
            page.page.locator('[rel="next"]').click()
            assert page.page.url.endswith(f"/{path.stem}.html")
        assert not page.page.locator('[rel="next"]').count()
        page.page.locator('[rel="prev"]').click()
        assert page.page.url.endswith(f"/{LESSONS[-2].stem}.html")
        page.assert_quiet()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(browser, site, path):
    with opened(browser, site / f"{path.stem}.html") as page:
        for link in page.page.locator("a").all():
            href = str(link.get_attribute("href"))
            file, _, anchor = href.partition("#")
            assert not file or (site / file).is_file(), href
            if anchor and not file:
                assert page.page.locator(f'[id="{anchor}"]').count() == 1, href


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_markdown_and_no_formula_is_left_raw(browser, site, path):
    with opened(browser, site / f"{path.stem}.html") as page:
        page.unfold()
        prose = page.page.locator("main :is(p, li, td, h2, h3, legend):not(.runs *)")
        raw = [text for text in prose.all_inner_texts() if "**" in text or "$" in text]
        assert not raw


def test_a_link_into_a_folded_section_opens_it(browser, site):
    with opened(browser, site / "10-3_l1_l2.html") as page:
        inside = page.page.locator("details.deeper h3").first
        assert not inside.is_visible()
        page.page.evaluate("id => { location.hash = id }", inside.get_attribute("id"))
        inside.wait_for(state="visible")


def test_the_keyboard_alone_reaches_and_moves_everything(browser, site):
    with opened(browser, site / "10-3_l1_l2.html") as page:
        press, focused = page.page.keyboard.press, page.page.locator(":focus")
        press("Tab")
        assert focused.inner_text() == "본문으로 건너뛰기"
        press("Enter")
        lab = page.labs()[0]
        met: list[str] = []
        while not met or (met[-1] != "button" and len(met) < 9):
            press("Tab")
            kind = focused.evaluate("e => e.closest('[data-lab]') ? e.type ?? e.className : ''")
            met += [kind] * bool(kind)
        assert met == ["radio", "radio", "range", "pointer", "button"]
        assert lab.stand() != [0, 0]
        press("Enter")
        assert lab.stand() == [0, 0]


def test_the_sentence_is_announced_once_the_hand_rests(browser, site):
    with opened(browser, site / "10-3_l1_l2.html") as page:
        lab = page.labs()[0]
        announcer = page.page.locator(".announcer")
        page.page.evaluate(
            """() => { window.said = []; new MutationObserver(() =>
                window.said.push(document.querySelector('.announcer').textContent)
            ).observe(document.querySelector('.announcer'), {childList: true}) }"""
        )
        slider = lab.root.locator("input[type=range]")
        slider.focus()
        for _ in range(8):
            page.page.keyboard.press("ArrowLeft")
            assert slider.get_attribute("aria-valuetext") == lab.values()[0]
        page.page.wait_for_function("window.said.length > 0")
        assert page.page.evaluate("window.said") == [lab.sentence()]
        assert announcer.get_attribute("aria-live") == "polite"


def test_print_shows_everything_open_and_the_pictures_wide(browser, site):
    with opened(browser, site / "10-3_l1_l2.html", 360) as page:
        lab = page.labs()[0]
        assert lab.size() == "narrow"
        page.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert not page.page.locator("main details:not([open])").count()
        assert lab.size() == "wide"
        page.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not page.page.locator("main details[open]").count()
        assert lab.size() == "narrow"
        page.page.emulate_media(media="print")
        assert not lab.root.locator("input[type=range]").is_visible()
        assert lab.picture.is_visible() and lab.root.locator(".say").is_visible()
