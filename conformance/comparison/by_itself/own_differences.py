"""Differences of a runtime from itself: its answers to the same requests in two attempts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.by_itself.attempts import FIRST_ATTEMPT, SECOND_ATTEMPT
from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.finding import Finding
from conformance.model.observation import Cell
from conformance.model.own_difference import OwnDifference
from conformance.model.rule import AlignRule, MapRule, Rule
from conformance.model.verdict import CaseResult, Comparison, RuleUse


class ComparedWithItself(Struct, frozen=True):
    """The own differences of all runtimes, and how often each rule was needed for them.

    A rule is needed where it makes two answers equal.  `hits` counts this by rule; `broad` counts
    how often the rule then hid most of a body.
    """

    differences: list[OwnDifference] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    broad: Counter[str] = field(default_factory=Counter)

    def add(self, runtime: str, compared: Comparison) -> None:
        """Add the comparison of the two attempts of one runtime."""
        findings = () if compared.over_budget else compared.findings
        self.differences.extend(
            OwnDifference(runtime=runtime, finding=finding) for finding in findings
        )
        for use in compared.rule_uses:
            self.hits[use.rule] += use.hits
            self.broad[use.rule] += use.broad

    def uses(self, between_runtimes: Sequence[RuleUse]) -> Iterator[RuleUse]:
        """Yield each rule's use between runtimes, plus its use between the attempts of each."""
        for use in between_runtimes:
            hits = use.hits + self.hits[use.rule]
            yield replace(
                use,
                hits=hits,
                broad=use.broad + self.broad[use.rule],
                unneeded=None if hits else use.unneeded,
            )


def compared_with_itself(
    case: Case, first: Sequence[Cell], again: Sequence[Cell]
) -> ComparedWithItself:
    """Compare the two attempts of each live runtime.

    A recording is skipped, because it repeats its answers.
    """
    compared = ComparedWithItself()
    for before, after in zip(first, again, strict=True):
        if before.live:
            attempts = (
                replace(before, runtime=FIRST_ATTEMPT),
                replace(after, runtime=SECOND_ATTEMPT),
            )
            compared.add(before.runtime, compare_case(case, attempts))
    return compared


def excused_differences(
    case: Case, first: CaseResult, second: CaseResult
) -> tuple[OwnDifference, ...]:
    """Return own differences that a rule excuses, at places where runtimes still differ.

    A ledger row cannot pin such values, because they change with every attempt.  Rules about the
    order of lists, and about member names that are data, stay in force: they decide only which
    values are compared with each other.
    """
    steps = tuple(replace(step, rules=_aligning(step.rules)) for step in case.steps)
    bare = replace(case, rules=_aligning(case.rules), steps=steps)
    findings = first.comparison.findings
    excuses_nothing = bare.all_rules == case.all_rules
    if excuses_nothing or not findings:
        return ()
    places = set(chain.from_iterable(map(_steps_and_places, findings)))
    compared = compared_with_itself(bare, first.cells, second.cells)
    return tuple(
        own for own in compared.differences if not places.isdisjoint(_steps_and_places(own.finding))
    )


def _aligning(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules that decide only which values are compared with each other."""
    return tuple(rule for rule in rules if isinstance(rule, AlignRule | MapRule))


def _steps_and_places(finding: Finding) -> Iterator[tuple[int, str]]:
    """Return the step of a finding with each spelling of its place."""
    return zip(repeat(finding.step), spelled_places(finding), strict=False)


def spelled_places(finding: Finding) -> Iterator[str]:
    """Yield the place of a finding, and then the place as each runtime spells it."""
    yield finding.place
    for side in finding.sides:
        yield from filter(None, side.places)
