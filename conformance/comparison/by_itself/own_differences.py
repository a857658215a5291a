"""What a runtime answers differently when it is asked the same again: a difference from itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.by_itself.askings import AGAIN, FIRST
from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.finding import Finding
from conformance.model.observation import Cell
from conformance.model.own_difference import OwnDifference
from conformance.model.rule import AlignRule, MapRule, Rule
from conformance.model.verdict import CaseResult, Comparison, RuleUse


class ComparedWithItself(Struct, frozen=True):
    """Where each runtime's two answers differ, and how often each rule was needed against it.

    A rule is needed where it makes the answers not differ.  `broad` counts how often a rule then
    hid most of a body.
    """

    differences: list[OwnDifference] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    broad: Counter[str] = field(default_factory=Counter)

    def add(self, runtime: str, compared: Comparison) -> None:
        """Take the two answers of one runtime."""
        findings = () if compared.over_budget else compared.findings
        self.differences.extend(
            OwnDifference(runtime=runtime, finding=finding) for finding in findings
        )
        for use in compared.rule_uses:
            self.hits[use.rule] += use.hits
            self.broad[use.rule] += use.broad

    def uses(self, between_runtimes: Sequence[RuleUse]) -> Iterator[RuleUse]:
        """Yield what a case's rules did between runtimes, and between the two answers of each."""
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
    """Compare the two answers of each runtime; a recording says the same whenever it is asked."""
    compared = ComparedWithItself()
    for before, after in zip(first, again, strict=True):
        if before.live:
            askings = replace(before, runtime=FIRST), replace(after, runtime=AGAIN)
            compared.add(before.runtime, compare_case(case, askings))
    return compared


def excused_differences(
    case: Case, first: CaseResult, second: CaseResult
) -> tuple[OwnDifference, ...]:
    """Return where a rule excuses values that a runtime varies by itself, and runtimes differ.

    There the values of a first asking say nothing: the next one has others.  Rules about the order
    of lists and about names that are data stay, as they only say which values belong together.
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
    return tuple(rule for rule in rules if isinstance(rule, AlignRule | MapRule))


def _steps_and_places(finding: Finding) -> Iterator[tuple[int, str]]:
    return zip(repeat(finding.step), spelled_places(finding), strict=False)


def spelled_places(finding: Finding) -> Iterator[str]:
    """Yield the place of a finding, and then as each runtime spells it."""
    yield finding.place
    for side in finding.sides:
        yield from filter(None, side.places)
