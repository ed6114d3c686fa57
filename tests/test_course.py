"""The launcher: its commands, what each starts, and what it says where it cannot start anything."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config.loader import PyFileConfigLoader

import course
from tools import install

COURSE = Path(course.__file__)


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """Every Python that the launcher would start; `calls.fail` names the one that fails."""
    calls = SimpleNamespace(list=[], fail="nothing")
    (tmp_path / "notebooks").mkdir()
    for name in ("10-2_later.ipynb", "10-1_first.ipynb"):
        (tmp_path / "notebooks" / name).touch()

    def run(*command):
        calls.list.append(" ".join(command))
        return int(calls.fail in calls.list[-1])

    def set_up(extra, tested):
        calls.list.append(f"set_up {extra or 'lab'} {'tested' if tested else 'newest'}")

    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "run", run)
    monkeypatch.setattr(install, "set_up", set_up)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return calls


def test_it_needs_nothing_installed():
    for source in (COURSE, Path(install.__file__)):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            known = {*sys.stdlib_module_names, "tools"}
            assert all(name.split(".")[0] in known for name in names)


def test_python_2_and_3_4_can_still_read_it_to_say_that_they_are_too_old():
    source = COURSE.read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 4))
    assert source.startswith("# coding: utf-8")


def test_old_python_is_refused_in_one_sentence(calls, monkeypatch):
    monkeypatch.setattr(course.sys, "version_info", (3, 9, 18))
    with pytest.raises(SystemExit, match=r"Python 3\.10 .*필요"):
        course.main("lab")
    assert calls.list == []


def test_unknown_command_shows_the_commands(calls):
    with pytest.raises(SystemExit, match=r"course\.py lab"):
        course.main("tset")
    assert calls.list == []


def test_every_command_is_explained():
    assert all(f"course.py {command} " in course.__doc__ for command in course.COMMANDS)


def test_a_lab_opens_the_first_lesson_and_passes_on_what_follows(calls):
    assert course.main("lab", "--no-browser") == 0
    assert calls.list == [
        "set_up lab tested",
        "-m jupyterlab --allow-root notebooks/10-1_first.ipynb --no-browser",
    ]


def test_arguments_of_test_are_for_pytest(calls):
    assert course.main("test", "-k", "lab and L1") == 0
    assert calls.list == ["set_up test tested", "-m pytest -k lab and L1"]


def test_one_failing_check_fails_the_test_command_and_stops_no_other(calls):
    calls.fail = "ruff"
    assert course.main("test") == 1
    assert [call.split()[1] for call in calls.list[1:]] == ["ruff", "ruff", "mypy", "pytest"]


def test_the_tests_and_the_notebooks_are_one_pytest_with_two_workers(calls):
    course.main("test")
    everything = calls.list[-1].split()
    assert "--nbval" in everything and everything[-2:] == ["tests", "notebooks"]
    assert "-n 2 --dist loadfile --no-loadscope-reorder" in calls.list[-1]


@pytest.mark.parametrize("fail, written", [("nothing", True), ("mypy", False)])
def test_versions_are_written_down_when_the_newest_pass_everything(calls, fail, written):
    calls.fail = fail
    assert course.main("versions") == int(not written)
    assert calls.list[0] == "set_up test newest" and len(calls.list) == 5 + written
    assert (calls.list[-1] == "-m tools.versions") == written


@pytest.mark.parametrize(
    "error, sentence",
    [
        ("PermissionError(13, '', 'folder')", "여기에 쓸 수 없습니다. / Cannot write here: folder"),
        ("OSError(30, '', 'folder')", "여기에 쓸 수 없습니다. / Cannot write here: folder"),
        ("OSError(28, '')", "디스크가 가득 찼습니다. / The disk is full."),
        ("OSError(5, 'broken')", "멈췄습니다. 다시 실행하면 이어집니다. / Stopped: run it again."),
        ("KeyboardInterrupt()", "멈췄습니다. 다시 실행하면 이어집니다. / Stopped: run it again."),
    ],
)
def test_what_stops_it_is_one_sentence(error, sentence):
    start = (
        "import runpy, sys; from tools import install\n"
        f"def set_up(*_, **__): raise {error}\n"
        "install.set_up = set_up; sys.argv = ['course.py', 'lab']\n"
        "runpy.run_path('course.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", start], cwd=COURSE.parent, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 1 and done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one group on Windows")
@pytest.mark.parametrize("answer, code", [("sys.exit(0)", 0), ("sys.exit(2)", 1)])
def test_the_child_handles_ctrl_c(answer, code):
    child = (
        "import signal, sys, time\n"
        f"signal.signal(signal.SIGINT, lambda *_: (time.sleep(0.5), {answer}))\n"
        "print('ready', flush=True); time.sleep(30)"
    )
    parent = (
        "import signal, sys; from tools import install; install.PYTHON = sys.executable\n"
        # Whoever starts the tests in the background may have it ignored, and children inherit that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"install.run('-c', {child!r})"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        cwd=COURSE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with process:
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        assert (process.wait(20) != 0) == bool(code)


def test_the_server_of_the_course_sends_every_message_at_once(monkeypatch, calls):
    course.main("lab")
    assert Path(os.environ["JUPYTER_CONFIG_PATH"]) == install.ROOT / ".jupyter"
    folder = COURSE.parent / ".jupyter"
    config = PyFileConfigLoader("jupyter_server_config.py", str(folder)).load_config()
    connection = config.ServerApp.kernel_websocket_connection_class
    monkeypatch.setattr(connection.__base__, "connect", lambda self: "connected")
    nodelay, kind = [], KernelWebsocketHandler
    monkeypatch.setattr(kind, "set_nodelay", lambda self, on: nodelay.append(on))
    handler = kind.__new__(kind)
    assert connection(websocket_handler=handler).connect() == "connected" and nodelay == [True]
