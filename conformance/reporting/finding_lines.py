"""The findings of one case as lines: each signature once, with its decision and one occurrence."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Final

from msgspec import Struct, field

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.reading import as_labelled_if_kinds_differ, read_body_of
from conformance.comparison.grouping import leading_findings
from conformance.comparison.sentences import described, first_sent, place_of
from conformance.distinct import distinct
from conformance.grouped import grouped
from conformance.model.finding import Facet, Finding
from conformance.model.observation import Answer
from conformance.model.verdict import CaseResult, Judgement
from conformance.reporting import phrases
from conformance.reporting.cause_keys import keys_of
from conformance.reporting.terminal import Line, Style, more_lines, styled
from conformance.reporting.value_differences import (
    ValueChange,
    is_below,
    lines_of_sent,
    value_differences,
)
from conformance.safe_text import visible
from conformance.verdicts.widenings import nearly_decided_by
from conformance.wording import further_runtimes, plural

# About what a terminal shows at once
SHOWN_CHANGES: Final = 20
_INDENT: Final = "  "


class _Alike(Struct):
    """Findings of one case that have the same step, signatures and decisions."""

    decided: tuple[str, ...]
    findings: list[Finding] = field(default_factory=list)

    @property
    def style(self) -> Style:
        """Return the colour of these findings: red if they are undecided."""
        return "yellow" if self.decided else "red"


def findings_lines(
    result: CaseResult, judgement: Judgement, key: str | None, *, everything: bool
) -> Iterator[Line]:
    """Yield the findings of a case.

    With the key of a cause, this is one finding of the cause, and one change in the bodies at its
    place. Without a key, it is one finding of each kind, and the first changes. `everything` lifts
    the limits.
    """
    chosen = [
        pair
        for pair in _decided(result, judgement)
        if key is None or key in keys_of(pair[0], result)
    ]
    every = _alike(chosen)
    is_example = bool(key) and not everything
    listed = every[:1] if is_example else every
    for alike in listed:
        yield "", ""
        yield from _alike_lines(alike, len(result.requests), everything=everything)
        yield from _standing_lines(alike, result, judgement)
    more = sum(len(alike.findings) for alike in every[len(listed) :])
    yield from more_lines(more, "difference", " of this cause (--all)", start=_INDENT)
    yield from _own_lines(result)
    if is_example:
        yield from _one_change(result, listed)
    else:
        findings = [finding for finding, _ in chosen]
        yield from _changed_values(result, findings, everything=everything)
    if others := len(result.comparison.findings) - len(chosen):
        yield "", ""
        what = plural(others, "more difference")
        yield f"{what} in this case; `conformance explain {result.case_id}` shows all", "dim"


def _decided(result: CaseResult, judgement: Judgement) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    return zip(result.comparison.findings, judgement.decisions, strict=True)


def _alike(pairs: Sequence[tuple[Finding, tuple[str, ...]]]) -> list[_Alike]:
    """Return findings grouped by step, signatures and decisions, undecided groups first."""
    groups: dict[object, _Alike] = {}
    for finding, decided in pairs:
        shared = (finding.step, frozenset(finding.signatures), decided)
        groups.setdefault(shared, _Alike(decided)).findings.append(finding)
    return sorted(groups.values(), key=lambda alike: bool(alike.decided))


def _alike_lines(alike: _Alike, steps: int, *, everything: bool) -> Iterator[Line]:
    first = alike.findings[0]
    yield visible(described(first, steps)), alike.style
    for signature in dict.fromkeys(first.signatures):
        yield f"{_INDENT}signature: {visible(str(signature))}", ""
    yield from _occurrence_lines(first, everything=everything)
    if not everything:
        more = len(alike.findings) - 1
        yield from more_lines(more, "difference", " like it (--all)", start=_INDENT)
        return
    for other in alike.findings[1:]:
        yield visible(described(other, steps)), alike.style
        yield from _occurrence_lines(other, everything=everything)


def _occurrence_lines(finding: Finding, *, everything: bool) -> Iterator[Line]:
    """Yield what each runtime sent at a place: the first occurrence, or all kept ones."""
    numbers = range(len(finding.sent))
    # None stands for the first occurrence, or for several of the same list
    occurrences: Sequence[int | None] = numbers if everything else [None][: len(numbers)]
    for number in occurrences:
        lines = phrases.sent_lines(finding, number)
        width = max(len(who) for who, _ in lines)
        yield from styled(f"{_INDENT}{who:<{width}}  {visible(value)}" for who, value in lines)
    notes = filter(None, (finding.detail, _by_themselves(finding), phrases.follows(finding)))
    yield from styled(f"{_INDENT}{visible(note)}" for note in notes)
    more = len(numbers) - len(occurrences) + finding.more_sent
    hint = "" if everything else " (--all)"
    yield from more_lines(more, "combination", f" of values at this place{hint}", start=_INDENT)


def _by_themselves(finding: Finding) -> str:
    """Return which runtimes differ by themselves at a place; empty if none does."""
    if not finding.by_itself:
        return ""
    return f"{phrases.by_themselves(finding.by_itself)}: only the others are compared"


def _standing_lines(alike: _Alike, result: CaseResult, judgement: Judgement) -> Iterator[Line]:
    """Yield the rows that decide some findings, or the commands that would.

    For a finding that only follows from another one, the command has the key of that one.
    """
    if alike.decided:
        yield f"{_INDENT}decided in {', '.join(alike.decided)}", ""
        return
    if any(map(result.unstable.__contains__, alike.findings)):
        yield f"{_INDENT}undecided; it differs by itself, and no decision can be about that", ""
        return
    judged = [each for each in result.judged(judgement) if each.finding in alike.findings]
    rows = list(map(nearly_decided_by, judged))
    if all(rows):
        ids = dict.fromkeys(row.id for row in filter(None, rows))
        left = distinct(each.left for each in judged)
        widen = " and ".join(f"`conformance tracker widen {row_id}`" for row_id in ids)
        yield f"{_INDENT}undecided {further_runtimes(left)}: {widen}", ""
        return
    yield f"{_INDENT}undecided: {' and '.join(_commands(alike, result, judgement))}", ""


def _commands(alike: _Alike, result: CaseResult, judgement: Judgement) -> Iterator[str]:
    """Yield the commands that decide some findings."""
    stable = result.stable(judgement)
    leading_of = partial(leading_findings, findings=stable, decided=False)
    leading = chain.from_iterable(map(leading_of, alike.findings))
    pin = phrases.pin_of(chain.from_iterable(map(result.varying, alike.findings)))
    for key in distinct(keys_of(finding, result) for finding in leading):
        yield f"`conformance decide {key}{pin} --owner WHO --reason WHY`"


def _own_lines(result: CaseResult) -> Iterator[Line]:
    """Yield where a runtime differs from itself, with both of its answers."""
    for own in result.own_differences:
        place = visible(place_of(own.finding, len(result.requests)))
        yield "", ""
        yield f"{own.runtime} differs by itself at {place}", "red"
        yield from _occurrence_lines(own.finding, everything=False)


def _changed_values(
    result: CaseResult, findings: Sequence[Finding], *, everything: bool
) -> Iterator[Line]:
    """Yield all changes between the bodies of two sides.

    This is done for the first finding by value of each step.
    """
    by_value = [finding for finding in findings if finding.facet is Facet.VALUE]
    for _, of_step in sorted(grouped(by_value, lambda finding: finding.step).items()):
        finding = of_step[0]
        changes = _changes(result, finding)
        listed = changes if everything else changes[:SHOWN_CHANGES]
        before, after = _two_runtimes(finding)
        if listed:
            yield "", ""
            yield (
                f"all that changes in the body from {before} to {after}, whatever a rule allows:",
                "dim",
            )
        yield from styled(f"{_INDENT}{visible(change.line)}" for change in listed)
        more = len(changes) - len(listed)
        yield from more_lines(more, "change", " (--all)", start=f"{_INDENT}… ")


def _one_change(result: CaseResult, listed: Sequence[_Alike]) -> Iterator[Line]:
    """Yield the change in the bodies that a listed finding shows, else the first at its place."""
    for alike in listed:
        finding = alike.findings[0]
        if finding.facet not in {Facet.VALUE, Facet.SHAPE}:
            continue
        places = distinct(side.places for side in finding.sides)
        bodies = _bodies(result, finding)
        if bodies is None:
            continue
        here = [each for each in value_differences(*bodies) if is_below(each, places)]
        if not here:
            continue
        before, after = _two_runtimes(finding)
        start = f"{_INDENT}in the body from {before} to {after}"
        sent = first_sent(finding)
        values = sent.get(before, ""), sent.get(after, "")
        matching = [change for change in here if change.sent == values]
        aligned = lines_of_sent(bodies, places, values)
        if aligned is not None and not matching:
            yield from styled(f"{start}: {visible(line)}" for line in aligned)
            continue
        yield f"{start}: {visible((matching or here)[0].line)}", ""
        rest = " at this place (--all)"
        yield from more_lines(len(here) - 1, "change", rest, start=f"{_INDENT}… ")


def _changes(result: CaseResult, finding: Finding) -> list[ValueChange]:
    """Return the changes between the bodies of two sides of a finding; empty without answers."""
    bodies = _bodies(result, finding)
    return list(value_differences(*bodies)) if bodies else []


def _bodies(result: CaseResult, finding: Finding) -> tuple[Body, Body] | None:
    """Return the bodies of two sides of a finding; None if one of them has no answer."""
    seen = {cell.runtime: cell.observations for cell in result.cells}
    first, second = (seen[name][finding.step] for name in _two_runtimes(finding))
    if not isinstance(first, Answer) or not isinstance(second, Answer):
        return None
    declared = result.kind_of_step(finding.step)
    return as_labelled_if_kinds_differ(
        read_body_of(first, declared), read_body_of(second, declared)
    )


def _two_runtimes(finding: Finding) -> tuple[str, str]:
    """Return a runtime of each of two sides that differ, an odd one second."""
    pair = finding.main
    before, after = (finding.sides[at].runtimes[0] for at in (pair.first, pair.second))
    return (after, before) if before in finding.odd else (before, after)
