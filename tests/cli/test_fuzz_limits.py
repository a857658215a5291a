"""`conformance fuzz` says what a quota has kept it from asking."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, json_reply, serve

_PATHS = {
    "/things": {"post": {"requestBody": {"content": {"application/json": {"schema": {}}}}}},
    "/things/{id}": {"get": {}},
}


@dataclass
class Metered:
    """Things that can be made until a quota is used up, which nothing resets."""

    quota: int
    things: set[str] = field(default_factory=set)
    made: int = 0

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        path = request.target.partition("?")[0].strip("/").split("/")
        match request.method, path:
            case "GET", ["openapi.json"]:
                return json_reply({"openapi": "3.0.0", "paths": _PATHS})
            case "POST", ["reset"]:
                return Reply(status=204)
            case "POST", ["things"]:
                return self._make()
            case "GET", ["things", name] if name in self.things:
                return json_reply({"id": name})
        return json_reply({"code": "none"}, 404)

    def _make(self) -> Reply:
        self.made += 1
        if self.made > self.quota:
            return json_reply({"code": "quota"}, 429)
        self.things.add(f"t{self.made}")
        return json_reply({"id": f"t{self.made}"}, 201)


def test_a_quota_that_is_used_up_is_told(tmp_path: Path) -> None:
    out = _fuzzed(tmp_path, Metered(10**6), Metered(100))
    lines = [line for line in out.splitlines() if line.startswith("no longer accepted:")]
    assert lines[0].startswith(
        "no longer accepted: POST /things: its valid request is refused now (a 201, b 429); it was "
        "last accepted at request "
    )
    assert "GET /things/{id}: its valid request is refused now (POST /things before" in lines[1]
    assert "limited: POST /things: b answered " in out


def test_nothing_is_told_where_there_is_no_quota(tmp_path: Path) -> None:
    out = _fuzzed(tmp_path, Metered(10**6), Metered(10**6))
    assert "no longer accepted" not in out
    assert "limited" not in out


def _fuzzed(folder: Path, a: Metered, b: Metered) -> str:
    with serve(a) as first, serve(b) as second:
        declared: dict[str, Any] = {
            name: {"url": url, "disposable": True, "reset": {"request": {"POST": "/reset"}}}
            for name, url in (("a", first), ("b", second))
        }
        (folder / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
        return conformance("fuzz", "--seed", "1", "--requests", "700", cwd=folder).stdout
