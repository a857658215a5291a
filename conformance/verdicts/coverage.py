"""Which ledger rows decide a finding together, and which runtimes they leave out.

A finding is decided when every runtime in it is covered: a matching row names it, or it stands on a
side of such a row that is not the one to be changed.  Several rows may decide a finding together if
they link all of its sides.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, combinations, compress, filterfalse, permutations, product
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.difference import VALUES_DIFFER
from conformance.comparison.faults import ANSWERED
from conformance.comparison.sides import connected_sets
from conformance.distinct import distinct
from conformance.errors import LedgerError
from conformance.model.answer_place import spellings
from conformance.model.decision import Decision, Ledger, concerning, live_rows
from conformance.model.finding import DifferenceKind, Finding
from conformance.verdicts.held_values import holds
from conformance.verdicts.matching import (
    InCase,
    difference_now,
    is_named,
    matches,
    runtimes_at,
    says_fault,
    standing,
)

Rows = tuple[Decision, ...]


class Standings(Struct, frozen=True):
    """The rows of the ledger that a finding has.

    `decided` are the rows that decide it together.  If they leave something out, it is empty; then
    `about` are the rows that decide a part of it, `left` the runtimes that no row covers, and
    `reopened` the rows whose difference has become this one.
    """

    decided: Rows = ()
    about: Rows = ()
    left: tuple[str, ...] = ()
    reopened: Rows = ()

    @property
    def rows(self) -> Rows:
        """Return all rows that match the finding."""
        return (*self.decided, *self.about)

    @property
    def left_by_rows(self) -> tuple[str, ...]:
        """Return the runtimes that no row covers, if rows decide a part of the finding."""
        if not self.about:
            return ()
        return self.left

    @property
    def known(self) -> bool:
        """Return whether live rows decide the finding; a done row says that it is gone."""
        return bool(self.decided) and all(map(attrgetter("live"), self.decided))


def standings_of(
    findings: Sequence[Finding], case: InCase, ledger: Ledger
) -> tuple[Standings, ...]:
    """Return the rows of each finding of a case.

    Raises LedgerError for two rows that contradict each other.
    """
    concerned = concerning(ledger.differences, case.case_id)
    # Fast path: most cases have no row
    if not concerned:
        return (Standings(),) * len(findings)
    of_finding = partial(_of_finding, case=case, concerned=concerned)
    standings = list(map(of_finding, findings))
    rows_shown: set[tuple[str, str]] = set()
    for finding, known in zip(findings, standings, strict=True):
        for row in known.rows:
            rows_shown.update(_shown_at(row, finding, case))
    for index, known in enumerate(standings):
        if not known.decided:
            reopened = _reopened(findings[index], case, concerned, rows_shown)
            standings[index] = replace(known, reopened=reopened)
    return tuple(standings)


def _shown_at(row: Decision, finding: Finding, case: InCase) -> set[tuple[str, str]]:
    """Return `(row id, place)` for each place of a row that stands for a finding."""
    return set(product((row.id,), case.places(row, finding)))


def with_what_they_follow(
    findings: Sequence[Finding], standings: Sequence[Standings]
) -> tuple[Standings, ...]:
    """Return the rows of each finding, with those of findings that follow from others.

    A finding that follows from whole bodies is decided by the rows of all findings in these.
    """
    whole: list[Standings] = []
    for finding, own in zip(findings, standings, strict=True):
        of_leading = _of_leading(finding, findings, standings)
        whole.append(of_leading or own)
    return tuple(whole)


def fault_rows(
    findings: Iterable[Finding], standings: Iterable[Standings]
) -> Iterator[tuple[tuple[int, str], tuple[str, ...]]]:
    """Yield the ids of the rows about the fault of each runtime, by `(step, runtime)`."""
    for finding, known in zip(findings, standings, strict=True):
        if finding.kind is not DifferenceKind.FAULT:
            continue
        for runtime in finding.runtimes:
            rows = filter(partial(says_fault, runtime=runtime), known.rows)
            yield (finding.step, runtime), ids(rows)


def ids(rows: Iterable[Decision]) -> tuple[str, ...]:
    """Return the ids of rows."""
    return tuple(map(attrgetter("id"), rows))


def _of_leading(
    finding: Finding, findings: Sequence[Finding], standings: Sequence[Standings]
) -> Standings | None:
    if not finding.is_of_whole_bodies:
        return None
    decided = map(attrgetter("decided"), standings)
    of_leading: list[Rows] = list(compress(decided, map(finding.is_led_by, findings)))
    # If one of these is undecided, the finding that follows from them is, too
    if not of_leading or not all(of_leading):
        return None
    return Standings(decided=distinct(of_leading))


def _reopened(
    finding: Finding,
    case: InCase,
    rows: Iterable[Decision],
    rows_shown: AbstractSet[tuple[str, str]],
) -> tuple[Decision, ...]:
    """Return the live rows whose difference has become this undecided finding.

    The finding still separates two sides of such a row.  Either nothing in the case shows the row's
    own difference any more, or the finding is that difference with other values.  A row that covers
    the place by a pattern may never have had a difference there; it is reopened only by its own
    cause.
    """
    is_at_its_place = partial(_is_at_its_place, finding=finding, case=case)
    has_left_pin = partial(_has_left_pin, finding=finding, case=case)
    at_place = list(filter(is_at_its_place, live_rows(rows)))
    about = list(filter(has_left_pin, at_place))
    reopened: list[Decision] = []
    for row in at_place:
        # A difference of another row, with new values, does not reopen this row
        is_of_another = row not in about and _is_explained(row, finding, about)
        still_differs = difference_now(row, finding, case) is not None
        if is_of_another or not still_differs:
            continue
        if _is_other(row, finding, case, rows_shown):
            reopened.append(row)
    return tuple(reopened)


def _is_explained(row: Decision, finding: Finding, about: Iterable[Decision]) -> bool:
    """Return whether other rows are about all pairs of a row that a finding separates."""
    apart = row.pairs & finding.distinguished
    explained = chain.from_iterable(map(attrgetter("pairs"), about))
    return bool(apart) and apart.issubset(explained)


def _is_other(
    row: Decision, finding: Finding, case: InCase, rows_shown: AbstractSet[tuple[str, str]]
) -> bool:
    """Return whether a row's own difference is gone from a place, or has other values there."""
    is_shown_elsewhere = _shown_at(row, finding, case) <= rows_shown
    if not is_shown_elsewhere:
        return True
    return _has_left_pin(row, finding, case)


