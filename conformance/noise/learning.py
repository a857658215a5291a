"""Noise: the differences of a runtime from itself, and the rules that are proposed for them.

Noise is learned, never guessed: each runtime gets every case again, and each difference becomes a
rule that a person reviews. A rule is proposed for the case that needs it. It is proposed for the
suite if several cases need it and it would hide nothing in any case of the suite.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path

from msgspec import Struct, field

from conformance.comparison.rules.rule_text import form_of
from conformance.grouped import grouped
from conformance.model.case import Case
from conformance.model.rule import Rule
from conformance.model.runtime import Runtime
from conformance.noise.asking import AskedCase, OnlyInstance, ask_repeatedly
from conformance.noise.case_noise import CaseNoise, learn_case
from conformance.runner.fitting_runtimes import concerns


class Proposal(Struct):
    """A rule, the runtimes that need it, and the ids of the cases in which they need it.

    `in_two_forms` says that runtimes write the time at the rule's place in two formats. `unchanged`
    says that no case of the run may have changed what these cases read: so the runtimes differ by
    themselves.
    """

    rule: Rule
    unchanged: bool = True
    in_two_forms: bool = False
    runtimes: dict[str, None] = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)


class SuiteNoise(Struct, frozen=True, kw_only=True):
    """The proposals of a suite: those for the whole suite, and those for single cases.

    The cases have the names that are written in the suite.
    """

    suite: str
    file: str
    proposals: tuple[Proposal, ...]
    of_cases: Mapping[str, tuple[Proposal, ...]]


class NotProposed(Struct, frozen=True, kw_only=True):
    """A difference of runtimes from themselves, and why no rule is proposed for it."""

    what: str
    runtimes: tuple[str, ...]
    cases: tuple[str, ...]


class Noise(Struct, frozen=True, kw_only=True):
    """What was learned from all cases.

    `of_changing` are the cases with proposals that change what they read, so that the change may be
    the cause. `beside_changing` are the other cases with proposals that may read what cases of
    `changing` wrote: they are not isolated and were sent to the same runtimes. `asked` is how many
    cases were repeated, and `runtimes` has the runtimes that answered a case at least twice.
    """

    suites: tuple[SuiteNoise, ...]
    not_proposed: tuple[NotProposed, ...]
    only_instances: tuple[OnlyInstance, ...]
    of_changing: Mapping[str, str]
    beside_changing: tuple[str, ...]
    changing: Mapping[str, str]
    asked: int
    runtimes: tuple[str, ...]

    @property
    def proposed(self) -> int:
        """Return the number of proposed rules."""
        proposals = list(map(attrgetter("proposals"), self.suites))
        for suite in self.suites:
            proposals += suite.of_cases.values()
        return sum(map(len, proposals))


def learn(runtimes: Sequence[Runtime], cases: Iterable[Case], logs: Path) -> Noise:
    """Send each runtime its cases several times, and return what was learned.

    Raises RuntimeUnavailableError if a runtime cannot be opened.
    """
    known = list(cases)
    concerned = [runtime for runtime in runtimes if any(concerns(case, runtime) for case in known)]
    wanted = [case for case in known if any(concerns(case, runtime) for runtime in concerned)]
    asked = ask_repeatedly(concerned, wanted, logs)
    learning = _Learning(asked.cases)
    for _, of_suite in groupby(asked.cases, lambda each: each.case.suite):
        learning.add_suite(list(map(learn_case, of_suite)))
    again = list(map(attrgetter("asked_again"), asked.cases))
    # Nothing is learned from a runtime that answered only once
    asked_again = set(chain.from_iterable(again))
    names = map(attrgetter("name"), concerned)
    return Noise(
        suites=tuple(learning.suites),
        not_proposed=tuple(learning.not_proposed()),
        only_instances=asked.only_instances,
        of_changing=learning.of_changing,
        beside_changing=tuple(learning.beside_changing),
        changing=learning.changing,
        asked=sum(map(bool, again)),
        runtimes=tuple(filter(asked_again.__contains__, names)),
    )


class _Learning:
    """Collects what is learned, suite by suite."""

    def __init__(self, asked: Iterable[AskedCase]) -> None:
        self.suites: list[SuiteNoise] = []
        self.of_changing: dict[str, str] = {}
        self.beside_changing: list[str] = []
        self.changing: dict[str, str] = {}
        self._left: _Left = {}
        self._written = [each for each in asked if each.case.changes_what_it_reads]

    def add_suite(self, learned: Sequence[CaseNoise]) -> None:
        """Add the noise of all cases of a suite."""
        for noise in learned:
            self._add_case(noise)
        may_be_changed = {*self.of_changing, *self.beside_changing}
        suite = _placed(learned, self._left, may_be_changed)
        if suite.proposals or suite.of_cases:
            self.suites.append(suite)

    def _add_case(self, noise: CaseNoise) -> None:
        case = noise.differences.case
        for what, who in noise.left.items():
            self._left.setdefault((what, tuple(who)), []).append(case.id)
        if noise.rules and case.changes_what_it_reads:
            self.of_changing[case.id] = case.unsafe_method
            return
        beside = _may_have_changed(noise, self._written)
        if beside:
            self.beside_changing.append(case.id)
            self.changing |= beside

    def not_proposed(self) -> Iterator[NotProposed]:
        """Yield the differences of runtimes from themselves that have no rule."""
        for (what, who), ids in self._left.items():
            yield NotProposed(what=what, runtimes=who, cases=tuple(ids))


def _may_have_changed(noise: CaseNoise, written: Iterable[AskedCase]) -> dict[str, str]:
    """Return the cases that may have changed what a case reads, with their methods.

    They were sent to a runtime that needs a rule in that case.
    """
    # An isolated case uses fresh names, so no other case changes what it reads
    if noise.differences.case.isolated:
        return {}
    needing = frozenset(chain.from_iterable(noise.rules.values()))
    methods: dict[str, str] = {}
    for each in written:
        if not needing.isdisjoint(each.asked):
            methods[each.case.id] = each.case.unsafe_method
    return methods


_Left = dict[tuple[str, tuple[str, ...]], list[str]]
"""Sentences with their runtimes, and the ids of the cases in which each sentence is true."""


def _placed(
    learned: Sequence[CaseNoise], left: _Left, may_be_changed: AbstractSet[str]
) -> SuiteNoise:
    """Place each rule of a suite's cases: under the suite or under single cases.

    A rule that has no place is added to `left`. `may_be_changed` are the cases that may read what
    another request wrote.
    """
    needs: dict[Rule, list[CaseNoise]] = defaultdict(list)
    for noise in learned:
        for rule in noise.rules:
            needs[rule].append(noise)
    all_by_name = grouped(learned, _written_name)
    of_suite: list[Proposal] = []
    of_cases: dict[str, list[Proposal]] = defaultdict(list)
    for rule, needing in needs.items():
        needing_by_name = grouped(needing, _written_name)
        # Cases that a matrix makes are one case in the suite
        is_shared = len(needing_by_name) > 1
        if is_shared and _hidden_anywhere(learned, rule) is None:
            of_suite.append(_proposal(rule, needing, may_be_changed))
            continue
        for name, needing_it in needing_by_name.items():
            hidden = _hidden_anywhere(all_by_name[name], rule)
            own = _proposal(rule, needing_it, may_be_changed)
            if hidden is None:
                of_cases[name].append(own)
            else:
                left.setdefault((hidden, tuple(own.runtimes)), []).extend(own.cases)
    case = learned[0].differences.case
    return SuiteNoise(
        suite=case.suite,
        file=case.place.file,
        proposals=tuple(of_suite),
        of_cases={name: tuple(proposals) for name, proposals in of_cases.items()},
    )


def _written_name(noise: CaseNoise) -> str:
    """Return the name of a case as its suite writes it, without the values of its matrix."""
    return noise.differences.case.name.partition("[")[0]


def _hidden_anywhere(learned: Iterable[CaseNoise], rule: Rule) -> str | None:
    """Return a sentence on what a rule would hide in one of the cases, or None."""
    for noise in learned:
        hidden = noise.hidden_by(rule)
        if hidden:
            return f"`{form_of(rule)}` would hide {hidden} in {noise.differences.case.id}"
    return None


def _proposal(
    rule: Rule, needing: Iterable[CaseNoise], may_be_changed: AbstractSet[str]
) -> Proposal:
    proposal = Proposal(rule)
    for noise in needing:
        proposal.runtimes |= noise.rules[rule]
        proposal.cases.append(noise.differences.case.id)
        proposal.in_two_forms |= noise.in_two_forms(rule)
    proposal.unchanged = may_be_changed.isdisjoint(proposal.cases)
    return proposal
