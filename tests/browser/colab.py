"""A lab in front of Colab's versions, in a real browser: `python -m tests.browser.colab [folder]`.

Colab has ipykernel 6.17 and ipywidgets 7.7, and its page drops what a thread sends. The nearest
page that one can have is Jupyter Notebook 6.5 with these versions, made to drop a widget's message
once the request that it answers is over. On it, a lab with a thread has to stay as it was, or the
page would prove nothing, and the same lab where `google.colab` is imported has to follow mouse and
keyboard. The screenshots of both stay in the folder, and so does its environment for the next time;
PyTorch and what else is missing there is taken from the environment that runs this.
"""

import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import cornered
from tests.browser.jupyter import COURSE, FLAGS, SECONDS, LiveLab, Server, chromium, write_notebook

PINS = ["notebook==6.5.7", "ipykernel==6.17.1", "ipywidgets==7.7.1", "ipython==7.34.0"]
PINS += ["numpy", "matplotlib", "setuptools"]
COLAB = 'import sys, types; sys.modules["google.colab"] = types.ModuleType("google.colab")\n'
# What answers a request that is over, or no request at all, does not reach the widgets.
DROP_LATE = """() => {
    const kernel = Jupyter.notebook.kernel, over = new Set();
    const handle = kernel._handle_iopub_message;
    window.dropped = 0;
    kernel._handle_iopub_message = function (message) {
        const parent = message.parent_header.msg_id;
        if (message.content.execution_state === 'idle') over.add(parent);
        if (message.msg_type === 'comm_msg' && (!parent || over.has(parent))) {
            window.dropped += 1;
            return Promise.resolve();
        }
        return handle.call(this, message);
    };
}"""


class ClassicServer(Server):
    """Jupyter Notebook 6.5 of another environment."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.python = python
        super().__init__(folder)

    def command(self) -> list[str]:
        return [
            *(str(self.python), "-m", "notebook", "--no-browser", "--allow-root"),
            *(f"--notebook-dir={self.notebooks}", f"--NotebookApp.token={self.token}"),
            *(f"--port={self.port}", "--port-retries=0"),
        ]


def environment(folder: Path) -> Path:
    """The Python of an environment with these versions, made the first time."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINS], check=True)
        packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
        (packages / "course.pth").write_text(f"{COURSE}\n{sysconfig.get_path('purelib')}\n")
    return python


def open_lab(server: Server, browser: Browser, name: str, before: str = "") -> LiveLab:
    """The lab of a notebook of one cell, run on a page that drops late messages."""
    path = write_notebook(server.notebooks / f"{name}.ipynb", before + cornered.LAB)
    page: Page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(60 * SECONDS)
    page.goto(server.url(f"notebooks/{path.name}"))
    page.wait_for_function("() => window.Jupyter?.notebook?.kernel?.is_connected()")
    # It asks the kernel for widgets from before, and loses those that come meanwhile.
    page.wait_for_timeout(3 * SECONDS)
    page.evaluate(DROP_LATE)
    page.evaluate("() => Jupyter.notebook.execute_all_cells()")
    page.wait_for_selector(".course-lab img")
    return LiveLab(page.locator(".course-lab"))


def corner(lab: LiveLab) -> tuple[int, int]:
    """The slider's stop and the epoch of the picture that is shown."""
    return lab.pixel()[:2]


def main(folder: Path) -> None:
    python = environment(folder / "environment")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        server = ClassicServer(Path(scratch), python)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            with_thread(open_lab(server, browser, "thread"), folder / "thread.png")
            in_callback(open_lab(server, browser, "colab", COLAB), folder / "colab.png")
        finally:
            browser.close()
            server.stop()


def with_thread(lab: LiveLab, screenshot: Path) -> None:
    """On this page a lab with a thread stays as it was."""
    before = corner(lab)
    lab.sliders()[0].key("ArrowRight")  # of a drag, some pictures come while a move is being read
    lab.page.wait_for_function("() => window.dropped >= 3")
    lab.page.wait_for_timeout(1000)
    lab.root.screenshot(path=screenshot)
    assert corner(lab) == before, "this page shows what a thread sends: it proves nothing"
    dropped = lab.page.evaluate("() => window.dropped")
    print(f"a thread: {dropped} messages dropped, the picture stays as it was")


def in_callback(lab: LiveLab, screenshot: Path) -> None:
    """Where `google.colab` is imported, the lab follows, and is seen growing."""
    [slider] = lab.sliders()
    seen = []
    for move in (
        lambda: slider.drag(0.9),
        lambda: slider.drag(0.1, steps=40),
        lambda: slider.key("ArrowRight"),
        lambda: slider.drag(0.6),
    ):
        before = corner(lab)
        move()
        lab.finished()
        lab.until(lambda before=before: corner(lab) != before and corner(lab)[1] == cornered.EPOCHS)
        seen.append(f"{slider.value()} (stop {corner(lab)[0]})")
    lab.root.screenshot(path=screenshot)
    print("in the callback:", ", ".join(seen))
    print(lab.status(), lab.summary(), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="colab-")))
