"""One JupyterLab for all browser tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.jupyter import LiveLab, Notebook, Server


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
