"""A lab whose cell runs again leaves nothing behind, without waiting for the garbage collector."""

import gc
import sys
from importlib import reload
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from helpers import lab as package
from helpers.data import digits
from helpers.lab import Alpha, Lab, RunTableLab, TrainingLab
from helpers.lab.lab import CURVES
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Config, History
from tests.lab.toy import Toy
from tests.widgets import widgets

RERUNS, WARM_UP = 30, 5
MEGABYTES = 5
ROUNDS = 3  # a process that ran other tests may settle late; what leaks grows in every round


@pytest.fixture
def rerun(monkeypatch):
    """Runs a cell that makes and shows a lab, then drags it."""
    monkeypatch.setattr("helpers.lab.lab.display", lambda *_, **__: None)
    monkeypatch.setattr("helpers.lab.run_table.display", lambda *_, **__: None)
    monkeypatch.setattr("helpers.plots.toolkit.canvas.display", lambda *_, **__: None)
    data, cell = digits(), {}

    def run(kind=TrainingLab):
        def config(alpha, seed=0):
            return Config(MLP(seed=seed), data, L2(alpha), epochs=20)

        cell["lab"] = lab = kind("again", config, alpha=Alpha(0.01))
        lab.show()
        for alpha in (0.003, 0.1):
            lab.set(alpha=alpha)
            lab.wait(20)
        return lab

    return run


def alive() -> dict[str, int]:
    """How many there are of what a lab holds most of."""
    objects, kinds = [type(o) for o in gc.get_objects()], (Lab, Figure, History)
    counts = {k.__name__: sum(issubclass(kind, k) for kind in objects) for k in kinds}
    return {**counts, "widgets": len(widgets)}


def megabytes() -> float:
    """The memory of this process (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(kilobytes) / 1024


@pytest.mark.parametrize("kind", [TrainingLab, RunTableLab])
def test_running_a_cell_again_leaves_no_lab_figure_training_or_widget(rerun, kind):
    gc.collect()
    left = alive()["Lab"]  # by earlier tests
    for _ in range(2):
        rerun(kind)
    before = alive()
    for _ in range(5):
        rerun(kind)
    assert alive() == before and before["Lab"] - left <= 2


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_running_a_cell_again_does_not_grow_the_kernel(rerun):
    for _ in range(WARM_UP):
        rerun()
    grown: list[float] = []
    while len(grown) < ROUNDS and min(grown, default=MEGABYTES) >= MEGABYTES:
        before = megabytes()
        for _ in range(RERUNS):
            rerun()
        grown.append(megabytes() - before)
    assert min(grown) < MEGABYTES, grown


def test_a_closed_lab_leaves_no_widget(rerun):
    before = set(widgets)
    rerun(RunTableLab).close()
    assert set(widgets) <= before


def test_what_was_shown_does_not_stay_as_pixels(monkeypatch):
    monkeypatch.setattr("helpers.lab.lab.display", lambda *_, **__: None)
    monkeypatch.setattr("helpers.plots.toolkit.canvas.display", lambda *_, **__: None)
    lab = Toy().lab()
    picture = lab.shown.picture
    lab.show()
    assert lab.views[CURVES].canvas[0].canvas.background is None
    assert lab.run().values == {"alpha": 0.01} and lab.shown.picture == picture


def test_what_is_imported_by_then_is_nothing_that_a_collection_looks_through(monkeypatch):
    frozen = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append("torch" in sys.modules))
    reload(package)
    assert frozen == [True]
