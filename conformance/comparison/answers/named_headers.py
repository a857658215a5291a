"""Find the header fields that a case names, where `*` means all but a fixed list of fields."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from conformance.model.observation import Answer

EVERY: Final = "*"
"""What a case writes to compare every header field."""
_OF_THE_CONNECTION: Final = frozenset(
    (
        "connection", "keep-alive", "proxy-authenticate", "proxy-authentication-info",
        "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "via", "alt-svc",
    )
)  # fmt: skip
"""Fields about one hop, not about the answer (RFC 9110, sections 7.6 and 7.8; RFC 7838)."""
_OF_THE_MESSAGE: Final = frozenset(
    ("content-length", "content-digest", "content-md5", "digest", "repr-digest")
)
"""Fields that follow from the bytes of the body, which are compared themselves."""
_OF_THE_SERVER: Final = frozenset(
    ("server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version")
)
"""Fields with the name of the software, which differs between runtimes."""
OF_EACH_ANSWER: Final = frozenset(
    (
        "date", "age", "request-id", "x-request-id", "x-correlation-id", "x-trace-id",
        "x-amzn-requestid",
        "x-amzn-trace-id", "x-amz-request-id", "x-amz-id-2", "x-ms-request-id",
        "x-cloud-trace-context", "cf-ray",
        "traceparent", "tracestate", "x-b3-traceid", "x-b3-spanid", "server-timing",
        "x-response-time", "x-runtime",
        "x-process-time",
    )
)  # fmt: skip
"""Fields that differ in every answer: clocks, timings, and ids of one request."""
COMPARED_BY_MEANING: Final = frozenset(
    ("allow", "content-type", "etag", "location", "www-authenticate")
)
"""Fields that are always compared by what a caller acts on, not by their text."""
LEFT_OUT: Final = (
    COMPARED_BY_MEANING | _OF_THE_CONNECTION | _OF_THE_MESSAGE | _OF_THE_SERVER | OF_EACH_ANSWER
)
"""Fields that `*` leaves out; a case that names one of them still compares it."""


def named_fields(named: tuple[str, ...], answers: Iterable[Answer]) -> tuple[str, ...]:
    """Return the names of the fields to compare, in lower case and sorted.

    `named` are the names that the case gives; `*` in it adds every field of any answer that is not
    in LEFT_OUT.
    """
    if EVERY not in named:
        return named
    sent: set[str] = set()
    for answer in answers:
        sent.update(map(str.lower, map(itemgetter(0), answer.headers)))
    by_name = set(named) - {EVERY}
    # A field that the case names itself is compared even if `*` leaves it out
    return tuple(sorted((sent - LEFT_OUT) | by_name))
