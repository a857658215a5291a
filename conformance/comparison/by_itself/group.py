"""The group of all differences of runtimes from themselves: noise, not a cause for a decision."""

from itertools import islice
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.by_itself.attempts import with_attempts_named
from conformance.comparison.causes import Cause
from conformance.comparison.difference import DIFFERS
from conformance.comparison.finding_titles import title_of
from conformance.comparison.harm import Harm
from conformance.comparison.sentences import place_of
from conformance.distinct import distinct
from conformance.model.finding import DifferenceKind, Finding, SidePair
from conformance.model.group import Group, GroupExample, GroupSide
from conformance.model.signature import Signature
from conformance.model.verdict import CaseResult

TITLE: Final = "differs by itself"
"""The title of the group."""
_EXPLANATION: Final = (
    "Asked the same twice, a runtime answered in two ways. No decision can be about it."
)
"""The explanation in the report."""
_IN_ONE_ATTEMPT: Final = "in one of two askings"
"""What follows the place of a finding that only one of the two attempts has."""
_EXAMPLES: Final = 3
"""The largest number of examples, whatever the number of cases."""
_NO_FACTS: Final = (DIFFERS, DIFFERS)
"""The facts of two sides if only their values differ."""
_OF_VALUES: Final = frozenset(
    {
        DifferenceKind.VALUE,
        DifferenceKind.TEXT,
        DifferenceKind.BYTES,
        DifferenceKind.IDENTITY,
    }
)
"""The kinds of differences that are only about values."""


class OwnDifferenceGroup(Struct):
    """Collects the own differences of a run, case by case, and returns one group.

    Each dict is an ordered set or map: the places by runtimes, the signatures, the proposed rules,
    the reasons against a rule with their first case, and the sentences about stable differences.
    """

    cases: int = 0
    places: dict[tuple[str, ...], dict[str, None]] = field(default_factory=dict)
    signatures: dict[Signature, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    no_rules: dict[str, str] = field(default_factory=dict)
    steady: dict[str, None] = field(default_factory=dict)
    examples: list[GroupExample] = field(default_factory=list)

    def add(self, result: CaseResult) -> None:
        """Add the own differences and unstable findings of one case."""
        steps = len(result.requests)
        for own in result.own_differences:
            self._note((own.runtime,), place_of(own.finding, steps), own.finding)
            if own.rule:
                self.rules[own.rule] = None
            elif own.no_rule:
                self.no_rules.setdefault(own.no_rule, result.case_id)
        # Without an own difference, the finding is in one of the two attempts only
        unstable = () if result.own_differences else result.unstable
        for finding in unstable:
            self._note(finding.runtimes, f"{place_of(finding, steps)} {_IN_ONE_ATTEMPT}", finding)
        self._note_steady(result)
        own_findings = list(map(with_attempts_named, result.own_differences))
        findings = own_findings or list(result.unstable)
        if not findings:
            return
        self.cases += 1
        if len(self.examples) < _EXAMPLES:
            example = GroupExample(case_id=result.case_id, finding=findings[0], steps=steps)
            self.examples.append(example)

    def _note_steady(self, result: CaseResult) -> None:
        """Note how runtimes differ at an unstable place apart from the values."""
        if not result.own_differences:
            return
        for finding in result.unstable:
            pairs = tuple(filter(_says_more_than_values, finding.pairs))
            if pairs and finding in result.comparison.findings:
                steady = replace(finding, pairs=pairs, largest=None)
                self.steady[f"beside that, {title_of(steady)}: {_facts(steady)}"] = None

    def _note(self, runtimes: tuple[str, ...], place: str, finding: Finding) -> None:
        """Note a place and the signatures of a finding for some runtimes."""
        self.places.setdefault(runtimes, {})[place] = None
        self.signatures.update(dict.fromkeys(finding.signatures))

    def group(self) -> Group | None:
        """Return the group, or None if every answer was stable.

        Its sides are the runtimes, with the places at which they differ by themselves.
        """
        if not self.cases:
            return None
        first = self.examples[0].finding
        return Group(
            key=Cause(name=TITLE, place="", operation="", code="", sides=()).key,
            title=TITLE,
            explanation=_EXPLANATION,
            idiom=None,
            kind=first.kind,
            facet=first.facet,
            operation="",
            sides=tuple(
                GroupSide(runtimes=runtimes, facts=tuple(places))
                for runtimes, places in self.places.items()
            ),
            largest=None,
            odd=(),
            signatures=tuple(self.signatures),
            undecided_signatures=len(self.signatures),
            cases=self.cases,
            undecided=self.cases,
            decisions=(),
            remedies=(),
            for_any=False,
            harm=Harm.HEADERS,
            examples=tuple(self.examples),
            by_itself=True,
            rules=tuple(self.rules),
            places=distinct(self.places.values()),
            no_rules=tuple(f"{why} (in {case_id})" for why, case_id in self.no_rules.items()),
            other_facts=tuple(islice(self.steady, _EXAMPLES)),
        )


def _says_more_than_values(pair: SidePair) -> bool:
    """Return whether a pair of sides differs in more than its values."""
    return pair.kind not in _OF_VALUES and pair.facts != _NO_FACTS


def _facts(finding: Finding) -> str:
    """Return the facts with their runtimes, as `go, rust absent · python present`."""
    showing: dict[str, list[str]] = {}
    for index, side in enumerate(finding.sides):
        facts = finding.facts_of(index)
        if facts:
            showing.setdefault(facts[0], []).extend(side.runtimes)
    return " · ".join(f"{', '.join(names)} {fact}" for fact, names in showing.items())
