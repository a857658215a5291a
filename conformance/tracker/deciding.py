"""Rows for causes of a saved run, with checks that they can be written."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, count
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import TrackerError
from conformance.judging import judge_record
from conformance.ledger.drafts import Draft, Drafts, merged, title_of
from conformance.model.decision import Decision, DecisionKind, Ledger, RowSide
from conformance.model.group import Group
from conformance.model.pin import MAX_PINNED, Pin
from conformance.model.report import RunReport
from conformance.reporting import phrases
from conformance.reporting.cause_keys import group_by_key
from conformance.tracker.decided_along import decided_along
from conformance.tracker.fix_lines import lines_of_fix
from conformance.tracker.overreach import CHOOSE_A_BOUND
from conformance.verdicts.decided_and_unmet import UnmetTally
from conformance.verdicts.past_limit import PastLimitTally

_BY_VALUE: Final = attrgetter("sides.by_value")
MOST_DAYS_FOR_MANY: Final = 30
"""The most days until the review of a reason that was given to many rows at once."""
_ANY: Final = (
    "give a rule that fits every runtime, or decide it whatever the values: --pin '{any: true}'"
)
_ALIKE: Final = "make the answers equal, or write a rule"
_BOUND_OF_TEXTS: Final = (
    "choose a bound: --pin '{matches: PATTERN}' for values of one form, or --pin '{any: true}'"
)


class UndecidedCause(Struct, frozen=True, kw_only=True, eq=False):
    """A cause of a run that is undecided in some cases, with its new rows.

    `runtimes` are all runtimes of the run.  `along` are the keys of causes that its rows decide at
    the same time, because those cannot be decided first.
    """

    group: Group
    drafts: tuple[Draft, ...]
    runtimes: frozenset[str] = frozenset()
    along: frozenset[str] = frozenset()

    @property
    def takes(self) -> frozenset[str]:
        """Return the keys of other causes whose findings its rows match."""
        return frozenset(chain.from_iterable(map(attrgetter("takes"), self.drafts)))

    def part_at(self, places: AbstractSet[tuple[str, str]]) -> "UndecidedCause":
        """Return the cause with only those new rows that cover one of the `(case, place)` pairs."""
        kept = (draft for draft in self.drafts if not draft.case_places.isdisjoint(places))
        return replace(self, drafts=tuple(kept))


class DecisionTerms(Struct, frozen=True, kw_only=True):
    """The fields of a decision that people give, for all causes that are decided at once.

    `fix` is the side to be changed, by a runtime on it or by its name.  Without `kind`, a row that
    is decided again keeps its kind, and a new row is `must_match`.
    """

    owner: str
    reason: str
    kind: DecisionKind | None = None
    fix: str | None = None
    pin: Pin | None = None
    title: str | None = None
    review_by: dt.date | None = None
    loc_estimate: int | None = None

    def applied_to(self, row: Decision) -> Decision:
        """Return a new row with the fields that are the same for all rows."""
        # Only a row that lists values can take a pin
        takes_pin = self.pin is not None and row.pin is not None
        return replace(
            row,
            kind=self.kind or row.kind,
            pin=self.pin if takes_pin else row.pin,
            reason=self.reason,
            owner=self.owner,
            review_by=self.review_by,
        )


class Undecided(Struct, frozen=True, kw_only=True):
    """The undecided causes of a run, in the order of its report, and the report itself."""

    report: RunReport
    causes: tuple[UndecidedCause, ...]

    def named(self, letters: str) -> tuple[UndecidedCause, ...]:
        """Return the cause whose key starts with some letters.

        If it has no rows of its own, the result is the causes whose rows decide it.

        Raises UsageError if no cause or several causes have such a key, or if no row can be made.
        """
        group = group_by_key(letters, self.report.groups)
        if group is None:
            raise TrackerError(
                f"{letters}: run {self.report.header.run_id} has no cause with such a key",
                hint="`conformance report` shows the causes with their keys",
            )
        # A cause without rows of its own is decided by those of another one
        own = tuple(cause for cause in self.causes if cause.group.key == group.key)
        along = tuple(cause for cause in self.causes if group.key in cause.along)
        causes = own or along
        if not causes:
            raise TrackerError(
                f"{letters}: {group.title}: {why_no_row(group, self.report)}",
                hint=_hint_of(group),
            )
        return causes


def why_no_row(group: Group, report: RunReport) -> str:
    """Return why no row can be made for a cause of a run."""
    # A runtime that differs by itself shows no difference between two runtimes
    if group.by_itself:
        example = f", such as {group.rules[0]}" if group.rules else " if one is right"
        return f"a runtime differs by itself, so no row can be made; write a rule{example}"
    back = phrases.returned(group, report)
    if back:
        return (
            f"{back[0]} is done, and the difference is back: fix it, or `conformance tracker "
            f"reopen {back[0]}`"
        )
    if not group.undecided:
        return f"it is decided in {', '.join(group.decisions)}"
    if not group.decisions:
        return "it has no row yet"
    return "its rows do not decide all of it; correct them"


def _hint_of(group: Group) -> str | None:
    """Return a hint for a cause without new rows; None if a rule is proposed."""
    if group.rules or not group.no_rules:
        return None
    return f"no rule is proposed: {group.no_rules[0]}"


def undecided(run: Path, ledger: Ledger) -> Undecided:
    """Return the causes of a saved run that a ledger does not decide, with the run's report."""
    drafts = Drafts()
    report = judge_record(run, ledger, folds=(drafts,))
    by_cause = drafts.of_causes()
    runtimes = frozenset(report.header.runtime_names)
    causes = []
    for group in report.groups:
        rows = tuple(by_cause.get(group.key, ()))
        if rows:
            causes.append(UndecidedCause(group=group, drafts=rows, runtimes=runtimes))
    return Undecided(report=report, causes=_with_along(causes))


