"""Predictions and quizzes follow the learner and the kernel, on the page and as text."""

from xml.etree.ElementTree import fromstring

import ipywidgets
import pytest
import torch

from helpers.exercises import Prediction, Question, Quiz, questions
from tests.widgets import widgets

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """Bundles that were displayed, with no form left over from another test."""
    bundles = []
    monkeypatch.setattr(questions, "forms", {})
    monkeypatch.setattr(questions, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def boxes(shown):
    """The displayed views that are still on the page."""
    ids = [bundle[VIEW]["model_id"] for bundle in shown if VIEW in bundle]
    return [widgets[i] for i in ids if i in widgets]


def lines(shown):
    """The lines of HTML that are still on the page."""
    return [w for box in boxes(shown) for w in box.children if isinstance(w, ipywidgets.HTML)]


# --- Prediction


def as_told(answer, measured):
    """A judge that is told the answer."""
    return answer, measured


def ask(name="q"):
    return Prediction(name, "α를 키우면?", ["오른다", "내린다", "그대로다"], as_told)


def test_prediction_shows_a_view_and_its_text(shown):
    assert ask().show() is None
    view, text = shown
    assert VIEW in view and view["text/plain"] == ""
    assert text["text/plain"] == "[예측] α를 키우면?\n  ○ 오른다\n  ○ 내린다\n  ○ 그대로다"


def test_each_line_is_an_element_of_its_kind(shown):
    guess = Prediction("q", "0 < α & p?", ["오른다", "내린다"], as_told)
    guess.show()
    assert any("하나를 골라 보세요" in w.value for w in lines(shown))
    guess.radio.index = 1
    guess.compare(1, "맞습니다.")
    head, note, comparison = (fromstring(w.value) for w in lines(shown) if "<div" in w.value)
    assert head.text == "예측 · 0 < α & p?" and "적어 두었습니다" in note.text
    kinds = [element.get("class") for element in (head, note, comparison)]
    assert kinds == ["ask-line ask-head", "ask-line ask-noted", "ask-line ask-right"]
    assert all("ask" in box._dom_classes for box in boxes(shown))  # which questions.css names


def test_compare_without_a_choice_is_neutral(shown):
    assert ask().compare(1, "0.3으로 내렸습니다.") is None
    line = "아직 예측을 고르지 않으셨습니다. 측정 결과: 0.3으로 내렸습니다."
    assert shown[1]["text/plain"] == line


def test_compare_line_follows_a_later_choice(shown):
    guess = ask()
    guess.compare(torch.tensor(1), "0.3으로 내렸습니다.")
    (line,) = [w for w in lines(shown) if "아직" in w.value]
    guess.radio.index = 0
    assert "예측은 ‘오른다’, 실제는 ‘내린다’" in line.value
    guess.radio.index = 1
    assert "예측이 맞았습니다: ‘내린다’" in line.value and "0.3으로" in line.value


def test_compare_again_replaces_the_line(shown):
    guess = ask()
    guess.show()
    guess.compare(0, "하나.")
    alive = len(widgets)
    for _ in range(5):
        guess.show()
        guess.compare(0, "둘.")
    assert len(widgets) == alive
    guess.radio.index = 0
    assert sum("둘." in w.value for w in lines(shown)) == 1


def test_rerun_goes_on_with_the_same_question(shown):
    old = ask()
    old.show()
    old.compare(1, "내렸습니다.")
    old.radio.index = 2
    question, comparison = boxes(shown)
    new = ask()
    new.show()
    assert new.choice == 2 and question.comm is None  # the older view is gone, the choice is not
    new.radio.index = 1
    assert "예측이 맞았습니다" in comparison.children[1].value  # a cell that did not run again
    assert comparison in boxes(shown)


def test_another_question_of_that_name_retires_the_older_one(shown):
    old = ask()
    old.show()
    old.radio.index = 2
    new = Prediction("q", "β를 키우면?", ["오른다", "내린다", "그대로다"], as_told)
    assert new.choice is None and old.radio.comm is None and not lines(shown)


def test_reruns_leave_no_widgets_behind():
    guess = ask()
    guess.show()
    guess.compare(0, "하나.")
    alive = len(widgets)
    for _ in range(5):
        guess = ask()
        guess.show()
        guess.compare(0, "하나.")
    assert len(widgets) == alive


@pytest.mark.parametrize("index", [-1, 3])
def test_compare_refuses_an_option_that_is_not_there(index):
    with pytest.raises(ValueError, match="보기는 3개"):
        ask().compare(index, "…")


@pytest.mark.parametrize("options", [[], ["하나"], ["같다", "같다"]])
def test_prediction_needs_different_options(options):
    with pytest.raises(ValueError, match="둘 이상"):
        Prediction("q", "?", options, as_told)


def test_texts_are_escaped(shown):
    Prediction("q", "w < 0 & b?", ["<b>", "w"], as_told).show()
    assert "w &lt; 0 &amp; b?" in shown[1]["text/html"] and "<b>" not in shown[1]["text/html"]


# --- Quiz


def quiz():
    first = Question("하나?", {"a": "a라서 맞습니다.", "b": "b는 아닙니다."}, right=0)
    second = Question("둘?", {"c": "c는 아닙니다.", "d": "d라서 맞습니다."}, right=1)
    return Quiz("quiz", [first, second])


def test_quiz_explains_every_choice_and_counts(shown):
    q = quiz()
    q.show()
    assert q.score == 0 and any("2문제가 남았습니다" in w.value for w in lines(shown))
    heads = [w.value for w in lines(shown) if 'class="ask-line ask-head' in w.value]
    assert [text.partition(">")[2][:2] for text in heads][:2] == ["1.", "2."]
    q.radios[0].index = 1
    assert any("💡 b는 아닙니다." in w.value for w in lines(shown)) and q.score == 0
    q.radios[0].index = 0
    assert any("✅ a라서 맞습니다." in w.value for w in lines(shown)) and q.score == 1
    q.radios[1].index = 1
    assert any("2문제 중 2문제를 맞혔습니다. 모두 답" in w.value for w in lines(shown))


def test_quiz_text_hides_the_answers(shown):
    quiz().show()
    text = shown[1]["text/plain"]
    assert text.startswith("[1번] 하나?\n  ○ a\n  ○ b\n\n[2번] 둘?") and "아닙니다" not in text
    assert text.endswith(questions.RUN_ME)


def test_question_needs_a_right_option_and_every_reason():
    with pytest.raises(ValueError, match="2번 보기"):
        Question("?", {"a": "왜", "b": "왜"}, right=2)
    with pytest.raises(ValueError, match="설명"):
        Question("?", {"a": "왜", "b": ""}, right=0)


def test_error_while_rewriting_is_shown_and_raised(shown):
    class Broken(str):
        def __format__(self, spec):
            raise RuntimeError("고장")

    broken = Quiz("broken", [Question("?", {"a": "왜", "b": Broken("왜")}, right=0)])
    broken.show()
    with pytest.raises(RuntimeError):
        broken.radios[0].index = 1
    assert any("고장" in w.value for w in lines(shown))


def test_a_judge_turns_measurements_into_an_option_and_a_sentence(shown):
    def rises(losses):
        return (
            (0, f"{losses[-1]}로 끝났습니다.") if losses[-1] > losses[0] else (1, "내려갔습니다.")
        )

    prediction = Prediction("judge", "오를까요?", ["오릅니다", "내려갑니다"], rises)
    prediction.radio.index = 0
    prediction.compare([1, 2])
    assert shown[-1]["text/plain"] == "예측이 맞았습니다: ‘오릅니다’. 측정 결과: 2로 끝났습니다."
