"""What every test shares: no downloads, one thread, and browser tests that CI cannot skip."""

import os
from pathlib import Path

# Before anything imports torch: its threads are counted once, and MNIST must not be fetched.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["COURSE_MNIST"] = "off"

import pytest

BROWSER = Path(__file__).parent / "browser"


@pytest.fixture(scope="session")
def seeds() -> range:
    """The seeds that a claim of a lesson has to hold for, all of them."""
    return range(20)


def forbid_skip(report: pytest.TestReport | pytest.CollectReport, path: Path) -> None:
    """Turn a skipped browser test into a failed one when CI is set."""
    if report.skipped and os.environ.get("CI") and BROWSER in path.parents:
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
