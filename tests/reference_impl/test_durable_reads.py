"""What a reader was shown is still there after a kill, though its writer had no answer yet."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.conftest import JSON
from tests.reference_impl.lake import running_room
from tests.reference_impl.slow_calls import need_strace, slow_calls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

DELAY_US = 600_000
Call = tuple[str, str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A daemon: calls that bring it into its first state, one that changes it, one that reads it.

    `{uid}` in a path is what the first calls gave, `log` the files that hold the change.
    """

    room: str
    first: tuple[Call, ...]
    change: Call
    read: Call
    log: str


def dataset(schema: str, rows: int) -> dict[str, Any]:
    """Make a registration."""
    return {
        "name": "d",
        "schema": [{"name": schema, "type": "DATE"}],
        "objects": [],
        "row_count": rows,
    }


def item(value: int) -> dict[str, Any]:
    """Make a body that adds an item."""
    return {"items": [{"id": "a", "vector": [1, 2], "metadata": {"value": value}}]}


REGISTER, DATASET = "/catalog/register", "/catalog/datasets/d"
ADD, SEARCH = "/vectors/index/i/add", "/vectors/index/i/search"
CATALOG_LOG, INDEX_LOG = "catalogd/datasets.jsonl", "vectord/indexes/*/log.*"
INDEX = ("POST", "/vectors/index", {"name": "i", "dim": 2})
SUBJECTS = {
    "a dataset": Subject(
        room="catalogd",
        first=(("POST", REGISTER, dataset("a", 1)),),
        change=("POST", REGISTER, dataset("a", 2)),
        read=("GET", DATASET, None),
        log=CATALOG_LOG,
    ),
    "a dataset that goes": Subject(
        room="catalogd",
        first=(("POST", REGISTER, dataset("a", 1)),),
        change=("DELETE", DATASET, None),
        read=("GET", DATASET, None),
        log=CATALOG_LOG,
    ),
    "a list of datasets": Subject(
        room="catalogd",
        first=(),
        change=("POST", REGISTER, dataset("a", 1)),
        read=("GET", "/catalog/datasets", None),
        log=CATALOG_LOG,
    ),
    "an item": Subject(
        room="vectord",
        first=(INDEX, ("POST", ADD, item(1))),
        change=("POST", ADD, item(2)),
        read=("POST", SEARCH, {"vector": [1, 2], "k": 1}),
        log=INDEX_LOG,
    ),
    "the count of an index": Subject(
        room="vectord",
        first=(INDEX,),
        change=("POST", ADD, item(1)),
        read=("GET", "/vectors/index/i", None),
        log=INDEX_LOG,
    ),
    "a trace": Subject(
        room="pathwayd",
        first=(("POST", "/pathway/add", {"title": "one"}),),
        change=("POST", "/pathway/{uid}/update", {"title": "two"}),
        read=("GET", "/pathway/{uid}", None),
        log="pathwayd/*.jsonl",
    ),
    "hits": Subject(
        room="pathwayd",
        first=(("POST", "/pathway/add", {"title": "one"}),),
        change=("POST", "/pathway/{uid}/update", {"title": "two"}),
        read=("POST", "/pathway/search", {"query": "two"}),
        log="pathwayd/*.jsonl",
    ),
    "a count of events": Subject(
        room="observerd",
        first=(),
        change=("POST", "/observer/event", {"source": "s", "outcome": "o"}),
        read=("GET", "/observer/stats", None),
        log="observerd/*.jsonl",
    ),
}


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_nothing_that_was_shown_is_taken_back(subject: Subject, tmp_path: Path) -> None:
    """Writing the log takes long.

    The daemon is killed as soon as a reader sees the change, and started again.
    """
    need_strace()
    with running_room(subject.room, tmp_path) as daemon:
        uid = ""
        for call in subject.first:
            uid = send(daemon, call).get("uid", "")
        change, read = with_uid(subject.change, uid), with_uid(subject.read, uid)
        before = visible(daemon, read)
        writer = threading.Thread(target=send_until_killed, args=(daemon, change))
        logs = (tmp_path / "data").glob(subject.log)
        with slow_calls(
            daemon.process.pid, "write,pwrite64", DELAY_US, at="delay_enter", files=logs
        ):
            writer.start()
            shown = seen_after(daemon, read, before)
            daemon.process.kill()
        writer.join()
    with running_room(subject.room, tmp_path) as daemon:
        assert visible(daemon, read) == shown


def send(daemon: LiveDaemon, call: Call) -> Any:
    """Send a call and give the JSON of its answer."""
    method, path, document = call
    body = None if document is None else json.dumps(document)
    answer = daemon.ask(method, path, body, JSON if body else {})
    return answer.json() if answer.body else {}


def send_until_killed(daemon: LiveDaemon, call: Call) -> None:
    """Send a call whose answer may not come."""
    with suppress(OSError, HTTPException):
        send(daemon, call)


def with_uid(call: Call, uid: str) -> Call:
    """Put the trace's uid into a path."""
    return call[0], call[1].replace("{uid}", uid), call[2]


def visible(daemon: LiveDaemon, read: Call) -> Any:
    """Read the state: what of the answer stays the same from start to start."""
    document = send(daemon, read)
    return {
        name: value for name, value in document.items() if name not in {"is_saved", "generation"}
    }


def seen_after(daemon: LiveDaemon, read: Call, before: Any) -> Any:
    """Read until something else is seen."""
    for _ in range(10_000):
        shown = visible(daemon, read)
        if shown != before:
            return shown
    raise AssertionError("nothing changed")
