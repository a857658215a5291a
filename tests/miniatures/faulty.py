"""Miniatures that give no proper answer, each named by what it does; scripts for `serve_script`."""

import contextlib
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator

from tests.miniatures.server import Script

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
GZIPPED = OK + b"content-encoding: gzip\r\n"


def says(*parts: bytes) -> Script:
    """Return a script that sends some bytes and closes."""

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"".join(parts))
        connection.shutdown(socket.SHUT_RDWR)

    return script


def says_and_waits(*parts: bytes) -> Script:
    """Return a script that sends some bytes and then nothing, with the connection open."""

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"".join(parts))
        connection.recv(1)

    return script


def repeats(start: bytes, part: bytes, pause_s: float = 0.0) -> Script:
    """Return a script that sends a start and then a part for ever."""

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(part)
            time.sleep(pause_s)

    return script


def gzip(*parts: bytes) -> bytes:
    """Return parts gzipped, without holding them all."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*map(deflater.compress, parts), deflater.flush()])


def coded(body: bytes, coding: bytes = b"gzip") -> bytes:
    """Return a whole answer with a coded body."""
    return OK + b"content-encoding: %b\r\ncontent-length: %d\r\n\r\n" % (coding, len(body)) + body


def resets(connection: socket.socket, _: bytes) -> None:
    """Tear the connection down with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def resets_in_body(connection: socket.socket, _: bytes) -> None:
    """Tear the connection down in the middle of a body."""
    connection.sendall(OK + b"content-length: 100\r\n\r\nhalf")
    time.sleep(0.05)
    resets(connection, b"")


def closes_the_handshake(connection: socket.socket) -> None:
    """Answer a TLS handshake with plain text."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)
    connection.recv(1)


@contextlib.contextmanager
def refuses() -> Iterator[str]:
    """Listen no more on the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def fills_backlog() -> Iterator[str]:
    """Accept nobody, with the queue of the listener full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)  # noqa: FBT003 - the signature of socket
            waiting.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextlib.contextmanager
def has_no_name() -> Iterator[str]:
    """Name a host that could never be looked up."""
    yield "http://a..b:80"


UNREACHABLE: dict[str, Callable[[], contextlib.AbstractContextManager[str]]] = {
    "connect_refused": refuses,
    "connect_timeout": fills_backlog,
    "connect_failed": has_no_name,
}

hangs_before_headers = says_and_waits(b"")
hangs_in_headers = says_and_waits(OK, b"content-")
hangs_in_body = says_and_waits(OK, b"content-length: 9\r\n\r\nhalf")
drips_status = repeats(b"H", b"", 0.02)
drips_headers = repeats(OK + b"x: ", b"a", 0.02)
drips_body = repeats(OK + b"content-length: 9999\r\n\r\n", b"a", 0.02)
drips_chunks = repeats(CHUNKED, b"1\r\na\r\n", 0.02)
drips_trailers = repeats(CHUNKED + b"0\r\n", b"a: b\r\n", 0.02)
closes_at_once = says()
closes_in_status = says(b"HTTP/1.")
closes_in_headers = says(OK, b"content-le")
closes_after_informational = says(b"HTTP/1.1 103 Early Hints\r\n\r\n")
truncates_body = says(OK, b"content-length: 9\r\n\r\nhalf")
truncates_chunk = says(CHUNKED, b"9\r\nhalf")
omits_last_chunk = says(CHUNKED, b"4\r\nhalf\r\n")
speaks_ssh = says_and_waits(b"SSH-2.0-OpenSSH_9.6\r\n")
speaks_tls = says_and_waits(b"\x15\x03\x01\x00\x02\x02\x46")
speaks_http_09 = says(b"<html>hello</html>")
speaks_lower_case = says(b"http/1.1 200 ok\r\n\r\n")
bad_chunk_size = says_and_waits(CHUNKED, b"zz\r\n")
chunk_longer_than_its_size = says_and_waits(CHUNKED, b"2\r\nhixx\r\n0\r\n\r\n")
endless_chunk_line = repeats(CHUNKED + b"2;", b"a" * 1024)
negative_length = says_and_waits(OK, b"content-length: -1\r\n\r\n")
plus_length = says_and_waits(OK, b"content-length: +2\r\n\r\nhi")
two_lengths = says_and_waits(OK, b"content-length: 2\r\ncontent-length: 3\r\n\r\nhi")
length_and_chunked = says_and_waits(OK, b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
unknown_transfer_coding = says_and_waits(OK, b"transfer-encoding: rot13\r\n\r\n0\r\n\r\n")
answers_101 = says_and_waits(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")
answers_099 = says_and_waits(b"HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n")
answers_20 = says_and_waits(b"HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n")
speaks_http_3 = says_and_waits(b"HTTP/3.0 200 OK\r\ncontent-length: 0\r\n\r\n")
nul_in_header = says_and_waits(OK, b"x: a\0b\r\n\r\n")
folded_header = says_and_waits(OK, b"x: a\r\n b\r\n\r\n")
bare_line_feeds = says_and_waits(b"HTTP/1.1 200 OK\nx: y\n\n")
space_before_colon = says_and_waits(OK, b"x : y\r\n\r\n")
huge_header = says_and_waits(OK, b"x: ", b"a" * (1 << 20), b"\r\n\r\n")
endless_headers = repeats(OK, b"x: y\r\n" * 500)
many_headers = says_and_waits(OK, b"x: y\r\n" * 5000, b"\r\n")
endless_body = repeats(OK + b"\r\n", b"a" * 65536)
endless_chunks = repeats(CHUNKED, b"10000\r\n" + b"a" * 65536 + b"\r\n")
huge_declared_length = says_and_waits(OK, b"content-length: 1000000000000\r\n\r\n")
huge_chunk_size = says_and_waits(CHUNKED, b"FFFFFFFFFFFFFFFF\r\n")
gzip_bomb = says(coded(gzip(*[bytes(1 << 20)] * 256)))
broken_gzip = says(coded(b"no gzip at all"))
cut_gzip = says(coded(gzip(b"hello" * 100)[:-9]))
double_gzip = says(coded(gzip(gzip(b"hello")), b"gzip, gzip"))
floods_informational = repeats(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
