"""Relevance: how close passages are to a query.

In: a query and passages. Out: for each, the cosine of its vector with the query's, from embedd's
default model, and a word for it. The same texts always have the same rating; the order is that of
the passages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from reference_impl.matrixd.wire import Rated, Rating

if TYPE_CHECKING:
    from reference_impl.matrixd.service.neighbours import Neighbours
    from reference_impl.matrixd.wire import Relevance

# Both are part of the wire (docs/retrieval.md).
HIGH = 0.5
SOME = 0.2

# The precision of embedd's vectors, from which scores are computed.
_DECIMALS = 6


async def rate(neighbours: Neighbours, asked: Relevance) -> Rated:
    """Return the ratings of all passages."""
    query, *vectors = await neighbours.embed(
        [asked.query_text, *(passage.text for passage in asked.passages)]
    )
    ratings = []
    for passage, vector in zip(asked.passages, vectors, strict=True):
        product = sum(asked_for * found for asked_for, found in zip(query, vector, strict=True))
        score = (
            round(min(max(product, -1.0), 1.0), _DECIMALS) + 0.0
        )  # rounded vectors are not quite of length 1
        ratings.append(Rating(id=passage.id, score=score, rating=_word_for(score)))
    return Rated(ratings=tuple(ratings))


def _word_for(score: float) -> Literal["high", "some", "none"]:
    if score >= HIGH:
        return "high"
    return "some" if score >= SOME else "none"
