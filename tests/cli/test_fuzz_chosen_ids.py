"""`conformance fuzz` on things whose ids a caller chooses, where not every text can be an id."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.fuzzed_methods import methods_of_found_cases
from tests.miniatures.server import Received, Reply, json_reply

_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Devices:
    """Devices that a PUT makes under a UUID or a number, and one defect."""

    schema: dict[str, str]
    defect: str = ""
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        path = request.target.partition("?")[0].strip("/").split("/")
        match request.method, path:
            case "GET", ["openapi.json"]:
                return json_reply(self._document())
            case "POST", ["reset"]:
                self.devices = {}
                return Reply(status=204)
            case method, ["devices", name] if _UUID.fullmatch(name) or name.isdigit():
                return self._of_one(method, name)
        return json_reply({"code": "none"}, 404)

    def _of_one(self, method: str, name: str) -> Reply:
        if method == "PUT":
            status = 200 if name in self.devices else 201
            self.devices[name] = {"id": int(name) if name.isdigit() else name}
            return json_reply(self.devices[name], status)
        if name not in self.devices or method not in {"GET", "DELETE"}:
            return json_reply({"code": "none"}, 404)
        device = self.devices[name]
        if method == "GET":
            return json_reply(device)
        if self.defect != "kept":
            del self.devices[name]
        return Reply(status=204)

    def _document(self) -> dict[str, Any]:
        name = {"name": "deviceId", "in": "path", "required": True, "schema": self.schema}
        methods: dict[str, Any] = {"parameters": [name], "put": {}, "get": {}, "delete": {}}
        return {"openapi": "3.0.0", "paths": {"/devices/{deviceId}": methods}}


@pytest.mark.parametrize("schema", [{"type": "string", "format": "uuid"}, {"type": "integer"}])
def test_an_id_that_has_to_be_a_number_or_a_uuid_is_followed(
    tmp_path: Path, schema: dict[str, str]
) -> None:
    """A device that is still there after it was deleted shows in a read, which needs its id."""
    found = methods_of_found_cases(tmp_path, Devices(schema), Devices(schema, "kept"))

    assert ["PUT", "DELETE", "GET"] in found or ["PUT", "DELETE", "PUT"] in found
