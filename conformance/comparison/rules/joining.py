"""The pieces of a stream, compared by what they add up to.

The elements of a list that hold a piece of one text become one element, where the first one stood,
with their texts joined: how a stream was cut into pieces is no difference then.  What the pieces
say besides is put together; pieces that contradict each other, as those of two choices do by their
index, are of two texts.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from operator import attrgetter, is_, is_not, methodcaller
from types import NoneType
from typing import Final

from msgspec import Struct

from conformance.comparison.rules.counting import Loosened, masked
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import ANY_ELEMENT, JsonPath, covers
from conformance.model.rule import JoinRule, NumberRule, ValueRule

_NO_TEXT: Final = object()
_CONTRADICTION: Final = object()
_GONE: Final = object()
_TYPE: Final = "event"
_PARTS: Final = ({str}, {str, NoneType})
"""What a piece may have of a text: by whether those with nothing of it are pieces."""
_MOST_TEXTS: Final = 16
"""Of so many texts at a time, as choices of one answer, the pieces are put together."""


def joined(
    a: Json, b: Json, rule: JoinRule, others: Sequence[ValueRule | NumberRule]
) -> tuple[Json, Json]:
    """Return two values with the pieces at a rule's path joined.

    `others` are the rules that loosen what stands beside.  Pieces without text belong to one only
    where both have any: a list of elements that call it otherwise has none.
    """
    is_of_both = all(map(partial(_has_text, path=rule.path), (a, b)))
    join = partial(_joined, rule=rule, others=others, takes_all=is_of_both)
    return join(a), join(b)


def _joined(
    value: Json, rule: JoinRule, others: Sequence[ValueRule | NumberRule], *, takes_all: bool
) -> Json:
    depth = rule.path.index(ANY_ELEMENT)
    list_path, path_of_text = rule.path[:depth], rule.path[depth + 1 :]
    piece_path = (*list_path, ANY_ELEMENT)
    inside = depth + 1
    of_pieces = [other for other in others if covers(other.path[:inside], piece_path)]
    loosened = [(other.path[inside:], other) for other in of_pieces]
    join = partial(_in_groups, path=path_of_text, loosened=loosened, takes_all=takes_all)
    return _changed(value, list_path, join)


def _has_text(value: Json, path: JsonPath) -> bool:
    """Return whether a value has any text at a path."""
    found: list[Json] = []
    _changed(value, path, found.append)
    return str in set(map(type, found))


def _in_groups(
    pieces: Json, path: JsonPath, loosened: Sequence[Loosened], *, takes_all: bool
) -> Json:
    """Return a list in which the pieces of one text are one element, where the first one stood."""
    if not isinstance(pieces, list):
        return pieces
    parts = _PARTS[takes_all]
    texts = _Texts()
    for at, piece in enumerate(pieces):
        part = _part_at(piece, path)
        if type(part) in parts:
            beside = masked(_changed(piece, path, lambda _: None), loosened)
            texts.add(_Text([at], piece, beside, [part], is_begun=bool(part)))
    kept: list[Json] = list(pieces)
    for text in texts.of_pieces():
        for at in text.places:
            kept[at] = _GONE
        kept[text.places[0]] = text.joined(path)
    return list(filter(partial(is_not, _GONE), kept))


class _Texts:
    """The texts of a list, as their pieces come; those `waiting` have no character yet."""

    def __init__(self) -> None:
        self._all: list[_Text] = []
        self._latest: deque[_Text] = deque(maxlen=_MOST_TEXTS)
        self._waiting: deque[_Text] = deque(maxlen=_MOST_TEXTS)

    def add(self, piece: "_Text") -> None:
        """Add a piece to the text that it goes on with, by what it says beside it."""
        text = _text_of(piece, self._latest)
        if text is not None:
            text.add(piece)
            return
        text = _text_of(piece, self._waiting)
        if text is None:
            text = piece
            self._all.append(text)
        else:
            self._waiting.remove(text)
            text.add(piece)
        (self._latest if text.is_begun else self._waiting).append(text)

    def of_pieces(self) -> Iterator["_Text"]:
        """Return the texts whose pieces are put together: where there is none, they stay."""
        return filter(attrgetter("is_of_pieces"), self._all)


class _Text(Struct, eq=False):
    """A text as far as it has come: where its pieces stand, and what they say beside it.

    `beside` is what counts of that, `whole` all of it.  A part is None where a piece has nothing of
    the text, as the first one of a stream which says whose it is.  It `is_begun` with a character.
    """

    places: list[int]
    whole: Json
    beside: Json
    parts: list[Json]
    is_begun: bool

    def take(self, piece: "_Text") -> bool:
        """Take what another piece says beside its text, if that contradicts nothing so far.

        Of a piece without text it has to be something that is new: else it would be lost that
        there is one more.
        """
        both = _merged(self.beside, piece.beside)
        if both is _CONTRADICTION:
            return False
        if piece.parts == [None] and not self._says_more(piece, both):
            return False
        self.beside = both
        return True

    def _says_more(self, piece: "_Text", both: Json) -> bool:
        are_of_one_type = _type_of(self.beside) == _type_of(piece.beside)
        return are_of_one_type and canonical(both) != canonical(self.beside)

    def add(self, piece: "_Text") -> None:
        """Add a piece, and its part of the text."""
        self.whole = _together(self.whole, piece.whole)
        self.places += piece.places
        self.parts += piece.parts
        self.is_begun = self.is_begun or piece.is_begun

    @property
    def is_of_pieces(self) -> bool:
        """Return whether there is a text, or nothing but pieces of an empty one."""
        return self.is_begun or None not in self.parts

    def joined(self, path: JsonPath) -> Json:
        """Return the element that stands for all pieces."""
        text = _with_whole_characters("".join(filter(None, self.parts)))
        return _changed(self.whole, path, lambda _: text)


def _with_whole_characters(text: str) -> str:
    """Return a text in which the two halves of a character, of two pieces, are that character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _text_of(piece: _Text, texts: deque[_Text]) -> _Text | None:
    """Return the latest text that a piece goes on with, by what the piece says beside it."""
    # The pieces of several texts take turns: most often the latest goes on
    return next(filter(methodcaller("take", piece), reversed(texts)), None)


def _type_of(element: Json) -> Json:
    """Return the type that an event has, None where it has none."""
    return element.get(_TYPE) if isinstance(element, dict) else None


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
    if any(map(partial(is_, _CONTRADICTION), parts)):
        return _CONTRADICTION
    return merged


def _part_at(piece: Json, path: JsonPath) -> Json:
    """Return the part of a text that a piece has, or None where it has only a place for it."""
    part = _text_at(piece, path)
    if part is _NO_TEXT and isinstance(_text_at(piece, path[:-1]), dict):
        return None
    return part


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
