"""Cells of tables: the values that they are by themselves, and how they were written."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from conformance.comparison.values.lossless_json import (
    Document,
    Json,
    NoJsonError,
    parse,
    spelling,
)

HEADER: Final = "header"
ROWS: Final = "rows"
"""The members of a table that was read: its names, if it has any, and its rows."""
SEPARATORS: Final = (",", ";", "\t")
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)
"""A number as JSON writes it (RFC 8259, section 6)."""
_CHARACTERS_OF_NUMBERS: Final = re.compile(r"[-+.,0-9eE]*+")
"""What a list of numbers in JSON is made of.  A cell may have commas: then it is several."""
BOOLEANS: Final[dict[str, Json]] = {"true": True, "false": False}


def cell_of(cell: Json) -> Json:
    """Return a text as the number, boolean or null that it is by itself."""
    if type(cell) is not str:
        return cell
    if NUMBER.fullmatch(cell):
        return parse(cell.encode()).value
    return BOOLEANS.get(cell, cell or None)


def numbers_of(column: Sequence[str]) -> Document | None:
    """Return a column as numbers, empty cells as null.

    None where a cell is something else.
    """
    cells = ",".join(column)
    if not _CHARACTERS_OF_NUMBERS.fullmatch(cells):
        return None
    if "" in column:
        cells = ",".join(cell or "null" for cell in column)
    try:
        document = parse(f"[{cells}]".encode())
    except NoJsonError:
        return None
    return document if len(document.value) == len(column) else None


def typed(column: list[str], notes: set[str]) -> list[Json]:
    """Return the cells of a column as numbers or booleans where all are, empty ones as null.

    Else as they are.
    """
    sample = next(filter(None, column), "")
    if sample in BOOLEANS:
        known: Mapping[str, Json] = {**BOOLEANS, "": None}
        are_all_known = known.keys() >= set(column)
        return list(map(known.get, column)) if are_all_known else [*column]
    if not NUMBER.fullmatch(sample):
        return [*column]
    distinct = list(dict.fromkeys(column))
    document = numbers_of(distinct)
    if document is None:
        return [*column]
    notes.update(document.notes)
    values: list[Json] = document.value
    if len(distinct) == len(column):
        return values
    # to make a number takes longer than to find it, and most columns repeat some
    return list(map(dict(zip(distinct, values, strict=True)).__getitem__, column))


def written(cell: Json) -> str:
    """Return a cell as it was written."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else spelling(cell)
