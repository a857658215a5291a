"""`conformance fuzz` on things whose own paths do not begin with the path that creates them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.fuzzed_methods import methods_of_found_cases
from tests.miniatures.server import Received, Reply, json_reply


@dataclass
class Visits:
    """Patients with visits, whose own paths begin elsewhere, and one defect."""

    defect: str = ""
    patients: int = 0
    visits: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        return self._answer(request) or json_reply({"code": "none"}, 404)

    def _answer(self, request: Received) -> Reply | None:
        path = request.target.partition("?")[0].strip("/").split("/")
        reply: Reply | None = None
        match request.method, path:
            case "GET", ["openapi.json"]:
                reply = json_reply(VISITS)
            case "POST", ["reset"]:
                self.patients, self.visits = 0, {}
                reply = Reply(status=204)
            case "POST", ["patients"]:
                self.patients += 1
                reply = json_reply({"id": self.patients}, 201)
            case "POST", ["patients", patient, "visits"] if self._has(patient):
                made = {"id": len(self.visits) + 1, "patient": patient, "open": True}
                self.visits[str(made["id"])] = made
                reply = json_reply(made, 201)
            case "GET", ["patients", patient, "visits"] if self._has(patient):
                reply = json_reply(self._listed(patient, "open=true" in request.target))
            case "POST", ["visits", visit, "close"] if visit in self.visits:
                reply = self._closed(self.visits[visit])
        return reply

    def _has(self, patient: str) -> bool:
        return patient.isdigit() and 0 < int(patient) <= self.patients

    def _closed(self, visit: dict[str, Any]) -> Reply:
        if not visit["open"] and self.defect != "closed twice":
            return json_reply({"code": "closed"}, 409)
        visit["open"] = False
        return json_reply(visit)

    def _listed(self, patient: str, only_open: bool) -> list[dict[str, Any]]:
        own = [each for each in self.visits.values() if each["patient"] == patient]
        if only_open and self.defect == "filter":
            return []
        return [each for each in own if each["open"] or not only_open]


def _path(name: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "integer"}}]


VISITS: dict[str, Any] = {
    "openapi": "3.0.0",
    "paths": {
        "/patients": {"post": {}},
        "/patients/{id}/visits": {
            "parameters": _path("id"),
            "post": {},
            "get": {"parameters": [{"name": "open", "in": "query", "schema": {"type": "boolean"}}]},
        },
        "/visits/{visitId}/close": {"parameters": _path("visitId"), "post": {}},
    },
}


@pytest.mark.parametrize(
    ("defect", "methods"),
    [
        ("closed twice", ["POST", "POST", "POST", "POST"]),
        ("filter", ["POST", "POST", "GET"]),
    ],
)
def test_a_thing_is_made_by_a_request_whose_path_is_another(
    tmp_path: Path, defect: str, methods: list[str]
) -> None:
    """Its id is followed, and the list that it is in holds it when filters are tried."""
    assert methods in methods_of_found_cases(tmp_path, Visits(), Visits(defect))
