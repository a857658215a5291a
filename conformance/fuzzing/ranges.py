"""Find members of a body that can be compared, such as the start and end of a time range."""

from collections.abc import Iterator
from itertools import combinations, islice
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
from conformance.fuzzing.time_spellings import is_time, later

_NUMBERS: Final = {int: "number", float: "number"}
_MOST_COMPARED: Final = 20
"""Most members of a body that are compared in pairs: a generated body may have thousands."""


def next_in_range(form: Form) -> Iterator[Form]:
    """Yield requests whose time range starts where the range of a request ends."""
    body = form.body
    if not isinstance(body, JsonObject):
        return
    for (path, node), (other, value) in of_one_kind(body):
        start, end = value_of(node), value_of(value)
        is_range = is_time(start) and start < end
        if not is_range:
            continue
        moved = with_node(body, path, value)
        further = text_node(later(end, start, end))
        yield replace(form, body=with_node(moved, other, further))


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
