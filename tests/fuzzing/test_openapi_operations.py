"""Operations of an OpenAPI document, each with a request that the document allows."""

import json
import re
from typing import Any

import pytest

from conformance.errors import BadFileError
from conformance.fuzzing.openapi import operations_of
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.schemas import Schemas, bounds
from conformance.fuzzing.systematic import first_escaped

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/orders": {
            "parameters": [{"$ref": "#/components/parameters/Tenant"}],
            "post": {
                "operationId": "makeOrder",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}
                    }
                },
            },
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 50}}
                ]
            },
        },
        "/orders/{id}": {
            "get": {"parameters": [{"name": "id", "in": "path", "required": True, "example": 7}]}
        },
        "/live": {"get": {"responses": {"200": {"content": {"text/event-stream": {}}}}}},
    },
    "components": {
        "parameters": {
            "Tenant": {"name": "x-tenant", "in": "header", "required": True, "example": "acme"}
        },
        "schemas": {
            "Order": {
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {
                        "required": ["sku"],
                        "properties": {"sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2}$"}},
                    },
                ]
            },
            "Base": {
                "type": "object",
                "required": ["quantity"],
                "properties": {
                    "quantity": {"type": "integer", "minimum": 3, "maximum": 9},
                    "parent": {"$ref": "#/components/schemas/Base"},
                    "id": {"type": "integer", "readOnly": True},
                },
            },
        },
    },
}


def _operations(document: dict[str, Any]) -> dict[str, Operation]:
    found, _ = operations_of(json.dumps(document).encode(), "document")
    return {each.id: each for each in found}


def test_every_operation_has_a_request() -> None:
    """References, parts put together, shared parameters, patterns and examples are all heeded."""
    found = _operations(DOCUMENT)
    assert list(found) == ["GET /orders", "POST /orders", "GET /orders/{id}"]
    (get, *_), post = found["GET /orders"].forms(), found["POST /orders"].forms()[0]
    assert (get.target, get.headers) == ("/orders", (("x-tenant", "acme"),))
    assert found["GET /orders/{id}"].forms()[0].target == "/orders/7"
    body = json.loads(post.raw_body or b"")
    assert body["quantity"] == 3
    assert re.fullmatch(r"[A-Z]{3}-[0-9]{2}", body["sku"])
    assert post.header("content-type") == "application/json"
    assert found["POST /orders"].name == "makeOrder"


def test_the_fullest_request_has_optional_members_and_nothing_that_is_read_only() -> None:
    (*_, fullest) = _operations(DOCUMENT)["POST /orders"].forms()
    body = json.loads(fullest.raw_body or b"")
    assert set(body) == {"quantity", "parent", "sku"}
    assert body["parent"]["quantity"] == 3


def test_a_stream_without_end_is_left_out_with_the_reason() -> None:
    _, left_out = operations_of(json.dumps(DOCUMENT).encode(), "document")
    assert [(each.what, each.why) for each in left_out] == [
        ("GET /live", "it answers with a stream of events")
    ]


def test_a_null_that_parts_of_a_schema_name_is_kept() -> None:
    """Members of two parts are put together, and a default of null is one."""
    parts = [{"properties": {"a": {}}}, {"properties": {"b": {}}, "required": ["b"]}]
    schema = Schemas({}).resolved({"allOf": parts, "default": None})
    assert schema == {"properties": {"a": {}, "b": {}}, "required": ["b"], "default": None}


@pytest.mark.parametrize(("name", "escaped"), [("", ""), ("q", "%71"), ("öl", "%C3%B6l")])
def test_the_first_character_of_a_parameter_is_escaped(name: str, escaped: str) -> None:
    """Its bytes in UTF-8 are, so that it stays the same name; an empty one stays empty."""
    assert first_escaped(name) == escaped


def test_the_values_at_the_bounds() -> None:
    schema = {"type": "integer", "minimum": 3, "maximum": 9, "enum": [4]}
    assert [value for _, value in bounds(schema)] == [4, 2, 3, 4, 8, 9, 10]
    assert [len(value) for _, value in bounds({"type": "string", "maxLength": 5})] == [4, 5, 6]
    assert [len(value) for _, value in bounds({"type": "array", "items": {}, "minItems": 1})] == [
        0,
        1,
        2,
    ]


