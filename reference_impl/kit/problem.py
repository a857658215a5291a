"""Problem documents (RFC 9457): the one shape of every error that a daemon answers.

In: a status, a sentence and the path of the request. Out: `application/problem+json` bytes or a
response. The titles are a fixed table, because those of the standard library change between Python
versions and answers must not. A detail never contains a value of the request. If members of a
request are wrong, `errors` names each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    421: "Misdirected Request",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


# Enough to correct a request at once, but limited for requests with many errors.
MOST_ERRORS = 20
"""The most errors that one document names."""


class FieldError(msgspec.Struct, frozen=True):
    """One wrong member: its JSON Pointer (RFC 6901), empty for the whole, and what is wrong."""

    pointer: str
    detail: str

    def __str__(self) -> str:
        return f"{self.pointer or '(the whole document)'}: {self.detail}"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An RFC 9457 problem document; `errors` is present if members of the request are wrong."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldError, ...] | UnsetType = UNSET


class ProblemError(Exception):
    """Stops a request with a problem document.

    `headers` are added to the answer. With `connection: close`, the rest of the body is not read.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = tuple(errors)


def misfit(*errors: FieldError, what: str = "the body does", status: int = 422) -> ProblemError:
    """Return the problem for wrong members of a request.

    `what` is the subject of its sentence.
    """
    return ProblemError(
        status, f"{what} not fit: {sentence_of(errors)}", errors=errors[:MOST_ERRORS]
    )


def sentence_of(errors: Sequence[FieldError]) -> str:
    """Return errors as one line."""
    named = [str(error) for error in errors[:MOST_ERRORS]]
    return "; ".join([*named, "and more"] if len(errors) > MOST_ERRORS else named)


def problem_bytes(
    status: int, detail: str, instance: str, errors: tuple[FieldError, ...] = ()
) -> bytes:
    """Return an encoded problem document.

    `instance` is a URI reference, empty when the request target is not known.
    """
    return msgspec.json.encode(
        Problem(
            type="about:blank",
            title=TITLES[status],
            status=status,
            detail=detail,
            instance=instance,
            errors=errors or UNSET,
        )
    )


def problem_response(error: ProblemError, instance: str) -> Response:
    """Return the response with the problem document of `error`."""
    content = problem_bytes(error.status, error.detail, instance, error.errors)
    return Response(content, status_code=error.status, headers=error.headers, media_type=MEDIA_TYPE)
