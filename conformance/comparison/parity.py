"""The second oracle: the other runtimes.  N answers of a step fall into agreement classes; findings name who is odd.

The reference class of a step is the baseline's; else the unique largest; in a tie that of the first-listed runtime.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from conformance.comparison.answers import ReadAnswer, compare_answers, read_answer
from conformance.comparison.difference import Difference
from conformance.model.case import Case, Rule
from conformance.model.finding import Finding, Signature
from conformance.model.json_path import render_path
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import Comparison


@dataclass(slots=True)
class _AgreementClass:
    """Runtimes whose answers to a step show no difference from the first of them."""

    answer: ReadAnswer
    runtimes: list[str]


def compare_case(case: Case, cells: Sequence[Cell], baseline: str | None = None) -> Comparison:
    """Compare the cells of a case step by step; runtimes without an answer to a step are left out of it."""
    findings: list[Finding] = []
    hits: Counter[Rule] = Counter()
    placements: dict[str, list[int]] = {cell.runtime: [] for cell in cells}
    compared = False
    for step in range(len(case.steps)):
        classes = _classes(case, step, cells, hits)
        compared |= sum(len(members.runtimes) for members in classes) > 1
        ordered = _reference_first(classes, baseline)
        for number, members in enumerate(ordered):
            for runtime in members.runtimes:
                placements[runtime].append(number)
        findings.extend(_findings(case, step, ordered))
    return Comparison(
        findings=tuple(findings),
        classes=_classes_of_case(placements),
        compared=compared,
        rule_hits=tuple(sorted((f"{rule.place}: {render_path(rule.path)}", count) for rule, count in hits.items())),
    )


def _classes(case: Case, step: int, cells: Sequence[Cell], hits: Counter[Rule]) -> list[_AgreementClass]:
    classes: list[_AgreementClass] = []
    for cell in cells:
        seen = cell.observations[step]
        if not isinstance(seen, Answer):
            continue
        answer = read_answer(seen)
        for known in classes:
            outcome = compare_answers(known.answer, answer, case.compare, case.rules)
            hits.update(outcome.rule_hits)
            if not outcome.differences:
                known.runtimes.append(cell.runtime)
                break
        else:
            classes.append(_AgreementClass(answer, [cell.runtime]))
    return classes


def _reference_first(classes: list[_AgreementClass], baseline: str | None) -> list[_AgreementClass]:
    """Order classes with the reference first; the others stay in the order of their first-listed runtime."""
    if not classes:
        return []
    by_baseline = [members for members in classes if baseline in members.runtimes]
    largest = max(len(members.runtimes) for members in classes)
    of_largest_size = [members for members in classes if len(members.runtimes) == largest]
    reference = (by_baseline or (of_largest_size if len(of_largest_size) == 1 else classes))[0]
    return [reference, *(members for members in classes if members is not reference)]


def _findings(case: Case, step: int, classes: list[_AgreementClass]) -> list[Finding]:
    """Return one finding per difference from the reference, with all classes that show the same one on its odd side."""
    if not classes:
        return []
    reference, *odd_classes = classes
    shown: dict[tuple[str, str, str, str], list[tuple[_AgreementClass, Difference]]] = {}
    for members in odd_classes:
        outcome = compare_answers(reference.answer, members.answer, case.compare, case.rules)
        for difference in outcome.differences:
            key = (difference.name, difference.path, difference.a_fact, difference.b_fact)
            shown.setdefault(key, []).append((members, difference))
    return [_finding(step, reference, odd_classes, occurrences, shown) for occurrences in shown.values()]


def _finding(
    step: int,
    reference: _AgreementClass,
    odd_classes: list[_AgreementClass],
    occurrences: list[tuple[_AgreementClass, Difference]],
    shown: dict[tuple[str, str, str, str], list[tuple[_AgreementClass, Difference]]],
) -> Finding:
    difference = occurrences[0][1]
    odd = [runtime for members, _ in occurrences for runtime in members.runtimes]
    elsewhere = [
        members
        for same in shown.values()
        for members, other in same
        if (other.kind, other.path) == (difference.kind, difference.path)
    ]
    agreeing = [runtime for members in odd_classes if members not in elsewhere for runtime in members.runtimes]
    return Finding(
        step=step,
        signature=Signature(difference.name, difference.path, odd=difference.b_fact, rest=difference.a_fact),
        kind=difference.kind,
        facet=difference.facet,
        idiom=difference.idiom,
        odd=tuple(sorted(odd)),
        rest=tuple(sorted([*reference.runtimes, *agreeing])),
        detail=difference.detail,
        odd_example=difference.b_example,
        rest_example=difference.a_example,
    )


def _classes_of_case(placements: dict[str, list[int]]) -> tuple[tuple[str, ...], ...]:
    """Group runtimes that were in the same class at every step, those with the reference first."""
    together: dict[tuple[int, ...], list[str]] = {}
    for runtime, places in placements.items():
        if places:
            together.setdefault(tuple(places), []).append(runtime)
    return tuple(tuple(runtimes) for _, runtimes in sorted(together.items()))
