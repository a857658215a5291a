"""The verdict on a case: the first of these that applies.

errored (a fault: nothing to judge) · failed (an expectation) · nondeterministic · failed (a finding
that no row covers, or that a done row says is gone) · known · skipped (no runtime to compare with)
· passed
"""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain, compress, filterfalse
from operator import attrgetter, itemgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.grouping import harm_of_named
from conformance.comparison.sentences import described, place_of
from conformance.distinct import distinct
from conformance.model.decision import Decision, Ledger, concerning, live_rows
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Cell, FaultKind
from conformance.model.verdict import CaseResult, ExpectationFailure, Judgement, Verdict
from conformance.verdicts.coverage import (
    Standings,
    fault_rows,
    ids,
    standings_of,
    with_what_they_follow,
)
from conformance.verdicts.matching import InCase, on_sides
from conformance.wording import are, further_runtimes, if_it_changes, plural, some, something_else

_DECIDED: Final = attrgetter("decided")
_WHOLE_BODY: Final = "$.**"
"""The place of a row that also covers differences past the limit, which are only counted."""


def judge(result: CaseResult, ledger: Ledger) -> Judgement:
    """Return the verdict on a case; raises LedgerError if two rows claim one of its findings."""
    standings = _standings(result, ledger)
    judged = _judged(result, standings, ledger)
    if not standings:
        return judged
    return replace(
        judged,
        decisions=tuple(map(ids, map(_DECIDED, standings))),
        partial=tuple(map(attrgetter("about"), standings)),
        left=tuple(map(attrgetter("left_by_rows"), standings)),
        reopened=tuple(map(attrgetter("reopened"), standings)),
        fault_rows=dict(fault_rows(result.comparison.findings, standings)),
    )


def undecided(result: CaseResult, ledger: Ledger) -> bool:
    """Return whether a case has findings that no live row decides, so that it is asked again.

    It is not asked again after a fault or past the time limit of its comparison.
    """
    if result.comparison.over_budget:
        return False
    undecided_here = _undecided(result.comparison.findings, _standings(result, ledger))
    return bool(undecided_here) and not _has_fault(undecided_here)


def _standings(result: CaseResult, ledger: Ledger) -> tuple[Standings, ...]:
    """Return the rows of each finding; none for a finding that did not show again."""
    findings = result.comparison.findings
    if not findings:
        return ()
    case = InCase(result.case_id, len(result.requests))
    standings = list(standings_of(findings, case, ledger))
    for index, finding in enumerate(findings):
        if finding in result.unstable:
            standings[index] = Standings()
    return with_what_they_follow(findings, standings)


def _judged(result: CaseResult, standings: Sequence[Standings], ledger: Ledger) -> Judgement:
    """Return the verdict and its reason."""
    # In the order that the module docstring gives
    error = _error(result, standings)
    if error:
        return Judgement(verdict=Verdict.ERRORED, reason=error)
    explained = partial(_explained, result=result, standings=standings)
    failures = list(filterfalse(explained, result.expectation_failures))
    if failures:
        return Judgement(verdict=Verdict.FAILED, reason=_unmet(failures))
    if result.unstable or result.own_differences:
        return Judgement(verdict=Verdict.NONDETERMINISTIC, reason=_instability(result))
    return _judge_findings(result, standings, ledger)


def _unmet(failures: Sequence[ExpectationFailure]) -> str:
    """Return the first unmet demand, the runtimes that fail it, and the number of other demands."""
    first = failures[0]
    alike: list[str] = []
    others: list[ExpectationFailure] = []
    for failure in failures:
        # The same demand on several runtimes is one sentence
        if replace(failure, runtime=first.runtime) == first:
            alike.append(failure.runtime)
        else:
            others.append(failure)
    unmet = str(replace(first, runtime=some(alike)))
    if not others:
        return unmet
    count = plural(len(others), "more demand")
    names = list(dict.fromkeys(map(attrgetter("runtime"), others)))
    return f"{unmet}; {count} {are(len(others))} not met, by {some(names)}"


def _instability(result: CaseResult) -> str:
    """Return what changed when a case was asked again, as a reason of a verdict."""
    steps = len(result.requests)
    if not result.own_differences:
        return f"{described(result.unstable[0], steps)}; only in one of two askings"
    places = (f"{own.runtime} at {place_of(own.finding, steps)}" for own in result.own_differences)
    first, *others = dict.fromkeys(places)
    if others:
        return f"differs by itself: {first}, and {len(others)} more"
    return f"differs by itself: {first}"


def _explained(
    failure: ExpectationFailure, result: CaseResult, standings: Sequence[Standings]
) -> bool:
    """Return whether a decided difference explains why a runtime came to a dead end.

    The difference must be at the step of the dead end or before it.
    """
    if not failure.dead_end:
        return False
    known = compress(result.comparison.findings, map(attrgetter("known"), standings))
    before = [finding for finding in known if finding.step <= failure.step]
    return failure.runtime in chain.from_iterable(map(attrgetter("runtimes"), before))


def _judge_findings(
    result: CaseResult, standings: Sequence[Standings], ledger: Ledger
) -> Judgement:
    pairs = list(zip(result.comparison.findings, standings, strict=True))
    undecided_here = [(finding, rows) for finding, rows in pairs if not rows.decided]
    if undecided_here:
        return Judgement(verdict=Verdict.FAILED, reason=_undecided_reason(undecided_here, result))
    decided = distinct(map(_DECIDED, standings))
    back = next(filterfalse(attrgetter("live"), decided), None)
    if back is not None:
        reason = f"{back.id} is done ({back.commit}), and the difference is back"
        return Judgement(verdict=Verdict.FAILED, reason=reason)
    past_limit = _undecided_past_limit(result, ledger)
    if past_limit:
        return Judgement(verdict=Verdict.FAILED, reason=past_limit)
    if standings:
        rows = ", ".join(sorted(ids(decided)))
        return Judgement(verdict=Verdict.KNOWN, reason=f"decided in {rows}")
    return _without_findings(result)


