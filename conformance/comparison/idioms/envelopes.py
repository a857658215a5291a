"""Envelopes around results; an error beside a result is not taken for an envelope."""

from typing import Final

from msgspec.structs import replace

from conformance.comparison.difference import as_fact
from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.conditions import for_differing_elements
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import (
    is_namespace,
    normalised,
    normalised_all,
    normalised_each,
    share_in_common,
    share_of_normalised,
)
from conformance.comparison.idioms.outcomes import ERROR_NAMES, has_error_content
from conformance.comparison.idioms.paging import is_of_pages
from conformance.comparison.values.columns import (
    Column,
    elements_of,
    holds_only,
    kinds_of,
    members_of,
)
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import each_without, members_holding, sole
from conformance.model.finding import DifferenceKind

_ENOUGH_IN_COMMON: Final = 0.5
_HOLDERS: Final = frozenset(
    (
        "content", "data", "elements", "embedded", "entries", "hits", "items", "list", "nodes",
        "objects", "payload", "records", "resources", "response", "result", "results", "rows",
        "value", "values",
    )
)  # fmt: skip
"""Names, without convention, of members that hold the list of an answer, whatever is next to them.
"""
_BESIDE_LISTS: Final = frozenset(
    (
        "code", "error", "errors", "headers", "links", "message", "meta", "metadata", "ok", "size",
        "status", "success", "timestamp", "version",
    )
)  # fmt: skip
"""Names, without convention, of members next to the list of an answer; members about pages are
others."""


@for_differing_elements
def envelope(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `{"data": X}` or `{"Envelope": {"Body": X}}` on one side, `X` on the other."""
    return _wrapped_once(a, b) or _wrapped_twice(a, b)


def _wrapped_once(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise an envelope of one level."""
    wrapped = _wrapped(a, b) if holds_only(a, dict) else None
    if wrapped is None:
        return None
    # what is beside the content is compared as if both sides held the same content there
    beside = [{**each, wrapped: True} for each in a]
    # the envelope's own namespace is part of the envelope; that of what it is in is compared there
    around = [{**_namespaces_in([each]), wrapped: True} for each in b]
    content = members_of(a)[wrapped]
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=f"enveloped in {as_fact(wrapped)}",
        b_fact="bare",
        details=(f"wrapped in member '{wrapped}'", ""),
        rest=(
            Rest(a=_without_namespaces(content), b=_without_namespaces(b), a_at=(wrapped,)),
            Rest(a=beside, b=around),
        ),
    )


def _namespaces_in(column: Column) -> dict[str, Json]:
    """Return the members of a column's objects that name a namespace, each with its first value."""
    members = members_of(column)
    return {name: members[name][0] for name in filter(is_namespace, members)}


def _without_namespaces(column: Column) -> Column:
    names = _namespaces_in(column)
    return each_without(column, names) if names else column


