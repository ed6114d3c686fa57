"""Regularization, the course. One command sets everything up, once, and then does its job:

    python course.py lab        open the lessons in JupyterLab
    python course.py test       check everything, as CI does; with arguments: pytest with them
                                (-m fast -n 2: what needs no browser and few trainings)
    python course.py refresh    execute the notebooks (10-3: only that one) and save them clean

What follows is passed on: `python course.py lab --no-browser`, `python course.py test -k lab`.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "course-ready"  # what is installed; "unfinished" while something is
NEEDED_GB = 7 if sys.platform.startswith("linux") else 2  # Linux wheels of torch bring CUDA
# JupyterLab is not to ask a class about news and updates.
SETTINGS = VENV / "share/jupyter/lab/settings/overrides.json"
QUIET = {"checkForUpdates": False, "fetchNews": "false"}
CHECKS = [
    "ruff check",
    "ruff format --check --quiet",
    "mypy",
    # Two workers, a file at a time, in the order of tests/conftest.py: what takes longest first.
    "pytest -n 2 --dist loadfile --no-loadscope-reorder"
    " --nbval --nbval-current-env tests notebooks",
]


def run(*command):
    """Run the Python of .venv; the child handles Ctrl-C (JupyterLab asks before it stops)."""
    child, interrupted = subprocess.Popen([str(PYTHON), *command], cwd=str(ROOT)), False
    while child.returncode is None:
        try:
            child.wait()
        except KeyboardInterrupt:
            interrupted = True
    if interrupted and child.returncode:
        raise KeyboardInterrupt
    return child.returncode


def make_venv():
    """An empty .venv, whatever was there before."""
    if not (find_spec("venv") and find_spec("ensurepip")):
        sys.exit(
            "venv 모듈이 없습니다. / Python's venv module is missing: "
            "on Debian or Ubuntu, `sudo apt install python3-venv`."
        )
    import venv

    shutil.rmtree(str(VENV), ignore_errors=True)
    if shutil.disk_usage(str(ROOT)).free < NEEDED_GB * 1e9:
        sys.exit(f"디스크 공간이 모자랍니다. / Too little disk space: {NEEDED_GB} GB are needed.")
    venv.create(str(VENV), clear=True, with_pip=True, symlinks=os.name != "nt")


def set_up(extra):
    """Install what is missing, once: again only when the requirements or the folder change."""
    sources = [(ROOT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml")]
    want = hashlib.sha256(b"".join([*sources, str(ROOT).encode()])).hexdigest()
    have = STAMP.read_text().split() if STAMP.exists() else []
    works = PYTHON.exists() and run("-c", "import pip") == 0
    if works and have[:1] == [want] and extra in ["", *have]:
        return
    print("한 번만 설치합니다 (몇 분). / Installing, once: a few minutes.", file=sys.stderr)
    if not works or have == ["unfinished"]:
        make_venv()
    STAMP.write_text("unfinished")
    pip = ["-m", "pip", "install", "--disable-pip-version-check"]
    if (
        run(*pip, "-r", "requirements.txt")
        or (extra and run(*pip, "-e", f".[{extra}]"))
        or run("-c", "import torch, jupyterlab, ipywidgets, matplotlib.font_manager, helpers")
    ):
        sys.exit(
            "설치를 마치지 못했습니다. 인터넷 연결을 확인하고 다시 실행하세요. / "
            "Installing did not finish: check network and disk, then run this again."
        )
    SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    SETTINGS.write_text(json.dumps({"@jupyterlab/apputils-extension:notification": QUIET}))
    STAMP.write_text(f"{want} {extra}")


def main(command="", *args):
    if command not in ("lab", "test", "refresh"):
        sys.exit(__doc__)
    if sys.version_info < (3, 10):  # noqa: UP036
        sys.exit("Python 3.10 이상이 필요합니다. / Python 3.10 or newer is needed.")
    os.environ.update(
        OMP_NUM_THREADS="1",
        PYTHONUTF8="1",
        MPLCONFIGDIR=str(VENV / "matplotlib"),
        JUPYTER_CONFIG_PATH=str(ROOT / ".jupyter"),
    )
    set_up("test" if command == "test" else "")
    if command == "lab":
        first = min(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
        return run("-m", "jupyterlab", "--allow-root", f"notebooks/{first}", *args)
    os.environ["COURSE_MNIST"] = "off"
    if command == "refresh":
        return run("-m", "tools.refresh", *args)
    if args:
        return run("-m", "pytest", *args)
    return max([run("-m", *check.split()) for check in CHECKS], key=abs)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (KeyboardInterrupt, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"멈췄습니다. 다시 실행하면 이어집니다. / Stopped: run it again. ({error!r})")
