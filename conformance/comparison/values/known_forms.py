"""Forms of two bodies that only a third answer reveals.

Of two answers alone, `{"x": {…}}` is an object with a member `x`, and `"[1,2]"` is a string.  If a
third answer has a list of elements with ids there, the names of the object are data; if it has a
list there, the string is JSON.  Then the first two are compared in that form, too, so that every
pair has the same elements.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Final, NamedTuple

from msgspec import Struct

from conformance.comparison.difference import Difference
from conformance.comparison.idioms.claim import Elements, Rest, values_at
from conformance.comparison.idioms.collections import LIST_VS_MAP, MAP_BY
from conformance.comparison.idioms.wrapping import IN_A_TEXT, JSON_IN_TEXT
from conformance.comparison.rules.counting import number_in_one_spelling
from conformance.comparison.sides import Pair
from conformance.comparison.values.columns import Column, is_container, is_numeric
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, NoJsonError, kind_of, parse_text
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.objects import indexes_without, not_none, picked, positions_of
from conformance.comparison.values.stops import Paths
from conformance.model.json_path import IN_TEXT, JsonPath

MAP: Final = "map"
"""The form of an object whose names are data."""
TEXT: Final = "text"
"""The form of a string that contains JSON."""
_FORMS: Final = {LIST_VS_MAP.name: (MAP_BY, MAP), JSON_IN_TEXT.name: (IN_A_TEXT, TEXT)}
"""For each idiom, the start of the fact of the side that has a form, and the form."""
OwnForms = frozenset[tuple[str, JsonPath]]
"""The forms that are known of a runtime's body, with their paths."""
_NOTHING: Final[OwnForms] = frozenset()


class HeldInTexts(NamedTuple):
    """The JSON in strings that is to be compared, and the positions of other values."""

    rest: Rest
    others: Sequence[int] = ()


class KnownForms(Struct, frozen=True):
    """The forms that are known of each of two bodies."""

    a: OwnForms = _NOTHING
    b: OwnForms = _NOTHING

    def __bool__(self) -> bool:
        """Return whether each of the two bodies has a known form."""
        return bool(self.a and self.b)

    def both(self, form: str, paths: Paths) -> bool:
        """Return whether both bodies have a form at a place."""
        return (form, paths[0]) in self.a and (form, paths[1]) in self.b

    def held_in_texts(
        self, columns: tuple[Column, Column], paths: Paths, *, paired: bool
    ) -> HeldInTexts | None:
        """Return the JSON in two columns of strings; None if there is nothing to compare in it.

        Two strings with equal JSON differ as strings.
        """
        if not self.both(TEXT, paths):
            return None
        first, second = list(map(_held_json, columns[0])), list(map(_held_json, columns[1]))
        if not paired:
            return HeldInTexts(_rest_in_texts(not_none(first), not_none(second)))
        inside = positions_of(map(_hold_unlike_json, first, second))
        if not inside:
            return None
        rest = _rest_in_texts(picked(first, inside), picked(second, inside), values_at(inside))
        return HeldInTexts(rest, indexes_without(set(inside), len(first)))


def _rest_in_texts(a: Column, b: Column, elements: Elements | None = None) -> Rest:
    """Return the JSON in two columns of strings as the rest that an idiom leaves to compare."""
    return Rest(a=a, b=b, a_at=(IN_TEXT,), b_at=(IN_TEXT,), elements=elements)


def _hold_unlike_json(x: Json, y: Json) -> bool:
    """Return whether two values that were parsed from strings differ; False if one is None."""
    if None in (x, y):
        return False
    return _compared(x) != _compared(y)


NO_FORMS: Final = KnownForms()
"""No form is known of either body."""


def known_forms(found: Mapping[Pair, Iterable[Difference]]) -> dict[int, OwnForms]:
    """Return the forms of each runtime's body, by index, from the differences of all pairs."""
    known: defaultdict[int, set[tuple[str, JsonPath]]] = defaultdict(set)
    for pair, differences in found.items():
        forms_of_pair = chain.from_iterable(map(_forms_shown_by, differences, repeat(pair)))
        for index, form in forms_of_pair:
            known[index].add(form)
    return {index: frozenset(forms) for index, forms in known.items()}


def _forms_shown_by(
    difference: Difference, pair: Pair
) -> Iterator[tuple[int, tuple[str, JsonPath]]]:
    """Yield the index of each runtime whose form a difference shows, with form and path."""
    if difference.idiom not in _FORMS:
        return
    word, form = _FORMS[difference.idiom]
    for index, fact, path in zip(pair, difference.facts, difference.known_paths, strict=False):
        if fact.startswith(word):
            yield index, (form, path)


def _compared(value: Json) -> bytes:
    """Return bytes that are equal for equal JSON; numbers by kind and value."""
    return canonical(mapped(value, str, lambda scalar, _: _by_kind(scalar)))


def _by_kind(scalar: Json) -> Json:
    """Return a number with its kind, in one spelling; any other scalar unchanged."""
    if not is_numeric(scalar):
        return scalar
    return [kind_of(scalar), number_in_one_spelling(scalar)]


def _held_json(value: Json) -> Json:
    """Return the object or list that a string contains as JSON, or None."""
    if type(value) is not str:
        return None
    try:
        held = parse_text(value)
    except NoJsonError:
        return None
    return held if is_container(held) else None
