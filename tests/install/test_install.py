"""Installing, with real pip and real processes: from small packages that this machine serves.

Each fault is one test: what the learner reads, the exit code, and that the next start works.
"""

import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.install.local_index import Index, write_wheel
from tools import install

REPOSITORY = Path(install.__file__).parents[1]

# What `python course.py …` does, but for a .venv without a copy of pip (that takes seconds).
START = """
import json, os, pkgutil, runpy, shutil, signal, subprocess, sys, time, venv, ensurepip
from pathlib import Path

sys.path.insert(0, os.getcwd())
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job may ignore it
faults = json.loads(os.environ["FAULTS"])
create = venv.create
def with_linked_pip(folder, with_pip, symlinks):
    create(folder, symlinks=symlinks)
    if faults.get("slow venv"):
        print("slow", flush=True)
        time.sleep(60)
    for packages in [*Path(folder).glob("lib/*/site-packages"), Path(folder, "Lib/site-packages")]:
        if packages.exists():
            (packages / "pip.pth").write_text(os.environ["LINKED_PIP"] + os.linesep)
venv.create = with_linked_pip

from tools import install
install.ONE_TRY = [part.replace("10", "1") for part in install.ONE_TRY]  # seconds
install.without_cuda = lambda: faults.get("gpu") is None
if module := faults.get("no module"):
    install.find_spec = lambda name: name != module
if free := faults.get("free"):  # in GB, one look after the other
    usage = shutil.disk_usage("/")
    shutil.disk_usage = lambda _: usage._replace(free=1e9 * (free.pop(0) if free[1:] else free[0]))
if faults.get("nobody"):
    os.setuid(65534)
sys.argv[0] = "course.py"
runpy.run_path("course.py", run_name="__main__")
"""


# A build backend that takes no time: the course as a .pth file, its needs from pyproject.toml.
BACKEND = """
import ast, os, re, zipfile
INFO = "course-1.dist-info"

def get_requires_for_build_editable(settings=None):
    return []

def files():
    text = open("pyproject.toml", encoding="utf-8").read()
    lists = {k: ast.literal_eval(v) for k, v in re.findall(r"(?m)^(\\w+) = (\\[.*\\])", text)}
    lines = ["Metadata-Version: 2.1", "Name: course", "Version: 1", "Provides-Extra: test"]
    lines += [f"Requires-Dist: {need}" for need in lists["dependencies"]]
    lines += [f'Requires-Dist: {need}; extra == "test"' for need in lists["test"]]
    yield f"{INFO}/METADATA", "\\n".join(lines) + "\\n"
    yield f"{INFO}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def prepare_metadata_for_build_editable(folder, settings=None):
    os.mkdir(os.path.join(folder, INFO))
    for name, text in files():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    return INFO

def build_editable(folder, settings=None, metadata=None):
    with zipfile.ZipFile(os.path.join(folder, "course-1-py3-none-any.whl"), "w") as wheel:
        for file, text in [("course.pth", os.getcwd()), *files(), (f"{INFO}/RECORD", "")]:
            wheel.writestr(file, text)
    return "course-1-py3-none-any.whl"
"""

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[needs]
dependencies = ["torch>=2.4", "torchvision", "numpy", "matplotlib", "anywidget", "ipywidgets"]
test = ["pytest>=9"]
"""

CONSTRAINTS = "torch==2.14.1\ntorchvision==0.29.1\nnumpy==2.4.6\npytest==9.2.0\n"

LAB = """
import importlib.metadata, os, sys, helpers, torch
if os.environ.get("LAB_FAILS"):
    sys.exit("ERROR: no available port could be found")
