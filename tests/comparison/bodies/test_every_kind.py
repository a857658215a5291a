"""Laws of every kind of body: it is read or said not to be, within bounds, and one change is found at its path."""

import gzip
import json
import random
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import KINDS, read_body
from conformance.comparison.values.lossless_json import canonical
from conformance.model.case import BODY_KINDS, CompareLevel
from tests.comparison.differences import answer, between

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
Record = dict[str, Any]
Writer = Callable[[list[Record]], str]
NAMES = ("alpha", "beta", "gamma")


def _csv(rows: list[Record]) -> str:
    lines = [",".join(NAMES), *(",".join(str(row[name]) for name in NAMES) for row in rows)]
    return "\n".join(lines) + "\n"


def _xml(rows: list[Record]) -> str:
    items = "".join("<item>" + "".join(f"<{n}>{row[n]}</{n}>" for n in NAMES) + "</item>" for row in rows)
    return f"<items>{items}</items>"


def _html(rows: list[Record]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{row[n]}</td>" for n in NAMES) + "</tr>" for row in rows)
    return f"<html><body><table>{lines}</table></body></html>"


def _form(rows: list[Record]) -> str:
    return "&".join(f"{name}{at}={row[name]}" for at, row in enumerate(rows) for name in NAMES)


def _multipart(rows: list[Record]) -> str:
    parts = (
        f'--b\r\ncontent-disposition: form-data; name="p{at}"\r\ncontent-type: text/json\r\n\r\n{json.dumps(row)}'
        for at, row in enumerate(rows)
    )
    return "\r\n".join((*parts, "--b--\r\n"))


WRITERS: dict[str, tuple[str, Writer]] = {
    "json": ("application/x-amz-json-1.1", json.dumps),
    "json-lines": ("application/x-ndjson", lambda rows: "".join(json.dumps(row) + "\n" for row in rows)),
    "events": ("text/event-stream", lambda rows: "".join(f"data: {json.dumps(row)}\n\n" for row in rows)),
    "table": ("text/csv", _csv),
    "xml": ("application/soap+xml", _xml),
    "html": ("text/html", _html),
    "form": ("application/x-www-form-urlencoded", _form),
    "multipart": ("multipart/form-data; boundary=b", _multipart),
    "text": ("text/plain", lambda rows: "".join(f"{row}\n" for row in rows)),
    "binary": ("image/png", lambda rows: "\x00" + repr(rows)),
}
STRUCTURED = sorted(WRITERS.keys() - {"text", "binary"})
UNTIMED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
ROWS = st.lists(st.integers(2, 10**6), min_size=2, max_size=5, unique=True).map(
    lambda numbers: [{name: f"v{number}-{name}" for name in NAMES} for number in numbers]
)
"""Records of which no two have a value in common: else one that is changed may look like others in another order."""


def test_a_suite_can_name_every_kind() -> None:
    """A suite can name every kind, and every kind has a law here."""
    assert sorted(BODY_KINDS) == sorted(kind.word for kind in KINDS) == sorted(WRITERS)


@pytest.mark.parametrize("word", WRITERS)
@UNTIMED
@given(rows=ROWS)
def test_equal_bodies_have_no_difference(word: str, rows: list[Record]) -> None:
    """A body is equal to itself and to one read as its kind under another label."""
    media, write = WRITERS[word]
    body = write(rows)
    assert between(answer(body, media=media), answer(body, media=media), VALUE) == []
    by_label, declared = read_body(body.encode(), read_label(media)), read_body(body.encode(), read_label(media), word)
    assert (by_label.kind, by_label.value, by_label.text) == (declared.kind, declared.value, declared.text)


@pytest.mark.parametrize("word", STRUCTURED)
@UNTIMED
@given(rows=ROWS, at=st.integers(0, 100), name=st.sampled_from(NAMES))
def test_one_planted_change_is_one_difference_at_its_path(word: str, rows: list[Record], at: int, name: str) -> None:
    """A value that is changed is found once, by value, and where it stands; its shape stays the same."""
    media, write = WRITERS[word]
    changed = [dict(row) for row in rows]
    changed[at % len(rows)][name] = "planted"
    a, b = answer(write(rows), media=media), answer(write(changed), media=media)
    found = between(a, b, VALUE)
    assert [kind for kind, _, _, _ in found] == ["value"]
    assert word in {"html", "form"} or name in found[0][1]
    assert between(a, b, SHAPE) == []


@pytest.mark.parametrize("word", sorted(set(STRUCTURED) - {"html", "form"}))
@UNTIMED
@given(rows=ROWS, name=st.sampled_from(NAMES))
def test_a_record_more_is_one_difference(word: str, rows: list[Record], name: str) -> None:
    """An element more is one difference by value; as another member where elements go by their names."""
    media, write = WRITERS[word]
    longer = [*rows, {**rows[0], name: "more"}]
    found = between(answer(write(rows), media=media), answer(write(longer), media=media), VALUE)
    assert len(found) == 1
    assert found[0][0] in ({"member"} if word == "multipart" else {"length", "off-by-one"})


@pytest.mark.parametrize("word", WRITERS)
@UNTIMED
@given(data=st.binary(max_size=400), rows=ROWS, cut=st.integers(0, 10_000))
def test_whatever_comes_is_read_or_said_not_to_be(word: str, data: bytes, rows: list[Record], cut: int) -> None:
    """Any bytes, and any torn body, have a kind; what is not of its kind is text or bytes, and compared as such."""
    media, write = WRITERS[word]
    whole = write(rows).encode()
    for raw in (data, whole[: cut % (len(whole) + 1)], whole[: cut % (len(whole) + 1)] + data):
        read = read_body(raw, read_label(media))
        assert read.structured or read.kind in {"text", "binary", "empty"}
        assert read.raw == raw
        if read.structured:
            canonical(read.value)
        other = answer(raw + b" x", media=media)
        assert between(answer(raw, media=media), answer(raw, media=media), VALUE) == []
        assert isinstance(between(answer(raw, media=media), other, VALUE), list)


def _hostile() -> Iterator[tuple[str, str, bytes]]:
    """Yield hostile bodies by the kind that they claim to be, and what they are."""
    deep = 50_000
    yield "json", "deep", b"[" * deep + b"]" * deep
    yield "json", "torn", b'{"a":[' * deep
    yield "json", "wrong-charset", '{"a":"é"}'.encode("utf-16")
    yield "json-lines", "deep", (b"[" * 3_000 + b"]" * 3_000 + b"\n") * 50
    yield "json-lines", "only-line-ends", b"\n" * 2_000_000
    yield "json-lines", "torn", b'{"a":1}\n' * 100_000 + b'{"a":'
    yield "json-lines", "wrong-charset", b'{"a":"\xe9"}\n' * 1_000
    yield "events", "no-end", b"data: " + b"x" * 4_000_000
    yield "events", "only-colons", b":\n\n" * 500_000
    yield "events", "data-lines", b"data: x\n" * 300_000
    yield "events", "wrong-charset", b"data: \xff\xfe\n\n" * 10_000
    yield "events", "carriage-returns", b"\r" * 2_000_000
    yield "table", "only-separators", b"," * 2_000_000
    yield "table", "open-quote", b'a,b\n"' + b"x,\n" * 500_000
    yield "table", "ragged", b"\n".join(b"," * (at % 50) for at in range(20_000))
    yield "table", "wrong-charset", b"a,b\n\xff,\xfe\n" * 1_000
    yield "table", "numbers-in-cells", b'a\n"1,2"\n' * 100_000
    yield "table", "long-number", b"a\n" + b"9" * 1_000_000
    yield "xml", "deep", b"<a>" * deep
    yield "xml", "deep-and-closed", b"<a>" * 20_000 + b"</a>" * 20_000
    yield (
        "xml",
        "laughs",
        b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1_000 + b'"><!ENTITY c "' + b"&b;" * 1_000 + b'">]><a>&c;</a>',
    )
    yield "xml", "attributes", b"<a " + b" ".join(b'b%d="c"' % at for at in range(50_000)) + b"/>"
    yield "xml", "namespaces", b"".join(b'<a xmlns="urn:%d">' % at for at in range(3_000)) + b"</a>" * 3_000
    yield "xml", "wrong-charset", '<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode("latin-1")
    yield "xml", "large", b"<a>" + b"<b>x</b>" * 400_000 + b"</a>"
    yield "html", "deep", b"<div>" * 25_000
    yield "html", "torn-tags", b"<a <a <a " * 40_000
    yield "form", "pairs", b"a=b&" * 500_000
    yield "form", "escapes", b"%" * 2_000_000
    yield "multipart", "boundaries", b"--b\r\n" * 100_000
    yield "multipart", "no-end", b"--b\r\n\r\n" + b"\r\n--" * 500_000
    yield "multipart", "heads", b"--b\r\n" + b"a: b\r\n" * 200_000 + b"\r\nx\r\n--b--"
    yield (
        "multipart",
        "within",
        b"--b\r\ncontent-type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--",
    )
    yield "binary", "looks-like-json", b"{" * 200_000


HOSTILE = [pytest.param(word, raw, id=f"{word}-{name}") for word, name, raw in _hostile()]
MEMORY_PER_BYTE = 400
"""An element of three bytes takes about a thousand: itself, its value, and its places in two lists."""


@pytest.mark.parametrize(("word", "raw"), HOSTILE)
def test_a_hostile_body_is_read(word: str, raw: bytes) -> None:
    """Whatever a body holds, it is read and compared without a surprise; what grows faster than it would never end."""
    media = WRITERS[word][0]
    read = read_body(raw, read_label(media))
    assert read.structured or read.kind in {"text", "binary"}
    assert between(answer(raw, media=media), answer(raw[:-1] + b"x", media=media), SHAPE) is not None


@pytest.mark.parametrize(("word", "raw"), HOSTILE)
def test_a_hostile_body_takes_memory_by_its_length(word: str, raw: bytes) -> None:
    """Reading takes no more than so many times the body; a part of each is enough to see that."""
    part, label = raw[: len(raw) // 20], read_label(WRITERS[word][0])
    tracemalloc.start()
    read_body(part, label)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < max(4 << 20, MEMORY_PER_BYTE * len(part)), most / len(part)


def test_random_damage_of_every_kind_is_read() -> None:
    """Bytes that are changed, doubled or dropped anywhere never stop a comparison."""
    rows = [{name: f"v{at}" for at, name in enumerate(NAMES)}] * 3
    dice = random.Random(7)  # noqa: S311 - no secret is made
    for media, write in WRITERS.values():
        whole = bytearray(write(rows).encode())
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(dice.randint(1, 4)):
                at = dice.randrange(len(damaged))
                damaged[at : at + dice.randint(0, 2)] = dice.randbytes(dice.randint(0, 3))
            between(answer(bytes(whole), media=media), answer(bytes(damaged), media=media), VALUE)
            assert gzip.compress(damaged)
