"""Checks of a pin that its table of fields cannot express: its sides, places and bounds."""

from collections.abc import Iterable, Iterator
from itertools import chain, product
from typing import Final

from conformance.errors import Problem
from conformance.model.pin import MAX_PINNED
from conformance.suites.expect_fields import pattern_problem
from conformance.suites.nodes import Mapping, Node, is_true, items, members, one_or_many, text
from conformance.wording import plural

_BY_VALUE: Final = frozenset({"value", "length", "text", "bytes", "another-order", "element-order"})
"""Causes whose facts only say that values differ: the decision is about these values."""
_TWO_SIDES: Final = 2
"""One side alone shows no difference."""
CasePlace = tuple[str, str]
"""`(case, place)`, as the row writes both."""


def pin_problems(given: dict[str, Node]) -> Iterator[Problem]:
    """Yield the problems of a row's pin, given the fields of the row."""
    if "pin" in given:
        pin = members(given["pin"])
        if "values" in pin:
            yield from _values_problems(pin["values"], given)
        yield from _bound_problems(pin)
    elif text(given["cause"]) in _BY_VALUE:
        what = "field 'pin' is missing: a row about values says which, or a bound"
        yield Problem(given["cause"].place, what)


def covered_places(given: dict[str, Node]) -> list[CasePlace]:
    """Return each case and place of a row without patterns, given the fields of the row."""
    where = given.get("where")
    if not isinstance(where, Mapping):
        at = map(text, items(given.get("at")))
        return list(product(map(text, items(where)), at))
    covered: list[CasePlace] = []
    for case, places in members(where).items():
        covered += [(case, text(place)) for place in items(places)]
    return covered


def is_wide(given: dict[str, Node]) -> bool:
    """Return whether a row has one list of several combinations for several places.

    Such a row would accept at each place what only another place showed.
    """
    listed = items(members(given.get("pin")).get("values"))
    if len(listed) <= 1:
        return False
    return len(covered_places(given)) > 1


def _values_problems(values: Node, given: dict[str, Node]) -> Iterator[Problem]:
    if is_true(given.get("grows")):
        yield Problem(values.place, "a row that grows needs a bound: within, matches, order or any")
        return
    listed = list(_combinations(values))
    yield from _side_problems(listed, members(given["sides"]).keys())
    if len(set(map(_as_text, listed))) > MAX_PINNED:
        yield Problem(values.place, f"more than {MAX_PINNED} distinct combinations: choose a bound")
    if isinstance(values, Mapping):
        yield from _place_problems(values, covered_places(given))
    elif is_wide(given):
        yield Problem(
            values.place,
            f"{plural(len(listed), 'combination')} for several places: a value of one would be "
            "accepted in another. Write those of each, `values: {CASE: {PLACE: [...]}}`, or let "
            "`conformance tracker migrate` write them from the last run",
        )


def _combinations(values: Node) -> Iterator[Node]:
    """Yield the combinations of a list, or those of all places."""
    yield from items(values)
    for by_place in members(values).values():
        yield from chain.from_iterable(map(items, members(by_place).values()))


def _as_text(combination: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
    sides = sorted(members(combination).items())
    # A side may have sent one text, or several
    return tuple((side, tuple(map(text, one_or_many(sent)))) for side, sent in sides)


def _side_problems(listed: Iterable[Node], sides: Iterable[str]) -> Iterator[Problem]:
    known = {*sides}
    for combination in listed:
        named = members(combination).keys()
        is_of_two = len(named) >= _TWO_SIDES
        if is_of_two and named <= known:
            continue
        wanted = f"wanted a value for at least two of the sides {', '.join(sides)}"
        yield Problem(combination.place, wanted)


def _place_problems(values: Mapping, covered: Iterable[CasePlace]) -> Iterator[Problem]:
    """Yield places of a row without values, and values of places that it does not cover."""
    missing = dict.fromkeys(covered)
    for case, by_place in members(values).items():
        for place, listed in members(by_place).items():
            if (case, place) in missing:
                del missing[case, place]
            else:
                yield Problem(listed.place, f"the row does not cover {place} in {case}")
    for case, place in missing:
        yield Problem(values.place, f"wanted the values of {place} in {case}, which the row covers")


def _bound_problems(pin: dict[str, Node]) -> Iterator[Problem]:
    if "within" in pin and not members(pin["within"]):
        yield Problem(pin["within"].place, "wanted absolute, relative or both, got neither")
    for name in ("order", "any"):
        is_denied = text(pin.get(name)) == "false"
        if is_denied:
            yield Problem(pin[name].place, f"wanted {name}: true, or another bound")
    if "matches" in pin:
        wrong = pattern_problem(text(pin["matches"]))
        if wrong:
            yield Problem(pin["matches"].place, wrong)
