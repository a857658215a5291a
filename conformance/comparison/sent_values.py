"""What runtimes sent at the elements of a place, as texts beside each other."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain, combinations, islice, starmap
from operator import itemgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.difference import EXTRA, Occurrence, TextLines, Verbatim
from conformance.comparison.lasting_values import Lasting
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.shown_values import shown_together
from conformance.comparison.sides import Pair
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.side import MISSING
from conformance.model.finding import Sent

MAX_SENT: Final = 200
"""Distinct combinations of values that a finding holds: what a decision with a bound can be checked
against.
"""


class SentValues(Struct, frozen=True):
    """Distinct combinations of what was sent, up to a bound, and how many are left out.

    It also has which lines of texts differ.

    `lasting` has each combination as a pin holds it; nothing where all of them are as they were
    sent.
    """

    sent: tuple[Sent, ...]
    more: int
    lines: str = ""
    lasting: tuple[Sent, ...] = ()


def sent_values(
    seen: Iterable[tuple[Pair, Occurrence]],
    elements: Iterable[Hashable],
    known: SharedElements,
    runtimes: Sequence[str],
    spell: Sequence[Lasting],
) -> SentValues:
    """Return what was sent at some elements.

    It takes what pairs of runtimes showed there, and how each runtime spells it.

    Elements of which more runtimes' values are known come first: one element is shown for all.  Of
    these it is one where most of them sent an object that has members.
    """
    wanted = set(elements)
    at_element: dict[Hashable, list[tuple[Pair, Occurrence]]] = {}
    for pair, occurrence in seen:
        check()
        name = known.name(pair, occurrence.element)
        if name in wanted:
            at_element.setdefault(name, []).append((pair, occurrence))
    together = [_together(of_one, in_columns=name is None) for name, of_one in at_element.items()]
    known_best = sorted(chain.from_iterable(together), key=_how_much_is_known, reverse=True)
    distinct: dict[Sent, Mapping[int, Json]] = {}
    for values in islice(known_best, 50 * MAX_SENT):
        check()
        distinct.setdefault(_side_by_side(values, runtimes), values)
    kept = dict(islice(distinct.items(), MAX_SENT))
    lasting = tuple(
        _side_by_side({index: spell[index](value) for index, value in values.items()}, runtimes)
        for values in kept.values()
    )
    lines = _lines(together[0][0], runtimes)
    sent = tuple(kept)
    return SentValues(sent, len(distinct) - len(kept), lines, () if lasting == sent else lasting)


def _how_much_is_known(values: Mapping[int, Json]) -> tuple[int, int]:
    """Return of how many runtimes a value is known, and of how many an object with members."""
    return len(values), sum(type(value) is dict and bool(value) for value in values.values())


def _lines(values: Mapping[int, Json], runtimes: Sequence[str]) -> str:
    """Say which lines of several texts differ: `line 2 of 3 in a, b; lines 2 to 4 of 5 in c`."""
    bodies = {index: value for index, value in values.items() if isinstance(value, TextLines)}
    spans: dict[str, list[str]] = {}
    for index in sorted(bodies):
        spans.setdefault(bodies[index].beside(bodies.values()).span, []).append(runtimes[index])
    return "; ".join(f"{span} in {', '.join(names)}" for span, names in spans.items())


def _together(
    seen: Sequence[tuple[Pair, Occurrence]], *, in_columns: bool
) -> list[dict[int, Json]]:
    """Return what runtimes sent at one element, side by side, where each sent one thing there.

    What is extra in a list depends on which other list it is held against: then each pair is shown
    by itself, also where two that show something else to be extra were not held against each other.
    """
    everyone: dict[int, Json] = {}
    agreed = True
    for pair, occurrence in seen:
        both = zip(pair, (occurrence.a, occurrence.b), strict=True)
        agreed &= in_columns or all(
            index not in everyone or is_same(everyone[index], value) for index, value in both
        )
        _put(everyone, pair, occurrence)
    apart = set(combinations(sorted(everyone), 2)).difference(map(itemgetter(0), seen))
    if agreed and not any(
        starmap(_is_extra_in_one, (itemgetter(*pair)(everyone) for pair in apart))
    ):
        return [everyone]
    return [dict(zip(pair, (occurrence.a, occurrence.b), strict=True)) for pair, occurrence in seen]


def _is_extra_in_one(first: Json, second: Json) -> bool:
    """Return whether two lists show something else to be extra in them."""
    lengths = type(first) is type(second) is Verbatim
    return lengths and first != second and EXTRA in f"{first}{second}"


def is_same(one: Json, other: Json) -> bool:
    """Return whether two runtimes sent the same thing."""
    if one is other or isinstance(one, TextLines):
        return True
    if one is MISSING or other is MISSING or type(one) is not type(other):
        return False
    return one == other if isinstance(one, Verbatim) else canonical(one) == canonical(other)


def _put(values: dict[int, Json], pair: Pair, occurrence: Occurrence) -> None:
    for index, value in zip(pair, (occurrence.a, occurrence.b), strict=True):
        known = values.setdefault(index, value)
        if isinstance(known, TextLines):
            values[index] = known.beside([value])


def _side_by_side(values: Mapping[int, Json], runtimes: Sequence[str]) -> Sent:
    order = sorted(values)
    texts = shown_together([values[index] for index in order])
    return tuple((runtimes[index], text) for index, text in zip(order, texts, strict=True))
