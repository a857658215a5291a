"""Undoes the content coding of a body, one layer, never past a bound, whole or piece by piece."""

import zlib
from collections.abc import Callable, Mapping
from typing import Final, Protocol

import brotli
import zstandard

from conformance.model.observation import FaultKind
from conformance.runner.http.exchange_fault import ExchangeFaultError

_PIECE_BYTES: Final = 1 << 20
_ZSTD_WINDOW_BYTES: Final = 8 << 20  # RFC 9659, section 3: no decoder needs more
_ZSTD_INPUT_BYTES: Final = 32  # four bytes may stand for 128 KiB: so no piece becomes more than a MiB


class _Inflater(Protocol):
    """What undoes a coding; errors of its library are raised as they are."""

    ended: bool

    def inflate(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        """Return up to about so many decoded bytes, and what is left of the data."""

    @property
    def excess(self) -> bytes:
        """Return what came after the end of the coded data."""


class _Zlib:
    def __init__(self, window_bits: int) -> None:
        self._inner = zlib.decompressobj(window_bits)
        self.ended = False

    def inflate(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        decoded = self._inner.decompress(data, most)
        self.ended = self._inner.eof
        return decoded, self._inner.unconsumed_tail

    @property
    def excess(self) -> bytes:
        return self._inner.unused_data


class _Brotli:
    """Brotli is handed pieces of its output; what comes after its end is an error of the library."""

    excess = b""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self.ended = False

    def inflate(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        accepts = self._inner.can_accept_more_data()
        decoded = self._inner.process(data if accepts else b"", output_buffer_limit=most)
        self.ended = self._inner.is_finished()
        return decoded, b"" if accepts else data

    @property
    def holds_back(self) -> bool:
        """Tell whether there is output that the bound has kept back."""
        return not self._inner.can_accept_more_data()


class _Zstd:
    def __init__(self) -> None:
        self._library = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
        self._inner = self._library.decompressobj()
        self.ended = False
        self.excess = b""

    def inflate(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        if self.ended:  # another frame follows
            self._inner, self.ended = self._library.decompressobj(), False
        decoded, at = bytearray(), 0
        while at < len(data) and len(decoded) < most and not self.ended:
            decoded += self._inner.decompress(data[at : at + _ZSTD_INPUT_BYTES])
            at += _ZSTD_INPUT_BYTES
            self.ended = self._inner.eof
        rest = (self._inner.unused_data if self.ended else b"") + data[at:]
        return bytes(decoded), rest


_INFLATERS: Final[Mapping[str, Callable[[], _Inflater]]] = {
    "gzip": lambda: _Zlib(31),
    "x-gzip": lambda: _Zlib(31),
    "deflate": lambda: _Zlib(15),
    "br": _Brotli,
    "zstd": _Zstd,
}
_PLAIN: Final = frozenset({"", "identity"})
CODINGS: Final = tuple(_INFLATERS)


class BodyDecoder:
    """Undoes one coding of a body that arrives in pieces; `decoded` is what there is so far.

    Raises ExchangeFaultError for a coded body that is broken, coded twice or larger than the bound.
    """

    def __init__(self, coding: str, max_bytes: int) -> None:
        self.decoded = bytearray()
        self._name = coding.strip().lower()
        self._max_bytes = max_bytes
        if "," in self._name:
            detail = f"more than one coding: {self._name[:40]}"
            raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", detail)
        make = _INFLATERS.get(self._name)
        self._inflater = make() if make is not None else None

    def feed(self, data: bytes) -> None:
        """Take a piece of the body as it was sent."""
        if self._inflater is None:
            self.decoded += data
            return
        try:
            self._inflate(self._inflater, data)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            detail = f"{self._name}: {error}"
            raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", detail) from error
        if len(self.decoded) > self._max_bytes:
            detail = f"{self._name}: more than {self._max_bytes} bytes decoded"
            raise ExchangeFaultError(FaultKind.DECODED_TOO_LARGE, "body", detail)

    def notes(self) -> tuple[str, ...]:
        """Return what is odd about the coding of a whole body; raises ExchangeFaultError where it is cut off."""
        if self._inflater is None:
            return () if self._name in _PLAIN else (f"content_coding_kept:{self._name[:20]}",)
        if not self._inflater.ended:
            raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", f"{self._name}: cut off")
        return ("bytes_after_coded_body",) if self._inflater.excess else ()

    def _inflate(self, inflater: _Inflater, data: bytes) -> None:
        """Inflate in pieces, so that no more than a piece is ever held twice; stop past the bound."""
        more = True
        while more and len(self.decoded) <= self._max_bytes:
            most = min(_PIECE_BYTES, self._max_bytes + 1 - len(self.decoded))
            piece, data = inflater.inflate(data, most)
            self.decoded += piece
            more = bool(data) or (isinstance(inflater, _Brotli) and inflater.holds_back)


def decode_body(body: bytes | bytearray, coding: str, max_bytes: int) -> tuple[bytes, tuple[str, ...]]:
    """Return the decoded body and notes; a coding that is not known leaves the body as it is, with a note.

    Raises ExchangeFaultError for a coded body that is broken, cut off, coded twice or larger than the bound.
    """
    if not body or coding.strip().lower() in _PLAIN:
        return bytes(body), ()
    decoder = BodyDecoder(coding, max_bytes)
    decoder.feed(bytes(body))
    return bytes(decoder.decoded), decoder.notes()
