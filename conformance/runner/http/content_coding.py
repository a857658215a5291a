"""Decodes the content codings of a body, the last one first.

It takes the body whole or in pieces, and limits the size of the output.
"""

import io
import zlib
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from conformance.model.observation import FaultKind
from conformance.runner.http.exchange_fault import ExchangeFaultError

_PIECE_BYTES: Final = 1 << 20
_ZSTD_WINDOW_BYTES: Final = 8 << 20  # RFC 9659, section 3: no decoder needs more
_ZLIB_INPUT_BYTES: Final = 4 << 10
_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_INPUT_BYTES: Final = (
    32  # four bytes may decode to 128 KiB, so a piece decodes to a MiB at most
)


class _Inflater(Protocol):
    """A decoder of one coding; errors of its library are raised as they are."""

    ended: bool
    members: int
    """How many members or frames have begun."""
    error: type[Exception]
    """What its library raises for data that are broken."""

    def inflate(self, data: memoryview, most: int) -> tuple[bytes, int]:
        """Return about `most` decoded bytes or fewer, and how many bytes of the data were read."""

    @property
    def excess(self) -> bool:
        """Return whether anything came after the end of the coded data."""


class _Zlib:
    """A zlib decoder that takes small pieces, because its library copies unread input."""

    error: type[Exception] = zlib.error

    def __init__(self, window_bits: int) -> None:
        self._window_bits = window_bits
        self._inner = zlib.decompressobj(window_bits)
        self._after = b""
        self.ended = False
        self.members = 1

    def inflate(self, data: memoryview, most: int) -> tuple[bytes, int]:
        if self.ended:
            return b"", self._take_after(data)
        piece = data[:_ZLIB_INPUT_BYTES]
        decoded = self._inner.decompress(piece, most)
        self.ended = self._inner.eof
        left = self._inner.unused_data if self.ended else self._inner.unconsumed_tail
        return decoded, len(piece) - len(left)

    @property
    def excess(self) -> bool:
        return bool(self._after)

    def _take_after(self, data: memoryview) -> int:
        self._after = bytes(data[:1])
        return len(data)


class _Gzip(_Zlib):
    """A gzip decoder; members may follow one another (RFC 1952, section 2.2).

    Bytes after a member that begin no other one are excess.
    """

    def _take_after(self, data: memoryview) -> int:
        if not _GZIP_MAGIC.startswith(self._after):
            return len(data)
        wanted = data[: len(_GZIP_MAGIC) - len(self._after)]
        self._after += wanted
        if self._after == _GZIP_MAGIC:
            self._inner = zlib.decompressobj(self._window_bits)
            self._inner.decompress(self._after)
            self._after, self.ended = b"", False
            self.members += 1
        return len(wanted)


class _Brotli:
    """A Brotli decoder; the library itself limits the size of each output.

    Bytes after the end of the data are an error of the library.
    """

    excess = False
    members = 1

    def __init__(self) -> None:
        import brotli  # noqa: PLC0415 - a native library, loaded only where a body is coded by it

        self.error: type[Exception] = brotli.error
        self._inner = brotli.Decompressor()
        self.ended = False

    def inflate(self, data: memoryview, most: int) -> tuple[bytes, int]:
        taken = len(data) if self._inner.can_accept_more_data() else 0
        decoded = self._inner.process(bytes(data[:taken]), output_buffer_limit=most)
        self.ended = self._inner.is_finished()
        return decoded, taken

    @property
    def holds_back(self) -> bool:
        """Return whether decoded output is left that did not fit into the bound."""
        return not self._inner.can_accept_more_data()


class _Zstd:
    """A Zstandard decoder; frames may follow one another (RFC 8878, section 3.1)."""

    excess = False

    def __init__(self) -> None:
        import zstandard  # noqa: PLC0415 - a native library, as above

        self.error: type[Exception] = zstandard.ZstdError
        self._library = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
        self._inner = self._library.decompressobj()
        self.ended = False
        self.members = 1

    def inflate(self, data: memoryview, most: int) -> tuple[bytes, int]:
        if self.ended:
            self._inner, self.ended = self._library.decompressobj(), False
            self.members += 1
        decoded, at = bytearray(), 0
        while at < len(data) and len(decoded) < most and not self.ended:
            piece = data[at : at + _ZSTD_INPUT_BYTES]
            decoded += self._inner.decompress(piece)
            at += len(piece)
            self.ended = self._inner.eof
        unused = len(self._inner.unused_data) if self.ended else 0
        return bytes(decoded), at - unused


