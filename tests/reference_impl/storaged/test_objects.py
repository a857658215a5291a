"""Objects from outside: stored, read whole and in part, under conditions, and gone again."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.conftest import Answer, LiveDaemon

TEXT = b"0123456789"
SHA256 = hashlib.sha256(TEXT).hexdigest()
ETAG = f'"{SHA256}"'


@pytest.mark.parametrize("prefix", ["", "/v1"])
def test_an_object_comes_back_as_it_was_stored(storaged: LiveDaemon, prefix: str) -> None:
    """Bytes, media type and digest are those of the writer.

    A replaced object is 200, a new one 201.
    """
    path = f"{prefix}/storage/round-trip{len(prefix)}/a/b.txt"
    new = storaged.ask("PUT", path, TEXT, {"content-type": "text/plain; charset=utf-8"})
    read = storaged.ask("GET", path)

    assert (new.status, new.header("etag")) == (201, ETAG)
    assert new.json() == {
        "key": "a/b.txt",
        "size_bytes": 10,
        "sha256": SHA256,
        "content_type": "text/plain; charset=utf-8",
    }
    assert (read.status, read.body, read.header("etag")) == (200, TEXT, ETAG)
    assert read.header("content-type") == "text/plain; charset=utf-8"
    assert storaged.ask("PUT", path, b"").status == 200
    assert storaged.ask("GET", path).header("content-type") == "application/octet-stream"
    assert storaged.ask("DELETE", path).status == 204
    assert {storaged.ask(method, path).status for method in ("GET", "HEAD", "DELETE")} == {404}


def test_head_tells_what_get_would_send(storaged: LiveDaemon) -> None:
    """HEAD has the headers of GET, its length and ranges included, and no body."""
    storaged.ask("PUT", "/storage/head/a", TEXT)
    head, get = storaged.ask("HEAD", "/storage/head/a"), storaged.ask("GET", "/storage/head/a")
    told = ("content-length", "content-type", "etag", "accept-ranges")

    assert [head.header(name) for name in told] == [get.header(name) for name in told]
    assert [head.header(name) for name in told] == ["10", "application/octet-stream", ETAG, "bytes"]
    ranged = storaged.ask("HEAD", "/storage/head/a", headers={"range": "bytes=2-3"})
    assert (ranged.status, ranged.header("content-length")) == (206, "2")


RANGES = {
    "bytes=0-0": (206, b"0", "bytes 0-0/10"),
    "bytes=2-4": (206, b"234", "bytes 2-4/10"),
    "bytes=7-": (206, b"789", "bytes 7-9/10"),
    "bytes=-3": (206, b"789", "bytes 7-9/10"),
    "bytes=-99": (206, TEXT, "bytes 0-9/10"),
    "bytes=5-99": (206, b"56789", "bytes 5-9/10"),
    "Bytes=5-99": (206, b"56789", "bytes 5-9/10"),
    "bytes=10-": (416, None, "bytes */10"),
    "bytes=99-100": (416, None, "bytes */10"),
    "bytes=-0": (416, None, "bytes */10"),
    "bytes=4-2": (200, TEXT, None),
    "bytes=0-1,3-4": (200, TEXT, None),
    "bytes=x-y": (200, TEXT, None),
    "bytes=-": (200, TEXT, None),
    "bytes=\u0661-": (200, TEXT, None),
    "lines=0-1": (200, TEXT, None),
    "": (200, TEXT, None),
}


@pytest.mark.parametrize("field", RANGES)
def test_ranges(storaged: LiveDaemon, field: str) -> None:
    """One range is served, one that holds nothing refused, and what is no range ignored."""
    storaged.ask("PUT", "/storage/ranges/a", TEXT)
    answer = storaged.ask("GET", "/storage/ranges/a", headers={"range": field.encode()})  # type: ignore[dict-item]
    status, body, content_range = RANGES[field]

    assert (answer.status, answer.header("content-range")) == (status, content_range)
    assert body is None or answer.body == body


def test_no_range_holds_a_byte_of_nothing(storaged: LiveDaemon) -> None:
    """An empty object has no part."""
    storaged.ask("PUT", "/storage/ranges/empty", b"")

    assert storaged.ask("GET", "/storage/ranges/empty", headers={"range": "bytes=0-"}).status == 416
    assert storaged.ask("GET", "/storage/ranges/empty").body == b""


READ_CONDITIONS = [
    ({"if-match": ETAG}, 200),
    ({"if-match": "*"}, 200),
    ({"if-match": f'"x", {ETAG}'}, 200),
    ({"if-match": '"x"'}, 412),
    ({"if-match": f"W/{ETAG}"}, 412),
    ({"if-match": SHA256}, 412),
    ({"if-none-match": ETAG}, 304),
    ({"if-none-match": f"W/{ETAG}"}, 304),
    ({"if-none-match": f'"x",{ETAG}'}, 304),
    ({"if-none-match": "*"}, 304),
    ({"if-none-match": '"x"'}, 200),
    ({"if-match": '"x"', "if-none-match": ETAG}, 412),
    ({"range": "bytes=0-1", "if-range": ETAG}, 206),
    ({"range": "bytes=0-1", "if-range": '"x"'}, 200),
    ({"range": "bytes=0-1", "if-range": f"W/{ETAG}"}, 200),
    ({"range": "bytes=0-1", "if-range": "Wed, 21 Oct 2015 07:28:00 GMT"}, 200),
    ({"range": "bytes=99-", "if-range": '"x"'}, 200),
    ({"range": "bytes=0-1", "if-none-match": ETAG}, 304),
]


@pytest.mark.parametrize(("headers", "status"), READ_CONDITIONS, ids=str)
def test_conditions_of_reading(storaged: LiveDaemon, headers: dict[str, str], status: int) -> None:
    """If-Match compares strongly, If-None-Match weakly, both before a range is looked at."""
    storaged.ask("PUT", "/storage/conditions/read", TEXT)
    answer = storaged.ask("GET", "/storage/conditions/read", headers=headers)

    assert answer.status == status
    assert status not in {200, 206, 304} or answer.header("etag") == ETAG


WRITE_CONDITIONS = [
    (TEXT, {"if-match": ETAG}, 200),
    (TEXT, {"if-match": "*"}, 200),
    (TEXT, {"if-match": '"x"'}, 412),
    (TEXT, {"if-match": f"W/{ETAG}"}, 412),
    (TEXT, {"if-none-match": "*"}, 412),
    (TEXT, {"if-none-match": ETAG}, 412),
    (TEXT, {"if-none-match": '"x"'}, 200),
    (None, {"if-match": "*"}, 412),
    (None, {"if-match": ETAG}, 412),
    (None, {"if-none-match": "*"}, 201),
    (None, {"if-none-match": ETAG}, 201),
]


@pytest.mark.parametrize(("before", "headers", "status"), WRITE_CONDITIONS, ids=str)
def test_conditions_of_writing(
    storaged: LiveDaemon, before: bytes | None, headers: dict[str, str], status: int
) -> None:
    """A write whose condition fails changes nothing."""
    path = "/storage/conditions/write"
    storaged.ask("DELETE", path)
    if before is not None:
        storaged.ask("PUT", path, before)

    assert storaged.ask("PUT", path, b"new", headers).status == status
    after = storaged.ask("GET", path)
    assert after.body == b"new" if status < 300 else after.body == TEXT or after.status == 404


@pytest.mark.parametrize(
    ("headers", "status"), [({"if-match": '"x"'}, 412), ({"if-match": ETAG}, 204)], ids=str
)
def test_conditions_of_deleting(storaged: LiveDaemon, headers: dict[str, str], status: int) -> None:
    """An object is deleted only in the state that the caller knows."""
    storaged.ask("PUT", "/storage/conditions/delete", TEXT)

    assert storaged.ask("DELETE", "/storage/conditions/delete", headers=headers).status == status


def test_of_many_creators_one_wins(storaged: LiveDaemon) -> None:
    """`If-None-Match: *` is a lock that only one writer takes, and that writer's content stays."""

    def create(number: int) -> Answer:
        return storaged.ask("PUT", "/storage/race/a", str(number) * 300_000, {"if-none-match": "*"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, range(8)))

    assert sorted(answer.status for answer in answers) == [201, *[412] * 7]
    winner = next(answer for answer in answers if answer.status == 201)
    assert storaged.ask("GET", "/storage/race/a").header("etag") == winner.header("etag")


