"""One browser and one report of the shop for all tests of the HTML report."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reporting.html.browser import Browser, Page, chromium, require_chromium
from tests.reporting.html.shop import report_of, workspace


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    require_chromium()
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of the second of two runs of the shop."""
    folder = tmp_path_factory.mktemp("shop")
    with workspace(folder):
        report_of(folder)
        return report_of(folder)


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """Open the report.

    Whatever a test does with it, it asks for nothing and says nothing on the console.
    """
    opened = browser.page()
    opened.open(report)
    opened.settle()
    yield opened
    opened.close()
    assert set(opened.requests) <= {report.as_uri()}
    assert opened.complaints == []
