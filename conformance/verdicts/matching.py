"""When a finding is the difference that a ledger row is about.

A row names a cause, places, and runtimes by side.  It matches a finding where, of those of its
runtimes that have a fact there, each stands on its side and any two sides differ as the row says.
Other runtimes of the finding change nothing about that: a row is read by what a run with its
runtimes alone would show.  A fault is about one runtime alone, so a row about one needs no second
side.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from conformance.comparison.difference import DIFFERS
from conformance.comparison.faults import faulted
from conformance.comparison.idioms.catalogue import OF_ORDER
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.model.answer_place import place_in_case
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding, Sent, SidePair, Signature

Standing = Mapping[str, frozenset[int]]
"""Where the runtimes of each side of a row stand: the indexes of sides of a finding."""


@dataclass(frozen=True, slots=True)
class InCase:
    """A case as rows name places in it: its id, and how many steps it has."""

    case_id: str
    steps: int

    def places(self, row: Decision, finding: Finding) -> frozenset[str]:
        """Return the places of a row that stand for a finding.

        A place counts as any of the row's runtimes spells it.
        """
        named = {*row.runtimes}
        spelled: set[str] = set()
        for side in finding.sides:
            for name, *both in zip(side.runtimes, side.places, side.lasting_places, strict=True):
                if name in named:
                    spelled.update(filter(None, both))
        written = (place_in_case(place, finding.step, self.steps) for place in spelled)
        return frozenset(
            known for place in written for known in row.places_for(self.case_id, place)
        )


def matches(row: Decision, finding: Finding, case: InCase) -> bool:
    """Return whether a row is about a finding of a case, whatever values it is pinned to."""
    return _standing(row, finding) is not None and bool(case.places(row, finding))


def holds(row: Decision, finding: Finding) -> bool:
    """Return whether a row that matches a finding was decided for the values that are there."""
    if row.pin is None:
        return True
    complete, reordered = (
        not finding.more_sent,
        all(pair.idiom in OF_ORDER for pair in finding.pairs),
    )
    return any(
        row.pin.holds(_seen(row, sent), complete=complete, reordered=reordered)
        for sent in dict.fromkeys(
            (finding.to_pin, finding.sent)
        )  # a person may have written down what was sent
    )


def _seen(row: Decision, sent: Iterable[Sent]) -> list[Mapping[str, frozenset[str]]]:
    """Return what the sides of a row sent.

    What one side alone sent is about another side of the finding.
    """
    by_side = (_by_side(row, dict(each)) for each in sent)
    return [sides for sides in by_side if len(sides) > 1]


def _by_side(row: Decision, sent: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return what the runtimes of each side of a row sent in one occurrence."""
    by_side = {
        side.name: frozenset(sent[name] for name in side.runtimes if name in sent)
        for side in row.sides
    }
    return {side: texts for side, texts in by_side.items() if texts}


def standing(row: Decision, finding: Finding) -> Standing:
    """Return where a row that matches a finding has its sides there.

    A side of which nobody is there is left out.
    """
    return _standing(row, finding) or {}


def on_sides(row: Decision, finding: Finding) -> frozenset[str]:
    """Return the runtimes that stand on a side of a row that matches a finding.

    Runtimes that the row does not name are included.
    """
    stand = standing(row, finding)
    return frozenset(
        name for sides in stand.values() for at in sides for name in finding.sides[at].runtimes
    )


def _standing(row: Decision, finding: Finding) -> Standing | None:
    """Return where the sides of a row stand, or None if they do not match the row.

    They do not match if they do not stand or differ as the row says.
    """
    if not _is_named(row, finding):
        return None
    stand = _sides_there(row, finding)
    if finding.kind is DifferenceKind.FAULT:
        return (
            stand
            if stand and all(_shows(finding, side, name) for name, side in stand.items())
            else None
        )
    apart = all(_differ(row, finding, pair) for pair in combinations(stand, 2))
    together = all(_is_one_side(sides, finding) for sides in stand.values())
    return stand if len(stand) > 1 and together and apart and _has_code(row, finding) else None


def _shows(finding: Finding, sides: Iterable[int], fact: str) -> bool:
    """Return whether all of some sides show a fact.

    At the exchange each runtime is judged alone.
    """
    return all(fact in finding.facts_of(at) for at in sides)


def _sides_there(row: Decision, finding: Finding) -> dict[str, frozenset[int]]:
    side_of = {name: at for at, side in enumerate(finding.sides) for name in side.runtimes}
    stand = {
        side.name: frozenset(side_of[name] for name in side.runtimes if name in side_of)
        for side in row.sides
    }
    return {name: sides for name, sides in stand.items() if sides}


