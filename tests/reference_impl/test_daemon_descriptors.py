"""Daemons that are asked, refused and left in the middle close what they opened for it."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import struct
from typing import TYPE_CHECKING

from reference_impl.gateway.service.owners import OWNERS
from tests.descriptors import needs_proc, open_in, wait_until_closed_in
from tests.miniatures.faulty import OK, drops_the_handshake, says
from tests.miniatures.server import serve_connections, serve_script
from tests.reference_impl.conftest import running
from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

pytestmark = needs_proc
ROUNDS = 15
LARGE = bytes(4 << 20)
INDEX = "/vectors/index"
KEPT = 2
"""So many connections to a daemon, each in the place of one that ended, may rest for the next
request.
"""


def leaves_nothing_open(daemon: LiveDaemon, once: Callable[[], None], lasting: int = 0) -> None:
    """Do something many times, after which nothing may be open that was not before the first."""
    before = open_in(daemon.process.pid)
    for _ in range(ROUNDS):
        once()
    wait_until_closed_in(daemon.process.pid, before, lasting)


def leave(daemon: LiveDaemon, sent: bytes, wanted: int = 0) -> None:
    """Send something, read a part of what comes, and tear the connection down."""
    with daemon.connect() as connection:
        connection.sendall(sent)
        while wanted > 0 and (piece := connection.recv(wanted)):
            wanted -= len(piece)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_storaged(tmp_path: Path) -> None:
    """Objects are stored, read whole, in part and not at all, and readers and writers leave."""
    with running_room("storaged", tmp_path) as daemon:
        daemon.ask("PUT", "/storage/b/large", LARGE)
        get = b"GET /storage/b/large HTTP/1.1\r\nhost: localhost\r\n\r\n"
        put = b"PUT /storage/b/never HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n"

        def once() -> None:
            assert daemon.ask("PUT", "/storage/b/small", b"x").status in {200, 201}
            etag = daemon.ask("HEAD", "/storage/b/small").header("etag") or ""
            for headers, status in (
                ({}, 200), ({"range": "bytes=1-2"}, 206), ({"range": "bytes=9999999-"}, 416),
                    ({"if-match": '"x"'}, 412)
            ):  # fmt: skip
                assert daemon.ask("GET", "/storage/b/large", headers=headers).status == status
            assert (
                daemon.ask("GET", "/storage/b/small", headers={"if-none-match": etag}).status == 304
            )
            assert daemon.ask("GET", "/storage/b/nobody").status == 404
            assert daemon.ask("PUT", "/storage/b/small", b"y", {"if-none-match": "*"}).status == 412
            for wanted in (0, 1, 1000, 1 << 20):
                leave(daemon, get, wanted)
            leave(daemon, get * 5)
            leave(daemon, put + LARGE[:600_000])
            leave(daemon, put[:30])

        leaves_nothing_open(daemon, once)
        assert daemon.ask("GET", "/storage/b/large").body == LARGE


def test_vectord(tmp_path: Path) -> None:
    """Indexes are made, filled, saved and deleted, each with a log and the files of its saves."""
    with running_room("vectord", tmp_path) as daemon:

        def once() -> None:
            assert daemon.post({"name": "i", "dim": 2}, INDEX).status == 201
            for number in range(3):
                items = [{"id": f"i{number}", "vector": [1, number]}]
                assert daemon.post({"items": items}, f"{INDEX}/i/add").status == 200
                assert daemon.ask("POST", f"{INDEX}/i/save").status == 200
            assert daemon.post({"vector": [1, 0], "k": 5}, f"{INDEX}/i/search").status == 200
            leave(
                daemon,
                b"POST /vectors/index/i/add HTTP/1.1\r\nhost: localhost\r\ncontent-length: "
                b"900\r\n\r\n{",
            )
            assert daemon.ask("DELETE", f"{INDEX}/i").status == 200

        leaves_nothing_open(daemon, once)


def test_a_failing_save_of_vectord(tmp_path: Path) -> None:
    """A save that cannot be made, again and again, keeps none of its files open."""
    with running_room("vectord", tmp_path) as daemon:
        assert daemon.post({"name": "i", "dim": 2}, INDEX).status == 201
        (folder,) = tmp_path.glob("data/vectord/indexes/*")
        for number in range(1, 2 * ROUNDS):
            (folder / f"manifest.{number}").mkdir()

        def once() -> None:
            assert (
                daemon.post({"items": [{"id": "x", "vector": [1, 0]}]}, f"{INDEX}/i/add").status
                == 200
            )
            assert daemon.ask("POST", f"{INDEX}/i/save").status == 503

        leaves_nothing_open(daemon, once, lasting=1)  # the segment of the log that is written now


def test_observerd(tmp_path: Path) -> None:
    """Pages of events that are read from the log while it is written."""
    with running_room("observerd", tmp_path) as daemon:

        def once() -> None:
            event = json.dumps({"source": "a", "outcome": "b", "message": "x" * 1_000})
            headers = {"content-type": "application/json"}
            for _ in range(20):
                assert daemon.ask("POST", "/observer/event", event, headers).status == 202
            assert len(daemon.ask("GET", "/observer/events?limit=5").json()["events"]) == 5
            leave(daemon, b"GET /observer/events?limit=1000 HTTP/1.1\r\nhost: localhost\r\n\r\n")

        leaves_nothing_open(daemon, once)


def test_gateway(tmp_path: Path) -> None:
    """Answers of a daemon behind it are read, abandoned in the middle, broken off, or missing."""
    with (
        running_room("storaged", tmp_path) as storaged,
        serve_script(says(OK, b"content-length: 900000\r\n\r\nhalf")) as broken,
        serve_connections(drops_the_handshake) as silent,
    ):
        storaged.ask("PUT", "/storage/b/large", LARGE)
        urls = dict.fromkeys(OWNERS.values(), silent) | {
            "storaged": f"http://127.0.0.1:{storaged.port}",
            "catalogd": broken,
        }
        flags = [f"--{name}-url={url}" for name, url in urls.items()]
        with running(
            tmp_path / "gateway.log", *flags, program=("-m", "reference_impl", "gateway")
        ) as gateway:
            get = b"GET /storage/b/large HTTP/1.1\r\nhost: localhost\r\n\r\n"

            def once() -> None:
                assert gateway.ask("GET", "/storage/b/large").body == LARGE
                assert gateway.ask("GET", "/storage/b/nobody").status == 404
                for wanted in (0, 1000, 1 << 20):
                    leave(gateway, get, wanted)
                with contextlib.suppress(http.client.HTTPException, ConnectionError):
                    gateway.ask("GET", "/catalog/list")
                assert gateway.ask("GET", "/vectors/index").status == 502

            before = open_in(storaged.process.pid)
            once()
            leaves_nothing_open(gateway, once, lasting=KEPT)
            wait_until_closed_in(storaged.process.pid, before, lasting=KEPT)
