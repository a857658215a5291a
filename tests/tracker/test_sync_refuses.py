"""`conformance tracker sync` refuses what is not whole, and what somebody edited."""

import pytest

from tests.tracker.days import today
from tests.tracker.shop import (
    DOCUMENT,
    EVIDENCE,
    Shop,
)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "<!-- conformance:begin trend -->",
            "<!-- conformance:started trend -->",
            "wanted a begin, got the end of 'trend'",
            id="an end without a begin",
        ),
        pytest.param(
            "<!-- conformance:end trend -->\n",
            "",
            "wanted the end of region 'trend'",
            id="no end before the next begin",
        ),
        pytest.param(
            "<!-- conformance:end changes -->\n",
            "",
            "region 'changes' has no end",
            id="no end at all",
        ),
        pytest.param(
            "## Operations",
            "<!-- conformance:begin trend -->\n<!-- conformance:end trend -->\n\n## Operations",
            "region 'trend' is already at line ",
            id="twice",
        ),
        pytest.param(
            "## Operations",
            "<!-- conformance:begin trends -->\n<!-- conformance:end trends -->\n\n## Operations",
            "unknown region 'trends'",
            id="unknown",
        ),
    ],
)
def test_regions_that_are_not_whole(synced: Shop, old: str, new: str, message: str) -> None:
    """A region that is missing, open, doubled or unknown is refused at its line."""
    synced.edit(DOCUMENT, old, new)

    refused = synced.refused("sync")
    assert f": {message}" in refused
    assert refused.startswith(f"error: {DOCUMENT}:")
    assert (synced.check()[0], message in synced.check()[1]) == (1, True)


def test_a_region_that_is_missing(synced: Shop) -> None:
    """The message says which lines to write."""
    text = synced.read(DOCUMENT)
    begin, end = text.index("<!-- conformance:begin trend"), text.index("## Architecture")
    synced.write(DOCUMENT, text[:begin] + text[end:])

    assert synced.refused("sync") == (
        f"error: {DOCUMENT}:1:1: region 'trend' is missing: write <!-- conformance:begin trend "
        "--> and "
        "<!-- conformance:end trend -->, each on its own line\n"
    )


def test_evidence_that_was_edited(synced: Shop) -> None:
    """It is refused at its line, and the message says how to get the true one back."""
    at = synced.line(EVIDENCE, '"found":3')
    synced.edit(EVIDENCE, '"found":3', '"found":2')

    message = synced.refused("sync")
    assert message.startswith(
        f"error: {EVIDENCE}:{at}:1: the evidence was edited by hand; it is generated\n  hint: "
    )
    synced.write(EVIDENCE, "{")
    assert synced.refused("sync").startswith(f"error: {EVIDENCE}:1:1: no line of the evidence: ")
    synced.write(EVIDENCE, "<<<<<<< main\n")
    assert synced.refused("sync").startswith(
        f"error: {EVIDENCE}:1:1: a merge left its marks here\n  hint: delete the"
    )


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        pytest.param(
            "| b leaves the address out | b |",
            "| b leaves it out | b |",
            "region 'decisions'",
            id="region",
        ),
        pytest.param(
            "| 30 days | TODAY |", "| 30 days | yesterday |", "the cell 'Last verified'", id="cell"
        ),
    ],
)
def test_output_that_was_edited(synced: Shop, old: str, new: str, column: str) -> None:
    """It is refused with the line, a diff and what to do, and nothing is written."""
    text, old = synced.read(DOCUMENT), old.replace("TODAY", str(today()))
    synced.write(DOCUMENT, text.replace(old, new, 1))

    message = synced.refused("sync", "--run", "drops-in-one")
    assert (
        f"{column} is generated, and was edited by hand\n--- {DOCUMENT}\n+++ {DOCUMENT} "
        "(generated)\n" in message
    )
    assert (
        f"\n-{next(line for line in text.replace(old, new, 1).splitlines() if new in line)}\n"
        in message
    )
    assert "hint: move your words outside the markers or cells" in message
