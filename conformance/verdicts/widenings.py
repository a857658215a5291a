"""Causes that need no new row: an existing row decides them once it names a further runtime."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import attrgetter

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

    In all places that such a row covers, a further runtime stands on one of its sides.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[Decision, _Further]] = {}
        self._others: set[str] = set()

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Note the undecided findings of one judged case."""
        for judged in result.judged(judgement):
            finding = judged.finding
            if judged.decided or finding.follows:
                continue
            causes = causes_of(finding, result.requests[finding.step])
            self._note(judged, set(map(attrgetter("key"), causes)), result.case_id)

    def _note(self, judged: JudgedFinding, keys: AbstractSet[str], case_id: str) -> None:
        """Note an undecided finding under the keys of its causes."""
        row = nearly_decided_by(judged)
        if row is None:
            self._others.update(keys)
            return
        for key in keys:
            further = self._rows.setdefault(key, {}).setdefault(row, _Further())
            further.runtimes.update(dict.fromkeys(judged.left))
            further.places.add((case_id, *judged.finding.where))

    def added_to(self, groups: Iterable[Group]) -> tuple[Group, ...]:
        """Return groups, each with the rows that decide it once they name further runtimes."""
        return tuple(replace(group, widens=self._of(group.key)) for group in groups)

    def _of(self, key: str) -> tuple[Widening, ...]:
        if key in self._others:
            return ()
        widenings: list[Widening] = []
        for row, further in self._rows.get(key, {}).items():
            if not _in_all_places(row, further):
                return ()
            widenings.append(Widening(row.id, tuple(further.runtimes)))
        return tuple(widenings)


def nearly_decided_by(judged: JudgedFinding) -> Decision | None:
    """Return the row on whose sides all undecided runtimes of a finding stand; None without one."""
    if judged.reopened or not judged.left:
        return None
    for row in live_rows(judged.partial):
        if on_sides(row, judged.finding).issuperset(judged.left):
            return row
    return None


def _in_all_places(row: Decision, further: _Further) -> bool:
    # The places of a pattern cannot be counted
    if row.grows:
        return True
    places = chain.from_iterable(map(row.places_in, row.where))
    return len(further.places) >= len(list(places))
