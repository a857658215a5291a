"""Try what belongs together: members of a PATCH or of a range, the order and the size of a list.

A PATCH keeps the other members, and null may remove one. The end of a range may equal its start, or
lie before it. A list that is cut shows what is first.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.features import ALONE, NULL_ALONE
from conformance.fuzzing.json_nodes import (
    JsonObject,
    Node,
    Path,
    children,
    member_name,
    path_text,
    with_node,
)
from conformance.fuzzing.listed_values import choices_of
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.ranges import members_of, of_one_kind
from conformance.fuzzing.spots import Subject, spots_in

_NUMBERS: Final = frozenset({"integer", "number", "null"})
_DEEPEST: Final = 2
"""Greatest depth of a member that is sent alone: deeper ones are merged in the same way."""


def parts_of_change(subject: Subject) -> Iterator[Probe]:
    """Yield PATCH requests with only one member: first as null, then with its value."""
    body = subject.form.body
    if subject.form.method != "PATCH" or not isinstance(body, JsonObject):
        return
    own = [(path, node) for path, node in members_of(body) if len(path) <= _DEEPEST]
    for path, node in sorted(own, key=lambda each: -len(each[0])):
        yield _changed(subject, path, _alone(body, path, "null"), NULL_ALONE)
        yield _changed(subject, path, _alone(body, path, node), ALONE)


def exchanged(subject: Subject) -> Iterator[Probe]:
    """Yield bodies in which a member has the value of a comparable one, or both are exchanged."""
    body = subject.form.body
    if not isinstance(body, JsonObject):
        return
    for first, second in of_one_kind(body):
        (path, node), (other, value) = first, second
        alike = with_node(body, other, node)
        yield _changed(subject, other, alike, "the value of another member")
        yield _changed(subject, other, with_node(alike, path, value), "exchanged with another")


def first_of_each_order(subject: Subject) -> Iterator[Probe]:
    """Yield a filled list cut to one resource, with each value of each parameter of few values.

    The order of resources does not count where they have ids of their own. Which is first counts.
    """
    parameters = list(spots_in(subject, "query"))
    sizes = [place for spot, place in parameters if _NUMBERS.issuperset(spot.kinds)]
    for (spot, place), size, _ in product(parameters, sizes, subject.changes[:1]):
        for node in choices_of(spot.schema):
            form = size.put(place.put(subject.form, node), "1")
            yield subject.changed(form, "pair", f"{place.where(subject)} and {size.name}", "one")


def _alone(body: Node, path: Path, node: Node) -> Node:
    """Return the body reduced to the members on a path, with another node at its end."""
    if not path:
        return node
    inner = _alone(children(body)[path[0]], path[1:], node)
    return JsonObject(((member_name(body, path[:1]), inner),))


def _changed(subject: Subject, path: Path, body: Node, entry: str) -> Probe:
    usual = subject.form.tree
    assert usual is not None  # noqa: S101 - only bodies of JSON are changed
    form = replace(subject.form, body=body)
    return subject.changed(form, "value", f"body {path_text(usual, path)}", entry)
