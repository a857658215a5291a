"""The sentences that every report shares, so that no two say the same thing differently."""

from collections.abc import Sequence

from conformance.model.group import Group, Remedy
from conformance.model.report import Headline, RunReport, SuiteCounts
from conformance.model.run import RuntimeFacts
from conformance.model.verdict import Verdict


def headline(counts: Headline) -> str:
    """Return the first sentence of a report: how many agree, facet by facet."""
    if not counts.compared:
        return "nothing could be compared"
    parts = [f"{counts.status_equal}/{counts.compared} status codes match"]
    if counts.shapes_compared:
        parts.append(_diverging(counts.shapes_diverge, counts.shapes_compared, "body shapes"))
    if counts.headers_diverge:
        parts.append(f"{counts.headers_diverge}/{counts.shapes_compared} differ in headers")
    if counts.values_compared:
        parts.append(_diverging(counts.values_diverge, counts.values_compared, "bodies", "by value"))
    return " · ".join(parts)


def _diverging(diverging: int, compared: int, what: str, how: str = "") -> str:
    verb = "diverge" if diverging else "match"
    count = diverging or compared
    return " ".join(filter(None, (f"{count}/{compared} {what} {verb}", how)))


def outcome(report: RunReport) -> str:
    """Return the last sentence of a report: what the gate says, and why."""
    if not report.red:
        known = report.counts[Verdict.KNOWN]
        return f"PARITY, with {plural(known, 'known difference')}" if known else "PARITY"
    reasons = [f"{count} {verdict.value}" for verdict, count in report.counts.items() if verdict.red and count]
    reasons += [f"{row.decision_id} {row.state.value}" for row in report.rows if row.red]
    if report.footer is None:
        reasons.append("the run did not finish")
    return "RED: " + ", ".join(reasons)


def counts(report: RunReport) -> str:
    """Return how the cases add up."""
    total = sum(report.counts.values())
    by_verdict = " + ".join(f"{n} {verdict.value}" for verdict, n in report.counts.items() if n)
    return f"{_suites(report.suites)}{plural(total, 'case')}: {by_verdict}" if total else "no case"


def _suites(suites: SuiteCounts) -> str:
    """Return how many suites are green, where there are several."""
    asked = suites.green + suites.red
    if asked + suites.skipped < 2:  # noqa: PLR2004 - one suite says no more than its cases
        return ""
    return f"{suites.green}/{asked} suites green" + (f", {suites.skipped} skipped" if suites.skipped else "") + " · "


def explains(group: Group, total: int) -> str:
    """Return what a group stands for."""
    return f"1 cause explains {group.cases} of {plural(total, 'case')}"


def sides(group: Group) -> str:
    """Return who stands where in a group."""
    verb = "are the odd ones out" if len(group.odd) > 1 else "is the odd one out"
    return f"{names(group.odd)} {verb} ({group.odd_fact}); {names(group.rest)}: {group.rest_fact}"


def to_mend(remedy: Remedy) -> str:
    """Return where an odd runtime is usually mended, and in about how many lines."""
    size = plural(remedy.lines, "line")
    return f"to mend it in {remedy.runtime} ({remedy.language}): {remedy.where}, about {size}"


def standing(group: Group, report: RunReport) -> str:
    """Return what has been decided about a group."""
    decided = f"decided in {names(group.decisions)}" if group.decisions else ""
    if not group.undecided:
        return decided
    open_cases = undecided(group, report)
    return f"{decided}, {open_cases}" if decided else open_cases


def undecided(group: Group, report: RunReport) -> str:
    """Return how many cases of a group no row covers, and the rows whose difference it was before it changed."""
    reopened = [row.decision_id for row in report.rows if row.became in group.signatures]
    open_cases = f"{plural(group.undecided, 'case')} in no decision"
    return f"{open_cases}; reopens {names(reopened)}" if reopened else open_cases


def taking_part(facts: RuntimeFacts) -> str:
    """Return how a runtime took part in a run."""
    if facts.live:
        return ", ".join(filter(None, ("live", facts.reached, facts.provenance)))
    return facts.provenance + (f" — {facts.in_place_of}" if facts.in_place_of else "")


def names(items: Sequence[str]) -> str:
    """Join names."""
    return ", ".join(items)


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
