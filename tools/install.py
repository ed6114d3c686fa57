"""Make .venv what the course needs, with the standard library alone: `course.py` calls this.

A .venv that works is never lost: what may fail happens beside it or adds to it, and without a
network it is used as it is. What was begun and broken off, the next start takes up again.
"""

import errno
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
ASIDE = ROOT / ".venv-old"  # the .venv before, until its replacement works
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "course-ready"  # what .venv was made for, and its extras; or that it is UNFINISHED
UNFINISHED = ["unfinished"]
# JupyterLab is not to ask a class about news and updates.
SETTINGS = VENV / "share/jupyter/lab/settings/overrides.json"
QUIET = {"checkForUpdates": False, "fetchNews": "false"}

# Not compiled: most of the 13,000 files are never imported, and Python compiles those that are.
INSTALL = (
    *("-m", "pip", "install", "--disable-pip-version-check"),
    *("--no-build-isolation", "--no-compile"),
)
BUILD = "setuptools>=77"  # as in pyproject.toml; in .venv, so that building fetches nothing
CONSTRAINTS = ROOT / "constraints.txt"  # the versions that `python course.py versions` found good
PINS = ("-c", CONSTRAINTS.name)
MODULES = ("torch", "torchvision", "numpy", "matplotlib", "anywidget", "ipywidgets", "jupyterlab")
IMPORTS = "import torch, torchvision, jupyterlab, ipywidgets, anywidget"

# On Linux, PyPI's torch brings CUDA; PyTorch's own index has the same versions without it.
PYTORCH = "https://download.pytorch.org/whl/cpu"
CPU_INDEX = os.environ.get("COURSE_TORCH_INDEX", PYTORCH)  # a school's mirror; "" for none
ONE_TRY = ("--retries", "0", "--timeout", "10")
SMALL_GB, CUDA_GB = 2.5, 12  # to have free: .venv is half of it, the rest is what pip downloads
SMALL, CUDA = "0.4 GB, 3분쯤 / about 3 minutes", "3.2 GB, 10분쯤 / about 10 minutes"

OFFLINE = (
    "설치할 것을 받을 수 없습니다. 인터넷 연결을 확인하고 다시 실행하세요. / "
    "Nothing can be downloaded: check the network, then run this again."
)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def run(*command: str, stdout: int | IO | None = None, stderr: int | None = None) -> int:
    """Run the Python of .venv; the child handles Ctrl-C (JupyterLab asks before it stops)."""
    child = subprocess.Popen([str(PYTHON), *command], cwd=ROOT, stdout=stdout, stderr=stderr)
    interrupted = False
    while child.returncode is None:
        try:
            child.wait()
        except KeyboardInterrupt:
            interrupted = True
    if interrupted and child.returncode:
        raise KeyboardInterrupt
    return child.returncode


def succeeds(*command: str, stdout: int | None = subprocess.DEVNULL) -> bool:
    """Whether a command that may well fail does not; what it says against that is not shown."""
    return run(*command, stdout=stdout, stderr=subprocess.DEVNULL) == 0


def stamp() -> list[str]:
    return STAMP.read_text().split() if STAMP.exists() else []


def works() -> bool:
    """Whether .venv has what a lesson imports; nothing is imported for that (0.1 s)."""
    look = "import sys, importlib.util as u; sys.exit(not all(getattr(u.find_spec(m), 'origin', 0)"
    return (
        PYTHON.exists()
        and stamp() != UNFINISHED
        and succeeds("-I", "-c", f"{look} for m in sys.argv[1:]))", *MODULES)
    )


def examine() -> int:
    """After JupyterLab failed: a .venv that cannot import what it has is to be made anew."""
    if run("-c", IMPORTS):
        STAMP.write_text(*UNFINISHED)
        sys.exit(
            ".venv가 망가졌습니다. 다시 실행하면 새로 설치합니다. / "
            ".venv is damaged: run this again to have it made anew."
        )
    sys.exit("JupyterLab이 오류로 끝났습니다. 위를 보세요. / JupyterLab failed: see above.")


def needs(gigabytes: float) -> None:
    if shutil.disk_usage(ROOT).free < gigabytes * 1e9:
        sys.exit(f"디스크 공간이 모자랍니다. / Too little disk space: {gigabytes} GB are needed.")


def requirements(extras: list[str]) -> list[str]:
    return ["-r", "requirements.txt", *(["-e", f".[{','.join(extras)}]"] if extras else [])]


def online() -> bool:
    """Whether pip gets anything at all, from whichever index or folder it is told to use."""
    with tempfile.TemporaryDirectory() as folder:
        return succeeds("-m", "pip", "download", "--retries", "2", "--no-deps", "-d", folder, BUILD)


def add(extras: list[str]) -> bool:
    """Whether what is missing could be added to .venv with nothing changed that is there."""
    say("빠진 것을 설치합니다. / Installing what is missing.")
    present = VENV / "present.txt"
    with present.open("w") as file:
        run("-m", "pip", "list", "--format=freeze", "--exclude-editable", stdout=file)
    return succeeds(*INSTALL, *PINS, "-c", str(present), *requirements(extras), stdout=None)


