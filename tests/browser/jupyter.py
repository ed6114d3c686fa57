"""A real JupyterLab for tests: the server, an open notebook, and the labs on its page."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, TimeoutError

COURSE = Path(__file__).parents[2]
SECONDS = 1000  # Playwright counts in milliseconds
EVERY = 100  # milliseconds, to look whether something is over; by default at every frame
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The first is the others without a window around the page, for a third less work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
# JupyterLab asks its users about news and updates, and saves by itself; none of it in a test.
SETTINGS = {
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "docmanager-extension/plugin": {"autosave": False},
}
if routing := os.environ.get("COURSE_COMMS_OVER_SUBSHELLS"):  # as tools/matrix.py asks for
    SETTINGS["apputils-extension/kernels-settings"] = {"commsOverSubshells": routing}
# The notebook in front, as JupyterLab's own objects.
PANEL = "window.jupyterapp.shell.currentWidget"


class Server:
    """JupyterLab on a free port, with its own folders, so that it meets nobody's settings."""

    def __init__(self, folder: Path) -> None:
        self.notebooks = folder / "notebooks"
        self.notebooks.mkdir(parents=True)
        for name, setting in SETTINGS.items():
            file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(setting))
        self.port, self.token = free_port(), os.urandom(12).hex()
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            self.command(),
            env=os.environ
            | {
                "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
                "JUPYTER_CONFIG_DIR": str(folder / "config"),
                "JUPYTER_CONFIG_PATH": str(COURSE / ".jupyter"),
                "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
                "JUPYTER_DATA_DIR": str(folder / "data"),
                "IPYTHONDIR": str(folder / "ipython"),
            },
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.until_ready()

    def command(self) -> list[str]:
        """What is started."""
        return [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            f"--ServerApp.root_dir={self.notebooks}",
            *(f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0"),
            *(f"--IdentityProvider.token={self.token}", "--expose-app-in-browser"),
        ]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"

    def until_ready(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url("api/status"), timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        log = Path(self.log.name).read_text()
        self.stop()
        raise RuntimeError(f"JupyterLab does not answer:\n{log}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def chromium() -> str:
    """The path of Chromium, the machine's or Playwright's; RuntimeError says what to install."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    # In a process of its own: the caller may have a Playwright running, and two do not go together.
    code = "from playwright.sync_api import sync_playwright as start\n"
    code += "with start() as playwright: print(playwright.chromium.executable_path)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    if Path(path := found.stdout.strip()).is_file():
        return path
    raise RuntimeError(
        "No Chromium: `apt-get install chromium`, or `python -m playwright install chromium`."
    )


def write_notebook(path: Path, *sources: str) -> Path:
    """A new notebook of code cells that have not run."""
    cells = [new_code_cell(source.strip()) for source in sources]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


class Notebook:
    """A notebook open in JupyterLab."""

    def __init__(self, server: Server, browser: Browser, path: Path) -> None:
        """Open a copy of the notebook, so that the original stays as it is."""
        self.path = server.notebooks / path.name
        if path != self.path:
            shutil.copy(path, self.path)
        self.errors: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": 1440, "height": 1000})
        self.page.set_default_timeout(20 * SECONDS)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._console)
        self._url = server.url(f"lab/tree/{path.name}") + "&reset"  # no tabs of earlier tests
        self.open()

    def _console(self, message: Any) -> None:
        # Chromium itself reports what the server does not have; that is not the notebook's doing.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def open(self) -> None:
        """Load the page and wait for its kernel; also reloads."""
        self.page.goto(self._url)
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell"
            f" && {PANEL}?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=60 * SECONDS,
            polling=EVERY,
        )

    def close(self) -> None:
        """Leave the page and its kernel."""
        self.evaluate(f"() => {PANEL}.sessionContext.shutdown()")
        self.page.close()

    def evaluate(self, script: str, *arguments: Any) -> Any:
        return self.page.evaluate(script, *arguments)

    def command(self, name: str, seconds: float = 60) -> None:
        """Do what a menu entry of JupyterLab does, and wait for it."""
        self.evaluate(
            "name => { window.finished = false; window.jupyterapp.commands.execute(name)"
            ".finally(() => { window.finished = true }) }",
            name,
        )
        try:
            self.page.wait_for_function(
                "() => window.finished", timeout=seconds * SECONDS, polling=EVERY
            )
        except TimeoutError as error:
            raise AssertionError(f"{name} is not over; the cells: {self.counts()}") from error

    def run_all(self, seconds: float = 240) -> None:
        self.command("notebook:run-all-cells", seconds)

    def run_cell(self, index: int, seconds: float = 60) -> None:
        self.evaluate(f"index => {{ {PANEL}.content.activeCellIndex = index }}", index)
        self.command("notebook:run-cell", seconds)

    def scroll_to(self, index: int) -> None:
        """Bring a cell on screen: while off it, JupyterLab 4.2 to 4.4.0 hides it."""
        self.evaluate(f"index => {PANEL}.content.scrollToItem(index, 'smart')", index)

    def restart(self) -> None:
        """A new kernel; what the page shows stays."""
        self.evaluate(f"() => {PANEL}.sessionContext.restartKernel()")

    def kernel(self, code: str) -> tuple[str, float]:
        """What the code prints, and the seconds until the kernel answered."""
        return tuple(
            self.evaluate(
                f"""async code => {{
                    const start = performance.now(); let text = '';
                    const future = {PANEL}.sessionContext.session.kernel.requestExecute({{code}});
                    future.onIOPub = message => {{ text += message.content.text ??
                        message.content.data?.['text/plain'] ?? message.content.evalue ?? '' }};
                    const reply = await future.done;
                    return [text, (performance.now() - start) / 1000];
                }}""",
                code,
            )
        )

    def labs(self) -> list["LiveLab"]:
        """Every live lab on the page, from top to bottom."""
        found = self.page.locator(".course-lab")
        return [LiveLab(found.nth(i)) for i in range(found.count())]

    def static_pictures(self) -> Locator:
        """The pictures in the notebook's outputs that can be seen, apart from the live ones."""
        return self.page.locator(".jp-RenderedImage img").locator("visible=true")

    def counts(self) -> list[int | None]:
        """The execution count of every code cell, None for one that waits or runs."""
        return self.evaluate(
            f"() => {PANEL}.context.model.toJSON().cells"
            ".filter(cell => cell.cell_type === 'code').map(cell => cell.execution_count)"
        )

    def failures(self) -> list[str]:
        """The errors in the outputs of all cells, seen on the page or not: "NameError: …"."""
        return self.evaluate(
            f"() => {PANEL}.context.model.toJSON().cells.flatMap(cell => cell.outputs ?? [])"
            ".filter(output => output.output_type === 'error')"
            ".map(output => `${output.ename}: ${output.evalue}`)"
        )

    def assert_healthy(self) -> None:
        """No cell failed, no lab complains, and the browser met no error."""
        assert not self.failures(), self.failures()
        complaints = self.page.locator(".course-lab .lab-note.error").all_text_contents()
        assert not any(complaints), complaints
        assert not self.errors, self.errors


class LiveLab:
    """A lab on the page, as a hand and an eye meet it.

    For a moment it has two pictures: the live one comes first, the plain one is about to go.
    """

    def __init__(self, root: Locator) -> None:
        self.root, self.page = root, root.page

    def scroll_to(self) -> None:
        """Bring it on screen, as `Notebook.scroll_to` does a cell."""
        notebook = f"{PANEL}.content"
        index = f"{notebook}.widgets.findIndex(cell => cell.node.contains(lab))"
        self.root.evaluate(f"lab => {notebook}.scrollToItem({index}, 'smart')")
        self.root.scroll_into_view_if_needed()

    def sliders(self) -> list["LiveSlider"]:
        found = self.root.locator(".widget-slider")
        return [LiveSlider(found.nth(i)) for i in range(found.count())]

    def choices(self) -> Locator:
        """The buttons of all choices."""
        return self.root.locator(".jupyter-toggle-button, .widget-toggle-button")

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def status(self) -> str:
        return self.root.locator(".lab-status").first.text_content()

    def note(self) -> str:
        return self.root.locator(".lab-note").first.text_content()

    def summary(self) -> str:
        return self.root.locator(".lab-summary").first.text_content()

    def picture(self) -> str:
        """The address of the picture shown; each new picture has a new one."""
        return self.root.locator("img").first.get_attribute("src")

    def pixel(self) -> tuple[int, int, int]:
        """The red, green and blue of the picture's upper left corner."""
        return tuple(
            self.root.locator("img").first.evaluate(
                """async image => {
                    await image.decode();
                    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
                    canvas.drawImage(image, 0, 0);
                    return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
                }"""
            )
        )

    def is_finished(self) -> bool:
        """Whether the page says that the picture belongs to where every slider stands."""
        status = self.status()
        wanted = [f"= {slider.value()}," for slider in self.sliders()]
        return "학습 중" not in status and all(part in f"{status}," for part in wanted)

    def finished(self) -> None:
        self.until(self.is_finished)

    def until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Look again and again until the condition holds, ever less often: a look costs, too."""
        end, pause = time.monotonic() + seconds, 20.0
        while not condition():
            assert time.monotonic() < end, (self.status(), self.note())
            self.page.wait_for_timeout(pause)
            pause = min(1.3 * pause, 200)


class LiveSlider:
    """One slider: its handle, its track and the value written beside it."""

    def __init__(self, root: Locator) -> None:
        self.root, self.page = root, root.page
        self.handle = root.locator(".noUi-handle, .ui-slider-handle")  # of ipywidgets 8, and 7
        self.track = root.locator(".noUi-base, .ui-slider")

    def value(self) -> str:
        return self.root.locator(".widget-readout").text_content()

    def drag(self, to: float, steps: int = 12) -> None:
        """Drag the handle by mouse to a share of the track, 0 … 1."""
        self.handle.scroll_into_view_if_needed()
        steady(self.handle)
        handle, track = self.handle.bounding_box(), self.track.bounding_box()
        y = handle["y"] + handle["height"] / 2
        self.page.mouse.move(handle["x"] + handle["width"] / 2, y)
        self.page.mouse.down()
        self.page.mouse.move(track["x"] + to * track["width"], y, steps=steps)
        self.page.mouse.up()

    def key(self, name: str, times: int = 1) -> None:
        """Press a key on the focused handle."""
        self.handle.focus()
        for _ in range(times):
            self.page.keyboard.press(name)


def steady(element: Locator) -> None:
    """Wait until the element stands still: cells take their height only when scrolled into view."""
    before, place = None, element.bounding_box()
    while place != before:
        element.page.wait_for_timeout(100)
        before, place = place, element.bounding_box()
