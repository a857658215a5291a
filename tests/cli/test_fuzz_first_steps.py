"""`conformance fuzz` on requests that are refused until other requests came before them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.fuzzed_methods import methods_of_found_cases
from tests.miniatures.server import Received, Reply, json_reply


@dataclass
class Shelf:
    """Books of unique codes with covers, and readers who choose their own names."""

    defect: str = ""
    books: dict[str, str] = field(default_factory=dict)
    covers: dict[str, bytes] = field(default_factory=dict)
    readers: dict[str, Any] = field(default_factory=dict)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        path = request.target.partition("?")[0].strip("/").split("/")
        reply = self._of_books(request, path) or self._of_readers(request, path)
        return reply or json_reply({"code": "none"}, 404)

    def _of_books(self, request: Received, path: list[str]) -> Reply | None:
        reply: Reply | None = None
        match request.method, path:
            case "GET", ["openapi.json"]:
                reply = json_reply(SHELF)
            case "POST", ["reset"]:
                for held in (self.books, self.covers, self.readers):
                    held.clear()
                reply = Reply(status=204)
            case "POST", ["books"]:
                reply = self._stored(str(len(self.books) + 1), request, 201)
            case "PUT", ["books", book] if book in self.books:
                reply = self._stored(book, request, 200)
            case "PUT", ["books", book, "cover"] if book in self.books:
                self.covers[book] = request.body
                reply = Reply(status=204)
            case "GET", ["books", book, "cover"] if book in self.covers:
                drawn = self.covers[book][:1] if self.defect == "cover" else self.covers[book]
                reply = Reply(headers={"Content-Type": "text/plain"}, body=drawn)
        return reply

    def _stored(self, book: str, request: Received, status: int) -> Reply:
        code = str(_member(request, "code"))
        if code in [held for other, held in self.books.items() if other != book]:
            return json_reply({"code": "taken"}, 409)
        self.books[book] = "" if self.defect == "replaced" and status == 200 else code
        return json_reply({"id": book, "code": self.books[book]}, status)

    def _of_readers(self, request: Received, path: list[str]) -> Reply | None:
        match request.method, path:
            case "PUT", ["readers", name]:
                self.readers[name] = _member(request, "age")
            case "DELETE", ["readers", name] if name in self.readers:
                age = self.readers[name] if self.defect == "deleted" else None
                self.readers.pop(name)
                if age is not None:
                    self.readers[name] = age
                return Reply(status=204)
            case "GET", ["readers", name] if name in self.readers:
                pass
            case _:
                return None
        return json_reply({"age": self.readers[path[-1]]})


def _member(request: Received, name: str) -> Any:
    try:
        body = request.json()
    except (ValueError, RecursionError):
        return None
    return body.get(name) if isinstance(body, dict) else None


def _path(name: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}]


def _body(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


_BOOK = _body(
    "application/json",
    {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}},
)
_READER = _body(
    "application/json",
    {"type": "object", "required": ["age"], "properties": {"age": {"type": "integer"}}},
)
SHELF: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/books": {"post": _BOOK},
        "/books/{book}": {"parameters": _path("book"), "put": _BOOK},
        "/books/{book}/cover": {
            "parameters": _path("book"),
            "get": {},
            "put": _body("text/plain", {"type": "string"}),
        },
        "/readers/{reader}": {
            "parameters": _path("reader"),
            "delete": {},
            "get": {},
            "put": _READER,
        },
    },
}


@pytest.mark.parametrize(
    ("defect", "methods"),
    [
        ("replaced", ["POST", "PUT"]),
        ("cover", ["POST", "PUT", "GET"]),
        ("deleted", ["PUT", "DELETE", "GET"]),
    ],
)
def test_what_has_to_come_first_is_found(tmp_path: Path, defect: str, methods: list[str]) -> None:
    """A text that is taken becomes a new one, and things are made under the names that are given.

    A part of a thing is stored before it is read.
    """
    assert methods in methods_of_found_cases(tmp_path, Shelf(), Shelf(defect))
