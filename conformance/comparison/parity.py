"""The second oracle: the other runtimes.  N answers of a step fall into agreement classes; findings name who is odd.

The reference class of a step is the baseline's; else the unique largest; in a tie that of the first-listed runtime.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.comparison import AnswerComparison, compare_answers
from conformance.comparison.difference import Difference
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import Case, Rule, rule_name
from conformance.model.finding import Finding, Signature
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import Comparison, RuleUse

_Key = tuple[str, str, str, str]


@dataclass(slots=True, eq=False)
class _AgreementClass:
    """Runtimes whose answers to a step show no difference from the first of them."""

    answer: ReadAnswer
    runtimes: list[str]


@dataclass(slots=True)
class _Fared:
    """How often each rule was needed by a comparison in a case, and how often it then hid most of a body."""

    hits: Counter[Rule] = field(default_factory=Counter)
    broad: Counter[Rule] = field(default_factory=Counter)


class _Step:
    """One step of a case: sorts answers into classes, comparing any two of them at most once each way round."""

    def __init__(self, terms: Terms, rules: Sequence[Rule], fared: "_Fared") -> None:
        self._terms = terms
        self._rules = rules
        self._fared = fared
        self._outcomes: dict[tuple[ReadAnswer, ReadAnswer], AnswerComparison] = {}
        self.classes: list[_AgreementClass] = []

    def add(self, runtime: str, answer: ReadAnswer) -> None:
        """Put an answer into the first class that it shows no difference from, or into one of its own."""
        for known in self.classes:
            outcome = self._outcome(known.answer, answer)
            if outcome.rule_hits:
                self._fared.hits.update(rule for rule, hits in outcome.rule_hits.items() if hits)
                self._fared.broad.update(outcome.broad_rules)
            if not outcome.differences:
                known.runtimes.append(runtime)
                return
        self.classes.append(_AgreementClass(answer, [runtime]))

    def shown_between(self, a: _AgreementClass, b: _AgreementClass) -> dict[_Key, Difference]:
        """Return the differences between two classes by what makes them the same."""
        differences = self._outcome(a.answer, b.answer).differences
        return {(shown.name, shown.path, shown.a_fact, shown.b_fact): shown for shown in differences}

    def _outcome(self, a: ReadAnswer, b: ReadAnswer) -> AnswerComparison:
        if (a, b) not in self._outcomes:
            self._outcomes[a, b] = compare_answers(a, b, replace(self._terms, loosening=Loosening(self._rules)))
        return self._outcomes[a, b]


def compare_case(case: Case, cells: Sequence[Cell], baseline: str | None = None) -> Comparison:
    """Compare the cells of a case step by step; runtimes without an answer to a step are left out of it."""
    findings: list[Finding] = []
    fared = _Fared()
    placements: dict[str, list[int]] = {cell.runtime: [] for cell in cells}
    compared = False
    for index, asked in enumerate(case.steps):
        terms = Terms(level=case.compare, numbers=case.numbers, target=asked.request.target)
        step = _Step(terms, case.rules, fared)
        for cell in cells:
            seen = cell.observations[index]
            if isinstance(seen, Answer):
                step.add(cell.runtime, read_answer(seen, cell.names, cell.base_url, case.headers))
        compared |= sum(len(members.runtimes) for members in step.classes) > 1
        ordered = _reference_first(step.classes, baseline)
        for number, members in enumerate(ordered):
            for runtime in members.runtimes:
                placements[runtime].append(number)
        findings.extend(_findings(step, index, ordered))
    uses = [RuleUse(rule=rule_name(rule), hits=fared.hits[rule], broad=fared.broad[rule]) for rule in case.rules]
    return Comparison(
        findings=tuple(findings),
        classes=_classes_of_case(placements),
        compared=compared,
        rule_uses=tuple(uses) if compared else (),
    )


def _reference_first(classes: list[_AgreementClass], baseline: str | None) -> list[_AgreementClass]:
    """Order classes with the reference first; the others stay in the order of their first-listed runtime."""
    if len(classes) <= 1:
        return classes
    by_baseline = [members for members in classes if baseline in members.runtimes]
    largest = max(len(members.runtimes) for members in classes)
    of_largest_size = [members for members in classes if len(members.runtimes) == largest]
    reference = (by_baseline or (of_largest_size if len(of_largest_size) == 1 else classes))[0]
    return [reference, *(members for members in classes if members is not reference)]


def _findings(step: _Step, index: int, classes: list[_AgreementClass]) -> list[Finding]:
    """Return one finding per difference from the reference.

    All classes that show the same one are its odd side.  On the other side stands, beside the reference, every class
    against which the odd side shows just that difference: an answer that was never compared there agrees with nobody.
    """
    if len(classes) <= 1:
        return []
    reference, *odd_classes = classes
    shown: dict[_Key, list[tuple[_AgreementClass, Difference]]] = {}
    for members in odd_classes:
        for key, difference in step.shown_between(reference, members).items():
            shown.setdefault(key, []).append((members, difference))
    findings = []
    for key, occurrences in shown.items():
        showing = [members for members, _ in occurrences]
        others = [members for members in odd_classes if members not in showing]
        agreeing = [members for members in others if key in step.shown_between(members, showing[0])]
        findings.append(_finding(index, occurrences[0][1], showing, [reference, *agreeing]))
    return findings


def _finding(
    step: int, difference: Difference, showing: list[_AgreementClass], holding: list[_AgreementClass]
) -> Finding:
    return Finding(
        step=step,
        signature=Signature(difference.name, difference.path, odd=difference.b_fact, rest=difference.a_fact),
        kind=difference.kind,
        facet=difference.facet,
        idiom=difference.idiom,
        odd=_runtimes(showing),
        rest=_runtimes(holding),
        detail=difference.detail,
        odd_example=difference.b_example,
        rest_example=difference.a_example,
    )


def _runtimes(classes: list[_AgreementClass]) -> tuple[str, ...]:
    return tuple(sorted(runtime for members in classes for runtime in members.runtimes))


def _classes_of_case(placements: dict[str, list[int]]) -> tuple[tuple[str, ...], ...]:
    """Group runtimes that were in the same class at every step, those with the reference first."""
    together: dict[tuple[int, ...], list[str]] = {}
    for runtime, places in placements.items():
        if places:
            together.setdefault(tuple(places), []).append(runtime)
    return tuple(tuple(runtimes) for _, runtimes in sorted(together.items()))
