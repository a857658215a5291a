"""The places at which the comparison of two answers stopped.

Below these places nothing is known of the two runtimes: a difference there does not involve them,
and they do not count as agreeing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product, repeat
from operator import attrgetter, itemgetter

from msgspec import Struct, field

from conformance.comparison.values.aligned_lists import AlignedLists
from conformance.model.json_path import ANY_MEMBER, JsonPath, Segment

Paths = tuple[JsonPath, JsonPath]
"""A place as the first side and as the second side spells it."""


class Stops(Struct):
    """The places at which two answers were not compared further, as each side spells them.

    - `everything`: nothing of the bodies was compared.
    - `more`: the number of differences past a limit.
    - `aligned`: lists whose elements are not paired by index.
    - `unpaired`: lists in which the search for partners was incomplete.
    - `unexplained`: objects with too many different members to find a cause.
    - `leaves_out`: returns whether a part outside the bodies was not compared.
    - `_whole`: places below which nothing was compared; `()` is the whole body.
    - `_of_values`: places below which only the shape was compared.
    - `_linked`: pairs of places that an idiom compared though the sides spell them differently.
    - `_common_only`: lists of which only the common elements were compared.
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
    _common_only: list[Paths] = field(default_factory=list)

    def omits(self, part: str) -> bool:
        """Return whether a part of an answer, such as `status`, was not compared."""
        return self.leaves_out is not None and self.leaves_out(part)

    def stop_below(self, places: Paths) -> None:
        """Note that nothing is compared at a place and below."""
        self._whole.append(places)

    def stop_values_below(self, places: Paths) -> None:
        """Note that no values are compared at a place and below, only the shape."""
        self._of_values.append(places)

    def note_common_only(self, places: Paths) -> None:
        """Note that only the common elements of two lists were compared."""
        self._common_only.append(places)

    @property
    def lists_in_part(self) -> Sequence[Paths]:
        """Return the lists of which only the common elements were compared."""
        return self._common_only

    def in_part(self, side: int, place: JsonPath) -> bool:
        """Return whether a place is within a list of which only common elements were compared."""
        return _is_below_any(place, self._common_only, side)

    def is_aligned(self, side: int, place: JsonPath) -> bool:
        """Return whether a place is in lists whose elements are not paired by index."""
        return _is_below_any(place, map(attrgetter("paths"), self.aligned), side)

    def link(self, places: Paths) -> None:
        """Note that an idiom compared two places that the sides spell differently."""
        if places[0] != places[1]:
            self._linked.append(places)

    @property
    def has_links(self) -> bool:
        """Return whether any place is spelled differently by the two sides."""
        return bool(self._linked)

    def partner(self, side: int, place: JsonPath) -> JsonPath:
        """Return how the other side spells a place of a side, 0 or 1."""
        around = [paths for paths in self._linked if starts_with(place, paths[side])]
        if not around:
            return place
        # the longest one is the most specific
        longest = max(around, key=lambda paths: len(paths[side]))
        return longest[1 - side] + place[len(longest[side]) :]

    def were_compared(self, places: Paths) -> bool:
        """Return whether two places, one of each side, were compared with each other."""
        if places[0] == places[1]:
            return True
        return any(map(_are_below, repeat(places), self._linked))

    def swapped(self) -> "Stops":
        """Return the stops with the sides exchanged."""
        known = (
            self.unpaired,
            self.unexplained,
            self._whole,
            self._of_values,
            self._linked,
            self._common_only,
        )
        aligned = list(map(AlignedLists.swapped, self.aligned))
        unpaired, unexplained, *others = ([stop[::-1] for stop in stops] for stops in known)
        return Stops(
            self.everything, self.more, aligned, unpaired, unexplained, self.leaves_out, *others
        )

    def left_out(self) -> Iterator[tuple[Paths, bool]]:
        """Yield the places below which nothing was compared (False), or no values were (True)."""
        yield from product(self._whole, (False,))
        yield from product(self._of_values, (True,))

    def covers(self, side: int, place: JsonPath, *, value: bool) -> bool:
        """Return whether a place was not compared; with `value`, whether its value was not."""
        # if only values were left out, the shape was compared
        of_values = self._of_values if value else ()
        return self.everything or _is_below_any(place, (*self._whole, *of_values), side)


def _is_below_any(place: JsonPath, stops: Iterable[Paths], side: int) -> bool:
    """Return whether a place of a side is at or below one of some others."""
    return any(map(starts_with, repeat(place), map(itemgetter(side), stops)))


def _are_below(places: Paths, linked: Paths) -> bool:
    """Return whether two places have the same path below two linked places."""
    (first, second), (above, other) = places, linked
    if not all(map(starts_with, places, linked)):
        return False
    return first[len(above) :] == second[len(other) :]


def starts_with(place: JsonPath, stop: JsonPath) -> bool:
    """Return whether a place is at or below another one, in which `.*` matches any name."""
    if len(stop) > len(place):
        return False
    return all(map(_is_at, place, stop))


def _is_at(step: Segment, stop: Segment) -> bool:
    """Return whether a segment matches another one, which may be `.*`."""
    return step == stop or (stop is ANY_MEMBER and isinstance(step, str))
