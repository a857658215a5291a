"""Learn the rules of first cases: what differs by itself, and what each runtime assigns itself.

Each runtime assigns its own ids and times to the resources that it creates. The cases are sent to
each runtime twice, as `noise` does, and then once to all runtimes together.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from typing import Final, TypeGuard

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.parity import compare_case
from conformance.grouped import grouped
from conformance.model.case import Case
from conformance.model.finding import Finding
from conformance.model.json_path import path_of_place
from conformance.model.observation import Cell
from conformance.model.rule import Rule, ValueRule
from conformance.model.runtime import Runtime
from conformance.noise.candidates import NO_STRUCTURE, loosening_rules
from conformance.noise.learning import Noise, NotProposed, Proposal, learn
from conformance.runner import event_loop
from conformance.runner.open_session import open_session

_OWN: Final = "each runtime gives its own"
_BY_SHAPE: Final = "compare: shape  # it lists what other cases create, under other names each time"
_BY_STATUS: Final = (
    "compare: status  # its body differs by itself, and has no structure that a rule can be about"
)


class FirstRules(Struct):
    """The learned rules with their reasons.

    `of_suites` are by suite, `of_cases` by case id. `levels` are `compare:` lines by case id.
    `not_proposed` lists differences for which no rule is proposed.
    """

    of_suites: dict[str, dict[Rule, str]] = field(default_factory=dict)
    of_cases: dict[str, dict[Rule, str]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    not_proposed: list[NotProposed] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return the number of rules."""
        return sum(map(len, (*self.of_suites.values(), *self.of_cases.values())))

    def add(self, case_id: str, rule: Rule, why: str) -> None:
        """Add a rule of one case, with its reason."""
        self.of_cases.setdefault(case_id, {})[rule] = why

    def rules_of(self, case: Case) -> tuple[Rule, ...]:
        """Return the rules of a case, those of its suite first."""
        return (*self.of_suites.get(case.suite, ()), *self.of_cases.get(case.id, ()))


class OwnMembers(Struct, frozen=True, kw_only=True):
    """Members whose values each runtime gives (`given`), or that get a fresh name (`names`)."""

    given: frozenset[str]
    names: frozenset[str]


def learn_rules(
    runtimes: Sequence[Runtime], cases: Sequence[Case], own: OwnMembers, logs: Path
) -> FirstRules:
    """Learn the rules of cases by sending them to the runtimes.

    Cases that only read come first, so that nothing changes between the two times that they are
    sent. Raises RuntimeUnavailableError where a runtime cannot be opened again.
    """
    rules = FirstRules()
    by_change = grouped(cases, _may_change)
    for may_change, some in sorted(by_change.items()):
        noise = learn(runtimes, some, logs)
        _add_noise_rules(noise, cases, rules)
        if may_change:
            own = replace(own, given=own.given | frozenset(_members_of(noise)))
    compared = [case for case in cases if case.id not in rules.levels]
    with_rules = [replace(case, rules=(*case.rules, *rules.rules_of(case))) for case in compared]
    for case, cells, findings in event_loop.run(_compared(runtimes, with_rules, logs)):
        _add_own_rules(case, cells, findings, own, rules)
    return rules


def _may_change(case: Case) -> bool:
    return bool(case.unsafe_method)


def _add_noise_rules(noise: Noise, cases: Sequence[Case], rules: FirstRules) -> None:
    """Record the rules of a noise measurement.

    A rule becomes one of the whole suite only if all cases of the suite were measured.
    """
    by_suite = grouped(cases, lambda case: case.suite)
    for suite in noise.suites:
        kinds = set(map(_may_change, by_suite.get(suite.suite, ())))
        is_whole_suite = len(kinds) == 1
        for proposal in suite.proposals:
            if is_whole_suite:
                rules.of_suites.setdefault(suite.suite, {})[proposal.rule] = _why(proposal)
                continue
            for case_id in proposal.cases:
                rules.add(case_id, proposal.rule, _why(proposal))
        for name, proposals in suite.of_cases.items():
            for proposal in proposals:
                rules.add(f"{suite.suite}/{name}", proposal.rule, _why(proposal))
    for each in noise.not_proposed:
        if each.what.endswith(NO_STRUCTURE):
            rules.levels |= dict.fromkeys(each.cases, _BY_STATUS)
        else:
            rules.not_proposed.append(each)


def _why(proposal: Proposal) -> str:
    return f"differs by itself in {', '.join(proposal.runtimes)}"


def _members_of(noise: Noise) -> Iterator[str]:
    """Yield the members that differ by themselves, such as the time of a change."""
    for suite in noise.suites:
        proposals = chain(suite.proposals, *suite.of_cases.values())
        for rule in map(attrgetter("rule"), proposals):
            path = rule.path if isinstance(rule, ValueRule) else ()
            yield from filter(_is_name, path[-1:])


def _is_name(segment: object) -> TypeGuard[str]:
    return isinstance(segment, str)


_Compared = tuple[Case, tuple[Cell, ...], tuple[Finding, ...]]


async def _compared(
    runtimes: Sequence[Runtime], cases: Sequence[Case], logs: Path
) -> list[_Compared]:
    """Return the cases in which runtimes differ, with their answers and findings."""
    found: list[_Compared] = []
    async with open_session(runtimes, logs, cases=cases, run_id=os.urandom(8).hex()) as session:
        for case in cases:
            cells = await session.observe(case)
            findings = compare_case(case, cells, None).findings
            if findings:
                found.append((case, cells, tuple(findings)))
    return found


def _add_own_rules(
    case: Case,
    cells: Sequence[Cell],
    findings: Iterable[Finding],
    own: OwnMembers,
    rules: FirstRules,
) -> None:
    """Record the rules or the level of a case whose answers show what cases create.

    Each runtime gives created resources its own ids and times: each gets a rule. If a finding is in
    a member with a fresh name, the answer lists what other cases create, in no fixed order: then
    only its shape is compared.
    """
    by_member = grouped(findings, _member_of)
    if not own.names.isdisjoint(by_member):
        rules.levels[case.id] = _BY_SHAPE
        rules.of_cases.pop(case.id, None)
        return
    given = [finding for finding in findings if _member_of(finding) in own.given]
    for finding in given:
        for rule in islice(loosening_rules(finding, cells), 1):
            rules.add(case.id, rule, _OWN)


def _member_of(finding: Finding) -> object:
    """Return the last segment of the path of a finding; None if its place is no JSON path."""
    path = path_of_place(finding.place)
    return path[-1] if path else None
