"""Members that only number the elements of a list: each is one more than the one before.

If a runtime loses an element and renumbers the list, all later numbers differ.  So the other
members decide which elements are partners.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import count, repeat
from operator import eq
from typing import Final, NamedTuple

from conformance.comparison.budget import check
from conformance.comparison.values.common_order import Match
from conformance.comparison.values.features import MOST_RESPELLED, in_one_spelling
from conformance.comparison.values.json_encoding import canonical_each
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import sole
from conformance.comparison.values.own_ids import is_of_ids

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
"""A text that is an integer."""
_ENOUGH_ELEMENTS: Final = 2
"""A single element is not numbered."""
_MORE_BY_ID: Final = 2
"""The lead that partners need if numbers may be ids and elements repeat: one may be chance."""
_Path = tuple[str, ...]
"""The names that lead through objects to a member."""


class UnnumberedLists(NamedTuple):
    """The elements of two lists without the members that number them; `x` is not the longer one."""

    x: Sequence[Json]
    y: Sequence[Json]
    called_as_ids: bool

    def fits_better(self, matches: Sequence[Match]) -> bool:
        """Return whether more elements are equal as partners than at the same index."""
        x, y = self._marks()
        together: int = sum(x[i] == y[j] for i, j in matches)
        at_one_index: int = sum(map(eq, x, y))
        return together >= at_one_index + self._more_wanted(y)

    def _marks(self) -> Iterator[list[bytes]]:
        """Return a mark for each element of both lists, equal for equal elements.

        In short lists the spelling is ignored.
        """
        is_long = len(self.x) + len(self.y) > MOST_RESPELLED
        marks_of = canonical_each if is_long else _spelled_each
        return map(marks_of, map(list, (self.x, self.y)))

    def _more_wanted(self, marks: Sequence[bytes]) -> int:
        """Return by how many equal elements partners must lead."""
        is_each_once = len(set(marks)) == len(marks)
        return 1 if is_each_once or not self.called_as_ids else _MORE_BY_ID


def _spelled_each(elements: list[Json]) -> list[bytes]:
    """Return the content of each element, whatever its spelling."""
    return list(map(in_one_spelling, elements))


def number_in(value: Json) -> int | None:
    """Return the integer that a value or its text is; None for any other value."""
    if type(value) is int:
        return value
    is_text_of_one = isinstance(value, str) and _NUMBER.fullmatch(value) is not None
    return int(value) if is_text_of_one else None


def first_number(values: Sequence[Json]) -> int | None:
    """Return the first of consecutive integers; None if the values are anything else."""
    start = number_in(next(iter(values), None))
    if start is None:
        return None
    is_counted = all(map(eq, map(number_in, values), count(start)))
    return start if is_counted else None


def count_from_one_start(columns: Iterable[Sequence[Json]]) -> bool:
    """Return whether each column has consecutive integers, all with the same first one."""
    return sole(set(map(first_number, columns))) is not None


def without_numbers(x: Sequence[Json], y: Sequence[Json]) -> UnnumberedLists | None:
    """Return two lists without the members that number their elements; None without any.

    `y` must not be the shorter list.  Both must be numbered from the same first number.
    """
    if not (x and y) or max(len(x), len(y)) < _ENOUGH_ELEMENTS:
        return None
    numbers = list(filter(partial(_number_both, x, y), _paths(x[0])))
    if not numbers:
        return None
    called_as_ids = any(is_of_ids(path[-1]) for path in numbers)
    return UnnumberedLists(_without(x, numbers), _without(y, numbers), called_as_ids=called_as_ids)


def _number_both(x: Sequence[Json], y: Sequence[Json], path: _Path) -> bool:
    """Return whether a member numbers the elements of both lists."""
    check()
    if number_in(_at(x[0], path)) is None:
        return False
    first, second = list(map(_at, x, repeat(path))), list(map(_at, y, repeat(path)))
    return count_from_one_start((first, second))


def _paths(element: Json) -> Iterator[_Path]:
    """Yield the paths of all members of an element that are no objects, through objects only."""
    waiting: list[tuple[_Path, Json]] = [((), element)]
    while waiting:
        above, here = waiting.pop()
        if type(here) is dict:
            waiting.extend(((*above, name), value) for name, value in here.items())
        elif above:
            yield above


def _at(element: Json, path: _Path) -> Json:
    """Return the value at a path of an element; None if there is none."""
    for name in path:
        if type(element) is not dict:
            return None
        element = element.get(name)
    return element


def _without(elements: Sequence[Json], paths: Sequence[_Path]) -> list[Json]:
    """Return copies of elements without the members at some paths, which all of them have."""
    check()
    bare = list(elements)
    for path in paths:
        bare = list(map(_one_without, bare, repeat(path)))
    return bare


def _one_without(element: Json, path: _Path) -> Json:
    """Return a copy of an element without the member at a path."""
    if type(element) is not dict:
        return element
    name, *below = path
    rest = element.copy()
    inner = rest.pop(name)
    if below:
        rest[name] = _one_without(inner, tuple(below))
    return rest
