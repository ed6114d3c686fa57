"""docs/claims.md: the table of what is taught, where, and which test holds it."""

import ast
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
POINTS = {1: 6, 2: 4, 3: 8, 4: 5, 5: 5, 6: 3, 8: 2}  # lesson: how many points its slides make
IDS = [f"{n}.{i}" for n, last in POINTS.items() for i in range(1, last + 1)]
IDS.insert(IDS.index("8.1"), "10-7")
ROW = re.compile(
    r"^\| (?P<id>\d\.\d|10-7) \| .+ \| 10-(?P<lesson>\d) (?P<cells>[^|]+) "
    r"\| `(?P<file>tests/claims/test_10_(?P=lesson)\.py)::(?P<test>\w+)` \|$",
    flags=re.M,
)
TABLE = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
ROWS = {row["id"]: row for row in ROW.finditer(TABLE)}


@cache
def cells(lesson: str) -> set[str]:
    """The ids of the cells of a lesson."""
    (path,) = (ROOT / "notebooks").glob(f"10-{lesson}_*.ipynb")
    return {cell.id for cell in nbformat.read(path, as_version=4).cells}


@cache
def claims(file: str) -> set[str]:
    """The test functions that a file defines."""
    body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


def test_every_point_of_the_lecture_has_its_row_in_order():
    assert list(ROWS) == IDS


@pytest.mark.parametrize("point", IDS)
def test_a_row_names_cells_and_a_test_that_exist(point):
    row = ROWS[point]
    assert point.startswith(f"{row['lesson']}.") or point == f"10-{row['lesson']}"
    named = set(re.findall(r"`#([\w-]+)`", row["cells"]))
    assert named and named <= cells(row["lesson"]), named - cells(row["lesson"])
    assert row["test"] in claims(row["file"]), row["test"]
    assert row["test"].startswith(f"test_{re.sub('[.-]', '_', point)}_")