def _with_along(causes: Sequence[UndecidedCause]) -> tuple[UndecidedCause, ...]:
    along = decided_along({cause.group.key: cause.takes for cause in causes})
    return tuple(replace(cause, along=along[cause.group.key]) for cause in causes)


def rows_of(
    cause: UndecidedCause, terms: DecisionTerms, first: int, today: dt.date
) -> Iterator[Decision]:
    """Yield the rows that decide a cause, with ids from the number `first` on.

    The first row has the estimate of the one fix of all rows.

    Raises TrackerError if the side to be changed does not exist, or if there are too many values
    for a list.
    """
    # Rows are not merged if the largest side is to be changed: each runtime on it counts
    drafts = _rows_to_be(cause, terms.fix)
    for draft in drafts:
        _refuse_unlisted(draft, terms)
    sides = [_side_to_fix(draft, terms.fix, cause.runtimes) for draft in drafts]
    fixed = set(chain.from_iterable(map(attrgetter("runtimes"), filter(None, sides))))
    lines = terms.loc_estimate or lines_of_fix(cause.group, fixed)
    for number, draft, side in zip(count(first), drafts, sides, strict=False):
        title = terms.title or title_of(cause.group.title, draft, drafts)
        row = terms.applied_to(draft.row(number, title, today))
        if side is not None:
            row = replace(row, fix=side.name)
        yield replace(row, loc_estimate=lines)
        # One fix ends all rows, so its estimate counts once
        lines = None


def _rows_to_be(cause: UndecidedCause, fix: str | None) -> tuple[Draft, ...]:
    """Return the new rows, merged unless the largest side of each is the one to be changed."""
    for draft in cause.drafts:
        side = _side_to_fix(draft, fix, cause.runtimes)
        if side is None or side.name != draft.sides.largest:
            return tuple(merged(cause.drafts))
    return cause.drafts


def _side_to_fix(draft: Draft, fix: str | None, runtimes: AbstractSet[str]) -> RowSide | None:
    if fix is None:
        return None
    return _side(draft, fix, runtimes)


