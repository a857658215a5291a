"""How a collection is laid out: as a list or a map, under which name, in which order."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import count, repeat
from operator import itemgetter, ne
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.difference import ANOTHER_ORDER as BY_ORDER
from conformance.comparison.difference import DIFFERS, as_fact
from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.conditions import between, for_equal_lengths
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import normalised, share_in_common
from conformance.comparison.idioms.pairing_by_id import order_by_id
from conformance.comparison.values.columns import (
    Column,
    elements_of,
    holds_only,
    members_of,
)
from conformance.comparison.values.common_order import common_subsequence_length
from conformance.comparison.values.element_ids import ElementId
from conformance.comparison.values.features import in_one_spelling
from conformance.comparison.values.json_encoding import canonical_each
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import (
    each_without,
    have_member,
    members_holding,
    picked,
    positions_of,
    renamed,
    sole,
)
from conformance.comparison.values.partners_in_any_order import PartnersInAnyOrder
from conformance.comparison.values.unequal_elements import unequal_elements
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER

MAP_BY: Final = "map by "
"""Prefix of the fact of a side with a map; the member whose values are the map's names follows."""
_ENOUGH_IN_COMMON: Final = 0.5
_MOST_RESPELLED: Final = 1_000
"""The longest list whose elements are spelled alike to compare them: that takes a tenth of a
second."""


