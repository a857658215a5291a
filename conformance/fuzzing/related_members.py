"""Members that mean something together: a part of a change alone, and values that are exchanged.

A change of some members leaves the others as they are, and null may take one away.  The end of a
range may be its start, or lie before it.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.features import ALONE, NULL_ALONE
from conformance.fuzzing.json_nodes import (
    JsonObject,
    Node,
    Path,
    children,
    member_name,
    shown_path,
    with_node,
)
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.ranges import members_of, of_one_kind
from conformance.fuzzing.spots import Subject

_DEEPEST: Final = 2
"""Objects in each other of which a part is sent alone: deeper ones are merged in the same way."""


def parts_of_change(subject: Subject) -> Iterator[Probe]:
    """Yield changes of one member alone, then of one that becomes null, where others are kept."""
    body = subject.form.body
    if subject.form.method != "PATCH" or not isinstance(body, JsonObject):
        return
    own = [(path, node) for path, node in members_of(body) if len(path) <= _DEEPEST]
    for path, node in sorted(own, key=lambda each: -len(each[0])):
        yield _changed(subject, path, _alone(body, path, "null"), NULL_ALONE)
        yield _changed(subject, path, _alone(body, path, node), ALONE)


def exchanged(subject: Subject) -> Iterator[Probe]:
    """Yield bodies in which one member has the value of another of its kind, or they exchange."""
    body = subject.form.body
    if not isinstance(body, JsonObject):
        return
    for first, second in of_one_kind(body):
        (path, node), (other, value) = first, second
        alike = with_node(body, other, node)
        yield _changed(subject, other, alike, "the value of another member")
        yield _changed(subject, other, with_node(alike, path, value), "exchanged with another")


def _alone(body: Node, path: Path, node: Node) -> Node:
    """Return a body with nothing but what is at a path, and another value there."""
    if not path:
        return node
    inner = _alone(children(body)[path[0]], path[1:], node)
    return JsonObject(((member_name(body, path[:1]), inner),))


def _changed(subject: Subject, path: Path, body: Node, entry: str) -> Probe:
    usual = subject.form.tree
    assert usual is not None  # noqa: S101 - only bodies of JSON are changed
    form = replace(subject.form, body=body)
    return subject.changed(form, "value", f"body {shown_path(usual, path)}", entry)
