"""A service that repeats a secret in one place of its answer, which the path names.

The places are all that a harness reads of an answer, well-formed or not.
"""

import socket
from typing import Final

_OK: Final = b"HTTP/1.1 200 OK\r\n"
_JSON: Final = b"content-type: application/json\r\n"


def _answer(body: bytes, head: bytes = _JSON, status: bytes = _OK) -> bytes:
    return status + head + b"content-length: %d\r\n\r\n%s" % (len(body), body)


def places(secret: bytes) -> dict[str, bytes]:
    """Return what is sent for each place, with the secret in it."""
    return _in_heads(secret) | _in_bodies(secret)


def _in_heads(secret: bytes) -> dict[str, bytes]:
    return {
        "reason": _answer(b"{}", status=b"HTTP/1.1 200 %s\r\n" % secret),
        "status-line": b"HTTP/1.1 %s OK\r\n\r\n" % secret,
        "version": b"HTTP/%s 200 OK\r\n\r\n" % secret,
        "no-http": b"%s\r\n\r\n" % secret,
        "header-name": _answer(b"{}", _JSON + b"x-%s: 1\r\n" % secret),
        "header-value": _answer(b"{}", _JSON + b"x-token: Bearer %s\r\n" % secret),
        "cookie": _answer(b"{}", _JSON + b"set-cookie: %s=%s; path=/%s\r\n" % ((secret,) * 3)),
        "location": _answer(b"", b"location: /x/%s\r\n" % secret, b"HTTP/1.1 302 Found\r\n"),
        "www-authenticate": _answer(
            b"{}",
            _JSON + b'www-authenticate: Basic realm="%s"\r\n' % secret,
            b"HTTP/1.1 401 No\r\n",
        ),
        "label": _answer(b"{}", b"content-type: application/%s\r\n" % secret),
        "charset": _answer(b"{}", b"content-type: application/json; charset=%s\r\n" % secret),
        "content-coding": _answer(b"{}", _JSON + b"content-encoding: %s\r\n" % secret),
        "transfer-coding": _OK + b"transfer-encoding: %s\r\n\r\n0\r\n\r\n" % secret,
        "length": _OK + b"content-length: %s\r\n\r\n" % secret,
        "two-lengths": _OK + b"content-length: 1, %s\r\n\r\n" % secret,
        "bad-header": _OK + b"x %s\r\n\r\n" % secret,
        "folded-header": _OK + b"x: y\r\n %s\r\n\r\n" % secret,
        "chunk-size": _OK + b"transfer-encoding: chunked\r\n\r\n%s\r\n" % secret,
        "trailer": _OK + b"transfer-encoding: chunked\r\n\r\n0\r\nx-%s: 1\r\n\r\n" % secret,
        "informational": b"HTTP/1.1 103 %s\r\nlink: %s\r\n\r\n" % (secret, secret) + _answer(b"{}"),
    }


def _in_bodies(secret: bytes) -> dict[str, bytes]:
    return {
        "after-the-answer": _answer(b"{}") + secret,
        "member": _answer(b'{"%s": {"%s": [1]}}' % (secret, secret)),
        "value": _answer(b'{"a": ["x%sy"]}' % secret),
        "error-message": _answer(
            b'{"error": {"code": "%s", "message": "no %s"}}' % (secret, secret),
            status=b"HTTP/1.1 400 Bad Request\r\n",
        ),
        "broken-json": _answer(b'{"a": "%s"' % secret),
        "text": _answer(secret * 3, b"content-type: text/plain\r\n"),
        "bytes": _answer(b"\x00\xff%s\x00" % secret, b"content-type: application/octet-stream\r\n"),
        "html": _answer(b"<p id=%s>%s</p>" % (secret, secret), b"content-type: text/html\r\n"),
        "xml": _answer(b"<%s><a>%s</a></%s>" % ((secret,) * 3), b"content-type: text/xml\r\n"),
        "table": _answer(b"%s,b\n1,%s\n" % (secret, secret), b"content-type: text/csv\r\n"),
        "form": _answer(
            b"%s=%s" % (secret, secret), b"content-type: application/x-www-form-urlencoded\r\n"
        ),
        "events": _answer(
            b"event: %s\nid: %s\ndata: %s\n\n" % ((secret,) * 3),
            b"content-type: text/event-stream\r\n",
        ),
        "parts": _answer(
            b'--%s\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n--%s--\r\n'
            % ((secret,) * 4),
            b"content-type: multipart/form-data; boundary=%s\r\n" % secret,
        ),
        "lines": _answer(
            b'{"a": "%s"}\n{"a": 1}\n' % secret, b"content-type: application/x-ndjson\r\n"
        ),
        "cut-off": _OK + _JSON + b"content-length: 999\r\n\r\n" + secret,
    }


def repeat(connection: socket.socket, request: bytes) -> None:
    """Answer `/PLACE/SECRET` with the secret in that place, and close what cannot go on."""
    _repeat(connection, request, capitals=False)


def repeat_in_capitals(connection: socket.socket, request: bytes) -> None:
    """Do the same in capitals, so that two runtimes differ."""
    _repeat(connection, request, capitals=True)


def _repeat(connection: socket.socket, request: bytes, *, capitals: bool) -> None:
    target = request.split(b" ")[1].partition(b"?")[0]
    place, _, secret = target.removeprefix(b"/").partition(b"/")
    answers = places(secret.upper() if capitals else secret)
    connection.sendall(answers.get(place.decode(), _answer(b"{}")))
    connection.close()
