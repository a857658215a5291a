"""Text of a person that a reader would take for generated text.

A heading of a region may not occur a second time, and a table outside regions may not have the
labels of a generated one.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Final

from conformance.errors import Problem
from conformance.tracker.markdown_file import MarkdownFile, MarkdownTable, cells_of
from conformance.tracker.rendered_text import rendered, rendered_blocks

_HEADING: Final = re.compile(r"#{1,6}\s+(.*)")
_SHARED_LABELS: Final = 2
"""A table with this many labels of a generated one is a copy; one label may be chance."""


def lookalikes(file: MarkdownFile) -> Iterator[Problem]:
    """Yield the headings and tables of a page that only a region may have."""
    inside = sorted(file.generated)
    generated = list(map(file.lines.__getitem__, inside))
    yield from _headings_again(file, file.generated, generated)
    labels = set(chain.from_iterable(map(_labels, generated)))
    for table in file.tables:
        # In the order of the table
        shared = list(filter(labels.__contains__, _labels_of(file, table)))
        if len(shared) < _SHARED_LABELS:
            continue
        listed = ", ".join(map(repr, shared))
        what = f"this table has the labels {listed} of a generated one"
        yield Problem(file.place(table.begin), f"{what}: remove it, as nothing keeps it true")


def _headings_again(
    file: MarkdownFile, inside: Collection[int], generated: Iterable[str]
) -> Iterator[Problem]:
    """Yield the headings outside regions that repeat one inside or directly above a region."""
    headings = dict(_headings_outside(file, inside))
    in_regions = set(_heading_texts(generated))
    begins = map(attrgetter("begin"), file.regions.values())
    above = set(map(partial(_above, headings), begins)) & headings.keys()
    of_regions = set(map(headings.__getitem__, above))
    for index, text in headings.items():
        # The heading directly above a region belongs to it
        refused = in_regions if index in above else in_regions | of_regions
        if text not in refused:
            continue
        what = f"the heading {text!r} is that of a generated part, and stands here again"
        yield Problem(file.place(index), f"{what}: choose another")


def _headings_outside(file: MarkdownFile, inside: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each heading outside regions."""
    for index, level, text in rendered_blocks("".join(file.lines), inside):
        if level:
            yield index, _key(text)


def _heading_texts(lines: Iterable[str]) -> Iterator[str]:
    for heading in filter(None, map(_HEADING.match, lines)):
        yield _key(heading[1])


def _key(text: str) -> str:
    return rendered(text).strip().casefold()


def _above(headings: Iterable[int], line: int) -> int:
    """Return the line of the last heading above a line; -1 if there is none."""
    before = (index for index in headings if index < line)
    return max(before, default=-1)


def _labels(line: str) -> Iterator[str]:
    """Yield the first cell of a line with two cells: the label in a table of labels and values."""
    cells = cells_of(line)
    is_row_of_two = line.startswith("|") and len(cells) == 2  # noqa: PLR2004
    if not is_row_of_two:
        return
    label = _key(cells[0].text)
    if label:
        yield label


def _labels_of(file: MarkdownFile, table: MarkdownTable) -> Iterator[str]:
    for index in table.rows:
        cells = cells_of(file.lines[index])
        first = cells[0].text if cells else ""
        yield _key(first)
