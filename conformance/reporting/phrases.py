"""The sentences that every report shares, so that no two say the same thing differently."""

from collections.abc import Sequence
from typing import Final

from conformance.model.finding import Finding
from conformance.model.group import Group, GroupSide, Remedy
from conformance.model.report import Headline, RunReport, SuiteCounts
from conformance.model.run import RuntimeFacts
from conformance.model.verdict import Verdict

_ONLY_DIFFERS: Final = "differs"


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
    """Return who stands where in a cause."""
    told = [(names(side.runtimes), _facts(side)) for side in group.sides]
    if group.largest is None:
        return "they differ: " + " · ".join(f"{who} {fact}".strip() for who, fact in told)
    rest = told.pop(group.largest)
    verb = "are the odd ones out" if len(group.odd) > 1 else "is the odd one out"
    if len(told) == 1:
        odd = f"{told[0][0]} {verb}" + (f" ({told[0][1]})" if told[0][1] else "")
    else:
        odd = " · ".join(f"{who} {fact}".strip() for who, fact in told) + f": {verb}"
    return f"{odd}; {rest[0]}" + (f": {rest[1]}" if rest[1] else "")


def _facts(side: GroupSide) -> str:
    """Return the facts of a side, but for the word that says no more than that values differ."""
    return " or ".join(fact for fact in side.facts if fact != _ONLY_DIFFERS)


def fix(remedy: Remedy, group: Group) -> str:
    """Return where a runtime is usually changed to end a difference, and in about how many lines."""
    size = plural(remedy.lines, "line")
    start = "One fix, in" if group.for_any else "Fix in"
    return f"{start} {remedy.runtime} ({remedy.language}): {remedy.where}, about {size}"


def sent_lines(finding: Finding) -> list[tuple[str, str]]:
    """Return what was sent in one occurrence: runtimes that sent the same, and what; the odd ones first."""
    together: dict[str, list[str]] = {}
    for runtime, value in finding.sent[0] if finding.sent else ():
        together.setdefault(value, []).append(runtime)
    lines = [(names(who), value) for value, who in together.items()]
    return sorted(lines, key=lambda line: bool(finding.odd) and line[0].split(", ")[0] not in finding.odd)


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
    open_cases = f"{plural(group.undecided, 'case')} undecided"
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
