"""What all tests share: no downloads, one thread, examples that repeat, markers, a strict CI."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Before anything imports torch: its threads are counted once, and MNIST must not be fetched.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["COURSE_MNIST"] = "off"

import pytest
from hypothesis import settings

# Started from a background job, a process ignores SIGINT and passes that on to what it starts;
# some tests interrupt a kernel.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in every run, however slow the machine.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("repeatable")

TESTS = Path(__file__).parent
BROWSER = {TESTS / name for name in ("browser", "hub", "site")}
SLOW = {TESTS / name for name in ("claims", "install", "tools/site")}
KINDS = ("browser", "slow", "fast")  # in the order in which they run
LEFT_OUT = (
    "Chromium을 열 수 없어 브라우저 테스트 {0}개를 건너뛰었습니다. 설치하고 다시 실행하세요. /\n"
    "{0} browser tests were left out: install Chromium (on Debian or Ubuntu, `sudo apt install "
    "chromium`), then run this again."
)


@pytest.fixture(scope="session")
def seeds() -> range:
    """The seeds that a claim of a lesson has to hold for, all of them."""
    return range(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium, one for all tests: Playwright does not start twice in one process."""
    from tests.chromium import launched  # only where it is needed

    with launched() as browser:
        yield browser


def kind_of(item: pytest.Item) -> str:
    """The marker of a test, by its folder."""
    if BROWSER.intersection(item.path.parents):
        return "browser"
    slow = SLOW.intersection(item.path.parents) or item.path.suffix == ".ipynb"
    return "slow" if slow else "fast"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests; the longest start first, so that the workers end at about the same time."""
    for item in items:
        item.add_marker(kind_of(item))
    items.sort(key=lambda item: KINDS.index(kind_of(item)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say, in the end, how many browser tests were skipped and how to get them."""
    skipped = terminalreporter.stats.get("skipped", [])
    if count := sum("browser" in getattr(report, "keywords", ()) for report in skipped):
        terminalreporter.write_line(LEFT_OUT.format(count))


def forbid_skip(report: pytest.TestReport | pytest.CollectReport, path: Path) -> None:
    """Turn a skipped browser test into a failed one when CI is set."""
    if report.skipped and os.environ.get("CI") and BROWSER.intersection(path.parents):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"A browser test may not be skipped in CI. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    forbid_skip(report, item.path)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    report = yield
    forbid_skip(report, collector.path if hasattr(collector, "path") else Path())
    return report
