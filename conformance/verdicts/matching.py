"""When a finding is the difference that a ledger row is about.

A row names a cause, places, and runtimes by side.  It matches a finding where, of those of its
runtimes that have a fact there, each stands on its side and any two sides differ as the row says.
Other runtimes of the finding change nothing about that: a row is read by what a run with its
runtimes alone would show.  A fault is about one runtime alone, so a row about one needs no second
side.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, combinations, product, starmap
from operator import attrgetter, itemgetter
from typing import Final, TypeVar

from msgspec import Struct

from conformance.comparison.difference import VALUES_DIFFER
from conformance.comparison.error_codes import has_code, refuses
from conformance.comparison.faults import ANSWERED, faulted
from conformance.comparison.idioms.statuses import OF_STATUSES
from conformance.model.answer_place import place_in_case
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind, Finding, SidePair
from conformance.model.signature import Signature

Standing = Mapping[str, frozenset[int]]
"""Where the runtimes of each side of a row stand: the indexes of sides of a finding."""
_Known = TypeVar("_Known", str, int)
_TWO_SIDES: Final = 2
"""One side alone shows no difference."""


class InCase(Struct, frozen=True):
    """A case as rows name places in it: its id, and how many steps it has."""

    case_id: str
    steps: int

    def places(self, row: Decision, finding: Finding) -> frozenset[str]:
        """Return the places of a row that stand for a finding.

        A place counts as any of the row's runtimes spells it.
        """
        places: set[str] = set()
        for spelling in _spelled_by(finding, {*row.runtimes}):
            place = place_in_case(spelling, finding.step, self.steps)
            places.update(row.places_for(self.case_id, place))
        return frozenset(places)


def _spelled_by(finding: Finding, runtimes: AbstractSet[str]) -> set[str]:
    """Return the place of a finding as some runtimes spell it, in this run and in every run."""
    spelled: set[str] = set()
    for side in finding.sides:
        for name, *places in zip(side.runtimes, side.places, side.lasting_places, strict=True):
            if name in runtimes:
                spelled.update(places)
    spelled.discard("")  # a runtime that has nothing there
    return spelled


def matches(row: Decision, finding: Finding, case: InCase) -> bool:
    """Return whether a row is about a finding of a case, whatever values it is pinned to."""
    if _standing(row, finding) is None:
        return False
    return bool(case.places(row, finding))


def known_by_side(row: Decision, known: Mapping[str, _Known]) -> dict[str, frozenset[_Known]]:
    """Return what is known of the runtimes of each side of a row.

    A side of which nothing is known is left out.
    """
    by_side: dict[str, frozenset[_Known]] = {}
    for side, names in zip(row.sides, sides_among(row, known), strict=True):
        if names:
            by_side[side.name] = frozenset(map(known.__getitem__, names))
    return by_side


def sides_among(row: Decision, names: Container[str]) -> list[list[str]]:
    """Return for each side of a row those of its runtimes that are among some names."""
    return [list(filter(names.__contains__, side.runtimes)) for side in row.sides]


def opposed(sides: Iterable[Iterable[str]]) -> Iterable[tuple[str, str]]:
    """Return every two runtimes of two sides."""
    return chain.from_iterable(starmap(product, combinations(sides, 2)))


def standing(row: Decision, finding: Finding) -> Standing:
    """Return where a row that matches a finding has its sides there.

    A side of which nobody is there is left out.
    """
    return _standing(row, finding) or {}


def on_sides(row: Decision, finding: Finding) -> frozenset[str]:
    """Return the runtimes that stand on a side of a row that matches a finding.

    Runtimes that the row does not name are included.
    """
    return runtimes_at(finding, standing(row, finding).values())


def runtimes_at(finding: Finding, sides: Iterable[Iterable[int]]) -> frozenset[str]:
    """Return the runtimes on some sides of a finding, given as groups of their indexes."""
    of_finding = map(finding.sides.__getitem__, chain.from_iterable(sides))
    return frozenset(chain.from_iterable(map(attrgetter("runtimes"), of_finding)))


def _standing(row: Decision, finding: Finding) -> Standing | None:
    """Return where the sides of a row stand, or None if they do not match the row.

    They do not match if they do not stand or differ as the row says.
    """
    # Most rows of a case are about another cause: the cheap question first
    if not is_named(row, finding):
        return None
    stand = known_by_side(row, finding.side_of)
    if finding.kind is DifferenceKind.FAULT:
        as_written = _have_faults(stand, finding)
    else:
        as_written = _are_apart(row, finding, stand)
    if not as_written:
        return None
    return stand


def _have_faults(stand: Standing, finding: Finding) -> bool:
    """Return whether each side shows the fault of its name.

    At the exchange each runtime is judged alone.
    """
    if not stand:
        return False
    return all(_shows(finding, sides, name) for name, sides in stand.items())


def _are_apart(row: Decision, finding: Finding, stand: Standing) -> bool:
    """Return whether at least two sides of a row are there, each whole, and differ as it says."""
    if len(stand) < _TWO_SIDES or not _has_code(row, finding):
        return False
    for sides in stand.values():
        if not _is_one_side(sides, finding):
            return False
    return _all_differ(row, finding, stand)


def _shows(finding: Finding, sides: Iterable[int], fact: str) -> bool:
    """Return whether all of some sides show a fact."""
    return all(fact in finding.facts_of(side) for side in sides)


def is_named(row: Decision, finding: Finding) -> bool:
    """Return whether any two sides of a finding differ by the cause of a row."""
    return any(map(partial(_has_cause, row), finding.pairs))


def _has_cause(row: Decision, pair: SidePair) -> bool:
    """Return whether two sides differ by the cause of a row.

    An idiom says only what two statuses usually mean: a row about a status is about those statuses
    by any name.
    """
    # By the runtimes of the row alone: a further runtime must not change what a row matches
    if pair.among({*row.runtimes}).name == row.cause:
        return True
    return pair.kind is DifferenceKind.STATUS and about_statuses(row.cause)


def _is_one_side(sides: Iterable[int], finding: Finding) -> bool:
    """Return whether nothing differs between some sides, which only other runtimes part then."""
    return {*combinations(sorted(sides), 2)}.issubset(finding.agreeing)


def about_statuses(cause: str) -> bool:
    """Return whether a cause is about statuses, by the name of an idiom or of the kind."""
    return cause == DifferenceKind.STATUS.value or cause in OF_STATUSES


def _has_code(row: Decision, finding: Finding) -> bool:
    """Return whether the refusing side calls its error what the row says.

    Only a row about who refuses has a code.

    Where a refusing runtime of the row is not there, the code may be its own: then nothing
    contradicts it.
    """
    if not has_code(row.cause):
        return True
    if row.code == finding.code_among({*row.runtimes}):
        return True
    refusing = {name for name, fact in row.side_of.items() if refuses(fact)}
    return not refusing.issubset(finding.runtimes)


def _all_differ(row: Decision, finding: Finding, stand: Standing) -> bool:
    """Return whether any two sides of a row differ as it says.

    They do if they differ by its cause, each with its own fact.

    Where the facts say no more than that values differ, the pinned values identify the sides.
    """
    differ = partial(_differ, row, finding, stand)
    return all(map(differ, combinations(stand, 2)))


def _differ(row: Decision, finding: Finding, stand: Standing, names: tuple[str, str]) -> bool:
    """Return whether two sides of a row, by their names, differ as it says."""
    first, second = names
    separates = partial(_separates, row, finding, names=names)
    return all(map(separates, product(stand[first], stand[second])))


def _separates(
    row: Decision, finding: Finding, sides: tuple[int, int], names: tuple[str, str]
) -> bool:
    """Return whether two sides of a finding differ as the two named sides of a row do."""
    for pair in finding.pairs:
        is_between = {*pair.sides} == {*sides}
        if is_between and _is_about(row, pair, sides[0], names):
            return True
    return False


def _is_about(row: Decision, pair: SidePair, first: int, names: tuple[str, str]) -> bool:
    """Return whether two sides of a finding differ as a row says.

    The first side is that of the first name.
    """
    if not _has_cause(row, pair):
        return False
    own = pair.among({*row.runtimes}).facts
    facts = own if pair.first == first else own[::-1]
    # Without facts only a pin tells the sides of a row from each other
    if facts == VALUES_DIFFER:
        return row.pin is not None
    return facts == names


def says_fault(row: Decision, runtime: str) -> bool:
    """Return whether a row says that a runtime has a fault."""
    return row.side_of.get(runtime, ANSWERED) != ANSWERED


def difference_now(row: Decision, finding: Finding, case: InCase) -> Signature | None:
    """Return how runtimes of two sides of a row still differ in a finding at its place.

    The result is None where none do.
    """
    if not case.places(row, finding):
        return None
    if finding.kind is DifferenceKind.FAULT:
        return _fault_now(row, finding)
    # A pair that differs in another way than the row says goes first: it shows what has changed
    by_change = sorted(_signatures(row, finding), key=itemgetter(0))
    _, first = next(iter(by_change), (False, None))
    return first


def _fault_now(row: Decision, finding: Finding) -> Signature | None:
    """Return the fault that a runtime of a row has now, where it is another one than the row's."""
    if row.cause != finding.kind.value:
        return None
    for pair, signature in zip(finding.pairs, finding.signatures, strict=True):
        is_other_fault = partial(_is_other_fault, row, finding, pair)
        if any(map(is_other_fault, pair.sides)):
            return signature
    return None


