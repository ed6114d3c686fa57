"""One JupyterLab and one browser for all browser tests."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.jupyter import FLAGS, Notebook, Server, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Headless Chromium; without one, tests are skipped, and fail where CI is set."""
    try:
        path = chromium()
    except RuntimeError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
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
