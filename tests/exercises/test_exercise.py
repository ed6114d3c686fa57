"""Exercises judge without raising, and name the mistake that was made."""

import sys
from dataclasses import FrozenInstanceError

import pytest
import torch

from helpers.exercises.exercise import (
    NOT_A_FUNCTION,
    NOT_YET,
    NOTHING_RETURNED,
    Exercise,
    agrees,
    close,
    equals,
    finished,
)

NAN = float("nan")


def double():
    return Exercise.function(
        "double",
        cases=[(3.0,), (torch.tensor([1.0, -4.0]),)],
        right=lambda x: 2 * x,
        mistakes={"제곱했습니다.": lambda x: x * x},
        praise="맞습니다.",
    )


def test_an_exercise_has_a_name_and_does_not_change():
    exercise = double()
    assert repr(exercise) == "Exercise('double')"
    with pytest.raises(FrozenInstanceError):
        exercise.praise = ""


def test_one_word_is_not_another():
    assert close("L1", "L1") and close(" L1\n", "L1")
    assert not close("L2", "L1") and not close(1, "L1")


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
    assert double().feedback(stub) == NOT_YET


def test_exception_is_told_with_type_and_message():
    verdict = double().feedback(lambda x: x.no_such)
    assert "AttributeError" in verdict and "no_such" in verdict
    told = double().feedback(lambda x: exec("raise ValueError('ellipsis, ' + 'x' * 200)"))
    reason = f"ellipsis, {110 * 'x'}"
    assert told == f"💡 함수를 불러 보니 ValueError 오류가 났습니다: {reason}"
    assert "\n" not in double().feedback(lambda x: exec("raise ValueError('a\\nb')"))
    assert "SystemExit" in double().feedback(lambda x: exit())


def test_an_exception_may_have_a_broken_message_or_none():
    class Nasty(Exception):
        def __str__(self):
            raise RuntimeError

    def answer(x):
        raise Nasty

    for broken, name in ((answer, "Nasty"), (lambda x: exec("raise ValueError"), "ValueError")):
        assert double().feedback(broken) == f"💡 함수를 불러 보니 {name} 오류가 났습니다"


def test_interrupt_by_the_learner_is_not_swallowed():
    def answer(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        double().feedback(answer)


def test_missing_return_and_called_function_have_their_own_sentence():
    assert double().feedback(lambda x: None) == NOTHING_RETURNED
    assert double().feedback(6.0) == f"💡 {NOT_A_FUNCTION}"


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
    exercise = Exercise.function("double", [(case,)], lambda x: 2 * x, {}, praise="맞습니다.")
    exercise.feedback(answer)
    assert case.equal(torch.ones(2))


def test_predicate_that_raises_does_not_match():
    mistakes = {"닿지 않습니다.": lambda answer: answer.no_such, "넷입니다.": equals(4)}
    exercise = Exercise("value", equals(3), mistakes, praise="맞습니다.")
    assert exercise.feedback(4) == "💡 넷입니다."
    assert exercise.feedback(5) == f"💡 {exercise.nudge}"


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
        (100.0009, 100.0, True),
        (100.0011, 100.0, False),
        (0.9e-7, 0.0, True),
        (1.1e-7, 0.0, False),
        (NAN, 1.0, False),
        (NAN, NAN, False),
        (torch.ones(2, 3), torch.ones(3, 2), False),
        (torch.ones(3), torch.ones(2), False),
        ([1, 2, 3], [1, 2], False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, False),
        ({"a": 1, "b": 2}, {"a": 0, "b": 2}, False),
        ({"a": 1, "b": [2, 3]}, {"a": 1.0, "b": (2, 3)}, True),
        ({"a": 1, "b": [2, 3]}, {"a": 1.0, "b": (2, 4)}, False),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ([("a", 1)], {"a": 1}, False),
        ([1, 2], [1, 3], False),
        ([1, 2], [0, 2], False),
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.1]), False),
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


def test_agrees_with_any_of_several_references():
    either = agrees([lambda x: x, lambda x: -x], [(1,), (-1,)])
    assert either(lambda x: x + 0) and either(lambda x: 0 - x)
    assert not either(abs)  # on each case like one of them, but not always like the same


def test_what_is_observed_is_compared_instead_of_the_result():
    def changed(function, values):
        function(values)
        return values

    mistakes = {"거꾸로입니다.": lambda values: values.sort(reverse=True)}
    cases = [([2, 3, 1],)]
    exercise = Exercise.function("sort", cases, list.sort, mistakes, "맞습니다.", observe=changed)
    assert exercise.feedback(lambda values: values.sort() or 7) == "✅ 맞습니다."
    assert exercise.feedback(lambda values: values.sort(key=lambda v: -v)) == "💡 거꾸로입니다."
    assert exercise.feedback(list.reverse) == f"💡 {exercise.nudge}"
    assert exercise.feedback([1, 2]) == f"💡 {NOT_A_FUNCTION}"


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(1, "✅ 맞습니다."), (None, NOTHING_RETURNED), (..., NOT_YET), ([1, ...], NOT_YET)],
)
def test_an_observer_may_ask_for_a_finished_result(value, verdict):
    def wrapped(function, n):
        return [finished(function(n))]

    exercise = Exercise.function("n", [(1,)], lambda n: n, {}, "맞습니다.", observe=wrapped)
    assert exercise.feedback(lambda n: value) == verdict