def refuse_needless_pin(causes: Iterable[UndecidedCause], terms: DecisionTerms) -> None:
    """Raise TrackerError if a pin is given and the rows of a cause are not about values."""
    if terms.pin is None:
        return
    for cause in causes:
        lists_values = any(map(_BY_VALUE, cause.drafts))
        if lists_values:
            continue
        raise TrackerError(
            f"--pin: a row about `{cause.group.title}` lists no values, so nothing is pinned",
            hint="leave out --pin. The row holds while the facts of its sides stay; to hold it "
            "to the values too, write a `pin` into the row afterwards",
        )


def still_unmet(run: Path, ledger: Ledger, rows: Collection[str]) -> str:
    """Return a sentence that decided cases do not meet `expect`; an empty text if all do.

    `rows` are the ids of the rows whose cases count.
    """
    unmet = UnmetTally(rows)
    judge_record(run, ledger, folds=(unmet,))
    return unmet.sentence()


def _refuse_unlisted(draft: Draft, terms: DecisionTerms) -> None:
    """Raise TrackerError for a new row that cannot list its values or name its sides."""
    has_no_pin = terms.pin is None
    if draft.varying and has_no_pin:
        raise TrackerError(_never_the_same(draft), hint=_ANY)
    sides = draft.sides.sides
    names = set(map(attrgetter("name"), sides))
    if len(names) < len(sides):
        raise TrackerError("the sides show one fact, so a row cannot name them", hint=_ALIKE)
    if draft.needs_bound and has_no_pin:
        hint = CHOOSE_A_BOUND if draft.values.of_numbers else _BOUND_OF_TEXTS
        raise TrackerError(f"there are more than {MAX_PINNED} distinct values", hint=hint)


def _never_the_same(draft: Draft) -> str:
    """Return the message for a runtime whose value changes with every request."""
    runtime, place = next(iter(draft.varying))
    return (
        f"{runtime} sends another value at {place} whenever it is asked, so no row can list "
        "its values"
    )


def asked_once(cause: UndecidedCause) -> Iterator[str]:
    """Yield a sentence for each case whose listed values may change by themselves."""
    for draft in cause.drafts:
        for case_id, method in draft.asked_once.items():
            places = ", ".join(sorted(draft.places[case_id]))
            yield (
                f"{case_id} is a {method}, and its second answer differs: if {places} changes "
                "by itself, give a rule"
            )


def _side(draft: Draft, wanted: str, runtimes: AbstractSet[str]) -> RowSide:
    """Return a side by a runtime on it, else by its name.

    Raises TrackerError if the name is that of a runtime and of another side.
    """
    sides = draft.sides.sides
    with_runtime = [side for side in sides if wanted in side.runtimes]
    named = [side for side in sides if side.name == wanted]
    listed = (f"{side.name}: {', '.join(side.runtimes)}" for side in sides)
    hint = f"the sides are {'; '.join(listed)}"
    is_a_runtime = wanted in runtimes
    if named and is_a_runtime and with_runtime != named:
        example = f"--fix {named[0].runtimes[0]}"
        raise TrackerError(
            f"--fix {wanted}: {wanted} is a runtime, and also the name of a side that it is not on",
            hint=f"{hint}; name a runtime of the side to be changed: {example}",
        )
    sides_meant = with_runtime or named
    if not sides_meant:
        raise TrackerError(f"--fix {wanted}: no such side or runtime", hint=hint)
    return sides_meant[0]


def left_undecided(run: Path, ledger: Ledger, why: Mapping[str, str]) -> Iterator[str]:
    """Yield a line with the reason for each cause of a run that a ledger leaves undecided.

    `why` has the reasons by key; other reasons are found here.
    """
    past_limit = PastLimitTally()
    report = judge_record(run, ledger, folds=(past_limit,))
    short = phrases.short_keys(report.groups)
    for group in filter(attrgetter("undecided"), report.groups):
        cases = phrases.plural(group.undecided, "case")
        reason = why.get(group.key) or why_no_row(group, report)
        yield f"left: [{short[group.key]}] {group.title}, in {cases}: {reason}"
    sentence = past_limit.sentence()
    if sentence:
        yield f"left: {sentence}"
