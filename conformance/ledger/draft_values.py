"""The values that a new row lists: what was sent at each place of each case."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import itemgetter
from typing import Final

from msgspec import Struct, field

from conformance.distinct import distinct
from conformance.model.answer_place import spelled_alike
from conformance.model.decision import RowSide
from conformance.model.pin import (
    MAX_PINNED,
    Pin,
    PinnedPlace,
    PinnedValues,
    pin_of_places,
    pinned_text,
)

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TWO_SIDES: Final = 2
"""What one side alone sent belongs to a row with another side of the finding."""


class DraftValues(Struct):
    """Combinations of values: `seen` has them by case, then by the place in the finding."""

    seen: dict[str, dict[str, dict[PinnedValues, None]]] = field(default_factory=dict)

    @property
    def too_many(self) -> bool:
        """Return whether there are more combinations than a pin may list."""
        return len(self._combinations) > MAX_PINNED

    @property
    def of_numbers(self) -> bool:
        """Return whether all values are numbers."""
        by_side = chain.from_iterable(self._combinations)
        texts = chain.from_iterable(texts for _, texts in by_side)
        return all(map(_NUMBER.fullmatch, texts))

    @property
    def _combinations(self) -> tuple[PinnedValues, ...]:
        return distinct(chain.from_iterable(map(dict.values, self.seen.values())))

    def take(
        self, case: str, place: str, sides: Iterable[RowSide], sent: Iterable[Mapping[str, str]]
    ) -> None:
        """Add what the given sides sent at a place; a combination of one side is left out."""
        at_place = self._at(case, place)
        for values in sent:
            pinned = _pinned(sides, values)
            if len(pinned) >= _TWO_SIDES:
                at_place.setdefault(pinned)

    def _at(self, case: str, place: str) -> dict[PinnedValues, None]:
        """Return the combinations seen at a place; the caller adds to them."""
        return self.seen.setdefault(case, {}).setdefault(place, {})

    def with_those_of(self, other: "DraftValues") -> "DraftValues":
        """Return these values and those of another row, for a row that merges both."""
        both = DraftValues()
        for case, by_place in chain(self.seen.items(), other.seen.items()):
            for place, values in by_place.items():
                both._at(case, place).update(values)
        return both

    def pin(self, places: Mapping[str, AbstractSet[str]]) -> Pin:
        """Return the pin of a row that covers the given places by case."""
        return pin_of_places(self._by_place(places))

    def _by_place(self, places: Mapping[str, AbstractSet[str]]) -> Iterator[PinnedPlace]:
        """Yield the values of each place of a row, under all spellings that findings have of it."""
        for case, of_case in sorted(places.items()):
            for place in sorted(of_case):
                values = distinct(self._values_at(case, place))
                yield PinnedPlace(case, place, values)

    def _values_at(self, case: str, place: str) -> Iterator[Iterable[PinnedValues]]:
        seen = self.seen.get(case, {})
        yield from map(seen.__getitem__, spelled_alike(seen, place))


def _pinned(sides: Iterable[RowSide], sent: Mapping[str, str]) -> PinnedValues:
    """Return what was sent in one occurrence, by side, in the form of a pin."""
    by_side: dict[str, tuple[str, ...]] = {}
    for side in sides:
        texts = (pinned_text(sent[name]) for name in side.runtimes if name in sent)
        # Runtimes of one side may write a value in several ways
        by_side[side.name] = tuple(dict.fromkeys(texts))
    return tuple(filter(itemgetter(1), by_side.items()))
