"""The verdict on each ledger row after a run: whether the difference it is about still shows.

A row is stale only when nothing can excuse it: every case of its `where` was selected and testable, a side was live,
and none matched.  A filter, a shard or an aborted run suspends that judgement.  On the same terms a row that only some
of its cases still show is narrowed, and one whose place and split show a difference of another signature is reopened:
the difference has changed, and is reported once.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from conformance.model.case_glob import narrowest_globs
from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.finding import Signature
from conformance.model.known_cases import KnownCases
from conformance.model.observation import Answer
from conformance.model.verdict import CaseResult, Judgement, RowState, RowVerdict
from conformance.verdicts.matching import difference_now
from conformance.wording import plural, some

REVIEW_WARNING_DAYS: Final = 14


@dataclass(slots=True)
class _Exercise:
    """What a run has shown of one row so far."""

    testable: int = 0
    untestable: int = 0
    live: bool = False
    odd_live: bool = False
    matched: list[str] = field(default_factory=list)
    became: Signature | None = None


class RowTally:
    """Takes the judged cases of a run one by one and gives the verdict on every row.

    `unselected` are the known cases that the run did not select.
    """

    def __init__(self, ledger: Ledger, unselected: Iterable[str]) -> None:
        self._rows = {row.id: row for row in ledger.decisions}
        self._exercised = {row.id: _Exercise() for row in ledger.decisions}
        self._known = KnownCases(unselected)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        self._known.add(result, judgement)
        shown = {*judgement.rows, *(row.id for rows in judgement.partial for row in rows)}
        for row in self._rows.values():
            if not row.concerns(result.case_id):
                continue
            exercise = self._exercised[row.id]
            sides = _answering_sides(row, result)
            complete = not result.comparison.over_budget and not any(cell.faults for cell in result.cells)
            if all(sides) and complete:
                exercise.testable += 1
                exercise.odd_live |= any(sides[0])
                exercise.live |= any(sides[0]) or any(sides[1])
            else:
                exercise.untestable += 1
            if row.id in shown:
                exercise.matched.append(result.case_id)
            exercise.became = exercise.became or _changed_difference(row, result, judgement)

    def verdicts(self, *, finished: bool) -> tuple[RowVerdict, ...]:
        """Return the verdict on every row."""
        return tuple(self._verdict(row, finished=finished) for row in self._rows.values())

    def _verdict(self, row: Decision, *, finished: bool) -> RowVerdict:
        exercise = self._exercised[row.id]
        left_out = sum(map(row.concerns, self._known.left_out))
        state, reason = _state(row, exercise, left_out=left_out, finished=finished)
        where: tuple[str, ...] = ()
        if state is RowState.NARROWED:
            where = narrowest_globs(exercise.matched, self._known.of_suite())
            reason = f"{reason}; its `where` is now [{some(where)}]"
        became = exercise.became if state is RowState.REOPENED else None
        return RowVerdict(
            decision_id=row.id, state=state, reason=reason, cases=tuple(exercise.matched), where=where, became=became
        )


def _changed_difference(row: Decision, result: CaseResult, judgement: Judgement) -> Signature | None:
    """Return the signature of an undecided finding that stands where the row's difference was."""
    for finding, decided in zip(result.comparison.findings, judgement.decisions, strict=True):
        if not decided and (signature := difference_now(row, finding)):
            return signature
    return None


def _state(row: Decision, exercise: _Exercise, *, left_out: int, finished: bool) -> tuple[RowState, str]:
    done = row.state is DecisionState.DONE
    excuse = _excuse_done(exercise) if done else _excuse(exercise, left_out=left_out, finished=finished)
    if exercise.matched:
        return _shown(row, exercise, excuse)
    if not exercise.testable:
        return RowState.NOT_EXERCISED, "no selected case has an answer on both of its sides"
    if excuse is not None:
        return RowState.SUSPENDED, f"no match, but {excuse}"
    if done:
        return RowState.HOLDS, f"done in {row.commit}, and gone"
    if exercise.became is not None:
        return (
            RowState.REOPENED,
            f"its difference has changed and is now {exercise.became}: correct the row, or add one",
        )
    return RowState.STALE, f"no longer seen in {_its(exercise.testable)}: mark it done, or fix the row"


def _shown(row: Decision, exercise: _Exercise, excuse: str | None) -> tuple[RowState, str]:
    """Return the state of a row that some case still shows."""
    matched = len(exercise.matched)
    if row.state is DecisionState.DONE:
        return RowState.REGRESSED, f"done in {row.commit}, and back in {plural(matched, 'case')}"
    if excuse is None and matched < exercise.testable:
        return RowState.NARROWED, f"seen in only {matched} of its {plural(exercise.testable, 'case')}"
    return RowState.MATCHED, f"covers {plural(matched, 'case')}"


def _its(cases: int) -> str:
    return "its one case" if cases == 1 else f"its {plural(cases, 'case')}"


def _excuse(exercise: _Exercise, *, left_out: int, finished: bool) -> str | None:
    """Return why a row without a match may not be called stale by this run, or None."""
    if not finished:
        return "the run did not finish"
    if left_out or exercise.untestable:
        untested = left_out + exercise.untestable
        return f"{plural(untested, 'case')} of its `where` {'was' if untested == 1 else 'were'} not tested"
    return None if exercise.live else "every side is a recording"


def _excuse_done(exercise: _Exercise) -> str | None:
    """Return why a done row without a match may not be said to hold, or None: only a live runtime shows its fix."""
    return None if exercise.odd_live else "its odd side is a recording"


def _answering_sides(row: Decision, result: CaseResult) -> tuple[list[bool], list[bool]]:
    """Return, for either side of a row, whether each runtime with a full answer is live."""
    answered = {
        cell.runtime: cell.live for cell in result.cells if all(isinstance(seen, Answer) for seen in cell.observations)
    }
    return [answered[name] for name in row.odd if name in answered], [
        answered[name] for name in row.rest if name in answered
    ]


def review_warnings(ledger: Ledger, today: dt.date) -> Iterator[str]:
    """Yield a warning for every row whose review is due within two weeks, or overdue."""
    for row in ledger.decisions:
        if row.review_by is None or row.state is DecisionState.DONE:
            continue
        days = (row.review_by - today).days
        if days <= REVIEW_WARNING_DAYS:
            yield f"{row.id}: review by {row.review_by} ({_when(days)}), owner {row.owner}"


def _when(days: int) -> str:
    count = plural(abs(days), "day")
    return "today" if days == 0 else (f"in {count}" if days > 0 else f"{count} ago")
