"""The page of idioms says what the catalogue and its samples say."""

from conformance.comparison.idioms.catalogue import BY_NAME
from tests.docs.idiom_table import FILE, page


def test_the_page_is_up_to_date() -> None:
    """The file holds what the catalogue says now; `python -m tests.docs.idiom_table` writes it."""
    assert FILE.read_text() == page()


def test_every_idiom_has_a_row() -> None:
    """Each idiom has a row, in the order of the catalogue.

    The row has something that switches the idiom off or a decision.
    """
    rows = [line.split(" | ") for line in FILE.read_text().splitlines() if line.startswith("| `")]
    assert [row[0].strip("|` ") for row in rows] == list(BY_NAME)
    assert all(row[-1].strip("| ") for row in rows)


def test_other_pages_lead_there() -> None:
    """Whoever writes a suite or reads a report finds the page."""
    for name in ("suites.md", "reading-reports.md"):
        assert "](idioms.md)" in (FILE.parent / name).read_text()
