"""Which runtimes have a member and which lack it, in words that fit all cases of a cause."""

from collections.abc import Iterable, Sequence
from itertools import chain, filterfalse, product
from operator import attrgetter

from msgspec import Struct

from conformance.comparison.difference import ABSENT
from conformance.comparison.values.objects import picked
from conformance.model.finding import Finding


class MemberHolders(Struct, frozen=True):
    """Which runtimes have a member, and which lack it.

    `odd_lack`: those that lack it are odd.  `others_unknown`: for other runtimes this is unknown,
    as they were not compared there, or differ by themselves.
    """

    having: tuple[str, ...]
    lacking: tuple[str, ...]
    odd_lack: bool = False
    others_unknown: bool = False

    def __str__(self) -> str:
        """Return the shorter statement, or both where some runtime is in neither."""
        having = ", ".join(self.having)
        if self.others_unknown:
            return f"in {having}, {self.who_lacks}"
        return self.who_lacks if self.odd_lack else f"only in {having}"

    @property
    def who_lacks(self) -> str:
        """Return which runtimes lack the member: `not in a, b`."""
        return f"not in {', '.join(self.lacking)}"

    @property
    def other_half(self) -> str:
        """Return the statement that `str` leaves out; `` if it has both."""
        if self.others_unknown:
            return ""
        if self.odd_lack:
            return f"but in {', '.join(self.having)}"
        return self.who_lacks


def holders_in(finding: Finding) -> MemberHolders | None:
    """Return who has and who lacks the member that a finding is about; None if that is uncertain.

    A runtime that seems to lack it may have it in other elements or at another place: if it shows a
    zero value elsewhere, agrees with one that has the member, or was not compared with one.
    """
    sides = set(range(len(finding.sides)))
    lacking = {at for at in sides if set(finding.facts_of(at)) == {ABSENT}}
    having = sides - lacking
    unnamed_pairs = filterfalse(attrgetter("idiom"), finding.pairs)
    unnamed = chain.from_iterable(map(attrgetter("sides"), unnamed_pairs))
    differing = set(map(frozenset, map(attrgetter("sides"), finding.pairs)))
    held_apart = differing.issuperset(map(frozenset, product(lacking, having)))
    if lacking.isdisjoint(unnamed) or not held_apart:
        return None
    lack_elsewhere = [name for name, facts in finding.shown_elsewhere if facts == ABSENT]
    beside = {*finding.elsewhere, *finding.not_compared, *finding.by_itself}
    return MemberHolders(
        having=_runtimes(finding, having),
        lacking=(*_runtimes(finding, lacking), *lack_elsewhere),
        odd_lack=finding.largest in having,
        others_unknown=not beside.issubset(lack_elsewhere),
    )


def _runtimes(finding: Finding, sides: Iterable[int]) -> tuple[str, ...]:
    return tuple(
        chain.from_iterable(map(attrgetter("runtimes"), picked(finding.sides, sorted(sides))))
    )


def holders_in_all(each: Iterable[MemberHolders | None]) -> MemberHolders | None:
    """Return who has a member in any of the findings of a cause; None if one finding is unsure."""
    known = list(each)
    found = list(filter(None, known))
    all_say = len(found) == len(known)
    if not found or not all_say:
        return None
    return MemberHolders(
        having=_joined(list(map(attrgetter("having"), found))),
        lacking=_joined(list(map(attrgetter("lacking"), found))),
        odd_lack=found[0].odd_lack,
        others_unknown=any(map(attrgetter("others_unknown"), found)),
    )


def _joined(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return all names in an order that does not depend on the order of the cases."""
    if len({*names}) == 1:
        return names[0]
    return tuple(sorted({*chain.from_iterable(names)}))
