"""Figures that somebody typed where only a report's record, or the evidence, may say how much.

In a cell of a runtime no number is typed, but one that the cell's own comment holds or that stands
in code.  In all other cells and in prose no number is typed that has a unit of time, of size or of
rate.  What an owner says is exempt.
"""

import re
from collections.abc import Iterator
from typing import Final

from conformance.errors import Problem
from conformance.tracker.claims import OWNERS, Claim, RuntimeCell
from conformance.tracker.markdown_file import MarkdownFile
from conformance.tracker.page import Page

_UNIT: Final = (
    r"(?:%|percent\b|[mµun]?s\b|(?:milli|micro)?seconds?\b|[KMG]i?B\b|kB\b"
    r"|(?:\w+ ){0,3}(?:per s(?:econd)?|\w+/s(?:econd)?)\b)"
)
_WITH_UNIT: Final = re.compile(rf"(?<![\w.-])[0-9][0-9.,]*\s?{_UNIT}")
_NUMBER: Final = re.compile(r"(?<![\w/.-])[0-9](?:[0-9.,]*[0-9])?")
_CODE: Final = re.compile(r"`[^`]*`")
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*)")
_HINT: Final = (
    "is typed: end the cell with <!-- from: FILE FIELD UNIT -->, and `sync` writes the figure"
)
_PROSE_HINT: Final = "is typed, and nothing verifies it: put it into a row that names its report"


def typed_in_prose(page: Page) -> Iterator[Problem]:
    """Yield the figures that somebody typed into the prose of a page."""
    for index, line in _prose(page.markdown):
        if found := _WITH_UNIT.search(_CODE.sub("", line)):
            yield Problem(page.markdown.place(index), f"{found[0]!r} {_PROSE_HINT}")


def typed_in_row(claim: Claim) -> Iterator[str]:
    """Yield the figures that somebody typed into a row."""
    for cell in claim.runtimes:
        if typed := _typed_number(cell):
            yield f"the cell of {cell.header}: {typed!r} {_HINT}"
    of_runtimes = {cell.text for cell in claim.runtimes}
    figures = {each.text for each in claim.figures}
    for words in claim.words:
        found = _WITH_UNIT.search(_CODE.sub("", words))
        if found and words not in of_runtimes | figures:
            yield f"{found[0]!r} {_HINT}"


def _typed_number(cell: RuntimeCell) -> str:
    """Return a number of a cell that neither its comment nor code holds.

    Nothing where there is none.
    """
    shown = {number for each in cell.shows for number in _NUMBER.findall(each.written)}
    return next(
        (number for number in _NUMBER.findall(_CODE.sub("", cell.text)) if number not in shown), ""
    )


def _prose(file: MarkdownFile) -> Iterator[tuple[int, str]]:
    """Yield the lines that are neither code, output, tables nor an owner's statement."""
    skipped = set(file.code)
    for region in file.regions.values():
        skipped.update(range(region.begin, region.end + 1))
    for table in file.tables:
        skipped.update((table.begin, table.begin + 1, *table.rows))
    owners = 0
    for index, line in enumerate(file.lines):
        heading = _HEADING.match(line) if index not in file.code else None
        if heading and (not owners or len(heading[1]) <= owners):
            owners = len(heading[1]) if OWNERS.match(heading[2]) else 0
        if not owners and index not in skipped:
            yield index, line
