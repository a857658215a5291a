"""At a place where runtimes differ by themselves only the others are compared.

What is found there between the others is what a run without those runtimes would show.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.by_itself.own_differences import spelled_places
from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.finding import Finding
from conformance.model.own_difference import OwnDifference
from conformance.model.verdict import CaseResult


class LeftOut(Struct, frozen=True):
    """The findings of a case, and `unstable`: those with nothing left without noisy runtimes."""

    findings: tuple[Finding, ...]
    unstable: tuple[Finding, ...]


def leave_out(
    case: Case, result: CaseResult, own: Sequence[OwnDifference], baseline: str | None
) -> LeftOut:
    """Replace findings where runtimes differ by themselves by what other runtimes show there.

    Each finding at such a place is replaced.
    """
    findings = result.comparison.findings
    noisy = _noisy(findings, own)
    if not noisy:
        return LeftOut(findings, ())
    alone = {who: _without(case, result, who, baseline) for who in dict.fromkeys(noisy.values())}
    kept: list[Finding] = []
    unstable: list[Finding] = []
    done: set[tuple[int, str]] = set()
    for finding in findings:
        who = noisy.get(finding.where)
        if who is None:
            kept.append(finding)
        elif others := _at(finding, alone[who]):
            if finding.where not in done:
                kept.extend(replace(each, by_itself=tuple(sorted(who))) for each in others)
        else:
            kept.append(finding)
            unstable.append(finding)
        done.add(finding.where)
    return LeftOut(tuple(kept), tuple(unstable))


def _noisy(
    findings: Iterable[Finding], own: Iterable[OwnDifference]
) -> dict[tuple[int, str], frozenset[str]]:
    """Return the runtimes that differ by themselves at the places of findings.

    Places that follow these count, too.
    """
    at = {
        (each.runtime, each.finding.step, place)
        for each in own
        for place in spelled_places(each.finding)
    }
    known = list(findings)
    noisy: dict[tuple[int, str], frozenset[str]] = {}
    for finding in known:
        who = {name for name, place in _spelled(finding) if (name, finding.step, place) in at}
        if who:
            noisy[finding.where] = noisy.get(finding.where, frozenset()) | who
    for finding in known:
        led = [noisy.get(each.where, frozenset()) for each in known if finding.is_led_by(each)]
        if led and (shared := frozenset.intersection(*led)):
            noisy[finding.where] = noisy.get(finding.where, frozenset()) | shared
    return noisy


def _spelled(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield each runtime with the place as it spells it.

    One that has nothing there by the finding's own spelling.
    """
    for side in finding.sides:
        for name, place in zip(side.runtimes, side.places, strict=True):
            yield name, place or finding.place
    yield from ((name, finding.place) for name in finding.within)


def _without(
    case: Case, result: CaseResult, who: frozenset[str], baseline: str | None
) -> tuple[Finding, ...]:
    """Return what the other runtimes show; nothing where there are not two of them."""
    others = [cell for cell in result.cells if cell.runtime not in who]
    compared = compare_case(case, others, baseline)
    return () if compared.over_budget else compared.findings


def _at(finding: Finding, others: Iterable[Finding]) -> list[Finding]:
    """Return the findings of other runtimes at the place of a finding, however they spell it."""
    here = set(spelled_places(finding))
    return [
        each
        for each in others
        if each.step == finding.step and not here.isdisjoint(spelled_places(each))
    ]
