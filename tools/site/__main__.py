"""Builds the static site: `python -m tools.site [10-3 …] [--to folder]`, all lessons by default."""

import argparse
import os
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from nbformat import NotebookNode

from tools.refresh import Unclean, lessons
from tools.site.kernel import ROOT, executed
from tools.site.lesson import Lesson
from tools.site.page import Site

KERNELS = 2  # at a time; a sweep of trainings keeps more than one core busy


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=__doc__)
    parser.add_argument("prefixes", nargs="*", metavar="10-3")
    parser.add_argument("--to", type=Path, default=ROOT / "site", metavar="folder")
    options = parser.parse_args(arguments)
    os.environ["COURSE_MNIST"] = "off"  # what is recorded must not depend on a download
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        chosen = lessons(*options.prefixes)
    except Unclean as error:
        sys.exit(str(error))
    site = Site(options.to, [Lesson.read(path) for path in lessons()])
    site.write_index()
    # A process each, because nbclient stops its kernel at Ctrl-C in a main thread only.
    with ProcessPoolExecutor(KERNELS, get_context("spawn")) as kernels:
        # The later lessons have the larger labs: they start first.
        due = [lesson for lesson in reversed(site.lessons) if lesson.path in chosen]
        jobs = {lesson.path: kernels.submit(executed, lesson.path) for lesson in due}
        try:
            failed = [lesson for lesson in due if not written(site, lesson, jobs[lesson.path])]
        except KeyboardInterrupt:
            kernels.shutdown(cancel_futures=True)
            raise
    sys.exit(bool(failed))


def written(site: Site, lesson: Lesson, job: Future[NotebookNode]) -> bool:
    """Write the page of a lesson once it is executed; if that fails, say why."""
    try:
        weight = site.write(replace(lesson, notebook=job.result()))
    except Unclean as error:
        print(lesson.path.name, "FAILED, its page is left as it was:", error, flush=True)
        return False
    print(f"{lesson.page}  {weight / 1e6:.2f} MB", flush=True)
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
