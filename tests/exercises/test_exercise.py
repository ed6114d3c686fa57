"""Exercises judge without raising; predictions and quizzes follow the learner and the kernel."""

import sys

import pytest
import torch
from ipywidgets.widgets.widget import _instances

from helpers.exercises import questions
from helpers.exercises.exercise import (
    NOT_A_FUNCTION,
    NOT_YET,
    NOTHING_RETURNED,
    Exercise,
    Prediction,
    Question,
    Quiz,
    agrees,
    close,
    equals,
)

NAN = float("nan")


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """Bundles that were displayed, with no question left over from another test."""
    bundles = []
    monkeypatch.setattr(questions, "_latest", {})
    monkeypatch.setattr(questions, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def double(right=lambda x: 2 * x, mistakes=((lambda x: x * x, "제곱했습니다."),)):
    return Exercise.function(
        "double", [(3.0,), (torch.tensor([1.0, -4.0]),)], right, mistakes, praise="맞습니다."
    )


# --- Exercise


def test_verdicts_in_order_right_mistake_nudge(capsys):
    exercise = double()
    assert exercise(lambda x: x + x) is None
    exercise(lambda x: x**2)
    exercise(lambda x: x + 1)
    exercise(lambda x: ...)
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["✅ 맞습니다.", "💡 제곱했습니다.", f"💡 {exercise.nudge}", NOT_YET]


@pytest.mark.parametrize(
    "stub", [None, ..., lambda x: ..., lambda x: x * ..., lambda x: (x, ...), [1, ...], {"a": ...}]
)
def test_placeholder_is_not_a_mistake(stub):
    assert double().judge(stub) == NOT_YET


def test_exception_is_told_with_type_and_message():
    verdict = double().judge(lambda x: x.no_such)
    assert "AttributeError" in verdict and "no_such" in verdict
    assert "\n" not in double().judge(lambda x: exec("raise ValueError('a\\nb')"))
    assert "SystemExit" in double().judge(lambda x: exit())


def test_broken_message_of_an_exception_costs_nothing():
    class Nasty(Exception):
        def __str__(self):
            raise RuntimeError

    def answer(x):
        raise Nasty

    assert "Nasty" in double().judge(answer)


def test_interrupt_by_the_learner_is_not_swallowed():
    def answer(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        double().judge(answer)


def test_missing_return_and_called_function_have_their_own_sentence():
    assert double().judge(lambda x: None) == NOTHING_RETURNED
    assert double().judge(6.0) == f"💡 {NOT_A_FUNCTION}"


def test_prints_of_the_answer_are_kept_out(capfd):
    def answer(x):
        print("디버그")
        print("경고", file=sys.stderr)
        return 2 * x

    double()(answer)
    out, err = capfd.readouterr()
    assert out == "✅ 맞습니다.\n" and err == ""


def test_answer_in_place_cannot_spoil_the_cases():
    def answer(x):
        x *= 2
        return x

    case = torch.ones(2)
    exercise = Exercise.function("double", [(case,)], lambda x: 2 * x, [], praise="맞습니다.")
    exercise.judge(answer)
    assert case.equal(torch.ones(2))


def test_predicate_that_raises_does_not_match():
    broken = (lambda answer: answer.no_such, "닿지 않습니다.")
    exercise = Exercise("value", equals(3), [broken, (equals(4), "넷입니다.")], praise="맞습니다.")
    assert exercise.judge(4) == "💡 넷입니다."
    assert exercise.judge(5) == f"💡 {exercise.nudge}"


def test_two_mistakes_may_not_share_a_hint():
    with pytest.raises(ValueError, match="같은 힌트"):
        Exercise("value", equals(3), [(equals(4), "힌트."), (equals(5), "힌트.")], praise="")


@pytest.mark.parametrize(
    ("answer", "expected", "same"),
    [
        (1, 1.0, True),
        (torch.tensor([[0.5]], requires_grad=True), 0.5, True),
        (torch.tensor([0.1, 0.2]), torch.tensor([0.1, 0.2], dtype=torch.float64), True),
        ([0.1, 0.2], torch.tensor([0.1, 0.2]), True),
        ((1, torch.tensor(2.0)), [1, 2], True),
        ({"a": 1}, {"a": 1.0}, True),
        (" 과적합", "과적합", True),
        (1.001, 1.0, False),
        (NAN, 1.0, False),
        (NAN, NAN, False),
        (torch.ones(2, 3), torch.ones(3, 2), False),
        (torch.ones(3), torch.ones(2), False),
        ([1, 2, 3], [1, 2], False),
        ({"a": 1}, {"b": 1}, False),
        ("1", 1, False),
        (None, 0, False),
        (object(), 0, False),
        ([[1], [2, 3]], torch.ones(2), False),
    ],
)
def test_close(answer, expected, same):
    assert close(answer, expected) is same


def test_agrees_needs_every_case():
    assert not agrees(abs, [(1,), (-1,)])(lambda x: x)
    assert agrees(abs, [(1,), (-1,)])(lambda x: (x * x) ** 0.5)


# --- Prediction


def ask(name="q"):
    return Prediction(name, "α를 키우면?", ["오른다", "내린다", "그대로다"])


def lines(asked):
    """The lines of HTML now on the page."""
    return [html for view in asked._lines.values() for html in view]


def test_prediction_shows_a_view_and_its_text(shown):
    assert ask().show() is None
    view, text = shown
    assert "application/vnd.jupyter.widget-view+json" in view and view["text/plain"] == ""
    assert text["text/plain"] == "[예측] α를 키우면?\n  ○ 오른다\n  ○ 내린다\n  ○ 그대로다"


def test_compare_without_a_choice_is_neutral(shown):
    assert ask().compare(1, "0.3으로 내렸습니다.") is None
    line = "아직 예측을 고르지 않으셨습니다. 측정 결과: 0.3으로 내렸습니다."
    assert shown[1]["text/plain"] == line


def test_compare_line_follows_a_later_choice():
    guess = ask()
    guess.compare(torch.tensor(1), "0.3으로 내렸습니다.")
    (line,) = [w for w in lines(guess) if "아직" in w.value]
    guess.radios[0].index = 0
    assert "예측은 ‘오른다’, 실제는 ‘내린다’" in line.value
    guess.radios[0].index = 1
    assert "예측이 맞았습니다: ‘내린다’" in line.value and "0.3으로" in line.value


def test_compare_again_replaces_the_line():
    guess = ask()
    guess.show()
    guess.compare(0, "하나.")
    alive = len(_instances)
    for _ in range(5):
        guess.show()
        guess.compare(0, "둘.")
    assert len(_instances) == alive
    guess.radios[0].index = 0
    assert sum("둘." in w.value for w in lines(guess)) == 1


def test_rerun_goes_on_with_the_same_question():
    old = ask()
    old.show()
    old.compare(1, "내렸습니다.")
    old.radios[0].index = 2
    box = old._boxes["question"]
    new = ask()
    new.show()
    assert new.choice == 2 and box.comm is None  # the older view is gone, the choice is not
    new.radios[0].index = 1
    assert any("예측이 맞았습니다" in w.value for w in lines(old))  # a cell that did not run again


def test_another_question_of_that_name_retires_the_older_one():
    old = ask()
    old.show()
    old.radios[0].index = 2
    new = Prediction("q", "β를 키우면?", ["오른다", "내린다", "그대로다"])
    assert new.choice is None and old.radios[0].comm is None and not lines(old)


def test_reruns_leave_no_widgets_behind():
    guess = ask()
    guess.show()
    guess.compare(0, "하나.")
    alive = len(_instances)
    for _ in range(5):
        guess = ask()
        guess.show()
        guess.compare(0, "하나.")
    assert len(_instances) == alive


@pytest.mark.parametrize("index", [-1, 3])
def test_compare_refuses_an_option_that_is_not_there(index):
    with pytest.raises(ValueError, match="보기는 3개"):
        ask().compare(index, "…")


@pytest.mark.parametrize("options", [[], ["하나"], ["같다", "같다"]])
def test_prediction_needs_different_options(options):
    with pytest.raises(ValueError, match="둘 이상"):
        Prediction("q", "?", options)


def test_texts_are_escaped(shown):
    Prediction("q", "w < 0 & b?", ["<b>", "w"]).show()
    assert "w &lt; 0 &amp; b?" in shown[1]["text/html"] and "<b>" not in shown[1]["text/html"]


def test_error_while_rewriting_is_shown_and_raised():
    def text():
        if guess.choice is not None:
            raise RuntimeError("고장")
        return ""

    guess = ask()
    guess._display("view", [text], "")
    with pytest.raises(RuntimeError):
        guess.radios[0].index = 0
    assert any("고장" in w.value for w in lines(guess))


# --- Quiz


def quiz():
    first = Question("하나?", [("a", "a라서 맞습니다."), ("b", "b는 아닙니다.")], right=0)
    second = Question("둘?", [("c", "c는 아닙니다."), ("d", "d라서 맞습니다.")], right=1)
    return Quiz("quiz", [first, second])


def test_quiz_explains_every_choice_and_counts():
    q = quiz()
    q.show()
    assert q.score == 0 and any("2문제가 남았습니다" in w.value for w in lines(q))
    q.radios[0].index = 1
    assert any("💡 b는 아닙니다." in w.value for w in lines(q)) and q.score == 0
    q.radios[0].index = 0
    assert any("✅ a라서 맞습니다." in w.value for w in lines(q)) and q.score == 1
    q.radios[1].index = 1
    assert any("2문제 중 2문제를 맞혔습니다. 모두 답" in w.value for w in lines(q))


def test_quiz_text_hides_the_answers(shown):
    quiz().show()
    text = shown[1]["text/plain"]
    assert text.startswith("[1번] 하나?\n  ○ a\n  ○ b\n\n[2번] 둘?") and "아닙니다" not in text
    assert text.endswith(questions.RUN_ME)


def test_question_needs_a_right_option_and_every_reason():
    with pytest.raises(ValueError, match="2번 보기"):
        Question("?", [("a", "왜"), ("b", "왜")], right=2)
    with pytest.raises(ValueError, match="설명"):
        Question("?", [("a", "왜"), ("b", "")], right=0)
