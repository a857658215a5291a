"""Sharp edges of hnswlib, closed at input: what it makes of each, and what vectord answers."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import hnswlib
import numpy as np
import pytest

from tests.reference_impl.vectord import edges
from tests.reference_impl.vectord.edges import edge
from tests.reference_impl.vectord.holding import unit_vectors

if TYPE_CHECKING:
    from typing import Any

    from tests.reference_impl.conftest import LiveDaemon

DIM = 16
COUNT = 5
VECTORS = unit_vectors(COUNT, DIM, seed=1)


@pytest.fixture
def plain() -> Any:
    """Make an index as the README of hnswlib does."""
    index = hnswlib.Index("cosine", DIM)
    index.init_index(1_000)
    index.add_items(VECTORS, np.arange(COUNT))
    return index


@pytest.fixture
def path(vectord: LiveDaemon) -> str:
    """Make an index of the same items in vectord, with twice the length, and give its path."""
    path = f"/vectors/index/{secrets.token_hex(8)}"
    assert (
        vectord.post(
            {"name": path.rpartition("/")[2], "dim": DIM, "metric": "dot"}, "/vectors/index"
        ).status
        == 201
    )
    items = [
        {"id": str(number), "vector": (2 * vector).tolist()}
        for number, vector in enumerate(VECTORS)
    ]
    assert vectord.post({"items": items}, f"{path}/add").json() == {"added": COUNT, "updated": 0}
    return path


@edge(2)
@pytest.mark.parametrize("dim", [4, 8])
def test_a_query_of_another_length(vectord: LiveDaemon, path: str, dim: int) -> None:
    """Hnswlib reads on behind a short query, and answers or dies; vectord refuses it."""
    done = edges.plain(f"""
        try: made(100).knn_query(np.ones((1, {dim}), "f4"), k=2)
        except Exception: print("refused", flush=True)
        os._exit(0)
    """)
    assert (done.returncode <= 0, done.stdout) == (True, ""), done.stderr

    refused = vectord.post({"vector": [1.0] * dim, "k": 2}, f"{path}/search")
    assert (refused.status, f"{DIM}" in refused.json()["detail"]) == (422, True)


@edge(13)
def test_no_number_in_a_vector(vectord: LiveDaemon, path: str, plain: Any) -> None:
    """Hnswlib keeps it and gives distances that are no numbers; to vectord it is no JSON."""
    spoilt = VECTORS[:1].copy()
    spoilt[0, 3] = np.nan
    plain.add_items(spoilt, [9])
    assert np.isnan(plain.knn_query(VECTORS[0], k=COUNT + 1)[1]).any()

    body = '{"items": [{"id": "9", "vector": [NaN' + ", 0" * (DIM - 1) + "]}]}"
    refused = vectord.ask("POST", f"{path}/add", body, {"content-type": "application/json"})
    assert refused.status == 400
    assert vectord.ask("GET", path).json()["count"] == COUNT


@edge(15)
def test_an_id_that_is_no_whole_number(vectord: LiveDaemon, path: str, plain: Any) -> None:
    """Hnswlib makes 1 of 1.7, which replaces another item, and takes no text.

    To vectord each text is an id.
    """
    plain.add_items(VECTORS[:1], [1.7])
    assert plain.get_current_count() == COUNT
    with pytest.raises(ValueError, match="abc"):
        plain.add_items(VECTORS[:1], ["abc"])

    items = [{"id": name, "vector": VECTORS[0].tolist()} for name in ("1.7", "-1", "abc")]
    assert vectord.post({"items": items}, f"{path}/add").json() == {"added": 3, "updated": 0}


@edge(16)
def test_lengths_of_vectors(vectord: LiveDaemon, path: str, plain: Any) -> None:
    """Hnswlib gives vectors back shortened to one.

    Vectord counts distances from those that came.
    """
    plain.add_items(2 * VECTORS[:1], [0])
    assert np.linalg.norm(plain.get_items([0])[0]) == pytest.approx(1)

    (first,) = vectord.post({"vector": VECTORS[0].tolist(), "k": 1}, f"{path}/search").json()[
        "results"
    ]
    assert (first["id"], first["distance"]) == ("0", pytest.approx(-2, abs=1e-5))


@edge(22)
def test_deleting_what_is_not_there(vectord: LiveDaemon, path: str, plain: Any) -> None:
    """Hnswlib fails, as it does for anything; vectord says that it is not there."""
    plain.mark_deleted(2)
    for number in (2, 77):
        with pytest.raises(RuntimeError):
            plain.mark_deleted(number)

    asked = [("2", 200), ("2", 404), ("77", 404)]
    assert [vectord.ask("DELETE", f"{path}/items/{item}").status for item, _ in asked] == [
        status for _, status in asked
    ]
