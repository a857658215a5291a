"""Read operations from an OpenAPI document, version 2 or 3: every method of every path.

They have parameters, bodies and examples. The document comes from an unknown service, so a part
with an unexpected form is ignored.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, filterfalse
from typing import Any, Final
from urllib.parse import quote, urlencode

from msgspec import Struct

from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.fuzzing.json_nodes import Node, node_of
from conformance.fuzzing.operation import (
    BodyShape,
    Operation,
    Parameter,
    Schema,
    is_open,
    sample_text,
)
from conformance.fuzzing.schemas import Schemas, pointer_names
from conformance.fuzzing.usual_values import usual_value, with_choice
from conformance.grouped import grouped
from conformance.model.json_path import JsonPath
from conformance.suites.openapi_document import base_path, read_openapi

_METHODS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_IN_A_PATH: Final = "/{}%?#:@!$&'()*+,;=~"
_IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Header parameters that OpenAPI 3 ignores (3.0.3, Parameter Object)."""
_PLACES: Final = frozenset({"path", "query", "header", "cookie"})
_BODY_POINTER: Final = re.compile(r"\$response\.body#/(.*)", re.DOTALL)
"""The value of a link parameter that comes from the body of the answer, by a JSON pointer."""
_FORM: Final = "application/x-www-form-urlencoded"


class LeftOutOperation(Struct, frozen=True, kw_only=True):
    """Something that is not sent, and the reason."""

    what: str
    why: str


def operations_of(
    raw: bytes, name: str, bases: Collection[str] = ()
) -> tuple[tuple[Operation, ...], tuple[LeftOutOperation, ...]]:
    """Return the operations of a document and those that are left out.

    Raises BadFileError if `raw` is not an OpenAPI document. The path of the document's server is
    put before the paths, unless it is in `bases`: the paths that the URLs of the runtimes have
    already.
    """
    document = read_openapi(raw, name)
    base = base_path(document)
    prefix = "" if base in bases else base
    schemas = Schemas(document)
    found: list[Operation] = []
    left_out: list[LeftOutOperation] = []
    for path, item in as_mapping(document.get("paths")).items():
        shared = schemas.resolved(item)
        for method in _METHODS:
            written = shared.get(method)
            if not isinstance(written, Mapping):
                continue
            operation = _operation(schemas, f"{prefix}{path}", method.upper(), shared, written)
            why = _exclusion_reason(operation, written)
            if why:
                left_out.append(LeftOutOperation(what=operation.id, why=why))
            else:
                found.append(operation)
    return tuple(found), tuple(left_out)


def _exclusion_reason(operation: Operation, written: Mapping[str, Any]) -> str:
    """Return why an operation cannot be sent; empty if it can."""
    if _is_endless(written):
        return "it answers with a stream of events"
    literals = "/".join(filterfalse(is_open, operation.path))
    if "{" in literals:
        return "a parameter is part of a segment of its path"
    return "its path holds a query or a fragment" if {"?", "#"} & set(operation.id) else ""


def _operation(
    schemas: Schemas, path: str, method: str, item: Mapping[str, Any], written: Mapping[str, Any]
) -> Operation:
    listed = [*as_list(item.get("parameters")), *as_list(written.get("parameters"))]
    parameters = {(each.name, each.place): each for each in _parameters(schemas, listed)}
    body = schemas.resolved(written.get("requestBody")) or _swagger_2_body(schemas, listed, written)
    return Operation(
        method=method,
        path=tuple(quote(path.removeprefix("/"), safe=_IN_A_PATH).split("/")),
        name=str(written.get("operationId", "")),
        parameters=tuple(parameters.values()),
        body=_body(schemas, body),
        ids=tuple(_linked(schemas, written)),
        media_types=tuple(_media_types(schemas, written)),
    )


def _media_types(schemas: Schemas, operation: Mapping[str, Any]) -> dict[str, None]:
    """Return the media types of the answers with success that a document names, in its order."""
    responses = as_mapping(operation.get("responses"))
    found = (each for status, each in responses.items() if str(status).startswith("2"))
    contents = (as_mapping(each.get("content")) for each in map(schemas.resolved, found))
    return dict.fromkeys(map(str, chain.from_iterable(contents)))


def _linked(schemas: Schemas, operation: Mapping[str, Any]) -> Iterator[JsonPath]:
    """Yield the body paths that the links of an operation use, such as `$response.body#/id`."""
    responses = _members_of([operation], "responses")
    links = _members_of(map(schemas.resolved, responses), "links")
    for value in _members_of(map(schemas.resolved, links), "parameters"):
        pointer = _BODY_POINTER.match(str(value))
        if pointer:
            yield pointer_names(pointer[1])


