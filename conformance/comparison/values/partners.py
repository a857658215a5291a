"""Pairs the elements of two lists of different length.

Members that only number the elements are ignored, if more elements are then equal as partners.

If one list at least repeats no id, elements with the same id are partners.  If both lists repeat
some, or only some elements have ids, only ids that both lists have once count, and elements with
two different ids are never partners.

Otherwise equal elements are partners.  If these have the same order in both lists, the elements
between them are paired, too: first those that are equal except for spelling, then those that have
most in common, and last those at the same distance from the same partner.  If these have another
order, the other elements are paired by what they have in common, wherever they are.

Elements that are left are extra.  Events of two types, one of which is in both lists, are never
partners.

Each step considers only what the step before has left, within a bound.  Past the bound, only
elements that each list has once count (patience diff), which takes linear time.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, compress, islice, repeat, starmap
from operator import itemgetter, not_
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.budget import check
from conformance.comparison.values.columns import is_container
from conformance.comparison.values.common_order import (
    Marks,
    Match,
    heaviest_path,
    length_of_common,
    longest_chain,
)
from conformance.comparison.values.features import (
    MOST_RESPELLED,
    features,
    in_common,
    in_one_spelling,
)
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.numbered_elements import without_numbers
from conformance.comparison.values.objects import grouped, indexes_without, picked, positions_of
from conformance.comparison.values.own_ids import IdsOfTwo, shared_ids
from conformance.comparison.values.partners_in_any_order import MOST_WEIGHED, PartnersInAnyOrder

MOST_MATCHES: Final = 100_000
"""The largest number of pairs of equal elements in the search for a common subsequence.

