"""Members that one side has and the other lacks, and when writing nothing down explains it."""

from collections.abc import Callable

from msgspec import Struct

from conformance.comparison.difference import ABSENT, PRESENT, SOMETIMES_PRESENT
from conformance.comparison.idioms.members import NULL_VS_ABSENT, ZERO_VALUE_VS_ABSENT
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.zero_values import is_null, is_zero, zero_name

Gone = Callable[[Json], bool]
"""Tells which values of a member say that there is none."""


class Explanation(Struct, frozen=True, kw_only=True):
    """An idiom that explains a member on one side only: the values, the side, and their name."""

    idiom: str
    fact: str
    first_side: bool
    gone: Gone


def explanation_of(a: Column, b: Column, objects: tuple[int, int]) -> Explanation | None:
    """Return what explains that a member is not on both sides alike: nulls first, then zero values.

    `objects` are how many objects stand above either column.  Where these are not as many there are
    no counts to compare: then the rest must be there on both sides, or on neither, and the other
    side must lack some.
    """
    same_number = objects[0] == objects[1]
    for idiom, gone in ((NULL_VS_ABSENT, is_null), (ZERO_VALUE_VS_ABSENT, is_zero)):
        for present, other, holders in ((a, b, objects[1]), (b, a, objects[0])):
            unwritten = [value for value in present if gone(value)]
            if not unwritten or len(other) == holders or any(map(gone, other)):
                continue
            written = len(present) - len(unwritten)
            if written == len(other) if same_number else bool(written) == bool(other):
                fact = "null" if gone is is_null else _zero_fact(unwritten)
                return Explanation(idiom=idiom.name, fact=fact, first_side=present is a, gone=gone)
    return None


def _zero_fact(values: Column) -> str:
    return " or ".join(sorted(set(map(zero_name, values))))


def presence_of(column: Column, objects: int) -> str:
    """Name how many of the objects have the member whose column this is."""
    if not column:
        return ABSENT
    return PRESENT if len(column) == objects else SOMETIMES_PRESENT


def without(column: Column, gone: Gone) -> Column:
    """Return a column without the values that say that there is none."""
    return [value for value in column if not gone(value)]
