"""Find members of a body that can be compared, such as the start and end of a time range."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, islice, product
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import (
    JsonObject,
    Node,
    Path,
    children,
    text_node,
    value_of,
    with_node,
)
from conformance.fuzzing.time_spellings import is_time, later, moved_by
from conformance.grouped import grouped

_NUMBERS: Final = {int: "number", float: "number"}
_UNITS: Final = ("minutes", "hours", "days")
_MOST_COMPARED: Final = 20
"""Most members of a body that are compared in pairs: a generated body may have thousands."""


def next_in_range(form: Form) -> Iterator[Form]:
    """Yield requests whose time range starts where the range of a request ends, and ends later.

    The range ends at a second time, or else lasts as many minutes, hours or days as a number says.
    """
    body = form.body
    if not isinstance(body, JsonObject):
        return
    ends_at_a_time = list(_after_the_end(form, body))
    yield from ends_at_a_time or _after_lasting(form, body)


def _after_the_end(form: Form, body: JsonObject) -> Iterator[Form]:
    for (path, node), (other, value) in of_one_kind(body):
        start, end = value_of(node), value_of(value)
        is_range = is_time(start) and start < end
        if not is_range:
            continue
        moved = with_node(body, path, value)
        further = text_node(later(end, start, end))
        yield replace(form, body=with_node(moved, other, further))


def _after_lasting(form: Form, body: JsonObject) -> Iterator[Form]:
    """Yield requests whose time is that of a request and as long after it as a number says."""
    by_kind = grouped(members_of(body), _kind_of_member)
    times, numbers = by_kind.get("time", []), by_kind.get("number", [])
    several = product(times, numbers, _UNITS)
    for (path, start), (_, number), unit in islice(several, _MOST_COMPARED):
        moved = moved_by(value_of(start), timedelta(**{unit: value_of(number)}))
        yield form.with_body(with_node(body, path, text_node(moved)))


def _kind_of_member(member: tuple[Path, Node]) -> str:
    _, node = member
    return _kind(node) if isinstance(node, str) else ""


def members_of(body: JsonObject) -> list[tuple[Path, Node]]:
    """Return the members of a body and of its inner objects, each with its path."""
    return list(islice(_members_below(body, ()), _MOST_COMPARED))


def _members_below(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Yield the members of an object and of its inner objects, but not those within a list."""
    if not isinstance(node, JsonObject):
        return
    for at, inner in enumerate(children(node)):
        below = (*path, at)
        yield below, inner
        yield from _members_below(inner, below)


def of_one_kind(body: JsonObject) -> Iterator[tuple[tuple[Path, str], tuple[Path, str]]]:
    """Yield pairs of different members of one object that are both times or both numbers."""
    scalars = [(path, node) for path, node in members_of(body) if isinstance(node, str)]
    for first, second in combinations(scalars, 2):
        (path, node), (other, value) = first, second
        kinds = {_kind(node), _kind(value)}
        is_of_one_object = path[:-1] == other[:-1]
        are_of_one_kind = kinds in ({"time"}, {"number"})
        if node == value or not is_of_one_object:
            continue
        if are_of_one_kind:
            yield first, second


def _kind(node: str) -> str:
    if "${" in node:
        return ""
    value = value_of(node)
    if is_time(value):
        return "time"
    return _NUMBERS.get(type(value), "")
