"""What the course opens, and to whom: no pickle, and a server for this machine with a token."""

import ast
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

import course
from tools import install

ROOT = Path(course.__file__).parent
ROOMS = ("helpers", "tools", "benchmarks", "docs", ".jupyter", "binder")
PICKLERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # as Linux writes 127.0.0.1 and ::1


def sources() -> Iterator[tuple[str, str]]:
    """The name and code of every module and of every cell of a lesson."""
    for path in [ROOT / "course.py", *(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))]:
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                lines = cell.source.splitlines()
                yield f"{path.name} {cell.id}", "\n".join(x for x in lines if x[:1] not in "%!")


def opens_pickles(code: str) -> list[str]:
    """The lines of code that could run what a file says."""
    found = []
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Import(names=names):
                risky = any(name.name.split(".")[0] in PICKLERS for name in names)
            case ast.ImportFrom(module=module):
                risky = (module or "").split(".")[0] in PICKLERS
            case ast.Call(func=ast.Attribute(attr="read_pickle")):
                risky = True
            case ast.Call(func=ast.Attribute(value=ast.Name(id=library), attr="load")):
                options = {word.arg: ast.unparse(word.value) for word in node.keywords}
                risky = (library == "torch" and options.get("weights_only") != "True") or (
                    library in ("np", "numpy") and options.get("allow_pickle") != "False"
                )
            case _:
                risky = False
        if risky:
            found.append(ast.unparse(node))
    return found


def test_no_pickle_is_loaded_anywhere():
    loads = 0
    for name, code in sources():
        assert not opens_pickles(code), (name, opens_pickles(code))
        loads += code.count("weights_only=True")
    assert loads >= 2  # 10-7's


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "pd.read_pickle(path)",
    ],
)
def test_what_loads_a_pickle_is_found(code):
    assert opens_pickles(code)


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[SimpleNamespace]:
    """The server that `course.py lab` starts, as it tells of itself."""
    commands: list[tuple[str, ...]] = []
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(install, "set_up", lambda *_, **__: None)
    monkeypatch.setattr(install, "run", lambda *command: commands.append(command) or 0)
    course.main("lab", "--no-browser")
    own = ("CONFIG_DIR", "RUNTIME_DIR", "DATA_DIR")
    folders = {f"JUPYTER_{name}": str(tmp_path / name.lower()) for name in own}
    process = subprocess.Popen(
        [sys.executable, *commands[0]],
        cwd=ROOT,
        env=os.environ | folders,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 120
    while not (told := list((tmp_path / "runtime_dir").glob("jpserver-*.json"))):
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.2)
    yield SimpleNamespace(**json.loads(told[0].read_text()))
    process.terminate()
    process.wait(30)


def status(url: str) -> int:
    """How a server answers."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="who listens is read on Linux")
def test_the_server_of_the_course_is_for_this_machine_and_asks_for_its_token(server):
    tables = [Path(f"/proc/net/{name}") for name in ("tcp", "tcp6")]
    rows = [row.split() for table in tables if table.exists() for row in table.open()][1:]
    places = [row[1].split(":") for row in rows if row[3] == "0A"]  # those that listen
    listening = {address for address, port in places if int(port, 16) == server.port}
    assert listening and listening <= LOOPBACK
    contents = f"http://127.0.0.1:{server.port}/api/contents"
    assert len(server.token) >= 32
    assert status(contents) == status(f"{contents}?token=guess") == 403
    assert status(f"{contents}?token={server.token}") == 200
