"""pathwayd from outside: the life of traces, and what survives."""

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

PATHWAYD = ("-m", "reference_impl", "pathwayd")
NOWHERE = "no-such-uid"


@pytest.fixture(scope="module")
def pathwayd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One pathwayd for the module; each test has traces of its own."""
    directory = tmp_path_factory.mktemp("pathwayd")
    with running(
        directory / "log", "--data-dir", str(directory / "data"), program=PATHWAYD
    ) as daemon:
        yield daemon


def do(daemon: LiveDaemon, what: str, document: Any, status: int) -> Any:
    """Post to a path below `/v1/pathway` and give what came, which must have a status."""
    answer = daemon.post(document, f"/v1/pathway/{what}")
    assert answer.status == status, answer.body
    return answer.json()


def get(daemon: LiveDaemon, what: str) -> Any:
    """Get a path below `/pathway`."""
    answer = daemon.ask("GET", f"/pathway/{what}")
    assert answer.status == 200
    return answer.json()


def found(daemon: LiveDaemon, query: str, **more: Any) -> list[str]:
    """Give the uids that a search finds."""
    return [
        hit["trace"]["uid"]
        for hit in do(daemon, "search", {"query": query, **more}, 200)["results"]
    ]


def test_a_trace_is_what_was_added(pathwayd: LiveDaemon) -> None:
    """Members that were left out are empty; a predecessor that there is none of is absent."""
    full = {
        "title": "Refill a shift",
        "body": "Search, ask, confirm.",
        "tags": ["shift"],
        "metadata": {"n": 1.5},
    }
    trace = do(pathwayd, "add", full, 201)
    bare = do(pathwayd, "add", {"title": "Bare"}, 201)

    assert {name: trace[name] for name in full} == full
    assert (trace["version"], trace["state"]) == (1, "active")
    assert (bare["body"], bare["tags"], bare["metadata"], "predecessor" in bare) == (
        "",
        [],
        {},
        False,
    )
    assert get(pathwayd, trace["uid"]) == trace
    assert bare["uid"] != trace["uid"]


def test_an_update_is_a_new_version_of_the_same_uid(pathwayd: LiveDaemon) -> None:
    """What it does not name stays; the history has every version as it was."""
    first = do(pathwayd, "add", {"title": "One", "body": "quokka", "tags": ["a"]}, 201)
    second = do(pathwayd, f"{first['uid']}/update", {"body": "wombat"}, 200)
    history = get(pathwayd, f"{first['uid']}/history")

    assert (second["uid"], second["version"], second["title"], second["tags"]) == (
        first["uid"],
        2,
        "One",
        ["a"],
    )
    assert history == {
        "uid": first["uid"],
        "versions": [first, second],
        "has_more": False,
        "predecessors": [],
    }
    assert (found(pathwayd, "quokka"), found(pathwayd, "wombat")) == ([], [first["uid"]])


def test_history_comes_in_pages(pathwayd: LiveDaemon) -> None:
    """The cursor is a version."""
    uid = do(pathwayd, "add", {"title": "T"}, 201)["uid"]
    for number in range(4):
        do(pathwayd, f"{uid}/update", {"body": str(number)}, 200)
    pages = [get(pathwayd, f"{uid}/history?after={after}&limit=2") for after in (0, 2, 4)]

    assert [[trace["version"] for trace in page["versions"]] for page in pages] == [
        [1, 2],
        [3, 4],
        [5],
    ]
    assert [page["has_more"] for page in pages] == [True, True, False]


def test_a_revision_keeps_its_predecessor(pathwayd: LiveDaemon) -> None:
    """It is a trace of its own; all that it goes on from is in its history."""
    first = do(pathwayd, "add", {"title": "First"}, 201)["uid"]
    second = do(pathwayd, f"{first}/revise", {"title": "Second"}, 201)["uid"]
    third = do(pathwayd, f"{second}/revise", {"title": "Third"}, 201)

    assert third["predecessor"] == second
    assert get(pathwayd, f"{third['uid']}/history")["predecessors"] == [second, first]
    assert get(pathwayd, first)["state"] == "active"


def test_cycles_are_refused(pathwayd: LiveDaemon) -> None:
    """Neither a trace itself nor one that goes on from it becomes its predecessor.

    Nothing changes by the attempt.
    """
    first = do(pathwayd, "add", {"title": "First"}, 201)
    second = do(pathwayd, f"{first['uid']}/revise", {"title": "Second"}, 201)["uid"]
    third = do(pathwayd, "add", {"title": "Third", "predecessor": second}, 201)["uid"]

    for predecessor in (first["uid"], second, third):
        do(pathwayd, f"{first['uid']}/update", {"predecessor": predecessor}, 409)
    assert get(pathwayd, first["uid"]) == first
    assert "predecessor" not in do(pathwayd, f"{second}/update", {"predecessor": None}, 200)
    assert (
        do(pathwayd, f"{first['uid']}/update", {"predecessor": third}, 200)["predecessor"] == third
    )


def test_a_retired_trace_leaves_search_not_history(pathwayd: LiveDaemon) -> None:
    """It does not change any more; retiring it again changes nothing."""
    uid = do(pathwayd, "add", {"title": "numbat"}, 201)["uid"]
    retired = do(pathwayd, f"{uid}/retire", {}, 200)

    assert (retired["state"], retired["version"]) == ("retired", 2)
    assert do(pathwayd, f"{uid}/retire", {}, 200) == retired == get(pathwayd, uid)
    assert found(pathwayd, "numbat") == []
    assert [trace["state"] for trace in get(pathwayd, f"{uid}/history")["versions"]] == [
        "active",
        "retired",
    ]
    do(pathwayd, f"{uid}/update", {"title": "x"}, 409)
    do(pathwayd, f"{uid}/revise", {"title": "x"}, 409)


def test_add_idempotent_adds_once(pathwayd: LiveDaemon) -> None:
    """The same key, or without one the same content, is the same trace, as it is now.

    Plain adds do not count.
    """
    content = {"title": "Once", "metadata": {"a": 1, "b": 2}}
    plain = do(pathwayd, "add", content, 201)["uid"]
    first = do(pathwayd, "add_idempotent", content, 201)
    again = do(pathwayd, "add_idempotent", {"metadata": {"b": 2, "a": 1}, "title": "Once"}, 200)
    other = do(pathwayd, "add_idempotent", {"title": "Once", "metadata": {"a": 1, "b": 3}}, 201)
    keyed = do(pathwayd, "add_idempotent", {**content, "key": "k"}, 201)
    updated = do(pathwayd, f"{keyed['uid']}/update", {"title": "Twice"}, 200)

    assert again == first
    assert do(pathwayd, "add_idempotent", {"title": "Something else", "key": "k"}, 200) == updated
    assert len({plain, first["uid"], other["uid"], keyed["uid"]}) == 4


def test_search_ranks_by_words(pathwayd: LiveDaemon) -> None:
    """More of the query comes first, equals stand by uid; tags narrow.

    What is past the limit is counted.
    """
    both = do(pathwayd, "add", {"title": "Bilby Forklift", "tags": ["night"]}, 201)["uid"]
    one = do(
        pathwayd,
        "add",
        {"title": "bilby", "body": "a driver for the day", "tags": ["day", "x"]},
        201,
    )["uid"]
    twins = sorted(
        do(pathwayd, "add", {"title": "bilby and a potoroo"}, 201)["uid"] for _ in range(2)
    )
    results = do(pathwayd, "search", {"query": "BILBY, forklift?", "limit": 2}, 200)

    assert (results["results"][0]["trace"]["uid"], len(results["results"])) == (both, 2)
    assert results["total"] == 4
    assert found(pathwayd, "bilby", tags=["day", "x"]) == [one]
    assert found(pathwayd, "potoroo") == twins
    assert found(pathwayd, "zzyzx") == found(pathwayd, "?!") == []
    assert do(pathwayd, "search", {"query": "bilby"}, 200) == do(
        pathwayd, "search", {"query": "bilby"}, 200
    )


@pytest.mark.parametrize("what", ["update", "revise", "retire"])
def test_an_unknown_trace_is_404(pathwayd: LiveDaemon, what: str) -> None:
    """For every route about one trace."""
    do(pathwayd, f"{NOWHERE}/{what}", {"title": "x"}, 404)
    assert pathwayd.ask("GET", f"/pathway/{NOWHERE}").status == 404
    assert pathwayd.ask("GET", f"/v1/pathway/{NOWHERE}/history").status == 404


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"title": ""},
        {"title": "x" * 201},
        {"title": "x", "body": "y" * 32_769},
        {"title": "x", "tags": [""]},
        {"title": "x", "tags": ["t"] * 33},
        {"title": "x", "tags": "t"},
        {"title": "x", "metadata": []},
        {"title": "x", "metadata": {"m": "z" * 17_000}},
        {"title": "x", "predecessor": NOWHERE},
        {"title": "x", "predecessor": None},
        {"title": "x", "more": 1},
        {"title": "x", "uid": "mine"},
    ],
    ids=lambda content: json.dumps(content)[:40],
)
def test_what_is_no_trace_is_422(pathwayd: LiveDaemon, content: Any) -> None:
    """Both ways to add one say so."""
    do(pathwayd, "add", content, 422)
    do(pathwayd, "add_idempotent", content, 422)


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    """Versions, keys, predecessors, retired ones, and the scores of a search."""
    arguments = ("--data-dir", str(tmp_path / "data"))
    with running(tmp_path / "log", *arguments, program=PATHWAYD) as daemon:
        first = do(daemon, "add_idempotent", {"title": "dingo one", "key": "k"}, 201)["uid"]
        second = do(daemon, f"{first}/revise", {"title": "dingo two"}, 201)["uid"]
        retired = do(daemon, "add", {"title": "dingo three"}, 201)["uid"]
        do(daemon, f"{retired}/retire", {}, 200)
        do(daemon, f"{second}/update", {"body": "more"}, 200)
        before = [get(daemon, f"{uid}/history") for uid in (first, second, retired)]
        results = do(daemon, "search", {"query": "dingo more"}, 200)
        assert daemon.stop() == 0
    with running(tmp_path / "log2", *arguments, program=PATHWAYD) as daemon:
        assert [get(daemon, f"{uid}/history") for uid in (first, second, retired)] == before
        assert do(daemon, "search", {"query": "dingo more"}, 200) == results
        assert do(daemon, "add_idempotent", {"title": "other", "key": "k"}, 200)["uid"] == first


def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    """Ten rounds: writers add and update until the daemon is killed.

    Every version they were told of is then there.
    """
    told: dict[str, Any] = {}
    for number in range(11):
        with running(
            tmp_path / f"log{number}", "--data-dir", str(tmp_path / "data"), program=PATHWAYD
        ) as daemon:
            for uid, trace in told.items():
                assert trace in get(daemon, f"{uid}/history")["versions"]
            if number < 10:
                with ThreadPoolExecutor(4) as writers:
                    rounds = [
                        writers.submit(_write, daemon, f"{number}-{writer}") for writer in range(4)
                    ]
                    time.sleep(0.05 + 0.01 * number)
                    daemon.process.kill()
                told = {}
                for finished in rounds:
                    told |= finished.result()
                assert told


def _write(daemon: LiveDaemon, writer: str) -> dict[str, Any]:
    """Add and update traces over one connection until it breaks.

    Give the last version told of each.
    """
    told = {}
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=10)
    path = "/pathway/add"
    for number in range(100_000):
        try:
            connection.request("POST", path, json.dumps({"title": f"{writer} {number}"}), JSON)
            trace = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            break
        told[trace["uid"]] = trace
        path = f"/pathway/{trace['uid']}/update" if number % 5 else "/pathway/add"
    connection.close()
    return told
