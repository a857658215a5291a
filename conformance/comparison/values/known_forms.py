"""Forms that a third answer shows two others to have in common.

Of two answers alone `{"x": {…}}` is an object with a member `x`, and `"[1,2]"` is a text.  Beside a
third one that has a list of elements with ids there, the names of the object are data; beside one
that has a list there, the text is JSON.  Then the two are compared in that form, too: what is one
element for either and the third is one element for both.
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
from conformance.comparison.rules.counting import plain
from conformance.comparison.sides import Pair
from conformance.comparison.values.columns import Column, is_container, is_numeric
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, NoJsonError, kind_of, parse_text
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.objects import indexes_without, not_none, picked, positions_of
from conformance.comparison.values.stops import Paths
from conformance.model.json_path import IN_TEXT, JsonPath

MAP: Final = "map"
TEXT: Final = "text"
_FORMS: Final = {LIST_VS_MAP.name: (MAP_BY, MAP), JSON_IN_TEXT.name: (IN_A_TEXT, TEXT)}
"""By idiom: what the fact of the side begins with that has the form, and the form."""
OwnForms = frozenset[tuple[str, JsonPath]]
"""The forms that are known of a runtime's body, each with its place."""
_NOTHING: Final[OwnForms] = frozenset()


class HeldInTexts(NamedTuple):
    """What texts hold as JSON, and the positions of the other values."""

    rest: Rest
    others: Sequence[int] = ()


class KnownForms(Struct, frozen=True):
    """The forms that are known of each of two bodies, by the claims about others."""

    a: OwnForms = _NOTHING
    b: OwnForms = _NOTHING

    def __bool__(self) -> bool:
        """Return whether any form is known of both."""
        return bool(self.a and self.b)

    def both(self, form: str, paths: Paths) -> bool:
        """Return whether both have a form at a place."""
        return (form, paths[0]) in self.a and (form, paths[1]) in self.b

    def held_in_texts(
        self, columns: tuple[Column, Column], paths: Paths, *, paired: bool
    ) -> HeldInTexts | None:
        """Return what two columns of texts hold, None where nothing in it is to be compared.

        Two texts that hold the same JSON differ as texts.
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
    return Rest(a=a, b=b, a_at=(IN_TEXT,), b_at=(IN_TEXT,), elements=elements)


def _hold_unlike_json(x: Json, y: Json) -> bool:
    """Return whether what two texts hold as JSON differs; None is held by a text without any."""
    if None in (x, y):
        return False
    return _compared(x) != _compared(y)


NO_FORMS: Final = KnownForms()


def known_forms(found: Mapping[Pair, Iterable[Difference]]) -> dict[int, OwnForms]:
    """Return the forms of each runtime's body, by what all pairs showed."""
    known: defaultdict[int, set[tuple[str, JsonPath]]] = defaultdict(set)
    for pair, differences in found.items():
        forms_of_pair = chain.from_iterable(map(_forms_shown_by, differences, repeat(pair)))
        for index, form in forms_of_pair:
            known[index].add(form)
    return {index: frozenset(forms) for index, forms in known.items()}


def _forms_shown_by(
    difference: Difference, pair: Pair
) -> Iterator[tuple[int, tuple[str, JsonPath]]]:
    """Yield the runtimes that have a form, as the difference of a pair says, and where."""
    if difference.idiom not in _FORMS:
        return
    word, form = _FORMS[difference.idiom]
    for index, fact, path in zip(pair, difference.facts, difference.known_paths, strict=False):
        if fact.startswith(word):
            yield index, (form, path)


def _compared(value: Json) -> bytes:
    """Return what is equal for JSON in which nothing differs: a number by its kind and value."""
    return canonical(mapped(value, str, lambda scalar, _: _by_kind(scalar)))


def _by_kind(scalar: Json) -> Json:
    if not is_numeric(scalar):
        return scalar
    return [kind_of(scalar), plain(scalar)]


def _held_json(value: Json) -> Json:
    """Return the object or list that a text holds, None where it holds none."""
    if type(value) is not str:
        return None
    try:
        held = parse_text(value)
    except NoJsonError:
        return None
    return held if is_container(held) else None
