"""Members that one side has and the other lacks, and when writing nothing down explains it."""

from collections.abc import Callable
from itertools import product
from typing import Final

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
    sides = ((a, b, objects[1]), (b, a, objects[0]))
    for (idiom, gone), (present, other, holders) in product(_NOTHINGS, sides):
        unwritten = list(filter(gone, present))
        # where the other side lacks none, or writes the same, nothing is explained by leaving it
        # out
        lacks_none = len(other) == holders
        if not unwritten or lacks_none or any(map(gone, other)):
            continue
        written = len(present) - len(unwritten)
        # counts of objects that are not as many say nothing
        if objects[0] != objects[1]:
            is_all_there_is = bool(written) == bool(other)
        else:
            is_all_there_is = written == len(other)
        if is_all_there_is:
            fact = _fact_of(unwritten)
            return Explanation(idiom=idiom.name, fact=fact, first_side=present is a, gone=gone)
    return None


def _fact_of(unwritten: Column) -> str:
    """Name the values for nothing: nulls, or zero values."""
    names = {"null" if value is None else zero_name(value) for value in unwritten}
    return " or ".join(sorted(names))


_NOTHINGS: Final = ((NULL_VS_ABSENT, is_null), (ZERO_VALUE_VS_ABSENT, is_zero))
"""What stands for nothing, by the idiom that it is: nulls are asked for first."""


def presence_of(column: Column, objects: int) -> str:
    """Name how many of the objects have the member whose column this is."""
    if not column:
        return ABSENT
    return PRESENT if len(column) == objects else SOMETIMES_PRESENT
