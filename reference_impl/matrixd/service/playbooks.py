"""Playbooks: which answer served which query, kept in an index of vectord like any other item.

In: a playbook to keep; a query's vector. Out: its id; the boost of each answer. A playbook vouches
for its answer when its query is near to the one that is asked (cosine of at least `NEAR`), with
nearness times recorded score, the largest of them where there are several: what served the very
same query fully comes before all that nobody vouches for. A boost lifts what the corpora found; it
adds nothing to it, so that a filter or an exclusion holds.

The index is made by the first record, and again by the next one after it was deleted, which is how
an operator starts it again.
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.matrixd.service.neighbours import Neighbours
    from reference_impl.matrixd.wire import IndexHit, Playbook

INDEX = "playbook_memory"
# Part of the wire (docs/retrieval.md).
NEAR = 0.75

_MOST = 64  # playbooks that are looked at
# That of vectord's distances, which boosts are made of.
_DECIMALS = 6
_ROUNDS = 3  # an index may be made and deleted by others meanwhile; then it is tried again


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What a playbook's item says about it."""

    answer_id: str
    answer_corpus: str
    score: float


Boosts = dict[tuple[str, str], float]


async def record(neighbours: Neighbours, playbook: Playbook) -> tuple[str, bool]:
    """Keep a playbook; give its id, and whether it was kept before.

    Raises ProblemError: 409 when the index holds vectors of another length than embedd gives.
    """
    vector = await neighbours.embed_query(playbook.query_text)
    item = {
        "id": playbook_id(playbook),
        "vector": vector.json,
        "metadata": msgspec.to_builtins(playbook),
    }
    for _ in range(_ROUNDS):
        try:
            return item["id"], await neighbours.put(INDEX, item)
        except ProblemError as error:
            if error.status == HTTPStatus.UNPROCESSABLE_ENTITY:
                raise _foreign() from None
            if error.status != HTTPStatus.NOT_FOUND:
                raise
        await neighbours.make({"name": INDEX, "dim": vector.dim, "metric": "cosine"})
    raise ProblemError(409, f"index {INDEX} is deleted as fast as it is made")


async def boosts(
    neighbours: Neighbours, vector: Sequence[float] | msgspec.Raw, corpora: Sequence[str]
) -> tuple[int, Boosts]:
    """Find the playbooks near to a query.

    Give how many, and the boost of each answer by corpus and id.

    None where nothing was recorded yet, or only for vectors of another length.
    """
    query = {"vector": vector, "k": _MOST, "filter": {"answer_corpus": corpora}}
    try:
        found = await neighbours.search(INDEX, query)
    except ProblemError as error:
        if error.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}:
            raise
        return 0, {}
    near = [
        (1 - hit.distance, known)
        for hit in found.results
        if (known := _remembered(hit)) is not None
    ]
    lifted: Boosts = {}
    for nearness, known in near:
        answer = (known.answer_corpus, known.answer_id)
        lifted[answer] = max(round(nearness * known.score, _DECIMALS), lifted.get(answer, 0.0))
    return len(near), lifted


def _remembered(hit: IndexHit) -> Remembered | None:
    """Give what an item near enough says.

    None if it is no playbook, since any client of vectord may put it there.
    """
    if 1 - hit.distance < NEAR:
        return None
    try:
        return msgspec.json.decode(hit.metadata, type=Remembered)
    except msgspec.DecodeError:
        return None


def playbook_id(playbook: Playbook) -> str:
    """Give the id of a playbook: the digest of a JSON list, in which no two triples look alike."""
    named: list[Any] = [playbook.query_text, playbook.answer_corpus, playbook.answer_id]
    return hashlib.sha256(msgspec.json.encode(named)).hexdigest()


def _foreign() -> ProblemError:
    return ProblemError(
        409,
        f"index {INDEX} holds vectors of another model; DELETE /vectors/index/{INDEX}, and the "
        "next record makes it",
    )
