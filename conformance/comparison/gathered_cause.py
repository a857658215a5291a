"""What is gathered about a cause, finding by finding: examples, counts, places and facts.

Memory is bounded: a few examples are kept, and the others are counted.
"""

from collections import Counter
from itertools import repeat
from typing import Final

from msgspec import Struct, field

from conformance.comparison.evidence.fixes import unfit_cures
from conformance.comparison.faults import facts_at_exchange
from conformance.comparison.idioms.idiom import Cure
from conformance.comparison.member_holders import MemberHolders, holders_in, holders_in_all
from conformance.comparison.sentences import place_of, sides_of
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.group import Also, GroupExample
from conformance.model.signature import Signature

# Bounds the memory, however many cases show a cause
EXAMPLES_PER_GROUP: Final = 3
_WITH_OTHER_FACTS: Final = frozenset({DifferenceKind.FAULT, DifferenceKind.STATUS})
"""Kinds of cause, besides idioms, whose runtimes may have other facts in other cases."""
MAX_PLACES: Final = 1_000
"""How many routes and places of a cause are kept; a cause that shows in more gets no fix that needs
evidence."""


class GatheredCause(Struct):
    """The findings of a cause and what they have in common; `first` is the first finding."""

    first: Finding
    signatures: Counter[Signature] = field(default_factory=Counter)
    undecided_signatures: Counter[Signature] = field(default_factory=Counter)
    cases: int = 0
    undecided: int = 0
    last_case: str = ""
    last_undecided: str = ""
    decisions: set[str] = field(default_factory=set)
    reopens: set[str] = field(default_factory=set)
    varying: set[str] = field(default_factory=set)
    examples: list[GroupExample] = field(default_factory=list)
    undecided_examples: list[GroupExample] = field(default_factory=list)
    also: dict[Also, tuple[Signature, ...]] = field(default_factory=dict)
    places: set[tuple[str, str]] = field(default_factory=set)
    unlike: set[tuple[str, ...]] = field(default_factory=set)
    unfit: set[tuple[str, Cure]] = field(default_factory=set)
    written_as: dict[str, None] = field(default_factory=dict)
    shown_at: dict[str, None] = field(default_factory=dict)
    undecided_at: dict[str, None] = field(default_factory=dict)
    shown_facts: Counter[tuple[str, str]] = field(default_factory=Counter)
    member_holders: dict[MemberHolders | None, None] = field(default_factory=dict)

    @property
    def holders(self) -> MemberHolders | None:
        """Return who has the member that a cause without an idiom is about, in any of its cases."""
        is_of_member = self.first.name == DifferenceKind.MEMBER.value
        return holders_in_all(self.member_holders) if is_of_member else None

    @property
    def leading(self) -> Finding:
        """Return the finding that represents the cause: an undecided one if there is any.

        So a new difference is never hidden behind decided ones.
        """
        if not self.undecided_examples:
            return self.first
        return self.undecided_examples[0].finding

    def put(self, route: str, finding: Finding) -> None:
        """Note the route and the places of a finding, and which cures do not fit it."""
        self.unfit.update(unfit_cures(finding))
        self.written_as.setdefault(finding.written_as)
        # One more than the limit is kept, so that the excess is known
        if len(self.places) <= MAX_PLACES:
            self.places.update(zip(repeat(route), finding.spellings))

    def add(self, example: GroupExample, whole: Finding, decided: tuple[str, ...]) -> None:
        """Take one finding of a case, with the decisions that cover it.

        `whole` is the finding before it was split by runtimes with a fault.
        """
        finding = example.finding
        if example.case_id != self.last_case:
            self.cases, self.last_case = self.cases + 1, example.case_id
            if finding.kind in _WITH_OTHER_FACTS or finding.idiom:
                self.shown_facts.update(facts_at_exchange(whole))
            _keep(self.examples, example)
        self.member_holders.setdefault(holders_in(finding))
        self.signatures.update(finding.signatures)
        self.unlike.update(side.runtimes for side in sides_of(finding) if not side.alike)
        self.decisions.update(decided)
        _keep_place(self.shown_at, example)
        if decided:
            return
        _keep_place(self.undecided_at, example)
        self.undecided_signatures.update(finding.signatures)
        self.undecided += example.case_id != self.last_undecided
        self.last_undecided = example.case_id
        _keep(self.undecided_examples, example)

    def follow(self, finding: Finding, decided: tuple[str, ...]) -> None:
        """Take a finding that only follows from the cause, with the decisions that cover it."""
        follows = finding.follows
        if follows is None:
            return
        self.also.setdefault(Also(finding.place, follows.how), finding.signatures)
        # What follows from whole bodies has no row of its own, but the rows of all that it follows
        if not follows.whole_body:
            self.decisions.update(decided)


def _keep(examples: list[GroupExample], example: GroupExample) -> None:
    """Add an example, unless there are enough."""
    if len(examples) < EXAMPLES_PER_GROUP:
        examples.append(example)


def _keep_place(places: dict[str, None], example: GroupExample) -> None:
    """Add the place of an example, unless there are enough."""
    if len(places) < MAX_PLACES:
        places.setdefault(place_of(example.finding, example.steps))
