"""vectord from outside: its routes, what it refuses, and what it says about itself."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.vectord.holding import wait_for_graph

if TYPE_CHECKING:
    from tests.reference_impl.conftest import LiveDaemon

ROOT = "/vectors/index"
X, Y, Z = (
    {"id": "x", "vector": [1, 0]},
    {"id": "y", "vector": [0, 2]},
    {"id": "z", "vector": [-3, 0]},
)


@pytest.fixture
def index(vectord: LiveDaemon) -> str:
    """Make an index of two dimensions under cosine, and give its path."""
    name = secrets.token_hex(8)
    assert vectord.post({"name": name, "dim": 2}, ROOT).status == 201
    return f"{ROOT}/{name}"


def ids(daemon: LiveDaemon, index: str, **search: Any) -> list[str]:
    answer = daemon.post({"vector": [1, 0], "k": 10, **search}, f"{index}/search")
    assert answer.status == 200, answer.body
    return [hit["id"] for hit in answer.json()["results"]]


def test_the_life_of_an_index(vectord: LiveDaemon) -> None:
    """It is made, found, found again, and gone."""
    settings = {
        "name": secrets.token_hex(8),
        "dim": 3,
        "metric": "l2",
        "m": 8,
        "ef_construction": 50,
    }
    path = f"{ROOT}/{settings['name']}"
    state = {**settings, "count": 0, "searched": "exactly", "generation": 0, "is_saved": True}

    made = vectord.post(settings, ROOT)
    assert (made.status, made.json()) == (201, state)
    assert vectord.post(settings, ROOT).status == 200
    assert vectord.post({**settings, "dim": 4}, ROOT).status == 409
    assert vectord.ask("GET", path).json() == state
    assert state in vectord.ask("GET", f"/v1{ROOT}").json()["indexes"]
    assert vectord.ask("DELETE", path).json() == {"name": settings["name"], "deleted": True}
    assert [vectord.ask(method, path).status for method in ("GET", "DELETE")] == [404, 404]
    assert vectord.post(settings, ROOT).json() == state


def test_an_upsert_replaces_whole_items(vectord: LiveDaemon, index: str) -> None:
    """Neither the old vector nor the old metadata is found afterwards."""
    first = vectord.post({"items": [{**X, "metadata": {"a": 1}}, Y]}, f"{index}/add")
    second = vectord.post(
        {"items": [{"id": "x", "vector": [0, -1], "metadata": {"b": 2}}]}, f"{index}/add"
    )
    found = vectord.post({"vector": [1, 0], "k": 5}, f"{index}/search").json()

    assert (first.json(), second.json()) == ({"added": 2, "updated": 0}, {"added": 0, "updated": 1})
    assert found == {
        "metric": "cosine",
        "results": [
            {"id": "x", "distance": 1.0, "metadata": {"b": 2}},
            {"id": "y", "distance": 1.0, "metadata": {}},
        ],
    }


@pytest.mark.parametrize(
    ("metric", "distances"),
    [
        ("cosine", {"x": 0.0, "y": 1.0, "z": 2.0}),
        ("l2", {"x": 0.0, "y": 2.236068, "z": 4.0}),
        ("dot", {"x": -1.0, "y": 0.0, "z": 3.0}),
    ],
)
def test_distances(vectord: LiveDaemon, metric: str, distances: dict[str, float]) -> None:
    """Each metric measures as the document says."""
    name = secrets.token_hex(8)
    vectord.post({"name": name, "dim": 2, "metric": metric}, ROOT)
    vectord.post({"items": [Z, Y, X]}, f"{ROOT}/{name}/add")
    found = vectord.post({"vector": [1, 0], "k": 3}, f"{ROOT}/{name}/search").json()["results"]

    assert [(hit["id"], hit["distance"]) for hit in found] == list(distances.items())


def test_equal_distances_come_by_id(vectord: LiveDaemon, index: str) -> None:
    """Also where the k-th of them is one of many."""
    names = [f"n{number:02}" for number in range(30)]
    vectord.post(
        {"items": [{"id": name, "vector": [1, 1]} for name in reversed(names)]}, f"{index}/add"
    )

    assert ids(vectord, index, k=4) == names[:4]


def test_excluded_ids_make_room_for_others(vectord: LiveDaemon, index: str) -> None:
    """K counts what is left; an id that is not there excludes nothing."""
    vectord.post({"items": [X, Y, Z]}, f"{index}/add")

    assert ids(vectord, index, k=2, exclude_ids=["x", "nobody"]) == ["y", "z"]
    assert ids(vectord, index, exclude_ids=["x", "y", "z"]) == []


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "abcde"),
    ({"n": 1}, "a"),
    ({"n": 1.0}, "a"),
    ({"n": True}, "b"),
    ({"n": None}, "c"),
    ({"n": "1"}, "d"),
    ({"n": [1, True]}, "ab"),
    ({"n": []}, ""),
    ({"other": None}, ""),
    ({"n": {"gte": 1}}, "a"),
    ({"n": {"gt": 1}}, ""),
    ({"n": {"gt": 0, "lt": 2}}, "a"),
    ({"n": {"gte": "0", "lte": "1"}}, "d"),
    ({"n": {"gt": "1"}}, ""),
    ({"n": {}}, "abcd"),
    ({"tags": "red"}, "ae"),
    ({"tags": ["red", "blue"]}, "abe"),
    ({"tags": "red", "n": 1}, "a"),
    ({"deep": "x"}, ""),
]


@pytest.mark.parametrize(
    ("condition", "expected"), FILTERS, ids=[json.dumps(condition) for condition, _ in FILTERS]
)
def test_filters(vectord: LiveDaemon, condition: dict[str, Any], expected: str) -> None:
    """Values are equal as JSON is, lists are alternatives, and bounds keep to their kind.

    A list is any of its elements.
    """
    name = "filters"
    metadata = {
        "a": {"n": 1, "tags": ["red", "green"]},
        "b": {"n": True, "tags": ["blue"]},
        "c": {"n": None, "tags": []},
        "d": {"n": "1", "deep": {"x": "x"}},
        "e": {"tags": "red"},
    }
    if vectord.post({"name": name, "dim": 2}, ROOT).status == 201:
        items = [
            {"id": item_id, "vector": [1, 0], "metadata": known}
            for item_id, known in metadata.items()
        ]
        vectord.post({"items": items}, f"{ROOT}/{name}/add")

    assert "".join(ids(vectord, f"{ROOT}/{name}", filter=condition)) == expected


def test_a_filter_follows_changes(vectord: LiveDaemon, index: str) -> None:
    """What it learned about an item does not outlive the item."""
    for round_number in range(3):
        item = {**X, "metadata": {"round": round_number}}
        vectord.post({"items": [item]}, f"{index}/add")
        assert [ids(vectord, index, filter={"round": n}) for n in range(3)] == [
            ["x"] if n == round_number else [] for n in range(3)
        ]
    vectord.ask("DELETE", f"{index}/items/x")
    assert ids(vectord, index, filter={"round": 2}) == []


@pytest.mark.parametrize("item_id", ["a/b", "ü", "a b", "..", "%41", "x" * 512, "items/x"])
def test_any_text_is_an_id(vectord: LiveDaemon, index: str, item_id: str) -> None:
    """An id is data: it is found and deleted whatever it looks like."""
    encoded = "".join(f"%{byte:02X}" for byte in item_id.encode())
    vectord.post({"items": [{"id": item_id, "vector": [1, 0]}]}, f"{index}/add")

    assert ids(vectord, index) == [item_id]
    assert vectord.ask("DELETE", f"{index}/items/{encoded}").json() == {
        "id": item_id,
        "deleted": True,
    }
    assert vectord.ask("DELETE", f"{index}/items/{encoded}").status == 404


BAD_INDEXES: list[Any] = [
    {},
    {"name": "a"},
    {"name": "", "dim": 2},
    {"name": "../a", "dim": 2},
    {"name": ".a", "dim": 2},
    {"name": "a/b", "dim": 2},
    {"name": "a\n", "dim": 2},
    {"name": "a", "dim": 0},
    {"name": "a", "dim": 4097},
    {"name": "a", "dim": 2.5},
    {"name": "a", "dim": 2, "metric": "manhattan"},
    {"name": "a", "dim": 2, "m": 1},
    {"name": "a", "dim": 2, "ef_construction": 7},
    {"name": "a", "dim": 2, "size": 1},
]


@pytest.mark.parametrize("settings", BAD_INDEXES, ids=json.dumps)
def test_bad_settings(vectord: LiveDaemon, settings: Any) -> None:
    """They are the caller's fault, each in words."""
    assert vectord.post(settings, ROOT).status == 422