def _is_other_fault(row: Decision, finding: Finding, pair: SidePair, side: int) -> bool:
    """Return whether a side has a fault, and one of its runtimes has another one in a row."""
    fact = pair.fact_of(side)
    if not faulted(fact):
        return False
    side_of = row.side_of
    written = map(side_of.get, finding.sides[side].runtimes)
    return not {*written} <= {fact, None}


def _signatures(row: Decision, finding: Finding) -> Iterator[tuple[bool, Signature]]:
    """Yield the signatures of pairs that separate two sides of a row.

    Each comes with whether they differ as the row says.
    """
    stand = known_by_side(row, finding.side_of)
    for pair, signature in zip(finding.pairs, finding.signatures, strict=True):
        first = _names_at(stand, pair.first)
        second = _names_at(stand, pair.second)
        apart = [names for names in product(first, second) if names[0] != names[1]]
        is_about = partial(_is_about, row, pair, pair.first)
        if apart:
            yield any(map(is_about, apart)), signature


def _names_at(stand: Standing, side: int) -> list[str]:
    """Return the sides of a row of which a runtime stands on a side of a finding."""
    return [name for name, sides in stand.items() if side in sides]


def left_code(row: Decision, finding: Finding) -> str:
    """Return how the error code of a finding differs from a row's code.

    The row would match the finding if its code were the same.
    """
    if not is_named(row, finding) or _has_code(row, finding):
        return ""
    if not _all_differ(row, finding, known_by_side(row, finding.side_of)):
        return ""
    now = finding.code_among({*row.runtimes})
    # a body may name its error where no code is read
    return f"{_code(now, 'none that is read')}, the row has {_code(row.code, 'none')}"


def _code(code: str, nothing: str) -> str:
    if not code:
        return nothing
    return f"`{code}`"
