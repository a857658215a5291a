"""The checks whether the evidence of a run contradicts a cure, one for each `Contradiction`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, filterfalse, product
from operator import attrgetter, methodcaller
from typing import Final

from conformance.comparison.evidence.error_forms import is_json, members_of_form
from conformance.comparison.evidence.routes import path_of
from conformance.comparison.evidence.to_change import Target
from conformance.comparison.idioms.errors import (
    PROBLEM_DOCUMENT,
    WITH,
    WITHOUT,
    is_problem_document,
)
from conformance.comparison.idioms.idiom import Contradiction, Cure
from conformance.comparison.idioms.member_names import names_in, style_of_all
from conformance.comparison.idioms.statuses import SUCCESSES
from conformance.distinct import distinct
from conformance.model.evidence import FixEvidence, ObjectMembers, RuntimeEvidence
from conformance.model.json_path import path_of_place

_NULL: Final = "null"
"""The name of the value null in `RuntimeEvidence.empty_values`."""
_Evidence = tuple[RuntimeEvidence, ...]
_Check = Callable[[Target, _Evidence], bool]
"""Returns whether the evidence about a target's runtime contradicts a cure."""


def is_contradicted(cure: Cure, target: Target, evidence: FixEvidence | None) -> bool:
    """Return whether the evidence of a run contradicts a cure.

    Without complete evidence, every cure that has a contradiction to check counts as contradicted.
    """
    if cure.unless is None:
        return False
    if evidence is None or not evidence.complete:
        return True
    check = _CHECKS[cure.unless]
    return check(target, evidence.of(target.runtime))


def _sends_null(_: Target, evidence: _Evidence) -> bool:
    """Return whether the runtime sends null for some member elsewhere."""
    return bool(_members_with({_NULL}, evidence))


def _sends_zero_values(target: Target, evidence: _Evidence) -> bool:
    """Return whether the runtime sends the same empty value for some member elsewhere."""
    return bool(_members_with(target.facts, evidence))


def _sends_empty_for_member(target: Target, evidence: _Evidence) -> bool:
    """Return whether the runtime sends the same empty value for this member elsewhere."""
    members = {_last_name(place) for _, place in target.places}
    return not members.isdisjoint(_members_with(target.facts, evidence))


def _members_with(words: Iterable[str], evidence: _Evidence) -> set[str]:
    """Return the members that have an empty value of a given name, such as `null` or `zero`."""
    members: set[str] = set()
    for word, each in product(words, evidence):
        members.update(each.empty_values.get(word, ()))
    return members


def _leaves_out(_: Target, evidence: _Evidence) -> bool:
    """Return whether the runtime sends objects with unequal members at one place elsewhere."""
    places = distinct(map(attrgetter("layouts"), evidence))
    layouts = map(partial(_layouts_at, evidence=evidence), places)
    return any(map(_are_unequal, layouts))


def _layouts_at(place: str, evidence: _Evidence) -> list[ObjectMembers]:
    """Return the distinct objects at a place of the evidence, `route status path`."""
    layouts: list[ObjectMembers] = []
    for each in evidence:
        layouts += each.layouts.get(place, ())
    return layouts


def _are_unequal(layouts: Iterable[ObjectMembers]) -> bool:
    """Return whether one object lacks a member of another object, differing members aside."""
    known = _alike_names(layouts)
    lacking = (known.difference(layout.names, layout.differing) for layout in layouts)
    return any(lacking)


def _names_alike(target: Target, evidence: _Evidence) -> bool:
    """Return whether the runtime uses the naming convention of the finding elsewhere, too."""
    styles = set(", ".join(target.facts).split(", "))
    layouts = [layout for each in evidence for layout in each.layouts.values()]
    names = _alike_names(chain.from_iterable(layouts))
    used = {style_of_all([name]) for name in names}
    return not styles.isdisjoint(used)


def _alike_names(layouts: Iterable[ObjectMembers]) -> set[str]:
    """Return the names of all members of some objects, without members that differ."""
    names: set[str] = set()
    for layout in layouts:
        names.update(set(layout.names).difference(layout.differing))
    return names


def _route_answers(target: Target, evidence: _Evidence) -> bool:
    """Return whether the runtime answers a route of the cause with success elsewhere."""
    answered = _statuses(target, list(map(attrgetter("answered"), evidence)))
    return not answered.isdisjoint(SUCCESSES)


