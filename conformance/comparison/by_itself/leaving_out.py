"""Findings without the runtimes that differ by themselves at the place.

There only the other runtimes are compared, as in a run without the noisy ones.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import product
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.by_itself.own_differences import spelled_places
from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.finding import Finding
from conformance.model.own_difference import OwnDifference
from conformance.model.verdict import CaseResult

_Where = tuple[int, str]
"""The step number and the place of a finding."""


class WithoutNoisy(Struct, frozen=True):
    """The findings of a case after noisy runtimes are left out.

    `unstable` are those of them in which no two other runtimes differ.
    """

    findings: tuple[Finding, ...]
    unstable: tuple[Finding, ...]


def leave_out(
    case: Case, result: CaseResult, own: Sequence[OwnDifference], baseline: str | None
) -> WithoutNoisy:
    """Return the findings of a case, compared without noisy runtimes where there are some.

    `own` are the differences of runtimes from themselves.
    """
    findings = result.comparison.findings
    noisy = _noisy(findings, own)
    if not noisy:
        return WithoutNoisy(findings, ())
    noisy_sets = dict.fromkeys(noisy.values())
    alone = {
        noisy_runtimes: _without(case, result, noisy_runtimes, baseline)
        for noisy_runtimes in noisy_sets
    }
    kept: list[Finding] = []
    unstable: list[Finding] = []
    done: set[_Where] = set()
    for finding in findings:
        noisy_runtimes = noisy.get(finding.where)
        if noisy_runtimes is None:
            kept.append(finding)
            continue
        others = _at(finding, alone[noisy_runtimes])
        if not others:
            kept.append(finding)
            unstable.append(finding)
        # Several findings at one place are replaced once, by all findings of the other runtimes
        elif finding.where not in done:
            left_out = tuple(sorted(noisy_runtimes))
            kept.extend(replace(each, by_itself=left_out) for each in others)
        done.add(finding.where)
    return WithoutNoisy(tuple(kept), tuple(unstable))


def _noisy(
    findings: Sequence[Finding], own: Iterable[OwnDifference]
) -> dict[_Where, frozenset[str]]:
    """Return, by step and place, the runtimes that differ by themselves at a finding.

    A finding that follows from noisy findings is noisy, too.
    """
    noisy: defaultdict[_Where, frozenset[str]] = defaultdict(frozenset)
    own_places = _places_of(own)
    for finding in findings:
        noisy[finding.where] |= _noisy_at(finding, own_places)
    for finding in findings:
        leaders = filter(finding.is_led_by, findings)
        noisy_there = [noisy[leader.where] for leader in leaders]
        # A finding that follows from several others is noise only if all of them are
        if noisy_there:
            noisy[finding.where] |= frozenset.intersection(*noisy_there)
    return dict(filter(itemgetter(1), noisy.items()))


def _places_of(own: Iterable[OwnDifference]) -> set[tuple[str, int, str]]:
    """Return each runtime with the steps and places at which it differs by itself."""
    places: set[tuple[str, int, str]] = set()
    for each in own:
        finding = each.finding
        places.update(product([each.runtime], [finding.step], spelled_places(finding)))
    return places


def _noisy_at(finding: Finding, own_places: Container[tuple[str, int, str]]) -> frozenset[str]:
    """Return the runtimes of a finding that differ by themselves at its place."""
    spelled = dict.fromkeys((*finding.runtimes, *finding.within), finding.place)
    spelled.update(_own_spellings(finding))
    places = ((name, finding.step, place) for name, place in spelled.items())
    noisy_places = filter(own_places.__contains__, places)
    return frozenset(map(itemgetter(0), noisy_places))


def _own_spellings(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield each runtime that has something at a finding's place, with its spelling of it."""
    for side in finding.sides:
        spelled = zip(side.runtimes, side.places, strict=True)
        # A side that lacks the place has no spelling of it
        yield from filter(itemgetter(1), spelled)


def _without(
    case: Case, result: CaseResult, noisy_runtimes: frozenset[str], baseline: str | None
) -> tuple[Finding, ...]:
    """Return the findings between the other runtimes; empty if fewer than two are left."""
    others = [cell for cell in result.cells if cell.runtime not in noisy_runtimes]
    compared = compare_case(case, others, baseline)
    # Past the time budget the findings are incomplete, but would look complete
    return () if compared.over_budget else compared.findings


def _at(finding: Finding, others: Iterable[Finding]) -> list[Finding]:
    """Return the findings of other runtimes at the same step and place, in any spelling."""
    here = set(spelled_places(finding))
    at_place: list[Finding] = []
    for other in others:
        is_of_step = other.step == finding.step
        if is_of_step and not here.isdisjoint(spelled_places(other)):
            at_place.append(other)
    return at_place
