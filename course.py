# coding: utf-8  # noqa: UP009 - Python 2 is to read this file far enough to say no
"""Regularization, the course. One command sets everything up, once, and then does its job:

    python course.py lab        open the lessons in JupyterLab
    python course.py test       check everything, as CI does; with arguments: pytest with them
                                (-m fast -n 2: what needs no browser and few trainings)
    python course.py refresh    execute the notebooks (10-3: only that one) and save them clean
    python course.py site       build the pages in site/ (10-3: only that one), whose labs move
                                without a kernel
    python course.py versions   install the newest versions, check everything with them, and
                                write them down as the ones that everybody gets (constraints.txt)

What follows is passed on: `python course.py lab --no-browser`, `python course.py test -k lab`.
"""

import errno
import os
import sys

# Each command, and what it needs beside the course itself.
COMMANDS = {"lab": "", "test": "test", "refresh": "", "site": "site", "versions": "test"}
CHECKS = [
    "ruff check",
    "ruff format --check --quiet",
    "mypy",
    # Two workers, a file at a time, in the order of tests/conftest.py: what takes longest first.
    "pytest -n 2 --dist loadfile --no-loadscope-reorder"
    " --nbval --nbval-current-env tests notebooks",
]

STOPPED = "멈췄습니다. 다시 실행하면 이어집니다. / Stopped: run it again."


def main(command="", *args):
    if command not in COMMANDS:
        sys.exit(__doc__)
    if sys.version_info < (3, 10):  # noqa: UP036
        sys.exit("Python 3.10 이상이 필요합니다. / Python 3.10 or newer is needed.")
    from tools import install  # only now: an older Python could not even read it

    os.environ.update(
        OMP_NUM_THREADS="1",
        PYTHONUTF8="1",
        MPLCONFIGDIR=str(install.VENV / "matplotlib"),
        JUPYTER_CONFIG_PATH=str(install.ROOT / ".jupyter"),
    )
    install.set_up(COMMANDS[command], tested=command != "versions")
    if command == "lab":
        first = min(path.name for path in (install.ROOT / "notebooks").glob("*.ipynb"))
        code = install.run("-m", "jupyterlab", "--allow-root", "notebooks/" + first, *args)
        return install.examine() if code else 0
    os.environ["COURSE_MNIST"] = "off"
    if command in ("refresh", "site"):
        return install.run("-m", "tools." + command, *args)
    checks = [["pytest"] + list(args)] if args else [check.split() for check in CHECKS]  # noqa: RUF005
    failed = max([install.run("-m", *check) for check in checks], key=abs)
    return failed or (install.run("-m", "tools.versions") if command == "versions" else 0)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except OSError as error:  # by number: Python 2 knows no PermissionError
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            sys.exit("여기에 쓸 수 없습니다. / Cannot write here: " + str(error.filename))
        if error.errno == errno.ENOSPC:
            sys.exit("디스크가 가득 찼습니다. / The disk is full.")
        sys.exit(STOPPED + " (" + repr(error) + ")")