def _undecided_past_limit(result: CaseResult, ledger: Ledger) -> str:
    """Return which differences past the limit are undecided; an empty text if none is.

    A row about a whole body decides those that were kept, by its cause and its pin.  Those that
    were only counted cannot be decided.
    """
    comparison = result.comparison
    more, folded = comparison.more_findings, comparison.folded
    if not more:
        return ""
    whole_bodies = _rows_of_whole_bodies(result.case_id, ledger)
    if len(folded) < more or not whole_bodies:
        return f"{plural(more, 'more difference')} in this case: too many to decide one by one"
    case = InCase(result.case_id, len(result.requests))
    standings = standings_of(folded, case, replace(ledger, decisions=whole_bodies))
    undecided_here = _undecided(folded, standings)
    if not undecided_here:
        return ""
    worst, rows = min(undecided_here, key=_urgency)
    difference = described(worst, len(result.requests))
    reason = f"{_rows_of(rows, worst, result)}{difference}; undecided, past the limit"
    others = len(undecided_here) - 1
    if others:
        reason += f", and {plural(others, 'more difference')}"
    return reason


def _undecided_reason(findings: Sequence[tuple[Finding, Standings]], result: CaseResult) -> str:
    """Return the verdict's reason: the most harmful undecided finding, and how many more there are.

    A row that is reopened or that the finding extends is named before it.
    """
    worst, standings = min(findings, key=_urgency)
    rows = _rows_of(standings, worst, result)
    reason = f"{rows}{described(worst, len(result.requests))}; undecided"
    more = len(findings) - 1 + result.comparison.more_findings
    if more:
        reason += f", and {plural(more, 'more difference')}"
    # Then the first request may have caused the difference, and not a runtime
    if result.changes_itself:
        reason += f"; {if_it_changes(result.unsafe_method)}"
    return reason


def _undecided(
    findings: Sequence[Finding], standings: Sequence[Standings]
) -> list[tuple[Finding, Standings]]:
    """Return the findings that no live row decides, each with its rows."""
    both = zip(findings, standings, strict=True)
    return [(finding, rows) for finding, rows in both if not rows.known]


def _has_fault(undecided_findings: Iterable[tuple[Finding, Standings]]) -> bool:
    findings = map(itemgetter(0), undecided_findings)
    return DifferenceKind.FAULT in map(attrgetter("kind"), findings)


def _urgency(undecided_finding: tuple[Finding, Standings]) -> tuple[bool, bool, bool, int]:
    """Return the sort key of undecided findings; the smallest is named in the reason.

    A finding that reopens a row, or shows its difference in a further runtime, is first.  A finding
    that only follows from another one has no cause of its own, and is last.
    """
    finding, rows = undecided_finding
    follows = finding.follows is not None
    return follows, not rows.reopened, not rows.about, harm_of_named(finding)


def _rows_of(standings: Standings, finding: Finding, result: CaseResult) -> str:
    """Return a phrase on the row that a finding reopens, or that decides a part of it.

    The result is an empty text if there is no such row.
    """
    if standings.reopened:
        return f"{standings.reopened[0].id} reopened in {result.case_id}: "
    about = live_rows(standings.about)
    if not about or not standings.left:
        return ""
    alike = set(chain.from_iterable(map(partial(on_sides, finding=finding), about)))
    names = ", ".join(ids(about))
    further = list(filter(alike.__contains__, standings.left))
    if further:
        return f"{names} {further_runtimes(further)}; "
    return f"{names}, but {something_else(standings.left)}; "


def _rows_of_whole_bodies(case_id: str, ledger: Ledger) -> tuple[Decision, ...]:
    """Return the rows that cover a whole body of a case, and so also differences past a limit."""
    growing = filter(attrgetter("grows"), live_rows(ledger.decisions))
    concerned = concerning(growing, case_id)
    return tuple(row for row in concerned if _WHOLE_BODY in row.places)


def _without_findings(result: CaseResult) -> Judgement:
    """Return the verdict on a case without differences: passed, or skipped if not compared."""
    lacking = filter(attrgetter("unsupported"), result.cells)
    unsupported = "; ".join(f"{cell.runtime} {cell.unsupported}" for cell in lacking)
    if result.comparison.compared:
        return Judgement(verdict=Verdict.PASSED, reason=unsupported)
    if result.expected and result.answers:
        as_expected = "as expected; no other runtime to compare with"
        return Judgement(verdict=Verdict.PASSED, reason=as_expected)
    reason = unsupported or "fewer than two runtimes to compare"
    return Judgement(verdict=Verdict.SKIPPED, reason=reason)


def _error(result: CaseResult, standings: Sequence[Standings]) -> str:
    """Return why a case cannot be judged; an empty text if it can.

    It cannot after a fault that no row covers, or if a runtime was down.
    """
    comparison = result.comparison
    reasons: list[str] = []
    if _has_fault(_undecided(comparison.findings, standings)):
        reasons += map(_fault_reason, filter(attrgetter("faults"), result.cells))
        if comparison.over_budget:
            reasons.append(f"{FaultKind.COMPARISON_BUDGET.value}: {comparison.over_budget}")
    for cell in filter(attrgetter("down"), result.cells):
        reasons.append(f"{cell.runtime} was not asked: {cell.down}")
    return "; ".join(reasons)


def _fault_reason(cell: Cell) -> str:
    return f"{cell.runtime}: {cell.faults[0].kind.value}: {cell.faults[0].detail}"
