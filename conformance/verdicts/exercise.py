"""What a run has shown of one ledger row, case by case."""

from dataclasses import dataclass, field

from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding, Signature
from conformance.model.observation import Answer, Cell, NotAsked
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.verdicts.compared_places import look_at
from conformance.verdicts.left_pins import left_pin
from conformance.verdicts.matching import (
    InCase,
    difference_now,
    left_code,
    matches,
    on_sides,
)
from conformance.verdicts.moved_runtimes import moved


@dataclass(slots=True)
class Exercise:
    """What a run has shown of one row so far.

    `tested` and `places_shown` have the row's own places by case: those that were compared or show
    it, and those that show it.  `hidden` has the cases in which a rule accepts it, by rule; `why`
    is why a place was not compared, for the first such place.
    """

    tested: dict[str, frozenset[str]] = field(default_factory=dict)
    places_shown: dict[str, frozenset[str]] = field(default_factory=dict)
    hidden: dict[str, list[str]] = field(default_factory=dict)
    why: str = ""
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


def take_case(
    row: Decision, exercise: Exercise, result: CaseResult, judgement: Judgement, case: InCase
) -> None:
    """Add to what is known of a row what a case of its shows."""
    places = _places_shown(row, result, judgement, case)
    if places:
        exercise.places_shown[result.case_id] = places
    sides = _present(row, result)
    if _testable(row, sides, judgement) and not result.comparison.over_budget:
        _look(row, exercise, result, places)
        exercise.live |= any(live for side in sides.values() for live in side)
        exercise.fix_live |= any(sides.get(row.fix or "", ()))
    else:
        exercise.untestable += 1
    for finding, partial, left in zip(
        result.comparison.findings, judgement.partial, judgement.left, strict=False
    ):
        if row in partial:
            alike = on_sides(row, finding)
            exercise.further.update((name, None) for name in left if name in alike)
            exercise.elsewhere.update((name, None) for name in left if name not in alike)
    for finding, reopened in zip(result.comparison.findings, judgement.reopened, strict=False):
        if row in reopened and result.case_id not in exercise.reopened:
            _reopen(row, exercise, finding, case)


def _look(
    row: Decision, exercise: Exercise, result: CaseResult, places_shown: frozenset[str]
) -> None:
    """Note at which places of a row a case compared its sides, and why not at the others."""
    concerned = [each for each in row.covers if each.concerns(result.case_id, grows=row.grows)]
    places = {place for covered in concerned for place in covered.places}
    looks = {place: look_at(row, place, result) for place in sorted(places - places_shown)}
    compared = places_shown.union(place for place, look in looks.items() if look.compared)
    if compared:
        exercise.tested[result.case_id] = compared
    not_compared = [look for look in looks.values() if not look.compared]
    for rule in dict.fromkeys(rule for look in not_compared for rule in look.rules):
        exercise.hidden.setdefault(rule, []).append(result.case_id)
    unknown = [look.why for look in not_compared if not look.rules]
    if unknown:
        exercise.untestable += 1
        exercise.why = exercise.why or unknown[0]


def _reopen(row: Decision, exercise: Exercise, finding: Finding, case: InCase) -> None:
    """Note a case in which the difference of a row has changed.

    For the first such case, note how it has changed.
    """
    if not exercise.reopened:
        exercise.moved = moved(row, finding)
        exercise.became = difference_now(row, finding, case)
        exercise.left_pin = left_pin(row, finding) if matches(row, finding, case) else ""
        exercise.left_code = left_code(row, finding)
    exercise.reopened.append(case.case_id)


def _places_shown(
    row: Decision, result: CaseResult, judgement: Judgement, case: InCase
) -> frozenset[str]:
    """Return the row's places at which a case shows its difference.

    It does not matter whether the row decides it alone.
    """
    places: set[str] = set()
    about = _padded(judgement.partial, result.comparison.findings)
    for finding, decided, partial in zip(
        result.comparison.findings, judgement.decisions, about, strict=True
    ):
        if row.id in decided or row in partial:
            places.update(case.places(row, finding))
    return frozenset(places)


def _padded(
    rows: tuple[tuple[Decision, ...], ...], findings: tuple[Finding, ...]
) -> tuple[tuple[Decision, ...], ...]:
    return rows or ((),) * len(findings)


def _testable(row: Decision, sides: dict[str, list[bool]], judgement: Judgement) -> bool:
    """Return whether a case can show a row's difference.

    Two of its sides must be present, or one if it is about a fault.
    """
    if row.cause == DifferenceKind.FAULT.value:
        return bool(sides)
    return judgement.verdict is not Verdict.ERRORED and len(sides) > 1


def _present(row: Decision, result: CaseResult) -> dict[str, list[bool]]:
    """Return for each side whether its present runtimes are live.

    A runtime is present if it answered, or for a fault if it was asked.
    """
    wanted = _was_asked if row.cause == DifferenceKind.FAULT.value else _answered
    there = {cell.runtime: cell.live for cell in result.cells if wanted(cell)}
    present = {
        side.name: [there[name] for name in side.runtimes if name in there] for side in row.sides
    }
    return {name: lives for name, lives in present.items() if lives}


def _answered(cell: Cell) -> bool:
    return all(isinstance(seen, Answer) for seen in cell.observations)


def _was_asked(cell: Cell) -> bool:
    return not isinstance(cell.observations[0], NotAsked)
