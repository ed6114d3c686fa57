"""What the plots import: no pyplot, and the toolkit no chart."""

import subprocess
import sys
from pathlib import Path

import pytest

PLOTS = Path(__file__).parents[2] / "helpers" / "plots"


def test_the_package_never_imports_pyplot():
    code = "import sys, helpers.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("path", sorted((PLOTS / "toolkit").glob("*.py")), ids=lambda p: p.name)
def test_the_toolkit_imports_nothing_of_the_course_but_itself(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    course = [line for line in lines if line.startswith(("from helpers", "import helpers"))]
    assert all(line.startswith("from helpers.plots.toolkit") for line in course)
