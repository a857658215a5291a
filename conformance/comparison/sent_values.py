"""What runtimes sent at the elements of a place, as texts beside each other."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations, islice, starmap
from operator import itemgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.budget import check
from conformance.comparison.difference import EXTRA, Occurrence, TextLines, Verbatim
from conformance.comparison.lasting_values import Lasting
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.shown_values import shown_together
from conformance.comparison.sides import Pair
from conformance.comparison.values.columns import objects_of
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
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
    together: list[dict[int, Json]] = []
    for name, at_element in _by_element(seen, set(elements), known).items():
        together += _together(at_element, in_columns=name is None)
    known_best = sorted(together, key=_how_much_is_known, reverse=True)
    distinct: dict[Sent, Mapping[int, Json]] = {}
    # Most combinations are alike, so more are looked at than are kept
    for values in islice(known_best, 50 * MAX_SENT):
        check()
        distinct.setdefault(_side_by_side(values, runtimes), values)
    kept = dict(islice(distinct.items(), MAX_SENT))
    lasting: list[Sent] = []
    for combination in kept.values():
        spelled = {index: spell[index](value) for index, value in combination.items()}
        lasting.append(_side_by_side(spelled, runtimes))
    sent = tuple(kept)
    return SentValues(
        sent=sent,
        more=len(distinct) - len(kept),
        lines=_lines(together[0], runtimes),
        lasting=() if tuple(lasting) == sent else tuple(lasting),
    )


_Shown = tuple[Pair, Occurrence]
"""What a pair of runtimes showed at an element."""


def _by_element(
    seen: Iterable[_Shown], wanted: AbstractSet[Hashable], known: SharedElements
) -> dict[Hashable, list[_Shown]]:
    """Return what was shown at some elements, by their names."""
    at_element: defaultdict[Hashable, list[_Shown]] = defaultdict(list)
    for pair, occurrence in seen:
        check()
        name = known.name(pair, occurrence.element)
        if name in wanted:
            at_element[name].append((pair, occurrence))
    return at_element


def _how_much_is_known(values: Mapping[int, Json]) -> tuple[int, int]:
    """Return of how many runtimes a value is known, and of how many an object with members."""
    objects = objects_of(list(values.values()))
    return len(values), sum(map(bool, objects))


def _lines(values: Mapping[int, Json], runtimes: Sequence[str]) -> str:
    """Say which lines of several texts differ: `line 2 of 3 in a, b; lines 2 to 4 of 5 in c`."""
    bodies = {index: value for index, value in values.items() if isinstance(value, TextLines)}
    names_by_span: defaultdict[str, list[str]] = defaultdict(list)
    for index in sorted(bodies):
        span = bodies[index].beside(bodies.values()).span
        names_by_span[span].append(runtimes[index])
    parts = (f"{span} in {', '.join(names)}" for span, names in names_by_span.items())
    return "; ".join(parts)


def _together(seen: Sequence[_Shown], *, in_columns: bool) -> list[dict[int, Json]]:
    """Return what runtimes sent at one element, side by side, where each sent one thing there.

    What is extra in a list depends on which other list it is held against: then each pair is shown
    by itself, also where two that show something else to be extra were not held against each other.
    """
    everyone: dict[int, Json] = {}
    is_agreed = True
    for pair, occurrence in seen:
        is_agreed &= in_columns or _agrees(occurrence, pair, everyone)
        _put(everyone, pair, occurrence)
    pairs = set(combinations(sorted(everyone), 2))
    apart = pairs.difference(map(itemgetter(0), seen))
    values = (itemgetter(*pair)(everyone) for pair in apart)
    if is_agreed and not any(starmap(_is_extra_in_one, values)):
        return [everyone]
    return [dict(occurrence.beside(pair)) for pair, occurrence in seen]


def _agrees(occurrence: Occurrence, pair: Pair, known: Mapping[int, Json]) -> bool:
    """Return whether a pair of runtimes showed what is known of either of them."""
    values = dict(occurrence.beside(pair))
    known_before = filter(known.__contains__, values)
    return all(is_same(known[index], values[index]) for index in known_before)


def _is_extra_in_one(first: Json, second: Json) -> bool:
    """Return whether two lists show something else to be extra in them."""
    are_lengths = type(first) is type(second) is Verbatim
    if not are_lengths or first == second:
        return False
    return EXTRA in f"{first}{second}"


def is_same(first: Json, second: Json) -> bool:
    """Return whether two runtimes sent the same thing."""
    # What stands where nothing was sent is of a type of its own
    if type(first) is not type(second):
        return False
    # Of a text body each pair has other lines, and it is the same text
    if first is second or isinstance(first, TextLines):
        return True
    if isinstance(first, Verbatim):
        return bool(first == second)
    return canonical(first) == canonical(second)


def _put(values: dict[int, Json], pair: Pair, occurrence: Occurrence) -> None:
    for index, value in occurrence.beside(pair):
        known = values.setdefault(index, value)
        # Beside a body of another type it is no text whose lines are compared
        if type(known) is type(value) is TextLines:
            values[index] = known.beside([value])


def _side_by_side(values: Mapping[int, Json], runtimes: Sequence[str]) -> Sent:
    order = sorted(values)
    names = map(runtimes.__getitem__, order)
    texts = shown_together(list(map(values.__getitem__, order)))
    return tuple(zip(names, texts, strict=True))
