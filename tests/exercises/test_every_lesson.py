"""No lesson's exercises without a table of answers."""

from pathlib import Path

import helpers.exercises


def test_each_exercise_module_has_its_table():
    modules = {path.stem[2:] for path in Path(helpers.exercises.__file__).parent.glob("ex10_*.py")}
    tables = {path.stem[5:] for path in Path(__file__).parent.glob("test_10_*.py")}
    assert modules and modules == tables
