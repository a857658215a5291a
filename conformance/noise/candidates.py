"""The rules that could loosen a difference of a runtime from itself, the narrowest first."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter, methodcaller
from typing import Final

from conformance.comparison.by_itself.columns import alike_columns_at, columns_at
from conformance.comparison.by_itself.general_places import made_names
from conformance.comparison.idioms.collections import ANOTHER_ORDER
from conformance.comparison.idioms.markup import ELEMENT_ORDER
from conformance.comparison.rules.header_values import accepts_field_values
from conformance.comparison.rules.kinds import forms_of, kinds_of_all
from conformance.comparison.rules.one_off_names import of_any_name
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import kind_of
from conformance.distinct import distinct
from conformance.errors import Place
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind, Facet, Finding
from conformance.model.json_path import JsonPath, path_of_place
from conformance.model.observation import Cell
from conformance.model.rule import (
    AlignRule,
    HeaderRule,
    MapRule,
    NoteRule,
    OrderRule,
    Rule,
    RuleKind,
    ValueRule,
)

PROPOSED: Final = Place("noise")
"""The place of all proposed rules; as it is the same, equal rules of several cases are one."""
_KINDS_OF_HEADERS: Final = (
    RuleKind.UUID,
    RuleKind.TIMESTAMP,
    RuleKind.INTEGER,
    RuleKind.NUMBER,
    RuleKind.STRING,
)
"""The kinds of rules for a header value, the narrowest first."""
_WITHOUT_STRUCTURE: Final = frozenset({DifferenceKind.TEXT, DifferenceKind.BYTES})
NO_STRUCTURE: Final = "no rule can be about a body without structure"
_ALL_TEXTS: Final[frozenset[str]] = frozenset({"string"})
_ALL_INTEGERS: Final[frozenset[str]] = frozenset({"integer"})
_NOTE: Final = "note "
_HEADER: Final = "header "
_COOKIE_VALUE: Final = ";value"


def order_rules(cells: Sequence[Cell], step: int, paths: Iterable[JsonPath]) -> Iterator[AlignRule]:
    """Yield rules for lists at or around the paths whose elements only change their order."""
    for path in distinct(map(_around, paths)):
        columns = alike_columns_at(cells, step, path)
        kinds = set(map(kind_of, chain.from_iterable(columns)))
        if not columns or kinds - {"array"}:
            continue
        if _in_another_order(columns):
            yield AlignRule(path=path, key=(), why="", place=PROPOSED)
            continue
        # Elements that also change in other ways are matched by a member
        for name in filter(partial(_keys_in_another_order, columns), _names_of_all(columns)):
            yield AlignRule(path=path, key=(name,), why="", place=PROPOSED)


def _around(path: JsonPath) -> list[JsonPath]:
    """Return the non-empty prefixes of a path, the shortest first, and the path itself."""
    return [path[:depth] for depth in range(1, len(path) + 1)]


def _in_another_order(columns: Sequence[Column]) -> bool:
    """Return whether lists have the same elements each time, but not always in one order."""
    first, *others = map(_marks, columns)
    is_in_one_order = all(map(first.__eq__, others))
    if is_in_one_order:
        return False
    elements = _sorted_lists(first)
    return all(map(elements.__eq__, map(_sorted_lists, others)))


def _sorted_lists(lists: list[list[bytes]]) -> list[list[bytes]]:
    return list(map(sorted, lists))


def _marks(column: Column) -> list[list[bytes]]:
    """Return the elements of each list of a column as canonical bytes, for comparison."""
    return [list(map(canonical, elements)) for elements in column]


def _keys_in_another_order(columns: Sequence[Column], name: str) -> bool:
    """Return whether a member identifies the elements of lists that change their order."""
    keys = [[_keys(elements, name) for elements in column] for column in columns]
    marks_of_lists = chain.from_iterable(map(_marks, keys))
    if not all(map(_all_differ, marks_of_lists)):
        return False
    return _in_another_order(keys)


def _all_differ(marks: Sequence[bytes]) -> bool:
    return len(set(marks)) == len(marks)


def _names_of_all(columns: Sequence[Column]) -> Iterable[str]:
    """Return the names of members that may identify the elements of lists of objects.

    These members have a text in every element, or an integer in every element. Texts come first:
    integers that all differ may be mere counts.
    """
    elements = list(chain.from_iterable(chain.from_iterable(columns)))
    if set(map(kind_of, elements)) != {"object"}:
        return ()
    kinds_of: dict[str, frozenset[str]] = {}
    for name in elements[0]:
        values = map(methodcaller("get", name), elements)
        kinds_of[name] = frozenset(map(kind_of, values))
    names_of = grouped(kinds_of, kinds_of.__getitem__)
    return (*names_of.get(_ALL_TEXTS, ()), *names_of.get(_ALL_INTEGERS, ()))


def _keys(elements: Column, name: str) -> Column:
    return list(map(itemgetter(name), elements))


def loosening_rules(finding: Finding, cells: Sequence[Cell]) -> Iterator[Rule]:
    """Yield the rules that could loosen one difference of a runtime from itself.

    No rule can be about a whole body. No rule contains a name that was made for one run: the rule
    is then about all members of the object around it.
    """
    if finding.place.startswith(_NOTE):
        yield NoteRule(note=finding.place.removeprefix(_NOTE), why="", place=PROPOSED)
    is_of_header = finding.kind is DifferenceKind.HEADER
    if is_of_header and finding.facet is Facet.VALUE:
        yield from _header_rules(finding)
    # A note and a header field have no path
    path = path_of_place(finding.place)
    made = made_names(finding, cells)
    if path is None or finding.kind in _WITHOUT_STRUCTURE:
        return
    if finding.idiom == ELEMENT_ORDER.name:
        yield OrderRule(path=path, why="", place=PROPOSED)
        return
    # No rule contains a name that was made for one run; it is about all members instead
    if not made:
        yield from _value_rules(path, finding, cells)
        return
    first, last = made[0], made[-1]
    is_below_made_names = last < len(path) - 1
    if is_below_made_names:
        yield from _value_rules(of_any_name(path, made), finding, cells)
    yield from _map_rules(path[:first])


def _header_rules(finding: Finding) -> Iterator[HeaderRule]:
    """Yield rules for the value of a header field, or of a cookie that it sets."""
    field, _, cookie = finding.place.removeprefix(_HEADER).partition(";")
    name = cookie.removesuffix(_COOKIE_VALUE) or None
    # Each value has to be of the kind: it is paired with itself
    texts = {(value, value) for _, value in chain.from_iterable(finding.sent)}
    for kind in _KINDS_OF_HEADERS:
        if all(map(partial(accepts_field_values, kind), texts)):
            yield HeaderRule(header=field, accepts=kind, cookie=name, why="", place=PROPOSED)


def why_none(finding: Finding) -> str:
    """Return why there is no rule for a difference."""
    if finding.kind in _WITHOUT_STRUCTURE:
        return NO_STRUCTURE
    if path_of_place(finding.place) is None:
        return "no rule can be about it"
    is_order_of_body = finding.place == "$" and finding.idiom == ANOTHER_ORDER.name
    if is_order_of_body:
        return (
            "a rule at $ is about the whole body; if no order is promised, write {path: $, as: set}"
        )
    return "a rule would be about the whole body"


def _map_rules(path: JsonPath) -> Iterator[Rule]:
    """Yield rules for an object whose member names are data; none for a whole body."""
    if path:
        yield MapRule(path=path, why="", place=PROPOSED)
        yield ValueRule(path=path, accepts=RuleKind.OBJECT, why="", place=PROPOSED)


def _value_rules(path: JsonPath, finding: Finding, cells: Sequence[Cell]) -> Iterator[ValueRule]:
    """Yield a rule for each kind that fits all values at a path.

    The last rule accepts anything, also an absent value.
    """
    if not path:
        return
    values = list(chain.from_iterable(columns_at(cells, finding.step, path)))
    # If there is no value, only a rule that accepts absence can help
    kinds = kinds_of_all(values) if values else ()
    for kind in kinds:
        is_time = kind is RuleKind.TIMESTAMP
        in_forms = is_time and len(forms_of(values)) > 1
        yield ValueRule(path=path, accepts=kind, any_form=in_forms, why="", place=PROPOSED)
        # Other runtimes may write the time in another format
        if is_time and not in_forms:
            yield ValueRule(path=path, accepts=kind, any_form=True, why="", place=PROPOSED)
    yield ValueRule(path=path, accepts=RuleKind.ANY, why="", place=PROPOSED)
