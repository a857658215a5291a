"""Which runtimes of a row have changed sides in a finding, in words.

A runtime is at home where its side of the finding still shows what the row says of it.  Of runtimes
of two sides that no longer differ, those have moved that are not at home; of runtimes of one side
that now differ, those have left it.  Two runtimes no longer differ only where no finding at the
place tells them apart.  Runtimes of one side of a row about a member or an idiom may differ in
another way, and always may have: only a finding of the row's cause says that they have parted.
"""

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, filterfalse, product

from msgspec import Struct

from conformance.comparison.difference import VALUES_DIFFER
from conformance.comparison.sides import together
from conformance.model.decision import Decision, RowSide
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.pin import Pin
from conformance.verdicts.matching import InCase, about_statuses, is_named, pin_at
from conformance.wording import some


def moved(row: Decision, finding: Finding, case: InCase, at_its_place: Sequence[Finding]) -> str:
    """Return how runtimes have changed sides, and who still differs.

    Nothing where all sides stand as in the row.  `at_its_place` are all findings of the case there.
    """
    side_of = finding.side_of
    if finding.kind is DifferenceKind.FAULT:
        return "; ".join(_other_faults(row, finding, side_of))
    there = [[name for name in side.runtimes if name in side_of] for side in row.sides]
    everybody = list(chain.from_iterable(there))
    pin = pin_at(row, finding, case)
    stayed = [name for name in everybody if _is_home(row, name, finding, pin)]
    shows_parting = row.pin is not None or is_named(row, finding)
    parted = [names for names in there if shows_parting and _are_parted(names, side_of)]
    apart = frozenset().union(*(each.told_apart for each in at_its_place))
    joined = [_Joined.of(names, stayed) for names in _together(there, side_of, apart)]
    came = set(chain.from_iterable(each.came for each in joined if each.stayed))
    changes = [*map(str, joined), *_split(parted, stayed, came)]
    if not changes:
        return ""
    if still := _still_differ(stayed, parted, side_of):
        changes.append(still)
    return ", and ".join(changes)


def _are_parted(names: Sequence[str], side_of: dict[str, int]) -> bool:
    """Return whether some runtimes stand on several sides of a finding."""
    return len({side_of[name] for name in names}) > 1


def _still_differ(
    stayed: Sequence[str], parted: Sequence[Sequence[str]], side_of: dict[str, int]
) -> str:
    """Return who still differs, beside those of one row side that now differ from each other."""
    if not _are_parted(stayed, side_of):
        return ""
    at_home = {*stayed}
    among_themselves = list(chain.from_iterable(filter(at_home.issuperset, parted)))
    others = [name for name in stayed if name not in among_themselves]
    if not among_themselves:
        return f"{some(stayed)} still differ"
    if not others:
        return ""
    verb = "differs" if len(others) == 1 else "differ"
    whom = "both" if len(among_themselves) == 2 else some(among_themselves)  # noqa: PLR2004
    return f"{some(others)} still {verb} from {whom}"


def _other_faults(row: Decision, finding: Finding, side_of: dict[str, int]) -> Iterator[str]:
    """Yield who has another fault than the row says, and which."""
    for name, fault in row.side_of.items():
        now = finding.facts_of(side_of[name])[0] if name in side_of else fault
        if now != fault:
            yield f"{name} now shows `{now}`, no longer `{fault}`"


def _is_home(row: Decision, runtime: str, finding: Finding, pin: Pin | None) -> bool:
    """Return whether a runtime still shows its side's fact or sent a value listed for that side."""
    side = row.side_of[runtime]
    if pin is None:
        return side in finding.facts_of(finding.side_of[runtime])
    sent = chain(*finding.sent, *finding.to_pin)
    values = [value for name, value in sent if name == runtime]
    return any(pin.lists(side, value) for value in values)


class _Joined(Struct, frozen=True):
    """Runtimes of several sides of a row that no longer differ: who came, and who stayed."""

    names: tuple[str, ...]
    came: tuple[str, ...]
    stayed: tuple[str, ...]

    @classmethod
    def of(cls, names: Sequence[str], home: Collection[str]) -> "_Joined":
        """Return who of some runtimes came, and who is at home."""
        came, stayed = _came_and_stayed(names, home)
        return cls(tuple(names), came, stayed)

    def __str__(self) -> str:
        verb = "has" if len(self.came) == 1 else "have"
        if self.came and self.stayed:
            return f"{some(self.came)} {verb} moved to the side of {some(self.stayed)}"
        return f"{some(self.names)} no longer differ"


def _together(
    there: Sequence[Sequence[str]],
    side_of: dict[str, int],
    apart: AbstractSet[frozenset[str]],
) -> Iterator[list[str]]:
    """Yield runtimes of several row sides on one side of the finding that nothing tells apart."""
    everybody = list(chain.from_iterable(there))
    opposed = chain.from_iterable(product(*two) for two in combinations(there, 2))
    alike = [
        (everybody.index(first), everybody.index(second))
        for first, second in opposed
        if side_of[first] == side_of[second] and frozenset((first, second)) not in apart
    ]
    for group in together(alike):
        yield [everybody[at] for at in sorted(group)]


def _came_and_stayed(
    names: Sequence[str], home: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return those of some runtimes that are not at home, and those that are."""
    is_at_home = home.__contains__
    return tuple(filterfalse(is_at_home, names)), tuple(filter(is_at_home, names))


def _split(
    parted: Sequence[Sequence[str]], home: Collection[str], came: Collection[str]
) -> Iterator[str]:
    """Yield who now differs: runtimes of one row side that are on several sides of the finding.

    Of those that came to another side this is said already.
    """
    for names in parted:
        left, stayed = _came_and_stayed(names, home)
        if stayed and came and {*left} <= {*came}:
            continue
        verb = "differs" if len(left) == 1 else "differ"
        if left and stayed:
            yield f"{some(left)} now {verb} from {some(stayed)}"
        else:
            yield f"{some(names)} now differ from each other"


def other_facts(row: Decision, finding: Finding) -> str:
    """Return who shows another fact than a row says, where its cause is the same.

    Nothing where none does, and for a row about values.
    """
    if row.pin is not None or finding.kind is DifferenceKind.FAULT or not is_named(row, finding):
        return ""
    if all(pair.facts == VALUES_DIFFER for pair in finding.pairs):
        return "no side lacks it any more, and the values differ"
    changed = (_other_fact(row, side, finding) for side in row.sides)
    return "; ".join(filter(None, changed))


def _other_fact(row: Decision, side: RowSide, finding: Finding) -> str:
    """Return which runtimes of a side of a row show another fact, and which."""
    by_facts: dict[tuple[str, ...], list[str]] = {}
    for name in side.runtimes:
        facts = finding.facts_of(finding.side_of[name]) if name in finding.side_of else ()
        if facts and side.name not in facts:
            by_facts.setdefault(facts, []).append(name)
    verb = "sent" if about_statuses(row.cause) else "showed"
    parts = [f"{some(names)} {verb} {' and '.join(facts)}" for facts, names in by_facts.items()]
    now = ", ".join(parts)
    return f"{now}, the row has {side.name}" if now else ""
