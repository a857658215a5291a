"""Undoes the content coding of a body, one layer, never past a bound."""

import zlib
from typing import Final

from conformance.model.observation import FaultKind
from conformance.runner.http.exchange_fault import ExchangeFaultError

_PIECE_BYTES: Final = 1 << 20
_WINDOW_BITS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def decode_body(body: bytes | bytearray, coding: str, max_bytes: int) -> tuple[bytes, tuple[str, ...]]:
    """Return the decoded body and notes; a coding that is not known leaves the body as it is, with a note.

    Raises ExchangeFaultError for a coded body that is broken, cut off, coded twice or larger than the bound.
    """
    name = coding.strip().lower()
    if name in {"", "identity"} or not body:
        return bytes(body), ()
    if "," in name:
        raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", f"more than one coding: {name[:40]}")
    if name not in _WINDOW_BITS:
        return bytes(body), (f"content_coding_kept:{name[:20]}",)
    inflater = zlib.decompressobj(_WINDOW_BITS[name])
    try:
        decoded = _inflate(inflater, body, max_bytes)
    except zlib.error as error:
        raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", f"{name}: {error}") from error
    if len(decoded) > max_bytes:
        raise ExchangeFaultError(FaultKind.DECODED_TOO_LARGE, "body", f"{name}: more than {max_bytes} bytes decoded")
    if not inflater.eof:
        raise ExchangeFaultError(FaultKind.BAD_CONTENT_ENCODING, "body", f"{name}: cut off")
    return bytes(decoded), ("bytes_after_coded_body",) if inflater.unused_data else ()


def _inflate(inflater: "zlib._Decompress", body: bytes | bytearray, max_bytes: int) -> bytearray:
    """Inflate in pieces, so that no more than a piece is ever held twice; stop past the bound."""
    decoded, rest = bytearray(), bytes(body)
    while rest and len(decoded) <= max_bytes and not inflater.eof:
        decoded += inflater.decompress(rest, min(_PIECE_BYTES, max_bytes + 1 - len(decoded)))
        rest = inflater.unconsumed_tail
    return decoded
