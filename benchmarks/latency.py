"""What a hand feels in a lab: `python benchmarks/latency.py [drags]`.

Real JupyterLab in headless Chromium, Recipe A, by mouse. A corner of each picture is coloured by
the value and the epoch it shows, and the page reads every new picture back, so that a time counts
only once the right picture is on the screen.
"""

import random
import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser.jupyter import FLAGS, LiveLab, Notebook, Server, chromium

LAB = """
from helpers import plots
from helpers.controls import Alpha
from helpers.data import digits
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training_lab import TrainingLab

def arm(alpha, seed=0):
    return dict(model=MLP(seed=seed), penalty=L2(alpha), **more)

class Cornered(TrainingLab):
    def _train(self, *, alpha, report):
        self.stop = knob.stops().index(alpha)
        return super()._train(alpha=alpha, report=report)

    def _curves(self, ax, history, *more):
        super()._curves(ax, history, *more)
        colour = f"#{self.stop:02x}{min(len(history.epoch), 255):02x}00"
        plots.band(ax, "corner", [0, 0.02], [0.96, 0.96], [1, 1], plots.Style("", colour),
                   transform=ax.figure.transFigure, clip_on=False, alpha=1)

more, knob = {}, Alpha(0.01)
lab = Cornered("latency", digits(), arm, alpha=knob)
lab.show()
"""
# Every new picture, with the time of the frame after it, when it can be seen.
WATCH = """image => {
    window.pictures = []; window.released = 0;
    document.addEventListener('pointerup', () => { window.released = performance.now() }, true);
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    image.addEventListener('load', () => {
        canvas.drawImage(image, 0, 0);
        const [stop, epoch] = canvas.getImageData(0, 0, 1, 1).data;
        requestAnimationFrame(() => window.pictures.push([performance.now(), stop, epoch]));
    });
}"""
EPOCHS = 100


def main(drags: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            notebook = Notebook(server, browser, written(Path(folder)))
            notebook.run_all()
            notebook.page.wait_for_selector(".course-lab img")
            [lab] = notebook.labs()
            measure(notebook, lab, drags)
        finally:
            browser.close()
            server.stop()


def written(folder: Path) -> Path:
    path = folder / "latency.ipynb"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cell = new_code_cell(LAB.strip())
    nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": kernel}), path)
    return path


def measure(notebook: Notebook, lab: LiveLab, drags: int) -> None:
    lab.root.locator("img").evaluate(WATCH)
    rng, times = random.Random(0), []
    drag(notebook, lab, 0.5)  # the first one warms up
    while len(times) < drags:
        times.append(drag(notebook, lab, rng.random()))
    first, whole, right = np.array(times).T
    report("release → first new picture", first)
    report("release → complete curve", whole)
    print(f"final picture is the final value's: {right.sum():.0f} of {drags}")

    notebook.kernel("more['epochs'] = 100_000")
    lab.sliders()[0].key("ArrowLeft")
    lab.until(lambda: "학습 중" in lab.status())
    report(
        "1 + 1 in another cell", 1000 * np.array([notebook.kernel("1 + 1")[1] for _ in range(50)])
    )
    lab.press("정지")


def drag(notebook: Notebook, lab: LiveLab, share: float) -> tuple[float, float, bool]:
    """Milliseconds from the release to the first and to the last picture of the final value."""
    notebook.evaluate("() => { window.pictures = [] }")
    lab.sliders()[0].drag(share, steps=15)
    lab.finished()
    notebook.page.wait_for_timeout(300)
    released, pictures = notebook.evaluate("() => [window.released, window.pictures]")
    stop = int(notebook.kernel("knob.stops().index(lab.values['alpha'])")[0])
    own = [time for time, shown, _ in pictures if shown == stop]
    done = [time for time, shown, epoch in pictures if (shown, epoch) == (stop, EPOCHS)]
    # A picture that was there before the hand let go took no time.
    after = [max(0.0, times[0] - released) if times else float("nan") for times in (own, done)]
    return after[0], after[1], pictures[-1][1:] == [stop, EPOCHS] if pictures else False


def report(what: str, milliseconds: np.ndarray) -> None:
    middle, high = np.percentile(milliseconds, [50, 95])
    print(f"{what}: p50 {middle:.0f} ms, p95 {high:.0f} ms (of {len(milliseconds)})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
