"""A service that keeps notes, as two teams would write it, one defect at a time.

Ids and times are its own.
"""

import datetime as dt
import json
import sys
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.miniatures.server import Received, Reply, json_reply, serve

_MOST_STARS = 5
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "notes", "version": "1"},
    "paths": {
        "/notes": {
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 50}}
                ]
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["title"],
                                "properties": {
                                    "title": {"type": "string", "minLength": 1},
                                    "stars": {
                                        "type": "integer",
                                        "minimum": 1,
                                        "maximum": _MOST_STARS,
                                    },
                                },
                            }
                        }
                    }
                }
            },
        },
        "/notes/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "get": {},
            "delete": {},
        },
        "/events": {"get": {"responses": {"200": {"content": {"text/event-stream": {}}}}}},
    },
}


@dataclass
class Notes:
    """Notes by id; it keeps what it was asked."""

    defect: str = ""
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        self.asked.append((request.method, request.target))
        path = request.target.partition("?")[0]
        if path == "/openapi.json":
            return json_reply(DOCUMENT)
        if path == "/notes":
            return self._of_all(request)
        note = self.held.get(path.removeprefix("/notes/"))
        if request.method not in {"GET", "HEAD", "DELETE"}:
            return json_reply({"code": "no_method"}, 405)
        if note is None:
            status = 400 if self.defect == "unknown is 400" else 404
            return json_reply({"code": "no_note"}, status)
        if request.method == "DELETE":
            if self.defect != "deleted stays":
                del self.held[note["id"]]
            return Reply(status=204, headers={})
        return json_reply(note)

    def _of_all(self, request: Received) -> Reply:
        if request.method == "POST":
            return self._made(request)
        is_read = request.method in {"GET", "HEAD"}
        return self._listed(request) if is_read else json_reply({"code": "no_method"}, 405)

    def _made(self, request: Received) -> Reply:
        try:
            note = json.loads(request.body)
        except (ValueError, RecursionError):
            return json_reply(
                {"code": "bad_json"}, 422 if self.defect == "malformed is 422" else 400
            )
        if not isinstance(note, dict) or not isinstance(note.get("title"), str):
            return json_reply({"code": "bad_note"}, 422)
        stars = note.get("stars", 1)
        if not isinstance(stars, int) or not self._fits(stars):
            return json_reply({"code": "bad_stars"}, 422)
        if any(each["title"] == note["title"] for each in self.held.values()):
            return json_reply({"code": "taken"}, 409)
        now = dt.datetime.now(dt.UTC).isoformat()
        shown = str(stars) if self.defect == "stars as text" else stars
        made = {"id": str(uuid.uuid4()), "title": note["title"], "stars": shown, "created_at": now}
        self.held[made["id"]] = made
        extra = {} if self.defect == "no owner field" else {"x_owner": "us"}
        return json_reply(
            made, 201, location=f"/notes/{made['id']}", x_request_id=str(uuid.uuid4()), **extra
        )

    def _fits(self, stars: int) -> bool:
        least = 0 if self.defect == "no stars" else 1
        return least <= stars <= _MOST_STARS + (self.defect == "six stars")

    def _listed(self, request: Received) -> Reply:
        written = request.target.partition("limit=")[2] or "10"
        limit = (
            int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 1_000
        )
        most = 60 if self.defect == "limit 60" else 50
        if limit > most:
            return json_reply({"code": "bad_limit"}, 422)
        return json_reply({"notes": list(self.held.values())[:limit], "count": len(self.held)})


if __name__ == "__main__":
    with serve(Notes(), int(sys.argv[1])):
        threading.Event().wait()
