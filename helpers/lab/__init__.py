"""The live labs: controls, a picture that follows them, and a sentence about it.

`lab` runs the experiment of a `view` in its `worker` and shows it in its `panel`; `training_lab`
gives it trainings from the cache of `runs`, and two more views: `sweep_view` and `seeds_view`.
"""

from helpers.lab.controls import Alpha, Choice, Control, Patience, Probability, Slider
from helpers.lab.lab import Lab
from helpers.lab.run_table import RunTableLab
from helpers.lab.training_lab import TrainingLab
from helpers.lab.view import View
from helpers.lab.worker import Cancelled, Superseded

__all__ = [
    "Alpha",
    "Cancelled",
    "Choice",
    "Control",
    "Lab",
    "Patience",
    "Probability",
    "RunTableLab",
    "Slider",
    "Superseded",
    "TrainingLab",
    "View",
]
