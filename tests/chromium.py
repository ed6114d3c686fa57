"""Where the browser tests get their browser from."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.browser.jupyter import FLAGS, chromium

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


@contextmanager
def launched() -> Iterator[Browser]:
    """Headless Chromium; without one, tests are skipped, and fail where CI is set."""
    with sync_playwright() as playwright:
        try:
            path = found_or_downloaded()
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except (RuntimeError, Error) as error:  # none, or one that this machine cannot start
            (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
        yield browser
        browser.close()
