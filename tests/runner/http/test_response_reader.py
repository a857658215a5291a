"""The response reader: answers it reads, notes it takes, independence of how bytes arrive."""

import itertools
from dataclasses import dataclass

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from conformance.model.observation import FaultKind
from conformance.runner.http.content_coding import BodyDecoder, decode_body
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.response_reader import ResponseReader
from tests.miniatures.faulty import CHUNKED, OK, coded, gzip, says
from tests.miniatures.server import serve_script
from tests.runner.asking import answer

LIMITS = ExchangeLimits(head_bytes=300, header_fields=5, informational=2, body_bytes=64)
EARLY = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of some bytes: an answer, or the fault's kind and phase."""

    phase: str
    fault: str = ""
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    notes: tuple[str, ...] = ()
    reusable: bool = False


def read(parts: list[bytes], method: str = "GET", *, closed: bool = True) -> Reading:
    reader = ResponseReader(method, LIMITS)
    try:
        for part in parts:
            reader.feed(part)
        if closed:
            reader.end()
    except ExchangeFaultError as fault:
        return Reading(phase=fault.phase, fault=fault.kind.value)
    head = reader.head
    return Reading(
        phase=reader.phase,
        status=head.status,
        headers=tuple(head.headers),
        body=reader.body.getvalue(),
        notes=tuple(reader.notes),
        reusable=reader.reusable,
    )


@pytest.mark.parametrize(
    ("raw", "body", "reusable"),
    [
        pytest.param(OK + b"content-length: 2\r\n\r\nhi", b"hi", True, id="length"),
        pytest.param(OK + b"content-length: 0\r\n\r\n", b"", True, id="empty"),
        pytest.param(CHUNKED + b"2\r\nhi\r\n1;x=y\r\n!\r\n0\r\n\r\n", b"hi!", True, id="chunks"),
        pytest.param(CHUNKED + b"0\r\nx: y\r\n\r\n", b"", True, id="trailers"),
        pytest.param(
            CHUNKED + b"0A\r\n0123456789\r\n000\r\n\r\n", b"0123456789", True, id="hex-and-zeros"
        ),
        pytest.param(
            OK + b"content-length: 2\r\nconnection: close\r\n\r\nhi", b"hi", False, id="close"
        ),
        pytest.param(
            b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi", b"hi", False, id="http-1.0"
        ),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", b"", True, id="no-content"),
        pytest.param(
            b"HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n", b"", True, id="not-modified"
        ),
    ],
)
def test_framed_answers_end_by_themselves(raw: bytes, body: bytes, reusable: bool) -> None:
    """An answer that says where it ends is complete without the connection's end."""
    seen = read([raw], closed=False)
    assert (seen.phase, seen.body, seen.reusable, seen.notes) == ("done", body, reusable, ())


def test_answer_until_close() -> None:
    """An answer without length lasts until the connection ends, which cannot be reused then."""
    assert read([OK + b"\r\nhi"], closed=False).phase == "body"
    seen = read([OK + b"\r\nhi"])
    assert (seen.phase, seen.body, seen.reusable) == ("done", b"hi", False)


@pytest.mark.parametrize(
    "framing", [b"content-length: 5\r\n\r\n", b"transfer-encoding: chunked\r\n\r\n"]
)
def test_head_has_no_body(framing: bytes) -> None:
    """The answer to HEAD ends with its head, whatever its fields announce."""
    seen = read([OK + framing], "HEAD", closed=False)
    assert (seen.phase, seen.body, seen.reusable) == ("done", b"", True)


def test_headers_keep_order_case_and_duplicates() -> None:
    """Fields come as sent but for the white space around values; bytes above ASCII are latin-1."""
    seen = read([OK + b"X-b:  2 \t\r\na:\r\nA: \xe9 e\r\na: \r\ncontent-length: 0\r\n\r\n"])
    assert seen.headers == (
        ("X-b", "2"),
        ("a", ""),
        ("A", "\xe9 e"),
        ("a", ""),
        ("content-length", "0"),
    )


@pytest.mark.parametrize(
    ("raw", "notes"),
    [
        pytest.param(
            EARLY + OK + b"content-length: 0\r\n\r\n", ("informational:103",), id="early-hints"
        ),
        pytest.param(
            EARLY * 2 + OK + b"content-length: 0\r\n\r\n", ("informational:103",), id="said-once"
        ),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\n" + EARLY + OK + b"content-length: 0\r\n\r\n",
            ("informational:100", "informational:103"),
            id="two-kinds",
        ),
        pytest.param(
            OK + b"content-length: 1\r\n\r\nabc", ("bytes_after_message",), id="after-length"
        ),
        pytest.param(CHUNKED + b"0\r\n\r\nabc", ("bytes_after_message",), id="after-chunks"),
        pytest.param(
            b"HTTP/1.1 204 No Content\r\n\r\nabc", ("bytes_after_message",), id="body-of-204"
        ),
        pytest.param(
            (OK + b"content-length: 0\r\n\r\n") * 2, ("bytes_after_message",), id="two-answers"
        ),
        pytest.param(
            b"HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n", ("http_version:2.0",), id="version-2"
        ),
        pytest.param(
            b"HTTP/0.9 200 OK\r\ncontent-length: 0\r\n\r\n", ("http_version:0.9",), id="version-0.9"
        ),
    ],
)
def test_notes(raw: bytes, notes: tuple[str, ...]) -> None:
    """An oddity of a readable answer is noted once, and never hides the answer."""
    seen = read([raw], closed=False)
    assert (seen.phase, seen.notes) == ("done", notes)
    assert seen.reusable == (notes[0].startswith("informational"))


