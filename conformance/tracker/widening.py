"""Adds a further runtime to a row whose difference it shows in all that the row covers."""

from collections import Counter
from collections.abc import Iterable
from itertools import product
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.errors import TrackerError
from conformance.judging import judge_record
from conformance.model.decision import Decision, Ledger, RowSide, live_rows
from conformance.model.verdict import CaseResult, JudgedFinding, Judgement
from conformance.verdicts.matching import standing
from conformance.wording import plural

_ELSEWHERE = ""
"""The side of a runtime that is on no side of a row: it shows another fact, or none."""


class _Stands(Struct):
    """The sides of the runtimes that a row does not name, at each place with its difference."""

    places: int = 0
    left: dict[str, None] = field(default_factory=dict)
    sides: dict[str, list[str]] = field(default_factory=dict)


class FurtherRuntimes:
    """Takes judged cases; finds the runtimes that rows leave out, and their sides.

    `runtimes` are all runtimes of the run.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.runtimes: tuple[str, ...] = ()
        self._rows = live_rows(ledger.differences)
        self._stands = {row.id: _Stands() for row in self._rows}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Note on which sides of the rows further runtimes stand in one judged case."""
        for judged, row in product(result.judged(judgement), self._rows):
            if judged.has(row):
                _add(self._stands[row.id], row, judged)
        for row in self._rows:
            stands = self._stands[row.id]
            for covered in row.covers:
                if covered.concerns(result.case_id):
                    stands.places += len(covered.places)

    def left_out(self, row: Decision) -> tuple[str, ...]:
        """Return the runtimes that a row leaves out."""
        return tuple(self._stands[row.id].left)

    def side(self, row: Decision, runtime: str) -> str:
        """Return the side on which a runtime stands in all that a row covers.

        Raises TrackerError if it does not stand on the same side everywhere.
        """
        stands = self._stands[row.id]
        # One place on another side needs another row
        counts = Counter(stands.sides.get(runtime, ()))
        is_on_one_side = len(counts) == 1 and _ELSEWHERE not in counts
        is_everywhere = counts.total() >= stands.places
        if is_on_one_side and is_everywhere:
            return next(iter(counts))
        del counts[_ELSEWHERE]
        most = max(counts.values(), default=0)
        raise TrackerError(
            f"{row.id}: {runtime} shows it in {most} of its {plural(stands.places, 'place')}",
            hint="a row covers what was seen, and no more: decide the cause of this runtime as a "
            "row of its own",
        )


def _add(stands: _Stands, row: Decision, judged: JudgedFinding) -> None:
    """Note the side of a row on which each runtime stands that the row does not name.

    The row leaves out a runtime that is undecided, unless it stands on a side that stays as it is:
    such a runtime is covered by the row.
    """
    name_of: dict[int, str] = {}
    for name, sides in standing(row, judged.finding).items():
        name_of.update(dict.fromkeys(sides, name))
    named = set(row.runtimes)
    # Without a side to be changed, no side is known to stay as it is
    is_undirected = row.fix is None
    for runtime, side in judged.finding.side_of.items():
        if runtime in named:
            continue
        name = name_of.get(side, _ELSEWHERE)
        stands.sides.setdefault(runtime, []).append(name)
        if judged.decided:
            continue
        is_uncovered = is_undirected or name in {_ELSEWHERE, row.fix}
        if is_uncovered:
            stands.left[runtime] = None


def further_runtimes(run: Path, ledger: Ledger) -> FurtherRuntimes:
    """Return the runtimes that the rows of a ledger leave out in a saved run."""
    further = FurtherRuntimes(ledger)
    report = judge_record(run, ledger, folds=(further,))
    further.runtimes = report.header.runtime_names
    return further


def widened(row: Decision, runtimes: Iterable[str], further: FurtherRuntimes) -> Decision:
    """Return a row with more runtimes on its sides.

    Raises TrackerError for a runtime that does not stand on one side everywhere.
    """
    names_by_side = {side.name: list(side.runtimes) for side in row.sides}
    for runtime in runtimes:
        names_by_side[further.side(row, runtime)].append(runtime)
    sides = (RowSide(name, tuple(names)) for name, names in names_by_side.items())
    return replace(row, sides=tuple(sides))
