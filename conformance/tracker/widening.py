"""A further runtime taken into a row whose difference it shows in all that the row covers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from conformance.errors import TrackerError
from conformance.model.decision import Decision, Ledger, RowSide
from conformance.model.finding import Finding
from conformance.model.verdict import CaseResult, Judgement
from conformance.pipeline import judge_record
from conformance.verdicts.matching import standing
from conformance.wording import plural

_ELSEWHERE = ""
"""Where a runtime stands that is on no side of a row: it shows another fact, or was not there."""


@dataclass(slots=True)
class _Stands:
    """Where the runtimes that a row does not name stand, by case and place with its difference."""

    places: int = 0
    left: dict[str, None] = field(default_factory=dict)
    sides: dict[str, list[str]] = field(default_factory=dict)


class FurtherRuntimes:
    """Finds the runtimes that the rows leave out and their sides, from a run's judged cases.

    `runtimes` are all of the run.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.runtimes: tuple[str, ...] = ()
        self._rows = [row for row in ledger.decisions if row.live and not row.work]
        self._stands = {row.id: _Stands() for row in self._rows}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        about = judgement.partial or ((),) * len(judgement.decisions)
        for finding, decided, partial in zip(
            result.comparison.findings, judgement.decisions, about, strict=True
        ):
            for row in self._rows:
                if row.id in decided or row in partial:
                    _add(self._stands[row.id], row, finding, left=not decided)
        for row in self._rows:
            concerned = [each for each in row.covers if each.concerns(result.case_id)]
            self._stands[row.id].places += sum(len(each.places) for each in concerned)

    def left_out(self, row: Decision) -> tuple[str, ...]:
        """Return the runtimes that a row leaves out."""
        return tuple(self._stands[row.id].left)

    def side(self, row: Decision, runtime: str) -> str:
        """Return the side on which a runtime stands in all that a row covers.

        Raises TrackerError where it does not.
        """
        stands = self._stands[row.id]
        sides = stands.sides.get(runtime, [])
        names = set(sides)
        if len(names) == 1 and _ELSEWHERE not in names and len(sides) >= stands.places:
            return sides[0]
        there = max(Counter(name for name in sides if name != _ELSEWHERE).values(), default=0)
        raise TrackerError(
            f"{row.id}: {runtime} shows it in {there} of its {plural(stands.places, 'place')}",
            hint="a row covers what was seen, and no more: decide the cause of this runtime as a "
            "row of its own",
        )


def _add(stands: _Stands, row: Decision, finding: Finding, *, left: bool) -> None:
    by_index = {at: name for name, sides in standing(row, finding).items() for at in sides}
    named = {*row.runtimes}
    for at, side in enumerate(finding.sides):
        for runtime in side.runtimes:
            if runtime not in named:
                name = by_index.get(at, _ELSEWHERE)
                stands.sides.setdefault(runtime, []).append(name)
                if left and (name == row.fix or row.fix is None or name == _ELSEWHERE):
                    stands.left[runtime] = None


def further_runtimes(run: Path, ledger: Ledger) -> FurtherRuntimes:
    """Return what runtimes the rows of a ledger leave out in a saved run."""
    found = FurtherRuntimes(ledger)
    report = judge_record(run, ledger, folds=(found,))
    found.runtimes = tuple(facts.name for facts in report.header.runtimes)
    return found


def widened(row: Decision, runtimes: Iterable[str], found: FurtherRuntimes) -> Decision:
    """Return a row with more runtimes on its sides.

    Raises TrackerError for one that does not stand on a side.
    """
    sides = {side.name: list(side.runtimes) for side in row.sides}
    for runtime in runtimes:
        sides[found.side(row, runtime)].append(runtime)
    return replace(row, sides=tuple(RowSide(name, tuple(names)) for name, names in sides.items()))
