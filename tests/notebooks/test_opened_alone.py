"""A notebook opened without the course says in one sentence what to do."""

import os
import subprocess
import sys

from tools.lint import GUARD

ALONE = "import sys; sys.modules['helpers'] = None\n"  # as Python finds none
REST = "from helpers import plots\n"


def test_without_helpers_the_setup_cell_says_one_sentence_in_place_of_a_traceback():
    # Raised in the shell of a notebook, whose way to show it is what counts.
    quiet = ("--no-banner", "--no-term-title", "--colors=NoColor")
    command = [sys.executable, "-m", "IPython", *quiet, "-c"]
    # IPython has a word to say where another environment is activated.
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    ran = subprocess.run([*command, ALONE + GUARD + REST], env=env, capture_output=True, text=True)
    said = ran.stdout + ran.stderr
    assert said.count("\n") == 1 and said.startswith("UsageError: 노트북만으로는"), said
