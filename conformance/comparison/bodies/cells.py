"""Convert the cells of tables: from texts to typed values, and back to texts."""

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
"""The member of a table's value with the column names, if the table has any."""
ABOVE: Final = "above"
"""The member of a table's value with the lines above its header, if there are any."""
ROWS: Final = "rows"
"""The member of a table's value with its rows."""
SEPARATORS: Final = (",", ";", "\t")
"""The characters that may separate the cells of a row."""
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)
"""A number as JSON writes it (RFC 8259, section 6)."""
_CHARACTERS_OF_NUMBERS: Final = re.compile(r"[-+.,0-9eE]*+")
"""Numbers with commas between them; a column with any other character is not parsed."""
BOOLEANS: Final[dict[str, Json]] = {"true": True, "false": False}
"""The cells that are booleans, with their values."""


def cell_of(cell: Json) -> Json:
    """Return a single cell as a number, boolean or null, if its text is one."""
    if type(cell) is not str:
        return cell
    if NUMBER.fullmatch(cell):
        return parse(cell.encode()).value
    return BOOLEANS.get(cell, cell or None)


def numbers_of(column: Sequence[str]) -> Document | None:
    """Return a column parsed as a JSON list of numbers, with null for empty cells.

    None if any cell is something else.
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
    """Return a column as numbers or booleans if all its cells are, with null for empty cells.

    Otherwise return the texts.  Notes on the numbers are added to `notes`.
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
    # Parsing a number takes longer than looking it up, and most columns repeat numbers
    return list(map(dict(zip(distinct, values, strict=True)).__getitem__, column))


def written(cell: Json) -> str:
    """Return a cell as the text that was sent."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else spelling(cell)
