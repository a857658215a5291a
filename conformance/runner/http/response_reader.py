"""Reads one HTTP/1.1 response from bytes as they arrive: no I/O, no clock.

Each refusal is a named fault.

The body is framed here, and not by the parser of the head: a reader that judges hostile servers
must know exactly where a message ended and what came after it.
"""

import io
import re
from typing import Final, Literal

from conformance.model.observation import FaultKind
from conformance.model.waiting import StopAfter
from conformance.runner.http.content_coding import BodyDecoder, decode_body
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.response_head import HEAD_END, Head, parse_head, refuse_start
from conformance.runner.http.stream_cut import StreamCut
from conformance.wording import plural

Phase = Literal["headers", "body", "done"]
EXCESS: Final = "bytes_after_message"

_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\Z")
_MAX_CHUNK_LINE: Final = 4096
_WITHOUT_BODY: Final = frozenset({204, 304})


class ResponseReader:
    """The state of one response; `feed` takes what arrives, `end` the close of the connection."""

    def __init__(
        self, method: str, limits: ExchangeLimits, stop_after: StopAfter | None = None
    ) -> None:
        self.cut: StreamCut | None = None
        self.is_cut = False
        self.ends_in_time = stop_after is None or stop_after.ms is None
        self.arrivals: list[tuple[float, int]] | None = None
        self.stop_after = stop_after
        self.phase: Phase = "headers"
        self.head = Head()
        self.body_bytes = 0
        self.notes: list[str] = []
        self.received = 0
        self.reusable = False
        self._method = method
        self._limits = limits
        self._buffer = bytearray()
        self.body = io.BytesIO()  # empty if `cut` holds the body, so that a stream is held once
        self._searched = 0
        self._informational = 0
        self._remaining: int | None = None  # bytes left of the body or chunk; None: until close
        self._chunked = False
        self._in_trailers = False
        self._beside_body = 0

    def feed(self, data: bytes) -> None:
        """Take bytes; raise ExchangeFaultError as soon as they cannot become an answer."""
        self.received += len(data)
        if self.is_cut:
            return
        if self.phase == "done":
            self._note_excess()
            return
        self._buffer += data
        while self.phase == "headers" and self._take_head():
            pass
        if self.phase == "body":
            self._take_body()

    def decoded(self) -> tuple[bytes, tuple[str, ...]]:
        """Return the decoded body, cut where the step says so, and notes.

        Raises ExchangeFaultError.
        """
        if self.cut is not None:
            return (self.cut.kept(), ()) if self.is_cut else self.cut.whole()
        return decode_body(
            self.body.getvalue(), self.head.joined("content-encoding"), self._limits.decoded_bytes
        )

    def end(self) -> None:
        """Take the close of the connection; raise ExchangeFaultError unless it ends the body."""
        if self.phase == "done":
            return
        if not self.received:
            raise ExchangeFaultError(
                FaultKind.CLOSED_BEFORE_RESPONSE, "headers", "closed before the first byte"
            )
        if self.phase == "headers":
            raise ExchangeFaultError(
                FaultKind.CLOSED_IN_HEADERS,
                "headers",
                f"closed after {plural(self.received, 'byte')}",
            )
        if self._chunked or self._remaining is not None:
            raise ExchangeFaultError(
                FaultKind.TRUNCATED_BODY,
                "body",
                f"closed after {plural(self.body_bytes, 'byte')} of the body",
            )
        self._finish()

    def stop(self) -> bool:
        """Stop reading, if the answer is to be cut and its body has begun.

        Return whether reading has stopped.
        """
        if self.cut is None or self.phase != "body":
            return False
        self._note(*self.cut.notes)
        self.is_cut, self.phase, self.reusable = True, "done", False
        return True

    def _take_head(self) -> bool:
        """Consume one head if it is complete; return whether another may follow."""
        if not self._buffer:
            return False
        refuse_start(bytes(self._buffer[:16]))
        end = HEAD_END.search(self._buffer, self._searched)
        if end is None or end.end() > self._limits.head_bytes:
            if len(self._buffer) > self._limits.head_bytes:
                detail = f"more than {self._limits.head_bytes} bytes of headers"
                raise ExchangeFaultError(FaultKind.HEADERS_TOO_LARGE, "headers", detail)
            self._searched = max(0, len(self._buffer) - 2)
            return False
        self.head = parse_head(bytes(self._buffer[: end.end()]), self._limits)
        del self._buffer[: end.end()]
        self._searched = 0
        self._note(*self.head.notes)
        if self.head.informational:
            self._count_informational()
            return True
        self._frame_body()
        return False

    def _count_informational(self) -> None:
        self._informational += 1
        if self._informational > self._limits.informational:
            detail = f"more than {self._limits.informational} informational responses"
            raise ExchangeFaultError(FaultKind.INFORMATIONAL_FLOOD, "headers", detail)

    def _frame_body(self) -> None:
        """Decide how the body ends (RFC 9112, section 6.3).

        The parser of the head accepts only one length, in digits.
        """
        self.phase = "body"
        if self.stop_after is not None:
            decoder = BodyDecoder(self.head.joined("content-encoding"), self._limits.decoded_bytes)
            self.cut = StreamCut(self.stop_after, self.head.joined("content-type"), decoder)
        if self._method == "HEAD" or self.head.status in _WITHOUT_BODY:
            self._remaining = 0
        elif codings := self.head.joined("transfer-encoding").replace(" ", ""):
            if codings != "chunked":
                detail = f"transfer-encoding: {codings[:40]}"
                raise ExchangeFaultError(FaultKind.BAD_TRANSFER_CODING, "headers", detail)
            self._chunked = True
        elif length := self.head.joined("content-length"):
            self._remaining = int(length)
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
        """Consume a size line, some data or a trailer line.

        Return False if more bytes have to arrive first.
        """
        if self._remaining is not None and self._remaining > 0:
            taken = min(self._remaining, len(self._buffer))
            self._append(taken)
            self._remaining -= taken
            if self._remaining == 0:
                self._remaining = -1  # the line end that closes the chunk
            return True
        line_end = self._buffer.find(b"\r\n")
        if max(line_end, len(self._buffer) if line_end < 0 else 0) > _MAX_CHUNK_LINE:
            raise ExchangeFaultError(FaultKind.BAD_CHUNK, "body", "a chunk line without end")
        if line_end < 0:
            return False
        line = bytes(self._buffer[:line_end])
        del self._buffer[: line_end + 2]
        self._take_chunk_line(line)
        return True

    def _take_chunk_line(self, line: bytes) -> None:
        if self._in_trailers:
            self._count_beside_body(len(line))
            if not line:
                self._finish()
            return
        if self._remaining == -1:
            if line:
                raise ExchangeFaultError(
                    FaultKind.BAD_CHUNK, "body", f"{line[:16]!r} where a chunk should end"
                )
            self._remaining = None
            return
        size = _CHUNK_SIZE.match(line)
        if size is None:
            raise ExchangeFaultError(FaultKind.BAD_CHUNK, "body", f"{line[:16]!r} is no chunk size")
        self._count_beside_body(len(line) - len(size[1]))
        self._remaining = int(size[1], 16)
        self._in_trailers = self._remaining == 0
        self._refuse_size(self.body_bytes + self._remaining)

    def _count_beside_body(self, count: int) -> None:
        """Limit the bytes of chunk extensions and trailers, which are not part of the body."""
        self._beside_body += count
        if self._beside_body > self._limits.head_bytes:
            detail = f"more than {self._limits.head_bytes} bytes of chunk extensions and trailers"
            raise ExchangeFaultError(FaultKind.TRAILERS_TOO_LARGE, "body", detail)

    def _append(self, count: int) -> None:
        self._refuse_size(self.body_bytes + count)
        piece = bytes(self._buffer[:count])
        self.body_bytes += len(piece)
        del self._buffer[:count]
        if self.cut is None:
            self.body.write(piece)
            return
        self.cut.feed(piece)
        if self.cut.reached:
            self.stop()

    def _refuse_size(self, size: int) -> None:
        if size > self._limits.body_bytes:
            detail = (
                f"a body of {plural(size, 'byte')} or more, at most "
                f"{self._limits.body_bytes} are read"
            )
            raise ExchangeFaultError(FaultKind.BODY_TOO_LARGE, "body", detail)

    def _finish(self) -> None:
        if self.is_cut:
            return
        self.phase = "done"
        framed = self._chunked or self._remaining is not None
        self.reusable = (
            framed and self.head.version == "1.1" and "close" not in self.head.joined("connection")
        )
        if self._buffer:
            self._note_excess()

    def _note_excess(self) -> None:
        self.reusable = False
        self._note(EXCESS)

    def _note(self, *notes: str) -> None:
        self.notes.extend(note for note in notes if note not in self.notes)
