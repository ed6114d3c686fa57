"""The quick corner of the matrix, and how the others are counted."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from xml.etree.ElementTree import fromstring

import pytest

from tools import matrix
from tools.matrix import PROCESSORS, Corner, Outcome, Run

# The ends of trainings of each kind, to as many digits as a lesson prints and some more.
TRAININGS = """
import os
import torch
from helpers import sweep
from helpers.data import digits
from helpers.models import MLP
from helpers.penalties import L1, L2
from helpers.training import train

sweep.THREADS = int(os.environ["OMP_NUM_THREADS"])
print(torch.backends.cpu.get_cpu_capability())
data = digits()
configs = [dict(model=MLP(p=p), penalty=L1(a) if p else L2(a)) for p in (0, 0.5) for a in (0, 0.01)]
histories = [*sweep.sweep(configs, data), train(MLP(p=0.3), data, batch_size=32, epochs=30)]
for history in histories:
    print(*(f"{loss:.8f}" for loss in (history.train_loss[-1], history.valid_loss[-1])))
"""


NONE = ("DEFAULT", "NO AVX")  # vector instructions, and so called before PyTorch 2.3


def losses(settings: Mapping[str, str]) -> tuple[str, list[str]]:
    """The instructions that PyTorch's kernels use under these settings, and the losses."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"} | settings
    command = [sys.executable, "-c", TRAININGS]
    ran = subprocess.run(command, env=environment, cwd=matrix.ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    instructions, *numbers = ran.stdout.splitlines()
    return instructions, numbers


def test_digits_are_the_same_with_every_number_of_threads_and_on_every_processor():
    usual = losses({})
    narrow = losses(PROCESSORS["AVX2"])
    oldest = losses(PROCESSORS["2 threads, no AVX, MKL alike"])
    assert oldest[0] in NONE and (usual[0] in NONE or narrow[0] == "AVX2")
    assert usual[1] == narrow[1] == oldest[1] and len(usual[1]) == 5


REPORT = """<testsuites><testsuite>
<testcase classname="notebooks.a.ipynb" name="Cell 0"/>
<testcase classname="notebooks.a.ipynb" name="Cell 1"><failure/></testcase>
<testcase classname="notebooks.a.ipynb" name="Cell 2"><failure/></testcase>
<testcase classname="tests.a" name="one"><error/></testcase>
<testcase classname="tests.a" name="two"><skipped message="no Chromium"/></testcase>
</testsuite></testsuites>"""
SKIPPED = """<testsuite><testcase classname="tests.a" name="two">
<skipped message="no Chromium"/></testcase></testsuite>"""
RUN = Run("run", ("tests",))


def test_a_report_is_counted_and_what_is_explained_is_no_failure():
    corner = Corner("corner", "", explained={"notebooks.a.ipynb::Cell 2": "newer", "other": "why"})
    outcome = matrix.counted(corner, RUN, fromstring(REPORT))
    assert outcome.passed == 1
    assert outcome.failed == ["notebooks.a.ipynb::Cell 1", "tests.a::one"]
    assert outcome.explained == {"notebooks.a.ipynb::Cell 2": "newer"}
    assert str(outcome).split("\n") == [
        "corner          run                                  1 passed, 2 failed, 1 explained",
        "    failed: notebooks.a.ipynb::Cell 1",
        "    failed: tests.a::one",
        "    explained: notebooks.a.ipynb::Cell 2: newer",
    ]


def test_what_was_skipped_altogether_is_not_available_here():
    outcome = matrix.counted(Corner("corner", ""), RUN, fromstring(SKIPPED))
    assert outcome.missing == "not available here: no Chromium" and not outcome.failed


class Machine:
    """One on which commands only end with a code: 0, or another where `codes` has their name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **codes: int) -> None:
        self.codes, self.folders = codes, list[Path]()
        monkeypatch.setattr(matrix.shutil, "which", lambda name: name)
        monkeypatch.setattr(matrix.shutil, "disk_usage", self.look)
        monkeypatch.setattr(matrix.subprocess, "run", self.run)

    def look(self, folder: Path) -> SimpleNamespace:
        self.folders.append(Path(folder))
        assert self.folders[-1].exists()
        return SimpleNamespace(free=1e9 * self.codes.get("gigabytes", 100))

    def run(self, command: list[str], **more: object) -> subprocess.CompletedProcess:
        [what] = {"venv", "install", "pytest"}.intersection(command)
        return subprocess.CompletedProcess(command, self.codes.get(what, 0))


CORNER = Corner("corner", "3.99", runs=[RUN])


@pytest.mark.parametrize(
    "codes, missing",
    [
        ({"gigabytes": 1}, "less than 8 GB are free"),
        ({"venv": 2}, "Python 3.99"),
        ({"install": 2}, "what it installs cannot be downloaded"),
    ],
)
def test_what_cannot_be_had_is_named_and_no_failure(monkeypatch, capsys, codes, missing):
    machine = Machine(monkeypatch, **codes)
    monkeypatch.setattr(matrix, "CORNERS", [CORNER])
    assert matrix.main() == 0
    assert f"not available here: {missing}" in capsys.readouterr().out
    assert not any(folder.exists() for folder in machine.folders)


@pytest.mark.parametrize(
    "codes, failed",
    [
        ({"install": 1}, "installing: no versions go together"),
        ({"pytest": 3}, "pytest did not get to its end"),
    ],
)
def test_what_goes_wrong_is_a_failure(monkeypatch, capsys, codes, failed):
    Machine(monkeypatch, **codes)
    monkeypatch.setattr(matrix, "CORNERS", [CORNER])
    assert matrix.main("corn") == 1
    assert f"failed: {failed}" in capsys.readouterr().out


def test_the_table_is_printed_after_ctrl_c_too(monkeypatch, capsys):
    def interrupted(corners):
        yield Outcome("first", "lessons", passed=3)
        raise KeyboardInterrupt

    monkeypatch.setattr(matrix, "matrix", interrupted)
    with pytest.raises(KeyboardInterrupt):
        matrix.main()
    assert capsys.readouterr().out.split() == ["first", "lessons", "3", "passed,", "0", "failed"]


def test_words_choose_corners(monkeypatch):
    chosen = []
    monkeypatch.setattr(matrix, "matrix", lambda corners: chosen.extend(corners) or [])
    assert matrix.main("intel", "3.14") == 0
    assert [corner.name for corner in chosen] == ["intel mac 3.12", "newest 3.14"]
    with pytest.raises(SystemExit, match="The corners are: here, oldest"):
        matrix.main("nowhere")


def test_a_run_has_its_own_settings_and_nothing_of_who_started_it(monkeypatch):
    seen = {}
    monkeypatch.setattr(matrix.subprocess, "run", lambda command, **more: seen.update(more))
    monkeypatch.setenv("VIRTUAL_ENV", "elsewhere")
    monkeypatch.setenv("CI", "true")
    [run] = RUN.under({"two": {"OMP_NUM_THREADS": "2"}})
    assert matrix.carried_out(CORNER, run, "python", Path("nowhere")).run == "run, two"
    assert seen["env"]["OMP_NUM_THREADS"] == "2" and seen["env"]["COURSE_MNIST"] == "off"
    assert not {"VIRTUAL_ENV", "CI"} & seen["env"].keys()


def test_every_python_of_the_course_has_a_corner():
    pythons = {corner.python for corner in matrix.CORNERS}
    assert pythons == {"", "3.10", "3.11", "3.12", "3.13", "3.14"}