print("JupyterLab opens", *sys.argv[1:], "with torch for", torch.build)
"""
CPU_FAILED = "PyTorch의 CPU 버전을 받지 못해"
NOT_TESTED = "시험해 둔 버전을 여기에는 설치할 수 없어"
NO_NETWORK = "인터넷 연결을 확인하고 다시 실행하세요."
AS_IT_WAS = "새로 바뀐 것 없이 그대로 엽니다."
DAMAGED = ".venv가 망가져 다시 만듭니다."
INSTALLING = "한 번만 설치합니다"


def write_packages(pypi: Path, cpu: Path) -> None:
    """What PyPI and PyTorch's own index have: the tested versions and newer ones."""
    for torch, vision in {"2.14.1": "0.29.1", "2.15.0": "0.30.0"}.items():
        for folder, build in ((pypi, ""), (cpu, "+cpu")):
            text = f"build = {'CPU' if build else 'CUDA'!r}"
            write_wheel(folder, "torch", torch + build, {"torch/__init__.py": text}, "numpy")
            write_wheel(folder, "torchvision", vision + build, needs=f"torch=={torch}")
    for name, version in [
        *(("numpy", version) for version in ("2.4.6", "2.5.0")),
        *((name, "1.0") for name in ("matplotlib", "anywidget", "ipywidgets", "ipykernel")),
        ("setuptools", "80.0"),
    ]:
        write_wheel(pypi, name, version)
    files = {"jupyterlab/__init__.py": "", "jupyterlab/__main__.py": LAB}
    write_wheel(pypi, "jupyterlab", "4.6", files)
    for version in ("9.2.0", "9.3.0"):
        files = {"pytest/__init__.py": "", "pytest/__main__.py": "print('pytest runs')"}
        write_wheel(pypi, "pytest", version, files)


def nobody() -> str:
    """An address at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@dataclass
class Start:
    """How one start of the launcher ended."""

    code: int
    output: str
    errors: str

    @property
    def opened(self) -> bool:
        return self.code == 0 and "JupyterLab opens" in self.output

    @property
    def sentences(self) -> list[str]:
        """What the learner is told: the lines with Hangul in them."""
        return [line for line in self.errors.splitlines() if re.search("[가-힣]", line)]


@dataclass
class Course:
    """A course of a few lines in a folder of its own, with the indexes it installs from."""

    folder: Path
    pypi: Index
    cpu: Index
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def begin(self, *command: str, **faults: object) -> subprocess.Popen[str]:
        """Start it, and do not wait."""
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "COURSE_"))}
        faults = {name.replace("_", " "): fault for name, fault in faults.items()}
        return subprocess.Popen(
            [sys.executable, "start.py", *(command or ["lab"])],
            cwd=self.folder,
            env={
                **plain,
                "PIP_CONFIG_FILE": os.devnull,
                "PIP_INDEX_URL": self.pypi.address,
                "PIP_RETRIES": "0",
                "PIP_NO_CACHE_DIR": "1",
                "NO_PROXY": "*",
                "COURSE_TORCH_INDEX": self.cpu.address,
                **self.environment,
                "FAULTS": json.dumps(faults),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def start(self, *command: str, **faults: object) -> Start:
        process = self.begin(*command, **faults)
        output, errors = process.communicate(timeout=120)
        return Start(process.returncode, output, errors)

    def unplug(self) -> None:
        """No network: from now on, nothing is answered by either index."""
        self.environment.update(PIP_INDEX_URL=nobody(), COURSE_TORCH_INDEX=nobody())

    def plug_in(self) -> None:
        self.environment.clear()

    def edit(self, old: str, new: str) -> None:
        path = self.folder / "pyproject.toml"
        path.write_text(path.read_text().replace(old, new))

    def installed(self) -> set[str]:
        """Names and versions of what is in .venv, without the launcher's own."""
        found = {path.name for path in self.venv.glob("[Ll]ib/**/*.dist-info")}
        return {name.removesuffix(".dist-info") for name in found}

    def package(self, name: str) -> Path:
        return next(self.venv.glob(f"[Ll]ib/**/site-packages/{name}"))


@pytest.fixture(scope="module")
def pip_folder(tmp_path_factory) -> Path:
    """The pip of these tests, for every .venv made here."""
    folder = tmp_path_factory.mktemp("pip")
    source = Path(importlib.util.find_spec("pip").origin).parent
    for path in [source, *source.parent.glob("pip-*.dist-info")]:
        shutil.copytree(path, folder / path.name)
    return folder


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> SimpleNamespace:
    """Where the course stands in every test, and what is kept of it from one to the next."""
    folder = tmp_path_factory.mktemp("install")
    return SimpleNamespace(course=folder / "내 수업 (1)", ready=folder / "ready")


