"""The findings of one case as lines: each signature once, with its decision.

One occurrence is shown side by side.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Final

from msgspec import Struct, field

from conformance.comparison.bodies.reading import read_body_of
from conformance.comparison.causes import causes_of
from conformance.comparison.grouping import leading_findings
from conformance.comparison.sentences import described, place_of
from conformance.distinct import distinct
from conformance.model.finding import Facet, Finding
from conformance.model.observation import Answer
from conformance.model.verdict import CaseResult, Judgement
from conformance.reporting import phrases
from conformance.reporting.terminal import Line
from conformance.reporting.value_differences import ValueChange, is_below, value_differences
from conformance.safe_text import visible
from conformance.verdicts.widenings import nearly_decided_by
from conformance.wording import further_runtimes, plural

SHOWN_CHANGES: Final = 20
_INDENT: Final = "  "


class _Alike(Struct):
    """Findings of one case that have the same signatures and are decided alike."""

    decided: tuple[str, ...]
    findings: list[Finding] = field(default_factory=list)


def findings_lines(
    result: CaseResult, judgement: Judgement, key: str | None, *, everything: bool
) -> Iterator[Line]:
    """Yield the findings of a case.

    Of a cause, whose key is given, one finding, and one change in the bodies at its place.  Without
    a key one finding of those alike, and the first changes.  Or everything.
    """
    chosen = [
        pair for pair in _decided(result, judgement) if key is None or key in _keys(pair[0], result)
    ]
    every = _alike(chosen)
    shown = every[:1] if key and not everything else every
    for alike in shown:
        yield "", ""
        yield from _alike_lines(alike, len(result.requests), everything=everything)
        yield from _standing_lines(alike, result, judgement)
    if more := sum(len(alike.findings) for alike in every[len(shown) :]):
        yield f"{_INDENT}and {plural(more, 'more difference')} of this cause (--all)", "dim"
    yield from _own_lines(result)
    if key and not everything:
        yield from _one_change(result, shown)
    else:
        findings = [finding for finding, _ in chosen]
        yield from _changed_values(result, findings, everything=everything)
    if others := len(result.comparison.findings) - len(chosen):
        yield "", ""
        what = plural(others, "more difference")
        yield f"{what} in this case; `conformance explain {result.case_id}` shows all", "dim"


def _decided(result: CaseResult, judgement: Judgement) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    return zip(result.comparison.findings, judgement.decisions, strict=True)


def _keys(finding: Finding, result: CaseResult) -> list[str]:
    return [cause.key for cause in causes_of(finding, result.requests[finding.step])]


def _alike(pairs: Sequence[tuple[Finding, tuple[str, ...]]]) -> list[_Alike]:
    """Return findings by step, signatures and decisions, what is undecided first."""
    groups: dict[object, _Alike] = {}
    for finding, decided in pairs:
        shared = (finding.step, frozenset(finding.signatures), decided)
        groups.setdefault(shared, _Alike(decided)).findings.append(finding)
    return sorted(groups.values(), key=lambda alike: bool(alike.decided))


def _alike_lines(alike: _Alike, steps: int, *, everything: bool) -> Iterator[Line]:
    first = alike.findings[0]
    yield visible(described(first, steps)), "yellow" if alike.decided else "red"
    for signature in dict.fromkeys(first.signatures):
        yield f"{_INDENT}signature: {visible(str(signature))}", ""
    yield from _occurrence_lines(first, everything=everything)
    for other in alike.findings[1:] if everything else ():
        yield visible(described(other, steps)), "yellow" if alike.decided else "red"
        yield from _occurrence_lines(other, everything=everything)
    if len(alike.findings) > 1 and not everything:
        yield (
            f"{_INDENT}and {plural(len(alike.findings) - 1, 'more difference')} like it (--all)",
            "dim",
        )


def _occurrence_lines(finding: Finding, *, everything: bool) -> Iterator[Line]:
    """Yield what each runtime sent at a place.

    This covers the first occurrence, or all that were kept.
    """
    shown = range(len(finding.sent)) if everything else range(min(1, len(finding.sent)))
    for at in shown:
        lines = phrases.sent_lines(finding, at if everything else None)
        width = max(len(who) for who, _ in lines)
        yield from ((f"{_INDENT}{who:<{width}}  {visible(value)}", "") for who, value in lines)
    if finding.detail:
        yield f"{_INDENT}{visible(finding.detail)}", ""
    if finding.by_itself:
        yield (
            f"{_INDENT}{phrases.by_themselves(finding.by_itself)}: only the others are compared",
            "",
        )
    if finding.follows:
        yield f"{_INDENT}{visible(phrases.follows(finding))}", ""
    if more := len(finding.sent) - len(shown) + finding.more_sent:
        hint = "" if everything else " (--all)"
        yield (
            f"{_INDENT}and {plural(more, 'more combination')} of values at this place{hint}",
            "dim",
        )


def _standing_lines(alike: _Alike, result: CaseResult, judgement: Judgement) -> Iterator[Line]:
    """Yield the rows that decide some findings, or the commands that would.

    What only follows from another finding has the key of that one.
    """
    if alike.decided:
        yield f"{_INDENT}decided in {', '.join(alike.decided)}", ""
        return
    if any(finding in result.unstable for finding in alike.findings):
        yield f"{_INDENT}undecided; it differs by itself, and no decision can be about that", ""
        return
    judged = [each for each in result.judged(judgement) if each.finding in alike.findings]
    rows = [nearly_decided_by(each) for each in judged]
    if all(rows):
        ids = dict.fromkeys(row.id for row in filter(None, rows))
        left = distinct(each.left for each in judged)
        widen = " and ".join(f"`conformance tracker widen {row_id}`" for row_id in ids)
        yield f"{_INDENT}undecided {further_runtimes(left)}: {widen}", ""
        return
    stable = result.stable(judgement)
    leading_of = partial(leading_findings, findings=stable, decided=False)
    leading = chain.from_iterable(map(leading_of, alike.findings))
    keys = dict.fromkeys(key for finding in leading for key in _keys(finding, result))
    varying = any(True for finding in alike.findings for _ in result.varying(finding))
    pin = f" {phrases.WHATEVER}" if varying else ""
    commands = (f"`conformance decide {key}{pin} --owner WHO --reason WHY`" for key in keys)
    yield f"{_INDENT}undecided: {' and '.join(commands)}", ""


def _own_lines(result: CaseResult) -> Iterator[Line]:
    """Yield where a runtime differs from itself, with what it sent the first time and again."""
    for own in result.own_differences:
        place = visible(place_of(own.finding, len(result.requests)))
        yield "", ""
        yield f"{own.runtime} differs by itself at {place}", "red"
        yield from _occurrence_lines(own.finding, everything=False)


def _changed_values(
    result: CaseResult, findings: Sequence[Finding], *, everything: bool
) -> Iterator[Line]:
    """Yield what changed between the bodies of two sides.

    This is for the first finding by value of each step.
    """
    first_by_value: Mapping[int, Finding] = {
        finding.step: finding for finding in reversed(findings) if finding.facet is Facet.VALUE
    }
    for _, finding in sorted(first_by_value.items()):
        changes = _changes(result, finding)
        shown = changes if everything else changes[:SHOWN_CHANGES]
        before, after = _two_runtimes(finding)
        if shown:
            yield "", ""
            yield (
                f"all that changes in the body from {before} to {after}, whatever a rule allows:",
                "dim",
            )
        yield from ((f"{_INDENT}{visible(change.line)}", "") for change in shown)
        if more := len(changes) - len(shown):
            yield f"{_INDENT}… and {plural(more, 'more change')} (--all)", "dim"


def _one_change(result: CaseResult, shown: Sequence[_Alike]) -> Iterator[Line]:
    """Yield the first change in the bodies at the place of the finding that is shown."""
    for finding in (alike.findings[0] for alike in shown):
        if finding.facet not in {Facet.VALUE, Facet.SHAPE}:
            continue
        places = {place for side in finding.sides for place in side.places}
        here = [each for each in _changes(result, finding) if is_below(each, places)]
        if not here:
            continue
        before, after = _two_runtimes(finding)
        yield f"{_INDENT}in the body from {before} to {after}: {visible(here[0].line)}", ""
        if more := len(here) - 1:
            yield f"{_INDENT}… and {plural(more, 'more change')} at this place (--all)", "dim"


def _changes(result: CaseResult, finding: Finding) -> list[ValueChange]:
    """Return what changed between the bodies of two sides of a finding; nothing without answers."""
    bodies = {cell.runtime: cell.observations for cell in result.cells}
    first, second = (bodies[name][finding.step] for name in _two_runtimes(finding))
    if not isinstance(first, Answer) or not isinstance(second, Answer):
        return []
    declared = result.kind_of_step(finding.step)
    return list(value_differences(read_body_of(first, declared), read_body_of(second, declared)))


def _two_runtimes(finding: Finding) -> tuple[str, str]:
    """Return a runtime of each of two sides that differ, an odd one second."""
    pair = finding.main
    before, after = (finding.sides[at].runtimes[0] for at in (pair.first, pair.second))
    return (after, before) if before in finding.odd else (before, after)
