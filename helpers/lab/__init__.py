"""The live labs: controls, a picture that follows them, and a sentence about it.

`lab` runs the experiment of a `view` in its `worker` and shows it in its `panel`; `training_lab`
gives it trainings from the cache of `runs`, and two more views: `sweep_view` and `seeds_view`.
"""

import gc

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

# What is imported by now stays. The garbage collector would look through all of it, PyTorch's
# 300,000 objects and more, each time: a quarter of a second, in the middle of a drag.
gc.freeze()
