"""matrixd from outside, with a real embedd and a real vectord behind it."""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference_impl.conftest import Answer, LiveDaemon

MEMORY = "/vectors/index/playbook_memory"
WORKERS = {
    "w1": ("Ada Lopez, forklift operator in Columbus", {"city": "Columbus"}),
    "w2": ("Ben Ruiz, forklift operator in Dayton", {"city": "Dayton"}),
    "w3": ("Cy Young, registered nurse in Columbus", {"city": "Columbus"}),
}
NOTES: dict[str, tuple[str, dict[str, str]]] = {
    "n1": ("forklift operator certificate, renewed", {}),
    "w1": ("cold storage needs gloves", {}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trio:
    """The three daemons, and two corpora of the test's own."""

    matrixd: LiveDaemon
    vectord: LiveDaemon
    embedd: LiveDaemon
    workers: str
    notes: str

    def search(self, **asked: Any) -> Answer:
        """Search both corpora."""
        return self.matrixd.post(
            {"corpora": [self.workers, self.notes], "k": 5, **asked}, "/matrix/search"
        )

    def found(self, **asked: Any) -> list[tuple[str, str]]:
        """Search both corpora and give what was found, by corpus and id."""
        answer = self.search(**asked)
        assert answer.status == 200, answer.body
        return [(hit["corpus"], hit["id"]) for hit in answer.json()["results"]]

    def record(self, query: str, answer_id: str, **more: Any) -> Answer:
        """Record a playbook for a worker."""
        playbook = {
            "query_text": query,
            "answer_id": answer_id,
            "answer_corpus": self.workers,
            "score": 1,
            **more,
        }
        return self.matrixd.post(playbook, "/matrix/playbooks/record")


@pytest.fixture(scope="session")
def daemons(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[LiveDaemon, LiveDaemon, LiveDaemon]]:
    """Run embedd, vectord and a matrixd that asks them."""
    folder = tmp_path_factory.mktemp("trio")

    def start(name: str, *arguments: str) -> LiveDaemon:
        program = ("-m", "reference_impl", name)
        return stack.enter_context(
            running(folder / f"{name}.log", "--data-dir", str(folder), *arguments, program=program)
        )

    with ExitStack() as stack:
        embedd, vectord = start("embedd"), start("vectord")
        urls = [
            f"--{daemon}-url=http://127.0.0.1:{live.port}"
            for daemon, live in zip(("embedd", "vectord"), (embedd, vectord), strict=True)
        ]
        yield start("matrixd", *urls), vectord, embedd


@pytest.fixture
def trio(daemons: tuple[LiveDaemon, LiveDaemon, LiveDaemon]) -> Trio:
    """Fill two corpora."""
    matrixd, vectord, embedd = daemons
    fresh = secrets.token_hex(4)
    trio = Trio(
        matrixd=matrixd,
        vectord=vectord,
        embedd=embedd,
        workers=f"workers-{fresh}",
        notes=f"notes-{fresh}",
    )
    for corpus, texts in ((trio.workers, WORKERS), (trio.notes, NOTES)):
        vectord.post({"name": corpus, "dim": 384}, "/vectors/index")
        vectors = embedd.post({"texts": [text for text, _ in texts.values()]}, "/embed").json()[
            "vectors"
        ]
        items = [
            {"id": item_id, "vector": vector, "metadata": metadata}
            for (item_id, (_, metadata)), vector in zip(texts.items(), vectors, strict=True)
        ]
        assert vectord.post({"items": items}, f"/vectors/index/{corpus}/add").status == 200
    return trio


def test_two_corpora_are_one_list(trio: Trio) -> None:
    """Best first, whichever corpus it is from; an id in both stands twice."""
    answer = trio.search(query_text="forklift operator in Columbus").json()
    scores = [hit["score"] for hit in answer["results"]]

    assert trio.found(query_text="forklift operator in Columbus")[:3] == [
        (trio.workers, "w1"),
        (trio.workers, "w2"),
        (trio.notes, "n1"),
    ]
    assert scores == sorted(scores, reverse=True)
    assert answer["results"][0]["metadata"] == {"city": "Columbus"}
    assert (len(scores), answer["playbooks"]) == (5, 0)


def test_k_counts_the_whole_and_per_corpus_k_each(trio: Trio) -> None:
    """K is the length of the list, per_corpus_k that of each part."""
    text = "forklift operator in Columbus"

    assert len(trio.found(query_text=text, k=2)) == 2
    assert sorted(trio.found(query_text=text, per_corpus_k=1)) == [
        (trio.notes, "n1"),
        (trio.workers, "w1"),
    ]


def test_a_vector_finds_what_its_text_finds(trio: Trio) -> None:
    """The text is embedded by embedd's default model."""
    text = "registered nurse"
    (vector,) = trio.embedd.post({"texts": [text]}, "/embed").json()["vectors"]

    assert trio.search(vector=vector).body == trio.search(query_text=text).body


def test_exclusions_and_filters_are_passed_on(trio: Trio) -> None:
    """An excluded id is excluded everywhere."""
    text = "forklift operator in Columbus"

    assert (trio.workers, "w1") not in trio.found(query_text=text, exclude_ids=["w1"])
    assert trio.found(query_text=text, filter={"city": "Columbus"}) == [
        (trio.workers, "w1"),
        (trio.workers, "w3"),
    ]


def test_a_recorded_answer_is_lifted(trio: Trio) -> None:
    """By its score for the same query, by less for a near one, and only when asked for."""
    query = f"who can drive a forklift {secrets.token_hex(8)}"
    cold = trio.search(query_text=query).json()["results"]
    recorded = trio.record(query, "w3", tags=["night"])
    warm = trio.search(query_text=query, use_playbook=True).json()
    near = trio.search(query_text=f"{query} please", use_playbook=True).json()["results"][0]
    before = next(
        hit["score"] for hit in cold if (hit["corpus"], hit["id"]) == (trio.workers, "w3")
    )

    assert recorded.status == 200
    assert (warm["playbooks"], warm["results"][0]["id"], warm["results"][0]["boost"]) == (
        1,
        "w3",
        1.0,
    )
    assert warm["results"][0]["score"] == pytest.approx(before + 1, abs=2e-6)
    assert all(hit["boost"] == 0 for hit in warm["results"][1:])
    assert near["id"] == "w3"
    assert 0.75 <= near["boost"] < 1
    assert trio.search(query_text=query).json()["results"] == cold
    assert trio.search(query_text="registered nurse", use_playbook=True).json()["playbooks"] == 0


def test_a_boost_adds_nothing_that_was_excluded(trio: Trio) -> None:
    """Filters and exclusions hold for recorded answers too."""
    query = f"forklift {secrets.token_hex(8)}"
    trio.record(query, "w2")

    assert (trio.workers, "w2") not in trio.found(
        query_text=query, use_playbook=True, exclude_ids=["w2"]
    )
    assert (trio.workers, "w2") not in trio.found(
        query_text=query, use_playbook=True, filter={"city": "Columbus"}
    )


def test_a_repeated_record_is_an_upsert(trio: Trio) -> None:
    """The same query, corpus and answer have one id, and the newest score counts."""
    query = f"forklift {secrets.token_hex(8)}"
    first, second = (
        trio.record(query, "w2", score=1).json(),
        trio.record(query, "w2", score=0.5).json(),
    )
    warm = trio.search(query_text=query, use_playbook=True).json()
    named = json.dumps([query, trio.workers, "w2"], separators=(",", ":"))

    assert first == {
        "playbook_id": hashlib.sha256(named.encode()).hexdigest(),
        "index": "playbook_memory",
        "updated": False,
    }
    assert second == {**first, "updated": True}
    assert [hit["boost"] for hit in warm["results"] if hit["id"] == "w2"] == [0.5]


def test_the_memory_can_be_deleted(trio: Trio) -> None:
    """Recovery by an operator: the index is deleted, searches go on, a next record rebuilds it."""
    query = f"forklift {secrets.token_hex(8)}"
    trio.record(query, "w2")
    assert trio.vectord.ask("DELETE", MEMORY).status == 200
    assert trio.search(query_text=query, use_playbook=True).json()["playbooks"] == 0
    assert trio.record(query, "w2").json()["updated"] is False
    assert trio.search(query_text=query, use_playbook=True).json()["playbooks"] == 1


def test_a_memory_of_another_model(trio: Trio) -> None:
    """It is told apart, with the way out; searches go on without it."""
    trio.vectord.ask("DELETE", MEMORY)
    trio.vectord.post({"name": "playbook_memory", "dim": 3}, "/vectors/index")
    recorded = trio.record("forklift", "w2")
    searched = trio.search(query_text="forklift", use_playbook=True)
    trio.vectord.ask("DELETE", MEMORY)

    assert (recorded.status, searched.status) == (409, 200)
    assert "DELETE /vectors/index/playbook_memory" in recorded.json()["detail"]


@pytest.mark.parametrize(
    "metadata", [{}, {"answer_id": 2, "score": 1}, {"answer_id": "w2", "score": "much"}]
)
def test_an_item_of_the_memory_that_is_no_playbook_is_passed_over(
    trio: Trio, metadata: dict[str, Any]
) -> None:
    """Whoever reaches vectord may put one there.

    The search goes on with the playbooks beside it.
    """
    query = f"forklift {secrets.token_hex(8)}"
    trio.record(query, "w2")
    (vector,) = trio.embedd.post({"texts": [query]}, "/embed").json()["vectors"]
    item = {
        "id": secrets.token_hex(8),
        "vector": vector,
        "metadata": {"answer_corpus": trio.workers, **metadata},
    }
    assert trio.vectord.post({"items": [item]}, f"{MEMORY}/add").status == 200
    warm = trio.search(query_text=query, use_playbook=True)

    assert (warm.status, warm.json()["playbooks"]) == (200, 1)
    assert [hit["boost"] for hit in warm.json()["results"] if hit["id"] == "w2"] == [1.0]


def test_corpora_are_listed_without_the_memory(trio: Trio) -> None:
    """With what a caller has to know of them."""
    trio.record("forklift", "w2")
    corpora = trio.matrixd.ask("GET", "/v1/matrix/corpora").json()["corpora"]

    assert {"name": trio.workers, "dim": 384, "metric": "cosine", "count": 3} in corpora
    assert "playbook_memory" not in {corpus["name"] for corpus in corpora}
    assert [corpus["name"] for corpus in corpora] == sorted(corpus["name"] for corpus in corpora)


def test_relevance(trio: Trio) -> None:
    """Passages are rated in their order, the same each time."""
    passages = [
        {"id": "far", "text": "registered nurse in a clinic"},
        {"id": "same", "text": "Forklift operator, night shift"},
        {"id": "near", "text": "night shift at the clinic"},
    ]
    asked = {"query_text": "forklift operator night shift", "passages": passages}
    rated = trio.matrixd.post(asked, "/matrix/relevance")

    assert [(row["id"], row["rating"]) for row in rated.json()["ratings"]] == [
        ("far", "none"),
        ("same", "high"),
        ("near", "some"),
    ]
    assert trio.matrixd.post(asked, "/matrix/relevance").body == rated.body


ONE_QUERY = "the body does not fit: /query_text: exactly one of query_text and vector is wanted"
BAD_SEARCHES: list[tuple[dict[str, Any], str]] = [
    ({}, ONE_QUERY),
    (
        {"query_text": "x", "vector": [1]},
        "the body does not fit: /query_text: exactly one of query_text and vector is wanted",
    ),
    (
        {"query_text": "x", "corpora": ["nobody"]},
        "the body does not fit: /corpora/0: there is no corpus nobody",
    ),
    (
        {"query_text": "x", "corpora": ["a", "a"]},
        "the body does not fit: /corpora: a corpus stands twice",
    ),
    (
        {"vector": [1, 2]},
        "vectord: the body does not fit: /vector: the index wants 384 numbers, got 2",
    ),
    ({"query_text": "x", "filter": {"a": {"like": 1}}}, "vectord: the body does not fit"),
    ({"query_text": "x", "k": 0}, "the body does not fit"),
    ({"query_text": "", "k": 1}, "the body does not fit"),
]


@pytest.mark.parametrize(
    ("asked", "reason"), BAD_SEARCHES, ids=[json.dumps(asked) for asked, _ in BAD_SEARCHES]
)
def test_bad_searches(trio: Trio, asked: dict[str, Any], reason: str) -> None:
    """They are the caller's fault, whichever daemon found it, and each wrong member is named."""
    answer = trio.search(**asked)

    assert (answer.status, answer.json()["detail"][: len(reason)]) == (422, reason)
    assert all(error["pointer"].startswith("/") for error in answer.json()["errors"])


@pytest.mark.parametrize("score", [-0.1, 1.1, "1"])
def test_bad_records(trio: Trio, score: Any) -> None:
    """A score is a share of one."""
    assert trio.record("forklift", "w2", score=score).status == 422


def test_a_daemon_that_is_gone_is_502(tmp_path: Path) -> None:
    """And named."""
    urls = ("--embedd-url", "http://127.0.0.1:9", "--vectord-url", "http://127.0.0.1:9")
    with running(tmp_path / "log", *urls, program=("-m", "reference_impl", "matrixd")) as daemon:
        by_text = daemon.post({"query_text": "x", "corpora": ["a"], "k": 1}, "/matrix/search")
        by_vector = daemon.post({"vector": [1], "corpora": ["a"], "k": 1}, "/matrix/search")

    assert (by_text.status, by_text.json()["detail"]) == (502, "embedd cannot be reached")
    assert (by_vector.status, by_vector.json()["detail"]) == (502, "vectord cannot be reached")