def without_cuda() -> bool:
    """Whether this is a Linux without an NVIDIA GPU: PyTorch has wheels a tenth the size for it."""
    gpu = Path("/proc/driver/nvidia").exists() or shutil.which("nvidia-smi") is not None
    known = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
    return known and not gpu and CPU_INDEX != ""


def get_cpu_torch(tested: bool) -> bool:
    """Whether torch came from PyTorch's own index: at one try, the next index is not far."""
    names = ["torch", "torchvision"]
    if tested:
        pins = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
        names = [pin for pin in pins if pin.split("==")[0] in names] or names
    return succeeds(*INSTALL, "--index-url", CPU_INDEX, *ONE_TRY, "--no-deps", *names, stdout=None)


def fill(extras: list[str], tested: bool) -> None:
    """Install everything into an empty .venv: the tested versions or else what the ranges allow."""
    if run(*INSTALL, "--retries", "2", BUILD, stderr=subprocess.DEVNULL):
        sys.exit(OFFLINE)
    for pins in [PINS, ()] if tested else [()]:
        if without_cuda() and not get_cpu_torch(tested=bool(pins)):
            say(
                "PyTorch의 CPU 버전을 받지 못해 CUDA 버전을 받습니다. / "
                f"PyTorch's CPU version cannot be had: the one with CUDA is taken. ({CUDA})"
            )
            needs(CUDA_GB)
        errors = subprocess.DEVNULL if pins else None
        if run(*INSTALL, *pins, *requirements(extras), stderr=errors) == 0:
            break
        if pins:
            say(
                "시험해 둔 버전을 여기에는 설치할 수 없어 다른 버전을 설치합니다. / "
                "The tested versions cannot be had here: others are installed."
            )
    else:
        needs(0.5)  # or else it was the network
        sys.exit(
            "설치를 마치지 못했습니다. 인터넷 연결을 확인하고 다시 실행하세요. / "
            "Installing did not finish: check the network, then run this again."
        )
    if run("-c", f"{IMPORTS}, helpers.plots"):
        sys.exit("설치했지만 시작되지 않습니다. / Installed, but it does not start: see above.")


def replace(extras: list[str], tested: bool) -> None:
    """Make .venv anew at its place; the one before waits beside it and comes back on failure."""
    if not (find_spec("venv") and find_spec("ensurepip")):
        sys.exit(
            "venv 모듈이 없습니다. / Python's venv module is missing: "
            "on Debian or Ubuntu, `sudo apt install python3-venv`."
        )
    import venv

    if stamp() == UNFINISHED:
        shutil.rmtree(VENV)
    cuda = sys.platform == "linux" and not without_cuda()
    say(f"한 번만 설치합니다. / Installing, once. ({CUDA if cuda else SMALL})")
    needs(CUDA_GB if cuda else SMALL_GB)
    if VENV.exists():
        VENV.rename(ASIDE)
    try:
        VENV.mkdir()
        STAMP.write_text(*UNFINISHED)
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
        fill(extras, tested)
    except BaseException:  # Ctrl-C as well
        put_back()
        raise


def put_back() -> None:
    """End a replacement: the new .venv stays if it is finished, or else the one before."""
    if ASIDE.exists():
        finished = stamp() not in ([], UNFINISHED)
        shutil.rmtree(ASIDE if finished else VENV, ignore_errors=True)
        if not finished:
            ASIDE.rename(VENV)


def alone() -> IO:
    """A lock while something is installed: two windows must not write into one .venv."""
    file = (ROOT / ".venv.lock").open("w")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):  # others: a disk that knows no locks
            sys.exit("다른 창에서 설치하고 있습니다. / Another window is installing: wait for it.")
    return file


def set_up(extra: str = "", tested: bool = True) -> None:
    """Install what is missing, once: again only when the requirements or the folder change."""
    sources = [(ROOT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    want = hashlib.sha256(b"".join([*sources, str(ROOT).encode()])).hexdigest()
    ready = stamp()[:1] == [want] and extra in ["", *stamp()] and works()
    if ready and tested and not ASIDE.exists():
        return
    try:
        with alone():
            put_back()
            extras = sorted({extra, *stamp()[1:]} - {""})
            update(extras, tested)
            SETTINGS.parent.mkdir(parents=True, exist_ok=True)
            SETTINGS.write_text(json.dumps({"@jupyterlab/apputils-extension:notification": QUIET}))
            STAMP.write_text(" ".join([want, *extras]))
            put_back()
    except (OSError, SystemExit) as problem:
        if not tested or not works():
            raise
        if extra not in ["", *stamp()]:
            sys.exit(
                f"{extra}에 필요한 것을 설치하지 못했습니다 (lab은 열립니다). / "
                f"What `{extra}` needs could not be installed (`lab` opens): {problem}"
            )
        say(f"새로 바뀐 것 없이 그대로 엽니다. / Opened as it was, not updated: {problem}")


def update(extras: list[str], tested: bool) -> None:
    """Bring .venv up to date in the gentlest way: as it is, or with additions, or made anew."""
    good = works()
    if not good and stamp() not in ([], UNFINISHED):
        say(".venv가 망가져 다시 만듭니다. / .venv is damaged: it is made anew.")
    if good and tested and succeeds(*INSTALL, "--no-index", *requirements(extras)):
        return
    if good and not online():
        sys.exit(OFFLINE)
    if not (good and tested and add(extras)):
        replace(extras, tested)
