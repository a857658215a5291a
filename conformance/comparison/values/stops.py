"""Where the comparison of two answers stopped: below these places nothing is known of this pair.

A runtime that differs in kind above a place has no part in a difference there, and a runtime that
does not show a difference agrees only if it was compared.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product, repeat
from operator import attrgetter, itemgetter

from msgspec import Struct, field

from conformance.comparison.values.aligned_lists import AlignedLists
from conformance.model.json_path import ANY_MEMBER, JsonPath, Segment

Paths = tuple[JsonPath, JsonPath]


class Stops(Struct):
    """The places at which a pair was not compared further, as either side spells them.

    `()` is a whole body.

    Below `of_values` the shape was compared, and no values; `everything` tells that nothing of the
    bodies was.  `more` counts differences past a bound, of which nothing else is known.  `unpaired`
    are lists in which not all elements were looked at that could belong together, `unexplained`
    objects with too many unlike members to look for a cause; in `aligned`
    lists elements belong together otherwise than by index.  `leaves_out` is true of the
    places that were not compared, and are no paths.
    """

    everything: bool = False
    more: int = 0
    aligned: list[AlignedLists] = field(default_factory=list)
    unpaired: list[Paths] = field(default_factory=list)
    unexplained: list[Paths] = field(default_factory=list)
    leaves_out: Callable[[str], bool] | None = None
    _whole: list[Paths] = field(default_factory=list)
    _of_values: list[Paths] = field(default_factory=list)
    _linked: list[Paths] = field(default_factory=list)
    _partly: list[Paths] = field(default_factory=list)

    def omits(self, part: str) -> bool:
        """Return whether a part of an answer, such as `status`, was not compared."""
        return self.leaves_out is not None and self.leaves_out(part)

    def below(self, places: Paths) -> None:
        """Note that neither shape nor values are compared at a place and below."""
        self._whole.append(places)

    def values_below(self, places: Paths) -> None:
        """Note that no values are compared at a place and below."""
        self._of_values.append(places)

    def partly(self, places: Paths) -> None:
        """Note that of two lists only the elements that both have were compared."""
        self._partly.append(places)

    @property
    def lists_in_part(self) -> Sequence[Paths]:
        """Return the lists of which only the elements that both have were compared."""
        return self._partly

    def in_part(self, side: int, place: JsonPath) -> bool:
        """Return whether a place, as a side spells it, is within such a list."""
        return _is_below_any(place, self._partly, side)

    def is_aligned(self, side: int, place: JsonPath) -> bool:
        """Return whether a place is in lists whose elements are not paired by index alone."""
        return _is_below_any(place, map(attrgetter("paths"), self.aligned), side)

    def link(self, places: Paths) -> None:
        """Note that an idiom made one place of two that the sides spell in two ways."""
        if places[0] != places[1]:
            self._linked.append(places)

    @property
    def has_links(self) -> bool:
        """Return whether any place is spelled in two ways."""
        return bool(self._linked)

    def partner(self, side: int, place: JsonPath) -> JsonPath:
        """Return how the other side spells a place of one side."""
        around = [paths for paths in self._linked if starts_with(place, paths[side])]
        if not around:
            return place
        # the first of the longest, as it says most of the place
        longest = max(around, key=lambda paths: len(paths[side]))
        return longest[1 - side] + place[len(longest[side]) :]

    def correspond(self, places: Paths) -> bool:
        """Return whether two places, one of each side, were held against each other."""
        if places[0] == places[1]:
            return True
        return any(map(_are_below, repeat(places), self._linked))

    def turned(self) -> "Stops":
        """Return the stops with the sides exchanged."""
        known = (
            self.unpaired,
            self.unexplained,
            self._whole,
            self._of_values,
            self._linked,
            self._partly,
        )
        aligned = list(map(AlignedLists.turned, self.aligned))
        unpaired, unexplained, *others = ([stop[::-1] for stop in stops] for stops in known)
        return Stops(
            self.everything, self.more, aligned, unpaired, unexplained, self.leaves_out, *others
        )

    def left_out(self) -> Iterator[tuple[Paths, bool]]:
        """Yield the places below which nothing was compared, or (True) no values were."""
        yield from product(self._whole, (False,))
        yield from product(self._of_values, (True,))

    def covers(self, side: int, place: JsonPath, *, value: bool) -> bool:
        """Return whether a place, as a side spells it, was left uncompared, or its value was."""
        # the shape below was compared where only the values were not
        of_values = self._of_values if value else ()
        return self.everything or _is_below_any(place, (*self._whole, *of_values), side)


def _is_below_any(place: JsonPath, stops: Iterable[Paths], side: int) -> bool:
    """Return whether a place of a side is at or below any of some others."""
    return any(map(starts_with, repeat(place), map(itemgetter(side), stops)))


def _are_below(places: Paths, linked: Paths) -> bool:
    """Return whether two places stand in the same way below two that are one place."""
    (first, second), (above, other) = places, linked
    if not all(map(starts_with, places, linked)):
        return False
    return first[len(above) :] == second[len(other) :]


def starts_with(place: JsonPath, stop: JsonPath) -> bool:
    """Return whether a place is at or below another one, in which any member may stand for all."""
    if len(stop) > len(place):
        return False
    return all(map(_is_at, place, stop))


def _is_at(step: Segment, stop: Segment) -> bool:
    """Return whether a step is another one, or a name where that is any member."""
    return step == stop or (stop is ANY_MEMBER and isinstance(step, str))
