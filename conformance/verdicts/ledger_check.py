"""Ledger errors found before any case runs: rows without a case, rows for one difference."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations, filterfalse, repeat
from operator import attrgetter, methodcaller
from typing import Final

from conformance.errors import LedgerError
from conformance.model.answer_place import spelled_alike
from conformance.model.decision import Decision, Ledger, live_rows
from conformance.verdicts.coverage import both_are_about, two_rows


def check_ledger(ledger: Ledger, known_cases: Iterable[str], runtimes: AbstractSet[str]) -> None:
    """Raise LedgerError for a row about a missing case and rows that could claim one finding."""
    rows = ledger.differences
    if not rows:
        return
    check = _Check(rows, runtimes)
    for case in known_cases:  # a stream: there may be too many to keep
        check.take(case)
    check.refuse_missing_cases()
    check.refuse_rivals()


_GROWS: Final = attrgetter("grows")


class _Check:
    """The state of the check after some of the cases.

    `idle` are rows with patterns that no case has matched yet.  `missing` are cases not seen yet,
    each with a row about it.  `rivals` are pairs of rows that could claim one finding, with the
    first case in which they share a place, or an empty text.
    """

    def __init__(self, rows: Sequence[Decision], runtimes: AbstractSet[str]) -> None:
        self._runtimes = frozenset(runtimes)
        self._idle = list(filter(_GROWS, rows))
        self._missing: dict[str, Decision] = {}
        for row in filterfalse(_GROWS, reversed(rows)):
            self._missing.update(dict.fromkeys(row.where, row))
        self._rivals: dict[tuple[Decision, Decision], str] = {}
        self._rivals.update(dict.fromkeys(_rivals(rows, self._runtimes), ""))

    def take(self, case: str) -> None:
        """Note that a case exists, and which rivals share a place in it."""
        self._idle = list(filterfalse(methodcaller("concerns", case), self._idle))
        self._missing.pop(case, None)
        for pair, contested in self._rivals.items():
            if _shared(*pair, case):
                self._rivals[pair] = min(case, contested or case)

    def refuse_missing_cases(self) -> None:
        """Raise LedgerError for the first row about no case."""
        for row in self._idle:
            raise _without_case(row, f"no case matches {', '.join(row.where)}")
        for case, row in self._missing.items():
            raise _without_case(row, f"there is no case {case}")

    def refuse_rivals(self) -> None:
        """Raise LedgerError for the first two rows that have a place in common."""
        for (first, second), contested in self._rivals.items():
            if contested:
                shared = filter(self._runtimes.issuperset, first.pairs & second.pairs)
                raise two_rows(first, second, contested, both_are_about(shared))


def _without_case(row: Decision, why: str) -> LedgerError:
    return LedgerError(
        f"{row.id}: {why}", place=row.place, hint="correct `where`, or remove the row"
    )


def clashes(first: Decision, second: Decision) -> Iterator[tuple[str, str]]:
    """Yield `(case, place)` where two rows could claim one finding; the first has no patterns."""
    # A done row claims nothing: it only says that the difference must not come back
    if not first.live or not second.live:
        return
    runtimes = frozenset((*first.runtimes, *second.runtimes))
    if not _are_rivals(first, second, runtimes):
        return
    for case in first.where:
        yield from zip(repeat(case), _shared(first, second, case))


def _rivals(
    rows: Iterable[Decision], runtimes: frozenset[str]
) -> Iterator[tuple[Decision, Decision]]:
    """Yield each two live rows with one cause that share two of these runtimes."""
    for first, second in combinations(live_rows(rows), 2):
        if _are_rivals(first, second, runtimes):
            yield first, second


def _are_rivals(first: Decision, second: Decision, runtimes: frozenset[str]) -> bool:
    if (first.cause, first.code) != (second.cause, second.code):
        return False
    shared = first.pairs & second.pairs
    are_here = any(map(runtimes.issuperset, shared))
    return are_here and _agree(first, second)


def _agree(first: Decision, second: Decision) -> bool:
    """Return whether the facts or values of two rows allow that both claim one finding."""
    # Sides about values have letters, no facts: only different values separate the rows
    if first.pin or second.pin:
        return not _list_other_values(first, second)
    facts, others = first.side_of, second.side_of
    in_both = facts.keys() & others.keys()
    return all(facts[name] == others[name] for name in in_both)


def _list_other_values(first: Decision, second: Decision) -> bool:
    """Return whether both rows list values of a runtime, without a common one."""
    for name in first.side_of.keys() & second.side_of.keys():
        listed, others = first.listed_of(name), second.listed_of(name)
        # A bound lists no values, and may allow any value of the other row
        if listed and others and listed.isdisjoint(others):
            return True
    return False


def _shared(first: Decision, second: Decision, case_id: str) -> list[str]:
    """Return the places of the second row in a case that the first row has in any spelling.

    A place where the two rows list different values is left out.
    """
    shared: list[str] = []
    for place in second.places_in(case_id):
        own = spelled_alike(first.places_in(case_id), place)
        if not own:
            continue
        here, there = first.at(case_id, own), second.at(case_id, [place])
        if not _list_other_values(here, there):
            shared.append(place)
    return sorted(shared)
