"""`conformance fuzz` on an operation that takes several kinds of bodies."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, json_reply, serve

CARD = {"type": "object", "required": ["number"], "properties": {"number": {"type": "string"}}}
ACCOUNT = {
    "type": "object",
    "required": ["owner"],
    "properties": {
        "owner": {"type": "object", "required": ["age"], "properties": {"age": {"type": "integer"}}}
    },
}


@dataclass
class Payments:
    """Payments by card or by account, where one service takes a younger owner."""

    schema: dict[str, Any]
    least: int = 1

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        if request.target == "/openapi.json":
            return json_reply(document(self.schema))
        try:
            way = request.json()["way"]
            number, owner = way.get("number", ""), way.get("owner", {"age": self.least})
            is_good = isinstance(number, str) and owner["age"] >= self.least
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            is_good = False
        return json_reply({}, 201) if is_good and way else json_reply({"code": "bad"}, 422)


def document(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the document of the payments."""
    body = {"type": "object", "required": ["way"], "properties": {"way": schema}}
    content = {"application/json": {"schema": body}}
    return {
        "openapi": "3.0.0",
        "paths": {"/payments": {"post": {"requestBody": {"content": content}}}},
    }


def body_of(case: dict[str, Any]) -> Any:
    """Return the JSON that a case sends, whether it says what that is or not."""
    request = case["request"]
    return request["json"] if "json" in request else json.loads(request["raw"])


CASES = [
    {"name": "card", "request": {"POST": "/payments", "json": {"way": {"number": "1"}}}},
    {"name": "account", "request": {"POST": "/payments", "json": {"way": {"owner": {"age": 5}}}}},
]


@pytest.mark.parametrize("source", ["document", "suite"])
def test_a_bound_of_the_second_kind_is_found(tmp_path: Path, source: str) -> None:
    """Either the document has a choice of schemas, or a suite has a case of each kind."""
    schema = {"oneOf": [CARD, ACCOUNT]} if source == "document" else {}
    with serve(Payments(schema)) as a, serve(Payments(schema, least=0)) as b:
        declared = {
            name: {"url": url, "disposable": True, "reset": "names"}
            for name, url in (("a", a), ("b", b))
        }
        (tmp_path / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
        (tmp_path / "payments.yaml").write_text(
            yaml.safe_dump({"suite": "payments", "cases": CASES})
        )
        words = ("--seed", "1", "--requests", "900", "--output", "found.yaml")
        paths = () if source == "document" else ("payments.yaml",)
        done = conformance("fuzz", *paths, *words, cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    cases = yaml.safe_load((tmp_path / "found.yaml").read_text())["cases"]
    bodies = [body_of(case) for case in cases]
    assert {"way": {"owner": {"age": 0}}} in bodies