@pytest.mark.parametrize(
    ("raw", "body", "notes"),
    [
        pytest.param(coded(gzip(b"hello")), b"hello", (), id="gzip"),
        pytest.param(coded(gzip(b"hello"), b"X-GZIP"), b"hello", (), id="x-gzip"),
        pytest.param(coded(b"", b"gzip"), b"", (), id="nothing-coded"),
        pytest.param(coded(gzip(gzip(b"hello")), b"gzip, gzip"), b"hello", (), id="coded-twice"),
        pytest.param(
            coded(brotli.compress(gzip(b"hello")), b"gzip, br"),
            b"hello",
            (),
            id="the-last-coding-first",
        ),
        pytest.param(
            coded(gzip(gzip(b"hello") + b"junk"), b"gzip,identity,gzip"),
            b"hello",
            ("bytes_after_coded_body",),
            id="junk-within",
        ),
        pytest.param(
            coded(gzip(b"hello"), b"compress, gzip"),
            gzip(b"hello"),
            ("content_coding_kept:compress, gzip",),
            id="one-of-two-not-known",
        ),
        pytest.param(coded(b"hello", b"identity"), b"hello", (), id="identity"),
        pytest.param(coded(brotli.compress(b"hello"), b"br"), b"hello", (), id="brotli"),
        pytest.param(coded(zstandard.compress(b"hello"), b"zstd"), b"hello", (), id="zstd"),
        pytest.param(
            coded(zstandard.compress(b"he") + zstandard.compress(b"llo"), b"zstd"),
            b"hello",
            (),
            id="zstd-frames",
        ),
        pytest.param(coded(gzip(b"he") + gzip(b"") + gzip(b"llo")), b"hello", (), id="members"),
        pytest.param(
            coded(gzip(b"he") + gzip(b"llo") + b"\x1f"),
            b"hello",
            ("bytes_after_coded_body",),
            id="half-a-magic-after-members",
        ),
        pytest.param(
            coded(b"hello", b"compress"),
            b"hello",
            ("content_coding_kept:compress",),
            id="unknown-coding",
        ),
        pytest.param(
            coded(gzip(b"hello") + b"junk"), b"hello", ("bytes_after_coded_body",), id="junk-after"
        ),
        pytest.param(coded(gzip(bytes(1 << 20))), bytes(1 << 20), (), id="exactly-the-bound"),
    ],
)
def test_content_codings(raw: bytes, body: bytes, notes: tuple[str, ...]) -> None:
    """Each coding is undone, the last one first; what is not known stays as it is, with a note."""
    with serve_script(says(raw)) as url:
        seen = answer(url)
    assert (seen.body, seen.notes) == (body, notes)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_members_are_read_wherever_pieces_end(coding: str, cut: int) -> None:
    """Members of a coded body that arrives in pieces add up to what they are together."""
    compress = gzip if coding == "gzip" else zstandard.compress
    raw = compress(b"he") + compress(b"") + compress(b"llo")
    decoder = BodyDecoder(coding, 100)
    for at in range(0, len(raw), cut):
        decoder.feed(raw[at : at + cut])
    assert (decoder.decoded.getvalue(), decoder.notes()) == (b"hello", ())


@pytest.mark.parametrize(
    ("raw", "coding"),
    [(gzip(b""), "gzip"), (zstandard.compress(b""), "zstd")],
    ids=("gzip", "zstd"),
)
def test_members_are_bounded(raw: bytes, coding: str) -> None:
    """A body of very many members that say nothing is a fault: each costs time, and no byte."""
    assert decode_body(raw * 60_000, coding, 100) == (b"", ())
    with pytest.raises(ExchangeFaultError, match="more than 65536 members"):
        decode_body(raw * 70_000, coding, 100)


def test_members_are_bounded_as_one() -> None:
    """The bound of a decoded body holds for its members together."""
    with pytest.raises(ExchangeFaultError, match="more than 9 bytes decoded"):
        decode_body(gzip(b"hello") * 2, "gzip", 9)


