"""Pins: the values for which a decision about values holds, or a bound for them.

Within the bound the values may change.
"""

import contextlib
import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import chain, combinations, starmap
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.distinct import distinct
from conformance.wording import plural

MAX_PINNED: Final = 20
"""Distinct combinations of values in one pin: more cannot be reviewed one by one, so they need a
bound.
"""
SHOWN_CHARACTERS: Final = 240
"""A value is shown in full up to this length, about three lines; a longer one as an excerpt with
its digest.
"""
# A longer value would not fit on a line of the ledger
_WHOLE_CHARACTERS: Final = 80
_EXCERPT_END: Final = re.compile(r" \(([0-9]+) characters, sha256 ([0-9a-f]{12})\)\Z")

PinnedValues = tuple[tuple[str, tuple[str, ...]], ...]
"""Pairs `(side, texts)`: the values of a side's runtimes, which may have several spellings."""


class PinnedPlace(Struct, frozen=True):
    """The combinations of values at one place of one case; the place is as in the row."""

    case: str
    place: str
    values: tuple[PinnedValues, ...]


_CASE: Final = attrgetter("case")
_VALUES: Final = attrgetter("values")


class Pin(Struct, frozen=True, kw_only=True):
    """The values for which a row holds: listed values, or all values within one bound.

    `values` are the combinations that each of the row's places may have.  If different places had
    different combinations, `by_place` has those of each, sorted by case and place, and `values` is
    empty.  `absolute` and `relative` say how far numbers may be apart, `relative` as a share of the
    larger magnitude; `matches` is a pattern that every value must match; `order` says that lists
    have the same elements; `any` allows all values.
    """

    values: tuple[PinnedValues, ...] = ()
    by_place: tuple[PinnedPlace, ...] = ()
    absolute: Decimal | None = None
    relative: Decimal | None = None
    matches: str | None = None
    order: bool = False
    any: bool = False

    @property
    def is_bound(self) -> bool:
        """Return whether values may change within a bound; otherwise only listed values hold."""
        return self != Pin(values=self.values, by_place=self.by_place)

    @property
    def combinations(self) -> tuple[PinnedValues, ...]:
        """Return all listed combinations, without repetition."""
        return distinct((self.values, *map(_VALUES, self.by_place)))

    def at(self, case: str, places: Collection[str]) -> "Pin":
        """Return the pin of some of the row's places in a case.

        Values of other cases and places are left out.
        """
        if not self.by_place:
            return self
        return Pin(values=distinct(map(_VALUES, self._shown_at(case, places))))

    def of(self, places: Mapping[str, Collection[str]]) -> "Pin":
        """Return the pin limited to some places, given by case."""
        if not self.by_place:
            return self
        return pin_of_places(chain.from_iterable(starmap(self._shown_at, places.items())))

    def _shown_at(self, case: str, places: Collection[str]) -> list[PinnedPlace]:
        """Return the combinations of some of the row's places in a case."""
        # Each of thousands of cases looks up its own entries, so a bisection saves time
        first = bisect_left(self.by_place, case, key=_CASE)
        last = bisect_right(self.by_place, case, key=_CASE)
        return [each for each in self.by_place[first:last] if each.place in places]

    def holds(
        self, seen: Iterable[Mapping[str, frozenset[str]]], *, complete: bool, reordered: bool
    ) -> bool:
        """Return whether the pin holds for all values that were seen.

        `seen` has, for each occurrence, the values of each side. `complete` says that no occurrence
        is left out; `reordered` that the comparison found the same elements in another order.
        """
        if self.any:
            return True
        if self.order:
            return reordered
        occurrences = list(seen)
        # A left-out occurrence may have any value, and without occurrences nothing was seen
        if not complete or not occurrences:
            return False
        return all(map(self._holds, occurrences))

    def lists(self, side: str, sent: str) -> bool:
        """Return whether a value is among the listed values of a side."""
        return _among([pinned_text(sent)], self.listed(side))

    def listed(self, side: str) -> list[str]:
        """Return the listed values of a side, without repetition."""
        texts: dict[str, None] = {}
        for combination in self.combinations:
            texts.update(dict.fromkeys(dict(combination).get(side, ())))
        return list(texts)

    def fits_pattern(self, sent: str) -> bool:
        """Return whether a value matches the pattern of the bound; True without a pattern."""
        if self.matches is None:
            return True
        return _matches(self.matches, sent)

    def _holds(self, sides: Mapping[str, frozenset[str]]) -> bool:
        if len(sides) < 2:  # noqa: PLR2004 - one side alone shows no difference
            return False
        if not self.is_bound:
            return self._is_listed(sides)
        texts = list(chain.from_iterable(sides.values()))
        if self.matches is not None:
            return all(map(self.fits_pattern, texts))
        # All values must be near each other, whatever their side
        pairs = combinations(map(_number, texts), 2)
        is_near = partial(_near, absolute=self.absolute, relative=self.relative)
        return all(starmap(is_near, pairs))

    def _is_listed(self, sides: Mapping[str, frozenset[str]]) -> bool:
        """Return whether one of the listed combinations has the values of each side."""
        pinned = {side: frozenset(map(pinned_text, texts)) for side, texts in sides.items()}
        return any(_stands_for(dict(known), pinned) for known in self.values)


