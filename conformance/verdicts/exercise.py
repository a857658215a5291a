"""What a run has shown about one ledger row, case by case."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain, filterfalse
from operator import attrgetter, methodcaller
from typing import Final

from msgspec import Struct, field

from conformance.distinct import distinct
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Cell, NotAsked
from conformance.model.signature import Signature
from conformance.model.verdict import CaseResult, JudgedFinding, Judgement, Verdict
from conformance.verdicts.compared_places import Look, look_at
from conformance.verdicts.left_pins import left_pin
from conformance.verdicts.matching import (
    InCase,
    difference_now,
    is_named,
    left_code,
    matches,
    on_sides,
    sides_among,
)
from conformance.verdicts.moved_runtimes import moved, other_facts

_FINDING: Final = attrgetter("finding")
_RULES: Final = attrgetter("rules")


class Exercise(Struct):
    """What a run has shown about one row so far.

    `tested` and `places_shown` have places of the row by case: those that were compared, and those
    that show the row's difference.  `hidden` has, by rule, the cases in which a rule accepts the
    difference. `why` is why the first place that was not compared was not, and `may_hide` an
    undecided difference that may hide the row's, with its case.
    """

    tested: dict[str, frozenset[str]] = field(default_factory=dict)
    places_shown: dict[str, frozenset[str]] = field(default_factory=dict)
    hidden: dict[str, list[str]] = field(default_factory=dict)
    why: str = ""
    may_hide: str = ""
    untestable: int = 0
    live: bool = False
    fix_live: bool = False
    further: dict[str, None] = field(default_factory=dict)
    elsewhere: dict[str, None] = field(default_factory=dict)
    reopened: list[str] = field(default_factory=list)
    moved: str = ""
    became: Signature | None = None
    left_pin: str = ""
    left_code: str = ""
    left_facts: str = ""


def take_case(
    row: Decision, exercise: Exercise, result: CaseResult, judgement: Judgement, case: InCase
) -> None:
    """Add to `exercise` what one case of a row shows."""
    judged = list(result.judged(judgement))
    places = _places_shown(row, judged, case)
    if places:
        exercise.places_shown[result.case_id] = places
    sides = _present(row, result)
    # After the time limit of a comparison, later steps are unknown
    if _testable(row, sides, judgement) and not result.comparison.over_budget:
        _look(row, exercise, result, judged, places)
        exercise.live |= any(chain.from_iterable(sides.values()))
        exercise.fix_live |= any(sides.get(row.fix or "", ()))
    else:
        exercise.untestable += 1
    for each in judged:
        if row in each.partial:
            _note_others(row, exercise, each)
    changed = [each.finding for each in judged if row in each.reopened]
    if changed:
        # A finding of the row's own cause shows best how it has changed
        first = max(changed, key=partial(is_named, row))
        _reopen(row, exercise, first, case, result.comparison.findings)


def _note_others(row: Decision, exercise: Exercise, judged: JudgedFinding) -> None:
    """Note the runtimes that a row leaves undecided, by whether they show its difference."""
    alike = on_sides(row, judged.finding)
    exercise.further.update(dict.fromkeys(filter(alike.__contains__, judged.left)))
    exercise.elsewhere.update(dict.fromkeys(filterfalse(alike.__contains__, judged.left)))


def _look(
    row: Decision,
    exercise: Exercise,
    result: CaseResult,
    judged: Iterable[JudgedFinding],
    places_shown: frozenset[str],
) -> None:
    """Note at which places of a row a case compared its sides, and why not at the others."""
    places = sorted(row.places_in(result.case_id) - places_shown)
    undecided = list(map(_FINDING, filterfalse(attrgetter("decided"), judged)))
    compared = set(places_shown)
    others: list[Look] = []
    for place in places:
        look = look_at(row, place, result, undecided)
        if look.compared:
            compared.add(place)
        else:
            others.append(look)
    if compared:
        exercise.tested[result.case_id] = frozenset(compared)
    _note_why_not(exercise, others, result.case_id)


def _note_why_not(exercise: Exercise, looks: Sequence[Look], case_id: str) -> None:
    """Note why a case did not compare the sides of a row at some of its places."""
    for rule in distinct(map(_RULES, looks)):
        exercise.hidden.setdefault(rule, []).append(case_id)
    without_rule = list(filterfalse(_RULES, looks))
    if without_rule:
        exercise.untestable += 1
        exercise.why = exercise.why or without_rule[0].why
    hidden = next(filter(None, map(attrgetter("hidden"), looks)), "")
    # Only the first is named: it must be decided first
    if hidden and not exercise.may_hide:
        exercise.may_hide = f"{hidden} in {case_id}"


def _reopen(
    row: Decision,
    exercise: Exercise,
    finding: Finding,
    case: InCase,
    findings: Sequence[Finding],
) -> None:
    """Note a case in which the difference of a row has changed.

    The first such case also gives the details of the change.
    """
    exercise.reopened.append(case.case_id)
    if len(exercise.reopened) > 1:
        return
    there = [each for each in findings if each.where == finding.where]
    exercise.moved = moved(row, finding, case, there)
    exercise.became = difference_now(row, finding, case)
    if matches(row, finding, case):
        exercise.left_pin = left_pin(row, finding, case)
    exercise.left_code = left_code(row, finding)
    exercise.left_facts = other_facts(row, finding)


def _places_shown(row: Decision, judged: Iterable[JudgedFinding], case: InCase) -> frozenset[str]:
    """Return the places of a row at which a case shows its difference.

    The row need not decide the finding alone.
    """
    places: set[str] = set()
    for each in filter(methodcaller("has", row), judged):
        places.update(case.places(row, each.finding))
    return frozenset(places)


def _testable(row: Decision, sides: dict[str, list[bool]], judgement: Judgement) -> bool:
    """Return whether a case can show a row's difference.

    Two sides of the row must be present, or one for a fault.
    """
    if row.cause == DifferenceKind.FAULT.value:
        return bool(sides)
    return judgement.verdict is not Verdict.ERRORED and len(sides) > 1


def _present(row: Decision, result: CaseResult) -> dict[str, list[bool]]:
    """Return, for each side with present runtimes, whether each of these is live.

    A runtime is present if it answered; for a fault, if a request was sent to it.
    """
    is_present = _was_asked if row.cause == DifferenceKind.FAULT.value else _answered
    live = {cell.runtime: cell.live for cell in filter(is_present, result.cells)}
    sides: dict[str, list[bool]] = {}
    for side, present in zip(row.sides, sides_among(row, live), strict=True):
        if present:
            sides[side.name] = list(map(live.__getitem__, present))
    return sides


def _answered(cell: Cell) -> bool:
    return cell.answered


def _was_asked(cell: Cell) -> bool:
    return not isinstance(cell.observations[0], NotAsked)
