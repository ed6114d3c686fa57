"""Mutants: what is changed and what is not, and which tests are asked."""

import ast
import random
from types import ModuleType

import pytest
import torch

from tools.mutants import HELPERS, ROOT, Loader, changes, files, mutants, own_tests, places


def changed(source):
    """All sources that one change of an expression or statement makes."""
    [statement] = ast.parse(source).body
    node = statement.value if isinstance(statement, ast.Expr) and "(" not in source else statement
    return [ast.unparse(ast.fix_missing_locations(new)) for new in changes(node)]


@pytest.mark.parametrize(
    ("source", "mutated"),
    [
        ("True", ["False"]),
        ("3", ["4", "2"]),
        ("0.5", ["1.0", "0.25"]),
        ("'text'", ["''"]),
        ("a < b", ["a <= b", "a > b"]),
        ("a and b and c", ["a or b or c", "b and c", "a and c", "a and b"]),
        ("not a", ["a"]),
        ("-a", ["a"]),
        ("a * b", ["a / b"]),
        ("a if b else c", ["a", "c"]),
        ("f(x)", ["pass"]),
        ("raise error", ["pass"]),
        ("[a, b]", ["[b]", "[a]"]),
        ("{a: b, c: d}", ["{c: d}", "{a: b}"]),
        ("n += 1", ["n -= 1"]),
        ("if a:\n    b", ["if True:\n    b", "if False:\n    b"]),
        ("name", []),
    ],
)
def test_a_node_changes_in_these_ways(source, mutated):
    assert changed(source) == mutated


def test_types_docstrings_and_imports_are_left_alone():
    tree = ast.parse(
        'import os\n"""Doc."""\n__all__ = ["a"]\nNames = tuple["Name", "Name"]\n'
        'def f(x: "int" = 3) -> "str":\n    "Doc."\n    return g(x + 5, strict=7)'
    )
    constants = [p.node.value for p in places(tree) if isinstance(p.node, ast.Constant)]
    assert sorted(constants) == [3, 5]


def test_a_keyword_goes_but_not_one_that_only_asserts():
    call = ast.parse("zip(a, b, strict=True, c=d)", mode="eval").body
    assert [ast.unparse(new) for new in changes(call)] == ["zip(a, b, strict=True)"]


def test_a_mutant_is_its_module_with_one_change():
    path = HELPERS / "losses.py"
    before = path.read_bytes()
    made = [*mutants(path, random.Random(0))]
    assert [m.change for m in made] == [m.change for m in mutants(path, random.Random(0))]
    assert len(made) > 5
    for mutant in made:
        assert mutant.where.startswith("helpers/losses.py:")
        finder = Loader(mutant)
        assert finder.find_spec("helpers.losses").origin == str(path)
        assert finder.find_spec("helpers.data") is None
    losses = ModuleType("helpers.losses")
    [mean] = [m for m in made if m.change.startswith("return (predictions - y)")]
    Loader(mean).exec_module(losses)
    assert losses.squared_error(torch.ones(2, 1), torch.zeros(2, 1)) is None
    assert path.read_bytes() == before


@pytest.mark.parametrize("path", files(["helpers"], []), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_has_tests(path):
    assert own_tests(path) and all((ROOT / name).exists() for name in own_tests(path))


def test_files_are_those_of_folders_but_some():
    all_, plots = files(["helpers"], []), files(["helpers/plots"], [])
    assert plots and set(files(["helpers"], ["helpers/plots"])) == set(all_) - set(plots)
    assert files(["helpers/losses.py"], []) == [HELPERS / "losses.py"]
