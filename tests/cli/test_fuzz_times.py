"""`conformance fuzz` on services that tell when a thing was made: the time is often the same."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, json_reply, serve

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/notes": {"post": {}, "get": {}},
        "/notes/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
            ],
            "get": {},
        },
    },
}


@dataclass
class Notes:
    """Notes with the time of a clock that goes on with every second note, from a start on."""

    ticks: int
    most_counted: int = 1_000
    notes: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        path = request.target.partition("?")[0].strip("/").split("/")
        match request.method, path:
            case "GET", ["openapi.json"]:
                return json_reply(DOCUMENT)
            case "POST", ["reset"]:
                self.notes = []
                return Reply(status=204)
            case "POST", ["notes"]:
                self.ticks += 1
                at = f"2026-01-15T10:{self.ticks // 120 % 60:02}:{self.ticks // 2 % 60:02}.000Z"
                self.notes.append({"id": len(self.notes) + 1, "at": at})
                return json_reply(self.notes[-1], 201)
            case "GET", ["notes"]:
                count = min(len(self.notes), self.most_counted)
                return json_reply({"notes": self.notes, "count": count})
            case "GET", ["notes", name] if name.isdigit() and 0 < int(name) <= len(self.notes):
                return json_reply(self.notes[int(name) - 1])
        return json_reply({"code": "none"}, 404)


def test_a_time_in_a_list_that_is_the_same_now_and_then_differs_by_itself(tmp_path: Path) -> None:
    """The case of a defect of the list says so, or it would be red for another reason as well."""
    with serve(Notes(0)) as first, serve(Notes(1, most_counted=1)) as second:
        declared = {
            name: {"url": url, "disposable": True, "reset": {"request": {"POST": "/reset"}}}
            for name, url in (("a", first), ("b", second))
        }
        (tmp_path / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
        words = ("--seed", "1", "--requests", "1500", "--output", "found.yaml")
        done = conformance("fuzz", *words, cwd=tmp_path)

    assert "1 cause found" in done.stdout, done.stdout
    (case,) = yaml.safe_load((tmp_path / "found.yaml").read_text())["cases"]
    assert "$.notes[*].at" in {rule["path"] for rule in case["rules"]}
