"""`STATE_OF_PLAY.md`: a page with a row for each component and how it stands.

A person may write a sentence in each row.

A component is a name that a person writes, with the cases that show it.  Cases that no row names
get rows of their own, one for each first part of their ids, so that the page leaves nothing out.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from conformance.distinct import distinct
from conformance.errors import Problem
from conformance.model.case_glob import matches_any
from conformance.tracker.claims import VERIFIED_BY, Columns
from conformance.tracker.markdown_file import MarkdownFile, MarkdownTable, line_end
from conformance.tracker.page import Page, read_page

FILE_NAME: Final = "STATE_OF_PLAY.md"
REGIONS: Final = ("status",)
COMPONENT: Final = "component"


def read_state_of_play(file: Path, raw: bytes, columns: Columns, known: AbstractSet[str]) -> Page:
    """Return the page, with a new row for each area of cases that no row names yet."""
    page = read_page(file, raw, columns, REGIONS)
    table = _table(page.markdown)
    globs = distinct(claim.proofs.cases for claim in page.claims.once)
    # A page without a component would still look complete
    unnamed = [case for case in known if not matches_any(case, globs)]
    areas = sorted({case.partition("/")[0] for case in unnamed})
    if table is None or not areas:
        return page
    extended = _with_rows(page.markdown, table, areas)
    further = read_page(file, extended, columns, REGIONS)
    # The bytes stay those of the file, because they are compared with the disk later
    return Page(
        file=file,
        raw=raw,
        markdown=further.markdown,
        claims=further.claims,
        regions=REGIONS,
    )


def state_problems(page: Page) -> Iterator[Problem]:
    """Yield a problem if the page has no table of components."""
    if _table(page.markdown) is None:
        what = (
            "a table with the columns 'Component' and 'Verified by' is missing: it has a row "
            "for each component"
        )
        yield Problem(page.markdown.place(0), what)


def _table(markdown: MarkdownFile) -> MarkdownTable | None:
    for table in markdown.tables:
        header = {name.lower() for name in table.header}
        if header.issuperset((COMPONENT, VERIFIED_BY)):
            return table
    return None


def _with_rows(markdown: MarkdownFile, table: MarkdownTable, areas: list[str]) -> bytes:
    """Return the file with a row for each area at the end of a table."""
    # The line below the header has the dashes
    last = table.rows[-1] if table.rows else table.begin + 1
    end = line_end(markdown.lines)
    rows: list[str] = []
    for area in areas:
        cells = " | ".join(_cell(name, area) for name in table.header)
        rows.append(f"| {cells} |{end}")
    whole = markdown.lines[last].rstrip("\r\n") + end
    lines = [*markdown.lines[:last], whole, *rows, *markdown.lines[last + 1 :]]
    return "".join(lines).encode("utf-8", "surrogateescape")


def _cell(column: str, area: str) -> str:
    texts = {COMPONENT: area, VERIFIED_BY: f"`{area}/*`"}
    return texts.get(column.lower(), "")
