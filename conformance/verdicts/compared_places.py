"""Whether a case compared what a ledger row is about, at one of the row's places.

A difference that is not seen is no fix if the answers were not compared there: their statuses
differ, they differ above the place, or a rule accepts what they have there.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.faults import EXCHANGE
from conformance.distinct import distinct
from conformance.model.answer_place import AnswerPlace, parse_place, spellings
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import (
    ANY_MEMBER,
    JsonPath,
    Segment,
    covers,
)
from conformance.model.observation import NotAsked
from conformance.model.verdict import CaseResult, Uncompared
from conformance.verdicts.hiding_differences import why_hidden
from conformance.verdicts.matching import opposed, says_fault, sides_among
from conformance.verdicts.shown_places import why_nothing_shown, without_pattern
from conformance.wording import plural

_WITHOUT_BODY: Final = frozenset({"status", EXCHANGE})
_OF_VALUES: Final = frozenset(
    {DifferenceKind.VALUE.value, DifferenceKind.TEXT.value, DifferenceKind.BYTES.value}
)


class Look(Struct, frozen=True, kw_only=True):
    """The result for a place: whether a case shows that the sides of a row agree, or why not.

    `why` is why they were not compared, `hidden` the undecided difference that may hide the row's,
    and `rules` are the rules that accept what the sides have there.
    """

    compared: bool
    why: str = ""
    hidden: str = ""
    rules: tuple[str, ...] = ()


def look_at(row: Decision, written: str, result: CaseResult, undecided: Sequence[Finding]) -> Look:
    """Return whether a case shows that the sides of a row agree at one of its places.

    At least two runtimes of different sides must be compared there.  Each runtime that is to be
    fixed must be compared too, if it answered.  No finding of `undecided` may hide the row's
    difference.
    """
    places = spellings(written)
    step = (places[0].step or 1) - 1
    if not _has_step(places[0], len(result.requests)):
        return Look(compared=False, why=f"the case now has {plural(len(result.requests), 'step')}")
    if row.cause == DifferenceKind.FAULT.value:
        return Look(compared=_was_asked(row, step, result))
    # All pairs are checked: a rule may hide a place for some pairs and not for others
    answers = result.answers_at(step)
    compared: set[str] = set()
    apart: dict[frozenset[str], Look] = {}
    for pair in opposed(sides_among(row, answers)):
        look = _look_of_two(row, places, step, pair, result)
        if look.compared:
            compared.update(pair)
        else:
            apart[frozenset(pair)] = look
    to_fix = answers.keys() & row.to_fix
    if not compared or not to_fix <= compared:
        return _none_of(list(apart.values()))
    why = _why_nothing_shown(row, places, step, compared, result)
    if why:
        return Look(compared=False, why=why)
    hidden = why_hidden(row, places, undecided, len(result.requests), apart.keys())
    return Look(compared=not hidden, hidden=hidden)


def _none_of(looks: Sequence[Look]) -> Look:
    """Return the result for a place that was not compared: the first reason, and all rules."""
    if not looks:
        return Look(compared=False)
    rules = distinct(map(attrgetter("rules"), looks))
    return Look(compared=False, why=looks[0].why, rules=rules)


def _has_step(place: AnswerPlace, steps: int) -> bool:
    """Return whether a case with this number of steps has the step of a place.

    A place names no step if the case has only one.  The case may have changed since the row was
    written.
    """
    if place.step is None:
        return steps == 1
    return steps > 1 and place.step <= steps


def _why_nothing_shown(
    row: Decision,
    places: Sequence[AnswerPlace],
    step: int,
    runtimes: Collection[str],
    result: CaseResult,
) -> str:
    """Return why the answers of some runtimes say nothing about a row; an empty text if they do.

    It is enough if they do at one spelling of the place.
    """
    by_runtime = result.answers_at(step)
    compared = filter(runtimes.__contains__, by_runtime)
    answers = list(map(by_runtime.__getitem__, compared))
    as_demanded = result.expected and not result.expectation_failures
    kind = result.kind_of_step(step)
    reasons: list[str] = []
    for place in places:
        why = why_nothing_shown(row, place, answers, kind, as_demanded=as_demanded)
        if not why:
            return ""
        reasons.append(why)
    return reasons[0]


def _was_asked(row: Decision, step: int, result: CaseResult) -> bool:
    """Return whether a runtime of a row about a fault was sent the request of the step."""
    seen = result.seen_at(step)
    faulting = filter(partial(says_fault, row), seen)
    return any(not isinstance(seen[name], NotAsked) for name in faulting)


def _look_of_two(
    row: Decision,
    places: Sequence[AnswerPlace],
    step: int,
    pair: tuple[str, str],
    result: CaseResult,
) -> Look:
    """Return whether two runtimes were compared at a place of a row, and if not, why."""
    is_hiding = partial(_is_hiding, row=row, places=places, step=step, pair=pair)
    hiding = next(filter(is_hiding, result.comparison.uncompared), None)
    if hiding is not None:
        rules = filter(None, [hiding.rule])
        return Look(compared=False, why=hiding.why, rules=tuple(rules))
    not_steady = partial(_not_steady, step=step, pair=pair, result=result)
    why = next(chain.from_iterable(map(not_steady, places)), "")
    return Look(compared=not why, why=why)


def _is_hiding(
    apart: Uncompared,
    row: Decision,
    places: Sequence[AnswerPlace],
    step: int,
    pair: tuple[str, str],
) -> bool:
    """Return whether `apart` says that two runtimes were not compared in what a row is about."""
    is_of_these = apart.step == step and {*apart.runtimes} == {*pair}
    if not is_of_these or not _is_about(row, apart):
        return False
    return any(map(partial(_hides, apart), places))


def _is_about(row: Decision, apart: Uncompared) -> bool:
    """Return whether a row is about what was not compared, which may be only the values."""
    if not apart.values or row.pin is not None:
        return True
    return row.cause in _OF_VALUES


def _hides(apart: Uncompared, place: AnswerPlace) -> bool:
    """Return whether an uncompared place of `apart` is a place of a row, or above it."""
    is_below = partial(_is_below, place, by_rule=bool(apart.rule))
    return any(map(is_below, apart.places))


def _not_steady(
    place: AnswerPlace, step: int, pair: tuple[str, str], result: CaseResult
) -> Iterator[str]:
    """Yield why a compared place shows nothing: a runtime differs by itself, or a limit."""
    is_there = partial(_is_there, place=place, step=step)
    for own in result.own_differences:
        if own.runtime in pair and is_there(own.finding):
            yield f"{own.runtime} differs by itself there"
    for finding in filter(is_there, result.unstable):
        if {*pair} <= {*finding.runtimes}:
            yield "they differ there in only one of two askings"
    more = result.comparison.more_findings
    if more:
        yield f"the case has {plural(more, 'more difference')} than a report holds"


def _is_there(finding: Finding, place: AnswerPlace, step: int) -> bool:
    if finding.step != step:
        return False
    is_below = partial(_is_below, place, by_rule=False)
    return any(map(is_below, finding.spellings))


def _is_below(place: AnswerPlace, above: str, *, by_rule: bool) -> bool:
    """Return whether a place of a row is at the place `above`, or below it.

    A rule also hides a row with a pattern if the rule's place is one that the pattern stands for.
    """
    # An empty place stands for everything below the status
    if not above:
        return place.part not in _WITHOUT_BODY
    path = _path(above)
    if path is None:
        # `header content-type;charset` is a part of `header content-type`
        return place.part == above or place.part.startswith(f"{above};")
    if place.path is None:
        return False
    if by_rule and covers(place.path, path):
        return True
    return _begins_with(without_pattern(place.path), path)


def _begins_with(path: JsonPath, start: JsonPath) -> bool:
    """Return whether a path begins with `start`, in which a wildcard stands for any member."""
    if len(start) > len(path):
        return False
    return all(map(_is_segment, path, start))


def _is_segment(segment: Segment, wanted: Segment) -> bool:
    if segment == wanted:
        return True
    return wanted is ANY_MEMBER and isinstance(segment, str)


@lru_cache(maxsize=4096)
def _path(place: str) -> JsonPath | None:
    """Return the path of a place in a body; None for a place in another part of an answer."""
    try:
        return parse_place(place).path
    except ValueError:
        return None
