"""Objects whose names are data, as in `{"2026-11-23": {…}, "2026-11-24": {…}}`.

The names of their members are identifiers, numbers or days.

Without a rule an object is taken for such a map only where *every* name of both sides is of a form
that no programmer gives a field: then names that differ are values that differ, and no difference
of shape.
"""

import re
from collections.abc import Iterable
from typing import Final

from conformance.comparison.values.columns import Column

_DATA: Final = re.compile(
    r"[0-9]+"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?=[a-f]*[0-9])[0-9a-f]{16,}"
    r"|(?=[A-F]*[0-9])[0-9A-F]{16,}"
    r"|[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:]+)?)?)?"
)


def names_are_data(a: Iterable[str], b: Iterable[str]) -> bool:
    """Return whether every name on both sides is data."""
    return all(map(_DATA.fullmatch, a)) and all(map(_DATA.fullmatch, b))


def values_of(a: Column, b: Column) -> tuple[Column, Column, bool]:
    """Return all members of both columns' objects, and whether paired objects have equal names.

    Where they do, the members correspond by position.
    """
    first, second = ([value for value in column if isinstance(value, dict)] for column in (a, b))
    same = len(first) == len(second) and all(
        x.keys() == y.keys() for x, y in zip(first, second, strict=True)
    )
    values = [member for value in first for member in value.values()]
    if same:
        return values, [y[name] for x, y in zip(first, second, strict=True) for name in x], True
    return values, [member for value in second for member in value.values()], False
