"""`conformance fuzz` on lists that come in pages, with a defect that no first page shows."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
import yaml

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, json_reply, serve

PAGE = 2


@dataclass
class Notes:
    """Notes that are listed in pages; `style` is how a page names the next one."""

    style: str
    defect: str = ""
    notes: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        path, _, query = request.target.partition("?")
        if path == "/openapi.json":
            return json_reply(document())
        if path == "/reset":
            self.notes = []
            return Reply(status=204)
        if path == "/notes" and request.method == "POST":
            self.notes.append({"id": f"note-{len(self.notes) + 1}"})
            return json_reply(self.notes[-1], 201)
        if path == "/notes" and request.method == "GET":
            return self._page(dict(parse_qsl(query)))
        return json_reply({"code": "none"}, 404)

    def _page(self, asked: dict[str, str]) -> Reply:
        limit = asked.get("limit", str(PAGE))
        start = _start(asked.get("after", ""))
        if not limit.isdigit() or not 1 <= int(limit) <= PAGE or start is None:
            return json_reply({"code": "bad"}, 400)
        end = start + int(limit)
        first = start - 1 if self.defect == "repeats" and start else start
        items = self.notes[first : first + int(limit)]
        page = {"items": items[::-1] if self.defect == "newest first" else items}
        if end >= len(self.notes):
            return json_reply(page)
        cursor = base64.urlsafe_b64encode(f"start={end}".encode()).decode()
        link = f"/notes?{urlencode({'limit': limit, 'after': cursor})}"
        if self.style == "link":
            return json_reply(page, link=f'<{link}>; rel="next"')
        more = {"next_cursor": cursor} if self.style == "cursor" else {"links": {"next": link}}
        return json_reply({**page, **more})


def _start(cursor: str) -> int | None:
    if not cursor:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor).decode().partition("=")
    except ValueError:
        return None
    return int(number) if word == "start" and number.isdigit() else None


def document() -> dict[str, Any]:
    """Return the document of the notes."""
    parameters = [
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}},
        {"name": "after", "in": "query", "schema": {"type": "string"}},
    ]
    listing = {"get": {"parameters": parameters}, "post": {}}
    one = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    return {
        "openapi": "3.0.0",
        "paths": {"/notes": listing, "/notes/{id}": {"parameters": one, "get": {}}},
    }


@pytest.mark.parametrize("style", ["cursor", "url", "link"])
def test_a_page_that_repeats_an_item_is_found(tmp_path: Path, style: str) -> None:
    """The second page is asked as the first one says, and the case is red under `run`."""
    cases = _found(tmp_path, Notes(style), Notes(style, "repeats"))
    targets = [[step["request"].get("GET", "") for step in case["steps"]] for case in cases]
    assert any("${page_1}" in target for each in targets for target in each), targets


def test_a_list_in_another_order_is_found(tmp_path: Path) -> None:
    """The list is seen first when it holds what earlier requests have left there."""
    cases = _found(tmp_path, Notes("cursor"), Notes("cursor", "newest first"))
    methods = [[next(iter(step["request"])) for step in case["steps"]] for case in cases]
    # The first request makes both forget what they hold
    assert ["POST", "POST", "POST", "GET"] in methods


def _found(folder: Path, good: Notes, bad: Notes) -> list[dict[str, Any]]:
    """Fuzz two services, and return the cases that are written."""
    with serve(good) as a, serve(bad) as b:
        declared = {
            name: {"url": url, "disposable": True, "reset": {"request": {"POST": "/reset"}}}
            for name, url in (("a", a), ("b", b))
        }
        (folder / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
        words = ("--seed", "1", "--requests", "1500", "--output", "found.yaml")
        done = conformance("fuzz", *words, cwd=folder)
        assert done.returncode == 1, done.stdout + done.stderr
        found: list[dict[str, Any]] = yaml.safe_load((folder / "found.yaml").read_text())["cases"]
    return found
