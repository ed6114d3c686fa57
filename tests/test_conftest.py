"""What tests/conftest.py does to every test, shown on a small copy of the folders."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parent / "conftest.py").read_text(encoding="utf-8")
PYPROJECT = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
PASSES = "def test_it(): pass"
SKIPS = {
    "test_one.py": "import pytest\ndef test_drag(): pytest.skip('no Chromium')",
    "test_all.py": "import pytest\npytest.skip('no Chromium', allow_module_level=True)",
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(files, *arguments, ci="") → what pytest prints and returns for these test files."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)  # meant for the run around it

    def run(files, *arguments, ci=""):
        (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
        for name, source in {"conftest.py": CONFTEST, **files}.items():
            path = tmp_path / "tests" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "xdist", *arguments],
            cwd=tmp_path,
            env={**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # starts sooner
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    return run


@pytest.mark.parametrize(
    "folder, ci, fails",
    [
        ("browser", "true", True),
        ("site", "true", True),
        ("browser", "", False),
        ("claims", "true", False),
    ],
)
def test_ci_fails_when_a_browser_test_is_skipped(run, folder, ci, fails):
    files = {f"{folder}/{name}": source for name, source in SKIPS.items()}
    done = run(files, "--continue-on-collection-errors", ci=ci)
    assert ("1 failed, 1 error" if fails else "2 skipped") in done.stdout
    assert (done.returncode == 1) == fails


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_skipped_browser_tests_are_told_in_the_end_with_a_remedy(run, workers):
    files = {"browser/test_one.py": SKIPS["test_one.py"], "lab/test_one.py": SKIPS["test_one.py"]}
    *_, korean, english, last = run(files, *workers).stdout.splitlines()
    assert "브라우저 테스트 1개" in korean
    assert english.startswith("1 browser tests were left out: install Chromium")
    assert "2 skipped" in last
    assert "브라우저" not in run(files, *workers, "tests/lab").stdout


def test_a_folder_gives_its_tests_their_marker_and_the_longest_start(run):
    folders = {"browser": "browser", "slow": "claims", "fast": "a_room"}
    ids = [f"tests/{folder}/test_it.py::test_it" for folder in folders.values()]
    files = {name.removeprefix("tests/").split("::")[0]: PASSES for name in ids}
    for marker, own in zip(folders, ids, strict=True):
        found = run(files, "--collect-only", "-q", "-m", marker).stdout
        assert [name for name in ids if name in found] == [own]
    assert run(files, "--collect-only", "-q").stdout.split()[:3] == ids


def test_a_misspelt_marker_is_an_error(run):
    files = {"lab/test_it.py": f"import pytest\n@pytest.mark.brwoser\n{PASSES}"}
    assert "'brwoser' not found in `markers`" in run(files).stdout
