"""One JupyterLab and one browser for all browser tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.browser.jupyter import FLAGS, LiveLab, Notebook, Server, chromium

DOWNLOAD_SECONDS = 300


def download_chromium() -> None:
    """Playwright's own, quietly, where the network allows it."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, capture_output=True, timeout=DOWNLOAD_SECONDS)


def found_or_downloaded() -> str:
    """The path of Chromium, downloaded if need be; CI has to bring its own."""
    with suppress(RuntimeError):
        return chromium()
    if not os.environ.get("CI"):
        download_chromium()
    return chromium()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; without one, tests are skipped, and fail where CI is set."""
    with sync_playwright() as playwright:
        try:
            path = found_or_downloaded()
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except (RuntimeError, Error) as error:  # none, or one that this machine cannot start
            (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("jupyter"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def open_notebook(browser, server) -> Iterator[Callable[[Path], Notebook]]:
    """`open_notebook(path)` opens a copy of a notebook; it stays open until the module ends."""
    opened: list[Notebook] = []

    def open_one(path: Path) -> Notebook:
        opened.append(Notebook(server, browser, path))
        return opened[-1]

    yield open_one
    for notebook in opened:
        if not notebook.page.is_closed():
            notebook.close()


@pytest.fixture
def notebook(opened: Notebook) -> Notebook:
    """The notebook `opened` by the module, with a new lab (to open it anew would take long)."""
    opened.errors.clear()
    opened.run_all()
    opened.page.wait_for_selector(".course-lab img")
    return opened


@pytest.fixture
def lab(notebook: Notebook) -> LiveLab:
    """The only lab on its page."""
    [lab] = notebook.labs()
    return lab