_INFLATERS: Final[Mapping[str, Callable[[], _Inflater]]] = {
    "gzip": lambda: _Gzip(31),
    "x-gzip": lambda: _Gzip(31),
    "deflate": lambda: _Zlib(15),
    "br": _Brotli,
    "zstd": _Zstd,
}
_PLAIN: Final = frozenset({"", "identity"})


_MAX_CODINGS: Final = 3
"""A server encodes, and a proxy encodes again; more is an attack or a loop."""
_MAX_MEMBERS: Final = 1 << 16
"""A writer that ends a member after each line stays below.  Empty members only cost time."""


class BodyDecoder:
    """A decoder of a body that arrives in pieces; `decoded` holds the result so far.

    `Content-Encoding: gzip, br` says that gzip was applied first (RFC 9110, section 8.4), so it is
    undone last.  If one of the codings is unknown, none is undone.  Raises ExchangeFaultError for a
    body that is broken, has too many codings, or is larger than the bound after any of them.
    """

    def __init__(self, coding: str, max_bytes: int) -> None:
        self.decoded = io.BytesIO()  # its content can be taken without a copy
        names = [
            name for each in coding.split(",") if (name := each.strip(" \t").lower()) not in _PLAIN
        ]
        self._kept = ", ".join(names) if any(name not in _INFLATERS for name in names) else ""
        if len(names) > _MAX_CODINGS:
            detail = f"more than {_MAX_CODINGS} codings: {', '.join(names)[:40]}"
            raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", detail)
        self._layers = [] if self._kept else [_Layer(name, max_bytes) for name in reversed(names)]

    def feed(self, data: bytes) -> None:
        """Take a piece of the body as it was sent."""
        for layer in self._layers:
            data = layer.undone(data)
        self.decoded.write(data)

    def notes(self) -> tuple[str, ...]:
        """Return notes on the codings of a whole body.

        Raises ExchangeFaultError if the body is cut off.
        """
        if self._kept:
            return (f"content_coding_kept:{self._kept[:20]}",)
        return tuple(dict.fromkeys(note for layer in self._layers for note in layer.notes()))


class _Layer:
    """A decoder of one coding that limits the size of its output."""

    def __init__(self, name: str, max_bytes: int) -> None:
        self._name = name
        self._left = max_bytes
        self._max_bytes = max_bytes
        self._inflater = _INFLATERS[name]()

    def undone(self, data: bytes) -> bytes:
        """Return the next piece of the body, decoded."""
        decoded = bytearray()
        try:
            self._inflate(data, decoded)
        except self._inflater.error as error:
            detail = f"{self._name}: {error}"
            raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", detail) from error
        self._left -= len(decoded)
        if self._left < 0:
            detail = f"{self._name}: more than {self._max_bytes} bytes decoded"
            raise ExchangeFaultError(FaultKind.DECODED_TOO_LARGE, "body", detail)
        return bytes(decoded)

    def notes(self) -> tuple[str, ...]:
        """Return notes on the coding of a whole body.

        Raises ExchangeFaultError if the body is cut off.
        """
        if not self._inflater.ended:
            raise ExchangeFaultError(
                FaultKind.BAD_CONTENT_ENCODING, "body", f"{self._name}: cut off"
            )
        return ("bytes_after_coded_body",) if self._inflater.excess else ()

    def _inflate(self, data: bytes, decoded: bytearray) -> None:
        """Decode in pieces, so that no more than a piece is ever held twice.

        Stop when the output passes the bound.
        """
        inflater, rest, more = self._inflater, memoryview(data), bool(data)
        while more and len(decoded) <= self._left:
            most = min(_PIECE_BYTES, self._left + 1 - len(decoded))
            piece, taken = inflater.inflate(rest, most)
            decoded += piece
            rest = rest[taken:]
            self._refuse_members(inflater.members)
            more = bool(rest) or (isinstance(inflater, _Brotli) and inflater.holds_back)

    def _refuse_members(self, members: int) -> None:
        if members > _MAX_MEMBERS:
            detail = f"{self._name}: more than {_MAX_MEMBERS} members"
            raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", detail)


def decode_body(body: bytes, coding: str, max_bytes: int) -> tuple[bytes, tuple[str, ...]]:
    """Return the decoded body and notes.

    A coding that is not known leaves the body as it is, with a note.

    Raises ExchangeFaultError for a coded body that is broken, cut off, coded too often or larger
    than the bound.
    """
    if not body or coding.strip().lower() in _PLAIN:
        return body, ()
    decoder = BodyDecoder(coding, max_bytes)
    decoder.feed(body)
    return decoder.decoded.getvalue(), decoder.notes()
