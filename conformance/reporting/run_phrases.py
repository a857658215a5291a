"""The sentences about a whole run that every report shares: its outcome and its totals."""

from collections.abc import Iterator
from typing import Final

from conformance.grouped import grouped
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind
from conformance.model.gap import Gap
from conformance.model.report import Headline, RunReport, SuiteCounts
from conformance.model.run import RuntimeFacts
from conformance.model.verdict import RowState, Verdict
from conformance.reporting.phrases import differ
from conformance.wording import plural, some, verb

_KINDS: Final = frozenset(kind.value for kind in DifferenceKind)
_HOW_TO_PIN: Final = "write a `pin` into a row to hold it to the values that were seen"


def headline(counts: Headline) -> str:
    """Return the first sentence of a report: how many cases agree, facet by facet."""
    if not counts.compared:
        return "nothing could be compared"
    parts = [f"{counts.status_equal}/{counts.compared} status codes match"]
    if counts.unanswered:
        parts.append(f"{counts.unanswered} of these cases without an answer from every runtime")
    if counts.shapes_compared:
        parts.append(_diverging(counts.shapes_diverge, counts.shapes_compared, "body shapes"))
    if counts.bodies_unread:
        cases = plural(counts.bodies_unread, "case")
        parts.append(f"{cases} with bodies or parts not compared: they have no shape")
    beyond_status = counts.shapes_compared + counts.bodies_unread
    if counts.headers_diverge:
        parts.append(f"{counts.headers_diverge}/{beyond_status} differ in headers")
    if counts.notes_diverge:
        parts.append(f"{counts.notes_diverge}/{beyond_status} differ in notes")
    if counts.values_compared:
        parts.append(
            _diverging(counts.values_diverge, counts.values_compared, "bodies", "by value")
        )
    return " · ".join(parts)


def _diverging(diverging: int, compared: int, what: str, how: str = "") -> str:
    outcome = "diverge" if diverging else "match"
    count = diverging or compared
    return " ".join(filter(None, (f"{count}/{compared} {what} {outcome}", how)))


def outcome(report: RunReport) -> str:
    """Return the last sentence of a report: the verdict of the gate, and why."""
    if not report.red:
        return _outcome_of_green(report)
    reasons = [f"{count} {verdict.value}" for verdict, count in report.red_counts.items()]
    rows_of = grouped(report.red_rows, lambda row: row.state)
    for state in filter(rows_of.__contains__, RowState):
        ids = [row.decision_id for row in rows_of[state]]
        reasons.append(f"{some(ids)} {state.value}")
    if report.footer is None:
        reasons.append("the run did not finish")
    if broken := report.broken_guards:
        reasons.append(f"{plural(len(broken), 'guarded thing')} not as in {report.guard.revision}")
    if unchecked := len(report.strict_gaps) + len(report.strict_unguarded):
        reasons.append(f"{plural(unchecked, 'thing')} not checked")
    return "RED: " + ", ".join(reasons)


def _outcome_of_green(report: RunReport) -> str:
    if report.nothing_proved:
        return f"NOTHING PROVED: {report.nothing_proved}"
    known = report.counts[Verdict.KNOWN]
    as_decided = f", with {plural(known, 'case')} that {differ(known)} as decided"
    return f"PARITY{as_decided if known else ''}"


def guard_failures(report: RunReport) -> Iterator[str]:
    """Yield a sentence on each guarded thing that differs from the revision."""
    return map(report.guard.sentence, report.broken_guards)


def guard_sentences(report: RunReport) -> Iterator[str]:
    """Yield a sentence on each guarded thing that differs from the revision.

    Further sentences are on things that the guard could not check or that the run left out.
    """
    yield from guard_failures(report)
    for warning in (*report.unguarded, *report.guard.left_out):
        yield f"guard {report.guard.revision}: warning: {warning}"


def counts(report: RunReport) -> str:
    """Return the number of cases in total and by verdict."""
    total = sum(report.counts.values())
    by_verdict = " + ".join(f"{n} {verdict.value}" for verdict, n in report.counts.items() if n)
    return f"{_suites(report.suites)}{plural(total, 'case')}: {by_verdict}" if total else "no case"


def _suites(suites: SuiteCounts) -> str:
    """Return the number of green suites, as the start of a sentence; empty for one suite."""
    asked = suites.green + suites.red
    if asked + suites.skipped < 2:  # noqa: PLR2004 - one suite says no more than its cases
        return ""
    return (
        f"{suites.green}/{plural(asked, 'suite')} green"
        + (f", {suites.skipped} skipped" if suites.skipped else "")
        + " · "
    )


def not_checked(report: RunReport) -> Iterator[str]:
    """Yield a sentence on each thing that the run did not check.

    A sentence has the number of cases, the first of them, and a hint.
    """
    return map(unchecked, report.gaps)


def unchecked(gap: Gap) -> str:
    """Return the sentence on one thing that a run did not check."""
    which = f" ({gap.which})" if gap.which else ""
    return (
        f"{gap.kind.value}{which}: {plural(gap.count, gap.counted)}, for example "
        f"{gap.example}; hint: {gap.how}"
    )


def for_any_value(report: RunReport) -> str:
    """Return a sentence on matched rows that hold for any values with the same facts.

    Those are rows without a pin that are about an idiom or a type in a body. Empty if there are
    none.
    """
    matched = {row.decision_id for row in report.rows if row.state is RowState.MATCHED}
    for_any = filter(_is_for_any_value, report.decisions)
    rows = [row.id for row in for_any if row.id in matched]
    if not rows:
        return ""
    held = (
        f"{plural(len(rows), 'row')} {verb(len(rows), 'hold')} for other values of the same facts"
    )
    return f"{held}: {some(rows)}; {_HOW_TO_PIN}"


def _is_for_any_value(row: Decision) -> bool:
    """Return whether a row is about a value in a body and does not pin the value."""
    idiom = row.cause not in _KINDS or row.cause == DifferenceKind.TYPE.value
    return row.pin is None and idiom and any("$" in place for place in row.places)


def taking_part(facts: RuntimeFacts) -> str:
    """Return how a runtime took part in a run: live, or from a recording."""
    if facts.live:
        return ", ".join(filter(None, ("live", facts.reached, facts.provenance)))
    return facts.provenance + (f" — {facts.in_place_of}" if facts.in_place_of else "")