BAD_VECTORS: list[tuple[list[float], str, str]] = [
    ([1], "", "the index wants 2 numbers, got 1"),
    ([1, 2, 3], "", "the index wants 2 numbers, got 3"),
    ([0, 0], "", "a zero vector has no direction, which cosine needs"),
    ([-0.0, 0.0], "", "a zero vector has no direction, which cosine needs"),
    ([1e16, 0], "/0", "not within ±1e+15"),
    ([1, -1e300], "/1", "not within ±1e+15"),
]


@pytest.mark.parametrize(("vector", "at", "reason"), BAD_VECTORS)
def test_a_vector_that_cannot_be_there(
    vectord: LiveDaemon, index: str, vector: list[float], at: str, reason: str
) -> None:
    """It is refused at its place, and nothing of its request is kept."""
    added = vectord.post({"items": [X, {"id": "bad", "vector": vector}]}, f"{index}/add")
    searched = vectord.post({"vector": vector, "k": 1}, f"{index}/search")

    for answer, pointer in ((added, f"/items/1/vector{at}"), (searched, f"/vector{at}")):
        assert answer.status == 422
        assert answer.json()["detail"] == f"the body does not fit: {pointer}: {reason}"
        assert answer.json()["errors"] == [{"pointer": pointer, "detail": reason}]
    assert ids(vectord, index) == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_what_is_no_number_is_not_json(vectord: LiveDaemon, index: str, number: str) -> None:
    """The strict reader refuses it before anything else looks."""
    body = f'{{"vector": [1, {number}], "k": 1}}'

    assert (
        vectord.ask("POST", f"{index}/search", body, {"content-type": "application/json"}).status
        == 400
    )


