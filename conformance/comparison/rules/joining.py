"""The pieces of a stream, compared by what they add up to.

Of a list, elements that follow each other and differ in nothing but one text become one element
with their texts joined: how a stream was cut into pieces is no difference then, and all that a
piece says besides still is one.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from conformance.comparison.rules.alignment import Loosened, masked
from conformance.comparison.values.lossless_json import Json, canonical
from conformance.model.json_path import ANY_ELEMENT, JsonPath, covers
from conformance.model.rule import JoinRule, NumberRule, ValueRule

_NO_TEXT: Final = object()


def joined(value: Json, rule: JoinRule, others: Sequence[ValueRule | NumberRule]) -> Json:
    """Return a value with the pieces at a rule's path joined.

    `others` are the rules that loosen what stands beside.
    """
    depth = rule.path.index(ANY_ELEMENT)
    above, below = rule.path[:depth], rule.path[depth + 1 :]
    inside = (*above, ANY_ELEMENT)
    loosened = [
        (other.path[depth + 1 :], other)
        for other in others
        if covers(other.path[: depth + 1], inside)
    ]
    return _changed(value, above, lambda pieces: _in_groups(pieces, below, loosened))


def _in_groups(pieces: Json, path: JsonPath, loosened: Sequence[Loosened]) -> Json:
    if not isinstance(pieces, list):
        return pieces
    grouped: list[Json] = []
    marks = [_mark(piece, path, loosened) for piece in pieces]
    for mark, group in groupby(zip(marks, pieces, strict=True), key=lambda each: each[0]):
        alike = [piece for _, piece in group]
        grouped.extend(alike if mark is None else [_with_text(alike, path)])
    return grouped


def _mark(piece: Json, path: JsonPath, loosened: Sequence[Loosened]) -> bytes | None:
    """Return what is equal for pieces that can be joined.

    None for an element that has no text of its own there.
    """
    if not isinstance(_text_at(piece, path), str):
        return None
    return canonical(masked(_changed(piece, path, lambda _: None), loosened))


def _with_text(pieces: Sequence[Json], path: JsonPath) -> Json:
    text = "".join(_text_at(piece, path) for piece in pieces)
    return _changed(pieces[0], path, lambda _: text)


def _text_at(value: Json, path: JsonPath) -> Json:
    """Return what stands at a path, where that is one value."""
    for segment in path:
        value = _step(value, segment)
    return value


def _step(value: Json, segment: object) -> Json:
    if segment is ANY_ELEMENT:
        return value[0] if isinstance(value, list) and len(value) == 1 else _NO_TEXT
    return value.get(segment, _NO_TEXT) if isinstance(value, dict) else _NO_TEXT


def _changed(value: Json, path: JsonPath, change: Callable[[Json], Json]) -> Json:
    """Return a value with what stands at a path changed; only what is above it is copied."""
    if not path:
        return change(value)
    first, rest = path[0], path[1:]
    if first is ANY_ELEMENT:
        return (
            [_changed(element, rest, change) for element in value]
            if isinstance(value, list)
            else value
        )
    if not isinstance(value, dict) or first not in value:
        return value
    return {
        name: _changed(member, rest, change) if name == first else member
        for name, member in value.items()
    }
