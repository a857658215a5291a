"""The head of a response: parses bytes to a status line and header fields, or to a named fault.

httptools (llhttp) parses.  It is strict about lengths (ASCII digits, given once, never together
with a transfer coding), line ends and folding.  Its message says which of them it refused; the
table below maps messages to faults.
"""

import re
from typing import Final

import httptools
from msgspec import Struct, field

from conformance.model.observation import FaultKind
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.limits import ExchangeLimits

HEAD_END: Final = re.compile(rb"\n\r?\n")
_FIRST_STATUS: Final = 100
_FIRST_FINAL_STATUS: Final = 200
_LAST_STATUS: Final = 599
_SWITCHING_PROTOCOLS: Final = 101
_FRAME_HEAD_BYTES: Final = 5
_KNOWN_VERSIONS: Final = frozenset({"1.0", "1.1"})
_HTTP2_FRAME: Final = re.compile(rb"\x00[\x00-\x3f].[\x04\x06\x07\x08][\x00\x01]", re.DOTALL)
"""The first bytes of an HTTP/2 server: a short frame of settings, or another frame of the
connection.
"""
_TLS_RECORDS: Final = (b"\x15\x03", b"\x16\x03")
_REFUSALS: Final = (
    ("Duplicate Content-Length", FaultKind.AMBIGUOUS_LENGTH),
    ("can't be present with", FaultKind.AMBIGUOUS_LENGTH),
    ("Content-Length", FaultKind.BAD_LENGTH),
    ("HTTP version", FaultKind.BAD_VERSION),
    ("Expected dot", FaultKind.BAD_VERSION),
    ("status", FaultKind.BAD_STATUS),
    ("Missing expected CR", FaultKind.BARE_LINE_FEED),
    ("whitespace after header value", FaultKind.FOLDED_HEADER),
    ("Upgrade", FaultKind.SWITCHED_PROTOCOLS),
)
"""The first row whose text occurs in the message gives the fault; any other message is about a
header line.
"""


class Head(Struct):
    """Status line and header fields as received; callbacks of the parser fill it in."""

    status: int = 0
    reason: str = ""
    version: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _joined: dict[str, str] = field(default_factory=dict)

    def on_status(self, reason: bytes) -> None:
        """Take the reason phrase."""
        self.reason += reason.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header field; the white space around its value is not part of it."""
        field, text = name.decode("latin-1"), value.rstrip(b" \t").decode("latin-1")
        self.headers.append((field, text))
        key = field.lower()
        self._joined[key] = f"{self._joined[key]},{text}" if key in self._joined else text

    def joined(self, name: str) -> str:
        """Return the values of a field joined with commas, in lower case.

        `name` is in lower case; the name in the response may be in any case.
        """
        return self._joined.get(name, "").lower()

    @property
    def informational(self) -> bool:
        """Return whether the response is informational (1xx): another head follows."""
        return self.status < _FIRST_FINAL_STATUS


def parse_head(raw: bytes, limits: ExchangeLimits) -> Head:
    """Parse a status line and header fields, including the empty line at the end.

    Raises ExchangeFaultError.
    """
    head = Head()
    parser = httptools.HttpResponseParser(head)
    try:
        parser.feed_data(raw)
    except httptools.HttpParserUpgrade:
        pass
    except httptools.HttpParserError as error:
        raise _refusal(str(error)) from error
    head.status, head.version = parser.get_status_code(), parser.get_http_version()
    _refuse(head, raw, limits)
    head.notes = list(_notes(head, raw))
    return head


def refuse_start(seen: bytes) -> None:
    """Raise ExchangeFaultError unless the first bytes can be the start of a response."""
    if seen.startswith(_TLS_RECORDS):
        raise ExchangeFaultError(
            FaultKind.TLS_SPOKEN, "headers", "the port speaks TLS, the URL says http"
        )
    if _HTTP2_FRAME.match(seen):
        detail = (
            "the answer is HTTP/2, which is out of scope: a request is HTTP/1.1; give a URL at "
            "which the service speaks that"
        )
        raise ExchangeFaultError(FaultKind.HTTP2_SPOKEN, "headers", detail)
    if seen[:1] == b"\x00" and len(seen) < _FRAME_HEAD_BYTES:
        return
    if not seen.startswith(b"HTTP/"[: len(seen)]) and not any(
        record.startswith(seen) for record in _TLS_RECORDS
    ):
        raise ExchangeFaultError(
            FaultKind.NOT_HTTP, "headers", f"the answer starts with {seen[:16]!r}"
        )


def _refusal(message: str) -> ExchangeFaultError:
    kind = next((kind for part, kind in _REFUSALS if part in message), FaultKind.BAD_HEADER)
    return ExchangeFaultError(kind, "headers", message or "the head cannot be read")


def _refuse(head: Head, raw: bytes, limits: ExchangeLimits) -> None:
    if len(head.headers) > limits.header_fields:
        detail = f"{len(head.headers)} header fields, at most {limits.header_fields} are read"
        raise ExchangeFaultError(FaultKind.TOO_MANY_HEADERS, "headers", detail)
    if head.status < _FIRST_STATUS:
        raise ExchangeFaultError(FaultKind.BAD_STATUS, "headers", f"status {head.status:03}")
    if head.status == _SWITCHING_PROTOCOLS:
        raise ExchangeFaultError(
            FaultKind.SWITCHED_PROTOCOLS,
            "headers",
            "101: what follows is no HTTP; WebSocket is out of scope",
        )
    if b"\0" in raw:
        raise ExchangeFaultError(FaultKind.BAD_HEADER, "headers", "a NUL in the status line")


def _notes(head: Head, raw: bytes) -> list[str]:
    return [
        *([f"informational:{head.status}"] if head.informational else []),
        *([f"http_version:{head.version}"] if head.version not in _KNOWN_VERSIONS else []),
        *([f"odd_status:{head.status}"] if head.status > _LAST_STATUS else []),
        *([] if raw.isascii() else ["non_ascii_head"]),
    ]
