"""Which rows decide a finding together, and what they leave.

A finding is decided when every runtime in it is covered: named by a row that matches, or standing
on a named side that is not the one to be changed.  Several rows may share a finding, and then join
all of its sides.
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
from conformance.comparison.sides import together
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
    """What the ledger says of one finding.

    `decided` are the rows that decide it together, none where they leave something: then `about`
    are the rows that decide a part of it, `left` the runtimes that none covers, and `reopened` the
    rows whose difference this was.
    """

    decided: Rows = ()
    about: Rows = ()
    left: tuple[str, ...] = ()
    reopened: Rows = ()

    @property
    def rows(self) -> Rows:
        """Return all rows that are about the finding as it is."""
        return (*self.decided, *self.about)

    @property
    def left_by_rows(self) -> tuple[str, ...]:
        """Return the runtimes that rows about a part of the finding leave; none without such."""
        if not self.about:
            return ()
        return self.left

    @property
    def known(self) -> bool:
        """Return whether the finding is decided, and by no row that says that it is gone."""
        return bool(self.decided) and all(map(attrgetter("live"), self.decided))


def standings_of(
    findings: Sequence[Finding], case: InCase, ledger: Ledger
) -> tuple[Standings, ...]:
    """Return what the ledger says of each finding of a case.

    Raises LedgerError for rows that contradict each other.
    """
    concerned = concerning(ledger.differences, case.case_id)
    # Most cases have no row, and many findings
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
    """Return a row's id with each of its places that stand for a finding."""
    return set(product((row.id,), case.places(row, finding)))


def with_what_they_follow(
    findings: Sequence[Finding], standings: Sequence[Standings]
) -> tuple[Standings, ...]:
    """Return what the ledger says of each finding.

    One that follows from whole bodies is decided with all of these.
    """
    whole: list[Standings] = []
    for finding, own in zip(findings, standings, strict=True):
        of_leading = _of_leading(finding, findings, standings)
        whole.append(of_leading or own)
    return tuple(whole)


def fault_rows(
    findings: Iterable[Finding], standings: Iterable[Standings]
) -> Iterator[tuple[tuple[int, str], tuple[str, ...]]]:
    """Yield the rows about the fault of each runtime, by step and runtime."""
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
    # With one of these left, the finding that follows from all is left too
    if not of_leading or not all(of_leading):
        return None
    return Standings(decided=distinct(of_leading))


def _reopened(
    finding: Finding,
    case: InCase,
    rows: Iterable[Decision],
    rows_shown: AbstractSet[tuple[str, str]],
) -> tuple[Decision, ...]:
    """Return the live rows with an undecided finding at their place that still differs.

    The finding still separates two sides of the row, in another way.

    That is another difference where nothing shows the row's own; or it is the row's own with other
    values.  At a place that a row covers by a pattern its difference need never have been: there
    another cause is none of its changes.
    """
    is_at_its_place = partial(_is_at_its_place, finding=finding, case=case)
    has_left_pin = partial(_has_left_pin, finding=finding, case=case)
    at_place = list(filter(is_at_its_place, live_rows(rows)))
    about = list(filter(has_left_pin, at_place))
    reopened: list[Decision] = []
    for row in at_place:
        # The difference of another row, with other values, is not what this one has become
        is_of_another = row not in about and _is_explained(row, finding, about)
        still_differs = difference_now(row, finding, case) is not None
        if is_of_another or not still_differs:
            continue
        if _is_other(row, finding, case, rows_shown):
            reopened.append(row)
    return tuple(reopened)


def _is_explained(row: Decision, finding: Finding, about: Iterable[Decision]) -> bool:
    """Return whether other rows are about all that tells a row's sides apart in a finding."""
    apart = row.pairs & finding.told_apart
    explained = chain.from_iterable(map(attrgetter("pairs"), about))
    return bool(apart) and apart.issubset(explained)


def _is_other(
    row: Decision, finding: Finding, case: InCase, rows_shown: AbstractSet[tuple[str, str]]
) -> bool:
    """Return whether nothing shows a row's own difference at a place, or it has other values."""
    is_shown_elsewhere = _shown_at(row, finding, case) <= rows_shown
    if not is_shown_elsewhere:
        return True
    return _has_left_pin(row, finding, case)


