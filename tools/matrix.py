"""The matrix: the course on other versions, processors and settings than those of every day.

    python -m tools.matrix              all corners: two hours, and up to 3 GB to download for each
    python -m tools.matrix here         the quick one: the environment that runs this, as it is
    python -m tools.matrix intel 3.14   the corners whose names contain one of these

A corner is an environment of its own, made by uv in a temporary folder and removed before the next
one is made. uv takes the Pythons on PATH or, if it can, fetches them; UV_TORCH_BACKEND=cpu spares
CUDA where PyTorch's own index can be reached. What cannot be had is named and is no failure. The
exit code is 1 if anything failed that is not explained here.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """What pytest runs in an environment, and under which settings."""

    name: str
    tests: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)

    def under(self, settings: Mapping[str, Mapping[str, str]]) -> list["Run"]:
        """The same once for each of the named settings."""
        return [Run(f"{self.name}, {name}", self.tests, settings[name]) for name in settings]


@dataclass(frozen=True)
class Corner:
    """An environment, by its Python and by what uv is told beside the course's requirements."""

    name: str
    python: str  # "" for the environment that runs this
    versions: Sequence[str] = ()
    runs: Sequence[Run] = ()
    explained: Mapping[str, str] = field(default_factory=dict)  # what fails there, and why


LESSONS = Run("lessons", ("--nbval", "--nbval-current-env", "notebooks"))
BROWSER = Run("browser", ("tests/browser",))
DIGITS = Run("digits", ("tests/test_matrix.py", "-k", "digits"))

# The threads that train, and the instructions of PyTorch's own kernels and of Intel's library.
TWO_THREADS = {"PYTHON_CPU_COUNT": "2", "OMP_NUM_THREADS": "2"}  # the first from Python 3.13 on
NO_AVX = {"ATEN_CPU_CAPABILITY": "default"}
MKL_ALIKE = {"MKL_CBWR": "COMPATIBLE"}
PROCESSORS = {
    "1 thread": {"PYTHON_CPU_COUNT": "1"},
    "2 threads": TWO_THREADS,
    "AVX2": {"ATEN_CPU_CAPABILITY": "avx2"},
    "no AVX": NO_AVX,
    "MKL alike everywhere": MKL_ALIKE,
    "2 threads, no AVX, MKL alike": {**TWO_THREADS, **NO_AVX, **MKL_ALIKE},
}
# How JupyterLab sends what a slider says to ipykernel 7, other than by one subshell for all
# widgets: jupyterlab/jupyterlab#19719.
ROUTES = {
    "no subshells": {"COURSE_COMMS_OVER_SUBSHELLS": "disabled"},
    "a subshell for each widget": {"COURSE_COMMS_OVER_SUBSHELLS": "perComm"},
}
MASKS = "nn.Dropout of an older PyTorch draws other masks, by Intel's library"
OLD_TORCH = {
    "notebooks.10-7_pytorch.ipynb::Cell 10": MASKS,
    "notebooks.10-7_pytorch.ipynb::Cell 21": MASKS,
    "notebooks.10-4_weight_decay.ipynb::Cell 1": "what SGD takes: `fused` is newer",
}
CORNERS = (
    Corner("here", "", runs=[DIGITS]),
    Corner("oldest 3.10", "3.10", ["--resolution=lowest-direct"], [LESSONS], OLD_TORCH),
    Corner("intel mac 3.12", "3.12", ["torch==2.2.*", "numpy<2"], [LESSONS], OLD_TORCH),
    Corner("lab 4.2 3.11", "3.11", ["jupyterlab==4.2.*", "ipykernel==6.29.*"], [LESSONS, BROWSER]),
    Corner("newest 3.10", "3.10", runs=[LESSONS]),
    Corner("newest 3.12", "3.12", runs=[LESSONS, BROWSER, *BROWSER.under(ROUTES)]),
    Corner("newest 3.13", "3.13", runs=[LESSONS, *LESSONS.under(PROCESSORS)]),
    Corner("newest 3.14", "3.14", runs=[LESSONS]),
)

SETTINGS = {"OMP_NUM_THREADS": "1", "PYTHONUTF8": "1", "COURSE_MNIST": "off"}
FOREIGN = ("VIRTUAL_ENV", "PYTHONPATH", "CI")  # of who runs this; in CI nothing may be skipped
PYTEST = ("-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider")
GIGABYTES = 8  # to have free for an environment: a PyTorch with CUDA takes most of it


