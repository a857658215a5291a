"""Laws of every kind of body: it is read within bounds, or reported as not read.

One change is found at its path.
"""

import base64
import gc
import gzip
import json
import random
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import KINDS, read_body
from conformance.comparison.values.json_encoding import canonical
from conformance.model.case import BODY_KINDS, CompareLevel
from tests.comparison.bodies.hostile_bodies import HOSTILE
from tests.comparison.differences import answer, between

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
Record = dict[str, Any]
Writer = Callable[[list[Record]], str]
NAMES = ("alpha", "beta", "gamma")


def _csv(rows: list[Record]) -> str:
    lines = [",".join(NAMES), *(",".join(str(row[name]) for name in NAMES) for row in rows)]
    return "\n".join(lines) + "\n"


def _xml(rows: list[Record]) -> str:
    items = "".join(
        "<item>" + "".join(f"<{n}>{row[n]}</{n}>" for n in NAMES) + "</item>" for row in rows
    )
    return f"<items>{items}</items>"


def _html(rows: list[Record]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{row[n]}</td>" for n in NAMES) + "</tr>" for row in rows)
    return f"<html><body><table>{lines}</table></body></html>"


def _form(rows: list[Record]) -> str:
    return "&".join(f"{name}{at}={row[name]}" for at, row in enumerate(rows) for name in NAMES)


def _multipart(rows: list[Record]) -> str:
    parts = (
        f'--b\r\ncontent-disposition: form-data; name="p{at}"\r\ncontent-type: '
        f"text/json\r\n\r\n{json.dumps(row)}"
        for at, row in enumerate(rows)
    )
    return "\r\n".join((*parts, "--b--\r\n"))


def _token(rows: list[Record]) -> str:
    parts = ({"alg": "HS256"}, {"rows": rows})
    coded = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )
    return json.dumps({"t": f"{'.'.join(coded)}.c2ln"})


WRITERS: dict[str, tuple[str, Writer]] = {
    "json": ("application/x-amz-json-1.1", json.dumps),
    "json-lines": (
        "application/x-ndjson",
        lambda rows: "".join(json.dumps(row) + "\n" for row in rows),
    ),
    "events": (
        "text/event-stream",
        lambda rows: "".join(f"data: {json.dumps(row)}\n\n" for row in rows),
    ),
    "table": ("text/csv", _csv),
    "xml": ("application/soap+xml", _xml),
    "html": ("text/html", _html),
    "form": ("application/x-www-form-urlencoded", _form),
    "multipart": ("multipart/form-data; boundary=b", _multipart),
    "token": ("application/json", _token),
    "text": ("text/plain", lambda rows: "".join(f"{row}\n" for row in rows)),
    "binary": ("image/png", lambda rows: "\x00" + repr(rows)),
}
STRUCTURED = sorted(WRITERS.keys() - {"text", "binary"})
UNTIMED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
ROWS = st.lists(st.integers(2, 10**6), min_size=2, max_size=5, unique=True).map(
    lambda numbers: [{name: f"v{number}-{name}" for name in NAMES} for number in numbers]
)
"""Records of which no two have a value in common: else one that is changed may look like others in
another order.
"""


def test_a_suite_can_name_every_kind() -> None:
    """A suite can name every kind, and every kind has a law here.

    A token stands within another kind.
    """
    assert (
        sorted(BODY_KINDS)
        == sorted(kind.declared_as for kind in KINDS)
        == sorted(WRITERS.keys() - {"token"})
    )


@pytest.mark.parametrize("word", WRITERS)
@UNTIMED
@given(rows=ROWS)
def test_equal_bodies_have_no_difference(word: str, rows: list[Record]) -> None:
    """A body is equal to itself and to one read as its kind under another label."""
    media, write = WRITERS[word]
    body = write(rows)
    assert between(answer(body, media=media), answer(body, media=media), VALUE) == []
    by_label = read_body(body.encode(), read_label(media))
    declared = read_body(
        body.encode(), read_label(f"x/y; {media}"), "json" if word == "token" else word
    )
    assert (by_label.kind, by_label.value, by_label.text) == (
        declared.kind,
        declared.value,
        declared.text,
    )


