"""The launcher, without installing anything: its .venv is a temporary folder, its pip a list."""

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

SOURCE = Path(course.__file__).read_text(encoding="utf-8")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course folder of its own, with an empty .venv that counts as working once it is made."""
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    (tmp_path / "notebooks").mkdir()
    for name in ("10-2_later.ipynb", "10-1_first.ipynb"):
        (tmp_path / "notebooks" / name).touch()
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "python",
        "STAMP": venv / "course-ready",
        "SETTINGS": venv / "settings" / "overrides.json",
    }.items():
        monkeypatch.setattr(course, name, value)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return tmp_path


@pytest.fixture
def calls(root, monkeypatch):
    """Every Python that the launcher would start; `calls.fail` names the one that fails."""
    calls = SimpleNamespace(list=[], fail="nothing")

    def run(*command):
        calls.list.append(" ".join(command))
        return int(calls.fail in calls.list[-1])

    def make_venv():
        calls.list.append("make_venv")
        course.VENV.mkdir(exist_ok=True)
        course.PYTHON.touch()

    monkeypatch.setattr(course, "run", run)
    monkeypatch.setattr(course, "make_venv", make_venv)
    return calls


def started(calls, *command):
    """What one command starts, without the look whether .venv works."""
    calls.list.clear()
    code = course.main(*command)
    return code, [call for call in calls.list if call != "-c import pip"]


def test_it_stays_small_and_needs_nothing_installed():
    assert len(SOURCE.splitlines()) <= 130
    for node in ast.walk(ast.parse(SOURCE)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert all(name.split(".")[0] in sys.stdlib_module_names for name in names)


def test_python_3_7_can_still_read_it_to_say_that_it_is_too_old():
    ast.parse(SOURCE, feature_version=(3, 7))


def test_old_python_is_refused_in_one_sentence(calls, monkeypatch):
    monkeypatch.setattr(course.sys, "version_info", (3, 9, 18))
    with pytest.raises(SystemExit, match=r"Python 3\.10 .*필요"):
        course.main("lab")
    assert calls.list == []


def test_unknown_command_shows_the_commands(calls):
    with pytest.raises(SystemExit, match=r"course\.py lab"):
        course.main("tset")
    assert calls.list == []


def test_first_lab_installs_and_the_second_only_opens(calls):
    lab = "-m jupyterlab --allow-root notebooks/10-1_first.ipynb"
    code, first = started(calls, "lab")
    assert code == 0
    assert first[0] == "make_venv" and "pip install" in first[1] and first[-1] == lab
    assert started(calls, "lab", "--no-browser") == (0, [f"{lab} --no-browser"])


def test_tests_add_their_extra_and_a_lab_does_not_take_it_away(calls):
    started(calls, "lab")
    _, first = started(calls, "test", "-k", "lab")
    assert any(".[test]" in call for call in first) and "make_venv" not in first
    assert started(calls, "test", "-k", "lab") == (0, ["-m pytest -k lab"])
    assert len(started(calls, "lab")[1]) == 1


def test_changed_requirements_are_installed_into_the_same_venv(calls, root):
    started(calls, "lab")
    (root / "requirements.txt").write_text("torch>=99")
    _, again = started(calls, "lab")
    assert "make_venv" not in again and any("pip install" in call for call in again)


@pytest.mark.parametrize("step", ["pip install", "import torch"])
def test_failed_install_is_one_sentence_and_the_next_call_starts_over(calls, step):
    calls.fail = step
    with pytest.raises(SystemExit, match="network"):
        course.main("lab")
    calls.fail = "nothing"
    code, again = started(calls, "lab")
    assert code == 0 and again[0] == "make_venv"


def test_a_broken_venv_is_made_anew(calls):
    started(calls, "lab")
    calls.fail = "import pip"
    assert "make_venv" in started(calls, "lab")[1]


def test_one_failing_check_fails_the_test_command_and_stops_no_other(calls):
    started(calls, "test")
    calls.fail = "ruff"
    code, checks = started(calls, "test")
    assert code == 1
    assert [check.split()[1] for check in checks] == ["ruff", "ruff", "mypy", "pytest"]


def test_the_tests_and_the_notebooks_are_one_pytest_with_two_workers(calls):
    _, checks = started(calls, "test")
    everything = checks[-1].split()
    assert "--nbval" in everything and everything[-2:] == ["tests", "notebooks"]
    assert "-n 2 --dist loadfile --no-loadscope-reorder" in checks[-1]


def test_too_little_disk_is_refused_in_one_sentence(root, monkeypatch):
    monkeypatch.setattr(course.shutil, "disk_usage", lambda _: SimpleNamespace(free=1e9))
    with pytest.raises(SystemExit, match=r"디스크 .* GB"):
        course.main("lab")
    assert not course.VENV.exists()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_venv_module_is_told_in_one_sentence(root, monkeypatch, module):
    monkeypatch.setattr(course, "find_spec", lambda name: name != module)
    with pytest.raises(SystemExit, match="python3-venv"):
        course.main("lab")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one group on Windows")
@pytest.mark.parametrize("answer, code", [("sys.exit(0)", 0), ("sys.exit(2)", 1)])
def test_the_child_handles_ctrl_c(answer, code):
    child = (
        "import signal, sys, time\n"
        f"signal.signal(signal.SIGINT, lambda *_: (time.sleep(0.5), {answer}))\n"
        "print('ready', flush=True); time.sleep(30)"
    )
    parent = (
        "import course, signal, sys; course.PYTHON = sys.executable\n"
        # Whoever starts the tests in the background may have it ignored, and children inherit that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"course.run('-c', {child!r})"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        cwd=Path(course.__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with process:
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        assert (process.wait(20) != 0) == bool(code)


def test_the_server_of_the_course_sends_every_message_at_once(monkeypatch, calls):
    started(calls, "lab")
    assert Path(os.environ["JUPYTER_CONFIG_PATH"]) == course.ROOT / ".jupyter"
    folder = Path(course.__file__).parent / ".jupyter"
    config = PyFileConfigLoader("jupyter_server_config.py", str(folder)).load_config()
    connection = config.ServerApp.kernel_websocket_connection_class
    monkeypatch.setattr(connection.__base__, "connect", lambda self: "connected")
    nodelay, kind = [], KernelWebsocketHandler
    monkeypatch.setattr(kind, "set_nodelay", lambda self, on: nodelay.append(on))
    handler = kind.__new__(kind)
    assert connection(websocket_handler=handler).connect() == "connected" and nodelay == [True]
