"""How a collection is laid out: a list or a map, under which name, and with what beside it."""

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
from conformance.comparison.idioms.conditions import between, of_one_length
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import normalised, share_in_common
from conformance.comparison.idioms.pairing_by_id import order_by_id
from conformance.comparison.values.columns import (
    Column,
    elements_of,
    holds_only,
    members_of,
)
from conformance.comparison.values.common_order import in_one_order
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
"""What the fact of a side begins with that has a map; the member that names its elements follows.
"""
_ENOUGH_IN_COMMON: Final = 0.5
_MOST_RESPELLED: Final = 1_000
"""Elements of a list that are spelled in a common way to be compared: a tenth of a second."""


@between("array", "object")
@of_one_length
def list_vs_map(a: Column, b: Column) -> IdiomClaim | None:
    """See `[{"id": "x", …}]` on one side, `{"x": {…}}` on the other.

    The names must be just the lists' keys.
    """
    elements = elements_of(a)
    # an empty map beside an empty list shows no member that could be the key
    if not any(b) or not holds_only(elements, dict):
        return None

    def is_key(name: str) -> bool:
        return all(map(partial(_keyed, name), a, b))

    # names of a map are texts, so the key of an element is one, too
    key = next(filter(is_key, members_holding(elements, str)), None)
    return None if key is None else _keyed_by(key, a, b)


def _keyed_by(key: str, a: Column, b: Column) -> IdiomClaim:
    """Return the claim for lists whose elements stand in maps under one of their members."""
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
    """Yield the position of the list of each element, and its place: its index, its name there."""
    for at, listed in enumerate(lists):
        for index, element in enumerate(listed):
            yield at, ((index, element[key]),)


def _keyed(key: str, listed: list[dict[str, Json]], below: dict[str, Json]) -> bool:
    """Return whether the keys of a list's elements are just the names of a map."""
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
    """See one list of an object under another name: `items` on one side, `data` on the other."""
    first, second = _only_list(a, b), _only_list(b, a)
    if first is None or second is None:
        return None
    names = (_names_in_list(a, first), _names_in_list(b, second))
    if share_in_common(*names) < _ENOUGH_IN_COMMON:
        return None
    # one name for both sides, whichever is asked first
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
    """Return the names of the members of the elements of the lists under a name."""
    return set(members_of(elements_of(members_of(column)[name])))


def _only_list(column: Column, other: Column) -> str | None:
    """Return the name of the one list of objects that only one column's objects all have.

    Every object of that column has it, and none of the other.
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
@of_one_length
def another_order(a: Column, b: Column) -> IdiomClaim | None:
    """See lists of which the elements that both sides have stand in another order.

    Asked where values are compared.

    Elements belong together that are equal, or that one member of theirs identifies.  Elements that
    only one side has are left to compare: the first of them beside the other side's first, and so
    on.
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
    """Return the order that puts a list beside another one, or None where both are in one order."""
    check()
    # one element has one order
    if not 1 < len(x) == len(y):
        return None
    # by ids first: elements with one id belong together even where all else changed
    ways = (order_by_id, _order_of_equal, _order_of_words, _order_of_respelled)
    orders = (find_order(x, y) for find_order in ways)
    return next(filter(None, orders), None)


def _order_of_equal(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return the order of equal elements; those that are one object are not written out for it."""
    unequal = unequal_elements(x, y)
    if set(unequal.marks).isdisjoint(unequal.others):
        return None
    return _order_of_most(canonical_each(x), canonical_each(y))


def _order_of_respelled(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return the order of elements that are equal but for their spelling: `1.5`, `1.50`, `"1.5"`.

    None where too many would have to be spelled alike.
    """
    # of longer lists only equal elements count
    if len(x) > _MOST_RESPELLED:
        return None
    indexes = unequal_elements(x, y).indexes
    spelled = set(map(in_one_spelling, picked(x, indexes)))
    if spelled.isdisjoint(map(in_one_spelling, picked(y, indexes))):
        return None
    return _order_of_most(list(map(in_one_spelling, x)), list(map(in_one_spelling, y)))


def _order_of_words(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return the order that puts a list beside one with the same words, spelled in any case.

    `ID`, `Name` are `name`, `id` in another order.  None where any word has no partner, or two.
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
    """Return the order that puts a list beside a reordered one, or None.

    The other one has most of its elements, in another order.

    An element that stands at one index on both sides stays there.
    """
    apart = positions_of(map(ne, marks, others))
    own, wanted = picked(marks, apart), picked(others, apart)
    if set(own).isdisjoint(wanted):
        return None
    elsewhere = (Counter(own) & Counter(wanted)).total()
    common = len(marks) - len(apart) + elsewhere
    if common < len(marks) * _ENOUGH_IN_COMMON:
        return None
    # elements that one side has in addition shift the others, and no order changed
    if in_one_order(marks, others) in {common, None}:
        return None
    # what has no equal one goes beside what is left, so that it is compared too
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
    either_way=True,
    any_body=True,
    by_value=True,
)
