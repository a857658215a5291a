"""embedd from outside: its vectors, its models and its cache."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

PROGRAM = ("-m", "reference_impl", "embedd")
FORKLIFT = "Forklift operator in Columbus, Ohio; night shift."


@pytest.fixture(scope="session")
def embedd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One embedd for the whole session."""
    with running(tmp_path_factory.mktemp("embedd") / "log", program=PROGRAM) as daemon:
        yield daemon


def vectors(daemon: LiveDaemon, *texts: str, **more: Any) -> list[list[float]]:
    answer = daemon.post({"texts": texts, **more}, "/embed")
    assert answer.status == 200, answer.body
    found: list[list[float]] = answer.json()["vectors"]
    return found


def nearness(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_the_default_model_is_pinned(embedd: LiveDaemon) -> None:
    """These bytes are what every process on every machine gives."""
    answer = embedd.post({"texts": [FORKLIFT, "Zoë 日本語 ﬁre", " ", "!?"]}, "/embed")

    assert answer.body.startswith(b'{"model":"hash-384","dim":384,"vectors":[[')
    assert (
        hashlib.sha256(answer.body).hexdigest()
        == "fcb46b664c3f40196af306b137bd886d3c69827d6629aa2944bcff9874bb6188"
    )


def test_an_answer_has_the_order_of_the_texts(embedd: LiveDaemon) -> None:
    """Whether a text is new, repeated or known from before."""
    one, two = vectors(embedd, "one", "two")

    assert vectors(embedd, "two", "three", "one", "two")[0::2] == [two, one]
    assert vectors(embedd, "two", "three", "one", "two")[3] == two


@pytest.mark.parametrize(
    "text", [FORKLIFT, "", "   ", "!!!", "a", "x" * 32_768, "\u0000", "🚜", "١٢٣"]
)
def test_every_text_has_a_direction(embedd: LiveDaemon, text: str) -> None:
    """A vector has unit length, so that no text is refused later."""
    (vector,) = vectors(embedd, text)

    assert len(vector) == 384
    assert nearness(vector, vector) == pytest.approx(1, abs=1e-4)


def test_texts_that_share_words_are_near(embedd: LiveDaemon) -> None:
    """Case, spelling forms and endings count little; other words make another text."""
    base, same, near, far = vectors(
        embedd,
        FORKLIFT,
        FORKLIFT.upper(),
        "forklift operators, Columbus nights",
        "registered nurse for a clinic",
    )

    assert nearness(base, same) == pytest.approx(1, abs=1e-4)
    assert nearness(base, near) > 0.4
    assert nearness(base, far) < 0.2


@pytest.mark.parametrize(
    "body", [{}, {"texts": []}, {"texts": [1]}, {"texts": "x"}, {"texts": ["x" * 32_769]}]
)
def test_bad_bodies(embedd: LiveDaemon, body: Any) -> None:
    """They are the caller's fault."""
    assert embedd.post(body, "/embed").status == 422


def test_an_unknown_model_is_told_the_known_ones(embedd: LiveDaemon) -> None:
    """With its place, and without echoing what was sent."""
    answer = embedd.post({"texts": ["x"], "model": "hunter2"}, "/embed")

    assert answer.status == 422
    assert answer.json()["detail"].startswith(
        "the body does not fit: /model: there is no such model; there are hash-384"
    )


def test_all_models_are_listed(embedd: LiveDaemon) -> None:
    """Installed or not; one that is not is refused by name."""
    listed = embedd.ask("GET", "/embed/models").json()
    missing = [model["name"] for model in listed["models"] if not model["is_installed"]]

    assert listed["default"] == "hash-384"
    assert [model["name"] for model in listed["models"]] == [
        "hash-384",
        "minilm-384",
        "wordllama-256",
    ]
    for name in missing:
        detail = embedd.post({"texts": ["x"], "model": name}, "/embed").json()["detail"]
        assert detail.startswith(
            f"the body does not fit: /model: {name} is not installed; there are hash-384"
        )


@pytest.mark.parametrize(("model", "dim"), [("minilm-384", 384), ("wordllama-256", 256)])
def test_models_with_weights_know_related_words(embedd: LiveDaemon, model: str, dim: int) -> None:
    """Without a network; the same text always has the same vector."""
    if model not in {
        row["name"]
        for row in embedd.ask("GET", "/embed/models").json()["models"]
        if row["is_installed"]
    }:
        pytest.skip(f"{model} is not installed")
    texts = ("drives a lift truck at night", "forklift operator, night shift", "registered nurse")
    first, second, other = vectors(embedd, *texts, model=model)

    assert len(first) == dim
    assert nearness(first, second) > nearness(first, other) + 0.15
    assert vectors(embedd, texts[0], model=model) == [first]


def test_the_cache_is_bounded(tmp_path: Path) -> None:
    """What there is no room for is embedded again, and the counts say so."""
    with running(tmp_path / "log", "--cache-bytes", "20000", program=PROGRAM) as daemon:
        vectors(daemon, "a")
        vectors(daemon, "a")
        vectors(daemon, *(f"text {number}" for number in range(50)))
        vectors(daemon, "a")
        metrics = daemon.ask("GET", "/metrics").body.decode()
    counts = {
        line.split()[0]: float(line.split()[1])
        for line in metrics.splitlines()
        if line.startswith("embedd_")
    }

    assert (counts["embedd_cache_hits"], counts["embedd_cache_misses"]) == (1, 52)
    assert 1 <= counts["embedd_cached_vectors"] <= 20


def test_the_document_names_the_shape_of_a_vector(embedd: LiveDaemon) -> None:
    """Although vectors are written from the cache as they are."""
    schema = embedd.document["components"]["schemas"]["Embedded"]["properties"]["vectors"]

    assert json.dumps(schema["items"]) == '{"type": "array", "items": {"type": "number"}}'
