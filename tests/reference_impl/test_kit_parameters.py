"""Parameters and non-JSON bodies: what is accepted or refused, and that the document says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openapi_spec_validator import validate

if TYPE_CHECKING:
    from tests.reference_impl.conftest import LiveDaemon

TEXT = {"content-type": "text/plain"}


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/shelf/a/b", "b"),
        ("/v1/shelf/a/b", "b"),
        ("/shelf/a/b/c", "b/c"),
        ("/shelf/a/b%2Fc", "b/c"),
        ("/shelf/%61/b", "b"),
        ("/shel%66/a/b", "b"),
        ("/shelf/a/b/", "b/"),
        ("/shelf/a//b", "/b"),
        ("/shelf/a/../x", "../x"),
        ("/shelf/a/%2e%2e/x", "../x"),
        ("/shelf/a/%C3%A9", "é"),
        ("/shelf/a/x%00y", "x\x00y"),
        ("/shelf/a/x+y", "x+y"),
    ],
)
def test_the_rest_of_a_path_is_taken_as_it_was_sent(shelf: LiveDaemon, path: str, key: str) -> None:
    """Segments are decoded one by one; nothing is normalized.

    And a path seen before is taken as at first.
    """
    for _ in range(2):
        assert shelf.ask("PUT", path, b"abc", TEXT).json() == [
            {"shelf": "a", "key": key, "size": 3}
        ]


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/shelf/a", 404, "there is nothing at this path"),
        ("/shelf/a/", 404, "there is nothing at this path"),
        ("/shelf//b", 404, "there is nothing at this path"),
        ("/shelf/a/%ff", 400, "the path is not UTF-8"),
        ("/shelf/%ff", 404, "there is nothing at this path"),
        (
            "/shelf/A/b",
            422,
            "the path parameters do not fit: /shelf: expected str matching regex '^[a-z]+$'",
        ),
        (
            "/shelf/a%2Fb/c",
            422,
            "the path parameters do not fit: /shelf: expected str matching regex '^[a-z]+$'",
        ),
        (
            "/shelf/a/" + 21 * "k",
            422,
            "the path parameters do not fit: /key: expected str of length <= 20",
        ),
    ],
)
def test_a_path_that_does_not_fit(shelf: LiveDaemon, path: str, status: int, detail: str) -> None:
    """It is unknown, unreadable, or names the parameter."""
    answer = shelf.ask("PUT", path, b"", TEXT)

    assert (answer.status, answer.json()["detail"]) == (status, detail)


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("limit=1", 200, None),
        ("", 200, None),
        ("after=%C3%A9&limit=10", 200, None),
        ("after=", 200, None),
        ("limit=0", 422, "the query parameters do not fit: /limit: expected int >= 1"),
        ("limit=x", 422, "the query parameters do not fit: /limit: expected int, got str"),
        ("limit=", 422, "the query parameters do not fit: /limit: expected int, got str"),
        (
            "limit=1&limit=2",
            422,
            "the query parameters do not fit: /limit: it stands more than once",
        ),
        ("lmit=1", 422, "the query parameters do not fit: /lmit: an unknown member"),
        ("after=%ff", 400, "the query cannot be read"),
    ],
)
def test_queries(shelf: LiveDaemon, query: str, status: int, detail: str | None) -> None:
    """Texts become values; what is unknown, doubled or out of bounds is named."""
    answer = shelf.ask("GET", f"/shelf?{query}")

    assert (answer.status, None if status == 200 else answer.json()["detail"]) == (status, detail)


def test_headers_and_answers_without_a_body(shelf: LiveDaemon) -> None:
    """A header parameter is read, and an answer that has no body is declared without one."""
    kept = shelf.ask("PUT", "/shelf/a/b", b"abc", {**TEXT, "if-match": "*"})
    assert (kept.status, kept.header("etag")) == (
        200,
        '"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"',
    )
    assert shelf.ask("PUT", "/shelf/a/b", b"abc", {**TEXT, "If-Match": '"z"'}).status == 204
    assert shelf.ask("HEAD", "/shelf/a/b").header("etag") == '"x"'
    assert shelf.ask("GET", "/shelf/a/b").header("allow") == "HEAD, PUT"


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [
        ({"content-type": "text/plain; charset=utf-8"}, 1000, 200),
        ({"content-type": "application/octet-stream"}, 0, 200),
        ({"content-type": "application/json"}, 1, 415),
        ({}, 1, 415),
        ({**TEXT, "content-encoding": "gzip"}, 1, 415),
        (TEXT, 1001, 413),
    ],
)
def test_bodies_that_are_no_json(
    shelf: LiveDaemon, headers: dict[str, str], size: int, status: int
) -> None:
    """Media type, coding and length are judged as for JSON."""
    assert shelf.ask("PUT", "/shelf/a/b", b"x" * size, headers).status == status


def test_a_body_that_is_not_declared_is_cut_at_the_limit(shelf: LiveDaemon) -> None:
    """Chunks are counted."""
    with shelf.connect() as connection:
        connection.sendall(
            b"PUT /shelf/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
        )
        connection.sendall(b"Transfer-Encoding: chunked\r\n\r\n3E9\r\n" + b"x" * 1001)
        assert shelf.read(connection, "PUT", "/shelf/a/b").status == 413


def test_a_body_that_does_not_come_is_408(shelf: LiveDaemon) -> None:
    """The deadline is for the whole body."""
    with shelf.connect() as connection:
        connection.sendall(
            b"PUT /shelf/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            b"text/plain\r\nContent-Length: 9\r\n\r\nx"
        )
        assert shelf.read(connection, "PUT", "/shelf/a/b").status == 408


def test_the_document_declares_them(shelf: LiveDaemon) -> None:
    """Parameters, media types, headers and the statuses of calls stand in it."""
    paths = shelf.document["paths"]
    put = paths["/shelf/{shelf}/{key}"]["put"]

    validate(shelf.document)
    assert [(one["in"], one["name"], one["required"]) for one in put["parameters"]] == [
        ("path", "shelf", True),
        ("path", "key", True),
        ("header", "If-Match", False),
    ]
    assert put["parameters"][0]["schema"] == {"type": "string", "pattern": "^[a-z]+$"}
    assert (
        put["parameters"][1]["description"]
        == "the thing. The rest of the path: slashes may stand as they are."
    )
    assert sorted(put["requestBody"]["content"]) == ["application/octet-stream", "text/plain"]
    assert put["responses"]["200"]["headers"]["ETag"]["schema"] == {"type": "string"}
    assert "content" not in put["responses"]["204"]
    assert paths["/shelf"]["get"]["parameters"][0]["schema"] == {
        "type": "integer", "minimum": 1, "maximum": 10, "default": 10
    }  # fmt: skip
    assert paths["/relay"]["post"]["responses"].keys() >= {"502", "504"}
    assert "502" not in put["responses"]
