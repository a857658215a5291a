"""Problem documents (RFC 9457): the one shape of every error a daemon answers.

In: a status, a sentence and the path of the request. Out: `application/problem+json` bytes or a response. Titles are
our own table, not the standard library's, because that one changes between Python versions and answers must not.
A detail never holds a value of the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


class ProblemError(Exception):
    """Stops a request with a problem document.

    `headers` go onto the answer. `connection: close` among them means that the rest of the body is not wanted.
    """

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def problem_bytes(status: int, detail: str, instance: str) -> bytes:
    """Encode a problem document; `instance` is a URI reference, empty when the request target is not known."""
    title = TITLES[status]
    return msgspec.json.encode(
        Problem(type="about:blank", title=title, status=status, detail=detail, instance=instance),
    )


def problem_response(error: ProblemError, instance: str) -> Response:
    """Make the response that tells `error` to the caller."""
    content = problem_bytes(error.status, error.detail, instance)
    return Response(content, status_code=error.status, headers=error.headers, media_type=MEDIA_TYPE)
