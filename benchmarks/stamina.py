"""What a lab endures: `python benchmarks/stamina.py [share]`, in a real JupyterLab.

1,000 moves of a slider, two labs dragged in turn, 100 runs of a lab's cell with drags between, 50
interrupts, a reload and a restart of the kernel in the middle of a training; 0.1 as the share does
a tenth of each. After every step slider, status, picture and sentence have to be about the same
value: a corner of each picture is coloured by the stop and the epoch that it shows. The end says
what was stale, what of labs, widgets and threads is left, and how much the kernel has grown; the
exit code is 1 if that is more than it should be.
"""

import random
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser import cornered
from tests.browser.cornered import EPOCHS
from tests.browser.jupyter import FLAGS, PANEL, LiveLab, Notebook, Server, chromium, write_notebook

MOVES, TURNS, RERUNS, INTERRUPTS = 1000, 100, 100, 50
MEGABYTES = 10  # what so many runs of a cell may cost
WARM_UP = 5
SETUP = """
import gc, threading
from ipywidgets.widgets.widget import _instances
from helpers.sweep import sweep
from helpers.training import train
"""
OTHER = """
other = Cornered("other", config, alpha=knob)
other.show()
"""
LAB_CELL, OTHER_CELL = 0, 1
LONG = {  # what is interrupted
    "train": "train(MLP(), data, epochs=10**7)",
    "sweep": "sweep([dict(model=MLP(seed=k)) for k in range(16)], data, epochs=10**7)",
    "lab.run": "more['epochs'] = 10**6; lab.runs.known.clear(); lab.run(alpha=0.02)",
}
COUNT = """
lines = dict(line.split(":") for line in open("/proc/self/status"))
labs = sum(isinstance(o, TrainingLab) for o in gc.get_objects())
threads = sum(thread.name == "lab" for thread in threading.enumerate())
print(lines["VmRSS"].split()[0], labs, len(_instances), threads)
"""
KERNEL = f"{PANEL}.sessionContext.session.kernel"
BEGIN = f"""code => {{
    window.begun = false;
    window.future = {KERNEL}.requestExecute({{code}});
    window.future.onIOPub = message => {{ window.begun = true }};
}}"""
INTERRUPT = f"""async () => {{
    await {KERNEL}.interrupt();
    const late = new Promise(over => setTimeout(over, 5000, 'still runs'));
    return await Promise.race([window.future.done.then(reply => reply.content.ename), late]);
}}"""


