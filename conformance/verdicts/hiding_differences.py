"""Undecided differences that may hide the difference of a ledger row.

A row whose difference is not seen at its place is not fixed while its runtimes differ there in
another way.  The same difference at another spelling of the place's last name, or in another step,
may also be the row's.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, product, starmap
from operator import attrgetter, methodcaller
from typing import Final

from conformance.comparison.faults import EXCHANGE
from conformance.comparison.finding_titles import title_of
from conformance.comparison.finding_values import KIND
from conformance.comparison.idioms.catalogue import OF_NAMES, OF_ORDER
from conformance.comparison.sentences import place_of
from conformance.model.answer_place import AnswerPlace, parse_place
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import JsonPath, Segment, covers
from conformance.verdicts.matching import is_named

_ABOVE_BODIES: Final = frozenset({DifferenceKind.STATUS.value, KIND, EXCHANGE})
"""Places whose difference stops the comparison of everything below them."""


def why_hidden(
    row: Decision,
    places: Sequence[AnswerPlace],
    undecided: Iterable[Finding],
    steps: int,
    apart: AbstractSet[frozenset[str]],
) -> str:
    """Return which undecided finding may hide a row's difference at a place; else an empty text.

    `places` are the spellings of the place, `steps` is the number of steps of the case, and `apart`
    has the pairs of the row's runtimes that were not compared there.
    """
    hiding = list(filter(partial(_may_hide, row, places, apart), undecided))
    if not hiding:
        return ""
    # A finding of the row's own cause is the most likely
    first = min(hiding, key=lambda finding: not is_named(row, finding))
    title, place = title_of(first), place_of(first, steps)
    if place in title:
        return f"`{title}` is undecided"
    return f"`{title}` is undecided at {place}"


def _may_hide(
    row: Decision,
    places: Sequence[AnswerPlace],
    apart: AbstractSet[frozenset[str]],
    finding: Finding,
) -> bool:
    if row.pairs.isdisjoint(finding.distinguished):
        return False
    both = list(product(places, _spelled(finding)))
    if is_named(row, finding) and any(starmap(_may_be_same, both)):
        return True
    if finding.step != (places[0].step or 1) - 1:
        return False
    # A runtime with another status was not compared, although others of the row were
    if finding.place in _ABOVE_BODIES and not apart.isdisjoint(finding.distinguished):
        return True
    return any(starmap(partial(_is_around, row, finding), both))


def _spelled(finding: Finding) -> Iterator[AnswerPlace]:
    """Yield the place of a finding in the spelling of each of its runtimes, without its step."""
    written = chain({finding.place}, *map(attrgetter("lasting_places"), finding.sides))
    for each in sorted(set(filter(None, written))):
        try:
            yield parse_place(each)
        except ValueError:  # no place that a row can name
            continue


def _may_be_same(place: AnswerPlace, other: AnswerPlace) -> bool:
    """Return whether two places end in the same name; case and separators do not matter."""
    if place.path is None or other.path is None:
        return place.part == other.part
    return _end(place.path) == _end(other.path)


def _end(path: JsonPath) -> tuple[Segment, ...]:
    """Return the last name of a path in plain letters, and the list elements after it."""
    behind: list[Segment] = []
    for segment in reversed(path):
        if isinstance(segment, str):
            return (_plain(segment), *reversed(behind))
        behind.append(segment)
    return path


def _plain(name: str) -> str:
    letters = "".join(filter(str.isalnum, name)).casefold()
    return letters or name


def _is_around(row: Decision, finding: Finding, place: AnswerPlace, other: AnswerPlace) -> bool:
    """Return whether a finding is at a place of a row, above it, or in what the row is about.

    Below the place, that is any element for a row about an order, and else a member that only one
    side has.  Above the place, a finding that only renames members does not count: renamed members
    were compared.
    """
    if place.path is None or other.path is None:
        return place.part == other.part
    if len(other.path) > len(place.path):
        return _is_within(row, finding, place.path, other.path)
    return _is_at_or_above(row, finding, place.path, other.path)


def _is_within(row: Decision, finding: Finding, at: JsonPath, found: JsonPath) -> bool:
    """Return whether a finding below a place of a row is in what the row is about."""
    is_next_below = len(found) == len(at) + 1
    is_member_of_it = is_next_below and finding.kind is DifferenceKind.MEMBER
    may_hide = is_member_of_it or row.cause in OF_ORDER
    return may_hide and covers(at, found[: len(at)])


def _is_at_or_above(row: Decision, finding: Finding, at: JsonPath, found: JsonPath) -> bool:
    """Return whether a finding is at a place of a row, or above it and not only about names."""
    is_above = len(found) < len(at)
    if is_above and _only_renames(row, finding):
        return False
    start = at[: len(found)]
    return covers(found, start) or covers(start, found)


def _only_renames(row: Decision, finding: Finding) -> bool:
    """Return whether a finding only shows other member names for the runtimes of a row.

    For a row about a missing member the name matters, so the answer is no.
    """
    if row.cause == DifferenceKind.MEMBER.value:
        return False
    own = map(methodcaller("among", {*row.runtimes}), finding.pairs)
    return OF_NAMES.issuperset(map(attrgetter("name"), own))
