"""Which rows decide a finding together, and what they leave.

A finding is decided when every runtime in it is covered: named by a row that matches, or standing
on a named side that is not the one to be changed.  Several rows may share a finding, and then join
all of its sides.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import combinations

from conformance.comparison.faults import ANSWERED
from conformance.comparison.sides import together
from conformance.errors import LedgerError
from conformance.model.decision import Decision, Ledger
from conformance.model.finding import DifferenceKind, Finding
from conformance.verdicts.matching import InCase, difference_now, holds, matches, standing

Rows = tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Standings:
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
    def known(self) -> bool:
        """Return whether the finding is decided, and by no row that says that it is gone."""
        return bool(self.decided) and all(row.live for row in self.decided)


def standings_of(
    findings: Sequence[Finding], case: InCase, ledger: Ledger
) -> tuple[Standings, ...]:
    """Return what the ledger says of each finding of a case.

    Raises LedgerError for rows that contradict each other.
    """
    concerned = [row for row in ledger.decisions if not row.work and row.concerns(case.case_id)]
    if not concerned:
        return (Standings(),) * len(findings)
    found = [_of_finding(finding, case, concerned) for finding in findings]
    rows_shown = {
        (row.id, place)
        for each, finding in zip(found, findings, strict=True)
        for row in (*each.decided, *each.about)
        for place in case.places(row, finding)
    }
    return tuple(
        each
        if each.decided
        else replace(each, reopened=tuple(_reopened(finding, case, concerned, rows_shown)))
        for each, finding in zip(found, findings, strict=True)
    )


def with_what_they_follow(
    findings: Sequence[Finding], standings: Sequence[Standings]
) -> tuple[Standings, ...]:
    """Return what the ledger says of each finding.

    One that follows from whole bodies is decided with all of these.
    """
    return tuple(
        _of_leading(finding, findings, standings) or each
        for finding, each in zip(findings, standings, strict=True)
    )


def fault_rows(
    findings: Iterable[Finding], standings: Iterable[Standings]
) -> Iterator[tuple[tuple[int, str], tuple[str, ...]]]:
    """Yield the rows about the fault of each runtime, by step and runtime."""
    for finding, known in zip(findings, standings, strict=True):
        if finding.kind is not DifferenceKind.FAULT:
            continue
        for runtime in finding.runtimes:
            rows = (
                row.id
                for row in (*known.decided, *known.about)
                for side in row.sides
                if side.name != ANSWERED and runtime in side.runtimes
            )
            yield (finding.step, runtime), tuple(rows)


def _of_leading(
    finding: Finding, findings: Sequence[Finding], standings: Sequence[Standings]
) -> Standings | None:
    if finding.follows is None or not finding.follows.whole_body:
        return None
    leading = [
        each for other, each in zip(findings, standings, strict=True) if finding.is_led_by(other)
    ]
    if not leading or not all(each.decided for each in leading):
        return None
    return Standings(decided=tuple(dict.fromkeys(row for each in leading for row in each.decided)))


def _reopened(
    finding: Finding,
    case: InCase,
    rows: Iterable[Decision],
    rows_shown: AbstractSet[tuple[str, str]],
) -> Iterator[Decision]:
    """Yield the live rows with an undecided finding at their place that still differs.

    The finding still separates two sides of the row, in another way.

    That is another difference where nothing shows the row's own; or it is the row's own with other
    values.
    """
    for row in rows:
        places = {(row.id, place) for place in case.places(row, finding)}
        if (
            row.live
            and difference_now(row, finding, case)
            and (places - rows_shown or _has_left_pin(row, finding, case))
        ):
            yield row


def _has_left_pin(row: Decision, finding: Finding, case: InCase) -> bool:
    return matches(row, finding, case) and not holds(row, finding)


def _of_finding(finding: Finding, case: InCase, concerned: Iterable[Decision]) -> Standings:
    rows = [row for row in concerned if matches(row, finding, case) and holds(row, finding)]
    live = [row for row in rows if row.live]
    for first, second in combinations(live, 2):
        _refuse_rivals(first, second, finding, case)
    for candidates in (live, rows):
        if candidates and not _left(candidates, finding) and _join_all(candidates, finding):
            return Standings(decided=tuple(candidates))
    return Standings(about=tuple(rows), left=tuple(_concerned(live or rows, finding)))


def _refuse_rivals(first: Decision, second: Decision, finding: Finding, case: InCase) -> None:
    here = {frozenset(pair) for pair in combinations(finding.runtimes, 2)}
    both: AbstractSet[frozenset[str]] = first.pairs & second.pairs & here
    if finding.kind is DifferenceKind.FAULT:
        both = {
            frozenset((name,))
            for name in {*first.runtimes} & {*second.runtimes}
            if not _answering(finding, name)
        }
    if both:
        raise two_rows(first, second, case.case_id, both_are_about(both))
    for row, other in ((first, second), (second, first)):
        models = [side for side in other.sides if other.fix not in {None, side.name}]
        kept = {name for side in models for name in side.runtimes}
        if contested := sorted(kept.intersection(row.to_fix, finding.runtimes)):
            raise two_rows(
                first,
                second,
                case.case_id,
                f"{row.id} changes {contested[0]}, and {other.id} does not",
            )


def both_are_about(pairs: Iterable[frozenset[str]]) -> str:
    """Return which runtimes two rows are both about."""
    return f"both are about {' and '.join(sorted(min(pairs, key=sorted)))}"


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
        covered.update(row.runtimes)
        stand = standing(row, finding)
        kept = [sides for name, sides in stand.items() if row.fix is not None and name != row.fix]
        covered.update(
            name for sides in kept for at in sides for name in finding.sides[at].runtimes
        )
    if finding.kind is DifferenceKind.FAULT:  # to have answered is no difference
        for at, side in enumerate(finding.sides):
            if _answered(finding, at):
                covered.update(side.runtimes)
    return [name for name in finding.runtimes if name not in covered]


def _concerned(rows: Sequence[Decision], finding: Finding) -> Iterator[str]:
    """Yield the runtimes that no row covers and that show what a row is about.

    Another fault is another cause.
    """
    decided = {side.name for row in rows for side in row.sides}
    for at, side in enumerate(finding.sides):
        if finding.kind is not DifferenceKind.FAULT or not decided.isdisjoint(finding.facts_of(at)):
            yield from (name for name in side.runtimes if name in _left(rows, finding))


def _answering(finding: Finding, runtime: str) -> bool:
    return any(
        _answered(finding, at) for at, side in enumerate(finding.sides) if runtime in side.runtimes
    )


def _answered(finding: Finding, side: int) -> bool:
    return finding.facts_of(side) == (ANSWERED,)


def _join_all(rows: Iterable[Decision], finding: Finding) -> bool:
    """Return whether rows explain the difference of every two sides.

    A row may explain it by way of a third side.
    """
    if finding.kind is DifferenceKind.FAULT:
        return True
    stands = [standing(row, finding) for row in rows]
    explained = together(
        (at, other)
        for stand in stands
        for first, second in combinations(stand.values(), 2)
        for at in first
        for other in second
    )
    return all(
        any({pair.first, pair.second} <= group for group in explained) for pair in finding.pairs
    )
