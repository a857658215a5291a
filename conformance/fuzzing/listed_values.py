"""Members that take one of a few values, as the state that a thing is to have next.

Which of them is accepted depends on what the thing is now, so each of them is asked.
"""

from collections.abc import Iterator
from itertools import filterfalse, islice
from typing import Final

from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import JsonObject, Node, node_of, with_node
from conformance.fuzzing.operation import Schema

_MOST: Final = 5
"""Values that are asked of one request: longer lists are of countries, and not of states."""


def other_choices(form: Form, schema: Schema) -> Iterator[Form]:
    """Yield a request with each other value of each member that takes one of a few.

    It is a member that has to be there, or any of a PATCH, where none has.
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
    """Return a body in which each such member has the next one of its values."""
    pairs: list[tuple[str, Node]] = []
    for name, node in body.pairs:
        listed = _listed(schema, name)
        after = listed[listed.index(node) + 1 :] if node in listed else []
        pairs.append((name, next(iter((*after, *listed)), node)))
    return JsonObject(tuple(pairs))


def _listed(schema: Schema, name: str) -> list[Node]:
    """Return the values that a schema lists of a member."""
    member = as_mapping(as_mapping(schema.get("properties")).get(name))
    return list(map(node_of, as_list(member.get("enum"))))