def test_tiny_vectors_have_a_direction(vectord: LiveDaemon, index: str) -> None:
    """Squares that vanish do not make a vector zero."""
    vectord.post({"items": [{"id": "tiny", "vector": [1e-300, 1e-300]}]}, f"{index}/add")
    hit = vectord.post({"vector": [1e-200, 1e-200], "k": 1}, f"{index}/search").json()["results"][0]

    assert (hit["id"], hit["distance"]) == ("tiny", 0.0)


BAD_BODIES: list[tuple[str, Any]] = [
    ("add", {"items": []}),
    ("add", {"items": [{"id": "", "vector": [1, 0]}]}),
    ("add", {"items": [{"id": 5, "vector": [1, 0]}]}),
    ("add", {"items": [{"id": "a", "vector": ["1", 0]}]}),
    ("add", {"items": [{"id": "a", "vector": []}]}),
    ("add", {"items": [{"id": "a", "vector": [1, 0], "metadata": []}]}),
    ("add", {"items": [X, X]}),
    ("search", {"vector": [1, 0]}),
    ("search", {"vector": [1, 0], "k": 0}),
    ("search", {"vector": [1, 0], "k": 1001}),
    ("search", {"vector": [1, 0], "k": 1.5}),
    ("search", {"vector": [1, 0], "k": 1, "ef": 0}),
    ("search", {"vector": [1, 0], "k": 1, "exclude_ids": "x"}),
    ("search", {"vector": [1, 0], "k": 1, "filter": {"a": {"like": "x"}}}),
    ("search", {"vector": [1, 0], "k": 1, "filter": {"a": [[1]]}}),
]


@pytest.mark.parametrize(("route", "body"), BAD_BODIES, ids=[json.dumps(row) for row in BAD_BODIES])
def test_bad_bodies(vectord: LiveDaemon, index: str, route: str, body: Any) -> None:
    """They are the caller's fault, each in words."""
    assert vectord.post(body, f"{index}/{route}").status == 422


@pytest.mark.parametrize("route", ["add", "search", "save"])
def test_no_index_is_404(vectord: LiveDaemon, route: str) -> None:
    """Whatever is asked of it."""
    bodies = {"add": {"items": [X]}, "search": {"vector": [1, 0], "k": 1}, "save": {}}

    assert vectord.post(bodies[route], f"{ROOT}/nobody/{route}").status == 404


def test_many_items_are_searched_by_graph(vectord: LiveDaemon, index: str) -> None:
    """The answer is the same before and after, and gauges count."""
    items = [{"id": f"i{number:04}", "vector": [1, number]} for number in range(2100)]
    vectord.post({"items": items}, f"{index}/add")
    expected = [f"i{number:04}" for number in range(10)]
    before = ids(vectord, index)
    wait_for_graph(vectord, index)

    assert before == expected
    assert ids(vectord, index) == expected
    assert ids(vectord, index, exclude_ids=expected[:9], k=1) == expected[9:]
    assert b"\nvectord_indexes " in vectord.ask("GET", "/metrics").body
