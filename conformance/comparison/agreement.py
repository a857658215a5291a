"""Which runtimes agree at a place: those that were compared there and do not differ."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations
from operator import attrgetter
from typing import Final

from conformance.comparison.answers.comparison import AnswerComparison
from conformance.comparison.difference import (
    ANOTHER_ORDER,
    PRESENT,
    SOMETIMES_PRESENT,
    Difference,
    printable,
)
from conformance.comparison.element_groups import occurrences
from conformance.comparison.places import Seen, spellings
from conformance.comparison.sent_values import is_same
from conformance.comparison.shared_elements import SharedElements
from conformance.comparison.sides import PRESENCE, Pair
from conformance.comparison.step_answers import StepAnswers
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath, render_path
from conformance.model.rule import ValueRule

_STATUS: Final = "status"


def agreeing_pairs(seen: Sequence[Seen], answers: StepAnswers) -> frozenset[Pair]:
    """Return which of the runtimes that differ from any other at a place agree there.

    They were compared there and do not differ.
    """
    apart = {each.pair for each in seen}
    differing = {index for pair in apart for index in pair}
    value = all(each.difference.facet is Facet.VALUE for each in seen)
    where = {index: place for each in seen for index, place in _paths(each.pair, each.difference)}
    spelled = {index: place for index, place in spellings(seen) if not isinstance(place, str)}
    where.update(spelled)
    of_status = all(each.difference.places[0] == _STATUS for each in seen)
    of_columns = all(map(_is_of_columns, seen))
    written_place = seen[0].difference.places[0]
    return frozenset(
        pair
        for pair, compared in answers.pairs.items()
        if pair not in apart
        and differing.issuperset(pair)
        and not (compared.stops.leaves_out and compared.stops.leaves_out(written_place))
        and (
            of_status
            or _was_compared(
                pair, compared, where, value=value, both_there=spelled.keys() >= {*pair}
            )
        )
        and not (of_columns and _is_in_part(pair, compared, where))
    )


def _is_of_columns(seen: Seen) -> bool:
    """Return whether a difference is of the types of whole columns, not of any one element."""
    elements = map(attrgetter("element"), seen.difference.occurrences)
    return seen.difference.kind is DifferenceKind.TYPE and None in elements


def _is_in_part(pair: Pair, compared: AnswerComparison, where: Mapping[int, JsonPath]) -> bool:
    """Return whether two runtimes' elements were compared only where these have partners.

    Two columns may then have other types, though nothing differs between partners.
    """
    return any(
        compared.stops.in_part(side, where[index])
        for side, index in enumerate(pair)
        if index in where
    )


def alike_beside_a_third(
    seen: Sequence[Seen], same: AbstractSet[Pair], known: SharedElements, answers: StepAnswers
) -> frozenset[Pair]:
    """Return which runtimes that were not compared sent the same value.

    A third runtime beside them did not send it.

    In two envelopes of other names a value stands at two places; only a third runtime's bare value
    is beside both.
    """
    apart = {each.pair for each in seen}
    pairs = combinations(sorted(set(chain.from_iterable(apart))), 2)
    unknown = set(pairs).difference(apart, same)
    if not unknown or any(each.difference.kind is not DifferenceKind.VALUE for each in seen):
        return frozenset()
    sent: dict[int, dict[Hashable, object]] = {}
    for pair, occurrence in occurrences(seen):
        element = known.name(pair, occurrence.element)
        if element is None:  # columns that do not correspond by position
            return frozenset()
        for index, value in zip(pair, (occurrence.a, occurrence.b), strict=True):
            sent.setdefault(index, {}).setdefault(element, value)
    return frozenset(
        (one, two)
        for one, two in unknown
        if not answers.pairs[one, two].stops.everything
        and sent[one].keys() == sent[two].keys()
        and all(is_same(value, sent[two][element]) for element, value in sent[one].items())
    )


def alike_in_kind(seen: Sequence[Seen], same: AbstractSet[Pair]) -> frozenset[Pair]:
    """Return which runtimes that were not compared both have a member, lack it, or have one type.

    A third runtime beside them says so.
    """
    of_types = all(each.difference.kind is DifferenceKind.TYPE for each in seen)
    if not of_types and not all(each.difference.tells_presence for each in seen):
        return frozenset()
    facts: dict[int, set[str]] = {}
    for each in seen:
        for index, fact in zip(each.pair, each.difference.facts, strict=True):
            facts.setdefault(index, set()).add(fact if of_types else PRESENCE.get(fact, PRESENT))
    alike: dict[frozenset[str], list[int]] = {}
    for index in sorted(facts):
        alike.setdefault(frozenset(facts[index]), []).append(index)
    found = chain.from_iterable(
        combinations(alike[fact], 2) for fact in filter(_is_one_fact, alike)
    )
    return frozenset(found).difference(same, (each.pair for each in seen))


def _is_one_fact(facts: AbstractSet[str]) -> bool:
    """Return whether facts are one, and of all elements: two may lack a member in others each."""
    return len(facts) == 1 and SOMETIMES_PRESENT not in facts


def unlike_in_layout(seen: Sequence[Seen], answers: StepAnswers) -> Iterator[Pair]:
    """Yield which runtimes show two layouts beside the same third one, as two envelopes.

    They differ in members too, though another finding tells it.
    """
    if seen[0].difference.layout is None:
        return
    layouts: dict[int, dict[int, str]] = {}
    for each in seen:
        first, second = each.pair
        own, others = each.difference.facts
        layouts.setdefault(second, {})[first] = own
        layouts.setdefault(first, {})[second] = others
    for beside in layouts.values():
        for pair in answers.pairs.keys() & {*combinations(sorted(beside), 2)}:
            kinds = set(map(attrgetter("kind"), answers.pairs[pair].differences))
            if beside[pair[0]] != beside[pair[1]] and DifferenceKind.MEMBER in kinds:
                yield pair


def accepted_pairs(
    seen: Sequence[Seen], same: AbstractSet[Pair], answers: StepAnswers
) -> frozenset[Pair]:
    """Return which agreeing runtimes sent two values of a place that a rule about a kind accepts.

    `is: uuid` takes any two UUIDs for the same; a tolerance does not, being no equivalence.
    """
    where = {index: path for each in seen for index, path in _paths(each.pair, each.difference)}
    found: set[Pair] = set()
    for pair in same & answers.pairs.keys():
        here = tuple(map(where.get, pair))
        rules = [rule for rule, paths in answers.pairs[pair].accepted if paths == here]
        if ValueRule in map(type, rules):
            found.add(pair)
    return frozenset(found)


def pairs_apart(
    seen: Iterable[Seen], elements: Iterable[Hashable], known: SharedElements
) -> frozenset[Pair]:
    """Return the runtimes that differ at any of some elements of a place, in whatever way."""
    wanted = set(elements)
    return frozenset(
        pair
        for pair, occurrence in occurrences(seen)
        if known.name(pair, occurrence.element) in wanted
    )


def near_to_all(
    seen: Sequence[Seen], apart: AbstractSet[Pair], answers: StepAnswers
) -> frozenset[int]:
    """Return the runtimes that differ from none that differ from each other.

    Agreement is no equivalence here.

    With the tolerance of a rule 2 may be near 1 and near 3, though these are not near each other.
    An address may be the own one of the two runtimes that send it, and of no third one.  Where no
    text counts as equal to another, no value is near two others.  Such a runtime has one value,
    which was held against those of all others.  Of lists that are aligned two by two this is not
    known: it may have been held against another element of each.
    """
    if any(not _is_of_values(each.difference) for each in seen):
        return frozenset()
    differing = set(chain.from_iterable(each.pair for each in seen))
    where = {index: place for each in seen for index, place in _paths(each.pair, each.difference)}
    near: dict[tuple[int, JsonPath], set[int]] = {}
    between: set[tuple[int, JsonPath]] = set()
    for pair, compared in answers.pairs.items():
        inside = [side for side, index in enumerate(pair) if index in differing and index in where]
        if len(inside) != 1 or pair in apart or differing.issuperset(pair):
            continue
        (side,) = inside
        stops, place = compared.stops, where[pair[side]]
        if stops.is_aligned(side, place) or _differs_below(compared, side, place):
            continue
        if not stops.covers(side, place, value=True) and not stops.in_part(side, place):
            here = (pair[1 - side], stops.partner(side, place))
            near.setdefault(here, set()).add(pair[side])
            if compared.takes_as_equal:
                between.add(here)
    return frozenset(here[0] for here in between if near[here].issuperset(differing))


def _differs_below(compared: AnswerComparison, side: int, place: JsonPath) -> bool:
    """Return whether two answers differ within a value, such as in an element of a list.

    Or in the thing that it identifies.
    """
    paths = (found.paths[side] for found in compared.differences if found.paths is not None)
    another_thing = (DifferenceKind.IDENTITY, printable(render_path(place)))
    known = {(found.kind, found.places[side]) for found in compared.differences}
    return another_thing in known or any(path[: len(place)] == place != path for path in paths)


def _is_of_values(found: Difference) -> bool:
    """Return whether a difference is about values, and not about the order in which they stand."""
    return found.kind is DifferenceKind.VALUE and found.idiom != ANOTHER_ORDER


def _paths(pair: Pair, found: Difference) -> Iterable[tuple[int, JsonPath]]:
    return zip(pair, found.paths, strict=True) if found.paths is not None else ()


def _was_compared(
    pair: Pair,
    compared: AnswerComparison,
    where: Mapping[int, JsonPath],
    *,
    value: bool,
    both_there: bool,
) -> bool:
    """Return whether two runtimes without a difference at a place were compared there.

    Where either has nothing there, it has no spelling of its own that would have to correspond to
    the other's; but what the other has there may be what it calls by another name.
    """
    if compared.stops.everything:
        return False
    known = [where[index] for index in pair if index in where]
    if len(known) < len(pair):
        return True
    places = (known[0], known[1])
    stops = compared.stops
    partners = (stops.partner(1, places[1]), stops.partner(0, places[0]))
    one_place = stops.correspond(places) if both_there else partners == places
    return one_place and not any(
        compared.stops.covers(side, place, value=value) for side, place in enumerate(places)
    )
