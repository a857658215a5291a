"""Answers and requests as JSON objects: the one form in which recordings and run records hold them.

A body is text where it is UTF-8 (`body`) and base64 where it is not (`body_base64`); nothing is lost either way.
"""

import base64
from typing import Any

from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import Request

JsonObject = dict[str, Any]


def body_to_json(body: bytes | None) -> JsonObject:
    """Return the members that hold a body; none for a request without one."""
    if body is None:
        return {}
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}


def body_from_json(row: JsonObject) -> bytes | None:
    """Return the body that `body_to_json` wrote."""
    if "body_base64" in row:
        return base64.b64decode(row["body_base64"], validate=True)
    return str(row["body"]).encode("utf-8") if "body" in row else None


def request_to_json(request: Request) -> JsonObject:
    """Return a request as an object with method, target, headers and body."""
    row: JsonObject = {"method": request.method, "target": request.target, "headers": request.headers}
    if request.from_root:
        row["from_root"] = True
    return row if request.body is None else row | body_to_json(request.body)


def request_from_json(row: JsonObject) -> Request:
    """Return the request that `request_to_json` wrote."""
    headers = tuple((name, value) for name, value in row["headers"])
    return Request(
        method=row["method"],
        target=row["target"],
        headers=headers,
        body=body_from_json(row),
        from_root=row.get("from_root", False),
    )


def answer_to_json(answer: Answer) -> JsonObject:
    """Return an answer as an object; notes only where there are some."""
    row = {"status": answer.status, "reason": answer.reason, "headers": answer.headers, **body_to_json(answer.body)}
    if answer.notes:
        row["notes"] = answer.notes
    if answer.retried:
        row["retried"] = True
    if answer.arrivals:
        row["arrivals"] = answer.arrivals
    if answer.askings > 1:
        row["askings"] = answer.askings
    if answer.pages:
        row["pages"] = [answer_to_json(page) for page in answer.pages]
    row["elapsed_ms"] = answer.elapsed_ms
    return row


def answer_from_json(row: JsonObject) -> Answer:
    """Return the answer that `answer_to_json` wrote."""
    return Answer(
        status=row["status"],
        reason=row["reason"],
        headers=tuple((name, value) for name, value in row["headers"]),
        body=body_from_json(row) or b"",
        notes=tuple(row.get("notes", ())),
        retried=row.get("retried", False),
        arrivals=tuple((ms, size) for ms, size in row.get("arrivals", ())),
        askings=row.get("askings", 1),
        pages=tuple(map(answer_from_json, row.get("pages", ()))),
        elapsed_ms=row["elapsed_ms"],
    )


def fault_to_json(fault: Fault) -> JsonObject:
    """Return a fault as an object; with the last answer where there was one."""
    row = {"kind": fault.kind.value, "phase": fault.phase, "detail": fault.detail, "elapsed_ms": fault.elapsed_ms}
    return row if fault.last is None else {**row, "last": answer_to_json(fault.last)}


def fault_from_json(row: JsonObject) -> Fault:
    """Return the fault that `fault_to_json` wrote."""
    return Fault(
        kind=FaultKind(row["kind"]),
        phase=row["phase"],
        detail=row["detail"],
        elapsed_ms=row["elapsed_ms"],
        last=answer_from_json(row["last"]) if "last" in row else None,
    )
