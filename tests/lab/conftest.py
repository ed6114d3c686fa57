"""After every test all labs are closed, and none has left a thread; trainings are counted."""

import pytest

from helpers.lab import runs
from helpers.lab.lab import labs
from helpers.sweep import sweep_epochs
from tests.lab.toy import lab_threads


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    for lab in list(labs.values()):
        lab.close()
    assert lab_threads() == []


@pytest.fixture
def trained(monkeypatch):
    """One entry for each network whose training began."""
    begun = []

    def watched(configs):
        begun.extend(configs)
        return sweep_epochs(configs)

    monkeypatch.setattr(runs, "sweep_epochs", watched)
    return begun
