"""The stage that miniatures play on: real sockets on 127.0.0.1, one thread a connection.

A *talk* gets the socket of every connection; a *script* gets the socket and the bytes of each whole
request and does what it likes; a *service* is a function from a request to an answer, served with
correct framing and keep-alive.
"""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Script = Callable[[socket.socket, bytes], None]
Talk = Callable[[socket.socket], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as a service sees it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body parsed."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a service answers; `content-length` is added."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    body: bytes = b"{}"


Service = Callable[[Received], Reply]


def json_reply(value: object, status: int = 200, **headers: str) -> Reply:
    """Return a JSON reply; underscores in header names become hyphens."""
    fields = {
        "content-type": "application/json",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    return Reply(status=status, headers=fields, body=json.dumps(value).encode())


def always(value: object, status: int = 200, **headers: str) -> Service:
    """Return a service that answers everything alike."""
    return lambda _: json_reply(value, status, **headers)


@contextlib.contextmanager
def serve_connections(talk: Talk, port: int = 0) -> Iterator[str]:
    """Run a function on every connection from its first byte on; yields the base URL."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        stopping = threading.Event()
        threading.Thread(target=_accept, args=(listener, talk, stopping), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stopping.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def serve_script(script: Script, port: int = 0) -> Iterator[str]:
    """Run a script for every request of every connection; yields the base URL."""

    def talk(connection: socket.socket) -> None:
        while request := read_request(connection):
            script(connection, request)

    with serve_connections(talk, port) as url:
        yield url


@contextlib.contextmanager
def serve(service: Service, port: int = 0) -> Iterator[str]:
    """Run a service with keep-alive; yields the base URL."""

    def script(connection: socket.socket, request: bytes) -> None:
        reply = service(received(request))
        head = f"HTTP/1.1 {reply.status} Status\r\n" + "".join(
            f"{name}: {text}\r\n" for name, text in reply.headers.items()
        )
        bodiless = request.startswith(b"HEAD ") or reply.status in {204, 304}
        framing = "" if reply.status in {204, 304} else f"content-length: {len(reply.body)}\r\n"
        connection.sendall(
            f"{head}{framing}\r\n".encode("latin-1") + (b"" if bodiless else reply.body)
        )

    with serve_script(script, port) as url:
        yield url


def received(request: bytes) -> Received:
    """Read the bytes of a request."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {
        name.lower(): text.strip() for name, _, text in (line.partition(":") for line in fields)
    }
    return Received(method=method, target=target, headers=headers, body=body)


def _accept(listener: socket.socket, talk: Talk, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_converse, args=(connection, talk), daemon=True).start()


def _converse(connection: socket.socket, talk: Talk) -> None:
    with connection, contextlib.suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk(connection)


def read_request(connection: socket.socket) -> bytes:
    """Read one request with its content-length body; nothing at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *([0-9]+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        part = connection.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body