def _is_at_its_place(row: Decision, finding: Finding, case: InCase) -> bool:
    """Return whether a finding has a row's cause or is at a place that the row names."""
    if not row.grows or is_named(row, finding):
        return True
    written = map(spellings, case.places(row, finding))
    return not all(map(attrgetter("open"), chain.from_iterable(written)))


def _has_left_pin(row: Decision, finding: Finding, case: InCase) -> bool:
    if not matches(row, finding, case):
        return False
    return not holds(row, finding, case)


def _of_finding(finding: Finding, case: InCase, concerned: Iterable[Decision]) -> Standings:
    matching = filter(partial(matches, finding=finding, case=case), concerned)
    rows = list(filter(partial(holds, finding=finding, case=case), matching))
    live = live_rows(rows)
    for first, second in combinations(live, 2):
        _refuse_rivals(first, second, finding, case)
    # Live rows first: with a done row as well, a decided difference is no regression
    for candidates in filter(None, (live, rows)):
        if _decide(candidates, finding):
            return Standings(decided=tuple(candidates))
    return Standings(about=tuple(rows), left=tuple(_concerned(live or rows, finding)))


def _decide(rows: Sequence[Decision], finding: Finding) -> bool:
    """Return whether rows together cover all runtimes of a finding and link all of its sides."""
    return not _left(rows, finding) and _join_all(rows, finding)


def _refuse_rivals(first: Decision, second: Decision, finding: Finding, case: InCase) -> None:
    both = _claimed_by_both(first, second, finding)
    if both:
        raise two_rows(first, second, case.case_id, both_are_about(both))
    # Two rows may share a finding, unless one changes a runtime that the other keeps
    for row, other in ((first, second), (second, first)):
        to_fix = set(row.to_fix).intersection(finding.runtimes)
        contested = sorted(to_fix & _kept(other))
        if contested:
            why = f"{row.id} changes {contested[0]}, and {other.id} does not"
            raise two_rows(first, second, case.case_id, why)


