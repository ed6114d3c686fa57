"""Predictions are kept and compared, the quiz answers with its reasons, exercises name mistakes."""

import json

import pytest

from tests.site.pages import LESSONS, opened

# A browser that keeps nothing: asking for the storage raises, as with cookies forbidden.
FORBIDDEN = """Object.defineProperty(window, 'localStorage', {
    get() { throw new DOMException('forbidden', 'SecurityError') } })"""


def recording(root) -> dict:
    return json.loads(root.locator('> script[type="application/json"]').text_content())


def choose(root, option: int) -> None:
    root.get_by_role("radio").nth(option).check()


def words(html: str) -> str:
    """A recorded line without its tags."""
    return html.split(">", 1)[1].rsplit("<", 1)[0]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_prediction_is_noted_and_compared_with_the_measurement(browser, site, path):
    with opened(browser, site / f"{path.stem}.html") as page:
        page.unfold()
        predictions = page.page.locator("[data-prediction]").all()
        assert predictions
        for root in predictions:
            recorded = recording(root)
            name, note = recorded["name"], root.locator(".answer")
            compared = page.page.locator(f'[data-comparison="{name}"]')
            lines = recording(compared)["lines"]
            assert note.inner_html() == recorded["notes"][0]
            assert compared.locator(".answer").inner_html() == lines[-1]
            for option in range(len(recorded["options"])):
                choose(root, option)
                assert note.inner_html() == recorded["notes"][1]
                assert compared.locator(".answer").inner_html() == lines[option]
            assert sum("ask-right" in line for line in lines) == 1
        page.assert_quiet()


def test_a_prediction_is_still_there_after_a_reload(browser, site):
    with opened(browser, site / f"{LESSONS[0].stem}.html") as page:
        root = page.page.locator("[data-prediction]").first
        choose(root, 1)
        page.page.reload()
        assert root.get_by_role("radio").nth(1).is_checked()
        assert "적어 두었습니다" in root.locator(".answer").inner_text()


def test_where_a_browser_keeps_nothing_a_prediction_lasts_as_long_as_the_page(browser, site):
    with opened(browser, site / f"{LESSONS[0].stem}.html") as page:
        page.page.add_init_script(FORBIDDEN)
        page.page.reload()
        root = page.page.locator("[data-prediction]").first
        choose(root, 1)
        assert "적어 두었습니다" in root.locator(".answer").inner_text()
        page.page.reload()
        assert not root.get_by_role("radio").nth(1).is_checked()
        page.assert_quiet()


def test_the_quiz_tells_the_reason_of_every_option_and_counts(browser, site):
    with opened(browser, site / "10-8_summary.html") as page:
        page.unfold()
        quiz = page.page.locator("[data-quiz]")
        recorded, score = recording(quiz), quiz.locator(".score")
        fieldsets = quiz.locator("fieldset").all()
        total = len(recorded["questions"])
        assert len(fieldsets) == total == 10
        assert score.inner_html() == recorded["scores"][f"{total},0"]
        for number, (root, question) in enumerate(
            zip(fieldsets, recorded["questions"], strict=True), start=1
        ):
            wrong = [o for o in range(len(question["options"])) if o != question["right"]]
            for option in [*wrong, question["right"]]:
                choose(root, option)
                assert root.locator(".answer").inner_html() == question["whys"][option]
                right = number if option == question["right"] else number - 1
                assert score.inner_html() == recorded["scores"][f"{total - number},{right}"]
        assert f"{total}문제 중 {total}문제" in score.inner_text()

        page.page.reload()
        assert f"{total}문제 중 {total}문제" in score.inner_text()
        quiz.get_by_role("button", name="처음부터 다시").click()
        assert score.inner_html() == recorded["scores"][f"{total},0"]
        assert not quiz.locator(":checked").count()
        page.assert_quiet()


def test_a_reason_is_announced(browser, site):
    with opened(browser, site / "10-8_summary.html") as page:
        quiz = page.page.locator("[data-quiz]")
        choose(quiz.locator("fieldset").first, 0)
        why = quiz.locator("fieldset").first.locator(".answer").inner_text()
        assert page.page.locator(".announcer").inner_text() == why


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_exercises_show_their_stub_and_fold_their_mistakes(browser, site, path):
    with opened(browser, site / f"{path.stem}.html") as page:
        folds = page.page.locator("details.mistakes")
        assert folds.count() >= 1
        for fold in folds.all():
            assert fold.get_attribute("open") is None
            stub = fold.locator("xpath=preceding-sibling::div[contains(@class,'code')][1]")
            assert "..." in stub.text_content()
            fold.evaluate("fold => { fold.open = true }")
            assert len(fold.locator("li").all_inner_texts()) >= 1
            assert "`" not in fold.inner_text()
        assert "⏳" not in page.page.locator("main").inner_text()