def _is_named(row: Decision, finding: Finding) -> bool:
    return any(_has_cause(row, pair) for pair in finding.pairs)


def _has_cause(row: Decision, pair: SidePair) -> bool:
    """Return whether two sides differ by the cause of a row.

    An idiom says only what two statuses usually mean: a row about a status is about those statuses
    by any name.
    """
    by_name = pair.among({*row.runtimes}).name == row.cause
    return by_name or (pair.kind is DifferenceKind.STATUS and row.cause == pair.kind.value)


def _is_one_side(sides: Iterable[int], finding: Finding) -> bool:
    """Return whether nothing differs between some sides, which only other runtimes part then."""
    return all(pair in finding.agreeing for pair in combinations(sorted(sides), 2))


def _has_code(row: Decision, finding: Finding) -> bool:
    """Return whether the refusing side calls its error what the row says.

    Only a row about a status has a code.

    Where a refusing runtime of the row is not there, the code may be its own: then nothing
    contradicts it.
    """
    if row.cause != DifferenceKind.STATUS.value or row.code == finding.code_among({*row.runtimes}):
        return True
    refusals = [side for side in row.sides if side.name >= str(FIRST_ERROR)]
    refusing = {name for side in refusals for name in side.runtimes}
    return not refusing.issubset(finding.runtimes)


def _differ(row: Decision, finding: Finding, names: tuple[str, str]) -> bool:
    """Return whether two sides of a row differ as it says.

    They do if they differ by its cause, each with its own fact.

    Where the facts say no more than that values differ, the pinned values identify the sides.
    """
    stand = _sides_there(row, finding)
    return all(
        any(
            _is_about(row, pair, at, names)
            for pair in finding.pairs
            if {pair.first, pair.second} == {at, other}
        )
        for at, other in product(stand[names[0]], stand[names[1]])
    )


def _is_about(row: Decision, pair: SidePair, first: int, names: tuple[str, str]) -> bool:
    """Return whether two sides of a finding differ as a row says.

    The first side is that of the first name.
    """
    if not _has_cause(row, pair):
        return False
    facts = pair.facts if pair.first == first else pair.facts[::-1]
    return row.pin is not None if facts == (DIFFERS, DIFFERS) else facts == names


def difference_now(row: Decision, finding: Finding, case: InCase) -> Signature | None:
    """Return how runtimes of two sides of a row still differ in a finding at its place.

    The result is None where none do.
    """
    if not case.places(row, finding):
        return None
    if finding.kind is DifferenceKind.FAULT:
        return _fault_now(row, finding)
    return min(_signatures(row, finding), key=lambda found: found[0], default=(False, None))[1]


def _fault_now(row: Decision, finding: Finding) -> Signature | None:
    """Return the fault that a runtime of a row has now, where it is another one than the row's."""
    if row.cause != finding.kind.value:
        return None
    for pair, signature in zip(finding.pairs, finding.signatures, strict=True):
        for at in (pair.first, pair.second):
            others = (
                side
                for side in row.sides
                if faulted(pair.fact_of(at))
                and pair.fact_of(at) != side.name
                and not {*side.runtimes}.isdisjoint(finding.sides[at].runtimes)
            )
            if next(others, None) is not None:
                return signature
    return None


def _signatures(row: Decision, finding: Finding) -> Iterator[tuple[bool, Signature]]:
    """Yield the signatures of pairs that separate two sides of a row.

    Each comes with whether they differ as the row says.
    """
    stand = _sides_there(row, finding)
    for pair, signature in zip(finding.pairs, finding.signatures, strict=True):
        ends = [
            [name for name, sides in stand.items() if at in sides]
            for at in (pair.first, pair.second)
        ]
        parted = [(name, other) for name, other in product(*ends) if name != other]
        if parted:
            yield any(_is_about(row, pair, pair.first, names) for names in parted), signature


def left_code(row: Decision, finding: Finding) -> str:
    """Return how the error code of a finding differs from a row's code.

    The row would match the finding if its code were the same.
    """
    if not _is_named(row, finding) or _has_code(row, finding):
        return ""
    stand = _sides_there(row, finding)
    if not all(_differ(row, finding, pair) for pair in combinations(stand, 2)):
        return ""
    now = finding.code_among({*row.runtimes})
    return f"{_code(now)}, the row has {_code(row.code)}"


def _code(code: str) -> str:
    return f"`{code}`" if code else "none"
