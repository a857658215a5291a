"""Bodies that are no JSON as they were read, so that the page lays them out as trees, too."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeGuard

from msgspec import Struct

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.kind_names import BINARY, JSON, TEXT
from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.markup import alike
from conformance.comparison.bodies.reading import kind_to_read, read_body_of
from conformance.comparison.values.json_encoding import compact
from conformance.model.observation import Answer, Observation

_SHOWN_AS_SENT: Final = frozenset({JSON, TEXT, BINARY})
"""Kinds that are laid out as they were written: JSON by its tokens, text by its lines."""
MAX_BYTES: Final = 50_000
"""Larger bodies are shown as text, which is cut."""


class BodyTree(Struct, frozen=True):
    """The kind of a body, and what was read of it as JSON."""

    kind: str
    text: str


def read_trees(seen: Sequence[Observation], declared: str) -> Iterator[BodyTree | None]:
    """Yield what was read of each answer's body, documents laid out alike; None for JSON and text.

    `declared` is the word of the kind that the suite says the bodies are.
    """
    bodies = [_body_of(each, declared) for each in seen]
    laid_out = iter(alike(list(filter(_is_document, bodies))))
    for body in bodies:
        tree = next(laid_out) if _is_document(body) else body
        yield None if tree is None else BodyTree(tree.kind, compact(tree.value))


def _is_document(body: Body | None) -> TypeGuard[Body]:
    return body is not None and body.markup is not None


@lru_cache(maxsize=256)
def _is_shown_as_sent(content_type: str, declared: str) -> bool:
    return kind_to_read(read_label(content_type), declared) in _SHOWN_AS_SENT


def _body_of(seen: Observation, declared: str) -> Body | None:
    """Return the body of an answer where it has structure and is laid out as a tree.

    What is read takes many times the memory of a large body, and is too long to be shown.
    """
    if not isinstance(seen, Answer) or len(seen.body) > MAX_BYTES:
        return None
    if _is_shown_as_sent(seen.header("content-type") or "", declared):
        return None
    body = read_body_of(seen, declared)
    return body if body.structured and body.kind not in _SHOWN_AS_SENT else None
