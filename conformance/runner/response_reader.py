"""Reads one HTTP/1.1 response from bytes as they arrive: no I/O, no clock, every refusal has a fault's name.

The head is parsed by httptools; the framing of the body is ours, because a reader that judges hostile servers must know
exactly where a message ended and what came after it, which that parser does not tell.  Lengths are read from ASCII
digits only.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

import httptools

from conformance.model.observation import FaultKind
from conformance.runner.limits import Limits

Phase = Literal["headers", "body", "done"]

_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\Z")
_LENGTH: Final = re.compile(r"[0-9]{1,18}\Z")
_MAX_CHUNK_LINE: Final = 4096
_FIRST_STATUS: Final = 100
_FIRST_FINAL_STATUS: Final = 200
_SWITCHING_PROTOCOLS: Final = 101
_KNOWN_VERSIONS: Final = frozenset({"1.0", "1.1"})
_WITHOUT_BODY: Final = frozenset({204, 304})


class ExchangeFaultError(Exception):
    """An exchange that ended without an answer."""

    def __init__(self, kind: FaultKind, phase: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.phase = phase
        self.detail = detail


@dataclass(slots=True)
class Head:
    """Status line and header fields as received; callbacks of the parser fill it in."""

    status: int = 0
    reason: str = ""
    version: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)

    def on_status(self, reason: bytes) -> None:
        """Take the reason phrase."""
        self.reason += reason.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header field; the white space around its value is not part of it."""
        self.headers.append((name.decode("latin-1"), value.rstrip(b" \t").decode("latin-1")))

    def values(self, name: str) -> list[str]:
        """Return the values of a field in order; case does not count."""
        return [value for field, value in self.headers if field.lower() == name]


def parse_head(raw: bytes) -> Head:
    """Parse a status line and header fields up to and with the empty line."""
    head = Head()
    parser = httptools.HttpResponseParser(head)
    try:
        parser.feed_data(raw)
    except httptools.HttpParserUpgrade:
        pass
    except httptools.HttpParserError as error:
        raise ExchangeFaultError(
            FaultKind.PROTOCOL_ERROR, "headers", str(error) or "the head cannot be read"
        ) from error
    head.status = parser.get_status_code()
    head.version = parser.get_http_version()
    return head


