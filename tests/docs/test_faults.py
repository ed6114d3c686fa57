"""docs/faults.md: every fault has its sentence, which the code says, and a test that exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = [row.strip("|").split(" | ") for row in TEXT.splitlines() if row.startswith("| ")]
FAULTS = [row for row in ROWS if row[0].strip() != "Fault"]
SPEAKERS = [ROOT / "course.py", ROOT / "tools" / "install.py", ROOT / "tools" / "lint.py"]


def written(node: ast.expr) -> str:
    """The text of a string in code; … stands for what is put into it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(written(v) if isinstance(v, ast.Constant) else "…" for v in node.values)


@cache
def sentences() -> tuple[str, ...]:
    """Every string of what speaks to learners."""
    nodes = [
        node
        for path in [*SPEAKERS, *(ROOT / "helpers").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    texts = [written(n) for n in nodes if isinstance(n, ast.JoinedStr)]
    constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return (*texts, *(value for value in constants if isinstance(value, str)))


@cache
def defined(file: str) -> set[str]:
    """The test functions that a file defines."""
    body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


def test_the_table_is_read():
    assert len(FAULTS) > 45 and all(len(row) == 3 for row in FAULTS)
    assert sum("“" in seen for _, seen, _ in FAULTS) > 30


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row[0].strip())
def test_a_row_quotes_what_the_code_says_and_names_a_test_that_exists(row):
    _, seen, test = row
    for quoted in re.findall("“(.+?)”", seen):
        assert any(quoted in sentence for sentence in sentences()), quoted
    [(file, name)] = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", test)
    assert name in defined(file), name
