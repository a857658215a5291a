"""Other valid requests of an operation: choices of its schema, requests of suites, media types.

Example: a payment by card and one by account have different members to try.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import Any, Final

from msgspec.structs import replace

from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import general_path, node_of, paths
from conformance.fuzzing.operation import Operation, Parameter, Schema
from conformance.fuzzing.usual_values import CHOICES, types_of, usual_value, with_choice

_DEEPEST: Final = 4
"""Greatest depth of a choice: deeper ones rarely change the request much."""
_INSTEAD: Final = frozenset({"example", "examples", "default", "const"})
"""Keywords with a whole value, which fix one choice: other choices are made without them."""


def variants_of(operation: Operation) -> Iterator[Operation]:
    """Yield the operation with each other choice of its schema, then with each request of suites.

    Of requests with the same members only the first is kept. Last, an operation that answers in
    several media types is asked for each but the first.
    """
    body = operation.body_shape
    if "json" in body.media_type:
        for schema in _choices(body.schema, 0):
            values = usual_value(schema), usual_value(schema, full=True)
            samples = tuple(dict.fromkeys(map(node_of, values)))
            variant = replace(body, schema=schema, samples=samples)
            yield replace(operation, body=variant, written=())
    first_last = reversed(operation.written)  # of each form the first one stays
    for probe in {places_of(each.form): each for each in first_last}.values():
        yield replace(operation, written=(probe,))
    for media_type in operation.media_types[1:]:
        accept = Parameter(name="accept", place="header", required=True, sample=media_type)
        yield replace(operation, parameters=(*operation.parameters, accept), written=())


def places_of(form: Form) -> frozenset[str]:
    """Return the names of the query parameters and body members of a request, as text.

    The media type that it asks for is one more.
    """
    body = form.tree or "null"
    every = map(itemgetter(0), paths(body))
    written = map(partial(general_path, body), every)
    of_query = map("query {}".format, form.query_names)
    asked_for = map("accept {}".format, filter(None, [form.header("accept")]))
    return frozenset((*of_query, *map("body {}".format, written), *asked_for))


def _is_a_choice(choice: Any) -> bool:
    """Return whether a choice is a schema other than null: null is tried for every value."""
    return isinstance(choice, Mapping) and types_of(choice) != ("null",)


def _choices(schema: Schema, depth: int) -> Iterator[Schema]:
    """Yield the schema with another choice than the first, at one place at a time."""
    if depth > _DEEPEST:
        return
    bare = {name: value for name, value in schema.items() if name not in _INSTEAD}
    for word in CHOICES:
        for choice in filter(_is_a_choice, as_list(bare.get(word))[1:]):
            yield with_choice(bare, word, choice)
    members = as_mapping(bare.get("properties"))
    required = as_list(bare.get("required"))
    for name, inner in members.items():
        for other in _choices(as_mapping(inner), depth + 1):
            properties = {**members, name: other}
            yield {**bare, "properties": properties, "required": [*required, name]}
    items = as_mapping(bare.get("items"))
    for other in _choices(items, depth + 1):
        yield {**bare, "items": other}
