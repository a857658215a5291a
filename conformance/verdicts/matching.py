"""When a finding is the difference that a ledger row is about.

A row has a cause, places, and runtimes by side.  It matches a finding if each of its runtimes with
a fact there stands on its side, and any two sides differ as the row says.  Runtimes that the row
does not name are ignored: the row is read as if only its own runtimes had run.  A row about a fault
needs only one side.
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
"""By the name of a row's side: the indexes of the finding's sides on which its runtimes stand."""
_Known = TypeVar("_Known", str, int)
_TWO_SIDES: Final = 2
"""A difference has at least two sides."""


class InCase(Struct, frozen=True):
    """The case in which rows name places: its id and its number of steps."""

    case_id: str
    steps: int

    def places(self, row: Decision, finding: Finding) -> frozenset[str]:
        """Return the places of a row that stand for a finding, in its runtimes' spellings."""
        places: set[str] = set()
        for spelling in _spelled_by(finding, {*row.runtimes}):
            place = place_in_case(spelling, finding.step, self.steps)
            places.update(row.places_for(self.case_id, place))
        return frozenset(places)


def _spelled_by(finding: Finding, runtimes: AbstractSet[str]) -> set[str]:
    """Return the spellings that some runtimes have of a finding's place, in this and later runs."""
    spelled: set[str] = set()
    for side in finding.sides:
        for name, *places in zip(side.runtimes, side.places, side.lasting_places, strict=True):
            if name in runtimes:
                spelled.update(places)
    spelled.discard("")  # a runtime without a value there
    return spelled


def matches(row: Decision, finding: Finding, case: InCase) -> bool:
    """Return whether a row is about a finding of a case; its pinned values do not matter here."""
    if _standing(row, finding) is None:
        return False
    return bool(case.places(row, finding))


def known_by_side(row: Decision, known: Mapping[str, _Known]) -> dict[str, frozenset[_Known]]:
    """Return the values of `known` for the runtimes of each side of a row, by side.

    A side without any is left out.
    """
    by_side: dict[str, frozenset[_Known]] = {}
    for side, names in zip(row.sides, sides_among(row, known), strict=True):
        if names:
            by_side[side.name] = frozenset(map(known.__getitem__, names))
    return by_side


def sides_among(row: Decision, names: Container[str]) -> list[list[str]]:
    """Return for each side of a row its runtimes that are in `names`."""
    return [list(filter(names.__contains__, side.runtimes)) for side in row.sides]


def opposed(sides: Iterable[Iterable[str]]) -> Iterable[tuple[str, str]]:
    """Return each pair of runtimes that are on two different sides."""
    return chain.from_iterable(starmap(product, combinations(sides, 2)))


def standing(row: Decision, finding: Finding) -> Standing:
    """Return on which sides of a finding each side of a matching row stands.

    A side without a runtime in the finding is left out.
    """
    return _standing(row, finding) or {}


def on_sides(row: Decision, finding: Finding) -> frozenset[str]:
    """Return all runtimes on the sides of a finding where the sides of a matching row stand.

    They include runtimes that the row does not name.
    """
    return runtimes_at(finding, standing(row, finding).values())


def runtimes_at(finding: Finding, sides: Iterable[Iterable[int]]) -> frozenset[str]:
    """Return the runtimes on some sides of a finding, given as groups of their indexes."""
    of_finding = map(finding.sides.__getitem__, chain.from_iterable(sides))
    return frozenset(chain.from_iterable(map(attrgetter("runtimes"), of_finding)))


def _standing(row: Decision, finding: Finding) -> Standing | None:
    """Return on which sides of a finding each side of a row stands; None if it does not match."""
    # The cheap check first: most rows of a case have another cause
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
    """Return whether each side shows the fault that its name gives.

    The side of each runtime is judged alone.
    """
    if not stand:
        return False
    return all(_shows(finding, sides, name) for name, sides in stand.items())


def _are_apart(row: Decision, finding: Finding, stand: Standing) -> bool:
    """Return whether at least two sides of a row are present, none split, and differ as it says."""
    if len(stand) < _TWO_SIDES or not _has_code(row, finding):
        return False
    for sides in stand.values():
        if not _is_one_side(sides, finding):
            return False
    return _all_differ(row, finding, stand)


def _shows(finding: Finding, sides: Iterable[int], fact: str) -> bool:
    """Return whether each of the given sides shows a fact."""
    return all(fact in finding.facts_of(side) for side in sides)


def is_named(row: Decision, finding: Finding) -> bool:
    """Return whether any two sides of a finding differ by the cause of a row."""
    return any(map(partial(_has_cause, row), finding.pairs))


def _has_cause(row: Decision, pair: SidePair) -> bool:
    """Return whether two sides differ by the cause of a row.

    A row about a status matches its statuses under any name, because the name of an idiom only says
    what two statuses usually mean.
    """
    # Only the row's runtimes count: a further runtime must not change what it matches
    if pair.among({*row.runtimes}).name == row.cause:
        return True
    return pair.kind is DifferenceKind.STATUS and about_statuses(row.cause)


