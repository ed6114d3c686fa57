"""The live labs: knobs, a picture that follows them, and a sentence about it.

`lab` waits for the knobs and shows what comes; `training_lab` trains what they ask for.
"""

from helpers.lab.controls import Alpha, Choice, Control, Patience, Probability, Slider
from helpers.lab.lab import Lab, View
from helpers.lab.run_table import RunTableLab
from helpers.lab.training_lab import TrainingLab
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
