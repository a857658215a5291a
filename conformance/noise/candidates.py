"""Which rules could loosen what a runtime answers differently by itself, the narrowest first."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from conformance.comparison.by_itself.columns import alike_columns_at, columns_at
from conformance.comparison.by_itself.general_places import made_names
from conformance.comparison.idioms.collections import ANOTHER_ORDER
from conformance.comparison.idioms.markup import ELEMENT_ORDER
from conformance.comparison.rules.header_values import fits
from conformance.comparison.rules.kinds import forms_of, kinds_of_all
from conformance.comparison.rules.one_off_names import of_any_name
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import kind_of
from conformance.errors import Place
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
"""Where all proposed rules are from, so that equal ones of several cases are one."""
NO_STRUCTURE: Final = "no rule can be about a body without structure"
_NOTE: Final = "note "
_HEADER: Final = "header "
_COOKIE_VALUE: Final = ";value"


def order_rules(cells: Sequence[Cell], step: int, paths: Iterable[JsonPath]) -> Iterator[AlignRule]:
    """Yield rules for lists at or around some paths whose elements only change their order.

    The lists have the same elements in another order each time.
    """
    lists = {path[:depth]: None for path in paths for depth in range(1, len(path) + 1)}
    for path in lists:
        columns = alike_columns_at(cells, step, path)
        if not all(isinstance(value, list) for column in columns for value in column):
            continue
        if _in_another_order(columns):
            yield AlignRule(path=path, key=(), why="", place=PROPOSED)
            continue
        for name in _names_of_all(columns):
            if _in_another_order(
                [[_keys(listed, name) for listed in column] for column in columns], unique=True
            ):
                yield AlignRule(path=path, key=(name,), why="", place=PROPOSED)


def _in_another_order(columns: Sequence[Column], *, unique: bool = False) -> bool:
    """Return whether lists have the same elements each time, and not always in one order."""
    marks = [[list(map(canonical, listed)) for listed in column] for column in columns]
    if all(each == marks[0] for each in marks):
        return False
    if unique and any(len(set(listed)) < len(listed) for each in marks for listed in each):
        return False
    return all(list(map(sorted, each)) == list(map(sorted, marks[0])) for each in marks)


def _names_of_all(columns: Sequence[Column]) -> Iterable[str]:
    """Return the members with a text, then those with an integer, in every element of lists.

    The elements are objects.

    Integers that are all different may be no more than counts.
    """
    elements = [element for column in columns for listed in column for element in listed]
    if not elements or not all(isinstance(element, dict) for element in elements):
        return ()
    kinds = {name: {kind_of(element.get(name)) for element in elements} for name in elements[0]}
    texts = [name for name, found in kinds.items() if found == {"string"}]
    integers = [name for name, found in kinds.items() if found == {"integer"}]
    return [*texts, *integers]


def _keys(listed: Column, name: str) -> Column:
    return [element[name] for element in listed]


def loosening_rules(finding: Finding, cells: Sequence[Cell]) -> Iterator[Rule]:
    """Yield rules that could loosen one difference of a runtime's own answers.

    None where no rule can be about it.

    No rule is about a whole body, or about a name that was made for one run: then it is about what
    holds such names.
    """
    if finding.place.startswith(_NOTE):
        yield NoteRule(note=finding.place.removeprefix(_NOTE), why="", place=PROPOSED)
    if finding.kind is DifferenceKind.HEADER and finding.facet is Facet.VALUE:
        yield from _header_rules(finding)
    path, made = path_of_place(finding.place), made_names(finding, cells)
    if path is None or finding.kind in {DifferenceKind.TEXT, DifferenceKind.BYTES}:
        return
    if finding.idiom == ELEMENT_ORDER.name:
        yield OrderRule(path=path, why="", place=PROPOSED)
        return
    if not made:
        yield from _value_rules(path, finding, cells)
        return
    if made[-1] < len(path) - 1:
        yield from _value_rules(of_any_name(path, made), finding, cells)
    yield from _map_rules(path[: made[0]])


def _header_rules(finding: Finding) -> Iterator[HeaderRule]:
    """Yield rules about the value of a header field, or of a cookie that it sets."""
    field, _, cookie = finding.place.removeprefix(_HEADER).partition(";")
    name = cookie.removesuffix(_COOKIE_VALUE) or None
    texts = [value for sent in finding.sent for _, value in sent]
    for kind in (
        RuleKind.UUID,
        RuleKind.TIMESTAMP,
        RuleKind.INTEGER,
        RuleKind.NUMBER,
        RuleKind.STRING,
    ):
        if all(fits(kind, (text, text)) for text in texts):
            yield HeaderRule(header=field, accepts=kind, cookie=name, why="", place=PROPOSED)


def why_none(finding: Finding) -> str:
    """Return why there is no rule for a difference."""
    if finding.kind in {DifferenceKind.TEXT, DifferenceKind.BYTES}:
        return NO_STRUCTURE
    if path_of_place(finding.place) is None:
        return "no rule can be about it"
    if finding.place == "$" and finding.idiom == ANOTHER_ORDER.name:
        return (
            "a rule at $ is about the whole body; if no order is promised, write {path: $, as: set}"
        )
    return "a rule would be about the whole body"


def _map_rules(path: JsonPath) -> Iterator[Rule]:
    """Yield rules about an object whose names are data."""
    if path:
        yield MapRule(path=path, why="", place=PROPOSED)
        yield ValueRule(path=path, accepts=RuleKind.OBJECT, why="", place=PROPOSED)


def _value_rules(path: JsonPath, finding: Finding, cells: Sequence[Cell]) -> Iterator[ValueRule]:
    """Yield a rule for each kind that all values at a path are of.

    The last accepts anything, absence included.
    """
    if not path:
        return
    values = [value for column in columns_at(cells, finding.step, path) for value in column]
    for kind in kinds_of_all(values) if values else ():
        any_form = kind is RuleKind.TIMESTAMP and len(forms_of(values)) > 1
        yield ValueRule(path=path, accepts=kind, any_form=any_form, why="", place=PROPOSED)
    yield ValueRule(path=path, accepts=RuleKind.ANY, why="", place=PROPOSED)