def pin_of_places(places: Iterable[PinnedPlace]) -> Pin:
    """Return the pin for the values of each place.

    If there is one place or one combination, it has a single list.
    """
    # Sorted, as `Pin.at` looks places up by bisection
    by_place = tuple(sorted(places, key=attrgetter("case", "place")))
    every = distinct(map(_VALUES, by_place))
    if len(by_place) > 1 and len(every) > 1:
        return Pin(by_place=by_place)
    return Pin(values=every)


def pinned_text(sent: str) -> str:
    """Return a value as a pin holds it: a long text as its length and digest.

    The result does not depend on the part of the text that was shown.
    """
    if len(sent) <= _WHOLE_CHARACTERS:
        return sent
    length, digest = _length_and_digest(sent)
    return f"sha256 {digest} of {plural(length, 'character')}"


def _length_and_digest(sent: str) -> tuple[int, str]:
    """Return the length of a text and the start of its SHA-256; an excerpt ends with both."""
    excerpt = _EXCERPT_END.search(sent)
    # Only a long text becomes an excerpt; a short text that ends like one is no excerpt
    if len(sent) > SHOWN_CHARACTERS and excerpt:
        return int(excerpt[1]), excerpt[2]
    return len(sent), hashlib.sha256(sent.encode()).hexdigest()[:12]


def _stands_for(known: Mapping[str, tuple[str, ...]], seen: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a combination lists the values of each side."""
    return all(_among(texts, known.get(side, ())) for side, texts in seen.items())


def _among(texts: Iterable[str], known: Iterable[str]) -> bool:
    plain = set(map(_as_value, known))
    return plain.issuperset(map(_as_value, texts))


def _as_value(text: str) -> str:
    """Return a text without the escapes that were only needed next to other texts."""
    if not text.startswith('"'):
        return text.replace("\\x20", " ").replace("\\t", "\t")
    if "\\u" not in text:
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


def _matches(pattern: str, text: str) -> bool:
    import re2  # noqa: PLC0415 - a native library, loaded only where a pin has a pattern

    # Only an excerpt of a longer text is known
    if len(text) > SHOWN_CHARACTERS:
        return False
    value = text
    if text.startswith('"'):
        with contextlib.suppress(ValueError):
            value = json.loads(text)
    return re2.search(pattern, value) is not None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    # Nothing lies near an infinite number, and NaN is no number
    if not value.is_finite():
        return None
    return value


def _near(
    x: Decimal | None, y: Decimal | None, absolute: Decimal | None, relative: Decimal | None
) -> bool:
    """Return whether two numbers are within one of the two tolerances."""
    if x is None or y is None:
        return False
    larger = max(abs(x), abs(y))
    # The wider of the two bounds counts: near zero a relative one alone would allow nothing
    bound = max(absolute or 0, (relative or 0) * larger)
    return abs(x - y) <= bound
