"""Join the pieces of a streamed text, so that how a stream was cut into pieces is no difference.

The list elements that hold pieces of one text become one element at the position of the first, with
the joined text.  Their other members are merged.  Pieces whose other members contradict each other
belong to different texts, such as two choices with different indexes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from operator import attrgetter, is_, is_not, methodcaller
from types import NoneType
from typing import Final

from msgspec import Struct

from conformance.comparison.rules.counting import Loosened, without_loosened
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import ANY_ELEMENT, JsonPath, covers
from conformance.model.rule import JoinRule, NumberRule, ValueRule

_NO_TEXT: Final = object()
"""What `_text_at` returns where there is no single value."""
_CONTRADICTION: Final = object()
"""What a merge returns for two values that are not equal."""
_GONE: Final = object()
"""What replaces an element that was joined to an earlier one, until it is removed."""
_TYPE: Final = "event"
"""The member with the type of an event; pieces without text are joined only within one type."""
_PARTS: Final = ({str}, {str, NoneType})
"""The types a piece's part of the text may have: str, and None if pieces without text count too."""
_MOST_TEXTS: Final = 16
"""The most texts that are joined at the same time, such as the choices of one model answer."""


def joined(
    a: Json, b: Json, rule: JoinRule, others: Sequence[ValueRule | NumberRule]
) -> tuple[Json, Json]:
    """Return two values with the pieces at a rule's path joined.

    `others` are the value and number rules; members that they loosen cannot contradict each other.
    Pieces without text are joined only if both values have some text at the path: a list whose
    elements use another name for the text has none there.
    """
    is_of_both = all(map(partial(_has_text, path=rule.path), (a, b)))
    join = partial(_joined, rule=rule, others=others, takes_all=is_of_both)
    return join(a), join(b)


def _joined(
    value: Json, rule: JoinRule, others: Sequence[ValueRule | NumberRule], *, takes_all: bool
) -> Json:
    """Return one value with the pieces at a rule's path joined; see `joined`."""
    depth = rule.path.index(ANY_ELEMENT)
    list_path, path_of_text = rule.path[:depth], rule.path[depth + 1 :]
    piece_path = (*list_path, ANY_ELEMENT)
    inside = depth + 1
    of_pieces = [other for other in others if covers(other.path[:inside], piece_path)]
    loosened = [(other.path[inside:], other) for other in of_pieces]
    join = partial(_with_joined_pieces, path=path_of_text, loosened=loosened, takes_all=takes_all)
    return _changed(value, list_path, join)


def _has_text(value: Json, path: JsonPath) -> bool:
    """Return whether a value has any string at a path."""
    found: list[Json] = []
    _changed(value, path, found.append)
    return str in set(map(type, found))


def _with_joined_pieces(
    pieces: Json, path: JsonPath, loosened: Sequence[Loosened], *, takes_all: bool
) -> Json:
    """Return a list with the pieces of each text as one element, where the first piece was."""
    if not isinstance(pieces, list):
        return pieces
    parts = _PARTS[takes_all]
    texts = _Texts()
    for at, piece in enumerate(pieces):
        part = _part_at(piece, path)
        if type(part) in parts:
            beside = without_loosened(_changed(piece, path, lambda _: None), loosened)
            texts.add(_Text([at], piece, beside, [part], is_begun=bool(part)))
    kept: list[Json] = list(pieces)
    for text in texts.joinable():
        for at in text.places:
            kept[at] = _GONE
        kept[text.places[0]] = text.joined(path)
    return list(filter(partial(is_not, _GONE), kept))


class _Texts:
    """The texts of a list, found piece by piece; the texts in `_waiting` have no character yet."""

    def __init__(self) -> None:
        self._all: list[_Text] = []
        self._latest: deque[_Text] = deque(maxlen=_MOST_TEXTS)
        self._waiting: deque[_Text] = deque(maxlen=_MOST_TEXTS)

    def add(self, piece: "_Text") -> None:
        """Add a piece to the latest text that it does not contradict, or begin a text."""
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

    def joinable(self) -> Iterator["_Text"]:
        """Return the texts whose elements are joined; all other elements stay as they are."""
        return filter(attrgetter("is_joinable"), self._all)


