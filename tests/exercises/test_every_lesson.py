"""What holds for the exercises of every lesson."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import helpers.exercises

MODULES = sorted(Path(helpers.exercises.__file__).parent.glob("ex10_*.py"))


def repeated_keys(source: str) -> list[str]:
    """Keys that a dictionary in the source has twice: its second value replaces the first."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Dict)]
    keys = [[ast.dump(key) for key in node.keys if key] for node in nodes]
    return [key for dump in keys for key in dump if dump.count(key) > 1]


def test_each_exercise_module_has_its_table():
    modules = {path.stem[2:] for path in MODULES}
    tables = {path.stem[5:] for path in Path(__file__).parent.glob("test_10_*.py")}
    assert modules and modules == tables


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_two_mistakes_do_not_share_a_hint(path):
    assert not repeated_keys(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_question_asks(path):
    module = import_module(f"helpers.exercises.{path.stem}")
    assert all(question.text.endswith("?") for question in getattr(module, "QUESTIONS", []))


def test_repeated_keys_are_found():
    assert repeated_keys("{f'{a}.': 1, 'b': {'c': 2}, f'{a}.': 3}")
    assert not repeated_keys("[{'a': 1, 'b': {'a': 2}}, {'a': 3, **b, **c}]")