@pytest.fixture
def course(tmp_path, places, pip_folder, monkeypatch) -> Iterator[Course]:
    """A course that nobody has started yet, and indexes that have what it needs."""
    monkeypatch.setenv("LINKED_PIP", str(pip_folder))
    for folder in (tmp_path / "pypi", tmp_path / "cpu"):
        folder.mkdir()
    write_packages(tmp_path / "pypi", tmp_path / "cpu")
    with Index(tmp_path / "pypi") as pypi, Index(tmp_path / "cpu") as cpu:
        course = Course(places.course, pypi, cpu)
        for name, text in {
            "start.py": START,
            "backend.py": BACKEND,
            "pyproject.toml": PYPROJECT,
            "constraints.txt": CONSTRAINTS,
            "requirements.txt": "jupyterlab>=4.2\nipykernel\n-e .\n",
            "helpers/plots/__init__.py": "",
            "notebooks/10-1.ipynb": "{}",
        }.items():
            (course.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (course.folder / name).write_text(text, encoding="utf-8")
        for name in ("course.py", "tools/__init__.py", "tools/install.py"):
            (course.folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(REPOSITORY / name, course.folder / name)
        yield course
        shutil.rmtree(course.folder)


@pytest.fixture
def installed(course, places) -> Course:
    """The same course after its first start; the .venv holds a file that only this .venv has."""
    if not places.ready.exists():
        assert course.start().opened
        shutil.copytree(course.venv, places.ready, symlinks=True)
    else:
        shutil.copytree(places.ready, course.venv, symlinks=True)
    (course.venv / "the same").touch()
    course.pypi.asked.clear()
    return course


def same(course: Course) -> bool:
    """Whether .venv is still the one of `installed`, and no other lies about."""
    return (course.venv / "the same").exists() and not (course.folder / ".venv-old").exists()


def test_the_first_start_installs_the_tested_versions_and_the_second_asks_nobody(course):
    first = course.start("lab", "--no-browser")
    assert first.opened, first
    assert "JupyterLab opens --allow-root notebooks/10-1.ipynb --no-browser" in first.output
    assert "with torch for CPU" in first.output
    assert {"torch-2.14.1+cpu", "torchvision-0.29.1+cpu", "numpy-2.4.6"} <= course.installed()
    assert len(first.sentences) == 1 and INSTALLING in first.sentences[0]
    course.unplug()
    second = course.start()
    assert second.opened and second.errors == ""


def test_with_an_nvidia_gpu_torch_comes_from_pypi_at_once(course):
    start = course.start(gpu=True)
    assert start.opened and "with torch for CUDA" in start.output
    assert course.cpu.asked == [] and CPU_FAILED not in start.errors


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("machine", ["x86_64", "aarch64", "riscv64"])
@pytest.mark.parametrize("driver", ["", "nvidia-smi"])
def test_pytorch_s_own_index_is_for_linux_without_a_gpu(monkeypatch, platform, machine, driver):
    monkeypatch.setattr(install.sys, "platform", platform)
    monkeypatch.setattr(install.platform, "machine", lambda: machine)
    monkeypatch.setattr(install.shutil, "which", lambda name: driver if name == driver else None)
    expected = platform == "linux" and machine != "riscv64" and not driver
    assert install.without_cuda() == (expected and not Path("/proc/driver/nvidia").exists())
    monkeypatch.setattr(install, "CPU_INDEX", "")
    assert not install.without_cuda()


def test_where_pytorch_s_own_index_is_dead_pypi_is_next_and_that_is_said(course):
    course.environment["COURSE_TORCH_INDEX"] = nobody()
    start = course.start()
    assert start.opened and "with torch for CUDA" in start.output
    assert [CPU_FAILED in sentence for sentence in start.sentences] == [False, True]


@pytest.mark.parametrize("fault", ["", "500", "404", "portal", "hangs", "torn"])
def test_pytorch_s_own_index_is_given_up_at_once_where_it_fails(installed, monkeypatch, fault):
    for name in ("torch", "torchvision"):
        for path in installed.package(name).parent.glob(f"{name}[-_]*"):
            shutil.rmtree(path)
    for name, value in {
        "ROOT": installed.folder,
        "CONSTRAINTS": installed.folder / "constraints.txt",
        "PYTHON": installed.venv / install.PYTHON.relative_to(install.VENV),
        "CPU_INDEX": installed.cpu.address,
        "ONE_TRY": [part.replace("10", "1") for part in install.ONE_TRY],
    }.items():
        monkeypatch.setattr(install, name, value)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    installed.cpu.asked.clear()
    if fault == "hangs":
        installed.cpu.hangs_at = "/torch/"
    elif fault == "torn":
        wheel = next(installed.cpu.folder.glob("torch-2.14*"))
        wheel.write_bytes(wheel.read_bytes()[:-40])
    else:
        installed.cpu.answer = fault
    assert install.get_cpu_torch(tested=True) == (fault == "")
    assert len(installed.cpu.asked) == {"": 4, "torn": 2}.get(fault, 1)  # no second try


def test_where_the_tested_versions_are_gone_others_are_installed_and_that_is_said(course):
    for wheel in course.pypi.folder.glob("numpy-2.4*"):
        wheel.unlink()
    start = course.start()
    assert start.opened and NOT_TESTED in start.sentences[-1]
    # what there is of the tested versions stays
    assert {"torch-2.14.1+cpu", "numpy-2.5.0"} <= course.installed()


def test_without_network_the_first_start_says_so_and_the_next_works(course):
    course.unplug()
    start = course.start()
    assert start.code == 1 and NO_NETWORK in start.sentences[-1]
    course.plug_in()
    assert course.start().opened


def test_without_network_a_comment_in_pyproject_costs_nothing(installed):
    installed.unplug()
    installed.edit("[needs]", "# a comment\n[needs]")
    start = installed.start()
    assert start.opened and start.errors == "" and same(installed)


def test_without_network_a_moved_folder_opens(installed, places):
    installed.unplug()
    installed.folder = installed.folder.rename(places.course.with_name("옮긴 수업"))
    start = installed.start()
    assert start.opened and start.errors == "" and same(installed)
    assert str(installed.folder) in installed.package("course.pth").read_text()


def test_without_network_a_working_venv_opens_although_it_cannot_be_updated(installed):
    before = installed.installed()
    installed.unplug()
    installed.edit("torch>=2.4", "torch>=2.15")
    start = installed.start()
    assert start.opened and AS_IT_WAS in start.sentences[-1]
    assert same(installed) and installed.installed() == before


def test_a_new_requirement_is_added_and_nothing_else_changes(installed):
    write_wheel(installed.pypi.folder, "extra", "1.0")
    installed.edit('"numpy"', '"numpy", "extra"')
    before = installed.installed()
    start = installed.start()
    assert start.opened and same(installed)
    assert installed.installed() == before | {"extra-1.0"}


def test_a_raised_requirement_replaces_venv_and_keeps_its_extras(installed):
    assert installed.start("test", "-k", "lab").code == 0
    installed.edit('"numpy"', '"numpy>=2.5"')
    (installed.folder / "constraints.txt").write_text(CONSTRAINTS.replace("2.4.6", "2.5.0"))
    start = installed.start()
    assert start.opened and INSTALLING in start.sentences[-1]
    assert {"torch-2.14.1+cpu", "numpy-2.5.0", "pytest-9.2.0"} <= installed.installed()
    assert not (installed.venv / "the same").exists()
    assert not (installed.folder / ".venv-old").exists()


def test_versions_installs_the_newest_and_writes_them_down_when_they_pass(installed):
    (installed.folder / "tools" / "versions.py").write_text("print('written down')")
    start = installed.start("versions", "-k", "lab")
    assert (start.code, start.output.splitlines()[-2:]) == (0, ["pytest runs", "written down"])
    assert {"torch-2.15.0+cpu", "numpy-2.5.0", "pytest-9.3.0"} <= installed.installed()
    installed.unplug()
    assert installed.start().errors == ""


def test_the_extra_of_the_tests_is_added_and_a_lab_does_not_take_it_away(installed):
    start = installed.start("test", "-k", "lab")
    assert (start.code, start.output.splitlines()[-1]) == (0, "pytest runs") and same(installed)
    assert "pytest-9.2.0" in installed.installed()
    installed.unplug()
    assert installed.start().errors == "" == installed.start("test", "-k", "lab").errors


def test_without_network_the_extra_of_the_tests_is_missed_and_lab_goes_on(installed):
    installed.unplug()
    start = installed.start("test")
    assert start.code == 1 and "test에 필요한 것을 설치하지 못했습니다" in start.sentences[-1]
    assert installed.start().opened and same(installed)


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_a_damaged_venv_is_named_and_repaired(installed, left):
    shutil.rmtree(installed.package("jupyterlab"))
    if left == "an empty folder":
        installed.package("torch").with_name("jupyterlab").mkdir()
    installed.unplug()
    start = installed.start()
    assert start.code == 1 and DAMAGED in start.sentences[0] and NO_NETWORK in start.sentences[-1]
    installed.plug_in()
    start = installed.start()
    assert start.opened and DAMAGED in start.sentences[0]
    assert installed.start().errors == ""


def test_a_venv_whose_python_is_gone_is_repaired(installed):
    for python in installed.venv.glob("bin/python*"):
        python.unlink()
    start = installed.start()
    assert start.opened and DAMAGED in start.sentences[0]


def test_damage_that_only_shows_when_jupyterlab_starts_is_named_and_repaired_next_time(installed):
    (installed.package("ipywidgets") / "__init__.py").write_text("import ipywidgets.gone")
    (installed.package("jupyterlab") / "__main__.py").write_text("import ipywidgets")
    start = installed.start()
    assert start.code == 1 and ".venv가 망가졌습니다." in start.sentences[-1]
    assert installed.start().opened


def test_when_jupyterlab_fails_for_its_own_reasons_venv_is_left_alone(installed):
    installed.environment["LAB_FAILS"] = "yes"
    start = installed.start()
    assert start.code == 1 and "no available port" in start.errors
    assert "JupyterLab이 오류로 끝났습니다." in start.sentences[-1] and same(installed)


def test_what_is_installed_but_does_not_start_is_said(course):
    write_wheel(course.pypi.folder, "ipywidgets", "1.0", {"ipywidgets/__init__.py": "1 / 0"})
    start = course.start()
    assert start.code == 1 and "설치했지만 시작되지 않습니다." in start.sentences[-1]


def test_a_venv_that_somebody_else_made_is_taken_as_it_is_if_it_will_do(installed):
    (installed.venv / "course-ready").unlink()
    installed.unplug()
    start = installed.start()
    assert start.opened and start.errors == "" and same(installed)


def test_a_venv_that_somebody_else_made_comes_back_if_no_better_can_be_made(course):
    (course.venv / "notes").mkdir(parents=True)
    course.unplug()
    assert course.start().code == 1
    assert (course.venv / "notes").exists()


STAGES = {
    "making .venv": "",
    "looking for the network": "/setuptools/",
    "torch for CPU": "/torch-2.14",
    "the rest": "/numpy-2.5",
}


def broken_off(course: Course, stage: str, end: signal.Signals) -> Start:
    """A start that is ended while it works on that stage, with all that it has started."""
    index = course.cpu if "torch" in stage else course.pypi
    index.hangs_at = STAGES[stage] or "nothing"
    process = course.begin(**({} if STAGES[stage] else {"slow_venv": True}))
    if STAGES[stage]:
        assert index.hanging.wait(120)
    else:
        assert "slow\n" in process.stdout
    os.killpg(process.pid, end)
    output, errors = process.communicate(timeout=30)
    index.hangs_at = "nothing"
    return Start(process.returncode, output, errors)


@pytest.mark.skipif(os.name == "nt", reason="groups of processes end differently on Windows")
@pytest.mark.parametrize(
    "stage, end",
    [
        ("making .venv", "SIGKILL"),
        ("looking for the network", "SIGINT"),
        ("torch for CPU", "SIGKILL"),
        ("the rest", "SIGKILL"),
        ("the rest", "SIGINT"),
    ],
)
def test_a_replacement_broken_off_leaves_the_venv_before(installed, stage, end):
    installed.edit('"numpy"', '"numpy>=2.5"')
    start = broken_off(installed, stage, signal.Signals[end])
    assert start.code
    if end == "SIGINT":
        assert "멈췄습니다." in start.sentences[-1] and same(installed)
    installed.unplug()
    start = installed.start()
    assert start.opened and AS_IT_WAS in start.sentences[-1] and same(installed)


@pytest.mark.skipif(os.name == "nt", reason="groups of processes end differently on Windows")
@pytest.mark.parametrize("stage", ["making .venv", "the rest"])
def test_a_first_start_that_was_killed_is_begun_again(course, stage):
    (course.folder / "constraints.txt").write_text("")
    for _ in range(2):
        broken_off(course, stage, signal.SIGKILL)
        assert not (course.folder / ".venv-old").exists()  # there is nothing to keep
    assert course.start().opened


@pytest.mark.parametrize("finished", [True, False, None])
def test_killed_between_two_renamings_the_right_venv_stays(installed, finished):
    installed.unplug()
    if finished:
        shutil.copytree(installed.venv, installed.folder / ".venv-old", symlinks=True)
    else:
        installed.venv.rename(installed.folder / ".venv-old")
    if finished is False:
        installed.venv.mkdir()
    start = installed.start()
    assert start.opened and start.errors == "" and same(installed)


def test_two_windows_do_not_install_at_once(course):
    course.pypi.hangs_at = "/jupyterlab/"
    first = course.begin()
    assert course.pypi.hanging.wait(60)
    second = course.start()
    assert second.code == 1 and "다른 창에서 설치하고 있습니다." in second.sentences[-1]
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    course.pypi.hangs_at = "nothing"
    assert course.start().opened


@pytest.mark.skipif(os.name == "nt", reason="rights are others on Windows")
def test_a_folder_that_cannot_be_written_is_named(course):
    """Root may write anywhere, and so becomes nobody once Python has started."""
    closed = [path for path in course.folder.parents if not path.stat().st_mode & 0o001]
    before = {path: path.stat().st_mode for path in (course.folder, *closed)}
    for path in closed:
        path.chmod(0o755)
    course.folder.chmod(0o555)
    start = course.start(nobody=os.getuid() == 0)
    for path, mode in before.items():
        path.chmod(mode)
    assert start.code == 1 and "여기에 쓸 수 없습니다." in start.sentences[-1]
    assert str(course.folder) in start.sentences[-1]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_says_what_to_install(course, module):
    start = course.start(no_module=module)
    assert start.code == 1 and "python3-venv" in start.sentences[-1] and not course.venv.exists()


def test_too_little_disk_is_said_before_anything_is_made(course):
    start = course.start(free=[1])
    assert start.code == 1 and "2.5 GB" in start.sentences[-1] and not course.venv.exists()
    start = course.start(free=[3], gpu=True)
    assert start.code == 1 and "12 GB" in start.sentences[-1] and not course.venv.exists()


def test_too_little_disk_for_cuda_is_said_before_it_is_downloaded(course):
    course.cpu.answer = "404"
    start = course.start(free=[3])
    assert start.code == 1
    assert CPU_FAILED in start.sentences[-2] and "12 GB" in start.sentences[-1]
    assert not any("torch" in path for path in course.pypi.asked)


def test_a_disk_that_fills_up_while_installing_is_named(installed):
    installed.edit("torch>=2.4", "torch>=2.15")
    wheel = next(installed.pypi.folder.glob("numpy-2.5*"))
    wheel.write_bytes(wheel.read_bytes()[:-40])
    start = installed.start(free=[99, 0.1])
    assert start.opened and same(installed)
    assert AS_IT_WAS in start.sentences[-1] and "디스크" in start.sentences[-1]


def test_what_builds_the_course_is_what_pyproject_names():
    assert f'requires = ["{install.BUILD}"]' in (REPOSITORY / "pyproject.toml").read_text()
