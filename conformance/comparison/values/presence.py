"""How many objects have a member, and whether empty values beside absent members explain it."""

from collections.abc import Callable
from itertools import product
from typing import Final

from msgspec import Struct

from conformance.comparison.difference import ABSENT, PRESENT, SOMETIMES_PRESENT
from conformance.comparison.idioms.members import NULL_VS_ABSENT, ZERO_VALUE_VS_ABSENT
from conformance.comparison.values.columns import Column
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.zero_values import is_null, is_zero, zero_name

CountsAsAbsent = Callable[[Json], bool]
"""Returns whether a value of a member counts as absent."""


class Explanation(Struct, frozen=True, kw_only=True):
    """An idiom that explains a member on one side by its empty values.

    - `fact`: the name of the empty values.
    - `first_side`: whether they are on the first side.
    - `counts_as_absent`: whether a value is one of them.
    """

    idiom: str
    fact: str
    first_side: bool
    counts_as_absent: CountsAsAbsent


def explanation_of(a: Column, b: Column, objects: tuple[int, int]) -> Explanation | None:
    """Return an explanation of a member that two sides do not have alike, or None.

    Nulls are tried first, then zero values.  Once they are ignored, both sides must have the member
    equally often, and the other side must lack some.  `objects` is the number of objects on each
    side; if these numbers differ, both sides must have the member at all, or neither.
    """
    sides = ((a, b, objects[1]), (b, a, objects[0]))
    for (idiom, counts_as_absent), (present, other, holders) in product(_EMPTY_VALUE_IDIOMS, sides):
        unwritten = list(filter(counts_as_absent, present))
        # if the other side lacks none, or has the same empty values, absence explains nothing
        lacks_none = len(other) == holders
        if not unwritten or lacks_none or any(map(counts_as_absent, other)):
            continue
        written = len(present) - len(unwritten)
        # counts cannot be compared if the numbers of objects differ
        if objects[0] != objects[1]:
            is_all_there_is = bool(written) == bool(other)
        else:
            is_all_there_is = written == len(other)
        if is_all_there_is:
            fact = _fact_of(unwritten)
            return Explanation(
                idiom=idiom.name,
                fact=fact,
                first_side=present is a,
                counts_as_absent=counts_as_absent,
            )
    return None


def _fact_of(unwritten: Column) -> str:
    """Return the names of empty values as a fact, such as `null` or `empty list or zero`."""
    names = {"null" if value is None else zero_name(value) for value in unwritten}
    return " or ".join(sorted(names))


_EMPTY_VALUE_IDIOMS: Final = ((NULL_VS_ABSENT, is_null), (ZERO_VALUE_VS_ABSENT, is_zero))
"""The idioms about empty values, each with its test, in the order in which they are tried."""


def presence_of(column: Column, objects: int) -> str:
    """Return as a fact whether all, some or none of a side's objects have a member."""
    if not column:
        return ABSENT
    return PRESENT if len(column) == objects else SOMETIMES_PRESENT
