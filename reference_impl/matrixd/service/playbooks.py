"""Playbooks: which answer served which query, stored in an index of vectord like other items.

In: a playbook to store, or a query's vector. Out: its id, or the boost of each answer. A playbook
boosts its answer if its query is near the current one (cosine of at least `NEAR`). The boost is
nearness times the recorded score, the largest of several: the full answer to the same query ranks
before all answers without a playbook. A boost only raises items that the corpora found and adds
none, so that filters and exclusions still hold.

The index is created by the first record, and again by the next one after it was deleted, which is
how an operator resets it.
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

_MOST = 64  # playbooks that are compared
# The precision of vectord's distances, from which boosts are computed.
_DECIMALS = 6
_ROUNDS = 3  # other clients may create and delete the index meanwhile; then it is retried


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """The metadata of a playbook's item."""

    answer_id: str
    answer_corpus: str
    score: float


Boosts = dict[tuple[str, str], float]


async def record(neighbours: Neighbours, playbook: Playbook) -> tuple[str, bool]:
    """Store a playbook; return its id, and whether it replaced one.

    Raises ProblemError: 409 when the index has vectors of another length than those of embedd.
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
    """Return the number of playbooks near a query, and the boost by `(corpus, id)` of each answer.

    They are zero and empty if no playbook was recorded yet, or only for vectors of another length.
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
    """Return the playbook of an item that is near enough.

    The result is None if it is no playbook, since any client of vectord may add items there.
    """
    if 1 - hit.distance < NEAR:
        return None
    try:
        return msgspec.json.decode(hit.metadata, type=Remembered)
    except msgspec.DecodeError:
        return None


def playbook_id(playbook: Playbook) -> str:
    """Return the id of a playbook: the digest of its members, as an unambiguous JSON list."""
    named: list[Any] = [playbook.query_text, playbook.answer_corpus, playbook.answer_id]
    return hashlib.sha256(msgspec.json.encode(named)).hexdigest()


def _foreign() -> ProblemError:
    return ProblemError(
        409,
        f"index {INDEX} holds vectors of another model; DELETE /vectors/index/{INDEX}, and the "
        "next record makes it",
    )
