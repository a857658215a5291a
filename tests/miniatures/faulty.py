"""Miniatures that give no proper answer, each named by what it does; scripts for `serve_script`."""

import contextlib
import socket
import struct
import time
import zlib
from collections.abc import Iterator

import brotli
import zstandard

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


def greets_first(connection: socket.socket) -> None:
    """Speak before it is asked anything."""
    connection.sendall(b"220 mail.example ESMTP\r\n")
    connection.recv(1)
    connection.recv(1)


def hangs_in_handshake(connection: socket.socket) -> None:
    """Take the first bytes of a TLS handshake and say nothing."""
    connection.recv(65536)
    connection.recv(1)


def drops_the_handshake(connection: socket.socket) -> None:
    """Take the first bytes of a TLS handshake and close."""
    connection.recv(65536)


def takes_slowly(connection: socket.socket) -> None:
    """Take the first part of a long request bit by bit, then the rest, and answer.

    The first part takes half a second.
    """
    left = 16 << 20
    for _ in range(10):
        left -= len(connection.recv(512 << 10))
        time.sleep(0.05)
    while left > 0:
        left -= len(connection.recv(1 << 20))
    connection.sendall(OK + b"content-length: 0\r\n\r\n")


def resets_in_headers(connection: socket.socket, _: bytes) -> None:
    """Tear the connection down in the middle of a head."""
    connection.sendall(OK + b"content-le")
    time.sleep(0.05)
    resets(connection, b"")


