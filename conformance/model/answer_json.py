"""Answers and requests as JSON objects, in the form of recordings and run records.

A body is text if it is UTF-8 (`body`), else base64 (`body_base64`); nothing is lost either way.
"""

import base64
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from conformance.model.large_texts import LargeText, is_large_text
from conformance.model.observation import Answer, Fault
from conformance.model.request import Request

JsonObject = dict[str, Any]
_Kind = TypeVar("_Kind", Request, Answer, Fault)


def body_to_json(body: bytes | None) -> JsonObject:
    """Return the members for a body; an empty object if there is no body."""
    if body is None:
        return {}
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}


def body_from_json(row: JsonObject) -> bytes | None:
    """Return the body that `body_to_json` wrote; bytes are returned as they are."""
    if isinstance(row.get("body"), LargeText):
        return bytes(row["body"].raw)
    if "body_base64" in row:
        return base64.b64decode(row["body_base64"], validate=True)
    body = row.get("body")
    if body is None or isinstance(body, bytes):
        return body
    return str(body).encode("utf-8")


def request_to_json(request: Request) -> JsonObject:
    """Return a request as an object with method, target, headers and body."""
    row: JsonObject = {
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
    }
    if request.from_root:
        row["from_root"] = True
    if request.body is not None:
        row |= body_to_json(request.body)
    return row


def request_from_json(row: JsonObject) -> Request:
    """Return the request that `request_to_json` wrote."""
    members = {name: row[name] for name in ("method", "target", "headers")}
    return _checked(
        {**members, "body": body_from_json(row), "from_root": row.get("from_root", False)}, Request
    )


def answer_to_json(answer: Answer) -> JsonObject:
    """Return an answer as an object; empty members such as `notes` are left out."""
    row = {
        "status": answer.status,
        "reason": answer.reason,
        "headers": answer.headers,
        **body_to_json(answer.body),
    }
    if answer.notes:
        row["notes"] = answer.notes
    if answer.retried:
        row["retried"] = True
    if answer.arrivals:
        row["arrivals"] = answer.arrivals
    if answer.askings > 1:
        row["askings"] = answer.askings
    if answer.pages:
        row["pages"] = list(map(answer_to_json, answer.pages))
    row["elapsed_ms"] = answer.elapsed_ms
    return row


def answer_to_row(answer: Answer) -> JsonObject:
    """Return an answer as an object for a line, with a large body as a `LargeText`."""
    if is_large_text(answer.body):
        return {**answer_to_json(replace(answer, body=b"")), "body": LargeText(answer.body)}
    return answer_to_json(answer)


def answer_from_json(row: JsonObject) -> Answer:
    """Return the answer that `answer_to_json` wrote."""
    return _checked(_answer_members(row), Answer)


def _answer_members(row: JsonObject) -> JsonObject:
    members = {**row, "body": body_from_json(row) or b""}
    members.pop("body_base64", None)
    if "pages" in row:
        members["pages"] = list(map(_answer_members, row["pages"]))
    return members


def fault_to_json(fault: Fault) -> JsonObject:
    """Return a fault as an object, with the last answer if there was one."""
    row = {
        "kind": fault.kind.value,
        "phase": fault.phase,
        "detail": fault.detail,
        "elapsed_ms": fault.elapsed_ms,
    }
    return row if fault.last is None else {**row, "last": answer_to_json(fault.last)}


def fault_from_json(row: JsonObject) -> Fault:
    """Return the fault that `fault_to_json` wrote."""
    if "last" in row:
        row = {**row, "last": _answer_members(row["last"])}
    return _checked(row, Fault)


def _checked(members: JsonObject, kind: type[_Kind]) -> _Kind:
    """Return members converted to an object of some kind.

    Raises msgspec.ValidationError if a member is missing or has another type.
    """
    return msgspec.convert(members, kind, builtin_types=(bytes,))
