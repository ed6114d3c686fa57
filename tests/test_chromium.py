"""Where the browser tests get their browser from."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import chromium
from tests.browser import jupyter


@pytest.fixture
def no_browser(tmp_path, monkeypatch):
    """A machine without any browser, on which every download fails; → the downloads tried."""
    monkeypatch.setattr(jupyter.shutil, "which", lambda name: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    tried = []
    monkeypatch.setattr(chromium, "download_chromium", lambda: tried.append("chromium"))
    return tried


def test_a_chromium_of_the_machine_is_taken(no_browser, monkeypatch):
    monkeypatch.setattr(
        jupyter.shutil, "which", lambda name: "/a/chrome" if name == "google-chrome" else None
    )
    assert chromium.found_or_downloaded() == "/a/chrome" and no_browser == []


def test_playwrights_own_is_taken_once_it_is_there(no_browser, monkeypatch, tmp_path):
    def download():
        code = "from playwright.sync_api import sync_playwright\n"
        code += "with sync_playwright() as p: print(p.chromium.executable_path)"
        path = Path(subprocess.check_output([sys.executable, "-c", code], text=True).strip())
        path.parent.mkdir(parents=True)
        path.touch()

    monkeypatch.setattr(chromium, "download_chromium", download)
    assert tmp_path in Path(chromium.found_or_downloaded()).parents


@pytest.mark.parametrize("ci, downloads", [("", ["chromium"]), ("true", [])])
def test_without_any_the_remedy_is_told_and_ci_downloads_nothing(
    no_browser, monkeypatch, ci, downloads
):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(RuntimeError, match="playwright install chromium"):
        chromium.found_or_downloaded()
    assert no_browser == downloads


def test_a_download_that_fails_or_takes_too_long_is_no_error(monkeypatch):
    def run(command, timeout, **_):
        assert command[1:] == ["-m", "playwright", "install", "chromium"]
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(chromium.subprocess, "run", run)
    chromium.download_chromium()