class ResponseReader:
    """The state of one response; `feed` takes what arrives, `end` the close of the connection."""

    def __init__(self, method: str, limits: Limits) -> None:
        self.phase: Phase = "headers"
        self.head = Head()
        self.body = bytearray()
        self.notes: list[str] = []
        self.received = 0
        self.reusable = False
        self._method = method
        self._limits = limits
        self._buffer = bytearray()
        self._informational = 0
        self._remaining: int | None = None  # bytes left of the body or chunk; None: until close
        self._chunked = False
        self._in_trailers = False

    def feed(self, data: bytes) -> None:
        """Take bytes; raises ExchangeFaultError as soon as no answer can come of them."""
        self.received += len(data)
        if self.phase == "done":
            self._note_excess()
            return
        self._buffer += data
        while self.phase == "headers" and self._take_head():
            pass
        if self.phase == "body":
            self._take_body()

    def end(self) -> None:
        """Take the close of the connection; raises ExchangeFaultError unless it ends the body."""
        if self.phase == "done":
            return
        if not self.received:
            raise ExchangeFaultError(FaultKind.CLOSED_BEFORE_RESPONSE, "headers", "closed before the first byte")
        if self.phase == "headers":
            raise ExchangeFaultError(FaultKind.CLOSED_IN_HEADERS, "headers", f"closed after {self.received} bytes")
        if self._chunked or self._remaining is not None:
            raise ExchangeFaultError(
                FaultKind.TRUNCATED_BODY, "body", f"closed after {len(self.body)} bytes of the body"
            )
        self._finish()

    def _take_head(self) -> bool:
        """Consume one head if it is complete; tell whether another may follow."""
        if not self._buffer.startswith(b"HTTP/"[: len(self._buffer)]):
            seen = bytes(self._buffer[:16])
            raise ExchangeFaultError(FaultKind.NOT_HTTP, "headers", f"the answer starts with {seen!r}")
        end = _HEAD_END.search(self._buffer)
        if end is None or end.end() > self._limits.head_bytes:
            if len(self._buffer) > self._limits.head_bytes:
                detail = f"more than {self._limits.head_bytes} bytes of headers"
                raise ExchangeFaultError(FaultKind.HEADERS_TOO_LARGE, "headers", detail)
            return False
        head = parse_head(bytes(self._buffer[: end.end()]))
        del self._buffer[: end.end()]
        self._refuse_head(head)
        if head.status < _FIRST_FINAL_STATUS:
            return True
        if head.version not in _KNOWN_VERSIONS:
            self._note(f"http_version:{head.version}")
        self.head = head
        self._frame_body()
        return False

    def _refuse_head(self, head: Head) -> None:
        if len(head.headers) > self._limits.header_fields:
            detail = f"{len(head.headers)} header fields, at most {self._limits.header_fields} are read"
            raise ExchangeFaultError(FaultKind.TOO_MANY_HEADERS, "headers", detail)
        if head.status < _FIRST_STATUS:
            raise ExchangeFaultError(FaultKind.PROTOCOL_ERROR, "headers", f"status {head.status:03}")
        if head.status == _SWITCHING_PROTOCOLS:
            raise ExchangeFaultError(FaultKind.PROTOCOL_ERROR, "headers", "101 without being asked to switch protocols")
        if head.status < _FIRST_FINAL_STATUS:
            self._informational += 1
            self._note(f"informational:{head.status}")
            if self._informational > self._limits.informational:
                detail = f"more than {self._limits.informational} informational responses"
                raise ExchangeFaultError(FaultKind.INFORMATIONAL_FLOOD, "headers", detail)

    def _frame_body(self) -> None:
        """Decide how the body ends (RFC 9112, section 6.3)."""
        self.phase = "body"
        codings = ",".join(self.head.values("transfer-encoding")).lower().replace(" ", "")
        lengths = self.head.values("content-length")
        if self._method == "HEAD" or self.head.status in _WITHOUT_BODY:
            self._remaining = 0
        elif codings:
            if codings != "chunked":
                raise ExchangeFaultError(FaultKind.PROTOCOL_ERROR, "headers", f"transfer-encoding: {codings[:40]}")
            self._chunked = True
        elif lengths:
            if len(set(lengths)) > 1 or not _LENGTH.match(lengths[0]):
                raise ExchangeFaultError(
                    FaultKind.PROTOCOL_ERROR, "headers", f"content-length: {', '.join(lengths)[:40]}"
                )
            self._remaining = int(lengths[0])
            self._refuse_size(self._remaining)

    def _take_body(self) -> None:
        if self._chunked:
            while self._buffer and self.phase == "body" and self._take_chunk_part():
                pass
            return
        if self._remaining is None:
            self._append(len(self._buffer))
            return
        taken = min(self._remaining, len(self._buffer))
        self._append(taken)
        self._remaining -= taken
        if self._remaining == 0:
            self._finish()

    def _take_chunk_part(self) -> bool:
        """Consume a size line, some data or a trailer line; tell whether there was enough to go on."""
        if self._remaining is not None and self._remaining > 0:
            taken = min(self._remaining, len(self._buffer))
            self._append(taken)
            self._remaining -= taken
            if self._remaining == 0:
                self._remaining = -1  # the line end that closes the chunk
            return True
        line_end = self._buffer.find(b"\r\n")
        if max(line_end, len(self._buffer) if line_end < 0 else 0) > _MAX_CHUNK_LINE:
            raise ExchangeFaultError(FaultKind.PROTOCOL_ERROR, "body", "a chunk line without end")
        if line_end < 0:
            return False
        line = bytes(self._buffer[:line_end])
        del self._buffer[: line_end + 2]
        self._take_chunk_line(line)
        return True

    def _take_chunk_line(self, line: bytes) -> None:
        if self._in_trailers:
            if not line:
                self._finish()
            return
        if self._remaining == -1:
            if line:
                raise ExchangeFaultError(FaultKind.PROTOCOL_ERROR, "body", f"{line[:16]!r} where a chunk should end")
            self._remaining = None
            return
        size = _CHUNK_SIZE.match(line)
        if size is None:
            raise ExchangeFaultError(FaultKind.PROTOCOL_ERROR, "body", f"{line[:16]!r} is no chunk size")
        self._remaining = int(size[1], 16)
        self._in_trailers = self._remaining == 0
        self._refuse_size(len(self.body) + self._remaining)

    def _append(self, count: int) -> None:
        self._refuse_size(len(self.body) + count)
        self.body += self._buffer[:count]
        del self._buffer[:count]

    def _refuse_size(self, size: int) -> None:
        if size > self._limits.body_bytes:
            detail = f"a body of {size} bytes or more, at most {self._limits.body_bytes} are read"
            raise ExchangeFaultError(FaultKind.BODY_TOO_LARGE, "body", detail)

    def _finish(self) -> None:
        self.phase = "done"
        framed = self._chunked or self._remaining is not None
        persistent = self.head.version == "1.1" and "close" not in ",".join(self.head.values("connection")).lower()
        self.reusable = framed and persistent
        if self._buffer:
            self._note_excess()

    def _note_excess(self) -> None:
        self.reusable = False
        self._note("bytes_after_message")

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
