"""Predictions and quizzes follow the learner and the kernel, on the page and as text."""

from pathlib import Path
from xml.etree.ElementTree import fromstring

import ipywidgets
import pytest
import torch

from helpers.exercises import Prediction, Question, Quiz, questions
from tests.says import says
from tests.widgets import widgets

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """Bundles that were displayed, with no form left over from another test."""
    bundles = []

    def display(bundle, *, raw):
        assert raw  # the text is there as it is, not as its repr
        bundles.append(bundle)

    monkeypatch.setattr(questions, "forms", {})
    monkeypatch.setattr(questions, "display", display)
    return bundles


def boxes(shown):
    """The displayed views that are still on the page."""
    ids = [bundle[VIEW]["model_id"] for bundle in shown if VIEW in bundle]
    return [widgets[i] for i in ids if i in widgets]


def lines(shown):
    """The lines of HTML that are still on the page."""
    return [w for box in boxes(shown) for w in box.children if isinstance(w, ipywidgets.HTML)]


def said(shown):
    """What the lines on the page say, but for the empty ones: the classes of each and its text."""
    texts = [w.value for box in boxes(shown) for w in box.children[1:] if w in lines(shown)]
    elements = [fromstring(text) for text in texts if text]
    return [(element.get("class"), element.text) for element in elements]


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


def test_what_a_prediction_says_to_the_letter(shown):
    guess = ask()
    guess.show()
    guess.compare(1, "0.3으로 내렸습니다.")
    head = ("ask-line ask-head", "예측 · α를 키우면?")
    hint = ("ask-line ask-hint", "실험을 보기 전에 하나를 골라 보세요. 틀려도 괜찮습니다.")
    neutral = "아직 예측을 고르지 않으셨습니다. 측정 결과: 0.3으로 내렸습니다."
    assert said(shown) == [head, hint, ("ask-line", neutral)]
    noted = ("ask-line ask-noted", "예측을 적어 두었습니다. 이제 실험으로 확인해 봅시다.")
    for choice, kind, told in [
        (0, "ask-wrong", "예측은 ‘오른다’, 실제는 ‘내린다’. 측정 결과: 0.3으로 내렸습니다."),
        (1, "ask-right", "예측이 맞았습니다: ‘내린다’. 측정 결과: 0.3으로 내렸습니다."),
    ]:
        guess.radio.index = choice
        assert said(shown) == [head, noted, (f"ask-line {kind}", told)]


def test_a_view_brings_its_style_along(shown):
    ask().show()
    [box] = boxes(shown)
    css = Path(questions.__file__).with_name("questions.css").read_text(encoding="utf-8")
    assert box.children[0].value == f"<style>\n{css}</style>"


def test_the_choices_stand_below_their_question(shown):
    guess, q = ask(), quiz()
    guess.show()
    q.show()
    asked, several = (box.children for box in boxes(shown))
    assert asked[2] is guess.radio and "α를 키우면?" in asked[1].value
    assert [*several[2::3]] == q.radios
    assert "하나?" in several[1].value and "둘?" in several[4].value


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
    with says(f"보기는 3개입니다. {index}번 보기는 없습니다."):
        ask().compare(index, "…")


@pytest.mark.parametrize("options", [[], ["하나"], ["같다", "같다"]])
def test_prediction_needs_different_options(options):
    with says("예측에는 서로 다른 보기가 둘 이상 있어야 합니다."):
        Prediction("q", "?", options, as_told)


def test_texts_are_escaped(shown):
    Prediction("q", "w < 0 & b?", ["<b>", "w"], as_told).show()
    assert shown[1]["text/html"] == "[예측] w &lt; 0 &amp; b?<br>  ○ &lt;b&gt;<br>  ○ w"


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


def test_what_a_quiz_says_to_the_letter(shown):
    q = quiz()
    q.show()
    first, second = (
        ("ask-line ask-head ask-next", "1. 하나?"),
        ("ask-line ask-head ask-next", "2. 둘?"),
    )
    score = "ask-line ask-head"
    told = "2문제 중 0문제를 맞혔습니다. 2문제가 남았습니다."
    assert said(shown) == [first, second, (score, told)]
    q.radios[0].index = 1
    why = ("ask-line ask-wrong", "💡 b는 아닙니다.")
    told = "2문제 중 0문제를 맞혔습니다. 1문제가 남았습니다."
    assert said(shown) == [first, why, second, (score, told)]
    q.radios[1].index = 1
    right = ("ask-line ask-right", "✅ d라서 맞습니다.")
    told = "2문제 중 1문제를 맞혔습니다. 모두 답하셨습니다."
    assert said(shown) == [first, why, second, right, (score, told)]


def test_quiz_text_hides_the_answers(shown):
    quiz().show()
    run = "노트북을 실행하면, 보기를 고르는 즉시 왜 맞고 틀리는지 볼 수 있습니다."
    asked = "[1번] 하나?\n  ○ a\n  ○ b\n\n[2번] 둘?\n  ○ c\n  ○ d"
    assert shown[1]["text/plain"] == f"{asked}\n\n{run}"


def test_question_needs_a_right_option_and_every_reason():
    for right in (-1, 2):
        with says(f"‘무엇?’: {right}번 보기는 없습니다."):
            Question("무엇?", {"a": "왜", "b": "왜"}, right)
    for options in ({"a": "왜", "b": ""}, {"a": "왜", "": "왜"}):
        with says("‘무엇?’: 모든 보기에 설명이 있어야 합니다."):
            Question("무엇?", options, right=0)


def test_error_while_rewriting_is_shown_and_raised(shown):
    class Broken(str):
        def __format__(self, spec):
            raise RuntimeError("고장")

    broken = Quiz("broken", [Question("?", {"a": "왜", "b": Broken("왜")}, right=0)])
    broken.show()
    with pytest.raises(RuntimeError):
        broken.radios[0].index = 1
    told = "이 줄을 새로 쓰지 못했습니다: RuntimeError('고장')"
    assert ("ask-line ask-wrong", told) in said(shown)


def test_a_judge_turns_measurements_into_an_option_and_a_sentence(shown):
    def rises(losses):
        return (
            (0, f"{losses[-1]}로 끝났습니다.") if losses[-1] > losses[0] else (1, "내려갔습니다.")
        )

    prediction = Prediction("judge", "오를까요?", ["오릅니다", "내려갑니다"], rises)
    prediction.radio.index = 0
    prediction.compare([1, 2])
    assert shown[-1]["text/plain"] == "예측이 맞았습니다: ‘오릅니다’. 측정 결과: 2로 끝났습니다."
