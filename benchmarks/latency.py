"""End-to-end slider latency in a lab: `python benchmarks/latency.py [drags]`.

Real JupyterLab in headless Chromium, Recipe A, by mouse. A corner of each picture is coloured by
the value and the epoch it shows, and the page reads every new picture back, so that a time counts
only once the right picture is on the screen. Times are from the release of the slider, or from the
question to the kernel.
"""

import random
import sys
import tempfile
from itertools import takewhile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser import cornered
from tests.browser.cornered import EPOCHS
from tests.browser.jupyter import FLAGS, LiveLab, Notebook, Server, chromium

# Every new picture, with the time of the frame after it, when it can be seen. What is on it is
# read once the hand is at rest, so as not to be in its way.
WATCH = """image => {
    window.pictures = []; window.released = 0;
    document.addEventListener('pointerup', () => { window.released = performance.now() }, true);
    image.addEventListener('load', () => {
        const blob = fetch(image.src).then(response => response.blob());
        requestAnimationFrame(() => window.pictures.push([performance.now(), blob]));
    });
}"""
READ = """async () => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const corner = async blob => {
        canvas.drawImage(await createImageBitmap(await blob), 0, 0);
        return canvas.getImageData(0, 0, 1, 1).data.slice(0, 2);
    };
    const read = [];
    for (const [time, blob] of window.pictures) read.push([time, ...await corner(blob)]);
    window.pictures = window.pictures.slice(-1);
    return [window.released, read];
}"""
PEAK = """
[peak] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print("peak memory of the kernel:", *peak.split()[1:])
"""


def main(drags: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            notebook = Notebook(server, browser, cornered.write(Path(folder)))
            notebook.run_all()
            notebook.page.wait_for_selector(".lab-runs img")
            [lab] = notebook.labs()
            measure(notebook, lab, drags)
        finally:
            browser.close()
            server.stop()


def measure(notebook: Notebook, lab: LiveLab, drags: int) -> None:
    lab.root.locator("img").first.evaluate(WATCH)
    rng = random.Random(0)

    def dragged() -> np.ndarray:
        return np.array([drag(notebook, lab, rng.random()) for _ in range(drags)]).T

    very_first = drag(notebook, lab, 0.5)
    first, whole, right = dragged()
    report("first new picture", first)
    report("complete curve", whole)
    print("the very first move: first picture {:.0f} ms, complete {:.0f} ms".format(*very_first))
    print(f"final picture is the final value's: {right.sum():.0f} of {drags}")

    for view in ("전체 보기", "곡선"):
        cornered.look(notebook, lab, view)
        _, scrubbed, right = dragged()
        report(f"after a sweep, final picture in {view}", scrubbed)
        print(f"final picture is the final value's: {right.sum():.0f} of {drags}")

    for name, cell in {
        "a training": "more['epochs'] = 100_000",
        "a sweep": "more['epochs'] = 99_999; lab.switch(SWEEP_VIEW)",
    }.items():
        notebook.kernel(cell)
        notebook.kernel("lab.runs.known.clear()")
        lab.sliders()[0].key("ArrowLeft")
        lab.until(lambda: "학습 중" in lab.status())
        answers = [1000 * notebook.kernel("1 + 1")[1] for _ in range(50)]
        report(f"1 + 1 in another cell during {name}", np.array(answers))
        lab.press("정지")
        lab.until(lambda: "멈췄습니다" in lab.status())
    print(notebook.kernel(PEAK)[0].strip())


def drag(notebook: Notebook, lab: LiveLab, share: float) -> tuple[float, float, bool]:
    """Milliseconds from the release to the first and to the last picture of the final value."""
    lab.sliders()[0].drag(share, steps=15)
    lab.finished()
    notebook.page.wait_for_timeout(300)
    released, pictures = notebook.evaluate(READ)
    final = int(notebook.kernel("knob.stops().index(lab.panel.values()['alpha'])")[0])
    if not pictures or pictures[-1][1:] != [final, EPOCHS]:
        return float("nan"), float("nan"), False
    own = list(takewhile(lambda picture: picture[1] == final, reversed(pictures)))
    done = [time for time, _, epoch in own if epoch == EPOCHS]
    # A picture that was there before the hand let go took no time.
    return max(0.0, own[-1][0] - released), max(0.0, done[-1] - released), True


def report(what: str, milliseconds: np.ndarray) -> None:
    middle, high = np.nanpercentile(milliseconds, [50, 95])
    print(f"{what}: p50 {middle:.0f} ms, p95 {high:.0f} ms (of {len(milliseconds)})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
