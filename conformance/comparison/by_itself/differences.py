"""What one case's answers show under some rules: a runtime beside itself, and beside others."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.idioms.errors import ERROR_MESSAGE
from conformance.comparison.idioms.times import TIMESTAMP_FORM
from conformance.comparison.parity import compare_case
from conformance.model.case import Case, CompareLevel
from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.json_path import JsonPath, path_of_place
from conformance.model.observation import Cell
from conformance.model.rule import Rule

_OF_VALUES: Final = frozenset({None, ERROR_MESSAGE.name})
"""What a difference in values alone is called: a message may hold the id of its request."""


class Between(Struct, frozen=True, kw_only=True):
    """One difference between two runtimes: its place as either spells it, its name, their facts.

    `plain` says that nothing but the values differ, so that it may be noise.
    """

    runtimes: tuple[str, str]
    step: int
    places: tuple[str, str]
    name: str
    facts: tuple[str, str]
    kind: DifferenceKind
    plain: bool

    def __str__(self) -> str:
        first, second = map(" ".join, zip(self.runtimes, self.facts, strict=True))
        return f"{self.name}@{self.place} ({first} | {second})"

    @property
    def place(self) -> str:
        """Return the place as the first runtime spells it that has something there."""
        return self.places[0] or self.places[1]

    def place_of(self, runtime: str) -> str | None:
        """Return the place as a runtime spells it; None where it is neither of the two."""
        return dict(zip(self.runtimes, self.places, strict=True)).get(runtime)

    @property
    def paths(self) -> list[JsonPath | None]:
        """Return the path that the place is for each runtime; None outside a body."""
        return list(map(path_of_place, self.places))

    @property
    def is_of_times(self) -> bool:
        """Return whether a time is written in two forms."""
        return self.name == TIMESTAMP_FORM.name


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
            self._by_itself[key] = self._compared_with_itself(runtime, rules)
        return self._by_itself[key]

    def _compared_with_itself(self, runtime: str, rules: Sequence[Rule]) -> tuple[Finding, ...]:
        cells = enumerate(self.cells[runtime])
        askings = [replace(cell, runtime=str(at)) for at, cell in cells]
        return compare_case(self._under(rules), askings, in_pages=True).findings

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
        for runtimes in combinations(self.cells, 2):
            askings = map(self.cells.__getitem__, runtimes)
            # An asking that only one of the two has answered has nothing beside it
            for cells in zip(*askings, strict=False):
                findings = compare_case(case, cells, in_pages=True).findings
                differences = map(partial(_between, runtimes=runtimes), findings)
                yield from filter(None, differences)

    def _under(self, rules: Sequence[Rule]) -> Case:
        return replace(self.case, rules=(*self.case.rules, *rules))


def _between(finding: Finding, runtimes: tuple[str, str]) -> Between | None:
    """Return the one difference that a finding about two runtimes is.

    None where it is a fault of both.
    """
    if len(finding.sides) != len(runtimes):
        return None
    first, second = map(finding.side_of.__getitem__, runtimes)
    return Between(
        runtimes=runtimes,
        step=finding.step,
        places=(_place_of(finding, first), _place_of(finding, second)),
        name=finding.name,
        facts=(finding.main.fact_of(first), finding.main.fact_of(second)),
        kind=finding.kind,
        plain=finding.facet is Facet.VALUE and finding.idiom in _OF_VALUES,
    )


def _place_of(finding: Finding, side: int) -> str:
    """Return a finding's place as a side spells it."""
    return finding.sides[side].places[0] or finding.place
