"""The differences in one case under given rules, between runtimes and between attempts."""

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
"""Idioms of a pure value difference: none, or messages, which may contain a request id."""


class PairDifference(Struct, frozen=True, kw_only=True):
    """One difference between two runtimes.

    `places` has the place in the spelling of each runtime, empty where it has nothing there;
    `facts` has the fact of each.  `is_only_of_values` says that only the values differ, so that the
    difference may be noise.
    """

    runtimes: tuple[str, str]
    step: int
    places: tuple[str, str]
    name: str
    facts: tuple[str, str]
    kind: DifferenceKind
    is_only_of_values: bool

    def __str__(self) -> str:
        first, second = map(" ".join, zip(self.runtimes, self.facts, strict=True))
        return f"{self.name}@{self.place} ({first} | {second})"

    @property
    def place(self) -> str:
        """Return the place as the first runtime spells it, else as the second one does."""
        return self.places[0] or self.places[1]

    def place_of(self, runtime: str) -> str | None:
        """Return the place as the given runtime spells it; None for a third runtime."""
        return dict(zip(self.runtimes, self.places, strict=True)).get(runtime)

    @property
    def paths(self) -> list[JsonPath | None]:
        """Return the place as a path for each runtime; None for a place outside the body."""
        return list(map(path_of_place, self.places))

    @property
    def is_of_times(self) -> bool:
        """Return whether the difference is that a time has two forms."""
        return self.name == TIMESTAMP_FORM.name


class CaseDifferences:
    """Compares the answers to one case by value, and caches the results for each set of rules.

    `cells` has the cells of each runtime, one for each attempt.  Error pages are compared place by
    place, because a rule is about a place.
    """

    def __init__(self, case: Case, cells: Mapping[str, tuple[Cell, ...]]) -> None:
        self.case = replace(case, compare=CompareLevel.VALUE)
        self.cells = cells
        self._by_itself: dict[tuple[str, tuple[Rule, ...]], tuple[Finding, ...]] = {}
        self._between: dict[tuple[Rule, ...], frozenset[PairDifference]] = {}

    def by_itself(self, runtime: str, rules: Sequence[Rule] = ()) -> tuple[Finding, ...]:
        """Return the findings between the attempts of one runtime."""
        key = runtime, tuple(rules)
        if key not in self._by_itself:
            self._by_itself[key] = self._compared_with_itself(runtime, rules)
        return self._by_itself[key]

    def _compared_with_itself(self, runtime: str, rules: Sequence[Rule]) -> tuple[Finding, ...]:
        """Return the findings between the cells of a runtime, each named by its index."""
        cells = enumerate(self.cells[runtime])
        attempts = [replace(cell, runtime=str(at)) for at, cell in cells]
        return compare_case(self._under(rules), attempts, in_pages=True).findings

    def between(self, rules: Sequence[Rule] = ()) -> frozenset[PairDifference]:
        """Return the differences between every two runtimes, over all attempts.

        Differences by shape are included: some do not exist by value, such as an integer and a
        number with a fraction.
        """
        key = tuple(rules)
        if key not in self._between:
            by_value = self._under(rules)
            by_shape = replace(by_value, compare=CompareLevel.SHAPE)
            self._between[key] = frozenset((*self._compared(by_value), *self._compared(by_shape)))
        return self._between[key]

    def _compared(self, case: Case) -> Iterator[PairDifference]:
        """Yield the differences between every two runtimes within the same attempt."""
        for runtimes in combinations(self.cells, 2):
            attempts = map(self.cells.__getitem__, runtimes)
            # An attempt that only one of the two runtimes has cannot be compared
            for cells in zip(*attempts, strict=False):
                findings = compare_case(case, cells, in_pages=True).findings
                differences = map(partial(_between, runtimes=runtimes), findings)
                yield from filter(None, differences)

    def _under(self, rules: Sequence[Rule]) -> Case:
        """Return the case with further rules."""
        return replace(self.case, rules=(*self.case.rules, *rules))


def _between(finding: Finding, runtimes: tuple[str, str]) -> PairDifference | None:
    """Return a finding about two runtimes as a difference; None for a fault that both share."""
    if len(finding.sides) != len(runtimes):
        return None
    first, second = map(finding.side_of.__getitem__, runtimes)
    return PairDifference(
        runtimes=runtimes,
        step=finding.step,
        places=(_place_of(finding, first), _place_of(finding, second)),
        name=finding.name,
        facts=(finding.main.fact_of(first), finding.main.fact_of(second)),
        kind=finding.kind,
        is_only_of_values=finding.facet is Facet.VALUE and finding.idiom in _OF_VALUES,
    )


def _place_of(finding: Finding, side: int) -> str:
    """Return the place of a finding as the runtime on the given side spells it."""
    return finding.sides[side].places[0] or finding.place
