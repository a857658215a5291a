"""New rows for what a run leaves undecided: at least one for each cause.

Each has only the cases, places and values that showed the cause.

A finding that did not show again on the second try makes no row, as it cannot be decided.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, filterfalse, islice, product
from operator import attrgetter
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.causes import causes_of
from conformance.comparison.finding_titles import title_of as sentence_title
from conformance.comparison.grouping import leading_findings
from conformance.distinct import distinct
from conformance.errors import Place
from conformance.ledger.draft_sides import DraftSides
from conformance.ledger.draft_values import DraftValues
from conformance.ledger.row_fields import UNWRITTEN
from conformance.ledger.sides_at_place import by_place, sides_at_place
from conformance.ledger.taken_places import TakenPlace
from conformance.model.answer_place import (
    add_place,
    first_spelling,
    place_in_case,
    spelled_together,
)
from conformance.model.decision import Decision, DecisionKind, DecisionState, RowSide, coverage_of
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.pin import MAX_PINNED
from conformance.model.verdict import CaseResult, JudgedFinding, Judgement
from conformance.verdicts.matching import InCase, matches

_OWN_TITLE: Final = attrgetter("own_title")
_SIDES: Final = attrgetter("sides.sides")
# The names in a body may make a place of any length; a title must fit on a line
_SHOWN: Final = 100


class Draft(Struct):
    """A new row: its sides, its places by case, and the values that were sent, by side.

    `more`: further values were sent that are not kept.  `follows` is the place of a digest or
    length that only follows from another difference; such a row has its own values and title,
    `own_title`. `varying` are `(runtime, place)` where a runtime changes its value with each
    request, so that no row can list it.  `asked_once` are cases, with their unsafe method, that
    were not repeated, so that nothing shows whether their values change.  `in_place_of` are the
    places of rows that this row replaces.  `takes` are other causes whose findings the row would
    match, too.
    """

    cause: str
    sides: DraftSides
    follows: str = ""
    places: dict[str, set[str]] = field(default_factory=dict)
    values: DraftValues = field(default_factory=DraftValues)
    more: bool = False
    own_title: str = ""
    varying: dict[tuple[str, str], None] = field(default_factory=dict)
    asked_once: dict[str, str] = field(default_factory=dict)
    in_place_of: set[TakenPlace] = field(default_factory=set)
    takes: set[str] = field(default_factory=set)

    @property
    def needs_bound(self) -> bool:
        """Return whether there are too many values for a list."""
        has_too_many = self.more or self.values.too_many
        return self.sides.by_value and has_too_many

    @property
    def case_places(self) -> set[tuple[str, str]]:
        """Return the places, each with its case: `(case, place)`."""
        pairs: set[tuple[str, str]] = set()
        for case, places in self.places.items():
            pairs.update(product((case,), places))
        return pairs

    def row(self, number: int, title: str, today: dt.date) -> Decision:
        """Return the row of the ledger; people write its reason and its owner later."""
        return Decision(
            id=f"D-{number:03d}",
            title=title,
            state=DecisionState.OPEN,
            kind=DecisionKind.MUST_MATCH,
            cause=self.sides.name,
            code=self.sides.code,
            covers=coverage_of(self.places),
            sides=self.sides.sides,
            pin=self.values.pin(self.places) if self.sides.by_value else None,
            reason=UNWRITTEN,
            owner=UNWRITTEN,
            opened=today,
            place=Place(""),
        )

    def in_case(self, case_id: str) -> Decision:
        """Return the row as it would be if it covered only one of its cases."""
        values = DraftValues({case_id: self.values.seen.get(case_id, {})})
        places = {case_id: self.places[case_id]}
        return Draft(self.cause, self.sides, places=places, values=values).row(0, "-", dt.date.min)

    def take(self, finding: Finding, case: InCase, result: CaseResult) -> None:
        """Add a finding that the row would match."""
        places = self.places.setdefault(case.case_id, set())
        place = _place(self.sides, finding, case)
        add_place(places, place)
        if self.sides.by_value:
            self._take_values(place, finding, result)

    def _take_values(self, place: str, finding: Finding, result: CaseResult) -> None:
        """Add the values sent, up to the limit of a pin, and what is known of their changes."""
        runtimes = self.sides.runtimes
        varying = [each for each in result.varying(finding) if each[0] in runtimes]
        self.varying.update(dict.fromkeys(varying))
        if result.changes_itself:
            self.asked_once[result.case_id] = result.unsafe_method
        self.more |= bool(finding.more_sent)
        sent = islice(dict.fromkeys(finding.to_pin), MAX_PINNED + 1)
        self.values.take(result.case_id, place, self.sides.sides, map(dict, sent))


class Drafts:
    """Takes the judged cases of a run one by one and gives new rows by the key of their cause."""

    def __init__(self) -> None:
        self._drafts: dict[tuple[str, DraftSides, str], Draft] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Draft rows for the undecided findings of one judged case."""
        case = InCase(result.case_id, len(result.requests))
        for of_place in by_place(_undecided(result, judgement)):
            self._add_place(of_place, result, judgement, case)

    def _add_place(
        self,
        of_place: Sequence[JudgedFinding],
        result: CaseResult,
        judgement: Judgement,
        case: InCase,
    ) -> None:
        """Take the findings of one place, which may group the runtimes in several ways."""
        asked = {cell.runtime for cell in result.cells}
        for undecided, sides in sides_at_place(of_place, asked):
            finding = undecided.finding
            draft = self._draft(finding, sides, result, judgement)
            draft.take(finding, case, result)
            for reopened in undecided.reopened:
                places = case.places(reopened, finding)
                taken = (TakenPlace(reopened.id, case.case_id, place) for place in places)
                draft.in_place_of.update(taken)
            row = draft.in_case(case.case_id)
            for other in of_place:
                if other is undecided or not matches(row, other.finding, case):
                    continue
                draft.take(other.finding, case, result)
                draft.takes.add(_cause_key(other.finding, result, judgement))

    def _draft(
        self, finding: Finding, sides: DraftSides, result: CaseResult, judgement: Judgement
    ) -> Draft:
        leading = leading_findings(finding, result.stable(judgement), decided=False)[0]
        causes = causes_of(leading, result.requests[leading.step])
        if finding.kind is DifferenceKind.FAULT:
            # A fault has a cause and a row for each runtime
            runtimes = set(sides.sides[0].runtimes)
            causes = tuple(cause for cause in causes if runtimes.issubset(cause.sides[0][1]))
        key = causes[0].key
        follows = finding.place if leading is not finding else ""
        draft = self._drafts.setdefault((key, sides, follows), Draft(key, sides, follows))
        if follows:
            draft.own_title = sentence_title(finding)
        return draft

    def of_causes(self) -> Mapping[str, Sequence[Draft]]:
        """Return the new rows by the key of their cause, in the order of the run."""
        by_cause: dict[str, list[Draft]] = defaultdict(list)
        for draft in self._drafts.values():
            by_cause[draft.cause].append(draft)
        return by_cause