def _is_one_side(sides: Iterable[int], finding: Finding) -> bool:
    """Return whether no two of the given sides differ, so that they are one side for a row."""
    return {*combinations(sorted(sides), 2)}.issubset(finding.agreeing)


def about_statuses(cause: str) -> bool:
    """Return whether a cause is the kind `status` or an idiom of statuses."""
    return cause == DifferenceKind.STATUS.value or cause in OF_STATUSES


def _has_code(row: Decision, finding: Finding) -> bool:
    """Return whether the error code of the refusing side is that of the row, if the row needs one.

    If a refusing runtime of the row is not in the finding, the code may be its own, so any code
    fits.
    """
    if not has_code(row.cause):
        return True
    if row.code == finding.code_among({*row.runtimes}):
        return True
    refusing = {name for name, fact in row.side_of.items() if refuses(fact)}
    return not refusing.issubset(finding.runtimes)


def _all_differ(row: Decision, finding: Finding, stand: Standing) -> bool:
    """Return whether any two sides of a row differ as it says, by its cause and their facts.

    If the facts only say that values differ, the pinned values identify the sides.
    """
    differ = partial(_differ, row, finding, stand)
    return all(map(differ, combinations(stand, 2)))


def _differ(row: Decision, finding: Finding, stand: Standing, names: tuple[str, str]) -> bool:
    """Return whether the two named sides of a row differ as it says."""
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
    """Return whether two sides of a finding differ as a row says; `first` has the first name."""
    if not _has_cause(row, pair):
        return False
    own = pair.among({*row.runtimes}).facts
    facts = own if pair.first == first else own[::-1]
    # Without facts, only a pin identifies the sides of a row
    if facts == VALUES_DIFFER:
        return row.pin is not None
    return facts == names


def says_fault(row: Decision, runtime: str) -> bool:
    """Return whether a row says that a runtime has a fault."""
    return row.side_of.get(runtime, ANSWERED) != ANSWERED


def difference_now(row: Decision, finding: Finding, case: InCase) -> Signature | None:
    """Return how two sides of a row still differ in a finding at its place; None if they do not."""
    if not case.places(row, finding):
        return None
    if finding.kind is DifferenceKind.FAULT:
        return _fault_now(row, finding)
    # A pair that does not differ as the row says is first: it shows what has changed
    by_change = sorted(_signatures(row, finding), key=itemgetter(0))
    _, first = next(iter(by_change), (False, None))
    return first


def _fault_now(row: Decision, finding: Finding) -> Signature | None:
    """Return the signature of a fault that is not the one of the row; None if there is none."""
    if row.cause != finding.kind.value:
        return None
    for pair, signature in zip(finding.pairs, finding.signatures, strict=True):
        is_other_fault = partial(_is_other_fault, row, finding, pair)
        if any(map(is_other_fault, pair.sides)):
            return signature
    return None


def _is_other_fault(row: Decision, finding: Finding, pair: SidePair, side: int) -> bool:
    """Return whether a side shows a fault, and the row gives one of its runtimes another fault."""
    fact = pair.fact_of(side)
    if not faulted(fact):
        return False
    side_of = row.side_of
    written = map(side_of.get, finding.sides[side].runtimes)
    return not {*written} <= {fact, None}


def _signatures(row: Decision, finding: Finding) -> Iterator[tuple[bool, Signature]]:
    """Yield `(differs as the row says, signature)` for each pair that separates sides of a row."""
    stand = known_by_side(row, finding.side_of)
    for pair, signature in zip(finding.pairs, finding.signatures, strict=True):
        first = _names_at(stand, pair.first)
        second = _names_at(stand, pair.second)
        apart = [names for names in product(first, second) if names[0] != names[1]]
        is_about = partial(_is_about, row, pair, pair.first)
        if apart:
            yield any(map(is_about, apart)), signature


def _names_at(stand: Standing, side: int) -> list[str]:
    """Return the sides of a row that have a runtime on a side of a finding."""
    return [name for name, sides in stand.items() if side in sides]


def left_code(row: Decision, finding: Finding) -> str:
    """Return how the error code of a finding differs from a row's code.

    The result is empty unless the code is the only reason why the row does not match.
    """
    if not is_named(row, finding) or _has_code(row, finding):
        return ""
    if not _all_differ(row, finding, known_by_side(row, finding.side_of)):
        return ""
    now = finding.code_among({*row.runtimes})
    # A body may name its error in a member that is not read as a code
    return f"{_code(now, 'none that is read')}, the row has {_code(row.code, 'none')}"


def _code(code: str, nothing: str) -> str:
    if not code:
        return nothing
    return f"`{code}`"
