"""The package as a whole: imports that point down, one thread, interrupts that break nothing."""

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From the ground up: a module may import from the rooms before its own, and from its own.
FLOORS = [
    {"losses"},
    {"data", "models", "penalties"},
    {"constraints", "training"},
    {"sweep"},
    {"plots"},
    {"lab"},
    {"exercises"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted((ROOT / "helpers").rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The full names of what a module imports from the package."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers"):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("helpers")}
    return names


def room(name: str) -> str:
    """The room of a full name: helpers.lab.panel.Panel → lab."""
    return name.split(".")[1]


def test_at_most_ten_modules_stand_at_the_top():
    top = {path.stem for path in (ROOT / "helpers").iterdir() if path.suffix in ("", ".py")}
    assert top - {"__init__", "__pycache__"} == FLOOR.keys() and len(FLOOR) <= 10


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    parts = path.relative_to(ROOT / "helpers").with_suffix("").parts
    if parts == ("__init__",):
        assert not imported(path)
        return
    for name in imported(path):
        other = room(name)
        assert other == parts[0] or FLOOR[other] < FLOOR[parts[0]], name


def test_inside_a_room_nothing_imports_in_a_circle():
    """A module never needs itself, over however many others (the rooms' front doors aside)."""
    needs = {}
    for path in MODULES:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if not name.endswith("__init__"):
            needs[name] = imported(path)
    for name in needs:
        reached, new = set(), {name}
        while new:
            reached |= new
            targets = {target for module in new for target in needs.get(module, ())}
            # helpers.lab.panel.Panel is a name in the module helpers.lab.panel
            modules = {m for t in targets for m in (t, t.rpartition(".")[0]) if m in needs}
            assert name not in modules
            new = modules - reached


def test_one_thread_whatever_the_machine_offers():
    code = "import helpers, torch; print(torch.get_num_threads())"
    offered = {**os.environ, "OMP_NUM_THREADS": "2"}
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=offered)
    assert printed.split() == [b"1"]


INTERRUPTED_IMPORT = """
import torch

print("ready", flush=True)
try:
    import helpers.training
    input()
except KeyboardInterrupt:
    print("interrupted", flush=True)
from helpers.data import digits
from helpers.models import MLP
from helpers.training import train

print(train(MLP(), digits(), epochs=3).epoch)
"""
INTERRUPTED_TRAINING = """
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
@pytest.mark.parametrize("seconds", [0.05, 0.4])
@pytest.mark.parametrize("code", [INTERRUPTED_IMPORT, INTERRUPTED_TRAINING])
def test_an_interrupt_breaks_neither_the_import_nor_the_first_training(code, seconds):
    """What the package imports takes longer than these seconds."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        try:
            assert process.communicate(timeout=60)[0] == "interrupted\n[1, 2, 3]\n"
        finally:
            process.kill()
