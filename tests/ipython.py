"""IPython in a process of its own, for what it shows in place of a traceback."""

import os
import subprocess
import sys


def shown(code: str) -> str:
    """All that IPython writes when it runs this code."""
    quiet = ("--no-banner", "--no-term-title", "--colors=NoColor")
    command = [sys.executable, "-m", "IPython", *quiet, "-c", code]
    # It has a word to say where another environment is activated.
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    ran = subprocess.run(command, env=env, capture_output=True, text=True)
    return ran.stdout + ran.stderr
