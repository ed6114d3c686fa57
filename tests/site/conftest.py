"""One built site for all tests of its pages."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2]
BUILD_SECONDS = 900
FEW_SETTINGS = "4"  # of each lab: all knobs move, and the build takes half its time


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built once: of several workers the others wait for the first.

    COURSE_SITE names one that is built already, for who works on its templates.
    """
    if built := os.environ.get("COURSE_SITE"):
        return Path(built)
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "site"
    try:
        folder.mkdir()
    except FileExistsError:
        return when_built(folder)
    command = [sys.executable, "-m", "tools.site", "--to", str(folder)]
    few = os.environ | {"COURSE_SITE_SETTINGS": FEW_SETTINGS}
    done = subprocess.run(command, cwd=COURSE, env=few, capture_output=True, text=True)
    (folder / "log").write_text(done.stdout + done.stderr, encoding="utf-8")
    (folder / f"returned-{done.returncode}").touch()
    return when_built(folder)


def when_built(folder: Path) -> Path:
    """The folder, once its build has ended well."""
    end = time.monotonic() + BUILD_SECONDS
    while not (returned := [*folder.glob("returned-*")]):
        assert time.monotonic() < end, "the site is not built yet"
        time.sleep(1)
    assert returned[0].name == "returned-0", (folder / "log").read_text(encoding="utf-8")
    return folder
