"""What an error says, to the letter."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def says(sentence: str, kind: type[Exception] = ValueError) -> Iterator[None]:
    """What runs in this block raises an error of this kind that says this and no more."""
    with pytest.raises(kind) as caught:
        yield
    assert str(caught.value) == sentence
