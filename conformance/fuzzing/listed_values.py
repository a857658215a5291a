"""Try the other values of members with an enum, such as the next state of a resource.

Which value is accepted depends on the state of the resource, so each is sent.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, filterfalse, islice
from typing import Any, Final

from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import JsonObject, Node, node_of, with_node
from conformance.fuzzing.operation import Schema

_MOST: Final = 5
"""Most other values of one request that are sent: longer enums are countries, not states."""


def other_choices(form: Form, schema: Schema) -> Iterator[Form]:
    """Yield a request for each other value of each member with an enum.

    Only required members are varied; in a PATCH all members, because none is required.
    """
    yield from islice(_other_choices(form, schema), _MOST)


def _other_choices(form: Form, schema: Schema) -> Iterator[Form]:
    body = form.body
    if not isinstance(body, JsonObject):
        return
    members = as_mapping(schema.get("properties"))
    needed = members if form.method == "PATCH" else as_list(schema.get("required"))
    for at, (name, usual) in enumerate(body.pairs):
        listed = _listed(schema, name) if name in needed else []
        for node in filterfalse(usual.__eq__, listed):
            yield form.with_body(with_node(body, (at,), node))


def next_choices(body: JsonObject, schema: Schema) -> JsonObject:
    """Return the body in which each member with an enum has the next value of its enum."""
    pairs: list[tuple[str, Node]] = []
    for name, node in body.pairs:
        listed = _listed(schema, name)
        after = listed[listed.index(node) + 1 :] if node in listed else []
        pairs.append((name, next(iter((*after, *listed)), node)))
    return JsonObject(tuple(pairs))


def _listed(schema: Schema, name: str) -> list[Node]:
    """Return the values in the enum of a member; a boolean has two, and other members none."""
    member = as_mapping(as_mapping(schema.get("properties")).get(name))
    if member.get("type") == "boolean":
        return ["true", "false"]
    return list(map(node_of, as_list(member.get("enum"))))


def choices_of(schema: Schema) -> Iterator[Node]:
    """Yield the values that a schema lists, in itself, in its items or in one of its choices."""
    parts = (schema, schema.get("items"), *as_list(schema.get("anyOf")))
    listed = map(_enum, map(as_mapping, parts))
    yield from map(node_of, chain.from_iterable(listed))


def _enum(schema: Schema) -> Sequence[Any]:
    return as_list(schema.get("enum"))
