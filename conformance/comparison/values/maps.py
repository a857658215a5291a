"""Objects whose names are data, as in `{"2026-11-23": {…}, "2026-11-24": {…}}`.

The names of their members are identifiers, numbers or days.

Without a rule an object is taken for such a map only where *every* name of both sides is of a form
that no programmer gives a field: then names that differ are values that differ, and no difference
of shape.
"""

import re
from collections.abc import Iterable
from itertools import chain
from operator import eq
from typing import Final

from conformance.comparison.values.columns import Column, objects_of

_DATA: Final = re.compile(
    r"[0-9]+"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?=[a-f]*[0-9])[0-9a-f]{16,}"
    r"|(?=[A-F]*[0-9])[0-9A-F]{16,}"
    r"|[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:]+)?)?)?"
)


def names_are_data(a: Iterable[str], b: Iterable[str]) -> bool:
    """Return whether every name on both sides is data."""
    return all(map(_DATA.fullmatch, chain(a, b)))


def values_of(a: Column, b: Column) -> tuple[Column, Column, bool]:
    """Return all members of both columns' objects, and whether paired objects have equal names.

    Where they do, the members correspond by position.
    """
    first, second = objects_of(a), objects_of(b)
    values = list(chain.from_iterable(map(dict.values, first)))
    have_same_names = len(first) == len(second) and all(
        map(eq, map(dict.keys, first), map(dict.keys, second))
    )
    if not have_same_names:
        return values, list(chain.from_iterable(map(dict.values, second))), False
    # the order of members does not count: the second's stand in the first's order
    in_first_order = [y[name] for x, y in zip(first, second, strict=True) for name in x]
    return values, in_first_order, True
