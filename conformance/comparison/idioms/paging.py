"""Members that say which part of a list an answer holds, and where the next part is."""

from collections.abc import Iterator, Mapping
from itertools import chain, product
from operator import itemgetter
from typing import Final

from conformance.comparison.difference import names_as_fact
from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.conditions import between
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import last_name, normalised
from conformance.comparison.values.columns import Column, kinds_of, members_of
from conformance.comparison.values.objects import each_without
from conformance.comparison.values.side import values_under
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath

_ENOUGH_NAMES: Final = 2
_PAGINATION: Final = frozenset(
    (
        "page", "pagenumber", "pageno", "pageindex", "currentpage", "pagesize", "perpage", "limit",
        "offset",
        "skip", "total", "totalcount", "totalitems", "totalresults", "totalelements", "totalpages",
        "pagecount",
        "count", "next", "previous", "prev", "nextpage", "prevpage", "previouspage", "nextcursor",
        "prevcursor",
        "previouscursor", "cursor", "nexttoken", "nextpagetoken", "pagetoken", "continuationtoken",
        "hasmore",
        "hasnext", "hasnextpage", "hasprevious", "haspreviouspage", "startcursor", "endcursor",
        "pagination",
        "paging", "pageinfo",
    )
)  # fmt: skip

_Paging = Mapping[str, JsonPath]
"""For each member about pages, by its name as a fact such as `meta.page`, the path where it was
sent."""


@between("object", "object")
def pagination(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise two ways to say which part of a list an answer holds.

    Members such as `page` and `total` are next to the list, or in an object of their own.  What
    both sides give, at two places, is compared by its value.
    """
    below_a, below_b = members_of(a), members_of(b)
    if not all(map(_have_a_list, (below_a, below_b))):
        return None
    first, second = dict(_paging(below_a, below_b)), dict(_paging(below_b, below_a))
    # one member more or less is not another form of pagination
    if len(first) + len(second) < _ENOUGH_NAMES:
        return None
    gone_a, gone_b = _first_names(first), _first_names(second)
    # what both sides give is compared below; only what one side gives is explained
    have_no_common = first.keys().isdisjoint(second)
    rest = Rest(a=each_without(a, gone_a), b=each_without(b, gone_b))
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=names_as_fact(first),
        b_fact=names_as_fact(second),
        rest=(rest, *_given_by_both(a, b, first, second)),
        explained=frozenset(gone_a | gone_b) if have_no_common else frozenset(),
    )


def _have_a_list(below: Mapping[str, Column]) -> bool:
    """Return whether any member of some objects holds a list."""
    return list in map(type, chain.from_iterable(below.values()))


def _first_names(paging: _Paging) -> set[str]:
    """Return the names of the top members that are about pages, or that hold such members."""
    return set(map(str, map(itemgetter(0), paging.values())))


def _paging(
    here: Mapping[str, Column], there: Mapping[str, Column]
) -> Iterator[tuple[str, JsonPath]]:
    """Yield the members about pages that only `here` has, with their paths.

    An object that holds only such members is replaced by its members.
    """
    for name, column in here.items():
        kinds = kinds_of(column)
        # a list is the content itself, whatever its name
        if name in there or "array" in kinds:
            continue
        inside = members_of(column) if kinds == {"object"} else {}
        yield from _named_paging(name, inside)


def _named_paging(name: str, inside: Mapping[str, Column]) -> Iterator[tuple[str, JsonPath]]:
    """Yield a member about pages, or the members in it if all are about pages."""
    if inside and all(map(is_of_pages, inside)):
        for below in inside:
            yield f"{name}.{below}", (name, below)
    elif is_of_pages(name):
        yield name, (name,)


def is_of_pages(name: str) -> bool:
    """Return whether a name is one of those that say which part of a list an answer holds."""
    return normalised(name) in _PAGINATION


def _given_by_both(a: Column, b: Column, first: _Paging, second: _Paging) -> Iterator[Rest]:
    """Yield the values about pages that both sides have under one name at two places.

    A side that has a value at two places is compared in both.
    """
    for path, other in product(first.values(), second.values()):
        # `meta.total` and `total` say the same at two places
        if normalised(last_name(path)) != normalised(last_name(other)):
            continue
        ours, theirs = values_under(a, path), values_under(b, other)
        if ours is None or theirs is None:
            continue
        yield Rest(a=ours, b=theirs, a_at=path, b_at=other)


PAGINATION: Final = Idiom(
    name="pagination",
    title="different form of pagination",
    explanation="What says which part of a list this is, and where the next one is, is written in "
    "other members.",
    cures=cures(
        go=("the page struct of the list handler", 20),
        rust=("the page type of the list handler", 20),
        python=("the page model of the list handler, or the framework's pagination class", 15),
        typescript=("the function that builds the page", 15),
        java=("the page type of the list handler; the framework's Page has members of its own", 20),
        csharp=("the page type of the list action", 20),
    ),
    detect=pagination,
)
