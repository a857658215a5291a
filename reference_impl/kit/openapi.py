"""The OpenAPI 3.1 document, made from the operations of a daemon.

In: the operations, the daemon's name and version, and whether a token is set. Out: the document as
JSON bytes. It is complete: each operation lists every status that the daemon can answer, also those
of the kit (`problems_of`). Paths exist bare and under `/v1`, as two servers. Every operation of a
path lists 405, because the methods with that answer have no entry.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.kit import problem
from reference_impl.kit.json_body import JsonShape
from reference_impl.kit.operation import ANY_STATUS, PREFIXES, Answer, refusal
from reference_impl.kit.routing import by_method

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.parameters import Parameters

_REFERENCE = "#/components/schemas/{name}"


def problems_of(row: Operation, *, has_token: bool) -> tuple[Answer, ...]:
    """Return the answers that the kit itself may give for an operation."""
    meanings = {
        400: "The request is not well-formed HTTP, or a part of it cannot be read: body, path or "
        "query.",
        403: "A page of another server asks: the `Origin` header names it.",
        405: "Another method on this path; `Allow` names those there are.",
        408: "The head or the body of the request did not arrive in time.",
        421: "The `Host` header names another server.",
        431: "The head of the request is too large.",
        500: "A defect of the daemon; `detail` holds an id that its log explains.",
        503: "The daemon is stopping.",
    }
    if has_token and not row.is_open:
        meanings[401] = "No valid bearer token."
    if row.parameters and all(answer.status != ANY_STATUS for answer in row.answers):
        meanings[422] = "A parameter does not fit."
    if row.body is not None:
        meanings[413] = "The body is over the limit."
        meanings[415] = (
            "The content type is none of those wanted, or the body has a content encoding."
        )
    if isinstance(row.body, JsonShape):
        meanings.setdefault(row.body.misfit_status, "The body is JSON of another shape.")
    if row.calls:
        asked = ", ".join(row.calls)
        meanings[502] = f"A daemon that was asked ({asked}) is gone, or answers what it should not."
        meanings[504] = f"A daemon that was asked ({asked}) does not answer in time."
    return tuple(refusal(status, meaning) for status, meaning in meanings.items())


def openapi_bytes(
    *, service: str, version: str, operations: Iterable[Operation], has_token: bool
) -> bytes:
    """Return the encoded document, with its members in a fixed order."""
    path_of = attrgetter("path")
    rows = sorted(operations, key=attrgetter("path", "method"))
    schemas = _Schemas(rows)
    paths = {
        path.replace(":path}", "}"): {
            method.lower(): _operation(row, method, schemas, has_token=has_token)
            for method, row in sorted(by_method(resource).items())
        }
        for path, resource in groupby(rows, path_of)
    }
    components: dict[str, Any] = {"schemas": schemas.components}
    if has_token:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    unknown = f"Other paths answer 404 with a `{problem.MEDIA_TYPE}` document."
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": service, "version": version, "description": unknown},
            "servers": [{"url": prefix or "/"} for prefix in PREFIXES],
            "paths": paths,
            "components": components,
        }
    )


class _Schemas:
    """The JSON Schemas of all types in operations: `components`, and a reference for each type."""

    def __init__(self, rows: list[Operation]) -> None:
        answered = [shape for row in rows for answer in row.answers for shape in answer.shapes]
        asked = [row.body.kind for row in rows if isinstance(row.body, JsonShape)]
        types = [*dict.fromkeys([*answered, *asked, problem.Problem])]
        schemas, named = msgspec.json.schema_components(types, ref_template=_REFERENCE)
        self._by_type: dict[Any, dict[str, Any]] = dict(zip(types, schemas, strict=True))
        self.components = dict(sorted(named.items()))

    def of(self, shapes: tuple[Any, ...]) -> dict[str, Any]:
        """Return the schema of a body that has one of `shapes`."""
        found = [self._by_type[shape] for shape in shapes]
        if len(found) == 1:
            return found[0]
        return {"oneOf": found} if found else {}


def _operation(
    row: Operation, method: str, schemas: _Schemas, *, has_token: bool
) -> dict[str, Any]:
    answers = (*row.answers, *problems_of(row, has_token=has_token))
    entry: dict[str, Any] = {
        "operationId": row.name if method == row.method else f"{row.name}_{method.lower()}",
        "summary": row.summary,
        "responses": _responses(answers, schemas, has_content=method != "HEAD"),
    }
    parameters = [_parameter(row, *field) for place in row.parameters for field in _fields(place)]
    if parameters:
        entry["parameters"] = parameters
    if isinstance(row.body, JsonShape):
        content = {"application/json": {"schema": schemas.of((row.body.kind,))}}
        entry["requestBody"] = {"required": True, "content": content}
    elif row.body is not None:
        may_be_missing = "*/*" in row.body.media_types  # no body and no media type: an empty one
        entry["requestBody"] = {
            "required": not may_be_missing,
            "content": {kind: {} for kind in row.body.media_types},
        }
    if has_token and not row.is_open:
        entry["security"] = [{"token": []}]
    return entry


def _fields(
    declared: Parameters[Any],
) -> Iterator[tuple[Parameters[Any], str, dict[str, Any], bool]]:
    """Yield each parameter of one place: `(declared, field, schema, whether it is required)`."""
    _, named = msgspec.json.schema_components([declared.kind], ref_template=_REFERENCE)
    own = named[declared.kind.__name__]
    for field, schema in own["properties"].items():
        yield declared, field, schema, field in own.get("required", ())


def _parameter(
    row: Operation, declared: Parameters[Any], field: str, schema: dict[str, Any], is_required: bool
) -> dict[str, Any]:
    meaning = schema.get("description", "")
    if f"{{{field}:path}}" in row.path:
        meaning = f"{meaning} The rest of the path: slashes may stand as they are.".strip()
    own = {key: value for key, value in schema.items() if key != "description"}
    return {
        "name": declared.names()[field],
        "in": declared.place,
        "description": meaning,
        "required": is_required or declared.place == "path",
        "schema": own,
    }


def _responses(
    answers: tuple[Answer, ...], schemas: _Schemas, *, has_content: bool
) -> dict[str, Any]:
    """Return answers merged by status: one may have two media types, and two shapes of each."""
    responses: dict[str, Any] = {}
    for answer in sorted(answers, key=lambda answer: answer.status):
        status = "default" if answer.status == ANY_STATUS else str(answer.status)
        entry = responses.setdefault(status, {"description": answer.meaning})
        if answer.meaning not in entry["description"]:
            entry["description"] += f" {answer.meaning}"
        if has_content and answer.media_type is not None:
            content = entry.setdefault("content", {})
            content[answer.media_type] = _either(
                content.get(answer.media_type), {"schema": schemas.of(answer.shapes)}
            )
        for name, meaning in answer.headers:
            entry.setdefault("headers", {})[name] = {
                "description": meaning,
                "schema": {"type": "string"},
            }
    return responses


def _either(before: dict[str, Any] | None, added: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that allows the bodies of two answers with one status and media type.

    `anyOf`, because a problem document with more members fits both.
    """
    if before is None or before == added:
        return added
    return {"schema": {"anyOf": [before["schema"], added["schema"]]}}
