"""The sentences that every report shares, so that no two say the same thing differently."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Final

from conformance.comparison.causes import LEAST_KEY_LETTERS
from conformance.model.finding import Finding
from conformance.model.group import Group, GroupSide, Remedy
from conformance.model.report import CaseLine, Headline, RunReport, SuiteCounts
from conformance.model.run import RuntimeFacts
from conformance.model.verdict import Verdict

_ONLY_DIFFERS: Final = "differs"
_FEW: Final = 5


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
    if not report.red and report.nothing_proved:
        return f"NOTHING PROVED: {report.nothing_proved}"
    if not report.red:
        known = report.counts[Verdict.KNOWN]
        differ = "differs" if known == 1 else "differ"
        return f"PARITY, with {plural(known, 'case')} that {differ} as decided" if known else "PARITY"
    reasons = [f"{count} {verdict.value}" for verdict, count in report.counts.items() if verdict.red and count]
    reasons += [f"{row.decision_id} {row.state.value}" for row in report.rows if row.red]
    if report.footer is None:
        reasons.append("the run did not finish")
    if report.header.demands.strict and report.gaps:
        reasons.append(f"{plural(len(report.gaps), 'thing')} not looked at")
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
    """Return how many of the cases show a cause."""
    return f"{group.cases} of {plural(total, 'case')}"


def short_keys(groups: Sequence[Group]) -> dict[str, str]:
    """Return the first letters of each group's key, as many as tell it from all others, and at least four."""
    known = sorted({group.key for group in groups})
    shared = [0, *(_shared(*pair) for pair in pairwise(known)), 0]
    needed = (max(before, after) + 1 for before, after in pairwise(shared))
    return {key: key[: max(length, LEAST_KEY_LETTERS)] for key, length in zip(known, needed, strict=False)}


def _shared(one: str, two: str) -> int:
    """Return how many letters two keys start with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


def runtime_lines(report: RunReport) -> Iterator[str]:
    """Yield a sentence on each runtime that differs: in how many cases, and why."""
    total = sum(report.counts.values())
    for count in report.runtimes:
        groups = [group for group in report.groups if count.runtime in (group.odd or group_runtimes(group))]
        if groups:
            differ = "differs" if total == 1 else "differ"
            yield f"{count.runtime}: {count.cases} of {plural(total, 'case')} {differ}, {_why(groups, count.cases)}"


def _why(groups: Sequence[Group], cases: int) -> str:
    """Return the one cause, or the one that explains more cases than any other and more than half, or how many."""
    first, *others = sorted(groups, key=lambda group: -group.cases)
    if not others:
        return f"because of {first.title}"
    if first.cases > others[0].cases and 2 * first.cases > cases:
        return f"mostly because of {first.title}"
    return f"for {len(groups)} causes"


def group_runtimes(group: Group) -> tuple[str, ...]:
    """Return all runtimes that stand on a side of a cause."""
    return tuple(name for side in group.sides for name in side.runtimes)


def who(group: Group) -> str:
    """Return who is odd, in few words; where nobody is, that they differ."""
    return names(group.odd) or "they differ"


def places(group: Group) -> list[str]:
    """Return the places at which a cause shows, each once, the leading one first; without those that only follow."""
    following = {each.place for each in group.also}
    found = dict.fromkeys(signature.path for signature in group.signatures)
    return [place for place in found if place not in following] or list(found)


def also(group: Group) -> str:
    """Return the places that differ only because a cause's own does: `$.sha256 (the sha256 of it)`."""
    told = [f"{each.place} ({each.how})" for each in group.also]
    return f"also: {_some(told)}" if told else ""


def facts(group: Group) -> str:
    """Return who shows what in a cause, side by side."""
    told = (f"{names(side.runtimes)} {_facts(side)}".strip() for side in group.sides)
    return " · ".join(told)


def sides(group: Group) -> str:
    """Return who stands where in a cause, and who has no part in it."""
    apart = f"; not compared: {names(group.not_compared)}" if group.not_compared else ""
    return _standing_apart(group) + "".join(_agreeing(group)) + apart


def _agreeing(group: Group) -> Iterator[str]:
    """Yield who agrees with whom though agreement is no equivalence here, as with a tolerance."""
    pairs = [(names(group.sides[one].runtimes), names(group.sides[two].runtimes)) for one, two in group.agreeing]
    if pairs:
        yield ", but not " + ", ".join(f"{one} from {two}" for one, two in pairs)
    if group.within:
        verb = "differs" if len(group.within) == 1 else "differ"
        yield f"; {names(group.within)} {verb} from none of them"


def _standing_apart(group: Group) -> str:
    if group.by_itself:
        return " · ".join(f"{names(side.runtimes)} at {_some(side.facts)}" for side in group.sides)
    if len(group.sides) == 1:
        return f"every runtime that was asked: {facts(group)}"
    if group.largest is None:
        return f"they differ: {facts(group)}"
    told = [(names(side.runtimes), _facts(side)) for side in group.sides]
    rest = told.pop(group.largest)
    verb = "are the odd ones out" if len(group.odd) > 1 else "is the odd one out"
    if len(told) == 1:
        odd = f"{told[0][0]} {verb}" + (f" ({told[0][1]})" if told[0][1] else "")
    else:
        odd = " · ".join(who + (f" ({what})" if what else "") for who, what in told) + f" {verb}"
    return f"{odd}; {rest[0]}" + (f": {rest[1]}" if rest[1] else "")


def _some(items: Sequence[str]) -> str:
    """Join a few items, and say how many more there are."""
    more = f" and {len(items) - _FEW} more" if len(items) > _FEW else ""
    return f"{names(items[:_FEW])}{more}"


def _facts(side: GroupSide) -> str:
    """Return the facts of a side, but for the word that says no more than that values differ.

    Where it shows several, each is told with the runtimes beside which it is so.
    """
    if len(side.facts) == 1:
        return "" if side.facts[0] == _ONLY_DIFFERS else side.facts[0]
    if not side.beside:
        return _some(side.facts)
    both = zip(side.facts, side.beside, strict=True)
    return ", ".join(f"{fact} beside {names(others)}" for fact, others in both if fact != _ONLY_DIFFERS)


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
    if group.by_itself:
        return f"{plural(group.undecided, 'case')}; {'a rule' if group.rules else 'not even a rule'} can excuse it"
    reopened = [row.decision_id for row in report.rows if row.became in group.signatures]
    open_cases = f"{plural(group.undecided, 'case')} undecided"
    return f"{open_cases}; reopens {names(reopened)}" if reopened else open_cases


def case_name(line: CaseLine) -> str:
    """Return the name of a case, and how many more of its suite its line is about."""
    if not line.alike:
        return line.case_id
    return f"{line.case_id} and {plural(line.alike, 'more case')} of its suite"


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
