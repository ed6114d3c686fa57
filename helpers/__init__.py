"""The shared toolbox of the course.

What a learner imports and may read: `data`, `losses`, `models`, `penalties`, `training` (the one
training loop) and `constraints`. Behind them, in rooms of their own: `sweep` (many trainings at
once), `plots` (pictures), `lab` (the live labs) and `exercises`. Imports point one way:
exercises → lab → plots → sweep → training, constraints → models, penalties, data → losses.
"""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import torch

# The trainings of this course are small: a second thread of PyTorch's gains nothing and, beside
# another busy kernel, can cost a hundred times the training itself. `sweep` has threads of its own.
torch.set_num_threads(1)

# PyTorch's first optimizer imports this, for a second. Left half imported by an interrupt it would
# fail every later training until the kernel is restarted, so it is imported now, in a thread,
# which no interrupt reaches.
with ThreadPoolExecutor(1) as thread:
    thread.submit(import_module, "torch._dynamo").result()