class _Text(Struct, eq=False):
    """One text so far: the indexes of its pieces, their merged members, and its parts.

    `whole` has all members, `beside` only those that no rule loosens, without the text.  A part is
    None for a piece without text, such as a first event that only has the role.  `is_begun` is True
    from the first character on.
    """

    places: list[int]
    whole: Json
    beside: Json
    parts: list[Json]
    is_begun: bool

    def accept(self, piece: "_Text") -> bool:
        """Merge a piece's other members into this text; return False if they contradict it.

        A piece without text must add something new.  Otherwise it could be a repeated event, and
        joining it would hide how many there are.
        """
        both = _merged(self.beside, piece.beside)
        if both is _CONTRADICTION:
            return False
        if piece.parts == [None] and not self._says_more(piece, both):
            return False
        self.beside = both
        return True

    def _says_more(self, piece: "_Text", both: Json) -> bool:
        """Return whether a piece has the same type, and adds to the text's other members."""
        are_of_one_type = _type_of(self.beside) == _type_of(piece.beside)
        return are_of_one_type and canonical(both) != canonical(self.beside)

    def add(self, piece: "_Text") -> None:
        """Add an accepted piece: its position, its members and its part of the text."""
        self.whole = _merged_first_wins(self.whole, piece.whole)
        self.places += piece.places
        self.parts += piece.parts
        self.is_begun = self.is_begun or piece.is_begun

    @property
    def is_joinable(self) -> bool:
        """Return whether the text has a character, or only empty pieces: then they are joined."""
        return self.is_begun or None not in self.parts

    def joined(self, path: JsonPath) -> Json:
        """Return the one element that replaces all pieces, with the whole text at the path."""
        text = _with_whole_characters("".join(filter(None, self.parts)))
        return _changed(self.whole, path, lambda _: text)


def _with_whole_characters(text: str) -> str:
    """Return a text with each surrogate pair that was cut between two pieces as one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _text_of(piece: _Text, texts: deque[_Text]) -> _Text | None:
    """Return the latest text that accepts a piece, or None."""
    # Pieces of several texts may alternate: a piece most often continues the latest
    return next(filter(methodcaller("accept", piece), reversed(texts)), None)


def _type_of(element: Json) -> Json:
    """Return the type of an event, or None if it has none."""
    return element.get(_TYPE) if isinstance(element, dict) else None


def _merged(first: Json, second: Json) -> Json:
    """Return two values merged, or `_CONTRADICTION` if they differ.

    An absent or null part does not contradict.
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


def _merged_first_wins(first: Json, second: Json) -> Json:
    """Return two values merged; where they differ, the first one counts."""
    if first is None:
        return second
    if _are_objects(first, second):
        return _merged_members(first, second, _merged_first_wins)
    if _are_lists_of_one_length(first, second):
        return list(map(_merged_first_wins, first, second))
    return first


def _merged_members(
    first: dict[str, Json], second: dict[str, Json], merge: Callable[[Json, Json], Json]
) -> dict[str, Json]:
    """Return an object with the members of both, merged where both have them."""
    names = {**first, **second}
    return {name: merge(first.get(name), second.get(name)) for name in names}


def _are_objects(first: Json, second: Json) -> bool:
    return {type(first), type(second)} == {dict}


def _are_lists_of_one_length(first: Json, second: Json) -> bool:
    are_lists = {type(first), type(second)} == {list}
    return are_lists and len(first) == len(second)


def _unless_contradicting(merged: Json, parts: Iterable[Json]) -> Json:
    """Return the merged value, or `_CONTRADICTION` if any part of it is one."""
    if any(map(partial(is_, _CONTRADICTION), parts)):
        return _CONTRADICTION
    return merged


def _part_at(piece: Json, path: JsonPath) -> Json:
    """Return a piece's part of the text: None if the piece has only the object for it.

    `_NO_TEXT` if it does not even have that object.
    """
    part = _text_at(piece, path)
    if part is _NO_TEXT and isinstance(_text_at(piece, path[:-1]), dict):
        return None
    return part


def _text_at(value: Json, path: JsonPath) -> Json:
    """Return the value at a path, or `_NO_TEXT`; a list counts only if it has one element."""
    for segment in path:
        value = _step(value, segment)
    return value


def _step(value: Json, segment: object) -> Json:
    """Return what is one step below a value, or `_NO_TEXT`; a list must have one element."""
    if segment is ANY_ELEMENT:
        is_one_element = isinstance(value, list) and len(value) == 1
        return value[0] if is_one_element else _NO_TEXT
    if not isinstance(value, dict):
        return _NO_TEXT
    return value.get(segment, _NO_TEXT)


def _changed(value: Json, path: JsonPath, change: Callable[[Json], Json]) -> Json:
    """Return a copy of a value with `change` applied to what is at a path.

    Only the containers on the way are copied.
    """
    if not path:
        return change(value)
    segment, *rest = path
    change_below = partial(_changed, path=tuple(rest), change=change)
    if segment is ANY_ELEMENT and isinstance(value, list):
        return list(map(change_below, value))
    if isinstance(value, dict) and segment in value:
        return {**value, segment: change_below(value[segment])}
    return value
