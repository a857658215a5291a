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
_LOOKED_AT: Final = 64
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
        for group in _groups(_LIST.decode(text)):
            if len(group) == 1 and _is_large_container(group[0]):
                yield from _pieces(group[0], (*path, ANY_ELEMENT))
            else:
                yield msgspec.json.decode(b"[%b]" % b",".join(group)), path
    elif start == b"{":
        members: dict[str, Any] = _OBJECT.decode(text)
        large: dict[str, msgspec.Raw] = {}
        for name, member in members.items():  # each is read in its place: there may be many
            if _is_large_container(member):
                large[name] = member
                members[name] = _ANOTHER_PIECE
            else:
                members[name] = msgspec.json.decode(member)
        yield members, path
        for name, member in large.items():
            yield from _pieces(member, (*path, name))
    else:
        yield msgspec.json.decode(text), path


def _groups(elements: list[msgspec.Raw]) -> Iterator[list[msgspec.Raw]]:
    """Yield elements in groups that are not large; what is large is a group of its own."""
    group: list[msgspec.Raw] = []
    size = 0
    for element in elements:
        length = memoryview(element).nbytes
        if group and size + length > _LARGE_BYTES:
            yield group
            group, size = [], 0
        group.append(element)
        size += length
    if group:
        yield group


def _is_large(text: bytes | msgspec.Raw) -> bool:
    return memoryview(text).nbytes > _LARGE_BYTES


def _is_large_container(text: msgspec.Raw) -> bool:
    return _is_large(text) and _start_of(text) in {b"{", b"["}


def _start_of(text: bytes | msgspec.Raw) -> bytes:
    """Return the first byte of a text that is no white space."""
    return bytes(memoryview(text)[:_LOOKED_AT]).lstrip()[:1]
