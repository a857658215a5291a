"""The verdict on each ledger row after a run: whether its difference still shows.

A row is stale only if nothing else explains the missing difference: every case of its `where` was
selected and testable, a side was live, and no case matched.  A filter, a shard or an aborted run
suspends that verdict.  Under the same conditions, a row that only some of its cases or places still
show is narrowed.  A row is reopened in a case that shows another difference between its sides at
its place, or a value that is not in its pin; this is reported once.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, filterfalse
from operator import itemgetter
from typing import Final

from conformance.model.case_glob import matches
from conformance.model.decision import (
    Decision,
    DecisionState,
    Ledger,
    RowCoverage,
    concerning,
    coverage_of,
    live_rows,
)
from conformance.model.verdict import CaseResult, Judgement, RowState, RowVerdict
from conformance.verdicts.exercise import Exercise, take_case
from conformance.verdicts.matching import InCase
from conformance.verdicts.work import WorkTally
from conformance.wording import further_runtimes, plural, some, something_else, were

# Two weeks: time to look at a row before `tracker check` refuses it
REVIEW_WARNING_DAYS: Final = 14
# A reason must fit on one or two lines; the ledger has all that a row covers
_SHOWN: Final = 3


class RowTally:
    """Takes the judged cases of a run one by one and gives the verdict on every row.

    `unselected` are the known cases that the run did not select.
    """

    def __init__(self, ledger: Ledger, unselected: Iterable[str]) -> None:
        self._ledger = ledger
        self._exercised = {row.id: Exercise() for row in ledger.differences}
        self._work = WorkTally(ledger.work)
        self._left_out = set(unselected)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Add what one judged case shows of each row."""
        # In each shard, the cases of the other shards are unselected
        self._left_out.discard(result.case_id)
        self._work.add(result, judgement)
        case = InCase(result.case_id, len(result.requests))
        for row in concerning(self._ledger.differences, result.case_id):
            take_case(row, self._exercised[row.id], result, judgement, case)

    def verdicts(self, *, finished: bool) -> tuple[RowVerdict, ...]:
        """Return the verdict on every row."""
        return tuple(map(partial(self._verdict, finished=finished), self._ledger.decisions))

    def _verdict(self, row: Decision, *, finished: bool) -> RowVerdict:
        if row.work:
            return self._work.verdict(row, self._left_out, finished=finished)
        exercise = self._exercised[row.id]
        left_out = sum(map(row.concerns, self._left_out))
        state, reason = _state(row, exercise, left_out=left_out, finished=finished)
        covers: tuple[RowCoverage, ...] = ()
        if state is RowState.NARROWED:
            covers = _left(row, exercise)
            reason = f"{reason}; it now covers {_in_words(covers)}"
        return RowVerdict(
            decision_id=row.id,
            state=state,
            reason=reason,
            cases=tuple(exercise.places_shown),
            covers=covers,
            became=exercise.became if state is RowState.REOPENED else None,
            hidden_by=tuple(exercise.hidden) if state is RowState.STALE else (),
        )


def _left(row: Decision, exercise: Exercise) -> tuple[RowCoverage, ...]:
    """Return what a narrowed row still covers; if the row grows, the patterns that still match."""
    if not row.grows:
        return coverage_of(exercise.places_shown)
    still_seen = set(chain.from_iterable(exercise.places_shown.values()))
    left = []
    for covered in row.covers:
        globs = tuple(filter(partial(_is_shown, exercise=exercise), covered.cases))
        places = filter(still_seen.__contains__, covered.places)
        if globs:
            left.append(RowCoverage(globs, tuple(places)))
    return tuple(left)


def _is_shown(glob: str, exercise: Exercise) -> bool:
    """Return whether a case that matches a glob shows the row."""
    return any(map(partial(matches, glob=glob), exercise.places_shown))


def _in_words(covers: tuple[RowCoverage, ...]) -> str:
    parts = [f"{some(covered.places)} in {some(covered.cases)}" for covered in covers[:_SHOWN]]
    if len(covers) > _SHOWN:
        parts.append(f"{len(covers) - _SHOWN} more")
    return "; ".join(parts)


def _state(
    row: Decision, exercise: Exercise, *, left_out: int, finished: bool
) -> tuple[RowState, str]:
    done = row.state is DecisionState.DONE
    # A change is reported even if other cases still show the row: these stay known
    if exercise.reopened and not done:
        return _reopened(exercise)
    if done:
        excuse = _excuse_done(exercise)
    else:
        excuse = _excuse(exercise, left_out=left_out, finished=finished)
    if exercise.places_shown:
        return _shown(row, exercise, excuse)
    if not exercise.tested and not exercise.hidden:
        return RowState.NOT_EXERCISED, _why_not_exercised(exercise)
    if excuse is not None:
        return RowState.SUSPENDED, f"no match, but {excuse}"
    if done:
        return RowState.HOLDS, f"done in {row.commit}, and gone"
    return RowState.STALE, _gone(exercise)


