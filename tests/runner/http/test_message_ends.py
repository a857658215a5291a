"""Where a message ends: bodies of the declared length, one byte less and one more.

They come in pieces cut at every place.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.model.observation import FaultKind
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.response_reader import EXCESS, ResponseReader
from conformance.wording import plural
from tests.miniatures.faulty import CHUNKED, OK

LIMITS = ExchangeLimits(head_bytes=300, header_fields=5, informational=2, body_bytes=64)
LONG = ExchangeLimits(head_bytes=9_000, body_bytes=64)
NEXT = OK + b"content-length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Ended:
    """What a reader says of a message, and after how many bytes it first called it done."""

    body: bytes
    reusable: bool
    notes: tuple[str, ...]
    at: int


def ended(parts: list[bytes], limits: ExchangeLimits = LIMITS) -> Ended | None:
    """Feed parts of a message; None where it is not done after the last of them."""
    reader, at, fed = ResponseReader("GET", limits), None, 0
    for part in parts:
        reader.feed(part)
        fed += len(part)
        assert reader.received == fed
        if at is None and reader.phase == "done":
            at = fed
        assert reader.phase == "done" or not reader.reusable
    if at is None:
        return None
    reader.end()  # which says nothing new of a message that is done
    return Ended(reader.body.getvalue(), reader.reusable, tuple(reader.notes), at)


def fault_of(parts: list[bytes], limits: ExchangeLimits = LIMITS) -> tuple[FaultKind, str]:
    """Return the fault that a message ends with, and its detail."""
    with pytest.raises(ExchangeFaultError) as raised:
        _to_the_end(parts, limits)
    return raised.value.kind, raised.value.detail


def _to_the_end(parts: list[bytes], limits: ExchangeLimits) -> None:
    reader = ResponseReader("GET", limits)
    for part in parts:
        reader.feed(part)
    reader.end()


def pieces(raw: bytes) -> Iterator[list[bytes]]:
    """Yield a message whole, byte by byte, and cut in two and in three at every place."""
    yield [raw]
    yield [raw[at : at + 1] for at in range(len(raw))]
    for first, second in itertools.combinations(range(1, len(raw)), 2):
        yield [raw[:first], raw[first:second], raw[second:]]
    for cut in range(1, len(raw)):
        yield [raw[:cut], raw[cut:]]


def sized(length: int, body: bytes) -> bytes:
    """Return a message that declares a length."""
    return OK + f"content-length: {length}\r\n\r\n".encode() + body


CHUNKS = b"1\r\na\r\n2;x=y\r\n\r\n\r\n00a\r\n0123456789\r\n0\r\nt: u\r\n\r\n"
WHOLE = [
    pytest.param(sized(0, b""), b"", id="no-byte"),
    pytest.param(sized(1, b"x"), b"x", id="one-byte"),
    pytest.param(sized(4, b"\r\n\r\n"), b"\r\n\r\n", id="line-ends"),
    pytest.param(CHUNKED + b"0\r\n\r\n", b"", id="no-chunk"),
    pytest.param(CHUNKED + b"1\r\nx\r\n0\r\n\r\n", b"x", id="one-chunk"),
    pytest.param(CHUNKED + CHUNKS, b"a\r\n0123456789", id="chunks"),
]


@pytest.mark.parametrize(("raw", "body"), WHOLE)
def test_a_message_ends_with_its_last_byte(raw: bytes, body: bytes) -> None:
    """However it is cut, it is done when its last byte is there, and not before."""
    for parts in pieces(raw):
        assert ended(parts) == Ended(body, reusable=True, notes=(), at=len(raw))


@pytest.mark.parametrize(("raw", "body"), WHOLE)
def test_a_message_without_its_last_byte(raw: bytes, body: bytes) -> None:
    """One byte short is not done; a close then is a fault that says how much body there was."""
    for parts in pieces(raw[:-1]):
        assert ended(parts) is None
    kind, detail = fault_of([raw[:-1]])
    if not body and not raw.startswith(CHUNKED):
        assert kind is FaultKind.CLOSED_IN_HEADERS
    else:
        there = len(body) - (not raw.startswith(CHUNKED))
        assert (kind, detail) == (
            FaultKind.TRUNCATED_BODY,
            f"closed after {plural(there, 'byte')} of the body",
        )


@pytest.mark.parametrize(("raw", "body"), WHOLE)
@pytest.mark.parametrize("more", [b"x", NEXT], ids=["one-byte", "next-response"])
def test_bytes_after_a_message(raw: bytes, body: bytes, more: bytes) -> None:
    """What follows the last byte is no part of the body, and is noted once.

    It may come in the same read or in the next one.
    """
    for split in range(len(raw) - 2, len(raw) + 2):
        parts = [(raw + more)[:split], (raw + more)[split:]]
        seen = ended([part for part in parts if part])
        at = len(raw) if split == len(raw) else split if split > len(raw) else len(raw + more)
        assert seen == Ended(body, reusable=False, notes=(EXCESS,), at=at)


@pytest.mark.parametrize(
    ("chunks", "line"),
    [
        pytest.param(b"2\r\nabc\r\n0\r\n\r\n", b"c", id="one-byte-more"),
        pytest.param(b"3\r\nab\r\n0\r\n\r\n", b"\n0", id="one-byte-less"),
        pytest.param(b"1\r\na0123456789abcdefg\r\n", b"0123456789abcdef", id="many-bytes-more"),
        pytest.param(b"1\r\na0\r\n\r\n", b"0", id="no-line-end"),
    ],
)
def test_a_chunk_of_another_size(chunks: bytes, line: bytes) -> None:
    """A chunk ends where its size says, and there alone, however it is cut."""
    for parts in pieces(CHUNKED + chunks):
        assert fault_of(parts) == (FaultKind.BAD_CHUNK, f"{line!r} where a chunk should end")


@pytest.mark.parametrize(
    "size", [b"", b"g", b"-1", b"+1", b" 1", b"0x1", b"1 2", b"11111111111111111"]
)
def test_what_is_no_chunk_size(size: bytes) -> None:
    """A size is one to sixteen hex digits; what comes in its place is shown."""
    assert fault_of([CHUNKED + size + b"\r\n"]) == (
        FaultKind.BAD_CHUNK,
        f"{size[:16]!r} is no chunk size",
    )


def test_what_is_no_response() -> None:
    """Nothing, another protocol and another coding are named, and shown enough to be identified."""
    assert fault_of([]) == (FaultKind.CLOSED_BEFORE_RESPONSE, "closed before the first byte")
    assert fault_of([b"SSH-2.0-OpenSSH_9.6\r\n"]) == (
        FaultKind.NOT_HTTP,
        "the answer starts with b'SSH-2.0-OpenSSH_'",
    )
    assert fault_of([OK + b"transfer-encoding: " + b"x" * 41 + b"\r\n\r\n"]) == (
        FaultKind.BAD_TRANSFER_CODING,
        "transfer-encoding: " + "x" * 40,
    )


def test_much_that_comes_after_a_line() -> None:
    """What follows a line in one read does not count: a small chunk may precede a large one."""
    body = b"z" * 5_000
    raw = CHUNKED + b"1\r\na\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    limits = ExchangeLimits(body_bytes=6_000)
    assert ended([raw], limits) == Ended(b"a" + body, reusable=True, notes=(), at=len(raw))


def chunked(*sizes: int) -> bytes:
    """Return a message of chunks."""
    return CHUNKED + b"".join(b"%x\r\n%b\r\n" % (size, b"z" * size) for size in (*sizes, 0))


@pytest.mark.parametrize("sizes", [(64,), (63, 1), (1, 63), (32, 32), (1,) * 64])
def test_the_largest_body(sizes: tuple[int, ...]) -> None:
    """A body of just the bound is read; one byte more is refused before it is waited for."""
    too_large = (FaultKind.BODY_TOO_LARGE, "a body of 65 bytes or more, at most 64 are read")
    raw = chunked(*sizes)
    for parts in ([raw], [raw[at : at + 1] for at in range(len(raw))]):
        assert ended(parts) == Ended(b"z" * 64, reusable=True, notes=(), at=len(raw))
    more = raw[: -len(b"0\r\n\r\n")] + b"1\r\n"
    assert fault_of([more]) == fault_of([more[at : at + 1] for at in range(len(more))]) == too_large


def test_the_largest_declared_and_undeclared_body() -> None:
    """The bound is the same for a declared length, even before the first byte, and for none."""
    too_large = (FaultKind.BODY_TOO_LARGE, "a body of 65 bytes or more, at most 64 are read")
    assert ended([sized(64, b"z" * 64)]) == Ended(
        b"z" * 64, reusable=True, notes=(), at=len(sized(64, b"z" * 64))
    )
    assert fault_of([sized(65, b"")]) == too_large
    reader = ResponseReader("GET", LIMITS)
    for part in (OK + b"\r\n", b"z" * 63, b"z"):
        reader.feed(part)
    reader.end()
    assert (reader.phase, len(reader.body.getvalue()), reader.reusable) == ("done", 64, False)
    for parts in ([b"z" * 65], [b"z" * 64, b"z"], [b"z"] * 65):
        assert fault_of([OK + b"\r\n", *parts]) == too_large


def headed(size: int) -> bytes:
    """Return a message whose head has so many bytes."""
    start, end = OK + b"x: ", b"\r\ncontent-length: 0\r\n\r\n"
    return start + b"a" * (size - len(start) - len(end)) + end


def test_the_largest_head() -> None:
    """A head of just the bound is read, one of a byte more is not, however it comes."""
    too_large = (FaultKind.HEADERS_TOO_LARGE, "more than 300 bytes of headers")
    for raw in (headed(300), headed(299)):
        for parts in (
            [raw],
            [raw[at : at + 1] for at in range(len(raw))],
            [raw[:-1], raw[-1:]],
            [raw[:-2], raw[-2:]],
        ):
            assert ended(parts) == Ended(b"", reusable=True, notes=(), at=len(raw))
    raw = headed(301)
    for parts in (
        [raw],
        [raw[at : at + 1] for at in range(len(raw))],
        [raw[:-1], raw[-1:]],
        [raw[:-2], raw[-2:]],
    ):
        assert fault_of(parts) == too_large
    assert fault_of([OK + b"x" * (300 - len(OK))])[0] is FaultKind.CLOSED_IN_HEADERS
    assert fault_of([OK + b"x" * (301 - len(OK))]) == too_large


def test_the_most_informational_responses() -> None:
    """As many as the bound are read past, and one more is not; each head has the bound of one."""
    early = b"HTTP/1.1 103 Early Hints\r\nlink: " + b"a" * 240 + b"\r\n\r\n"
    assert len(early) < LIMITS.head_bytes < 2 * len(early)
    for parts in (
        [early * 2 + NEXT],
        [early, early, NEXT],
        [early[:-1], early[-1:] + early[:9], early[9:] + NEXT],
    ):
        raw = b"".join(parts)
        assert ended(parts) == Ended(b"", reusable=True, notes=("informational:103",), at=len(raw))
    assert fault_of([early * 3]) == (
        FaultKind.INFORMATIONAL_FLOOD,
        "more than 2 informational responses",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"1;", b"\r\nz\r\n0\r\n\r\n", id="an-extension"),
        pytest.param(b"0\r\nt: ", b"\r\n\r\n", id="a-trailer"),
        pytest.param(
            b"1;" + b"a" * 99 + b"\r\nz\r\n0;" + b"b" * 99 + b"\r\nt: ",
            b"\r\n\r\n",
            id="all-together",
        ),
    ],
)
def test_the_most_beside_a_body(before: bytes, after: bytes) -> None:
    """Extensions and trailers share one bound: all but body, size and line ends counts."""
    beside = (
        len(before)
        - before.count(b"\r\n") * 2
        - before.count(b"1;")
        - before.count(b"0")
        - before.count(b"z")
    )
    filler = b"a" * (LIMITS.head_bytes - beside)
    raw = CHUNKED + before + filler + after
    for parts in ([raw], [raw[at : at + 1] for at in range(len(raw))]):
        seen = ended(parts)
        assert seen is not None
        assert (seen.at, seen.notes) == (len(raw), ())
    raw = CHUNKED + before + filler + b"a" + after
    for parts in ([raw], [raw[at : at + 1] for at in range(len(raw))]):
        assert fault_of(parts) == (
            FaultKind.TRAILERS_TOO_LARGE,
            "more than 300 bytes of chunk extensions and trailers",
        )


def test_the_longest_chunk_line() -> None:
    """A line of 4,096 bytes is read, a longer one is refused, whether its end is there or not."""
    endless = (FaultKind.BAD_CHUNK, "a chunk line without end")
    line = b"1;" + b"a" * 4_094
    assert ended([CHUNKED + line + b"\r\nz\r\n0\r\n\r\n"], LONG) is not None
    assert ended([CHUNKED + line, b"\r\nz\r\n0\r\n\r\n"], LONG) is not None
    assert (
        fault_of([CHUNKED + line + b"a\r\n"], LONG)
        == fault_of([CHUNKED + line + b"a"], LONG)
        == endless
    )


@given(
    sizes=st.lists(st.integers(0, 12), max_size=5),
    is_chunked=st.booleans(),
    cuts=st.lists(st.integers(0, 400), max_size=9),
    excess=st.binary(max_size=3),
)
def test_any_body_in_any_pieces(
    sizes: list[int], is_chunked: bool, cuts: list[int], excess: bytes
) -> None:
    """A message has the body put into it, and is done in the piece that holds its last byte."""
    body = b"".join(bytes([48 + size]) * size for size in sizes)
    if is_chunked:
        chunks = [b"%X\r\n%b\r\n" % (size, bytes([48 + size]) * size) for size in sizes if size]
        raw = CHUNKED + b"".join(chunks) + b"0\r\n\r\n"
    else:
        raw = sized(len(body), body)
    sent = raw + excess
    edges = sorted({0, len(sent), *(min(cut, len(sent)) for cut in cuts)})
    seen = ended([sent[start:end] for start, end in itertools.pairwise(edges)])
    at = min(edge for edge in edges if edge >= len(raw))
    assert seen == Ended(body, reusable=not excess, notes=(EXCESS,) if excess else (), at=at)