It takes about a tenth of a second.
"""
_TYPE: Final = "event"
"""The member that names the type of an event."""
_Ids = tuple[Sequence[str | None], Sequence[str | None]]
"""The id of each element of two lists; None for an element without id."""


class Partners(Struct, frozen=True):
    """The partners of two lists, in the order of the first list.

    `complete` says whether all candidates were checked, `moved` that partners have another order in
    the second list.
    """

    def on_side(self, side: int) -> list[int]:
        """Return the indexes of the partners in one list, 0 or 1."""
        return list(map(itemgetter(side), self.matches))

    matches: tuple[Match, ...]
    complete: bool = True
    moved: bool = False

    def swapped(self) -> "Partners":
        """Return the partners with the lists exchanged."""
        return replace(self, matches=tuple(sorted((j, i) for i, j in self.matches)))

    def alone(self, side: int, length: int) -> list[int]:
        """Return the indexes without a partner in one list, 0 or 1, which has `length` elements."""
        return indexes_without(set(self.on_side(side)), length)


class _Gap(Struct, frozen=True):
    """A range of each list between two pairs of partners."""

    x: range
    y: range

    def split(self, matches: Sequence[Match]) -> Iterator["_Gap"]:
        """Yield the gaps between matches, if both ranges have elements there."""
        start_x, start_y = self.x.start, self.y.start
        for end_x, end_y in (*matches, (self.x.stop, self.y.stop)):
            between = _Gap(range(start_x, end_x), range(start_y, end_y))
            if between.x and between.y:
                yield between
            start_x, start_y = end_x + 1, end_y + 1

    @property
    def is_even(self) -> bool:
        """Return whether both ranges have the same length."""
        return len(self.x) == len(self.y)

    def at_one_distance(self) -> Iterator[Match]:
        """Return pairs at the same distance from the partner before, else from the one after."""
        shorter = min(len(self.x), len(self.y))
        is_after_a_partner = any((self.x.start, self.y.start))
        part = slice(shorter) if is_after_a_partner else slice(-shorter, None)
        return zip(self.x[part], self.y[part], strict=True)


def partners_in_order(x: Sequence[Json], y: Sequence[Json]) -> Partners:
    """Return the partners of two lists of different length whose order counts.

    The result does not depend on which list comes first.
    """
    if len(x) > len(y):
        return partners_in_order(y, x).swapped()
    bare = without_numbers(x, y)
    if bare is not None:
        found = _partners_in_order(bare.x, bare.y)
        if bare.fits_better(found.matches):
            return found
    return _partners_in_order(x, y)


def _partners_in_order(x: Sequence[Json], y: Sequence[Json]) -> Partners:
    """Return the partners of two lists by their ids, if possible, else by their content."""
    ids = shared_ids(x, y)
    if ids is not None and ids.unique_in_one:
        return partners_by_ids(x, y, ids)
    return _Alignment(x, y, ids).partners()


def partners_by_ids(x: Sequence[Json], y: Sequence[Json], ids: IdsOfTwo) -> Partners:
    """Return elements with the same id as partners; of several with the same id, equal ones first.

    If some elements have no id, these are paired by their content.
    """
    if not ids.of_all:
        return _Alignment(x, y, ids).partners()
    found = PartnersInAnyOrder(x, y)
    marks = (ids.first.values, ids.second.values)
    found.by_repeated_marks(marks, (x, y))
    found.by_marks(*marks)
    return Partners(found.matches, found.complete, moved=found.moved)


class _Alignment:
    """Finds the partners of two lists; `gaps` are the ranges without known partners."""

    def __init__(self, x: Sequence[Json], y: Sequence[Json], ids: IdsOfTwo | None = None) -> None:
        self.x, self.y = x, y
        self.known: AbstractSet[str | None] = ids.once_in_both if ids else frozenset()
        self.ids: _Ids = ([None] * len(x), [None] * len(y))
        if ids and self.known:
            self.ids = (ids.first.values, ids.second.values)
        self._types = (list(map(_type_of, x)), list(map(_type_of, y)))
        self._known_types = tuple(map(set, self._types))
        self.gaps = [_Gap(range(len(x)), range(len(y)))]
        self.matches: list[Match] = []
        self.bounded = False
        self._weighed = 0

    def partners(self) -> Partners:
        """Return the partners of the two lists."""
        marks = self._marks(self.x, 0), self._marks(self.y, 1)
        self._by_marks(*marks)
        # if some equal elements have no common order, elements were moved
        in_common = (Counter(marks[0]) & Counter(marks[1])).total()
        are_moved = len(self.matches) < in_common
        if are_moved and not self.bounded:
            return self._in_any_order(marks)
        self._by_content()
        is_all_looked_at = not self.bounded or not self.gaps
        return Partners(tuple(sorted(self.matches)), complete=is_all_looked_at)

    def _marks(self, elements: Sequence[Json], side: int) -> list[Hashable]:
        """Return a mark for each element: its id if both lists have it once, else its content."""
        found: list[Hashable] = []
        for own, element in zip(self.ids[side], elements, strict=True):
            check()
            found.append(own if own in self.known else canonical(element))
        return found

    def _cannot_be_partners(self, i: int, j: int) -> bool:
        """Return whether two elements have different ids or types, so cannot be partners."""
        own, other = self.ids[0][i], self.ids[1][j]
        if None in {own, other}:
            return self._are_of_two_types(i, j)
        return own != other

    def _are_of_two_types(self, i: int, j: int) -> bool:
        """Return whether two events have different types, one of which is in both lists.

        Other types may be one type that was renamed.
        """
        own, other = self._types[0][i], self._types[1][j]
        if own == other:
            return False
        known, other_known = self._known_types
        return own in other_known or other in known

    def _in_any_order(self, marks: tuple[Marks, Marks]) -> Partners:
        """Return equal elements as partners, then those that have most in common, in any order."""
        found = PartnersInAnyOrder(self.x, self.y)
        found.by_marks(*marks)
        moved = found.moved
        found.most_alike(self._cannot_be_partners)
        return Partners(found.matches, found.complete, moved=moved)

    def _by_content(self) -> None:
        """Match the elements in the gaps by content, and then by position."""
        if sum(len(gap.x) + len(gap.y) for gap in self.gaps) <= MOST_RESPELLED:
            self._by_marks(self._respelled(self.x, 0), self._respelled(self.y, 1))
        self._step(self._most_alike)
        if self.matches:
            self._step(self._by_position)

    def _by_position(self, gap: _Gap) -> list[Match]:
        """Return pairs at the same distance from the same partner.

        Objects and lists without common features are paired only in ranges of equal length.
        """
        if not gap.is_even and any(self._have_members(gap)):
            return []
        together = list(gap.at_one_distance())
        are_two = starmap(self._cannot_be_partners, together)
        return list(compress(together, map(not_, are_two)))

    def _have_members(self, gap: _Gap) -> tuple[bool, bool]:
        """Return for each range of a gap whether it has an object or a list."""
        return _has_members(self.x, gap.x), _has_members(self.y, gap.y)

    def _respelled(self, elements: Sequence[Json], side: int) -> Marks:
        """Return a mark for each element in a gap, equal for equal content in any spelling."""
        marks: list[Hashable] = [None] * len(elements)
        for index in chain.from_iterable((gap.x, gap.y)[side] for gap in self.gaps):
            check()
            marks[index] = in_one_spelling(elements[index])
        return marks

    def _by_marks(self, x: Marks, y: Marks) -> None:
        """Match elements with equal marks in each gap."""
        self._step(lambda gap: self._common(gap, x, y))

    def _step(self, find: Callable[[_Gap], Sequence[Match]]) -> None:
        """Add the matches that `find` returns for each gap; the next gaps are between them."""
        left: list[_Gap] = []
        for gap in self.gaps:
            check()
            found = find(gap)
            self.matches.extend(found)
            left.extend(gap.split(found))
        self.gaps = left

    def _common(self, gap: _Gap, x: Marks, y: Marks) -> list[Match]:
        """Return a longest common subsequence of the two ranges of a gap.

        Equal elements at both ends are taken first, which is faster.
        """
        start = length_of_common(zip(gap.x, gap.y, strict=False), x, y)
        shorter = min(len(gap.x), len(gap.y)) - start
        from_the_end = zip(reversed(gap.x), reversed(gap.y), strict=False)
        end = length_of_common(islice(from_the_end, shorter), x, y)
        stop_x, stop_y = len(gap.x) - end, len(gap.y) - end
        first = zip(gap.x[:start], gap.y[:start], strict=True)
        inner = _Gap(gap.x[start:stop_x], gap.y[start:stop_y])
        last = zip(gap.x[stop_x:], gap.y[stop_y:], strict=True)
        return [*first, *self._longest(inner, x, y), *last]

    def _longest(self, gap: _Gap, x: Marks, y: Marks) -> list[Match]:
        """Return a longest common subsequence of the marks that count."""
        places = self._places(gap, x, y)
        return longest_chain((i, places.get(x[i], ())) for i in gap.x)

    def _places(self, gap: _Gap, x: Marks, y: Marks) -> dict[Hashable, list[int]]:
        """Return the indexes in the second list of the marks that count.

        If there are too many pairs, only marks that each range has once count.
        """
        places = grouped(zip(map(y.__getitem__, gap.y), gap.y, strict=True))
        places.pop(None, None)
        times = Counter(map(x.__getitem__, gap.x))
        pairs = sum(times[mark] * len(where) for mark, where in places.items())
        if pairs <= MOST_MATCHES:
            return places
        self.bounded = True
        return {mark: where for mark, where in places.items() if len(where) == times[mark] == 1}

    def _most_alike(self, gap: _Gap) -> list[Match]:
        """Return the pairs in a gap that have most in common in total."""
        if not all(self._have_members(gap)):
            return []
        self._weighed += len(gap.x) * len(gap.y)
        if self._weighed > MOST_WEIGHED:
            self.bounded = True
            return []
        weights = self._weights(gap)
        return [(gap.x[i], gap.y[j]) for i, j in heaviest_path(weights)]

    def _weights(self, gap: _Gap) -> list[list[int]]:
        """Return the number of common features of each pair of elements in a gap."""
        other_features = list(map(features, picked(self.y, gap.y)))
        found: list[list[int]] = []
        for i in gap.x:
            check()
            own = features(self.x[i])
            weights = list(map(in_common, repeat(own), other_features))
            # elements that cannot be partners get the weight 0
            are_two = map(partial(self._cannot_be_partners, i), gap.y)
            for at in positions_of(are_two):
                weights[at] = 0
            found.append(weights)
        return found


def _type_of(element: Json) -> str | None:
    """Return the type that an event names; None for any other element."""
    if not isinstance(element, dict):
        return None
    name = element.get(_TYPE)
    return name if isinstance(name, str) else None


def _has_members(elements: Sequence[Json], part: range) -> bool:
    """Return whether a range of elements has an object or a list.

    Scalars have no features.
    """
    return any(is_container(elements[at]) for at in part)
