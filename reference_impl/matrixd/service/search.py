"""Search: one query in all corpora at once, merged into one list.

In: a search. Out: the best items by score, equal ones by corpus and id, so that the same state
gives the same bytes. Each corpus gives its `per_corpus_k` nearest items, or k; with playbooks at
least `_DEEP`, so that a playbook can raise an item that is further down.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from msgspec import UNSET, Raw

from reference_impl.kit.problem import FieldError, ProblemError, misfit
from reference_impl.matrixd.service.playbooks import boosts
from reference_impl.matrixd.wire import MatrixFound, MatrixHit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.matrixd.service.neighbours import Neighbours
    from reference_impl.matrixd.service.playbooks import Boosts
    from reference_impl.matrixd.wire import IndexFound, MatrixSearch, Metric

# Part of the wire (docs/retrieval.md).
_DEEP = 50
# The precision of vectord's distances, from which scores are computed.
_DECIMALS = 6


async def search_corpora(neighbours: Neighbours, asked: MatrixSearch) -> MatrixFound:
    """Return the best items of all corpora.

    Raises ProblemError.
    """
    if (asked.query_text is UNSET) == (asked.vector is UNSET):
        raise misfit(FieldError("/query_text", "exactly one of query_text and vector is wanted"))
    if len(set(asked.corpora)) != len(asked.corpora):
        raise misfit(FieldError("/corpora", "a corpus stands twice"))
    if asked.vector is not UNSET:
        vector: Sequence[float] | Raw = asked.vector
    elif asked.query_text is not UNSET:
        vector = (await neighbours.embed_query(asked.query_text)).json
    if not asked.use_playbook:
        return MatrixFound(
            results=_merged(asked, await _search_all(neighbours, asked, vector), {}), playbooks=0
        )
    remembering = boosts(neighbours, vector, asked.corpora)
    found, (playbooks, lifted) = await asyncio.gather(
        _search_all(neighbours, asked, vector), remembering
    )
    return MatrixFound(results=_merged(asked, found, lifted), playbooks=playbooks)


async def _search_all(
    neighbours: Neighbours, asked: MatrixSearch, vector: Sequence[float] | Raw
) -> list[IndexFound]:
    """Return the results of all corpora, searched concurrently; raise the first problem."""
    if len(asked.corpora) == 1:
        return [await _search_one(neighbours, asked, vector, 0)]
    searches = (
        _search_one(neighbours, asked, vector, place) for place in range(len(asked.corpora))
    )
    found: list[IndexFound] = []
    for answer in await asyncio.gather(*searches, return_exceptions=True):
        if isinstance(answer, BaseException):
            raise answer
        found.append(answer)
    return found


async def _search_one(
    neighbours: Neighbours, asked: MatrixSearch, vector: Sequence[float] | Raw, place: int
) -> IndexFound:
    wanted = asked.k if asked.per_corpus_k is UNSET else asked.per_corpus_k
    if asked.use_playbook and asked.per_corpus_k is UNSET:
        wanted = max(wanted, _DEEP)
    query = {
        "vector": vector,
        "k": wanted,
        "exclude_ids": asked.exclude_ids,
        "filter": asked.filter,
    }
    name = asked.corpora[place]
    try:
        return await neighbours.search(name, query)
    except ProblemError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise misfit(FieldError(f"/corpora/{place}", f"there is no corpus {name}")) from None
        raise


def _merged(
    asked: MatrixSearch, found: Sequence[IndexFound], lifted: Boosts
) -> tuple[MatrixHit, ...]:
    hits = []
    for corpus, answer in zip(asked.corpora, found, strict=True):
        for hit in answer.results:
            boost = lifted.get((corpus, hit.id), 0.0)
            score = round(_score(answer.metric, hit.distance) + boost, _DECIMALS)
            hits.append(
                MatrixHit(corpus=corpus, id=hit.id, score=score, boost=boost, metadata=hit.metadata)
            )
    hits.sort(key=lambda hit: (-hit.score, hit.corpus, hit.id))
    return tuple(hits[: asked.k])


def _score(metric: Metric, distance: float) -> float:
    if metric == "l2":
        return 1 / (1 + distance)
    return 1 - distance if metric == "cosine" else -distance
