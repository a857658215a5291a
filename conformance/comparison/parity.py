"""The second oracle, the other runtimes: answers to a step are compared two by two, and findings say who differs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.comparison import AnswerComparison, compare_answers
from conformance.comparison.derived import with_what_they_follow
from conformance.comparison.error_codes import error_code
from conformance.comparison.faults import fault_finding
from conformance.comparison.findings import StepAnswers, step_findings
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.sides import Pair, agreement
from conformance.model.case import Case, Rule, rule_name
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.gap import CaseGap, GapKind
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import Comparison, RuleUse

MAX_FINDINGS: Final = 200
"""More findings of a step are counted only: so many are never decided one by one."""


@dataclass(slots=True)
class _RuleCounts:
    """How often each rule was needed by a comparison in a case, and how often it then hid most of a body."""

    hits: Counter[Rule] = field(default_factory=Counter)
    broad: Counter[Rule] = field(default_factory=Counter)

    def add(self, compared: AnswerComparison) -> None:
        """Take one comparison."""
        if compared.rule_hits:
            self.hits.update(rule for rule, hits in compared.rule_hits.items() if hits)
            self.broad.update(compared.broad_rules)


def compare_case(case: Case, cells: Sequence[Cell], baseline: str | None = None) -> Comparison:
    """Compare the cells of a case step by step; without an answer a runtime shows only its fault."""
    findings: list[Finding] = []
    counts = _RuleCounts()
    compared, answered, more = False, set[str](), 0
    answers_to: list[Mapping[str, ReadAnswer]] = []
    gaps: dict[CaseGap, None] = {}
    asked = [cell for cell in cells if cell.unsupported is None]
    for index in range(len(case.steps)):
        fault = fault_finding(index, {cell.runtime: cell.observations[index] for cell in asked}, baseline)
        findings.extend([fault] if fault else [])
        answers = {
            cell.runtime: read_answer(seen, cell.names, cell.base_url, case.headers, case.steps[index].body)
            for cell in asked
            if isinstance(seen := cell.observations[index], Answer)
        }
        compared |= len(answers) > 1
        answered.update(answers)
        answers_to.append(answers)
        silent = [cell.runtime for cell in asked if cell.runtime not in answers]
        pairs = _compared(case, index, list(answers.values()), counts)
        found = step_findings(index, StepAnswers(list(answers), silent, pairs, baseline))
        shown = [_with_code(finding, answers) for finding in found]
        findings.extend(shown[:MAX_FINDINGS])
        gaps.update((CaseGap(GapKind.BYTES_ONLY, pair.unread), None) for pair in pairs.values() if pair.unread)
        more += len(shown[MAX_FINDINGS:]) + max((pair.stops.more for pair in pairs.values()), default=0)
    uses = [RuleUse(rule=rule_name(rule), hits=counts.hits[rule], broad=counts.broad[rule]) for rule in case.rules]
    return Comparison(
        findings=with_what_they_follow(findings, answers_to),
        classes=agreement(findings, [cell.runtime for cell in asked if cell.runtime in answered]),
        compared=compared,
        more_findings=more,
        rule_uses=tuple(uses) if compared else (),
        gaps=tuple(gaps),
    )


def _with_code(finding: Finding, answers: Mapping[str, ReadAnswer]) -> Finding:
    """Return a finding about statuses with what the refusing side calls its error: an odd side, if one refuses."""
    if finding.kind is not DifferenceKind.STATUS:
        return finding
    refusing = sorted(finding.runtimes, key=lambda name: (name not in finding.odd, -answers[name].status))
    code = next((code for name in refusing if (code := error_code(answers[name]))), "")
    return replace(finding, code=code)


def _compared(
    case: Case, step: int, answers: Sequence[ReadAnswer], counts: _RuleCounts
) -> dict[Pair, AnswerComparison]:
    """Compare every two answers; answers with the same bytes are compared with others once for all of them."""
    first_alike = [next(i for i, other in enumerate(answers) if other.same_bytes(answer)) for answer in answers]
    known: dict[Pair, AnswerComparison] = {}
    pairs: dict[Pair, AnswerComparison] = {}
    for one, two in combinations(range(len(answers)), 2):
        low, high = first_alike[one], first_alike[two]
        if low == high:
            known.setdefault((low, low), AnswerComparison(()))
            pairs[one, two] = known[low, low]
            continue
        key = (min(low, high), max(low, high))
        if key not in known:
            known[key] = compare_answers(answers[key[0]], answers[key[1]], _terms(case, step))
            counts.add(known[key])
        pairs[one, two] = known[key] if low < high else known[key].turned()
    return pairs


def _terms(case: Case, step: int) -> Terms:
    request = case.steps[step].request
    asked = f"{request.target}\n{(request.body or b'').decode('utf-8', 'replace')}"
    return Terms(
        level=case.compare,
        numbers=case.numbers,
        target=request.target,
        asked=asked,
        loosening=Loosening(case.rules),
    )
