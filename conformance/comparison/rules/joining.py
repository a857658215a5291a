"""The pieces of a stream, compared by what they add up to.

The elements of a list that hold a piece of one text become one element, where the first one stood,
with their texts joined: how a stream was cut into pieces is no difference then.  What the pieces
say besides is put together; pieces that contradict each other, as those of two choices do by their
index, are of two texts.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from msgspec import Struct

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
    list_path, path_of_text = rule.path[:depth], rule.path[depth + 1 :]
    piece_path = (*list_path, ANY_ELEMENT)
    inside = depth + 1
    of_pieces = [other for other in others if covers(other.path[:inside], piece_path)]
    loosened = [(other.path[inside:], other) for other in of_pieces]
    return _changed(value, list_path, lambda pieces: _in_groups(pieces, path_of_text, loosened))


def _in_groups(pieces: Json, path: JsonPath, loosened: Sequence[Loosened]) -> Json:
    """Return a list in which the pieces of one text are one element, where the first one stood."""
    if not isinstance(pieces, list):
        return pieces
    kept: list[Json] = []
    texts: list[_Text] = []
    for piece in pieces:
        part = _text_at(piece, path)
        if not isinstance(part, str):
            # Such as the last one of a stream, which says why it has ended
            kept.append(piece)
            continue
        beside = masked(_changed(piece, path, lambda _: None), loosened)
        text = _text_of(beside, texts[-_MOST_TEXTS:])
        if text is None:
            texts.append(_Text(len(kept), piece, beside, [part]))
            kept.append(piece)
        else:
            text.add(piece, part)
    for text in texts:
        kept[text.at] = text.joined(path)
    return kept


class _Text(Struct):
    """A text as far as it has come: where its first piece stands, and what pieces say beside it.

    `beside` is what counts of that, `whole` all of it.
    """

    at: int
    whole: Json
    beside: Json
    parts: list[str]

    def take(self, beside: Json) -> bool:
        """Take what another piece says beside its text, if that contradicts nothing so far."""
        both = _merged(self.beside, beside)
        if both is _CONTRADICTION:
            return False
        self.beside = both
        return True

    def add(self, piece: Json, part: str) -> None:
        """Add a piece, and its part of the text."""
        self.whole = _together(self.whole, piece)
        self.parts.append(part)

    def joined(self, path: JsonPath) -> Json:
        """Return the element that stands for all pieces."""
        return _changed(self.whole, path, lambda _: "".join(self.parts))


def _text_of(beside: Json, texts: Sequence[_Text]) -> _Text | None:
    """Return the latest text that a piece goes on with, by what the piece says beside it."""
    # The pieces of several texts take turns: most often the latest goes on
    for text in reversed(texts):
        if text.take(beside):
            return text
    return None


def _merged(first: Json, second: Json) -> Json:
    """Return what two pieces say together.

    What one of them lacks, or has null for, is no contradiction.
    """
    if first is None:
        return second
    if second is None:
        return first
    if _are_objects(first, second):
        both = _merged_members(first, second, _merged)
        return _unless_contradicting(both, both.values())
    if _are_lists_of_one_length(first, second):
        elements = list(map(_merged, first, second))
        return _unless_contradicting(elements, elements)
    are_equal = canonical(first) == canonical(second)
    return first if are_equal else _CONTRADICTION


def _together(first: Json, second: Json) -> Json:
    """Return all that two pieces say, of what they contradict each other in what the first says."""
    if first is None:
        return second
    if _are_objects(first, second):
        return _merged_members(first, second, _together)
    if _are_lists_of_one_length(first, second):
        return list(map(_together, first, second))
    return first


def _merged_members(
    first: dict[str, Json], second: dict[str, Json], merge: Callable[[Json, Json], Json]
) -> dict[str, Json]:
    names = {**first, **second}
    return {name: merge(first.get(name), second.get(name)) for name in names}


def _are_objects(first: Json, second: Json) -> bool:
    return {type(first), type(second)} == {dict}


def _are_lists_of_one_length(first: Json, second: Json) -> bool:
    are_lists = {type(first), type(second)} == {list}
    return are_lists and len(first) == len(second)


def _unless_contradicting(merged: Json, parts: Iterable[Json]) -> Json:
    """Return what two pieces say together, unless a part of it is a contradiction."""
    contradict = any(part is _CONTRADICTION for part in parts)
    return _CONTRADICTION if contradict else merged


def _text_at(value: Json, path: JsonPath) -> Json:
    """Return what stands at a path, where that is one value."""
    for segment in path:
        value = _step(value, segment)
    return value


def _step(value: Json, segment: object) -> Json:
    if segment is ANY_ELEMENT:
        is_one_element = isinstance(value, list) and len(value) == 1
        return value[0] if is_one_element else _NO_TEXT
    if not isinstance(value, dict):
        return _NO_TEXT
    return value.get(segment, _NO_TEXT)


def _changed(value: Json, path: JsonPath, change: Callable[[Json], Json]) -> Json:
    """Return a value with what stands at a path changed; only what is above it is copied."""
    if not path:
        return change(value)
    segment, *rest = path
    change_below = partial(_changed, path=tuple(rest), change=change)
    if segment is ANY_ELEMENT and isinstance(value, list):
        return list(map(change_below, value))
    if isinstance(value, dict) and segment in value:
        return {**value, segment: change_below(value[segment])}
    return value