@dataclass(frozen=True)
class Outcome:
    """How a run ended: the tests that failed by name, or why there was no run."""

    corner: str
    run: str = ""
    passed: int = 0
    failed: Sequence[str] = ()
    explained: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""

    def __str__(self) -> str:
        counts = f"{self.passed} passed, {len(self.failed)} failed"
        counts += f", {len(self.explained)} explained" if self.explained else ""
        lines = [f"{self.corner:15} {self.run:36} {self.missing or counts}"]
        lines += [f"    failed: {name}" for name in self.failed]
        lines += [f"    explained: {name}: {why}" for name, why in self.explained.items()]
        return "\n".join(lines)


class NotAvailable(Exception):
    """What a corner needs is not on this machine and cannot be fetched."""


def matrix(corners: Sequence[Corner]) -> Iterator[Outcome]:
    """Every run of the corners, one environment at a time."""
    for corner in corners:
        with tempfile.TemporaryDirectory(prefix="matrix-") as name:
            try:
                python = environment(corner, Path(name)) if corner.python else sys.executable
            except NotAvailable as reason:
                yield Outcome(corner.name, missing=f"not available here: {reason}")
            except subprocess.CalledProcessError:
                yield Outcome(corner.name, failed=["installing: no versions go together"])
            else:
                for run in corner.runs:
                    yield carried_out(corner, run, python, Path(name))


def environment(corner: Corner, folder: Path) -> str:
    """The Python of a new environment with the corner's versions.

    Raises NotAvailable for want of space, Python or network, and CalledProcessError if no versions
    meet what is asked for.
    """
    if shutil.disk_usage(folder).free < GIGABYTES * 1e9:
        raise NotAvailable(f"less than {GIGABYTES} GB are free")
    uv, place = get_uv(folder), folder / "environment"
    if subprocess.run([uv, "venv", "--quiet", "--python", corner.python, str(place)]).returncode:
        raise NotAvailable(f"Python {corner.python}")
    python = str(place / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    install = [uv, "pip", "install", "--quiet", "--python", python, *corner.versions]
    installed = subprocess.run([*install, "-r", "requirements.txt", "-e", ".[test]"], cwd=ROOT)
    if installed.returncode == 2:  # by 1, uv says that no versions go together
        raise NotAvailable("what it installs cannot be downloaded")
    installed.check_returncode()
    return python


def get_uv(folder: Path) -> str:
    """uv, fetched for this time if it is not on PATH; raises NotAvailable."""
    uv, place = shutil.which("uv"), str(folder / "uv")
    fetch = [sys.executable, "-m", "pip", "install", "--quiet", "--target", place, "uv"]
    if uv is None and subprocess.run(fetch).returncode == 0:
        uv = shutil.which("uv", path=os.path.join(place, "bin"))
    if uv is None:
        raise NotAvailable("uv, which makes the environments")
    return uv


def carried_out(corner: Corner, run: Run, python: str, folder: Path) -> Outcome:
    """What comes of a run; what pytest says is shown as it goes."""
    print(f"\n{corner.name}: {run.name}", flush=True)
    report = folder / f"{run.name}.xml"
    places = {"MPLCONFIGDIR": str(folder), "JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter")}
    own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    subprocess.run(
        [python, *PYTEST, f"--junit-xml={report}", *run.tests],
        cwd=ROOT,
        env={**own, **SETTINGS, **places, **run.settings},
    )
    if not report.exists():
        return Outcome(corner.name, run.name, failed=["pytest did not get to its end"])
    return counted(corner, run, ElementTree.parse(report).getroot())


def counted(corner: Corner, run: Run, report: Element) -> Outcome:
    """The outcome that pytest's report tells."""
    cases = list(report.iter("testcase"))
    skipped = [skip for case in cases if (skip := case.find("skipped")) is not None]
    if skipped and len(skipped) == len(cases):
        missing = f"not available here: {skipped[0].get('message')}"
        return Outcome(corner.name, run.name, missing=missing)
    wrong = [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if not {"failure", "error"}.isdisjoint(result.tag for result in case)
    ]
    return Outcome(
        corner.name,
        run.name,
        passed=len(cases) - len(skipped) - len(wrong),
        failed=[test for test in wrong if test not in corner.explained],
        explained={test: why for test, why in corner.explained.items() if test in wrong},
    )


def main(*words: str) -> int:
    """Run the corners whose names contain a word, all without words, and print the table."""
    chosen = [c for c in CORNERS if not words or any(word in c.name for word in words)]
    if not chosen:
        sys.exit(f"The corners are: {', '.join(corner.name for corner in CORNERS)}.")
    outcomes: list[Outcome] = []
    try:
        for outcome in matrix(chosen):
            outcomes.append(outcome)
    finally:  # after Ctrl-C, too
        print("", *outcomes, sep="\n")
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