def _gone(exercise: Exercise) -> str:
    """Return why no case shows a row, fixed or hidden by a rule, and the next step."""
    if not exercise.hidden:
        return f"no longer seen in {_its(len(exercise.tested))}: mark it done, or fix the row"
    cases = set(chain.from_iterable(exercise.hidden.values()))
    rules = list(exercise.hidden)
    accepts = "the rules {} accept"
    if len(rules) == 1:
        accepts = "the rule {} accepts"
    where = f"in {plural(len(cases), 'case')}, such as {min(cases)}"
    return (
        f"{accepts.format(some(rules))} what differs at its place {where}: remove the row, or "
        "correct the rule"
    )


def _why_not_exercised(exercise: Exercise) -> str:
    if exercise.may_hide:
        return f"its difference may be hidden: {exercise.may_hide}"
    if exercise.why:
        return f"no selected case compared two of its sides at its place: {exercise.why}"
    if not exercise.untestable:
        return "none of its cases was selected"
    return "no selected case has an answer on two of its sides"


def _reopened(exercise: Exercise) -> tuple[RowState, str]:
    """Return the state and reason of a row whose difference has changed in some cases.

    The most exact change is given: values, then the error code, then sides, then facts.
    """
    first, *others = exercise.reopened
    where = first
    if others:
        where = f"{plural(len(exercise.reopened), 'case')}, such as {first}"
    changes = (
        (exercise.left_pin, f"its values have changed in {where}: {exercise.left_pin}"),
        (
            exercise.left_code,
            f"its error code has changed in {where}: it is now {exercise.left_code}",
        ),
        (exercise.moved, f"in {where} {exercise.moved}"),
        (exercise.left_facts, f"its difference has changed in {where}: {exercise.left_facts}"),
    )
    other = f"its difference has changed and is now {exercise.became} in {where}"
    known = filter(itemgetter(0), changes)
    _, change = next(known, ("", other))
    return RowState.REOPENED, f"{change}: fix the row, or decide again"


def _shown(row: Decision, exercise: Exercise, excuse: str | None) -> tuple[RowState, str]:
    """Return the state and reason of a row that some case still shows."""
    matched = plural(len(exercise.places_shown), "case")
    if row.state is DecisionState.DONE:
        return RowState.REGRESSED, f"done in {row.commit}, and back in {matched}"
    # With a filter or a recording, a row that is seen less need not be narrowed
    if excuse is None and _left(row, exercise) != _all(row):
        return RowState.NARROWED, _seen_in(exercise)
    parts = [f"covers {matched}"]
    if exercise.further:
        parts.append(further_runtimes(list(exercise.further)))
    elsewhere = list(filterfalse(exercise.further.__contains__, exercise.elsewhere))
    if elsewhere:
        parts.append(something_else(elsewhere))
    return RowState.MATCHED, "; ".join(parts)


def _all(row: Decision) -> tuple[RowCoverage, ...]:
    """Return all that a row covers, in the form in which `_left` returns it."""
    if row.grows:
        return row.covers
    places = map(row.places_in, row.where)
    return coverage_of(dict(zip(row.where, places, strict=True)))


def _seen_in(exercise: Exercise) -> str:
    """Return in how many of its cases, or else at how many of its places, a row is still seen."""
    if len(exercise.places_shown) < len(exercise.tested):
        cases = plural(len(exercise.tested), "case")
        return f"seen in only {len(exercise.places_shown)} of its {cases}"
    seen = sum(map(len, exercise.places_shown.values()))
    tested = sum(map(len, exercise.tested.values()))
    return f"seen at only {seen} of its {tested} places"


def _its(cases: int) -> str:
    if cases == 1:
        return "its one case"
    return f"its {plural(cases, 'case')}"


def _excuse(exercise: Exercise, *, left_out: int, finished: bool) -> str | None:
    """Return why this run cannot call a row without a match stale; None if it can."""
    if not finished:
        return "the run did not finish"
    untested = left_out + exercise.untestable
    if exercise.may_hide:
        return exercise.may_hide
    if untested:
        return f"{plural(untested, 'case')} of its `where` {were(untested)} not tested"
    if exercise.live:
        return None
    return "every side is a recording"


def _excuse_done(exercise: Exercise) -> str | None:
    """Return why this run does not prove that a done row holds; None if it does.

    Only a live runtime proves its fix.
    """
    if exercise.hidden:
        return f"the rule {next(iter(exercise.hidden))} accepts what differs at its place"
    if exercise.may_hide:
        return exercise.may_hide
    if exercise.fix_live:
        return None
    return "the side to be fixed is a recording"


def review_warnings(ledger: Ledger, today: dt.date) -> Iterator[str]:
    """Yield a warning for each row whose review is overdue or due within two weeks."""
    for row in live_rows(ledger.decisions):
        if row.review_by is None:
            continue
        days = (row.review_by - today).days
        if days <= REVIEW_WARNING_DAYS:
            yield f"{row.id}: review by {row.review_by} ({_when(days)}), owner {row.owner}"


def _when(days: int) -> str:
    if days == 0:
        return "today"
    count = plural(abs(days), "day")
    if days > 0:
        return f"in {count}"
    return f"{count} ago"