@between("array", "object")
@for_equal_lengths
def list_vs_map(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise `[{"id": "x", …}]` on one side, `{"x": {…}}` on the other.

    The map's names must be exactly the values of one member of the list's elements.
    """
    elements = elements_of(a)
    # an empty map beside an empty list does not show which member is the key
    if not any(b) or not holds_only(elements, dict):
        return None

    def is_key(name: str) -> bool:
        return all(map(partial(_keyed, name), a, b))

    # the names in a map are texts, so the member that is the key holds texts, too
    key = next(filter(is_key, members_holding(elements, str)), None)
    return None if key is None else _keyed_by(key, a, b)


def _keyed_by(key: str, a: Column, b: Column) -> IdiomClaim:
    """Return the claim for lists beside maps whose names are the values of the member `key`."""
    elements = elements_of(a)
    order: Column = [{element[key]: element for element in listed} for listed in a]
    values = [below[name] for names, below in zip(order, b, strict=True) for name in names]
    is_repeated = all(have_member(values, key))
    explained: set[str] = set() if is_repeated else {key}
    rest = Rest(
        a=each_without(elements, explained),
        b=values,
        a_at=(ANY_ELEMENT,),
        b_at=(ANY_MEMBER,),
        b_order=order,
        elements=list(_steps_to(key, a)),
    )
    return IdiomClaim(
        kind=DifferenceKind.TYPE,
        a_fact="list",
        b_fact=f"{MAP_BY}{as_fact(key)}",
        details=(f"'{key}' of each element is its name in the map", ""),
        rest=(rest,),
        explained=frozenset(explained),
    )


def _steps_to(key: str, lists: Column) -> Iterator[tuple[int, ElementId]]:
    """Yield each element's list, by position, with its index there and its name in the map."""
    for at, listed in enumerate(lists):
        for index, element in enumerate(listed):
            yield at, ((index, element[key]),)


def _keyed(key: str, listed: list[dict[str, Json]], below: dict[str, Json]) -> bool:
    """Return whether the values of the member `key` of a list's elements are the names of a map."""
    if len(listed) != len(below):
        return False
    return set(map(itemgetter(key), listed)) == below.keys()


LIST_VS_MAP: Final = Idiom(
    name="list-vs-map",
    title="list vs map",
    explanation="The same elements stand in a list on one side, and in an object under one of "
    "their members on the other.",
    cures=cures(
        "list",
        go=("map[string]T instead of []T in the response struct", 5),
        rust=("HashMap<String, T> instead of Vec<T> in the response type", 5),
        python=("dict instead of list in the response model", 3),
        typescript=("Object.fromEntries where the body is built", 2),
        java=("Map<String, T> instead of List<T> in the response class", 5),
        csharp=("Dictionary<string, T> instead of List<T> in the response type", 5),
    )
    + cures(
        wanted={"list"},
        go=("[]T instead of map[string]T in the response struct", 5),
        rust=("Vec<T> instead of HashMap<String, T> in the response type", 5),
        python=("list instead of dict in the response model", 3),
        typescript=("Object.entries where the body is built", 2),
        java=("List<T> instead of Map<String, T> in the response class", 5),
        csharp=("List<T> instead of Dictionary<string, T> in the response type", 5),
    ),
    detect=list_vs_map,
)


def renamed_list(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise one list of objects under two names: `items` on one side, `data` on the other."""
    first, second = _only_list(a, b), _only_list(b, a)
    if first is None or second is None:
        return None
    names = (_names_in_list(a, first), _names_in_list(b, second))
    if share_in_common(*names) < _ENOUGH_IN_COMMON:
        return None
    # one name for both sides, whichever side is first
    common = max(first, second)
    rest = Rest(
        a=list(map(renamed, a, repeat({first: common}))),
        b=list(map(renamed, b, repeat({second: common}))),
        a_names={common: (first,)},
        b_names={common: (second,)},
    )
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=as_fact(first),
        b_fact=as_fact(second),
        rest=(rest,),
    )


def _names_in_list(column: Column, name: str) -> set[str]:
    """Return the member names of the elements in the lists under a name."""
    return set(members_of(elements_of(members_of(column)[name])))


def _only_list(column: Column, other: Column) -> str | None:
    """Return the name of the one list of objects that all objects of only one column have, or None.

    No object of the other column has a member of that name.
    """
    if not holds_only(column, dict):
        return None
    lists = members_holding(column, list)
    alone = lists.keys() - members_of(other).keys()
    of_objects = [name for name in alone if holds_only(elements_of(lists[name]), dict)]
    return sole(of_objects)


RENAMED_LIST: Final = Idiom(
    name="renamed-list",
    title="different name for the list of a response",
    explanation="Both sides answer an object with one list of like elements in it, under another "
    "name.",
    cures=cures(
        go=("the json struct tag of the list", 1),
        rust=('#[serde(rename = "…")] on the field', 1),
        python=("the field's name or alias in the response model", 1),
        typescript=("the member's name where the body is built", 1),
        java=("@JsonProperty on the field", 1),
        csharp=("[JsonPropertyName] on the property", 1),
    ),
    detect=renamed_list,
)


@between("array", "array")
@for_equal_lengths
def another_order(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise lists whose common elements are in another order.

    It is only called where values are compared.  Elements belong together that are equal, or that
    one member identifies.  Elements of one side only are compared in their order, the first with
    the first of the other side.
    """
    orders = list(map(order_of, a, b))
    moved = positions_of(orders)
    if not moved:
        return None
    return IdiomClaim(
        kind=DifferenceKind.VALUE,
        a_fact=DIFFERS,
        b_fact=DIFFERS,
        rest=(Rest(a=a, b=b, orders=orders),),
        positions=moved,
    )


def order_of(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return for each element of `x` its partner's index in `y`; None if they are in one order."""
    check()
    # one element has one order
    if not 1 < len(x) == len(y):
        return None
    # ids first: elements with one id belong together even if everything else changed
    ways = (order_by_id, _order_of_equal, _order_of_words, _order_of_respelled)
    orders = (find_order(x, y) for find_order in ways)
    return next(filter(None, orders), None)


def _order_of_equal(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return the order that pairs equal elements; None where none has an equal one elsewhere."""
    unequal = unequal_elements(x, y)
    if set(unequal.marks).isdisjoint(unequal.others):
        return None
    return _order_of_most(canonical_each(x), canonical_each(y))


def _order_of_respelled(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return the order that pairs elements that differ in spelling only: `1.5`, `1.50`, `"1.5"`.

    None for lists that are too long to be spelled alike.
    """
    # in longer lists only equal elements are paired
    if len(x) > _MOST_RESPELLED:
        return None
    indexes = unequal_elements(x, y).indexes
    spelled = set(map(in_one_spelling, picked(x, indexes)))
    if spelled.isdisjoint(map(in_one_spelling, picked(y, indexes))):
        return None
    return _order_of_most(list(map(in_one_spelling, x)), list(map(in_one_spelling, y)))


def _order_of_words(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return the order that pairs the same words in any spelling, or None.

    `ID`, `Name` is another order of `name`, `id`.  Each word must have exactly one partner.
    """
    if not holds_only([*x, *y], str):
        return None
    words, others = list(map(normalised, x)), list(map(normalised, y))
    places = dict(zip(others, count(), strict=False))
    has_a_word_twice = len(places) < len(others)
    if has_a_word_twice or places.keys() != set(words):
        return None
    if words == others:
        return None
    return list(map(places.__getitem__, words))


def _order_of_most(marks: list[bytes], others: list[bytes]) -> list[int] | None:
    """Return the order that pairs two lists with mostly the same elements, or None.

    None also if the common elements are in one order.  An element that is at one index on both
    sides stays there.
    """
    apart = positions_of(map(ne, marks, others))
    own, wanted = picked(marks, apart), picked(others, apart)
    if set(own).isdisjoint(wanted):
        return None
    elsewhere = (Counter(own) & Counter(wanted)).total()
    common = len(marks) - len(apart) + elsewhere
    if common < len(marks) * _ENOUGH_IN_COMMON:
        return None
    # extra elements of one side only shift the others: the order is the same
    if common_subsequence_length(marks, others) in {common, None}:
        return None
    # elements without an equal partner are paired too, so that they are compared
    equal = PartnersInAnyOrder(marks, others)
    equal.by_marks(marks, others)
    without_partner = zip(*equal.left, strict=True)
    partners = {**equal.of_x, **dict(without_partner)}
    return list(map(partners.__getitem__, range(len(marks))))


ANOTHER_ORDER: Final = Idiom(
    name=BY_ORDER,
    title="same elements in a different order",
    explanation="The elements that a list has on both sides stand in another order.",
    cures=cures(
        go=("where the list is made: one sort for all; the order of a map is random", 2),
        rust=("where the list is made: one sort for all; a HashMap has no order", 2),
        python=("where the list is made: one sorted() or ORDER BY for all", 1),
        typescript=("where the list is made: one sort() or ORDER BY for all", 1),
        java=("where the list is made: one sort or ORDER BY for all; a HashMap has no order", 2),
        csharp=("where the list is made: one OrderBy for all", 1),
    ),
    detect=another_order,
    is_symmetric=True,
    any_body=True,
    by_value=True,
)
