"""A notebook opened without the course says in one sentence what to do."""

from tests.ipython import shown
from tools.lint import GUARD

ALONE = "import sys; sys.modules['helpers'] = None\n"  # as Python finds none
REST = "from helpers import plots\n"


def test_without_helpers_the_setup_cell_says_one_sentence_in_place_of_a_traceback():
    # Raised in the shell of a notebook, whose way to show it is what counts.
    said = shown(ALONE + GUARD + REST)
    assert said.count("\n") == 1 and said.startswith("UsageError: 노트북만으로는"), said
