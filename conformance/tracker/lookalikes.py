"""What a person wrote that a reader takes for generated text.

A heading that a region stands below, or that stands in one, is there once; a table outside has not
the labels of a generated one.
"""

import re
from collections.abc import Iterator
from typing import Final

from conformance.errors import Problem
from conformance.tracker.markdown_file import MarkdownFile, Table, cells_of
from conformance.tracker.rendered_text import rendered, rendered_blocks

_HEADING: Final = re.compile(r"#{1,6}\s+(.*)")
_SHARED_LABELS: Final = 2
"""A table that shares so many labels with a generated one is a copy; one may be by chance."""


def lookalikes(file: MarkdownFile) -> Iterator[Problem]:
    """Yield the headings and tables of a page that only a region should have."""
    inside = {index for each in file.regions.values() for index in range(each.begin, each.end + 1)}
    headings = [
        (index, _key(text))
        for index, level, text in rendered_blocks("".join(file.lines), inside)
        if level
    ]
    generated = {_key(found[1]) for index in inside if (found := _HEADING.match(file.lines[index]))}
    kept = {_above(headings, region.begin) for region in file.regions.values()}
    of_regions = {text for index, text in headings if index in kept}
    for index, text in headings:
        if text in generated | (of_regions if index not in kept else set()):
            what = f"the heading {text!r} is that of a generated part, and stands here again"
            yield Problem(file.place(index), f"{what}: choose another")
    labels = {label for index in inside for label in _labels(file.lines[index])}
    for table in file.tables:
        shared = [label for label in _labels_of(file, table) if label in labels]
        if len(shared) >= _SHARED_LABELS:
            what = f"this table has the labels {', '.join(map(repr, shared))} of a generated one"
            yield Problem(file.place(table.begin), f"{what}: remove it, as nothing keeps it true")


def _key(text: str) -> str:
    return rendered(text).strip().casefold()


def _above(headings: list[tuple[int, str]], line: int) -> int:
    """Return the line of the last heading above a line, -1 where there is none."""
    return max((index for index, _ in headings if index < line), default=-1)


def _labels(line: str) -> Iterator[str]:
    """Yield the first cell of a row of two: of a table of labels and values."""
    cells = cells_of(line)
    if line.startswith("|") and len(cells) == 2 and (label := _key(cells[0].text)):  # noqa: PLR2004
        yield label


def _labels_of(file: MarkdownFile, table: Table) -> Iterator[str]:
    for index in table.rows:
        cells = cells_of(file.lines[index])
        yield _key(cells[0].text) if cells else ""
