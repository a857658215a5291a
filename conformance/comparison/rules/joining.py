"""The pieces of a stream, compared by what they add up to.

The elements of a list that hold a piece of one text become one element, where the first one stood,
with their texts joined: how a stream was cut into pieces is no difference then.  What the pieces
say besides is put together; pieces that contradict each other, as those of two choices do by their
index, are of two texts.
"""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct, field

from conformance.comparison.rules.counting import Loosened, masked
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import ANY_ELEMENT, JsonPath, covers
from conformance.model.rule import JoinRule, NumberRule, ValueRule

_NO_TEXT: Final = object()
_CONTRADICTION: Final = object()
_MOST_TEXTS: Final = 16
"""Of so many texts at a time, as choices of one answer, the pieces are put together."""


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
    """Return a list in which the pieces of one text are one element, where the first one stood."""
    if not isinstance(pieces, list):
        return pieces
    kept: list[Json] = []
    texts: list[_Text] = []
    for piece in pieces:
        text = _text_at(piece, path)
        if not isinstance(text, str):
            kept.append(piece)
            continue
        beside = masked(_changed(piece, path, lambda _: None), loosened)
        known = next((each for each in reversed(texts[-_MOST_TEXTS:]) if each.take(beside)), None)
        if known is None:
            known = _Text(len(kept), piece, beside)
            texts.append(known)
            kept.append(piece)
        else:
            known.whole = _together(known.whole, piece)
        known.pieces.append(text)
    for each in texts:
        kept[each.at] = each.joined(path)
    return kept


class _Text(Struct):
    """A text as far as it has come: where its first piece stands, and what pieces say beside it.

    `beside` is what counts of that, `whole` all of it.
    """

    at: int
    whole: Json
    beside: Json
    pieces: list[str] = field(default_factory=list)

    def take(self, beside: Json) -> bool:
        """Take what another piece says beside its text, if that contradicts nothing so far."""
        both = _merged(self.beside, beside)
        if both is _CONTRADICTION:
            return False
        self.beside = both
        return True

    def joined(self, path: JsonPath) -> Json:
        """Return the element that stands for all pieces."""
        return _changed(self.whole, path, lambda _: "".join(self.pieces))


def _merged(one: Json, other: Json) -> Json:
    """Return what two pieces say together.

    What one of them lacks, or has null for, is no contradiction.
    """
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, dict) and isinstance(other, dict):
        both = {name: _merged(one.get(name), other.get(name)) for name in {**one, **other}}
        contradict = any(value is _CONTRADICTION for value in both.values())
        return _CONTRADICTION if contradict else both
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        elements = list(map(_merged, one, other))
        contradict = any(value is _CONTRADICTION for value in elements)
        return _CONTRADICTION if contradict else elements
    return one if canonical(one) == canonical(other) else _CONTRADICTION


def _together(one: Json, other: Json) -> Json:
    """Return all that two pieces say, of what they contradict each other in what the first says."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: _together(one.get(name), other.get(name)) for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return list(map(_together, one, other))
    return other if one is None else one


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