def _wrapped_twice(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise an envelope in the only member of all objects, as `Body` in `Envelope` of SOAP."""
    name = sole(members_of(a)) if holds_only(a, dict) else None
    if name is None:
        return None
    within = members_of(a)[name]
    claim = _wrapped_once(within, b) if len(within) == len(a) else None
    if claim is None:
        return None
    wrapped = claim.rest[0].a_at[0]
    return replace(
        claim,
        a_fact=f"enveloped in {as_fact(name)}",
        details=(f"wrapped in member '{wrapped}' of member '{name}'", ""),
        rest=tuple(replace(rest, a_at=(name, *rest.a_at)) for rest in claim.rest),
    )


def _wrapped(a: Column, b: Column) -> str | None:
    """Return the name of the member in which one side holds what the other sends bare, or None."""
    for kind, name_of_wrapped in ((dict, _wrapped_object), (list, _wrapped_list)):
        if not holds_only(b, kind):
            continue
        below = members_holding(a, kind)
        if below:
            return name_of_wrapped(below, a, b)
    return None


def _wrapped_list(below: dict[str, Column], a: Column, b: Column) -> str | None:
    """Return the name of the one list with the same kinds of elements as the bare list, or None.

    An empty list fits any.  A list next to other content must have something in common with the
    bare one.
    """
    bare = elements_of(b)
    if share_in_common(members_of(a), members_of(bare)) > _ENOUGH_IN_COMMON:
        return None  # an object that is much like the elements of the list is one of them
    name = _only_name_of_kinds(below, bare)
    if name is None:
        return None
    # the name is enough for `data` and `items`; other lists are known by the members next to them
    others = members_of(a).keys() - {name}
    if normalised(name) in _HOLDERS or all(map(_stands_beside_lists, others)):
        return name
    in_common = _have_in_common(elements_of(below[name]), bare)
    return name if in_common else None


def _only_name_of_kinds(below: dict[str, Column], bare: Column) -> str | None:
    """Return the name of the one column of lists whose elements fit the bare lists, or None."""
    wanted = kinds_of(bare)
    # the bare lists are empty: then kinds say nothing
    if not wanted:
        return sole(below)
    of_these_kinds: list[str] = []
    empty: list[str] = []
    for name, column in below.items():
        elements = elements_of(column)
        if not elements:
            empty.append(name)
        elif not wanted.isdisjoint(kinds_of(elements)):
            of_these_kinds.append(name)
    return sole(of_these_kinds or empty)


def _stands_beside_lists(name: str) -> bool:
    return is_of_pages(name) or normalised(name) in _BESIDE_LISTS


def _have_in_common(a: Column, b: Column) -> bool:
    """Return whether the elements of two lists have enough members, or any value, in common."""
    if "object" in kinds_of(a) & kinds_of(b):
        return share_in_common(set(members_of(a)), set(members_of(b))) >= _ENOUGH_IN_COMMON
    return not set(map(canonical, a)).isdisjoint(map(canonical, b))


def _wrapped_object(below: dict[str, Column], a: Column, b: Column) -> str | None:
    """Return the name of the member whose object has the bare object's names, or None.

    A name that is outside, too, shows that the outer object is the bare one itself.  In `{"data":
    {"data": 1, "errors": []}}` it does not: the bare object has something else under that name.
    """
    names_b, outside = normalised_all(members_of(b)), normalised_all(members_of(a))
    shared = outside & names_b
    share_outside = share_of_normalised(outside, names_b)

    def is_no_other_outside(name: str) -> bool:
        return shared <= {normalised(name)}

    def is_like_bare_one(name: str) -> bool:
        inside = normalised_all(members_of(below[name]))
        below_own_name = normalised_all(members_of(members_of(b).get(name, [])))
        is_another = share_of_normalised(inside, below_own_name) < _ENOUGH_IN_COMMON
        share = share_of_normalised(inside, names_b)
        return is_another and _ENOUGH_IN_COMMON <= share > share_outside

    return next(filter(is_like_bare_one, filter(is_no_other_outside, below)), None)


ENVELOPE: Final = Idiom(
    name="envelope",
    title="enveloped vs bare",
    explanation="One side wraps the value in an object with one more level; the other sends the "
    "value itself.",
    cures=cures(
        go=("the response struct of the handler", 10),
        rust=("the response type of the handler", 10),
        python=("the response model of the handler", 5),
        typescript=("the handler's return value", 5),
        java=("the controller's return type", 10),
        csharp=("the action's return type", 10),
    ),
    detect=envelope,
)


def envelope_of_no_error(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise an envelope, unless it is an error beside a result.

    A value under an error's name is enveloped only if both sides hold an equal value.
    """
    claim = envelope(a, b)
    if claim is None:
        return None
    wrapped, *_ = claim.rest
    names_error = not ERROR_NAMES.isdisjoint(normalised_each(map(str, wrapped.a_at)))
    is_error = names_error and any(map(has_error_content, wrapped.a))
    if is_error and not _hold_one_value(wrapped.a, wrapped.b):
        return None
    return claim


def _hold_one_value(a: Column, b: Column) -> bool:
    """Return whether two columns, or their lists, have an equal value: whole, or in one member."""
    first, second = [*a, *elements_of(a)], [*b, *elements_of(b)]
    inside, other = members_of(first) | {"": first}, members_of(second) | {"": second}
    return any(_have_in_both(inside[name], other[name]) for name in inside.keys() & other.keys())


def _have_in_both(a: Column, b: Column) -> bool:
    """Return whether two columns have an equal value."""
    return not set(map(canonical, a)).isdisjoint(map(canonical, b))


ENVELOPE_OF_NO_ERROR: Final = replace(ENVELOPE, detect=envelope_of_no_error)
"""The idiom of an envelope, for bodies in which either side may hold a result."""
