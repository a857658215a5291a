"""JSON read piece by piece, so that a large body is never held as objects all at once."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from conformance.model.json_path import ANY_ELEMENT, JsonPath

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What is raised for a text that is no JSON, or nests too deep."""
_LARGE_BYTES: Final = 64 << 10
"""A list or an object of more is read in several pieces."""
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_OF_SCALARS: Final = msgspec.json.Decoder(dict[str, str | int | float | bool | None])
_LOOKED_AT: Final = 64
"""White space before a text that is longer is not looked through: it is then taken for no JSON."""
_ANOTHER_PIECE: Final = (True,)
"""Stands for a member that is a piece of its own: not empty, and nothing to look into."""


def pieces_of(body: bytes) -> Iterator[tuple[Any, JsonPath]]:
    """Yield the object or list that a body is, a large one in pieces, each with its path.

    The outermost comes first.  A large list is several lists at one path.  Nothing where a body is
    neither; raises one of UNREADABLE, for a large body perhaps after some pieces.
    """
    if _start_of(body) in {b"{", b"["}:
        yield from _pieces(body, ())


def _pieces(text: bytes | msgspec.Raw, path: JsonPath) -> Iterator[tuple[Any, JsonPath]]:
    start = _start_of(text) if _is_large(text) else b""
    if start == b"[":
        yield from _pieces_of_list(text, path)
    elif start == b"{":
        yield from _pieces_of_object(text, path)
    else:
        yield msgspec.json.decode(text), path


def _pieces_of_list(text: bytes | msgspec.Raw, path: JsonPath) -> Iterator[tuple[Any, JsonPath]]:
    below = (*path, ANY_ELEMENT)
    for group in _groups(_LIST.decode(text)):
        first = group[0]
        # What is large stands alone in its group
        if _is_large_container(first):
            yield from _pieces(first, below)
        else:
            yield msgspec.json.decode(b"[%b]" % b",".join(group)), path


def _pieces_of_object(
    text: bytes | msgspec.Raw, path: JsonPath
) -> Iterator[tuple[dict[str, Any], JsonPath]]:
    try:
        scalars = _OF_SCALARS.decode(text)
    except msgspec.ValidationError:
        members = _OBJECT.decode(text)
    else:  # perhaps very many members, all small
        yield scalars, path
        return
    parted = {name: member for name, member in members.items() if _is_large_container(member)}
    if not parted:
        # Not held beside the value that is read of the same text
        del members
        yield msgspec.json.decode(text), path
        return
    small = {
        name: _ANOTHER_PIECE if name in parted else msgspec.json.decode(member)
        for name, member in members.items()
    }
    yield small, path
    for name, member in parted.items():
        yield from _pieces(member, (*path, name))


def _groups(elements: list[msgspec.Raw]) -> Iterator[list[msgspec.Raw]]:
    """Yield elements in groups that are not large; what is large is a group of its own."""
    group: list[msgspec.Raw] = []
    size = 0
    for element in elements:
        length = len(element)
        if group and size + length > _LARGE_BYTES:
            yield group
            group, size = [], 0
        group.append(element)
        size += length
    if group:
        yield group


def _is_large(text: bytes | msgspec.Raw) -> bool:
    return len(text) > _LARGE_BYTES


def _is_large_container(text: msgspec.Raw) -> bool:
    return _is_large(text) and _start_of(text) in {b"{", b"["}


def _start_of(text: bytes | msgspec.Raw) -> bytes:
    """Return the first byte of a text that is no white space."""
    return bytes(memoryview(text)[:_LOOKED_AT]).lstrip()[:1]
