"""What every exercise asks of an answer, held against a record (every_case.txt beside this file).

A case is typed once and never looked at again, yet every answer is held against it; another digit
in it may change no verdict of today's tables and still let a wrong answer pass tomorrow. The record
shows it. `python -m tests.exercises.test_every_case` writes it anew.
"""

from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor, nn
from torch.optim import Optimizer

from helpers.exercises.exercise import NOT_A_FUNCTION, Exercise
from helpers.models import Dropout
from tests.exercises.table import cases_asked, exercises

RECORD = Path(__file__).with_name("every_case.txt")
LESSONS = [f"10_{number}" for number in range(1, 9)]
SHORT = 8  # so many numbers are written out
RATES = ("lr", "momentum", "weight_decay")


def short(value: Any) -> str:
    """A value in a few words; of many numbers their sum and their size, to four digits."""
    match value:
        case Tensor() if value.numel() > SHORT:
            numbers = value.detach().double()
            return f"{[*value.shape]} sum {numbers.sum():.4g} size {numbers.norm():.4g}"
        case Tensor():
            return short(value.tolist())
        case nn.Module():
            off = [f"p {layer.p:.4g}" for layer in value.modules() if isinstance(layer, Dropout)]
            matrices = [short(parameter) for parameter in value.parameters()]
            mode = "train" if value.training else "eval"
            return f"{type(value).__name__}({', '.join([mode, *off, *matrices])})"
        case Optimizer():
            rates = ", ".join(f"{name} {value.defaults[name]:.4g}" for name in RATES)
            return f"{type(value).__name__} {rates}"
        case bool() | int() | str() | None:
            return repr(value)
        case float():
            return f"{value:.4g}"
        case dict():
            return "{" + ", ".join(f"{key}: {short(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(short, value)) + "]"
    assert is_dataclass(value), f"no words for {value!r}"
    parts = {name: part for name, part in vars(value).items() if not callable(part)}
    return f"{type(value).__name__} {short(parts)}"


def asked(exercise: Exercise, right: Any) -> list[str]:
    """The cases that the exercise puts to a right answer, each once; none if it is no function."""
    cases = cases_asked(exercise, right)
    assert bool(cases) == (NOT_A_FUNCTION in exercise.mistakes), f"{exercise}: {len(cases)} cases"
    return [*dict.fromkeys(", ".join(map(short, case)) for case in cases)]


def lines(lesson: str) -> list[str]:
    """The part of a lesson in the record."""
    module = import_module(f"helpers.exercises.ex{lesson}")
    table = import_module(f"tests.exercises.test_{lesson}").TABLE
    return [
        f"{lesson} {name}: {one}"
        for name, exercise in exercises(module).items()
        for one in asked(exercise, table[name].right[0])
    ]


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_exercise_asks_what_it_asked(lesson):
    recorded = RECORD.read_text(encoding="utf-8").splitlines()
    assert lines(lesson) == [line for line in recorded if line.startswith(f"{lesson} ")]


if __name__ == "__main__":
    everything = [line for lesson in LESSONS for line in lines(lesson)]
    RECORD.write_text("\n".join(everything) + "\n", encoding="utf-8")