class Course:
    """A notebook with two labs, and what went wrong with it so far."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook, self.rng = notebook, random.Random(0)
        self.wrong: list[str] = []
        notebook.run_all()
        notebook.kernel(SETUP)
        self.found()
        text, _ = notebook.kernel("print('|'.join(map(knob.text, knob.stops())))")
        self.stops = text.strip().split("|")

    def found(self) -> None:
        """Find the labs on the page."""
        self.notebook.page.wait_for_function(
            "() => document.querySelectorAll('.course-lab img').length === 2", timeout=60_000
        )
        self.lab, self.other = self.notebook.labs()

    def check(self, lab: LiveLab, name: str, what: str) -> None:
        """Whether slider, status, picture and sentence agree; notes what is stale."""
        try:
            lab.finished()
            stop = self.stops.index(lab.sliders()[0].value())
            lab.until(lambda: lab.pixel()[:2] == (stop, EPOCHS), seconds=5)
            summary = self.notebook.kernel(f"print({name}.shown.summary)")[0].strip()
            lab.until(lambda: lab.summary() == summary, seconds=5)
        except AssertionError as error:
            self.wrong.append(f"{what}: {error}")

    def move(self, lab: LiveLab) -> None:
        """One move, by mouse or keyboard."""
        [slider] = lab.sliders()
        if self.rng.random() < 0.3:
            slider.drag(self.rng.random(), steps=self.rng.randint(2, 20))
        else:
            slider.key(self.rng.choice(["ArrowLeft", "ArrowRight"]), self.rng.randint(1, 3))

    def move_elsewhere(self, lab: LiveLab) -> None:
        """Move until it stands at another value: at the old one nothing is due to be done."""
        [slider] = lab.sliders()
        before = slider.value()
        while slider.value() == before:
            self.move(lab)

    def count(self) -> list[int]:
        """Kilobytes of the kernel; labs, widgets and threads in it."""
        return [int(number) for number in self.notebook.kernel(COUNT)[0].split()]

    # What is done to it

    def moves(self, count: int) -> None:
        for i in range(count):
            self.move(self.lab)
            if i == count - 1 or self.rng.random() < 0.5:  # sometimes the next one comes too soon
                self.check(self.lab, "lab", f"move {i}")

    def turns(self, count: int) -> None:
        for i in range(count):
            self.move(self.lab)
            self.move(self.other)
            self.check(self.lab, "lab", f"turn {i}")
            self.check(self.other, "other", f"turn {i} of the other")

    def reruns(self, count: int) -> None:
        for i in range(count):
            self.notebook.run_cell(LAB_CELL)
            self.found()
            self.move(self.lab)
            self.check(self.lab, "lab", f"run {i} of the cell")

    def interrupts(self, count: int) -> None:
        for i in range(count):
            name, code = [*LONG.items()][i % len(LONG)]
            self.notebook.evaluate(BEGIN, code)
            self.notebook.page.wait_for_function("() => window.begun")
            self.notebook.page.wait_for_timeout(self.rng.uniform(0, 1000))
            ended = self.notebook.evaluate(INTERRUPT)
            if ended != "KeyboardInterrupt":
                self.wrong.append(f"interrupt {i} of {name}: {ended}")
            text, _ = self.notebook.kernel("more.clear(); train(MLP(), data, epochs=3).epoch")
            if text != "[1, 2, 3]":
                self.wrong.append(f"after interrupt {i} of {name}: {text}")
            self.move_elsewhere(self.lab)
            self.check(self.lab, "lab", f"after interrupt {i} of {name}")

    def begin_long_training(self) -> None:
        self.notebook.kernel("more['epochs'] = 10**5; lab.runs.known.clear()")
        self.lab.sliders()[0].key("ArrowLeft")
        self.lab.until(lambda: "학습 중" in self.lab.status())

    def reload(self, count: int) -> None:
        for i in range(count):
            self.begin_long_training()
            self.notebook.command("docmanager:save")
            self.notebook.open()
            self.found()
            self.lab.until(lambda: "학습 중" in self.lab.status())
            self.lab.press("정지")
            self.lab.until(lambda: "멈췄습니다" in self.lab.status())
            self.notebook.kernel("more.clear()")
            self.move(self.lab)
            self.check(self.lab, "lab", f"reload {i}")

    def restart(self, count: int) -> None:
        for i in range(count):
            self.begin_long_training()
            self.notebook.restart()
            self.notebook.run_all()
            self.notebook.kernel(SETUP)
            self.found()
            self.move(self.lab)
            self.check(self.lab, "lab", f"restart {i}")


def main(share: float) -> int:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            path = write_notebook(Path(folder) / "stamina.ipynb", cornered.LAB, OTHER)
            return endure(Course(Notebook(server, browser, path)), share)
        finally:
            with suppress(Error):
                browser.close()
            server.stop()


def endure(course: Course, share: float) -> int:
    """Do all of it; 1 if anything is wrong."""

    def some(count: int) -> int:
        return max(1, round(share * count))

    def step(name: str, do: Callable[[int], None], count: int) -> float:
        before = course.count()
        do(count)
        after = course.count()
        grown = (after[0] - before[0]) / 1024
        print(
            f"{name}: {count}, {len(course.wrong)} wrong so far, kernel {grown:+.1f} MB", end="; "
        )
        print("{1} labs, {2} widgets, {3} threads".format(*after), flush=True)
        if after[3]:
            course.wrong.append(f"after {name} a thread is left")
        return grown

    step("moves", course.moves, some(MOVES))
    step("two labs in turn", course.turns, some(TURNS))
    step("the cell run again, to warm up", course.reruns, WARM_UP)
    grown = step("the cell run again", course.reruns, some(RERUNS))
    if grown > MEGABYTES:
        course.wrong.append(f"the kernel has grown by {grown:.1f} MB")
    step("interrupts", course.interrupts, some(INTERRUPTS))
    step("reloads in a training", course.reload, 3)
    step("restarts in a training", course.restart, 3)
    course.wrong += course.notebook.errors
    print(*course.wrong or ["nothing was wrong"], sep="\n")
    return bool(course.wrong)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
