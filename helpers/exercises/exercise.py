"""Exercises: recognise a right answer by what it does, and name the mistake in a wrong one."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch

Function = Callable[..., Any]
Predicate = Callable[[Any], Any]  # takes the learner's answer; its result is read as a bool

NOT_YET = "⏳ 아직 `...` 자리가 남아 있습니다. 그 자리를 채우고 셀을 다시 실행해 보세요."
NOTHING_RETURNED = "💡 함수가 아무 값도 돌려주지 않았습니다. `return`을 빠뜨리지 않았는지 보세요."
NOT_A_FUNCTION = "함수를 부른 값이 아니라 함수 이름 자체를 넘겨 주세요."
NUDGE = "아직 맞지 않습니다. 작은 예를 손으로 계산해서 비교해 보세요."

UNCALLED: dict[str, Predicate] = {NOT_A_FUNCTION: lambda answer: not callable(answer)}


@dataclass(frozen=True)
class Exercise:
    """One exercise: calling it with an answer prints one Korean sentence and never raises.

    `right` and the values of `mistakes` are predicates on the answer. They are tried in this order,
    and the first that holds decides: `praise` for a right answer, the key of a mistake as a hint,
    `nudge` if none holds.
    """

    name: str
    right: Predicate
    mistakes: Mapping[str, Predicate]
    praise: str
    nudge: str = NUDGE

    @classmethod
    def function(
        cls,
        name: str,
        cases: Sequence[tuple],
        right: Function | Sequence[Function],
        mistakes: Mapping[str, Function | Sequence[Function]],
        praise: str,
        nudge: str = NUDGE,
        observe: Function | None = None,
    ) -> Exercise:
        """An exercise answered by a function, which is compared with others: see `agrees`.

        `right` and the values of `mistakes` are functions as a learner may write them.
        """
        wrong = {hint: agrees(mistake, cases, observe) for hint, mistake in mistakes.items()}
        return cls(name, agrees(right, cases, observe), UNCALLED | wrong, praise, nudge)

    def __call__(self, answer: Any) -> None:
        print(self.feedback(answer))

    def __repr__(self) -> str:
        return f"Exercise({self.name!r})"

    def feedback(self, answer: Any) -> str:
        """The verdict: one sentence behind ✅ (right), 💡 (wrong) or ⏳ (not filled in yet)."""
        silence = io.StringIO()  # a learner's debug prints would repeat for every case
        with redirect_stdout(silence), redirect_stderr(silence):
            try:
                return self._verdict(answer)
            except _Unfinished as unfinished:
                return str(unfinished)

    def _verdict(self, answer: Any) -> str:
        if answer is None or _has_placeholder(answer):
            return NOT_YET
        holds, error = _try(self.right, answer)
        if holds:
            return f"✅ {self.praise}"
        for hint, mistake in self.mistakes.items():
            if _try(mistake, answer)[0]:
                return f"💡 {hint}"
        if error is not None and callable(answer):
            return _raised(error)
        return f"💡 {self.nudge}"


def agrees(
    references: Function | Sequence[Function],
    cases: Sequence[tuple],
    observe: Function | None = None,
) -> Predicate:
    """A predicate: the answer is a function that equals a reference on every case.

    Each case is a tuple of arguments. Of several references any one will do. Compared are the
    results or, if it is given, what `observe(function, *case)` makes of them.
    """
    either = references if isinstance(references, Sequence) else [references]
    observed = observe or _result

    def same(answer: Function, reference: Function, case: tuple) -> bool:
        # Copies, because an answer may change its arguments in place.
        return close(observed(answer, *deepcopy(case)), observed(reference, *deepcopy(case)))

    return lambda answer: any(
        all(same(answer, reference, case) for case in cases) for reference in either
    )


def _result(function: Function, *case: Any) -> Any:
    return finished(function(*case))


def equals(expected: Any) -> Predicate:
    """A predicate: the answer is a value close to `expected`."""
    return lambda answer: close(answer, expected)


def close(answer: Any, expected: Any) -> bool:
    """Whether two numbers, tensors, strings or nests of them are equal, up to rounding in float32.

    A one-element tensor is as good as a number; NaN is close to nothing.
    """
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


class _Unfinished(Exception):
    """The answer is incomplete; the message is the whole verdict."""


def finished(value: Any) -> Any:
    """The `value` that a learner's function returned; ends the verdict if it is not filled in."""
    if value is None:
        raise _Unfinished(NOTHING_RETURNED)
    if _has_placeholder(value):
        raise _Unfinished(NOT_YET)
    return value


def _has_placeholder(value: Any) -> bool:
    """Whether the `...` of the stub is still in the answer."""
    if isinstance(value, dict):
        return any(map(_has_placeholder, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_placeholder, value))
    return value is ...


def _try(predicate: Predicate, answer: Any) -> tuple[bool, BaseException | None]:
    """What the predicate says, and the exception that kept it from saying it."""
    try:
        return bool(predicate(answer)), None
    except _Unfinished:
        raise
    except (Exception, SystemExit) as error:
        if isinstance(error, TypeError) and "ellipsis" in str(error):  # `loss + ...` in the stub
            raise _Unfinished(NOT_YET) from None
        return False, error


def _raised(error: BaseException) -> str:
    try:
        first_line = (str(error).splitlines() or [""])[0][:120]
    except Exception:  # even a broken __str__ must not cost the learner the verdict
        first_line = ""
    reason = f": {first_line}" if first_line else ""
    return f"💡 함수를 불러 보니 {type(error).__name__} 오류가 났습니다{reason}"
