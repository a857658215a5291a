"""What runtimes sent at the elements of a place, as texts next to each other."""

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
from conformance.comparison.rendered_values import rendered_together
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.sides import Pair
from conformance.comparison.values.columns import objects_of
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.model.finding import Sent

MAX_SENT: Final = 200
"""How many distinct combinations of values a finding holds, to check decisions with a bound
against."""


class SentValues(Struct, frozen=True):
    """Distinct combinations of what runtimes sent, and the number of those left out.

    - `lines`: which lines of text bodies differ.
    - `lasting`: each combination in the form of a pin; empty if that is the same as `sent`.
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
    """Return what runtimes sent at some elements, the best known first.

    `seen` are the occurrences of pairs of runtimes, and `spell` gives each runtime's values in the
    form of a pin.  Elements for which most runtimes' values are known come first, as the first one
    is the example.  Among these, objects with members come first.
    """
    together: list[dict[int, Json]] = []
    for name, at_element in _by_element(seen, set(elements), known).items():
        together += _together(at_element, in_columns=name is None)
    known_best = sorted(together, key=_how_much_is_known, reverse=True)
    distinct: dict[Sent, Mapping[int, Json]] = {}
    # Most combinations are equal, so more are looked at than are kept
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
    """Return the occurrences at the wanted elements, by the names of these."""
    at_element: defaultdict[Hashable, list[_Shown]] = defaultdict(list)
    for pair, occurrence in seen:
        check()
        name = known.name(pair, occurrence.element)
        if name in wanted:
            at_element[name].append((pair, occurrence))
    return at_element


def _how_much_is_known(values: Mapping[int, Json]) -> tuple[int, int]:
    """Return the number of runtimes with a known value, and the number of objects with members."""
    objects = objects_of(list(values.values()))
    return len(values), sum(map(bool, objects))


def _lines(values: Mapping[int, Json], runtimes: Sequence[str]) -> str:
    """Return which lines of text bodies differ: `line 2 of 3 in a, b; lines 2 to 4 of 5 in c`."""
    bodies = {index: value for index, value in values.items() if isinstance(value, TextLines)}
    names_by_span: defaultdict[str, list[str]] = defaultdict(list)
    for index in sorted(bodies):
        span = bodies[index].beside(bodies.values()).span
        names_by_span[span].append(runtimes[index])
    parts = (f"{span} in {', '.join(names)}" for span, names in names_by_span.items())
    return "; ".join(parts)


def _together(seen: Sequence[_Shown], *, in_columns: bool) -> list[dict[int, Json]]:
    """Return what runtimes sent at one element: all together if each sent one thing, else by pair.

    The extra elements of a list depend on the list that it is compared with.  So lists with
    different extra elements that were not compared with each other are given pair by pair.
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
    """Return whether what a pair of runtimes showed equals what is known of each of them."""
    values = dict(occurrence.beside(pair))
    known_before = filter(known.__contains__, values)
    return all(is_same(known[index], values[index]) for index in known_before)


def _is_extra_in_one(first: Json, second: Json) -> bool:
    """Return whether two texts about a list differ, and any of them names extra elements."""
    are_lengths = type(first) is type(second) is Verbatim
    if not are_lengths or first == second:
        return False
    return EXTRA in f"{first}{second}"


def is_same(first: Json, second: Json) -> bool:
    """Return whether two runtimes sent the same thing."""
    # The mark for nothing sent has a type of its own
    if type(first) is not type(second):
        return False
    # The lines that differ depend on the pair, but it is the same text body
    if first is second or isinstance(first, TextLines):
        return True
    if isinstance(first, Verbatim):
        return bool(first == second)
    return canonical(first) == canonical(second)


def _put(values: dict[int, Json], pair: Pair, occurrence: Occurrence) -> None:
    """Add what a pair of runtimes sent at an element to what is known of each runtime there."""
    for index, value in occurrence.beside(pair):
        known = values.setdefault(index, value)
        # Beside a body of another kind, it is not a text whose lines are compared
        if type(known) is type(value) is TextLines:
            values[index] = known.beside([value])


def _side_by_side(values: Mapping[int, Json], runtimes: Sequence[str]) -> Sent:
    """Return values by runtime as texts with the runtimes' names, in the order of the runtimes."""
    order = sorted(values)
    names = map(runtimes.__getitem__, order)
    texts = rendered_together(list(map(values.__getitem__, order)))
    return tuple(zip(names, texts, strict=True))
