"""Which runtimes of a row have changed sides in a finding, in words.

A runtime is at home if its side of the finding still shows what the row says.  If runtimes of two
sides no longer differ, those that are not at home have moved; if runtimes of one side now differ,
those that are not at home have left it.  Two runtimes no longer differ only if no finding at the
place separates them.  Runtimes on one side of a row about a member or an idiom may always have
differed in another way: only a finding of the row's cause shows that they have parted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, filterfalse
from operator import attrgetter

from msgspec import Struct

from conformance.comparison.difference import VALUES_DIFFER
from conformance.comparison.sides import connected_sets
from conformance.grouped import grouped
from conformance.model.decision import Decision, RowSide
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.pin import Pin
from conformance.verdicts.held_values import pin_at
from conformance.verdicts.matching import (
    InCase,
    about_statuses,
    is_named,
    opposed,
    sides_among,
)
from conformance.wording import some, verb


def moved(row: Decision, finding: Finding, case: InCase, at_its_place: Sequence[Finding]) -> str:
    """Return which runtimes have changed sides, and which still differ; empty if none has.

    `at_its_place` are all findings of the case at this place.
    """
    if finding.kind is DifferenceKind.FAULT:
        return "; ".join(_other_faults(row, finding))
    side_of = finding.side_of
    there = sides_among(row, side_of)
    stayed = list(_at_home(row, there, finding, pin_at(row, finding, case)))
    parted: list[Sequence[str]] = []
    # Runtimes of one side may always have differed by another cause
    if row.pin is not None or is_named(row, finding):
        parted += filter(partial(_are_parted, side_of=side_of), there)
    apart = set(chain.from_iterable(map(attrgetter("distinguished"), at_its_place)))
    joined = list(map(partial(_Joined.of, home=stayed), _together(there, side_of, apart)))
    beside_others = filter(attrgetter("stayed"), joined)
    came = set(chain.from_iterable(map(attrgetter("came"), beside_others)))
    changes = [*map(str, joined), *_split(parted, stayed, came)]
    if not changes:
        return ""
    still = _still_differ(stayed, parted, side_of)
    return ", and ".join(filter(None, (*changes, still)))


def _are_parted(names: Sequence[str], side_of: Mapping[str, int]) -> bool:
    """Return whether some runtimes stand on several sides of a finding."""
    return len(set(map(side_of.__getitem__, names))) > 1


def _still_differ(
    stayed: Sequence[str], parted: Sequence[Sequence[str]], side_of: Mapping[str, int]
) -> str:
    """Return which runtimes still differ, apart from those of one side that have parted."""
    if not _are_parted(stayed, side_of):
        return ""
    at_home = {*stayed}
    among_themselves = list(chain.from_iterable(filter(at_home.issuperset, parted)))
    others = list(filterfalse(among_themselves.__contains__, stayed))
    if not among_themselves:
        return f"{some(stayed)} still differ"
    if not others:
        return ""
    whom = "both" if len(among_themselves) == 2 else some(among_themselves)  # noqa: PLR2004
    return f"{some(others)} still {verb(len(others), 'differ')} from {whom}"


def _other_faults(row: Decision, finding: Finding) -> Iterator[str]:
    """Yield each runtime with a fault other than the row's, and both faults."""
    side_of = finding.side_of
    for name in filter(side_of.__contains__, row.runtimes):
        fault, now = row.side_of[name], finding.facts_of(side_of[name])[0]
        if now != fault:
            yield f"{name} now shows `{now}`, no longer `{fault}`"


def _at_home(
    row: Decision, there: Iterable[Sequence[str]], finding: Finding, pin: Pin | None
) -> Iterator[str]:
    """Yield the runtimes that still show their side's fact or a value listed for their side."""
    is_home = partial(_is_home, row, finding=finding, pin=pin)
    yield from filter(is_home, chain.from_iterable(there))