@pytest.mark.parametrize("word", STRUCTURED)
@UNTIMED
@given(rows=ROWS, at=st.integers(0, 100), name=st.sampled_from(NAMES))
def test_one_planted_change_is_one_difference_at_its_path(
    word: str, rows: list[Record], at: int, name: str
) -> None:
    """A value that is changed is found once, by value, and where it stands.

    Its shape stays the same.
    """
    media, write = WRITERS[word]
    changed = [dict(row) for row in rows]
    changed[at % len(rows)][name] = "planted"
    a, b = answer(write(rows), media=media), answer(write(changed), media=media)
    found = between(a, b, VALUE)
    assert [kind for kind, _, _, _ in found] == ["value"]
    assert word == "html" or name in found[0][1]
    assert between(a, b, SHAPE) == []


@pytest.mark.parametrize("word", ["text", "binary"])
@UNTIMED
@given(rows=ROWS, at=st.integers(0, 100))
def test_one_planted_change_is_one_difference_of_the_whole(
    word: str, rows: list[Record], at: int
) -> None:
    """What has no structure differs as a whole, once, by value.

    At the level of shape nothing is said of it.
    """
    media, write = WRITERS[word]
    changed = [dict(row) for row in rows]
    changed[at % len(rows)]["alpha"] = "planted"
    a, b = answer(write(rows), media=media), answer(write(changed), media=media)
    assert [(name, place) for name, place, _, _ in between(a, b, VALUE)] == [
        (word.replace("binary", "bytes"), "$")
    ]
    assert between(a, b, SHAPE) == []


@pytest.mark.parametrize("word", sorted(set(STRUCTURED) - {"html", "form"}))
@UNTIMED
@given(rows=ROWS, name=st.sampled_from(NAMES))
def test_a_record_more_is_one_difference(word: str, rows: list[Record], name: str) -> None:
    """An element more is one difference by value.

    As another member where elements go by their names.
    """
    media, write = WRITERS[word]
    longer = [*rows, {**rows[0], name: "more"}]
    found = between(answer(write(rows), media=media), answer(write(longer), media=media), VALUE)
    assert len(found) == 1
    assert found[0][0] in ({"member"} if word == "multipart" else {"length"})


@pytest.mark.parametrize("word", WRITERS)
@UNTIMED
@given(data=st.binary(max_size=400), rows=ROWS, cut=st.integers(0, 10_000))
def test_whatever_comes_is_read_or_said_not_to_be(
    word: str, data: bytes, rows: list[Record], cut: int
) -> None:
    """Any bytes, and any torn body, have a kind.

    What is not of its kind is text or bytes, and compared as such.
    """
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


HOSTILE_BODIES = [
    pytest.param(word, raw, id=f"{word}-{name}")
    for word, bodies in HOSTILE.items()
    for name, raw in bodies.items()
]
NESTED = set(WRITERS) - {"table", "form", "text", "binary"}


def test_every_kind_has_a_hostile_corpus() -> None:
    """Each kind is met torn, huge and in a wrong charset; those that nest, deep as well."""
    assert HOSTILE.keys() == WRITERS.keys()
    for word, bodies in HOSTILE.items():
        assert bodies.keys() >= {
            "torn",
            "huge",
            "wrong-charset",
            *({"deep"} if word in NESTED else ()),
        }, word


MEMORY_PER_BYTE = 400
"""An element of three bytes takes about a thousand: itself, its value, and its places in two lists.
"""


@pytest.mark.parametrize(("word", "raw"), HOSTILE_BODIES)
def test_a_hostile_body_is_read(word: str, raw: bytes) -> None:
    """Whatever a body holds, it is read and compared without a surprise.

    What grows faster than it would never end.
    """
    media = WRITERS[word][0]
    read = read_body(raw, read_label(media))
    assert read.structured or read.kind in {"text", "binary"}
    assert (
        between(answer(raw, media=media), answer(raw[:-1] + b"x", media=media), SHAPE) is not None
    )


@pytest.mark.parametrize(("word", "raw"), HOSTILE_BODIES)
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


@pytest.mark.parametrize("word", STRUCTURED)
def test_no_body_is_held_after_it_was_compared(word: str) -> None:
    """No body is held after its comparison: a run of many cases takes the memory of one."""
    media, write = WRITERS[word]
    rows = [{name: f"v{at}-{name}" for name in NAMES} for at in range(2_000)]
    a, b = (
        answer(write([*rows, dict.fromkeys(NAMES, last)]), media=media) for last in ("one", "two")
    )
    between(a, b, VALUE)  # what is imported, compiled or interned for good
    gc.collect()
    tracemalloc.start()
    assert len(between(a, b, VALUE)) > 0
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < len(a.body)
