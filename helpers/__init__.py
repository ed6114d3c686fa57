"""The shared toolbox of the course: data, models, penalties, training, sweeps, plots and labs.

Imports point one way: lab → plots, sweep, training → models, penalties, data.
"""

import torch

# The trainings of this course are small: a second thread of PyTorch's gains nothing and, beside
# another busy kernel, can cost a hundred times the training itself. `sweep` has threads of its own.
torch.set_num_threads(1)
