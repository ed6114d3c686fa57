"""A training lab whose pictures can be read back: a corner is the slider's stop and the epoch."""

from pathlib import Path

from tests.browser.jupyter import LiveLab, Notebook, write_notebook

EPOCHS = 100
LAB = """
from dataclasses import replace
from helpers import plots
from helpers.lab.controls import Alpha
from helpers.data import digits
from helpers.models import MLP
from helpers.penalties import L2
from helpers.lab.training_lab import WHOLE, TrainingLab

def arm(alpha, seed=0):
    return dict(model=MLP(seed=seed), penalty=L2(alpha), **more)

def corner(ax, stop, epoch):
    colour = f"#{stop:02x}{min(epoch, 255):02x}00"
    plots.band(ax, "corner", [0, 0.02], [0.96, 0.96], [1, 1], plots.Style("", colour),
               transform=ax.figure.transFigure, clip_on=False, alpha=1)

class Cornered(TrainingLab):
    def __init__(self, *positional, **named):
        super().__init__(*positional, **named)
        draw = self.views[WHOLE].draw

        def cornered(axes, whole):
            draw(axes, whole)
            corner(axes[0, 0], knob.stops().index(whole.now), 100 * whole.done // whole.total)

        self.views[WHOLE] = replace(self.views[WHOLE], draw=cornered)

    def _train(self, *, alpha, report):
        self.stop = knob.stops().index(alpha)
        return super()._train(alpha=alpha, report=report)

    def _curves(self, ax, history, *more):
        super()._curves(ax, history, *more)
        corner(ax, self.stop, len(history.epoch))

more, knob = {}, Alpha(0.01)
lab = Cornered("cornered", digits(), arm, alpha=knob)
lab.show()
"""


def write(folder: Path) -> Path:
    """The notebook: the lab, by way of `knob`, and `more` that every training is given."""
    return write_notebook(folder / "cornered.ipynb", LAB)


def look(notebook: Notebook, lab: LiveLab, view: str) -> None:
    """Press the button of a view and wait for its picture."""
    lab.press(view)
    lab.until(lambda: notebook.kernel("lab._seen[0]")[0] == repr(view))
    lab.finished()
