"""The HTTP/1.1 protocol of the server, with the guards that uvicorn lacks.

In: bytes of a connection. Out: requests for the application, or a problem document for an invalid
request. Added to uvicorn's httptools protocol: a connection without a complete request head after
`head_timeout_s` is closed, also if single bytes keep coming; a head over 64 KiB is 431; malformed
HTTP is 400, as are a target with a fragment, which no client sends (RFC 9112, section 3.2), and a
path that no URI has (RFC 3986, section 2.1). These problem documents have a request id, and never
interrupt an answer that has begun. A target with a host replaces the Host header. An offer to
upgrade the protocol is declined: the request is parsed again without it, since the parser would
take its body for the first bytes of another protocol.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from reference_impl.kit.byte_stream import IS_AT_HAND
from reference_impl.kit.corked_transport import CorkedTransport
from reference_impl.kit.problem import MEDIA_TYPE, TITLES, problem_bytes
from reference_impl.kit.request_id import HEADER, new_request_id

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

# Far above the heads of browsers and tools (8 KiB to 16 KiB are common limits of servers).
_HEAD_LIMIT_BYTES = 64 * 1024
# Closing at once, with input unread, resets the connection and may lose the refusal.
_LINGER_S = 0.5
_FRAGMENT = "the target of the request holds a fragment: '#' stands for itself as %23"
_NO_DIGITS = (
    "a '%' in the path is not followed by two hexadecimal digits: it stands for itself as %25"
)
_BARE_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UPGRADE_HEADERS = frozenset({b"connection", b"upgrade", b"http2-settings"})


class HeadGuard(HttpToolsProtocol):
    """One connection; `head_guard` makes a class with the settings of a daemon."""

    head_timeout_s: ClassVar[float]
    note_refusal: ClassVar[Callable[[int], None]]

    _timer: asyncio.TimerHandle | None = None
    _in_head = False
    _head_bytes = 0
    _refused = False
    _fault = "the request is not well-formed HTTP/1.1"

    # as uvicorn does
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer for the first head."""
        self._corked = CorkedTransport(transport)
        # it has all methods that uvicorn calls
        super().connection_made(self._corked)  # type: ignore[arg-type]
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the received data, then check whether a head is still incomplete."""
        if self._refused or self.transport.is_closing():
            return
        self._parse(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > _HEAD_LIMIT_BYTES:
                self._refuse_long_head()
        if self._in_head or self._is_idle():
            self._expect_head()

    def _parse(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            if self._head_bytes > _HEAD_LIMIT_BYTES:
                self._refuse_long_head()
            else:
                self._refuse(400, self._fault)
        except httptools.HttpParserUpgrade as offer:
            self._decline_upgrade(data[offer.args[0] :])

    def _decline_upgrade(self, rest: bytes) -> None:
        method, version = self.parser.get_method(), self.parser.get_http_version()
        if method == b"CONNECT":
            self._refuse(400, "this server is no proxy")
            return
        kept = [
            name + b": " + value for name, value in self.headers if name not in _UPGRADE_HEADERS
        ]
        head = [method + b" " + self.url + f" HTTP/{version}".encode(), *kept, b"", rest]
        self.parser = httptools.HttpRequestParser(self)
        self._parse(b"\r\n".join(head))

    def on_message_begin(self) -> None:
        """Note that a head began."""
        self._in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that the head is complete, and check the length of one that came in one piece."""
        self._in_head = False
        self._stop_timer()
        self._head_bytes = len(self.url) + sum(
            len(name) + len(value) for name, value in self.headers
        )
        if self._head_bytes > _HEAD_LIMIT_BYTES:
            raise ValueError("the head is too long")  # this ends the parsing
        self._refuse_malformed_target()
        self._take_host_of_target()
        if not self.parser.should_upgrade():
            super().on_headers_complete()
            extensions: dict[str, Any] = {IS_AT_HAND: self.cycle.message_event.is_set}
            self.scope["extensions"] = extensions

    def _refuse_malformed_target(self) -> None:
        path = self.url.partition(b"?")[0]
        for is_faulty, fault in (
            (b"#" in self.url, _FRAGMENT),
            (_BARE_PERCENT.search(path), _NO_DIGITS),
        ):
            if is_faulty:
                self._fault = fault
                raise ValueError(fault)

    def _take_host_of_target(self) -> None:
        """Use the host of `http://host/path` as the requested one (RFC 9112, section 3.2.2)."""
        _, is_absolute, rest = self.url.partition(b"://")
        if is_absolute and not self.url.startswith(b"/"):
            host = rest.partition(b"/")[0].partition(b"?")[0]
            self.headers[:] = [
                *((name, value) for name, value in self.headers if name != b"host"),
                (b"host", host),
            ]

    def on_message_complete(self) -> None:
        """Note that the body is complete."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Send the complete answer."""
        self._corked.flush()
        super().on_response_complete()

    def _is_idle(self) -> bool:
        return self.cycle is None or (self.cycle.response_complete and not self.pipeline)

    def _expect_head(self) -> None:
        if self._timer is None and not self._refused:
            self._timer = self.loop.call_later(self.head_timeout_s, self._on_timeout)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _on_timeout(self) -> None:
        self._timer = None
        if not self._is_idle():
            self._expect_head()  # an earlier request on this connection is still being answered
        elif self._in_head:
            self._refuse(
                408, f"the head of the request was not complete after {self.head_timeout_s:g} s"
            )
        else:
            self.transport.close()

    def _refuse_long_head(self) -> None:
        self._refuse(431, f"the head of the request is over {_HEAD_LIMIT_BYTES} bytes")

    def _refuse(self, status: int, detail: str) -> None:
        """Answer a connection without a readable request; close it after the caller could read."""
        self._refused = True
        self._stop_timer()
        self._unset_keepalive_if_required()
        if self._is_idle() or not self.cycle.response_started:
            self.transport.write(self._problem(status, detail))
        type(self).note_refusal(status)
        self.transport.write_eof()
        self.loop.call_later(_LINGER_S, self.transport.close)

    def _problem(self, status: int, detail: str) -> bytes:
        content = problem_bytes(status, detail, "")
        headers = [
            *self.server_state.default_headers,
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(content)).encode()),
            (HEADER.encode(), new_request_id().encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        lines = [
            f"HTTP/1.1 {status} {TITLES[status]}".encode(),
            *(name + b": " + value for name, value in headers),
        ]
        return b"\r\n".join([*lines, b"", b"" if self._has_asked_for_head() else content])

    def _has_asked_for_head(self) -> bool:
        """Return whether the request is a HEAD, whose answer has no content."""
        # Without a target, the parser still has the method of the previous request
        return bool(self.url) and self.parser.get_method() == b"HEAD"


def head_guard(head_timeout_s: float, note_refusal: Callable[[int], None]) -> type[HeadGuard]:
    """Return the protocol class of one daemon.

    `note_refusal` is called with the status of every refused connection.
    """
    settings = {"head_timeout_s": head_timeout_s, "note_refusal": staticmethod(note_refusal)}
    return type("ConfiguredHeadGuard", (HeadGuard,), settings)
