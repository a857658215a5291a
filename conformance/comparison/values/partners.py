"""Which elements of two lists of different length are the same one, step by step.

What only numbers the elements of both lists does not count, where the rest puts more of them
together. Where elements have ids, those with one id are partners, and of several with one id first
those that are equal, then those that are equal but for their spelling. Where only some have ids,
those are partners whose id either list has once, and no two that have two ids. Else elements are
partners that are equal. Do these stand in one order on both sides, then between them those are
partners that are equal but for their spelling, then those that have the most in common, and last
those that stand at one distance from the same partner. Do they stand in another order, then the
same is asked wherever elements stand, but for the last step. What is left is extra; so are events
of two types of which either is known in both lists.

Each step looks only at what the step before left, and none takes more than a bound.  Beyond it only
elements that no other one of their list is like count (patience diff), which takes linear time.
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
from conformance.comparison.values.features import features, in_common, in_one_spelling
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.numbered_elements import without_numbers
from conformance.comparison.values.objects import grouped, indexes_without, picked, positions_of
from conformance.comparison.values.own_ids import IdsOfTwo, shared_ids
from conformance.comparison.values.partners_in_any_order import MOST_WEIGHED, PartnersInAnyOrder

MOST_MATCHES: Final = 100_000
"""Pairs of equal elements that a common subsequence is looked for in: about a tenth of a second of
work.
"""
MOST_RESPELLED: Final = 10_000
"""Elements that are spelled in a common way to be compared: about half a second of work."""
_TYPE: Final = "event"
_Ids = tuple[Sequence[str | None], Sequence[str | None]]
"""The id of each element of two lists, None where it has none."""


class Partners(Struct, frozen=True):
    """The partners of two lists in the first's order, and whether all candidates were checked.

    `moved` tells that they stand in another order in the second list.
    """

    def on_side(self, side: int) -> list[int]:
        """Return the indexes of the partners in one of the lists, 0 or 1."""
        return list(map(itemgetter(side), self.matches))

    matches: tuple[Match, ...]
    complete: bool = True
    moved: bool = False

    def turned(self) -> "Partners":
        """Return the same with the lists exchanged."""
        return replace(self, matches=tuple(sorted((j, i) for i, j in self.matches)))

    def alone(self, side: int, length: int) -> list[int]:
        """Return the indexes of the elements of a side, 0 or 1, that have no partner."""
        return indexes_without(set(self.on_side(side)), length)


class _Gap(Struct, frozen=True):
    """A range of either list, between two partners."""

    x: range
    y: range

    def split(self, matches: Sequence[Match]) -> Iterator["_Gap"]:
        """Yield what is left between matches, where both lists have something left."""
        start_x, start_y = self.x.start, self.y.start
        for end_x, end_y in (*matches, (self.x.stop, self.y.stop)):
            between = _Gap(range(start_x, end_x), range(start_y, end_y))
            if between.x and between.y:
                yield between
            start_x, start_y = end_x + 1, end_y + 1

    @property
    def is_even(self) -> bool:
        """Return whether both ranges are of one length."""
        return len(self.x) == len(self.y)

    def at_one_distance(self) -> Iterator[Match]:
        """Return what is at one distance from the partner before, or after where none is before."""
        shorter = min(len(self.x), len(self.y))
        is_after_a_partner = any((self.x.start, self.y.start))
        part = slice(shorter) if is_after_a_partner else slice(-shorter, None)
        return zip(self.x[part], self.y[part], strict=True)


def partners_in_order(x: Sequence[Json], y: Sequence[Json]) -> Partners:
    """Return the partners of two lists of different length whose order counts.

    The shorter one leads either way.
    """
    if len(x) > len(y):
        return partners_in_order(y, x).turned()
    bare = without_numbers(x, y)
    if bare is not None:
        found = _partners_in_order(bare.x, bare.y)
        if bare.tell_more(found.matches):
            return found
    return _partners_in_order(x, y)


def _partners_in_order(x: Sequence[Json], y: Sequence[Json]) -> Partners:
    ids = shared_ids(x, y)
    if ids is not None and ids.unique_in_one:
        return partners_by_ids(x, y, ids)
    return _Alignment(x, y, ids).partners()


def partners_by_ids(x: Sequence[Json], y: Sequence[Json], ids: IdsOfTwo) -> Partners:
    """Return elements with one id as partners; of several that have it those most alike.

    Where not all elements have an id, the rest are partners by what they say.
    """
    if not ids.of_all:
        return _Alignment(x, y, ids).partners()
    found = PartnersInAnyOrder(x, y)
    marks = (ids.first.values, ids.second.values)
    found.by_repeated_marks(marks, (x, y))
    found.by_marks(*marks)
    return Partners(found.matches, found.complete, moved=found.moved)


class _Alignment:
    """Finds the partners of two lists; `gaps` are the ranges in which none are known yet."""

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
        """Return all partners."""
        marks = self._marks(self.x, 0), self._marks(self.y, 1)
        self._by_marks(*marks)
        # equal elements that no common order holds were moved
        in_common = (Counter(marks[0]) & Counter(marks[1])).total()
        are_moved = len(self.matches) < in_common
        if are_moved and not self.bounded:
            return self._wherever_they_stand(marks)
        self._by_what_they_say()
        is_all_looked_at = not self.bounded or not self.gaps
        return Partners(tuple(sorted(self.matches)), complete=is_all_looked_at)

    def _marks(self, elements: Sequence[Json], side: int) -> list[Hashable]:
        """Return the id of each element, where either list has it once, else all that it says."""
        found: list[Hashable] = []
        for own, element in zip(self.ids[side], elements, strict=True):
            check()
            found.append(own if own in self.known else canonical(element))
        return found

    def _are_two(self, i: int, j: int) -> bool:
        """Return whether two elements have two ids, or two types, so that they are not one."""
        own, other = self.ids[0][i], self.ids[1][j]
        if None in {own, other}:
            return self._are_of_two_types(i, j)
        return own != other

    def _are_of_two_types(self, i: int, j: int) -> bool:
        """Return whether types differ that both lists may have: others are one renamed."""
        own, other = self._types[0][i], self._types[1][j]
        if own == other:
            return False
        known, other_known = self._known_types
        return own in other_known or other in known

    def _wherever_they_stand(self, marks: tuple[Marks, Marks]) -> Partners:
        """Return as partners what is equal, and then what is most alike."""
        found = PartnersInAnyOrder(self.x, self.y)
        found.by_marks(*marks)
        moved = found.moved
        found.most_alike(self._are_two)
        return Partners(found.matches, found.complete, moved=moved)

    def _by_what_they_say(self) -> None:
        """Match elements that do not identify themselves."""
        if sum(len(gap.x) + len(gap.y) for gap in self.gaps) <= MOST_RESPELLED:
            self._by_marks(self._respelled(self.x, 0), self._respelled(self.y, 1))
        self._step(self._most_alike)
        if self.matches:
            self._step(self._by_position)

    def _by_position(self, gap: _Gap) -> list[Match]:
        """Return as partners what is at one distance from the same partner.

        That partner is the one before, if there is one.

        Of objects and lists that have nothing in common, only as many as there are on the other
        side.
        """
        if not gap.is_even and any(self._have_members(gap)):
            return []
        together = list(gap.at_one_distance())
        are_two = starmap(self._are_two, together)
        return list(compress(together, map(not_, are_two)))

    def _have_members(self, gap: _Gap) -> tuple[bool, bool]:
        """Return whether each of two ranges has an object or a list."""
        return _has_members(self.x, gap.x), _has_members(self.y, gap.y)

    def _respelled(self, elements: Sequence[Json], side: int) -> Marks:
        """Return marks of the elements in gaps."""
        marks: list[Hashable] = [None] * len(elements)
        for index in chain.from_iterable((gap.x, gap.y)[side] for gap in self.gaps):
            check()
            marks[index] = in_one_spelling(elements[index])
        return marks

    def _by_marks(self, x: Marks, y: Marks) -> None:
        self._step(lambda gap: self._common(gap, x, y))

    def _step(self, find: Callable[[_Gap], Sequence[Match]]) -> None:
        """Take the matches that a step finds in each gap.

        What is left between them are the gaps of the next step.
        """
        left: list[_Gap] = []
        for gap in self.gaps:
            check()
            found = find(gap)
            self.matches.extend(found)
            left.extend(gap.split(found))
        self.gaps = left

    def _common(self, gap: _Gap, x: Marks, y: Marks) -> list[Match]:
        """Return a longest common subsequence of two ranges: the equal ends, and the middle.

        The ends are what the ranges begin and end with.
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
        """Return a longest common subsequence of what counts.

        Where too many are alike, only marks that either range has once count.
        """
        places = self._places(gap, x, y)
        return longest_chain((i, places.get(x[i], ())) for i in gap.x)

    def _places(self, gap: _Gap, x: Marks, y: Marks) -> dict[Hashable, list[int]]:
        """Return where the marks of a range's second list stand that count, by mark."""
        places = grouped(zip(map(y.__getitem__, gap.y), gap.y, strict=True))
        places.pop(None, None)
        times = Counter(map(x.__getitem__, gap.x))
        pairs = sum(times[mark] * len(where) for mark, where in places.items())
        if pairs <= MOST_MATCHES:
            return places
        self.bounded = True
        return {mark: where for mark, where in places.items() if len(where) == times[mark] == 1}

    def _most_alike(self, gap: _Gap) -> list[Match]:
        """Return the partners with most in common, all together."""
        if not all(self._have_members(gap)):
            return []
        self._weighed += len(gap.x) * len(gap.y)
        if self._weighed > MOST_WEIGHED:
            self.bounded = True
            return []
        weights = self._weights(gap)
        return [(gap.x[i], gap.y[j]) for i, j in heaviest_path(weights)]

    def _weights(self, gap: _Gap) -> list[list[int]]:
        """Return how much each two elements of a gap have in common."""
        other_features = list(map(features, picked(self.y, gap.y)))
        found: list[list[int]] = []
        for i in gap.x:
            check()
            own = features(self.x[i])
            weights = list(map(in_common, repeat(own), other_features))
            # what are two has nothing in common, whatever they say
            are_two = map(partial(self._are_two, i), gap.y)
            for at in positions_of(are_two):
                weights[at] = 0
            found.append(weights)
        return found


def _type_of(element: Json) -> str | None:
    """Return what the type of an event is called, None where an element names none."""
    if not isinstance(element, dict):
        return None
    name = element.get(_TYPE)
    return name if isinstance(name, str) else None


def _has_members(elements: Sequence[Json], part: range) -> bool:
    """Return whether any element of a range is an object or a list.

    Scalars have nothing in common but their value.
    """
    return any(map(is_container, map(elements.__getitem__, part)))
