"""Interrupts while something is imported that takes long: late, but nothing is broken."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.importing import import_whole

ROOT = Path(__file__).parents[1]
FIRST_TRAINING = """
from helpers.data import digits
from helpers.models import MLP
from helpers.training import train

data = digits()
print("ready", flush=True)
try:
    train(MLP(), data, epochs=10**7)
except KeyboardInterrupt:
    print("interrupted", flush=True)
print(train(MLP(), data, epochs=3).epoch)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("seconds", [0.1, 0.2])
def test_the_first_training_can_be_interrupted_while_pytorch_still_imports(seconds):
    """What the first optimizer imports takes longer than these seconds."""
    command = [sys.executable, "-c", FIRST_TRAINING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        try:
            assert process.communicate(timeout=60)[0] == "interrupted\n[1, 2, 3]\n"
        finally:
            process.kill()


def test_a_module_that_is_not_there_is_an_import_error_every_time():
    for _ in range(2):
        with pytest.raises(ImportError):
            import_whole("helpers.nothing")
