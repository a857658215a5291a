"""What one case's answers show under some rules: a runtime beside itself, and beside others."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.parity import compare_case
from conformance.model.case import Case, CompareLevel
from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.observation import Cell
from conformance.model.rule import Rule


class Between(Struct, frozen=True, kw_only=True):
    """One difference between two runtimes: its place as either spells it, its name, their facts.

    `plain` tells that nothing but the values differ, so that it may be noise.
    """

    runtimes: tuple[str, str]
    step: int
    places: tuple[str, str]
    name: str
    facts: tuple[str, str]
    kind: DifferenceKind
    plain: bool

    def __str__(self) -> str:
        one, two = (f"{name} {fact}" for name, fact in zip(self.runtimes, self.facts, strict=True))
        return f"{self.name}@{self.places[0] or self.places[1]} ({one} | {two})"


class CaseDifferences:
    """Compares the answers to one case by value; what was compared under the same rules is kept.

    Error pages are compared place by place: a rule is about a place.
    """

    def __init__(self, case: Case, cells: Mapping[str, tuple[Cell, ...]]) -> None:
        self.case = replace(case, compare=CompareLevel.VALUE)
        self.cells = cells
        self._by_itself: dict[tuple[str, tuple[Rule, ...]], tuple[Finding, ...]] = {}
        self._between: dict[tuple[Rule, ...], frozenset[Between]] = {}

    def by_itself(self, runtime: str, rules: Sequence[Rule] = ()) -> tuple[Finding, ...]:
        """Return in what the answers of one runtime differ from each other."""
        key = runtime, tuple(rules)
        if key not in self._by_itself:
            askings = [
                replace(cell, runtime=str(at)) for at, cell in enumerate(self.cells[runtime])
            ]
            self._by_itself[key] = compare_case(self._under(rules), askings, in_pages=True).findings
        return self._by_itself[key]

    def between(self, rules: Sequence[Rule] = ()) -> frozenset[Between]:
        """Return in what any two runtimes differ from each other, each time that they were asked.

        By shape they may differ where they do not by value: an integer is then no number with a
        fraction.
        """
        key = tuple(rules)
        if key not in self._between:
            by_value = self._under(rules)
            by_shape = replace(by_value, compare=CompareLevel.SHAPE)
            self._between[key] = frozenset((*self._compared(by_value), *self._compared(by_shape)))
        return self._between[key]

    def _compared(self, case: Case) -> Iterator[Between]:
        for one, two in combinations(self.cells, 2):
            for cells in zip_longest(self.cells[one], self.cells[two]):
                if None not in cells:
                    for finding in compare_case(case, cells, in_pages=True).findings:
                        yield from _between(finding, (one, two))

    def _under(self, rules: Sequence[Rule]) -> Case:
        return replace(self.case, rules=(*self.case.rules, *rules))


def _between(finding: Finding, runtimes: tuple[str, str]) -> Iterator[Between]:
    """Yield the one difference that a finding about two runtimes is.

    None where it is a fault of both.
    """
    if len(finding.sides) != len(runtimes):
        return
    sides = [
        next(at for at, side in enumerate(finding.sides) if name in side.runtimes)
        for name in runtimes
    ]
    places = tuple(finding.sides[at].places[0] or finding.place for at in sides)
    facts = tuple(finding.main.fact_of(at) for at in sides)
    yield Between(
        runtimes=runtimes,
        step=finding.step,
        places=(places[0], places[1]),
        name=finding.name,
        facts=(facts[0], facts[1]),
        kind=finding.kind,
        plain=finding.facet is Facet.VALUE and finding.idiom is None,
    )
