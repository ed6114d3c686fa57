#!/usr/bin/env python3
"""Start a learner's Jupyter server on lessons of their own.

A hub runs this as the learner, in place of `jupyterhub-singleuser`. A lesson that the learner does
not have yet is copied from the course; one that they have stays as they left it.
"""

import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COURSE = HERE.parents[1]
LESSONS, OWN = COURSE / "notebooks", Path.home() / "regularization"
ORIGINAL = OWN / "원본"  # the lessons as the course has them; a learner can only read them
ENVIRONMENT = {
    "JUPYTER_CONFIG_PATH": f"{HERE}{os.pathsep}{COURSE / '.jupyter'}",
    "OMP_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}


def copy_missing(lessons: Path, own: Path) -> None:
    """Copy each file that is not there yet, whole or not at all."""
    for path in sorted(lessons.rglob("*")):
        copy = own / path.relative_to(lessons)
        if path.is_file() and not copy.exists() and ".ipynb_checkpoints" not in path.parts:
            copy.parent.mkdir(parents=True, exist_ok=True)
            part = copy.with_name(f"{copy.name}.part")
            shutil.copyfile(path, part)  # without its mode: the course may be read-only
            part.rename(copy)


if __name__ == "__main__":
    copy_missing(LESSONS, OWN)
    if not ORIGINAL.is_symlink():
        ORIGINAL.symlink_to(LESSONS)
    os.environ.update(ENVIRONMENT)
    os.execvp("jupyterhub-singleuser", ["jupyterhub-singleuser", *sys.argv[1:]])