def takes_nothing(connection: socket.socket) -> None:
    """Leave a request where it is, unread."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    time.sleep(2)


def resets_an_upload(connection: socket.socket) -> None:
    """Tear the connection down while the request is still on its way."""
    connection.recv(1024)
    resets(connection, b"")


def refuses_an_upload(connection: socket.socket) -> None:
    """Answer as soon as the head of a request is there, and read no more."""
    connection.recv(1024)
    connection.sendall(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\n\r\nno")
    time.sleep(0.3)


@contextlib.contextmanager
def refuses() -> Iterator[str]:
    """Listen no more on the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def refuses_at_both_addresses() -> Iterator[str]:
    """Listen no more on the port of a name that has two addresses."""
    with refuses() as url:
        yield url.replace("127.0.0.1", "localhost")


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
speaks_http_2 = says_and_waits(b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64")
goes_away_in_http_2 = says(b"\x00\x00\x08\x07\x00\x00\x00\x00\x00" + bytes(8))
speaks_http_09 = says(b"<html>hello</html>")
speaks_lower_case = says(b"http/1.1 200 ok\r\n\r\n")


def json_answer(body: bytes, media: bytes = b"application/json") -> Script:
    """Return a script that answers with a body that calls itself JSON."""
    return says_and_waits(
        OK, b"content-type: %b\r\ncontent-length: %d\r\n\r\n" % (media, len(body)), body
    )


def head(*fields: bytes, status_line: bytes = b"HTTP/1.1 200 OK") -> Script:
    """Return a script that sends a status line and header fields, and no body."""
    return says_and_waits(b"\r\n".join([status_line, *fields, b"", b""]))


bad_chunk_size = says_and_waits(CHUNKED, b"zz\r\n")
chunk_size_with_sign = says_and_waits(CHUNKED, b"+2\r\nhi\r\n0\r\n\r\n")
chunk_size_with_prefix = says_and_waits(CHUNKED, b"0x2\r\nhi\r\n0\r\n\r\n")
chunk_longer_than_its_size = says_and_waits(CHUNKED, b"2\r\nhixx\r\n0\r\n\r\n")
endless_chunk_line = repeats(CHUNKED + b"2;", b"a" * 1024)
fat_chunk_extensions = repeats(CHUNKED, b"1;" + b"x" * 1000 + b"\r\na\r\n")
endless_trailers = repeats(CHUNKED + b"0\r\n", b"a: b\r\n" * 500)
negative_length = head(b"content-length: -1")
plus_length = head(b"content-length: +2")
underscored_length = head(b"content-length: 1_0")
empty_length = head(b"content-length:")
enormous_length = head(b"content-length: 99999999999999999999999")
listed_lengths = head(b"content-length: 2, 2")
two_lengths = head(b"content-length: 2", b"content-length: 3")
one_length_twice = head(b"content-length: 0", b"content-length: 0")
length_and_chunked = head(b"content-length: 2", b"transfer-encoding: chunked")
chunked_and_length = head(b"transfer-encoding: chunked", b"content-length: 2")
unknown_transfer_coding = head(b"transfer-encoding: rot13")
chunked_twice = head(b"transfer-encoding: chunked, chunked")
gzip_as_transfer_coding = head(b"transfer-encoding: gzip, chunked")
answers_101 = head(
    b"upgrade: x", b"connection: upgrade", status_line=b"HTTP/1.1 101 Switching Protocols"
)
answers_bare_101 = head(status_line=b"HTTP/1.1 101 Switching Protocols")
answers_099 = head(b"content-length: 0", status_line=b"HTTP/1.1 099 Odd")
answers_20 = head(b"content-length: 0", status_line=b"HTTP/1.1 20 OK")
answers_2000 = head(b"content-length: 0", status_line=b"HTTP/1.1 2000 OK")
answers_a_word = head(b"content-length: 0", status_line=b"HTTP/1.1 yes OK")
answers_999 = head(b"content-length: 0", status_line=b"HTTP/1.1 999 Odd")
speaks_http_3 = head(b"content-length: 0", status_line=b"HTTP/3.0 200 OK")
speaks_http_12 = head(b"content-length: 0", status_line=b"HTTP/1.2 200 OK")
speaks_http_without_dot = head(b"content-length: 0", status_line=b"HTTP/2 200 OK")
says_http_2 = head(b"content-length: 0", status_line=b"HTTP/2.0 200 OK")
says_http_09 = head(b"content-length: 0", status_line=b"HTTP/0.9 200 OK")
nul_in_header = head(b"x: a\0b")
nul_in_reason = head(status_line=b"HTTP/1.1 200 O\0K")
carriage_return_in_header = head(b"x: a\rb")
no_colon = head(b"a line without one")
space_before_colon = head(b"x : y")
non_ascii_name = head(b"x\xe9: y")
non_ascii_value = head(b"x: \xe9", b"content-length: 0")
folded_header = head(b"x: a", b" b")
bare_line_feeds = says_and_waits(b"HTTP/1.1 200 OK\nx: y\n\n")
one_bare_line_feed = says_and_waits(OK, b"x: y\n\r\n")
huge_header = says_and_waits(OK, b"x: ", b"a" * (1 << 20), b"\r\n\r\n")
endless_headers = repeats(OK, b"x: y\r\n" * 500)
many_headers = says_and_waits(OK, b"x: y\r\n" * 5000, b"\r\n")
endless_body = repeats(OK + b"\r\n", b"a" * 65536)
endless_chunks = repeats(CHUNKED, b"10000\r\n" + b"a" * 65536 + b"\r\n")
huge_declared_length = head(b"content-length: 1000000000000")
huge_chunk_size = says_and_waits(CHUNKED, b"FFFFFFFFFFFFFFFF\r\n")
_WIDE = zstandard.ZstdCompressionParameters(window_log=24, write_content_size=False)
gzip_bomb = says(coded(gzip(*[bytes(1 << 20)] * 256)))
broken_gzip = says(coded(b"no gzip at all"))
cut_gzip = says(coded(gzip(b"hello" * 100)[:-9]))
coded_four_times = says(coded(gzip(gzip(gzip(gzip(b"hello")))), b"gzip, gzip, gzip, gzip"))
brotli_bomb = says(coded(brotli.compress(bytes(64 << 20), quality=1), b"br"))
broken_brotli = says(coded(b"no brotli at all", b"br"))
cut_brotli = says(coded(brotli.compress(b"hello" * 100)[:-2], b"br"))
junk_after_brotli = says(coded(brotli.compress(b"hello") + b"junk", b"br"))
zstd_bomb = says(coded(zstandard.compress(bytes(64 << 20)), b"zstd"))
broken_zstd = says(coded(b"no zstd at all", b"zstd"))
cut_zstd = says(coded(zstandard.compress(b"hello" * 100)[:-2], b"zstd"))
wide_zstd = says(
    coded(zstandard.ZstdCompressor(compression_params=_WIDE).compress(bytes(1 << 24)), b"zstd")
)
junk_after_gzip = says(coded(gzip(b"hello") + b"junk"))
unknown_coding = says(coded(b"hello", b"compress"))
floods_informational = repeats(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
hints_first = says_and_waits(b"HTTP/1.1 103 Early Hints\r\n\r\n", OK, b"content-length: 0\r\n\r\n")
says_more_than_its_length = says_and_waits(OK, b"content-length: 1\r\n\r\nabc")
says_more_than_its_chunks = says_and_waits(CHUNKED, b"0\r\n\r\nabc")
answers_twice = says_and_waits((OK + b"content-length: 0\r\n\r\n") * 2)
answers_204_with_body = says_and_waits(b"HTTP/1.1 204 No Content\r\n\r\nabc")
answers_304_with_body = says_and_waits(b"HTTP/1.1 304 Not Modified\r\ncontent-length: 3\r\n\r\nabc")
redirects_to_itself = head(b"location: /", b"content-length: 0", status_line=b"HTTP/1.1 302 Found")
redirects_to_a_file = head(
    b"location: file:///etc/passwd", b"content-length: 0", status_line=b"HTTP/1.1 302 Found"
)
redirects_elsewhere = head(
    b"location: http://192.0.2.1/", b"content-length: 0", status_line=b"HTTP/1.1 307 Away"
)
lies_about_charset = json_answer('{"a": "\u00e9"}'.encode(), b"application/json; charset=utf-7")
json_in_latin_1 = json_answer(b'{"a": "\xe9"}')
json_in_utf_16 = json_answer('{"a": 1}'.encode("utf-16"))
json_with_mark = json_answer(b"\xef\xbb\xbf{}")
json_cut_off = json_answer(b'{"a": ')
json_with_nul = json_answer(b'{"a": 1}\0')
json_with_key_twice = json_answer(b'{"a": 1, "a": 2}')
json_with_nan = json_answer(b"[NaN, Infinity]")
json_with_overflow = json_answer(b"[1e400]")
json_with_big_integer = json_answer(b"[9007199254740993]")
json_with_minus_zero = json_answer(b"[-0]")
json_with_long_number = json_answer(b"[" + b"9" * 5000 + b"]")
json_too_deep = json_answer(b"[" * 100_000 + b"]" * 100_000)
json_with_lone_surrogate = json_answer(b'"\\ud800"')
json_with_one_as_float = json_answer(b"[1.0]")