def _undecided(result: CaseResult, judgement: Judgement) -> Iterator[JudgedFinding]:
    """Yield the undecided findings that a row can decide.

    A finding about whole bodies has no row: it is decided when all differences in the bodies are.
    """
    for judged in filterfalse(attrgetter("decided"), result.judged(judgement)):
        is_unstable = judged.finding in result.unstable
        if not is_unstable and not judged.finding.is_of_whole_bodies:
            yield judged


def _cause_key(finding: Finding, result: CaseResult, judgement: Judgement) -> str:
    """Return the key of a finding's cause; for a fault, of the first runtime's cause."""
    leading = leading_findings(finding, result.stable(judgement), decided=False)[0]
    return causes_of(leading, result.requests[leading.step])[0].key


def _place(sides: DraftSides, finding: Finding, case: InCase) -> str:
    """Return the place with the spellings of all runtimes of the row.

    The row then still covers it when one runtime changes to the spelling of another.
    """
    spelled: set[str] = set()
    for side in finding.sides:
        by_runtime = dict(zip(side.runtimes, side.lasting_places, strict=True))
        named = sides.runtimes & by_runtime.keys()
        spelled.update(by_runtime[name] for name in named)
    spelled.discard("")  # a runtime without a value there
    part = spelled_together(spelled or {finding.lasting_place})
    return place_in_case(part, finding.step, case.steps)


