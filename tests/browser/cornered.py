"""A training lab whose pictures can be read back: a corner is the slider's stop and the epoch."""

from pathlib import Path

from tests.browser.jupyter import LiveLab, Notebook, write_notebook

EPOCHS = 100
LAB = """
from dataclasses import replace
from helpers import plots
from helpers.data import digits
from helpers.lab import Alpha, TrainingLab
from helpers.lab.training_lab import SWEEP_VIEW
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Config

data, more, knob = digits(), {}, Alpha(0.01)

def config(alpha, seed=0):
    return Config(MLP(seed=seed), data, L2(alpha), **more)

def corner(ax, stop, epoch):
    colour = f"#{stop:02x}{min(epoch, 255):02x}00"
    plots.band(ax, "corner", [0, 0.02], [0.96, 0.96], [1, 1], plots.Style("", colour),
               transform=ax.figure.transFigure, clip_on=False, alpha=1)

class Cornered(TrainingLab):
    def __init__(self, *positional, **named):
        super().__init__(*positional, **named)
        draw = self.views[SWEEP_VIEW].draw

        def cornered(axes, stops):
            draw(axes, stops)
            done, total = stops.progress
            corner(axes[0, 0], knob.stops().index(stops.now), 100 * done // total)

        self.views[SWEEP_VIEW] = replace(self.views[SWEEP_VIEW], draw=cornered)

    def _train(self, *, alpha):
        self.stop = knob.stops().index(alpha)
        return super()._train(alpha=alpha)

    def _draw_curves(self, ax, curves):
        super()._draw_curves(ax, curves)
        corner(ax, self.stop, len(curves.run.history.epoch))

lab = Cornered("cornered", config, alpha=knob)
lab.show()
"""


def write(folder: Path) -> Path:
    """The notebook: the lab, by way of `knob`, and `more` that every training is given."""
    return write_notebook(folder / "cornered.ipynb", LAB)


def look(notebook: Notebook, lab: LiveLab, view: str) -> None:
    """Press the button of a view and wait for its picture."""
    lab.press(view)
    lab.until(lambda: notebook.kernel("lab.shown.view")[0] == repr(view))
    lab.finished()
