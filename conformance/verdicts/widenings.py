"""Causes of which nothing is left to decide: a row only leaves out a further runtime."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.causes import causes_of
from conformance.model.decision import Decision, live_rows
from conformance.model.group import Group, Widening
from conformance.model.verdict import CaseResult, JudgedFinding, Judgement
from conformance.verdicts.matching import on_sides


class _Further(Struct):
    """The runtimes that a row leaves out in one cause, and the cases and places where it does."""

    runtimes: dict[str, None] = field(default_factory=dict)
    places: set[tuple[str, int, str]] = field(default_factory=set)


class WideningTally:
    """Takes the judged cases of a run one by one and finds the causes that rows nearly decide.

    A further runtime stands on a side of such a row in all that the row covers.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[Decision, _Further]] = {}
        self._others: set[str] = set()

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        for judged in result.judged(judgement):
            if not judged.decided and not judged.finding.follows:
                request = result.requests[judged.finding.step]
                keys = {cause.key for cause in causes_of(judged.finding, request)}
                self._note(judged, keys, result.case_id)

    def _note(self, judged: JudgedFinding, keys: AbstractSet[str], case_id: str) -> None:
        """Note an undecided finding, given the keys of its causes."""
        row = nearly_decided_by(judged)
        if row is None:
            self._others.update(keys)
            return
        for key in keys:
            further = self._rows.setdefault(key, {}).setdefault(row, _Further())
            further.runtimes.update(dict.fromkeys(judged.left))
            further.places.add((case_id, *judged.finding.where))

    def added_to(self, groups: Iterable[Group]) -> tuple[Group, ...]:
        """Return groups, each with the rows that decide it once they are widened."""
        return tuple(replace(group, widens=self._of(group.key)) for group in groups)

    def _of(self, key: str) -> tuple[Widening, ...]:
        rows = self._rows.get(key, {})
        if key in self._others or not all(_in_all_places(*each) for each in rows.items()):
            return ()
        return tuple(Widening(row.id, tuple(further.runtimes)) for row, further in rows.items())


def nearly_decided_by(judged: JudgedFinding) -> Decision | None:
    """Return the row on a side of which stand all runtimes that a finding leaves undecided."""
    if judged.reopened or not judged.left:
        return None
    nearly: Sequence[Decision] = live_rows(judged.partial)
    return next((row for row in nearly if on_sides(row, judged.finding) >= {*judged.left}), None)


def _in_all_places(row: Decision, further: _Further) -> bool:
    if row.grows:
        return True
    return len(further.places) >= sum(len(row.places_in(case)) for case in row.where)