def _same_status(target: Target, evidence: _Evidence) -> bool:
    """Return whether all runtimes agree elsewhere on the status that the runtime has here."""
    agreed = _statuses(target, list(map(attrgetter("agreed"), evidence)))
    return not target.facts.isdisjoint(map(str, agreed))


def _statuses(target: Target, by_route: Iterable[Mapping[str, frozenset[int]]]) -> set[int]:
    """Return the statuses of the routes of a cause; `by_route` are parts of the evidence."""
    known: set[int] = set()
    for statuses, route in product(by_route, target.routes):
        known.update(statuses.get(route, ()))
    return known


def _path_unknown(target: Target, evidence: _Evidence) -> bool:
    """Return whether, for one path at least, no other method is answered with success."""
    paths = set(map(path_of, target.routes))
    return not paths <= _paths_beside(target.routes, evidence)


def _path_known(target: Target, evidence: _Evidence) -> bool:
    """Return whether, for one path at least, another method is answered with success."""
    paths = set(map(path_of, target.routes))
    return not paths.isdisjoint(_paths_beside(target.routes, evidence))


def _paths_beside(routes: frozenset[str], evidence: _Evidence) -> set[str]:
    """Return the paths of the routes outside the cause that are answered with success."""
    answered = map(methodcaller("items"), map(attrgetter("answered"), evidence))
    paths: set[str] = set()
    for route, statuses in chain.from_iterable(answered):
        if route in routes:
            continue
        succeeds = not statuses.isdisjoint(SUCCESSES)
        if succeeds:
            paths.add(path_of(route))
    return paths


def _json_errors(_: Target, evidence: _Evidence) -> bool:
    """Return whether the runtime writes some error as JSON."""
    return any(_json_forms(map(attrgetter("errors"), evidence)))


def _same_errors(target: Target, evidence: _Evidence) -> bool:
    """Return whether the runtime's other errors show that only one of its handlers is wrong.

    This is so if errors without differences have the form that the runtime shows here, or if any
    other error has the form that the other runtimes show here.
    """
    agreed = list(_json_forms(map(attrgetter("agreed_errors"), evidence)))
    written = list(_json_forms(map(attrgetter("errors"), evidence)))
    for own, other in product(target.facts, target.wanted):
        if _has_form(agreed, own, other_form=other):
            return True
        if _has_form(written, other, other_form=own):
            return True
    return False


def _json_forms(forms: Iterable[frozenset[str]]) -> Iterator[str]:
    """Return the forms of errors that are JSON."""
    return filter(is_json, chain.from_iterable(forms))


def _has_form(forms: Iterable[str], fact: str, *, other_form: str) -> bool:
    """Return whether some error has all members of the form `fact` that `other_form` lacks.

    If `fact` is that a form is without some members, the error has none of them.  If `fact` is a
    problem document (RFC 9457), only problem documents count; otherwise they do not.
    """
    members = list(map(members_of_form, forms))
    if fact == PROBLEM_DOCUMENT:
        return any(map(is_problem_document, members))
    plain = filterfalse(is_problem_document, members)
    names = _names_in(fact)
    if fact.startswith(WITHOUT):
        return any(map(names.isdisjoint, plain))
    # Members of both forms do not distinguish them, unless this form has no others
    distinguishing = names.difference(_names_in(other_form)) or names
    return any(map(distinguishing.issubset, plain))


def _names_in(fact: str) -> set[str]:
    """Return the names of members in a fact about a form of errors."""
    return set(fact.removeprefix(WITHOUT).removeprefix(WITH).split(", "))


_CHECKS: Final[Mapping[Contradiction, _Check]] = {
    Contradiction.SENDS_NULL: _sends_null,
    Contradiction.LEAVES_OUT: _leaves_out,
    Contradiction.SENDS_ZERO_VALUES: _sends_zero_values,
    Contradiction.SAME_FOR_MEMBER: _sends_empty_for_member,
    Contradiction.NAMES_ALIKE: _names_alike,
    Contradiction.ROUTE_ANSWERS: _route_answers,
    Contradiction.SAME_STATUS: _same_status,
    Contradiction.PATH_UNKNOWN: _path_unknown,
    Contradiction.PATH_KNOWN: _path_known,
    Contradiction.JSON_ERRORS: _json_errors,
    Contradiction.SAME_ERRORS: _same_errors,
}


def _last_name(place: str) -> str:
    """Return the last member name in a place; the place itself if there is none."""
    path = path_of_place(place)
    if path is None:
        return place
    return next(names_in(reversed(path)), place)
