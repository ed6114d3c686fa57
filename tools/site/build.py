"""Builds the static site: the index and a page for each lesson, or for those that are named."""

import argparse
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from nbformat import NotebookNode

from tools.refresh import Unclean, lessons
from tools.site.kernel import ROOT, undisturbed
from tools.site.lesson import Lesson
from tools.site.page import Site

KERNELS = 2  # at a time; a sweep of trainings keeps more than one core busy
SECONDS = 15  # until a kernel that is told to stop has stopped


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
    options.to.mkdir(parents=True, exist_ok=True)
    # Beside the pages of before, so that an interrupted build leaves these as they were.
    with TemporaryDirectory(prefix=".new-", dir=options.to) as folder:
        site = Site(Path(folder), [Lesson.read(path) for path in lessons()])
        all_well = build(site, [lesson for lesson in site.lessons if lesson.path in chosen])
        for path in [path for path in site.folder.rglob("*") if path.is_file()]:
            place = options.to / path.relative_to(site.folder)
            place.parent.mkdir(exist_ok=True)
            path.replace(place)
    sys.exit(not all_well)


def build(site: Site, chosen: Sequence[Lesson]) -> bool:
    """Write the index and the pages of these lessons; whether all went well."""
    site.write_index()
    # A process each, because nbclient stops its kernel at a signal in a main thread only.
    with ProcessPoolExecutor(KERNELS, multiprocessing.get_context("spawn")) as kernels:
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as they start: Ctrl-C is for us
        # The later lessons have the larger labs: they start first.
        jobs = [(lesson, kernels.submit(undisturbed, lesson.path)) for lesson in reversed(chosen)]
        signal.signal(signal.SIGINT, handler)
        try:
            return all([written(site, lesson, job) for lesson, job in jobs])
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one changes nothing
            stop(kernels)
            raise


def stop(kernels: ProcessPoolExecutor) -> None:
    """End the processes; each shuts its kernel down first."""
    kernels.shutdown(wait=False, cancel_futures=True)
    workers = multiprocessing.active_children()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(SECONDS)
        worker.kill()


def written(site: Site, lesson: Lesson, job: Future[NotebookNode]) -> bool:
    """Write the page of a lesson once it is executed; if that fails, say why."""
    try:
        weight = site.write(replace(lesson, notebook=job.result()))
    except Unclean as error:
        print(lesson.path.name, "FAILED, its page is left as it was:", error, flush=True)
        return False
    print(f"{lesson.page}  {weight / 1e6:.2f} MB", flush=True)
    return True
