"""Figures that a person typed, although only a report or the evidence may give them.

In the cell of a runtime, no number may be typed unless the cell's own comment has it or it is in
code.  In other cells and in prose, no number with a unit of time, size or rate may be typed.  The
text is read as rendered.  Owners' statements and code blocks are exempt.
"""

import re
from collections.abc import Iterator
from itertools import chain, filterfalse
from operator import attrgetter
from typing import Final

from conformance.errors import Problem
from conformance.tracker.claims import OWNERS, VERIFIED_BY, DocumentClaim, RuntimeCell
from conformance.tracker.markdown_file import MarkdownFile, MarkdownTable
from conformance.tracker.page import Page
from conformance.tracker.rendered_text import plain, rendered, rendered_blocks

_UNITS: Final = (
    r"%|per ?cent\b",
    r"(?:[mnp\u03bcu]?s|m?secs?|min(?:ute)?s?|h(?:ou)?rs?|h|(?:milli|micro|nano)?seconds?)\b",
    r"(?:[kmgtp]i?b|[kmgt]i?bit|(?:kilo|mega|giga|tera)?bytes?)\b",
    r"(?:[rqt]ps|[kmg]?hz)\b",
    r"(?:[x\u00d7](?!\w|\s?[0-9])|times (?:as|faster|slower|larger|smaller|more|less)\b)",
    r"(?:[^\W\d]+ ){0,3}(?:per|each|every|an?) (?:s|sec|second|minute|hour)\b",
    r"(?:[^\W\d]+ ){0,3}\w*/(?:s|sec|second|min|minute|h|hour)\b",
)
"""Units that make a number a figure: shares, times, sizes, frequencies, ratios, rates.

Upper and lower case count as the same.  Days are left out: ages and dates are not measured.
"""
_AMOUNT: Final = r"(?<![\w.-])v?[0-9][0-9.,]*(?:e[+-]?[0-9]+)?"
_WITH_UNIT: Final = re.compile(rf"{_AMOUNT}[\s-]?(?:{'|'.join(_UNITS)})", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?<![\w/.-])v?[0-9](?:[0-9.,]*[0-9])?")
_TEXT: Final = attrgetter("text")
_HINT: Final = (
    "is typed: end the cell with <!-- from: FILE FIELD UNIT -->, and `sync` writes the figure"
)
_PROSE_HINT: Final = "is typed, and nothing verifies it: put it into a row that names its report"


def typed_in_prose(page: Page) -> Iterator[Problem]:
    """Yield the figures that a person typed into the prose of a page."""
    for index, figure in figures_in_prose(page.markdown):
        yield Problem(page.markdown.place(index), f"{figure!r} {_PROSE_HINT}")


def figures_in_prose(file: MarkdownFile) -> Iterator[tuple[int, str]]:
    """Yield the first figure of each block of prose, with the index of the block's first line."""
    for index, text in _prose(file):
        figure = _WITH_UNIT.search(text)
        if figure:
            yield index, figure[0]


def typed_in_row(claim: DocumentClaim) -> Iterator[str]:
    """Yield the figures that a person typed into a row."""
    for cell in claim.runtimes:
        typed = _typed_number(cell)
        if typed:
            yield f"the cell of {cell.header}: {typed!r} {_HINT}"
    # Cells of runtimes were checked above; `sync` writes the figures of reports
    read_elsewhere = set(map(_TEXT, chain(claim.runtimes, claim.figures)))
    for words in filterfalse(read_elsewhere.__contains__, claim.words):
        figure = _WITH_UNIT.search(rendered(words))
        if figure:
            yield f"{figure[0]!r} {_HINT}"


def _typed_number(cell: RuntimeCell) -> str:
    """Return a figure or number of a cell that its comment does not have; else an empty text."""
    text = rendered(cell.text)
    # Numbers in the comment are compared with the evidence elsewhere
    written = [plain(each.written) for each in cell.shows]
    for figure in _WITH_UNIT.finditer(text):
        is_held = any(figure[0] in each for each in written)
        if not is_held:
            return figure[0]
    known = set(chain.from_iterable(map(_NUMBER.findall, written)))
    unknown = filterfalse(known.__contains__, _NUMBER.findall(text))
    return str(next(unknown, ""))


def _prose(file: MarkdownFile) -> Iterator[tuple[int, str]]:
    """Yield `(line, text)` of blocks outside code, output, comparisons and owners' statements."""
    skipped = set(file.generated)
    # A comparison is read row by row
    for table in filter(_is_read_by_row, file.tables):
        skipped.update(table.rows)
    # The level of the heading of owners' statements above the block, or 0
    owners = 0
    for index, level, text in rendered_blocks("".join(file.lines), skipped):
        is_heading = level > 0
        # A heading of a deeper level belongs to the statements
        ends_owners = is_heading and level <= (owners or level)
        if ends_owners:
            owners = level if OWNERS.match(text) else 0
        if not owners:
            yield index, text


def _is_read_by_row(table: MarkdownTable) -> bool:
    return VERIFIED_BY in map(str.lower, table.header)
