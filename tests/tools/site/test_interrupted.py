"""Ctrl-C while the site is built: one sentence, the pages of before, and no kernel left behind."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import course
from tests.until import until

# `python course.py site`, with what is installed here.
COMMAND = """
import runpy, sys
from pathlib import Path
from tools import install

install.set_up = lambda *_, **__: None
install.PYTHON = Path(sys.executable)
runpy.run_path("course.py", run_name="__main__")
"""


def kernels(folder: Path) -> list[psutil.Process]:
    """The kernels whose connection files are there."""
    found = psutil.process_iter(["cmdline"])
    return [p for p in found if f"-f {folder}" in " ".join(p.info["cmdline"] or ())]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a group of processes")
@pytest.mark.parametrize(
    "moment, seconds",
    [("builder", 0.1), ("builder", 0.4), ("kernel", 0), ("kernel", 3)],
    ids=["it begins", "it imports", "its kernel starts", "its cells run"],
)
def test_an_interrupted_build_leaves_the_pages_as_they_were_and_no_kernel(
    tmp_path, moment, seconds
):
    site, connections = tmp_path / "site", tmp_path / "connections"
    site.mkdir()
    connections.mkdir()
    (site / "index.html").write_text("as it was")
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "site", "10-1", "--to", str(site)],
        cwd=Path(course.__file__).parent,
        env=os.environ | {"TMPDIR": str(connections)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # as in a terminal, whose Ctrl-C goes to all that it started
    )
    there = {
        "builder": lambda: psutil.Process(process.pid).children(),
        "kernel": lambda: kernels(connections),
    }
    try:
        until(there[moment], 60)
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        said = [line for line in err.splitlines() if "[IPKernelApp]" not in line]  # as it starts
        assert (out, said) == ("", [course.STOPPED])
        assert kernels(connections) == []
        assert [path.name for path in site.iterdir()] == ["index.html"]
        assert (site / "index.html").read_text() == "as it was"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