def test_what_may_be_null_by_a_choice_has_its_bounds() -> None:
    """Frameworks write so what may be absent."""
    written = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "title": "Parent"}
    schema = Schemas({}).whole({"properties": {"parent": written}})["properties"]["parent"]
    assert schema["type"] == ["integer", "null"]
    assert [value for _, value in bounds(schema)] == [0, 1, 2]
    two = {"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}
    assert Schemas({}).whole(two) == two


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b'{"openapi": "3.0.0"}', b"a: [", b'{"paths": {"/": {}}}']
)
def test_what_is_no_document_is_refused(raw: bytes) -> None:
    with pytest.raises(BadFileError):
        operations_of(raw, "document")


def test_nonsense_in_a_document_is_passed_over() -> None:
    nonsense: dict[str, Any] = {
        "openapi": "3.0.0",
        "paths": {
            "/a": {
                "get": {"parameters": [None, 1, {"in": "query"}, {"$ref": "#/no/where"}]},
                "post": 1,
            },
            "/b": {
                "post": {
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": "#/paths"}}}
                    }
                }
            },
        },
    }
    found = _operations(nonsense)
    assert list(found) == ["GET /a", "POST /b"]
    assert all(each.forms() for each in found.values())


def test_the_path_of_a_server() -> None:
    """It stands before the paths, unless the runtimes' URLs have it already."""
    raw = json.dumps(
        {
            "openapi": "3.0.0",
            "servers": [{"url": "https://x.example/v2/"}],
            "paths": {"/a b": {"get": {}}},
        }
    )
    for bases, path in ((frozenset[str](), ("v2", "a%20b")), (frozenset({"/v2"}), ("a%20b",))):
        (operation,), left_out = operations_of(raw.encode(), "document", bases)
        assert (operation.path, left_out) == (path, ())


def test_what_cannot_be_asked_has_a_reason() -> None:
    """Nothing is left out in silence, whatever its method."""
    stream: dict[str, Any] = {"responses": {"200": {"content": {"text/event-stream": {}}}}}
    paths = {
        "/live": {"get": stream},
        "/{id}:run": {"post": {}},
        "/a?b=c": {"get": {}},
        "/a": {"trace": {}, "x-y": {}},
    }
    found, left_out = operations_of(
        json.dumps({"openapi": "3.0.0", "paths": paths}).encode(), "document"
    )

    assert [each.id for each in found] == ["TRACE /a"]
    assert {each.what: each.why for each in left_out} == {
        "GET /live": "it answers with a stream of events",
        "POST /{id}:run": "a parameter is part of a segment of its path",
        "GET /a?b=c": "its path holds a query or a fragment",
    }


def test_swagger_2() -> None:
    """Parameters have their types beside their names; a body is a parameter."""
    text = {"name": "q", "in": "query", "required": True, "type": "string", "enum": ["x"]}
    body = {"name": "thing", "in": "body", "schema": {"$ref": "#/definitions/Thing"}}
    field = {"name": "size", "in": "formData", "type": "integer", "required": True}
    document = {
        "swagger": "2.0",
        "paths": {
            "/a": {
                "get": {"parameters": [text]},
                "post": {"parameters": [body]},
                "put": {"parameters": [field]},
            }
        },
        "definitions": {
            "Thing": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
        },
    }
    found = _operations(document)

    assert found["GET /a"].forms()[0].target == "/a?q=x"
    assert found["POST /a"].forms()[0].raw_body == b'{"n":2}'
    assert found["PUT /a"].forms()[0].raw_body == b"size=2"


def test_schemas_that_refer_to_each_other() -> None:
    """A value has a limit, also where every member is required."""
    names = [f"S{at}" for at in range(12)]
    parts = {name: {"$ref": f"#/components/schemas/{name}"} for name in names}
    for required in ([], names):
        schemas = {
            name: {"type": "object", "required": required, "properties": parts} for name in names
        }
        body = {"requestBody": {"content": {"application/json": {"schema": parts["S0"]}}}}
        document = {
            "openapi": "3.0.0",
            "paths": {"/a": {"post": body}},
            "components": {"schemas": schemas},
        }
        (form, *_) = _operations(document)["POST /a"].forms()
        assert len(form.raw_body or b"") < 10_000
