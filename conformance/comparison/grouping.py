"""Folds findings into groups: one cause, one group, however many cases and paths show it.

Findings that an idiom claims are one group per idiom, facts and split, whatever their paths; all others one per
signature and split.  Memory stays flat: three examples a group are kept, the rest is counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from conformance.comparison.answers.notes import meaning_of
from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.model.finding import Cause, DifferenceKind, Finding, Signature
from conformance.model.group import Group, GroupExample, Remedy
from conformance.model.verdict import CaseResult, Judgement

EXAMPLES_PER_GROUP: Final = 3
_TITLES: Final[Mapping[DifferenceKind, str]] = {
    DifferenceKind.STATUS: "status {odd} instead of {rest}",
    DifferenceKind.HEADER: "header {path}: {odd} instead of {rest}",
    DifferenceKind.BODY_KIND: "a body that is {odd} instead of {rest}",
    DifferenceKind.MEMBER: "member {path}: {odd} instead of {rest}",
    DifferenceKind.TYPE: "type of {path}: {odd} instead of {rest}",
    DifferenceKind.LENGTH: "length of {path} differs",
    DifferenceKind.VALUE: "value of {path} differs",
    DifferenceKind.TEXT: "text differs",
    DifferenceKind.BYTES: "bytes differ",
    DifferenceKind.NOTE: "note {path}: {odd} instead of {rest}",
    DifferenceKind.IDENTITY: "identity at {path}: {odd} instead of {rest}",
}


@dataclass(slots=True)
class _Gathered:
    first: Finding
    signatures: Counter[Signature] = field(default_factory=Counter)
    cases: int = 0
    undecided: int = 0
    last_case: str = ""
    last_undecided: str = ""
    decisions: set[str] = field(default_factory=set)
    examples: list[GroupExample] = field(default_factory=list)


class Grouping:
    """Takes the judged cases of a run one by one and gives its groups."""

    def __init__(self, languages: Mapping[str, str | None]) -> None:
        self._languages = languages
        self._gathered: dict[Cause, _Gathered] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        self.add_findings(result.case_id, result.comparison.findings, judgement.decisions)

    def add_findings(self, case_id: str, findings: Iterable[Finding], decisions: Iterable[str | None]) -> None:
        """Take findings of a case, each with the decision that covers it; a case comes once."""
        for finding, decision in zip(findings, decisions, strict=True):
            gathered = self._gathered.setdefault(finding.cause, _Gathered(finding))
            if case_id != gathered.last_case:
                gathered.cases, gathered.last_case = gathered.cases + 1, case_id
                if len(gathered.examples) < EXAMPLES_PER_GROUP:
                    gathered.examples.append(GroupExample(case_id=case_id, finding=finding))
            gathered.signatures[finding.signature] += 1
            if decision is None:
                gathered.undecided += case_id != gathered.last_undecided
                gathered.last_undecided = case_id
            else:
                gathered.decisions.add(decision)

    def groups(self) -> tuple[Group, ...]:
        """Return the groups, those that explain most first, undecided ones before decided ones."""
        groups = map(self._group, self._gathered.values())
        return tuple(sorted(groups, key=lambda group: (group.undecided == 0, -group.cases, group.title, group.odd)))

    def _group(self, gathered: _Gathered) -> Group:
        finding = gathered.first
        signature, idiom = finding.signature, BY_NAME.get(finding.idiom or "")
        plain = _TITLES[finding.kind].format(path=signature.path, odd=signature.odd, rest=signature.rest)
        return Group(
            title=idiom.title if idiom else plain,
            explanation=idiom.explanation if idiom else _explanation(finding),
            idiom=finding.idiom,
            facet=finding.facet,
            odd=finding.odd,
            rest=finding.rest,
            odd_fact=signature.odd,
            rest_fact=signature.rest,
            signatures=tuple(known for known, _ in gathered.signatures.most_common()),
            cases=gathered.cases,
            undecided=gathered.undecided,
            decisions=tuple(sorted(gathered.decisions)),
            remedies=tuple(self._remedies(finding)),
            examples=tuple(gathered.examples),
        )

    def _remedies(self, finding: Finding) -> Iterable[Remedy]:
        idiom = BY_NAME.get(finding.idiom or "")
        for runtime in finding.odd if idiom else ():
            language = self._languages.get(runtime)
            cure = idiom.cures.get(language) if idiom and language else None
            if cure and language:
                yield Remedy(runtime=runtime, language=language, where=cure.where, lines=cure.lines)


def _explanation(finding: Finding) -> str:
    return meaning_of(finding.signature.path) if finding.kind is DifferenceKind.NOTE else ""
