"""Cases of a run as tables can write them, and the fixes that are proposed for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conformance.comparison.case_result import compared
from conformance.comparison.evidence.gathering import EvidenceTally
from conformance.comparison.grouping import Grouping
from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.evidence import FixEvidence
from conformance.model.group import Group
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request
from conformance.model.verdict import CaseResult
from tests.comparison.differences import answer

NAMES = "abcde"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and what each runtime answers; a text is a body of JSON."""

    request: str
    answers: tuple[str | Answer, ...]


def asked(request: str, *answers: str | Answer) -> Asked:
    """Return a request, `METHOD /target`, with the answers of a, b, c, ….

    One answer is everybody's.
    """
    return Asked(request, answers)


def results(cases: Iterable[Asked], runtimes: int, baseline: str | None = None) -> list[CaseResult]:
    """Return the cases compared by value."""
    return [_result(number, each, runtimes, baseline) for number, each in enumerate(cases)]


def _result(number: int, each: Asked, runtimes: int, baseline: str | None) -> CaseResult:
    method, target = each.request.split(" ")
    answers = each.answers * runtimes if len(each.answers) == 1 else each.answers
    read = [answer(one) if isinstance(one, str) else one for one in answers]
    case = Case(
        suite="s", name=f"c{number}", place=Place("s.yaml", 1, 1), against=None,
            compare=CompareLevel.VALUE,
        steps=(Step(request=Request(method=method, target=target)),), timeout_ms=5_000,
    )  # fmt: skip
    cells = [
        Cell(runtime=name, live=True, observations=(one,))
        for name, one in zip(NAMES, read, strict=False)
    ]
    return compared(case, cells, baseline)


def evidence_of(cases: Sequence[CaseResult]) -> FixEvidence:
    """Return the evidence of cases."""
    tally = EvidenceTally()
    for case in cases:
        tally.add(case)
    return tally.evidence()


def groups_of(
    cases: Sequence[CaseResult], languages: dict[str, str], evidence: FixEvidence | None
) -> tuple[Group, ...]:
    """Return the causes of cases, with their fixes."""
    grouping = Grouping(languages)
    for case in cases:
        findings = case.comparison.findings
        grouping.add_findings(case.case_id, case.requests, findings, [()] * len(findings))
    return grouping.groups(evidence)
