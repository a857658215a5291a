"""What a reader would take for generated text, or for a cell that is verified."""

import pytest

from conformance.tracker.claims import Columns, claims_of
from conformance.tracker.lookalikes import lookalikes
from conformance.tracker.markdown_file import parse_markdown

PAGE = """\
# Shop

<!-- conformance:begin status -->

| | |
|---|---|
| Last refresh | 2026-11-29 |
| What it showed | PARITY |

<!-- conformance:end status -->

## Decisions

<!-- conformance:begin decisions -->

### Open

None.

<!-- conformance:end decisions -->

## Wire

{}
"""
COPY = "| | |\n|---|---|\n| **Last refresh** | 2026-12-31 |\n| What it showed | 900/900 |"


def problems(text: str) -> list[str]:
    """Return what is wrong with a page, with the numbers of lines."""
    file = parse_markdown(PAGE.format(text).encode(), "a.md")
    assert not file.problems
    return [f"{problem.place.line}: {problem.message}" for problem in lookalikes(file)]


def test_a_page_of_its_own_words() -> None:
    """One label alone is no copy, and a heading of another name is no second one."""
    assert problems("### Memory\n\n| what | how |\n|---|---|\n| Last refresh | by hand |") == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "## Decisions",
            (
                "24: the heading 'decisions' is that of a generated part, and stands here again: "
                "choose another"
            ),
        ),
        (
            "### **Op\u00aden**",
            (
                "24: the heading 'open' is that of a generated part, and stands here again: "
                "choose another"
            ),
        ),
        (
            COPY,
            (
                "24: this table has the labels 'last refresh', 'what it showed' of a generated one: "
                "remove it, as nothing keeps it true"
            ),
        ),
    ],
)
def test_a_copy_of_what_is_generated(text: str, problem: str) -> None:
    """A second heading, also with markup and a soft hyphen, and a second table."""
    assert problems(text) == [problem]


@pytest.mark.parametrize("header", ["alpha (new)", "new alpha", "Go, alpha"])
def test_a_header_that_is_more_than_a_name(header: str) -> None:
    """No rule would read its cells."""
    table = f"| what | {header} | Verified by |\n|---|---|---|\n| x | crashes | `a/*` |\n"
    file = parse_markdown(table.encode(), "a.md")
    found = claims_of(file, Columns(languages={"alpha": None, "beta": "go"})).problems
    assert [problem.place.line for problem in found] == [1]
    assert f"the column {header!r} holds the name " in found[0].message