def _claimed_by_both(
    first: Decision, second: Decision, finding: Finding
) -> AbstractSet[frozenset[str]]:
    """Return the pairs of a finding's runtimes that both rows are about.

    For a fault, each is one runtime.
    """
    if finding.kind is DifferenceKind.FAULT:
        named = {*first.runtimes}.intersection(second.runtimes)
        return {frozenset((name,)) for name in named - _answering(finding)}
    here = map(frozenset, combinations(finding.runtimes, 2))
    return (first.pairs & second.pairs).intersection(here)


def _kept(row: Decision) -> set[str]:
    """Return the runtimes of a row that stay as they are; none if the side to fix is undecided."""
    if row.fix is None:
        return set()
    return set(row.runtimes).difference(row.to_fix)


def both_are_about(pairs: Iterable[frozenset[str]]) -> str:
    """Return a sentence part that names the first pair that both rows are about."""
    first = min(pairs, key=sorted)
    return f"both are about {' and '.join(sorted(first))}"


def two_rows(first: Decision, second: Decision, case_id: str, why: str) -> LedgerError:
    """Return the error for two rows that claim one finding."""
    return LedgerError(
        f"{second.id} and {first.id} claim the same finding of {case_id}: {why}",
        place=second.place,
        hint="one difference has one row: merge them, or take the case out of one",
    )


def _left(rows: Iterable[Decision], finding: Finding) -> list[str]:
    """Return the runtimes of a finding that no row covers."""
    covered: set[str] = set()
    for row in rows:
        covered.update(row.runtimes, _on_kept_sides(row, finding))
    if finding.kind is DifferenceKind.FAULT:
        covered.update(_answering(finding))  # an answer needs no decision here
    return list(filterfalse(covered.__contains__, finding.runtimes))


def _on_kept_sides(row: Decision, finding: Finding) -> frozenset[str]:
    """Return the runtimes on the sides of a finding that a row does not change.

    They include runtimes that the row does not name.
    """
    if row.fix is None:
        return frozenset()
    # A further runtime on a kept side is right; on the other side it is undecided
    kept = dict(standing(row, finding))
    kept.pop(row.fix, None)
    return runtimes_at(finding, kept.values())


def _concerned(rows: Sequence[Decision], finding: Finding) -> Iterator[str]:
    """Yield the runtimes that no row covers but that show what a row is about."""
    left = _left(rows, finding)
    if finding.kind is not DifferenceKind.FAULT:
        yield from left
        return
    decided: set[str] = set()
    for row in rows:
        decided.update(row.side_of.values())
    for name in left:
        facts = finding.facts_of(finding.side_of[name])
        if not decided.isdisjoint(facts):  # another fault has another cause
            yield name


def _answering(finding: Finding) -> set[str]:
    """Return the runtimes that answered, in a finding about faults of others."""
    answering: set[str] = set()
    for index, side in enumerate(finding.sides):
        if finding.facts_of(index) == (ANSWERED,):
            answering.update(side.runtimes)
    return answering


def _join_all(rows: Iterable[Decision], finding: Finding) -> bool:
    """Return whether rows explain the difference between every two sides of a finding.

    A chain of rows over a third side is enough.  Where two values differ, only rows about values
    count: that each of two texts differs from null says nothing about the two texts.
    """
    if finding.kind is DifferenceKind.FAULT:
        return True
    explained: set[tuple[int, int]] = set()
    for row in rows:
        stand = standing(row, finding)
        for first, second in permutations(stand.values(), 2):
            explained.update(product(first, second))
    by_value = {pair.sides for pair in finding.pairs if pair.facts == VALUES_DIFFER}
    if not _joins(by_value & explained, by_value):
        return False
    return _joins(explained, map(attrgetter("sides"), finding.pairs))


def _joins(explained: Iterable[tuple[int, int]], pairs: Iterable[tuple[int, int]]) -> bool:
    """Return whether each pair of sides is explained, directly or by a chain of others.

    If one row explains a and b, and another b and c, then a and c are explained, too.
    """
    groups = connected_sets(explained)
    for pair in pairs:
        is_joined = any(group.issuperset(pair) for group in groups)
        if not is_joined:
            return False
    return True