def _members_of(objects: Iterable[Mapping[str, Any]], name: str) -> Iterator[Any]:
    """Yield the values of the inner objects that the given objects have as member `name`."""
    for each in objects:
        yield from as_mapping(each.get(name)).values()


def _parameters(schemas: Schemas, listed: list[Any]) -> Iterator[Parameter]:
    for entry in map(schemas.resolved, listed):
        name, place = str(entry.get("name", "")), str(entry.get("in", ""))
        is_parameter = name and place in _PLACES
        is_ignored = place == "header" and name.lower() in _IGNORED_HEADERS
        if not is_parameter or is_ignored:
            continue
        schema = _without_null(schemas.whole(_schema_of_parameter(entry)))
        yield Parameter(
            name=name,
            place=place,
            schema=schema,
            required=bool(entry.get("required")) or place == "path",
            sample=_sample(entry, schema, name),
        )


def _schema_of_parameter(entry: Mapping[str, Any]) -> Any:
    """Return the schema of a parameter: its own, that of its content, or itself (Swagger 2)."""
    if "schema" in entry:
        return entry["schema"]
    if "type" in entry:
        return entry
    content = next(iter(as_mapping(entry.get("content")).values()), None)
    return as_mapping(content).get("schema")


def _without_null(schema: Schema) -> Schema:
    """Return the one other choice of a schema that allows null: a parameter has no null."""
    choices = list(map(as_mapping, as_list(schema.get("anyOf"))))
    others = list(filter(_is_not_null, choices))
    is_one_of_two = (len(others), len(choices)) == (1, 2)
    return with_choice(schema, "anyOf", others[0]) if is_one_of_two else schema


def _is_not_null(schema: Schema) -> bool:
    return schema.get("type") != "null"


def _sample(entry: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> str:
    """Return the usual value of a parameter as it is sent; a list is joined with commas."""
    usual = usual_value(schema, name)
    node = node_of(next(_examples(entry), usual))
    text = sample_text(node)
    if isinstance(node, str):
        return text
    return ",".join(map(str, as_list(usual))) or text


def _examples(entry: Mapping[str, Any]) -> Iterator[Any]:
    if "example" in entry:
        yield entry["example"]
    named = map(as_mapping, as_mapping(entry.get("examples")).values())
    yield from (each["value"] for each in named if "value" in each)


def _body(schemas: Schemas, body: Mapping[str, Any]) -> BodyShape | None:
    contents = {
        str(name): as_mapping(each) for name, each in as_mapping(body.get("content")).items()
    }
    if not contents:
        return None
    # The first JSON media type, else the first media type
    media_type = min(contents, key=lambda name: "json" not in name)
    content = contents[media_type]
    schema = schemas.whole(content.get("schema"))
    values = [*_examples(content), *schemas.usual_values(schema)]
    samples = dict.fromkeys(_samples(media_type, values))
    return BodyShape(media_type=media_type, schema=schema, samples=tuple(samples))


def _samples(media_type: str, values: Sequence[Any]) -> Iterable[Node | bytes]:
    """Return sample values as bodies of a media type.

    JSON values become trees, objects of a form become URL-encoded bytes. For other types the first
    value becomes a text.
    """
    if "json" in media_type:
        return map(node_of, values)
    if media_type == _FORM:
        objects = [each for each in values if isinstance(each, Mapping)]
        return map(_form_body, objects)
    likeliest = str(values[0])
    return [likeliest.encode()]


def _swagger_2_body(
    schemas: Schemas, listed: list[Any], written: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the body of a Swagger 2 operation in the form of OpenAPI 3.

    In Swagger 2 the body is a parameter.
    """
    by_place = grouped(map(schemas.resolved, listed), lambda each: str(each.get("in")))
    if "body" in by_place:
        body, *_ = by_place["body"]
        media_type = next(iter(as_list(written.get("consumes"))), "application/json")
        return {"content": {str(media_type): {"schema": body.get("schema")}}}
    if "formData" not in by_place:
        return {}
    fields = {str(each.get("name")): each for each in by_place["formData"]}
    needed = [name for name, each in fields.items() if each.get("required") is True]
    shape = {"type": "object", "properties": fields, "required": needed}
    return {"content": {_FORM: {"schema": shape}}}


def _form_body(value: Mapping[str, Any]) -> bytes:
    return urlencode({name: sample_text(node_of(each)) for name, each in value.items()}).encode()


def _is_endless(operation: Mapping[str, Any]) -> bool:
    """Return whether an operation answers with server-sent events: they have no end to compare."""
    responses = map(as_mapping, _members_of([operation], "responses"))
    contents = [as_mapping(each.get("content")) for each in responses]
    return "text/event-stream" in chain.from_iterable(contents)
