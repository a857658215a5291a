"""How many objects have a member, and whether empty values beside absent members explain it."""

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Final

from msgspec import Struct

from conformance.comparison.difference import ABSENT, PRESENT, SOMETIMES_PRESENT
from conformance.comparison.idioms.members import NULL_VS_ABSENT, ZERO_VALUE_VS_ABSENT
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.zero_values import is_empty_value, is_null, is_zero, zero_name

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


def nulls_of(column: Column, *, first_side: bool) -> Explanation | None:
    """Return an explanation of the nulls among values that only one side has, or None."""
    if not any(map(is_null, column)):
        return None
    return Explanation(
        idiom=NULL_VS_ABSENT.name, fact="null", first_side=first_side, counts_as_absent=is_null
    )


def without_common(
    a: Column, b: Column, objects: tuple[int, int]
) -> tuple[Column, Column, tuple[int, int]]:
    """Return two unpaired columns and numbers of objects without empty values on both sides.

    If the numbers of objects differ, so may the numbers of such values: nothing is left out.
    """
    common = _counted(a) & _counted(b)
    if objects[0] != objects[1] or not common:
        return a, b, objects
    left = objects[0] - common.total()
    return _without(a, common), _without(b, common), (left, left)


def _counted(column: Column) -> Counter[bytes]:
    """Return how often a column has each empty value."""
    return Counter(map(canonical, filter(is_empty_value, column)))


def _without(column: Column, values: Counter[bytes]) -> Column:
    """Return a column without some values, each as often as it is counted."""
    to_remove = values.copy()
    kept: Column = []
    for value in column:
        key = canonical(value)
        if to_remove[key]:
            to_remove[key] -= 1
        else:
            kept.append(value)
    return kept


def not_absent(counts_as_absent: CountsAsAbsent) -> CountsAsAbsent:
    """Return a test for the values that do not count as absent."""
    return lambda value: not counts_as_absent(value)


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
