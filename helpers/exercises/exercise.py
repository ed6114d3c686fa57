"""Exercises that recognise a right answer by what it does and name the mistake in a wrong one."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch

from helpers.exercises.questions import Prediction, Question, Quiz

__all__ = ["UNCALLED", "Exercise", "Prediction", "Question", "Quiz", "agrees", "close", "equals"]

Predicate = Callable[[Any], Any]
Mistakes = Sequence[tuple[Callable, str]]

NOT_YET = "⏳ 아직 `...` 자리가 남아 있습니다. 그 자리를 채우고 셀을 다시 실행해 보세요."
NOTHING_RETURNED = "💡 함수가 아무 값도 돌려주지 않았습니다. `return`을 빠뜨리지 않았는지 보세요."
NOT_A_FUNCTION = "함수를 부른 값이 아니라 함수 이름 자체를 넘겨 주세요."
UNCALLED = (lambda answer: not callable(answer), NOT_A_FUNCTION)
NUDGE = "아직 맞지 않습니다. 작은 예를 손으로 계산해서 비교해 보세요."


@dataclass(frozen=True, repr=False)
class Exercise:
    """One task: `right` and every mistake are predicates on the answer, tried in that order.

    Calling it with an answer prints one Korean sentence and never raises, whatever the answer does.
    """

    task: str
    right: Predicate
    mistakes: Mistakes
    praise: str
    nudge: str = NUDGE

    def __post_init__(self) -> None:
        hints = [hint for _, hint in self.mistakes]
        if len(set(hints)) < len(hints):
            raise ValueError(f"{self.task}: 서로 다른 실수에 같은 힌트가 있습니다.")

    @classmethod
    def function(
        cls,
        task: str,
        cases: Sequence[tuple],
        right: Callable,
        mistakes: Mistakes,
        praise: str,
        nudge: str = NUDGE,
    ) -> Exercise:
        """A task answered by a function, compared with others on all `cases` (argument tuples).

        `right` and the first of each mistake are functions too: what a learner would have written.
        """
        judged = [(agrees(wrong, cases), hint) for wrong, hint in mistakes]
        return cls(task, agrees(right, cases), (UNCALLED, *judged), praise, nudge)

    def __call__(self, answer: Any) -> None:
        print(self.judge(answer))

    def __repr__(self) -> str:
        return f"Exercise({self.task!r})"

    def judge(self, answer: Any) -> str:
        """The verdict on `answer`: one sentence behind ✅ (right), 💡 (wrong) or ⏳ (untouched)."""
        silence = io.StringIO()  # a learner's debug prints would repeat for every case
        with redirect_stdout(silence), redirect_stderr(silence):
            try:
                return self._verdict(answer)
            except _Blank:
                return NOT_YET
            except _NothingReturned:
                return NOTHING_RETURNED

    def _verdict(self, answer: Any) -> str:
        if answer is None or _blank(answer):
            return NOT_YET
        holds, error = _try(self.right, answer)
        if holds:
            return f"✅ {self.praise}"
        for mistake, hint in self.mistakes:
            if _try(mistake, answer)[0]:
                return f"💡 {hint}"
        if error is not None and callable(answer):
            return _raised(error)
        return f"💡 {self.nudge}"


def agrees(reference: Callable, cases: Sequence[tuple]) -> Predicate:
    """A predicate: the answer is a function with the results of `reference` on every case."""

    def same(answer: Callable) -> bool:
        for case in cases:
            result = answer(*deepcopy(case))  # an answer may work in place
            if result is None:
                raise _NothingReturned
            if not close(result, reference(*deepcopy(case))):
                return False
        return True

    return same


def equals(expected: Any) -> Predicate:
    """A predicate: the answer is a value close to `expected`."""
    return lambda answer: close(answer, expected)


def close(answer: Any, expected: Any) -> bool:
    """Whether two numbers, tensors, strings or nests of them are equal, up to rounding in float32.

    A one-element tensor is as good as a number; NaN is close to nothing.
    """
    if _blank(answer):
        raise _Blank
    if isinstance(expected, dict):
        same_keys = isinstance(answer, dict) and answer.keys() == expected.keys()
        return same_keys and all(close(answer[key], expected[key]) for key in expected)
    if isinstance(expected, list | tuple):
        same_length = isinstance(answer, list | tuple) and len(answer) == len(expected)
        return same_length and all(map(close, answer, expected))
    if isinstance(expected, str):
        return isinstance(answer, str) and answer.strip() == expected
    return _close_numbers(answer, expected)


def _close_numbers(answer: Any, expected: Any) -> bool:
    try:
        ours, theirs = (_tensor(value) for value in (expected, answer))
    except (TypeError, ValueError, RuntimeError):
        return False
    return ours.shape == theirs.shape and torch.allclose(theirs, ours, rtol=1e-5, atol=1e-7)


def _tensor(value: Any) -> torch.Tensor:
    value = torch.as_tensor(value).detach().to(torch.float64)
    return value.reshape(()) if value.numel() == 1 else value


def _blank(value: Any) -> bool:
    """Whether the `...` of the stub is still in the answer."""
    if isinstance(value, dict):
        return any(map(_blank, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_blank, value))
    return value is ...


def _try(predicate: Predicate, answer: Any) -> tuple[bool, BaseException | None]:
    """What the predicate says, and the exception that kept it from saying it."""
    try:
        return bool(predicate(answer)), None
    except (_Blank, _NothingReturned):
        raise
    except (Exception, SystemExit) as error:
        if isinstance(error, TypeError) and "ellipsis" in str(error):  # `loss + ...` in the stub
            raise _Blank from None
        return False, error


def _raised(error: BaseException) -> str:
    try:
        first_line = (str(error).splitlines() or [""])[0][:120]
    except Exception:  # even a broken __str__ must not cost the learner the verdict
        first_line = ""
    reason = f": {first_line}" if first_line else ""
    return f"💡 함수를 불러 보니 {type(error).__name__} 오류가 났습니다{reason}"


class _Blank(Exception):
    """The stub's placeholder came back."""


class _NothingReturned(Exception):
    """The answer is a function that returned None."""
