"""observerd from outside: what is recorded, found again page by page, and counted."""

from __future__ import annotations

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.conftest import JSON, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

OBSERVERD = ("-m", "reference_impl", "observerd")
EVENT = {"source": "smoke", "outcome": "ok"}
FULL = {
    **EVENT,
    "message": "é\u2028",
    "occurred_at": "2026-11-25T10:00:00.25+01:00",
    "data": {"n": [1, 1.5, None]},
}


@pytest.fixture
def observerd(tmp_path: Path) -> Iterator[LiveDaemon]:
    """One observerd with an empty data directory."""
    with running(
        tmp_path / "log", "--data-dir", str(tmp_path / "data"), program=OBSERVERD
    ) as daemon:
        yield daemon


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One observerd for all tests that leave nothing behind."""
    directory = tmp_path_factory.mktemp("observerd")
    with running(
        directory / "log", "--data-dir", str(directory / "data"), program=OBSERVERD
    ) as daemon:
        yield daemon


def record(daemon: LiveDaemon, event: Any = None) -> Any:
    """Record one event and give the receipt."""
    answer = daemon.post(event or EVENT, "/v1/observer/event")
    assert answer.status == 202
    return answer.json()


def page(daemon: LiveDaemon, query: str = "") -> Any:
    """Get one page."""
    answer = daemon.ask("GET", f"/observer/events{query}")
    assert answer.status == 200
    return answer.json()


def test_an_event_is_found_as_it_was_recorded(observerd: LiveDaemon) -> None:
    """Its seq and its time are those of the receipt.

    A time it brings is kept as the same moment.
    """
    receipt = record(observerd, FULL)

    [found] = page(observerd)["events"]
    assert (found["seq"], found["recorded_at"]) == (receipt["seq"], receipt["recorded_at"])
    assert page(observerd, f"?after={receipt['after']}&limit=1")["events"] == [found]
    assert found["event"] == FULL | {"occurred_at": "2026-11-25T10:00:00.250000+01:00"}


def test_pages_follow_the_cursor(observerd: LiveDaemon) -> None:
    """Every event stands on one page.

    The last page says so, and its cursor waits for what comes.
    """
    for number in range(150):
        record(observerd, {**EVENT, "data": {"number": number}})

    cursor, numbers, sizes = 0, [], []
    while True:
        found = page(observerd, f"?after={cursor}&limit=70")
        numbers += [event["event"]["data"]["number"] for event in found["events"]]
        sizes.append(len(found["events"]))
        cursor = found["next_after"]
        if not found["has_more"]:
            break
    assert (numbers, sizes, cursor) == (list(range(150)), [70, 70, 10], 150)
    assert page(observerd, "?after=150") == {"events": [], "next_after": 150, "has_more": False}
    assert page(observerd, f"?after={2**53 - 1}&limit=1000")["events"] == []
    assert record(observerd)["seq"] == 151


@pytest.mark.parametrize(
    "query",
    [
        "?after=-1",
        "?after=x",
        "?limit=0",
        "?limit=1001",
        "?more=1",
        "?after=1&after=2",
        "?after=1.5",
    ],
)
def test_a_bad_query_is_422(unchanged: LiveDaemon, query: str) -> None:
    """What is not declared, or out of its bounds, is refused."""
    assert unchanged.ask("GET", f"/observer/events{query}").status == 422


@pytest.mark.parametrize(
    "change",
    [
        {"source": ""},
        {"source": "a b"},
        {"source": "a\n"},
        {"source": "x" * 101},
        {"outcome": 5},
        {"outcome": None},
        {"message": "x" * 4097},
        {"occurred_at": "yesterday"},
        {"occurred_at": "2026-11-25T10:00:00"},
        {"data": []},
        {"data": {"x": "y" * 66_000}},
        {"more": 1},
    ],
    ids=lambda change: json.dumps(change)[:40],
)
def test_what_is_no_event_is_422(unchanged: LiveDaemon, change: Any) -> None:
    """Nothing of it is recorded."""
    assert unchanged.post({**EVENT, **change}, "/observer/event").status == 422
    assert page(unchanged)["events"] == []


def test_a_page_is_bounded_in_bytes(observerd: LiveDaemon) -> None:
    """Large events make short pages, and the cursor goes on."""
    for _ in range(80):
        record(observerd, {**EVENT, "data": {"x": "y" * 60_000}})
    first = page(observerd, "?limit=1000")

    assert 0 < len(first["events"]) < 80
    assert first["has_more"]
    assert len(page(observerd, f"?after={first['next_after']}&limit=1000")["events"]) == 80 - len(
        first["events"]
    )


def test_stats_count_by_source_and_outcome_and_survive(tmp_path: Path) -> None:
    """The counts are sorted, and the same after a restart; events go on where they were."""
    arguments = ("--data-dir", str(tmp_path / "data"))
    with running(tmp_path / "log", *arguments, program=OBSERVERD) as daemon:
        for source, outcome in (("b", "ok"), ("a", "failed"), ("b", "ok"), ("a", "ok")):
            record(daemon, {"source": source, "outcome": outcome})
        alone = daemon.ask("GET", "/observer/stats?source=a").json()
        stats, first = daemon.ask("GET", "/v1/observer/stats").json(), page(daemon)
        assert daemon.stop() == 0
    with running(tmp_path / "log2", *arguments, program=OBSERVERD) as daemon:
        assert daemon.ask("GET", "/observer/stats").json() == stats
        assert page(daemon) == first
        assert record(daemon)["seq"] == 5

    assert (alone["total"], alone["tallies"]) == (2, stats["tallies"][:2])
    assert stats == {
        "total": 4,
        "tallies": [
            {"source": "a", "outcome": "failed", "count": 1},
            {"source": "a", "outcome": "ok", "count": 1},
            {"source": "b", "outcome": "ok", "count": 2},
        ],
        "others": 0,
    }


def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    """Ten rounds: writers record until the daemon is killed.

    Every receipt is then found, once, in its place.
    """
    receipts: dict[int, int] = {}
    for number in range(11):
        with running(
            tmp_path / f"log{number}", "--data-dir", str(tmp_path / "data"), program=OBSERVERD
        ) as daemon:
            found = list(_all(daemon))
            assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
            numbers = {event["seq"]: event["event"]["data"]["number"] for event in found}
            assert receipts.items() <= numbers.items()
            assert len(set(numbers.values())) == len(numbers)
            if number < 10:
                with ThreadPoolExecutor(4) as writers:
                    rounds = [
                        writers.submit(_write, daemon, number * 10 + writer) for writer in range(4)
                    ]
                    time.sleep(0.05 + 0.02 * number)
                    daemon.process.kill()
                for finished in rounds:
                    receipts |= finished.result()
    assert len(receipts) > 50


def _write(daemon: LiveDaemon, writer: int) -> dict[int, int]:
    """Record events over one connection until it breaks.

    Give what was acknowledged: numbers by seq.
    """
    receipts = {}
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=10)
    for number in range(writer * 100_000, (writer + 1) * 100_000):
        try:
            connection.request(
                "POST", "/observer/event", json.dumps({**EVENT, "data": {"number": number}}), JSON
            )
            answer = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            break
        receipts[answer["seq"]] = number
    connection.close()
    return receipts


def _all(daemon: LiveDaemon) -> Iterator[Any]:
    cursor, has_more = 0, True
    while has_more:
        found = page(daemon, f"?after={cursor}&limit=1000")
        yield from found["events"]
        cursor, has_more = found["next_after"], found["has_more"]
