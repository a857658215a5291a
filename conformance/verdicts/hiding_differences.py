"""Undecided differences behind which the difference of a ledger row may still be.

That a row's own difference is not seen at its place is no fix while its runtimes differ there in
another way, or in the same way at what may be the same place: under another spelling of its last
name, or in another step.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, product, starmap
from operator import attrgetter, methodcaller
from typing import Final

from conformance.comparison.faults import EXCHANGE
from conformance.comparison.finding_titles import title_of
from conformance.comparison.idioms.catalogue import OF_NAMES, OF_ORDER
from conformance.comparison.sentences import place_of
from conformance.comparison.shown_in_findings import KIND
from conformance.model.answer_place import AnswerPlace, parse_place
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import JsonPath, Segment, covers
from conformance.verdicts.matching import is_named

_ABOVE_BODIES: Final = frozenset({DifferenceKind.STATUS.value, KIND, EXCHANGE})
"""Places of differences where nothing below is compared."""


def why_hidden(
    row: Decision,
    places: Sequence[AnswerPlace],
    undecided: Iterable[Finding],
    steps: int,
    apart: AbstractSet[frozenset[str]],
) -> str:
    """Return which undecided finding may hide the difference of a row at a place; else nothing.

    `places` are the spellings of the place; `steps` is how many the case has; `apart` are the
    opposed runtimes of the row that were not compared there.
    """
    hiding = list(filter(partial(_may_hide, row, places, apart), undecided))
    if not hiding:
        return ""
    # One of the row's own cause says most
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
    if row.pairs.isdisjoint(finding.told_apart):
        return False
    both = list(product(places, _spelled(finding)))
    if is_named(row, finding) and any(starmap(_may_be_same, both)):
        return True
    if finding.step != (places[0].step or 1) - 1:
        return False
    # Others of the row were compared, and one that has a status of its own was not
    if finding.place in _ABOVE_BODIES and not apart.isdisjoint(finding.told_apart):
        return True
    return any(starmap(partial(_is_around, row, finding), both))


def _spelled(finding: Finding) -> Iterator[AnswerPlace]:
    """Yield the place of a finding as each of its runtimes spells it, without its step."""
    written = chain({finding.place}, *map(attrgetter("lasting_places"), finding.sides))
    for each in sorted(set(filter(None, written))):
        try:
            yield parse_place(each)
        except ValueError:  # no place that a row can name
            continue


def _may_be_same(place: AnswerPlace, other: AnswerPlace) -> bool:
    """Return whether two places end in the same name, however its words are set apart."""
    if place.path is None or other.path is None:
        return place.part == other.part
    return _end(place.path) == _end(other.path)


def _end(path: JsonPath) -> tuple[Segment, ...]:
    """Return the last name of a path with the elements that stand behind it, in plain letters."""
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

    Below it that is any element where the row is about an order, and a member that only one side
    has where it is about another difference.  Above it that is no difference of names alone: what
    has another name was compared.
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
    """Return whether a finding is at a place of a row, or differs in more than names above it."""
    is_above = len(found) < len(at)
    if is_above and _only_renames(row, finding):
        return False
    start = at[: len(found)]
    return covers(found, start) or covers(start, found)


def _only_renames(row: Decision, finding: Finding) -> bool:
    """Return whether members of a row's runtimes have other names in a finding, and no more.

    A row about a member that one side lacks is about its name, too.
    """
    if row.cause == DifferenceKind.MEMBER.value:
        return False
    own = map(methodcaller("among", {*row.runtimes}), finding.pairs)
    return OF_NAMES.issuperset(map(attrgetter("name"), own))
