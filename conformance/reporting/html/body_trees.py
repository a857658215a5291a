"""Bodies that are not JSON, converted to JSON values, so that the page shows them as trees."""

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
"""Kinds that are shown as they were sent: JSON by its tokens, text by its lines."""
MAX_BYTES: Final = 50_000
"""Larger bodies are shown as text and cut."""


class BodyTree(Struct, frozen=True):
    """The kind of a body, and its parsed value as JSON text."""

    kind: str
    text: str


def read_trees(seen: Sequence[Observation], declared: str) -> Iterator[BodyTree | None]:
    """Yield the tree of each answer's body; None if it is shown as it was sent.

    Documents with markup are laid out in the same form. `declared` is the kind of body in the
    suite.
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
    """Return the body of an answer if it is structured and shown as a tree, else None.

    The parsed form of a large body needs many times its memory, and would be too long for the page.
    """
    if not isinstance(seen, Answer) or len(seen.body) > MAX_BYTES:
        return None
    if _is_shown_as_sent(seen.header("content-type") or "", declared):
        return None
    body = read_body_of(seen, declared)
    return body if body.structured and body.kind not in _SHOWN_AS_SENT else None