def _is_at_its_place(row: Decision, finding: Finding, case: InCase) -> bool:
    """Return whether a finding is of a row's cause, or at a place that the row names."""
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
    # Live rows first: a done one beside them does not make a decided difference a regression
    for candidates in filter(None, (live, rows)):
        if _decide(candidates, finding):
            return Standings(decided=tuple(candidates))
    return Standings(about=tuple(rows), left=tuple(_concerned(live or rows, finding)))


def _decide(rows: Sequence[Decision], finding: Finding) -> bool:
    """Return whether rows together cover all runtimes of a finding, and join all of its sides."""
    return not _left(rows, finding) and _join_all(rows, finding)


def _refuse_rivals(first: Decision, second: Decision, finding: Finding, case: InCase) -> None:
    both = _claimed_by_both(first, second, finding)
    if both:
        raise two_rows(first, second, case.case_id, both_are_about(both))
    # Two rows may share a finding, but no runtime is both to be changed and to stay as it is
    for row, other in ((first, second), (second, first)):
        to_fix = set(row.to_fix).intersection(finding.runtimes)
        contested = sorted(to_fix & _kept(other))
        if contested:
            why = f"{row.id} changes {contested[0]}, and {other.id} does not"
            raise two_rows(first, second, case.case_id, why)


def _claimed_by_both(
    first: Decision, second: Decision, finding: Finding
) -> AbstractSet[frozenset[str]]:
    """Return the pairs of a finding's runtimes that two rows are both about.

    A fault is about one runtime alone.
    """
    if finding.kind is DifferenceKind.FAULT:
        named = {*first.runtimes}.intersection(second.runtimes)
        return {frozenset((name,)) for name in named - _answering(finding)}
    here = map(frozenset, combinations(finding.runtimes, 2))
    return (first.pairs & second.pairs).intersection(here)


def _kept(row: Decision) -> set[str]:
    """Return the runtimes of a row that stay as they are; none while that is not decided."""
    if row.fix is None:
        return set()
    return set(row.runtimes).difference(row.to_fix)


def both_are_about(pairs: Iterable[frozenset[str]]) -> str:
    """Return which runtimes two rows are both about."""
    first = min(pairs, key=sorted)
    return f"both are about {' and '.join(sorted(first))}"


def two_rows(first: Decision, second: Decision, case_id: str, why: str) -> LedgerError:
    """Return the error of two rows that claim one finding."""
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
        covered.update(_answering(finding))  # to have answered is no difference
    return list(filterfalse(covered.__contains__, finding.runtimes))


def _on_kept_sides(row: Decision, finding: Finding) -> frozenset[str]:
    """Return the runtimes on sides of a finding that stay as they are, by a row.

    Runtimes that the row does not name are included.
    """
    if row.fix is None:
        return frozenset()
    # A further runtime on a kept side is right as it is; on the other one nobody decided for it
    kept = dict(standing(row, finding))
    kept.pop(row.fix, None)
    return runtimes_at(finding, kept.values())


def _concerned(rows: Sequence[Decision], finding: Finding) -> Iterator[str]:
    """Yield the runtimes that no row covers and that show what a row is about."""
    left = _left(rows, finding)
    if finding.kind is not DifferenceKind.FAULT:
        yield from left
        return
    decided: set[str] = set()
    for row in rows:
        decided.update(row.side_of.values())
    for name in left:
        facts = finding.facts_of(finding.side_of[name])
        if not decided.isdisjoint(facts):  # another fault is another cause
            yield name


def _answering(finding: Finding) -> set[str]:
    """Return the runtimes that answered, where others have a fault."""
    answering: set[str] = set()
    for index, side in enumerate(finding.sides):
        if finding.facts_of(index) == (ANSWERED,):
            answering.update(side.runtimes)
    return answering


def _join_all(rows: Iterable[Decision], finding: Finding) -> bool:
    """Return whether rows explain the difference of every two sides.

    A row may explain it by way of a third side.  Two values are explained by rows about values
    alone: that each of them is a text beside a null says nothing of the two texts.
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
    """Return whether each of some pairs is explained, perhaps by way of others.

    One row says a | b, another b | c: then a | c is explained too.
    """
    groups = together(explained)
    for pair in pairs:
        is_joined = any(group.issuperset(pair) for group in groups)
        if not is_joined:
            return False
    return True
