"""Cells of tables: the values that they are by themselves, and how they were written."""

import re
from typing import Final

from conformance.comparison.values.lossless_json import Json, parse, spelling

SEPARATORS: Final = (",", ";", "\t")
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)
"""A number as JSON writes it (RFC 8259, section 6)."""
BOOLEANS: Final[dict[str, Json]] = {"true": True, "false": False}


def cell_of(cell: Json) -> Json:
    """Return a text as the number, boolean or null that it is by itself."""
    if type(cell) is not str:
        return cell
    if NUMBER.fullmatch(cell):
        return parse(cell.encode()).value
    return BOOLEANS.get(cell, cell or None)


def written(cell: Json) -> str:
    """Return a cell as it was written."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    return str(cell).lower() if isinstance(cell, bool) else spelling(cell)
