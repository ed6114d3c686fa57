"""What must hold for every exercise, given its row of right and wrong answers."""

import contextlib
import io
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from helpers.exercises.exercise import NOT_A_FUNCTION, NOT_YET, Exercise

HOSTILE = [
    object(), "말", b"\0", -1, 1e300, float("nan"), True, [], {}, [None], [[1], [2, 3]], {1, 2},
    int, print, lambda: 1 / 0, lambda *_: "말", lambda *_: [], lambda *_: float("nan"),
    lambda *_: object(), lambda *_: exit(), lambda *_: print("디버그"),
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Answers to one exercise: the stub as given, right ones, and wrong ones with their hint.

    The hint is any part of it that no other hint of the exercise contains.
    """

    stub: Any
    right: Sequence[Any]
    wrong: Sequence[tuple[Any, str]] = field(default=())


def exercises(lesson: ModuleType) -> dict[str, Exercise]:
    """All exercises of a lesson by the name a learner uses."""
    return {name: value for name, value in vars(lesson).items() if isinstance(value, Exercise)}


def names(lesson: ModuleType, table: dict[str, Row]) -> list[str]:
    """Every exercise and every row: one without the other fails in `verify`."""
    return sorted(exercises(lesson).keys() | table.keys())


def verify(lesson: ModuleType, table: dict[str, Row], name: str) -> None:
    """Assert that exercise and row belong together and that every answer gets its verdict."""
    assert name in table, f"{name}: the exercise has no row in the table"
    assert name in exercises(lesson), f"{name}: the row has no exercise in {lesson.__name__}"
    exercise, row = exercises(lesson)[name], table[name]
    assert exercise.name == name
    _verdicts(exercise, row)
    _every_hint_is_reached(exercise, row)
    _depends_on_the_case(exercise, row.right[0])
    _never_raises(exercise, [row.stub, *row.right, *(answer for answer, _ in row.wrong)])


def _verdicts(exercise: Exercise, row: Row) -> None:
    assert exercise.feedback(row.stub) == NOT_YET
    assert exercise.feedback(...) == exercise.feedback(None) == NOT_YET
    assert row.right, f"{exercise.name}: no right answer"
    for answer in row.right:
        assert exercise.feedback(answer) == f"✅ {exercise.praise}"
    for answer, hint in row.wrong:
        verdict = exercise.feedback(answer)
        assert verdict.startswith("💡") and hint in verdict, f"expected …{hint}…, got {verdict}"


def _every_hint_is_reached(exercise: Exercise, row: Row) -> None:
    hints = [*exercise.mistakes]
    reached = {exercise.feedback(answer) for answer, _ in row.wrong}
    if NOT_A_FUNCTION in hints:
        reached.add(exercise.feedback(3.0))
        hints.remove(NOT_A_FUNCTION)
        assert exercise.feedback(3.0) == f"💡 {NOT_A_FUNCTION}"
        assert "ZeroDivisionError" in exercise.feedback(lambda *_: 1 / 0)
    for hint in hints:
        assert f"💡 {hint}" in reached, f"{exercise.name}: no wrong answer reaches: {hint}"
    for _, part in row.wrong:
        owners = [hint for hint in [*hints, exercise.nudge] if part in hint]
        assert len(owners) <= 1, f"{exercise.name}: ‘{part}’ does not tell {owners} apart"


def cases_asked(exercise: Exercise, right: Any) -> list[tuple]:
    """The arguments of all calls that the exercise makes of a right answer, before the call."""
    asked: list[tuple] = []

    def spy(*case: Any) -> Any:
        asked.append(deepcopy(case))
        return right(*case)

    exercise.feedback(spy)
    return asked


def _depends_on_the_case(exercise: Exercise, right: Any) -> None:
    """A function that gives what is right for one case, whatever it is asked, is not praised."""
    for case in cases_asked(exercise, right):
        same = right(*deepcopy(case))
        assert not exercise.feedback(lambda *_, same=same: deepcopy(same)).startswith("✅")


def _never_raises(exercise: Exercise, own: Sequence[Any]) -> None:
    for answer in [*HOSTILE, *own]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            assert exercise(answer) is None
        assert printed.getvalue().count("\n") == 1
        assert printed.getvalue()[0] in "✅💡⏳"
    for text in (exercise.praise, exercise.nudge, *exercise.mistakes):
        assert text.endswith(".") and len(text) <= 120, f"not a short sentence: {text}"