def test_cut_off_in_a_further_member() -> None:
    """A member that is cut off is a fault, as a body that is."""
    with pytest.raises(ExchangeFaultError, match="cut off"):
        decode_body(gzip(b"hello") + gzip(b"hello")[:-3], "gzip", 100)


WELL_FORMED = [
    OK + b"content-length: 2\r\n\r\nhi",
    EARLY + OK + b"a: b\r\ncontent-length: 3\r\n\r\nhey there",
    CHUNKED + b"2;x=y\r\nhi\r\nA\r\n0123456789\r\n0\r\nx: y\r\n\r\nmore",
    OK + b"\r\nuntil close",
    b"HTTP/1.1 204 No Content\r\n\r\n",
]
BROKEN = [
    EARLY * 3,
    CHUNKED + b"zz\r\n",
    CHUNKED + b"2\r\nhiX\r\n",
    CHUNKED + b"2;" + b"a" * 5000 + b"\r\nhi\r\n0\r\n\r\n",
    OK + b"content-length: -1\r\n\r\n",
    OK + b"content-length: 999\r\n\r\n",
    OK + b"x: " + b"a" * 400 + b"\r\n\r\n",
    OK + b"x: y\r\n" * 6 + b"\r\n",
    OK + b"\r\n" + b"a" * 100,
    b"SSH-2.0-x\r\n",
]


@given(st.sampled_from(WELL_FORMED + BROKEN), st.lists(st.integers(0, 200), max_size=8))
def test_arrival_does_not_matter(raw: bytes, cuts: list[int]) -> None:
    """However the bytes are cut into pieces, the same answer or fault comes of them."""
    edges = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    parts = [raw[start:end] for start, end in itertools.pairwise(edges) if start < end]
    assert read(parts) == read([raw])


@pytest.mark.parametrize("raw", WELL_FORMED + BROKEN, ids=range(len(WELL_FORMED + BROKEN)))
def test_byte_by_byte(raw: bytes) -> None:
    """One byte at a time gives what all at once gives."""
    assert read([raw[at : at + 1] for at in range(len(raw))]) == read([raw])


@given(st.sampled_from(WELL_FORMED), st.data())
def test_damaged_answers_never_surprise(raw: bytes, data: st.DataObject) -> None:
    """Bytes replaced anywhere give an answer or a named fault."""
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert read([bytes(damaged)]).phase in {"headers", "body", "done"}


def head_of(size: int) -> bytes:
    """Return a head of so many bytes, of an answer without a body."""
    start = OK + b"content-length: 0\r\nx: "
    return start + b"y" * (size - len(start) - 4) + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("at_the_bound", "past_it", "fault"),
    [
        pytest.param(
            OK + b"content-length: 64\r\n\r\n" + b"x" * 64,
            OK + b"content-length: 65\r\n\r\n",
            "body_too_large",
            id="length",
        ),
        pytest.param(
            CHUNKED + b"20\r\n" + b"x" * 32 + b"\r\n20\r\n" + b"x" * 32 + b"\r\n0\r\n\r\n",
            CHUNKED + b"20\r\n" + b"x" * 32 + b"\r\n21\r\n",
            "body_too_large",
            id="chunks",
        ),
        pytest.param(OK + b"\r\n" + b"x" * 64, OK + b"\r\n" + b"x" * 65, "body_too_large",
            id="until-close"),
        pytest.param(head_of(300), head_of(301), "headers_too_large", id="head"),
        pytest.param(EARLY * 2 + head_of(99), EARLY * 3, "informational_flood", id="early"),
    ],
)  # fmt: skip
def test_what_just_fits_is_read(at_the_bound: bytes, past_it: bytes, fault: str) -> None:
    """A bound is the most that is taken; one more is refused."""
    assert read([at_the_bound]).phase == "done"
    assert read([past_it]).fault == fault


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        pytest.param(b"\x15\x03\x01", FaultKind.TLS_SPOKEN, id="alert"),
        pytest.param(b"\x16\x03\x01", FaultKind.TLS_SPOKEN, id="handshake"),
        pytest.param(b"\x17\x03\x01", FaultKind.NOT_HTTP, id="neither"),
    ],
)
def test_a_start_of_tls_is_known_however_it_comes(raw: bytes, kind: FaultKind) -> None:
    """Its first byte alone says nothing yet."""
    in_bytes = [raw[at : at + 1] for at in range(len(raw))]
    assert read([raw]).fault == read(in_bytes).fault == kind.value


def test_a_head_that_cannot_be_read_is_told_in_the_words_of_its_parser() -> None:
    """They say what is wrong with it."""
    reader = ResponseReader("GET", LIMITS)
    with pytest.raises(ExchangeFaultError) as caught:
        reader.feed(b"HTTP/1.1 200 OK\r\nno field\r\n\r\n")
    assert "header" in caught.value.detail.lower()
    assert "cannot be read" not in caught.value.detail