def test_writers_and_readers_never_mix_two_objects(storaged: LiveDaemon) -> None:
    """Each reader sees one writer's bytes whole, with the digest of just those bytes."""
    bodies = {
        hashlib.sha256(body).hexdigest(): body
        for body in (bytes([n]) * (600_000 + n) for n in range(4))
    }
    path = "/storage/race/b"
    storaged.ask("PUT", path, next(iter(bodies.values())))

    def work(number: int) -> Answer | None:
        if number % 2:
            storaged.ask("PUT", path, list(bodies.values())[number % 4])
            return None
        return storaged.ask("GET", path)

    with ThreadPoolExecutor(4) as pool:
        answers = [answer for answer in pool.map(work, range(40)) if answer]

    assert len(answers) == 20
    for answer in answers:
        assert bodies[(answer.header("etag") or "").strip('"')] == answer.body


def test_a_large_object_takes_no_memory(storaged: LiveDaemon) -> None:
    """A body of 48 MiB goes through on its way to the disk and back."""
    body = bytes(range(256)) * (48 * 4096)
    before = storaged.memory_bytes("VmHWM")

    assert storaged.ask("PUT", "/storage/large/a", body).status == 201
    assert storaged.ask("GET", "/storage/large/a").body == body
    assert (
        storaged.ask("GET", "/storage/large/a", headers={"range": "bytes=1000000-1999999"}).body
        == body[10**6 : 2 * 10**6]
    )
    assert storaged.memory_bytes("VmHWM") - before < 24 * 2**20
    storaged.ask("DELETE", "/storage/large/a")


def test_what_is_too_large_or_encoded_is_refused(tmp_path: Path) -> None:
    """Over the limit is 413, an encoded body 415; neither leaves anything behind."""
    with running_room("storaged", tmp_path, "--max-body-bytes", "1000") as daemon:
        assert daemon.ask("PUT", "/storage/b/a", b"x" * 1001).status == 413
        assert daemon.ask("PUT", "/storage/b/a", iter([b"x" * 600] * 2)).status == 413  # type: ignore[arg-type]
        assert daemon.ask("PUT", "/storage/b/a", b"x", {"content-encoding": "gzip"}).status == 415
        assert daemon.ask("PUT", "/storage/b/a", b"x" * 1000).status == 201

    files = [
        path for path in (tmp_path / "data").rglob("*") if path.is_file() and path.name != "lock"
    ]
    assert len(files) == 1


def test_another_method_is_405_with_allow(storaged: LiveDaemon) -> None:
    """Both resources say what they take."""
    assert storaged.ask("POST", "/storage/b/k", b"").header("allow") == "DELETE, GET, HEAD, PUT"
    assert storaged.ask("PUT", "/storage/b", b"").header("allow") == "GET, HEAD"