def _is_home(row: Decision, runtime: str, finding: Finding, pin: Pin | None) -> bool:
    side = row.side_of[runtime]
    if pin is None:
        return side in finding.facts_of(finding.side_of[runtime])
    # A person may have written the value that was sent instead of its lasting form
    sent = chain(*finding.sent, *finding.to_pin)
    own = (value for name, value in sent if name == runtime)
    return any(map(partial(pin.lists, side), own))


class _Joined(Struct, frozen=True):
    """Runtimes of several row sides that no longer differ: who came and who stayed."""

    names: tuple[str, ...]
    came: tuple[str, ...]
    stayed: tuple[str, ...]

    @classmethod
    def of(cls, names: Sequence[str], home: Collection[str]) -> "_Joined":
        """Return the runtimes `names`, split by whether each is at home."""
        came, stayed = _came_and_stayed(names, home)
        return cls(tuple(names), came, stayed)

    def __str__(self) -> str:
        if not self.came or not self.stayed:
            return f"{some(self.names)} no longer differ"
        have_moved = "have moved"
        if len(self.came) == 1:
            have_moved = "has moved"
        return f"{some(self.came)} {have_moved} to the side of {some(self.stayed)}"


def _together(
    there: Sequence[Sequence[str]],
    side_of: Mapping[str, int],
    apart: AbstractSet[frozenset[str]],
) -> Iterator[list[str]]:
    """Yield groups of runtimes from several row sides that no finding separates any more."""
    everybody = list(chain.from_iterable(there))
    alike: list[tuple[int, int]] = []
    for first, second in opposed(there):
        is_on_one_side = side_of[first] == side_of[second]
        if is_on_one_side and frozenset((first, second)) not in apart:
            pair = everybody.index(first), everybody.index(second)
            alike.append(pair)
    for group in connected_sets(alike):
        yield list(map(everybody.__getitem__, sorted(group)))


def _came_and_stayed(
    names: Sequence[str], home: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `(not at home, at home)` of some runtimes."""
    is_at_home = home.__contains__
    return tuple(filterfalse(is_at_home, names)), tuple(filter(is_at_home, names))


def _split(
    parted: Sequence[Sequence[str]], home: Collection[str], came: Collection[str]
) -> Iterator[str]:
    """Yield which runtimes of one row side now differ from each other.

    Runtimes that are already reported as moved to another side are left out.
    """
    for names in parted:
        left, stayed = _came_and_stayed(names, home)
        have_come = bool(came) and {*left} <= {*came}
        if stayed and have_come:
            continue
        if left and stayed:
            yield f"{some(left)} now {verb(len(left), 'differ')} from {some(stayed)}"
        else:
            yield f"{some(names)} now differ from each other"


def other_facts(row: Decision, finding: Finding) -> str:
    """Return which runtimes show another fact than the row says, although the cause is the same.

    The result is empty if there are none, and for a row about values.
    """
    is_of_facts = row.pin is None and finding.kind is not DifferenceKind.FAULT
    if not is_of_facts or not is_named(row, finding):
        return ""
    facts = set(map(attrgetter("facts"), finding.pairs))
    if facts == {VALUES_DIFFER}:
        return "no side lacks it any more, and the values differ"
    changed = map(partial(_other_fact, row, finding=finding), row.sides)
    return "; ".join(filter(None, changed))


def _other_fact(row: Decision, side: RowSide, finding: Finding) -> str:
    """Return which runtimes of a row's side show other facts, with these; empty if none does."""
    side_of = finding.side_of
    there = filter(side_of.__contains__, side.runtimes)
    by_facts = grouped(there, lambda name: finding.facts_of(side_of[name]))
    # A side that was compared with no other side has no facts
    by_facts.pop((), None)
    past = "showed"
    if about_statuses(row.cause):
        past = "sent"
    parts: list[str] = []
    for facts, names in by_facts.items():
        if side.name not in facts:
            parts.append(f"{some(names)} {past} {' and '.join(facts)}")
    if not parts:
        return ""
    return f"{', '.join(parts)}, the row has {side.name}"
