"""Pieces: the values of a request, each with the part of the request and where in it it stands."""

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
"""A value of a request: which part, where in it, and how it is sent."""


def parts_of(form: Form) -> frozenset[Piece]:
    """Return the values of a request, each with where it stands."""
    query = (("query", name, value or "") for name, value in form.query)
    headers = (("header", name.lower(), value) for name, value in form.headers)
    body = _parts_of_body(form.tree)
    return frozenset((*query, *headers, *body))


def _parts_of_body(body: Node | None) -> Iterator[Piece]:
    """Yield the scalars of a body and its empty objects and lists, at any position of a list."""
    if body is None:
        return
    for path, node in paths(body):
        if children(node):
            continue
        text = node if isinstance(node, str) else ""
        yield "body", general_path(body, path), text


def place_of(piece: Piece) -> tuple[str, str]:
    """Return where a value stands, without how it is sent."""
    part, where, _ = piece
    return part, where


def sent_types(probe: Probe, member: str) -> Iterator[str]:
    """Yield the types of what the steps of a probe send for a member, as causes name them."""
    trees = map(attrgetter("form.tree"), probe.steps)
    for _, where, text in chain.from_iterable(map(_parts_of_body, trees)):
        if last_name(where) == member:
            yield "null" if text == "null" else _TYPES.get(type(value_of(text)), "")


def last_name(place: str) -> str:
    """Return the name of the member that is at a place."""
    return place.rpartition(".")[2]
