"""At a place where runtimes differ by themselves only the others are compared.

What is found there between the others is what a run without those runtimes would show.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.by_itself.own_differences import spelled_places
from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.finding import Finding
from conformance.model.own_difference import OwnDifference
from conformance.model.verdict import CaseResult

_Where = tuple[int, str]
"""A step, and a place."""


class LeftOut(Struct, frozen=True):
    """The findings of a case, and `unstable`: those with nothing left without noisy runtimes."""

    findings: tuple[Finding, ...]
    unstable: tuple[Finding, ...]


def leave_out(
    case: Case, result: CaseResult, own: Sequence[OwnDifference], baseline: str | None
) -> LeftOut:
    """Replace findings where runtimes differ by themselves by what other runtimes show there."""
    findings = result.comparison.findings
    noisy = _noisy(findings, own)
    if not noisy:
        return LeftOut(findings, ())
    noisy_sets = dict.fromkeys(noisy.values())
    alone = {who: _without(case, result, who, baseline) for who in noisy_sets}
    kept: list[Finding] = []
    unstable: list[Finding] = []
    done: set[_Where] = set()
    for finding in findings:
        who = noisy.get(finding.where)
        if who is None:
            kept.append(finding)
            continue
        others = _at(finding, alone[who])
        if not others:
            kept.append(finding)
            unstable.append(finding)
        # Several findings at one place are replaced once, by all that the others show there
        elif finding.where not in done:
            left_out = tuple(sorted(who))
            kept.extend(replace(each, by_itself=left_out) for each in others)
        done.add(finding.where)
    return LeftOut(tuple(kept), tuple(unstable))


def _noisy(
    findings: Sequence[Finding], own: Iterable[OwnDifference]
) -> dict[_Where, frozenset[str]]:
    """Return the runtimes that differ by themselves at the places of findings.

    Places that follow these count, too.
    """
    noisy: defaultdict[_Where, frozenset[str]] = defaultdict(frozenset)
    own_places = _places_of(own)
    for finding in findings:
        noisy[finding.where] |= _noisy_at(finding, own_places)
    for finding in findings:
        leading = [noisy[each.where] for each in findings if finding.is_led_by(each)]
        # What follows from several differences is noise only where all of them are
        if leading:
            noisy[finding.where] |= frozenset.intersection(*leading)
    return {where: runtimes for where, runtimes in noisy.items() if runtimes}


def _places_of(own: Iterable[OwnDifference]) -> set[tuple[str, int, str]]:
    """Return each runtime with the steps and places at which it differs by itself."""
    places: set[tuple[str, int, str]] = set()
    for each in own:
        finding = each.finding
        places.update((each.runtime, finding.step, place) for place in spelled_places(finding))
    return places


def _noisy_at(finding: Finding, own_places: Container[tuple[str, int, str]]) -> frozenset[str]:
    """Return the runtimes of a finding that differ by themselves at its place."""
    spelled = dict.fromkeys((*finding.runtimes, *finding.within), finding.place)
    spelled.update(_own_spellings(finding))
    return frozenset(
        name for name, place in spelled.items() if (name, finding.step, place) in own_places
    )


def _own_spellings(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield each runtime that has something at a finding's place, and how it spells the place."""
    for side in finding.sides:
        for name, place in zip(side.runtimes, side.places, strict=True):
            if place:
                yield name, place


def _without(
    case: Case, result: CaseResult, who: frozenset[str], baseline: str | None
) -> tuple[Finding, ...]:
    """Return what the other runtimes show; nothing where there are not two of them."""
    others = [cell for cell in result.cells if cell.runtime not in who]
    compared = compare_case(case, others, baseline)
    # Beyond the budget not all is known, and what is left would look like all
    return () if compared.over_budget else compared.findings


def _at(finding: Finding, others: Iterable[Finding]) -> list[Finding]:
    """Return the findings of other runtimes at the place of a finding, however they spell it."""
    here = set(spelled_places(finding))
    of_step = (each for each in others if each.step == finding.step)
    return [each for each in of_step if not here.isdisjoint(spelled_places(each))]
