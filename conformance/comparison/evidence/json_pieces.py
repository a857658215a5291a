"""Reads JSON in pieces, so that a large body is never in memory as objects all at once."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from conformance.model.json_path import ANY_ELEMENT, JsonPath

UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""The exceptions for a text that is no JSON, or is nested too deeply."""
_LARGE_BYTES: Final = 64 << 10
"""A list or object with more bytes is read in several pieces."""
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
"""Decodes a list, but not its elements."""
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
"""Decodes an object, but not its members."""
_OF_SCALARS: Final = msgspec.json.Decoder(dict[str, str | int | float | bool | None])
"""Decodes an object whose members are all scalars."""
_SEARCHED_BYTES: Final = 64
"""How many bytes are searched for the first character; after more white space, it is not JSON."""
_ANOTHER_PIECE: Final = (True,)
"""Replaces a member that is a piece of its own: a list that is not empty, without containers."""


def pieces_of(body: bytes) -> Iterator[tuple[Any, JsonPath]]:
    """Yield the pieces of a JSON object or list, each with its path, the outermost first.

    A small body is one piece.  A large list becomes several lists at one path.  A body that is
    neither an object nor a list has no pieces.  Raise one of UNREADABLE if the body cannot be read;
    for a large body this may come after some pieces.
    """
    if _start_of(body) in {b"{", b"["}:
        yield from _pieces(body, ())


def _pieces(text: bytes | msgspec.Raw, path: JsonPath) -> Iterator[tuple[Any, JsonPath]]:
    """Yield the pieces of a JSON text at a path."""
    start = _start_of(text) if _is_large(text) else b""
    if start == b"[":
        yield from _pieces_of_list(text, path)
    elif start == b"{":
        yield from _pieces_of_object(text, path)
    else:
        yield msgspec.json.decode(text), path


def _pieces_of_list(text: bytes | msgspec.Raw, path: JsonPath) -> Iterator[tuple[Any, JsonPath]]:
    """Yield the pieces of a large list: groups of small elements, and the pieces of large ones."""
    below = (*path, ANY_ELEMENT)
    for group in _groups(_LIST.decode(text)):
        first = group[0]
        # A large element is alone in its group
        if _is_large_container(first):
            yield from _pieces(first, below)
        else:
            yield msgspec.json.decode(b"[%b]" % b",".join(group)), path


def _pieces_of_object(
    text: bytes | msgspec.Raw, path: JsonPath
) -> Iterator[tuple[dict[str, Any], JsonPath]]:
    """Yield the object with its small members, and then the pieces of its large members."""
    try:
        scalars = _OF_SCALARS.decode(text)
    except msgspec.ValidationError:
        members = _OBJECT.decode(text)
    else:  # it may have very many members, all small
        yield scalars, path
        return
    parted = {name: member for name, member in members.items() if _is_large_container(member)}
    if not parted:
        # Frees memory before the same text is decoded again
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
    """Yield elements in groups that are not large; a large element is a group of its own."""
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
    """Return whether a text is a large list or object."""
    return _is_large(text) and _start_of(text) in {b"{", b"["}


def _start_of(text: bytes | msgspec.Raw) -> bytes:
    """Return the first byte of a text that is not white space; empty if it comes too late."""
    return bytes(memoryview(text)[:_SEARCHED_BYTES]).lstrip()[:1]
