"""What the plots import: no pyplot, and the toolkit no chart."""

import ast
from pathlib import Path

import pytest

PLOTS = Path(__file__).parents[2] / "helpers" / "plots"


@pytest.mark.parametrize("path", sorted(PLOTS.rglob("*.py")), ids=lambda p: p.name)
def test_the_package_never_imports_pyplot(path):
    """It keeps every figure it makes, and is not safe in a worker thread."""
    imports = (ast.Import, ast.ImportFrom)
    found = [n for n in ast.walk(ast.parse(path.read_bytes())) if isinstance(n, imports)]
    assert not any("pyplot" in ast.unparse(node) for node in found)


@pytest.mark.parametrize("path", sorted((PLOTS / "toolkit").glob("*.py")), ids=lambda p: p.name)
def test_the_toolkit_imports_nothing_of_the_course_but_itself(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    course = [line for line in lines if line.startswith(("from helpers", "import helpers"))]
    assert all(line.startswith("from helpers.plots.toolkit") for line in course)
