"""Large bodies in the lines of records and recordings, written and read without copies of the line.

A body is written in pieces, and read as bytes.  Equal bodies in one line share one object.
"""

import codecs
import io
import itertools
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, Final

import msgspec

# Decoding larger texts would need several times their memory
LARGE_BYTES: Final = 1 << 20
_MARK: Final = b"\0"
"""Stands for a large text until that is written: JSON never contains this byte."""
_PIECE_BYTES: Final = 1 << 20
_CONTINUATIONS: Final = bytes(range(0b1000_0000, 0b1100_0000))
"""The bytes that continue a character in UTF-8."""
_TO_AN_ESCAPE: Final = re.compile(rb"\A(?s:.*)(?<!\\)(?=\\(?!\Z|u\Z|u[dD]))")
"""All up to the last backslash of an escape that is certainly no surrogate."""
_LONGEST_ESCAPE: Final = len(b"\\ud83d\\ude00")
_ELEMENTS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_MEMBERS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_WITHOUT_LARGE: Final = msgspec.json.Encoder()
"""The encoder of rows without a large text, which are nearly all."""
_TEXT: Final = msgspec.json.Decoder(str)
_Reader = Callable[[msgspec.Raw], Any]


class LargeText:
    """A text in UTF-8 as a member of a row; a data class would be written as an object."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw


def is_large_text(raw: bytes) -> bool:
    """Return whether bytes are at least LARGE_BYTES, and valid UTF-8."""
    if len(raw) < LARGE_BYTES:
        return False
    try:
        for _ in _texts(raw):
            pass
    except UnicodeDecodeError:
        return False
    return True


def pieces(row: dict[str, Any]) -> Iterator[bytes]:
    """Yield the line for an object, in pieces."""
    try:
        line = _WITHOUT_LARGE.encode(row)
    except TypeError:  # there is a large text
        yield from _around_large(row)
    else:
        yield line + b"\n"


def _around_large(row: dict[str, Any]) -> Iterator[bytes]:
    texts: list[bytes] = []

    def stand_in(value: object) -> msgspec.Raw:
        if not isinstance(value, LargeText):
            raise NotImplementedError(f"no value of a record: {type(value).__name__}")
        texts.append(value.raw)
        return msgspec.Raw(_MARK)

    first, *others = msgspec.json.Encoder(enc_hook=stand_in).encode(row).split(_MARK)
    yield first
    for raw, part in zip(texts, others, strict=True):
        yield b'"'
        for text in _texts(raw):
            yield msgspec.json.encode(text)[1:-1]
        yield b'"'
        yield part
    yield b"\n"


def whole_lines(file: BinaryIO, *, unended: bool = False) -> Iterator[tuple[int, bytes]]:
    """Yield complete lines of a file with their numbers, from 1; with `unended` also the last one.

    A long line is read at once into memory of its size, and not kept here after it is yielded.
    """
    for number in itertools.count(1):
        start = file.tell()
        held = [file.readline(_PIECE_BYTES)]
        while held[-1] and not held[-1].endswith(b"\n"):
            held = [file.readline(_PIECE_BYTES)]
        length = file.tell() - start
        if not held[-1] and not (unended and length):
            return
        if length > len(held[-1]):
            file.seek(start)
            held = [file.read(length)]
        yield number, held.pop()


def _texts(raw: bytes) -> Iterator[str]:
    """Yield bytes decoded to text, in pieces; raise UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(raw), _PIECE_BYTES):
        yield decoder.decode(raw[start : start + _PIECE_BYTES], start + _PIECE_BYTES >= len(raw))


def row_of(line: bytes) -> Any:
    """Return the object on a line of a record; large bodies of answers in it are bytes."""
    if len(line) < LARGE_BYTES:
        return msgspec.json.decode(line)
    return _read(line, cells=_Bodies().cells)


def row_with_answer(line: bytes) -> Any:
    """Return the object on a line of a recording; a large body of its answer is a `LargeText`."""
    if len(line) < LARGE_BYTES:
        return msgspec.json.decode(line)
    row = _read(line, answer=_Bodies().answer)
    body = row.get("answer", {}).get("body")
    if isinstance(body, bytes):
        row["answer"]["body"] = LargeText(body)
    return row


def _read(text: bytes | msgspec.Raw, **readers: _Reader) -> dict[str, Any]:
    """Return an object; `readers` maps names of members to their own decoders."""
    members = _MEMBERS.decode(text).items()
    return {name: readers.get(name, msgspec.json.decode)(value) for name, value in members}


class _Bodies:
    """A decoder of the cells of a line, which decodes equal large bodies only once."""

    def __init__(self) -> None:
        self._known: list[tuple[msgspec.Raw, bytes]] = []

    def cells(self, text: msgspec.Raw) -> list[dict[str, Any]]:
        """Return the cells of a line."""
        return list(map(partial(_read, seen=self._seen), _ELEMENTS.decode(text)))

    def _seen(self, text: msgspec.Raw) -> list[dict[str, Any]]:
        return list(map(partial(_read, answer=self.answer), _ELEMENTS.decode(text)))

    def answer(self, text: msgspec.Raw) -> dict[str, Any]:
        """Return an answer as an object."""
        return _read(text, body=self._body)

    def _body(self, text: msgspec.Raw) -> str | bytes:
        if memoryview(text).nbytes < LARGE_BYTES:
            return _TEXT.decode(text)
        for known, body in self._known:
            if memoryview(known) == memoryview(text):
                return body
        body = _body_of(text)
        self._known.append((text, body))
        return body


def _body_of(text: msgspec.Raw) -> bytes:
    """Return the bytes of a JSON string, decoded piece by piece without a copy of the whole."""
    inner = memoryview(text)[1:-1]
    body = io.BytesIO()
    at = 0
    while at < len(inner):
        piece = bytes(inner[at : at + _PIECE_BYTES])
        if at + len(piece) < len(inner):
            piece = piece[: _last_cut(piece)] or bytes(inner[at:])
        body.write(_TEXT.decode(b'"%b"' % piece).encode("utf-8"))
        at += len(piece)
    return body.getvalue()


def _last_cut(piece: bytes) -> int:
    """Return the last index at which a piece of a JSON string may be cut, or 0.

    It is before an escape that is no half of a surrogate pair, or before a character.
    """
    last = piece.rfind(b"\\")
    if last < 0 or len(piece) - last > _LONGEST_ESCAPE:
        return len(piece.rstrip(_CONTINUATIONS)) - 1
    behind = _TO_AN_ESCAPE.sub(b"", piece, count=1)
    return len(piece) - len(behind)
