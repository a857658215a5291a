"""`conformance fuzz` on bookings: a time is taken once, and a change needs what was read before."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.command import conformance
from tests.cli.fuzzed_methods import methods_of_found_cases
from tests.miniatures.server import Received, Reply, json_reply, serve

_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
_STATES = ["asked", "sure", "over"]
_NEXT = {"asked": "sure", "sure": "over"}
_SLOT = {
    "type": "object",
    "required": ["starts_at", "minutes"],
    "properties": {
        "starts_at": {"type": "string", "format": "date-time"},
        "minutes": {"type": "integer", "minimum": 5, "maximum": 240},
    },
}
_TAG = {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}
_STATE = {"name": "state", "in": "query", "schema": {"enum": _STATES}}


def _sent(**members: Any) -> dict[str, Any]:
    schema = {"type": "object", "required": list(members), "properties": members}
    return {"content": {"application/json": {"schema": schema}}}


_DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/bookings": {
            "post": {"requestBody": {"content": {"application/json": {"schema": _SLOT}}}},
            "get": {"parameters": [_STATE]},
        },
        "/bookings/{id}": {
            "parameters": [_ID],
            "get": {},
            "put": {
                "parameters": [_TAG],
                "requestBody": {"content": {"application/json": {"schema": _SLOT}}},
            },
        },
        "/bookings/{id}/state": {
            "parameters": [_ID],
            "post": {"requestBody": _sent(to={"enum": _STATES})},
        },
        "/bookings/{id}/merge": {
            "parameters": [_ID],
            "post": {"requestBody": _sent(into={"type": "integer"})},
        },
    },
}


@dataclass
class Bookings:
    """Bookings of one room, with a defect."""

    defect: str = ""
    held: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        target, _, query = request.target.partition("?")
        match request.method, target.strip("/").split("/"):
            case "GET", ["openapi.json"]:
                return json_reply(_DOCUMENT)
            case "POST", ["reset"]:
                self.held = {}
                return Reply(status=204)
            case "POST", ["bookings"]:
                return self._made(_json(request))
            case "GET", ["bookings"]:
                return self._listed(query)
            case _, ["bookings", name, *below] if name.isdigit() and int(name) in self.held:
                return self._one(request, self.held[int(name)], below)
        return json_reply({"code": "none"}, 404)

    def _made(self, sent: Any) -> Reply:
        slot = _slot(sent)
        if slot is None:
            return json_reply({"code": "invalid"}, 422)
        if any(map(slot.meets, self.held.values())):
            return json_reply({"code": "taken"}, 409)
        if self.defect == "touching" and any(map(slot.touches, self.held.values())):
            return json_reply({"code": "taken"}, 409)
        number = len(self.held) + 1
        self.held[number] = {"id": number, "state": "asked", "version": 1, **slot.shown}
        return json_reply(self.held[number], 201)

    def _listed(self, query: str) -> Reply:
        state = query.removeprefix("state=")
        wanted = {state} if query.startswith("state=") else set(_STATES)
        if self.defect == "filter" and state == "sure":
            wanted.add("over")
        return json_reply([each for each in self.held.values() if each["state"] in wanted])

    def _one(self, request: Received, booking: dict[str, Any], below: list[str]) -> Reply:
        tag = f'"{booking["id"]}-{booking["version"]}"'
        sent = _json(request)
        match request.method, below:
            case "GET", []:
                return json_reply(booking, etag=tag)
            case "PUT", [] if request.headers.get("if-match") != tag:
                return json_reply({"code": "stale"}, 412)
            case "PUT", []:
                return self._moved(sent, booking)
            case "POST", ["state"] if _NEXT.get(booking["state"], "none") == sent.get("to"):
                booking |= {"state": sent["to"], "version": booking["version"] + 1}
                return json_reply(booking)
            case "POST", ["merge"]:
                return self._merged(sent.get("into"), booking)
        return json_reply({"code": "state"}, 409)

    def _moved(self, sent: Any, booking: dict[str, Any]) -> Reply:
        slot = _slot(sent)
        if slot is None:
            return json_reply({"code": "invalid"}, 422)
        if booking["state"] != "asked" and self.defect != "late":
            return json_reply({"code": "over"}, 409)
        booking |= {**slot.shown, "version": booking["version"] + 1}
        return json_reply(booking)

    def _merged(self, into: Any, booking: dict[str, Any]) -> Reply:
        other = self.held.get(into) if type(into) is int else None
        if other is None or other is booking:
            return json_reply({"code": "none"}, 404)
        if self.defect != "merge":
            other["minutes"] += booking["minutes"]
        return json_reply(other)


@dataclass
class _Slot:
    start: datetime
    minutes: int
    shown: dict[str, Any]

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    def meets(self, booking: dict[str, Any]) -> bool:
        other = _slot(booking)
        return other is not None and self.start < other.end and other.start < self.end

    def touches(self, booking: dict[str, Any]) -> bool:
        other = _slot(booking)
        return other is not None and self.start == other.end


def _json(request: Received) -> Any:
    """Return the object that a request holds, an empty one where it holds none."""
    try:
        sent = request.json()
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


def _slot(sent: Any) -> _Slot | None:
    """Return the time of a booking, None where it is none."""
    try:
        start = datetime.fromisoformat(sent["starts_at"])
        is_valid = type(sent["minutes"]) is int and start.tzinfo is not None
        shown = {name: sent[name] for name in ("starts_at", "minutes")}
        return _Slot(start, sent["minutes"], shown) if is_valid else None
    except (TypeError, KeyError, ValueError):
        return None


@pytest.mark.parametrize(
    ("defect", "methods"),
    [
        ("touching", ["POST", "POST"]),
        ("filter", ["POST", "POST", "POST", "GET"]),
        ("late", ["POST", "POST", "GET", "PUT"]),
        ("merge", ["POST", "POST", "POST"]),
    ],
)
def test_what_a_booking_shows_in_a_sequence_is_found(
    tmp_path: Path, defect: str, methods: list[str]
) -> None:
    assert methods in methods_of_found_cases(tmp_path, Bookings(), Bookings(defect))


def test_a_case_of_a_runtime_that_goes_on_begins_with_a_reset(tmp_path: Path) -> None:
    """The time that it books may be taken by the case before it, or by an earlier run."""
    methods_of_found_cases(tmp_path, Bookings(), Bookings("touching"))
    with serve(Bookings()) as first, serve(Bookings("touching")) as second:
        for _ in range(2):
            words = ("--runtime", f"a={first}", "--runtime", f"b={second}")
            done = conformance("run", "found.yaml", *words, cwd=tmp_path)
            assert "1 failed" in done.stdout, done.stdout
    cases = yaml.safe_load((tmp_path / "found.yaml").read_text())["cases"]
    assert {"POST": "/reset"} in [case["steps"][0]["request"] for case in cases]
