"""After every test all labs are closed, and none has left a thread."""

import pytest

from helpers.lab.lab import labs
from tests.lab.toy import lab_threads


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    for lab in list(labs.values()):
        lab.close()
    assert lab_threads() == []
