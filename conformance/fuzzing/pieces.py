"""Split a request into pieces: values, each with the part of the request and the place in it."""

from collections.abc import Iterator, Mapping
from itertools import chain
from operator import attrgetter
from typing import Final

from conformance.fuzzing.form import Form
from conformance.fuzzing.json_nodes import Node, children, general_path, paths, value_of
from conformance.fuzzing.probe import Probe

_TYPES: Final[Mapping[type, str]] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
}

Piece = tuple[str, str, str]
"""A value of a request: its part (query, header or body), its place there, and its text."""


def parts_of(form: Form) -> frozenset[Piece]:
    """Return the pieces of a request: of its query, its header fields and its JSON body."""
    query = (("query", name, value or "") for name, value in form.query)
    headers = (("header", name.lower(), value) for name, value in form.headers)
    body = _parts_of_body(form.tree)
    return frozenset((*query, *headers, *body))


def _parts_of_body(body: Node | None) -> Iterator[Piece]:
    """Yield the pieces of a body without list positions: scalars, empty objects, empty lists."""
    if body is None:
        return
    for path, node in paths(body):
        if children(node):
            continue
        text = node if isinstance(node, str) else ""
        yield "body", general_path(body, path), text


def place_of(piece: Piece) -> tuple[str, str]:
    """Return the part and the place of a piece, without its value."""
    part, where, _ = piece
    return part, where


def sent_types(probe: Probe, member: str) -> Iterator[str]:
    """Yield the JSON types that a probe sends for a member, in the words of causes."""
    trees = map(attrgetter("form.tree"), probe.steps)
    for _, where, text in chain.from_iterable(map(_parts_of_body, trees)):
        if last_name(where) == member:
            yield "null" if text == "null" else _TYPES.get(type(value_of(text)), "")


def last_name(place: str) -> str:
    """Return the name of the member at a place."""
    return place.rpartition(".")[2]
