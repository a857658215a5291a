"""Recognises maps: objects whose names are data, as in `{"2026-11-23": {…}, "2026-11-24": {…}}`.

Without a rule, an object counts as a map only if *every* name on both sides looks like data: a
number, an identifier or a date, which no programmer uses as the name of a field.  Different names
are then a difference in values, not in shape.
"""

import re
from collections.abc import Iterable
from itertools import chain
from operator import eq, xor
from typing import Final

from conformance.comparison.difference import excerpt
from conformance.comparison.values.columns import Column, objects_of

_DATA: Final = re.compile(
    r"[0-9]+"
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?=[a-f]*[0-9])[0-9a-f]{16,}"
    r"|(?=[A-F]*[0-9])[0-9A-F]{16,}"
    r"|[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:]+)?)?)?"
)
"""A number, a UUID, a long hexadecimal text, a month, a day or a time."""


def names_are_data(a: Iterable[str], b: Iterable[str]) -> bool:
    """Return whether every name on both sides looks like data."""
    return all(map(_DATA.fullmatch, chain(a, b)))


def values_of(a: Column, b: Column) -> tuple[Column, Column, bool]:
    """Return the members of all objects of two columns, and whether they correspond by position.

    They do if paired objects have equal names.
    """
    first, second = objects_of(a), objects_of(b)
    values = list(chain.from_iterable(map(dict.values, first)))
    have_same_names = len(first) == len(second) and all(
        map(eq, map(dict.keys, first), map(dict.keys, second))
    )
    if not have_same_names:
        return values, list(chain.from_iterable(map(dict.values, second))), False
    # the order of members does not count: use the order of the first column
    in_first_order = [y[name] for x, y in zip(first, second, strict=True) for name in x]
    return values, in_first_order, True


def other_names(a: Column, b: Column) -> str:
    """Return the names that only one object of a pair has, in words."""
    first, second = (map(dict.keys, objects_of(column)) for column in (a, b))
    alone = set(chain.from_iterable(map(xor, first, second)))
    return excerpt(f"names of one side only: {', '.join(sorted(map(str, alone)))}")
