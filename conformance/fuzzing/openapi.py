"""Operations of an OpenAPI document (2 and 3): every method of every path.

They have parameters, bodies and examples.

A document comes from a service that nobody here wrote: whatever has not the form that is looked for
is passed over.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from msgspec import Struct

from conformance.fuzzing.json_nodes import Node, node_of
from conformance.fuzzing.operation import BodyShape, Operation, Parameter, is_open, sample_text
from conformance.fuzzing.schemas import Schemas
from conformance.fuzzing.usual_values import usual_value
from conformance.model.json_path import JsonPath
from conformance.suites.openapi_document import base_path, read_openapi

_METHODS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_IN_A_PATH: Final = "/{}%?#:@!$&'()*+,;=~"
_IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""OpenAPI 3 itself says that header parameters of these names are ignored (3.0.3, Parameter
Object).
"""
_OF_THE_BODY: Final = "$response.body#/"
_FORM: Final = "application/x-www-form-urlencoded"


class NotAsked(Struct, frozen=True, kw_only=True):
    """Something that was not asked, and why."""

    what: str
    why: str


def operations_of(
    raw: bytes, name: str, bases: Collection[str] = ()
) -> tuple[tuple[Operation, ...], tuple[NotAsked, ...]]:
    """Return the operations of a document and what is left out of it.

    Raises BadFileError for what is none.

    The path of the document's server goes before theirs, unless it is one of `bases`: the paths
    that the runtimes have in their URLs already.
    """
    document = read_openapi(raw, name)
    base = base_path(document)
    prefix = "" if base in bases else base
    schemas = Schemas(document)
    found: list[Operation] = []
    left_out: list[NotAsked] = []
    for path, item in _mapping(document.get("paths")).items():
        shared = schemas.resolved(item)
        for method in _METHODS:
            if isinstance(written := shared.get(method), Mapping):
                operation = _operation(schemas, f"{prefix}{path}", method.upper(), shared, written)
                if why := _why_not(operation, written):
                    left_out.append(NotAsked(what=operation.id, why=why))
                else:
                    found.append(operation)
    return tuple(found), tuple(left_out)


def _why_not(operation: Operation, written: Mapping[str, Any]) -> str:
    """Return why an operation cannot be asked; nothing where it can."""
    if _is_endless(written):
        return "it answers with a stream of events"
    if any("{" in part and not is_open(part) for part in operation.path):
        return "a parameter is part of a segment of its path"
    return "its path holds a query or a fragment" if {"?", "#"} & set(operation.id) else ""


def _operation(
    schemas: Schemas, path: str, method: str, item: Mapping[str, Any], written: Mapping[str, Any]
) -> Operation:
    listed = [*_list(item.get("parameters")), *_list(written.get("parameters"))]
    parameters = {(each.name, each.place): each for each in _parameters(schemas, listed)}
    return Operation(
        method=method,
        path=tuple(quote(path.removeprefix("/"), safe=_IN_A_PATH).split("/")),
        name=str(written.get("operationId", "")),
        parameters=tuple(parameters.values()),
        body=_body(
            schemas,
            schemas.resolved(written.get("requestBody")) or _body_of_2(schemas, listed, written),
        ),
        ids=tuple(_linked(schemas, written)),
    )


def _linked(schemas: Schemas, operation: Mapping[str, Any]) -> Iterator[JsonPath]:
    """Yield the paths of what the links of an operation pass on, such as `$response.body#/id`."""
    for response in map(schemas.resolved, _mapping(operation.get("responses")).values()):
        for link in map(schemas.resolved, _mapping(response.get("links")).values()):
            for value in _mapping(link.get("parameters")).values():
                if isinstance(value, str) and value.startswith(_OF_THE_BODY):
                    words = value.removeprefix(_OF_THE_BODY).split("/")
                    yield tuple(word.replace("~1", "/").replace("~0", "~") for word in words)


def _parameters(schemas: Schemas, listed: list[Any]) -> Iterator[Parameter]:
    for entry in (schemas.resolved(each) for each in listed):
        name, place = str(entry.get("name", "")), str(entry.get("in", ""))
        content = next(iter(_mapping(entry.get("content")).values()), None)
        if not name or (place == "header" and name.lower() in _IGNORED_HEADERS):
            continue
        of_2 = entry if "type" in entry else _mapping(content).get("schema")
        schema = schemas.whole(entry.get("schema", of_2))
        if place in {"path", "query", "header", "cookie"}:
            yield Parameter(
                name=name,
                place=place,
                schema=schema,
                required=bool(entry.get("required")) or place == "path",
                sample=_sample(entry, schema, name),
            )


def _sample(entry: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> str:
    examples = list(_examples(entry))
    node = node_of(examples[0] if examples else usual_value(schema, name))
    text = sample_text(node)
    return (
        text
        if isinstance(node, str)
        else ",".join(map(str, _list(usual_value(schema, name)))) or text
    )


def _examples(entry: Mapping[str, Any]) -> Iterator[Any]:
    if "example" in entry:
        yield entry["example"]
    named = _mapping(entry.get("examples")).values()
    yield from (each["value"] for each in named if isinstance(each, Mapping) and "value" in each)


def _body(schemas: Schemas, body: Mapping[str, Any]) -> BodyShape | None:
    contents = {str(name): _mapping(each) for name, each in _mapping(body.get("content")).items()}
    if not contents:
        return None
    media_type = next((name for name in contents if "json" in name), next(iter(contents)))
    content = contents[media_type]
    schema = schemas.whole(content.get("schema"))
    values = [*_examples(content), *schemas.usual_values(schema)]
    if "json" in media_type:
        samples: tuple[Node | bytes, ...] = tuple(dict.fromkeys(map(node_of, values)))
    elif media_type == _FORM:
        samples = tuple(
            dict.fromkeys(_form_body(each) for each in values if isinstance(each, Mapping))
        )
    else:
        samples = (str(values[0]).encode(),)
    return BodyShape(media_type=media_type, schema=schema, samples=samples)


def _body_of_2(
    schemas: Schemas, listed: list[Any], written: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the body of a Swagger 2 operation as OpenAPI 3 writes it.

    In Swagger 2 the body is a parameter.
    """
    parameters = list(map(schemas.resolved, listed))
    for entry in parameters:
        if entry.get("in") == "body":
            media_type = next(iter(_list(written.get("consumes"))), "application/json")
            return {"content": {str(media_type): {"schema": entry.get("schema")}}}
    fields = {str(each.get("name")): each for each in parameters if each.get("in") == "formData"}
    needed = [name for name, each in fields.items() if each.get("required") is True]
    shape = {"type": "object", "properties": fields, "required": needed}
    return {"content": {_FORM: {"schema": shape}}} if fields else {}


def _form_body(value: Mapping[str, Any]) -> bytes:
    return urlencode({name: sample_text(node_of(each)) for name, each in value.items()}).encode()


def _is_endless(operation: Mapping[str, Any]) -> bool:
    """Return whether an operation answers with a stream of events, which has no end to compare."""
    responses = _mapping(operation.get("responses")).values()
    return any(
        "text/event-stream" in _mapping(_mapping(response).get("content")) for response in responses
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