def merged(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Yield new rows, after merging those that differ only in the runtimes of the largest side.

    The merged row has the runtimes of all of them.
    """
    by_key: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        # Any runtime on the largest side may take part in one case and not in another
        key = _merge_key(draft)
        if key in by_key:
            by_key[key] = _together(by_key[key], draft)
        else:
            by_key[key] = draft
    yield from by_key.values()


def _merge_key(draft: Draft) -> tuple[object, ...]:
    """Return the key that drafts share when they are merged into one row."""
    sides = draft.sides
    if not sides.largest:
        return draft.follows, sides
    odd = tuple(side for side in sides.sides if side.name != sides.largest)
    return draft.follows, sides.name, sides.code, odd, sides.largest


def _together(first: Draft, other: Draft) -> Draft:
    runtimes = {side.name: side.runtimes for side in other.sides.sides}
    sides: list[RowSide] = []
    for side in first.sides.sides:
        names = distinct((side.runtimes, runtimes[side.name]))
        sides.append(RowSide(side.name, names))
    places = {case: set(of_case) for case, of_case in first.places.items()}
    for case, place in other.case_places:
        add_place(places.setdefault(case, set()), place)
    return Draft(
        first.cause,
        replace(first.sides, sides=tuple(sides)),
        first.follows,
        places,
        first.values.with_those_of(other.values),
        first.more or other.more,
        first.own_title,
        first.varying | other.varying,
        first.asked_once | other.asked_once,
        first.in_place_of | other.in_place_of,
        first.takes | other.takes,
    )


def next_id(ids: Iterable[str]) -> int:
    """Return the number of the next new id, above all that were ever used."""
    numbers = (int(re.sub(r"\D", "", used)) for used in ids)
    return 1 + max(numbers, default=0)


def title_of(cause: str, draft: Draft, drafts: Iterable[Draft]) -> str:
    """Return the title of a row: the title of its cause, with the place and sides where needed.

    The place is added if it is the only one and the cause does not name it.  The sides are added if
    several of `drafts`, the rows of the cause, have the same title, and the code if their sides are
    the same, too.  A row about a place that only follows from the cause has its own title.
    """
    cause = draft.own_title or cause
    places = sorted(set(chain.from_iterable(draft.places.values())))
    place = first_spelling(places[0])
    needs_place = len(places) == 1 and place not in cause
    title = f"{cause} at {place[:_SHOWN]}" if needs_place else cause
    together = list(drafts)
    with_its_title = Counter(map(_OWN_TITLE, together))[draft.own_title]
    if with_its_title == 1:
        return title
    sides = " | ".join(_sides_in_words(draft.sides))
    with_its_sides = Counter(map(_SIDES, together))[draft.sides.sides]
    if draft.sides.code and with_its_sides > 1:
        sides = f"{sides}, {draft.sides.code}"
    # Two pairs of parentheses in a row are hard to read
    if cause.endswith(")"):
        return f"{title}: {sides}"
    return f"{title} ({sides})"


def _sides_in_words(sides: DraftSides) -> list[str]:
    """Return the names of the sides, or their runtimes where the names are only letters."""
    if sides.by_value:
        return list(map(", ".join, map(attrgetter("runtimes"), sides.sides)))
    return list(map(attrgetter("name"), sides.sides))
