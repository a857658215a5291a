"""Rows: from the bytes of a line to an object, or the reason why it is none.

Numbers are kept as RFC 8785 writes them: whole ones as integers, and the few that the encoder would
write differently as raw text.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import jiter
import msgspec

from reference_impl.materializer.errors import RowError

LARGEST = 2**53 - 1

_LONG = re.compile(rb"[0-9]{16}")  # fewer digits are never out of range
_SCALED = re.compile(rb"[0-9][eE]\+?[0-9]")  # unless an exponent adds to them
_SPELLED_OUT = (1e-6, 1e-5)  # here the encoder writes an exponent, but RFC 8785 does not
_ENCODER = msgspec.json.Encoder(order="sorted")


def read_row(line: bytes) -> dict[str, Any]:
    """Return the object of a line without its line end.

    Raises RowError with the reason.
    """
    try:
        jiter.from_json(line, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="keys")
        row = _DECODER.decode(line)
    except (ValueError, msgspec.MsgspecError):
        raise RowError(_reason(line)) from None
    if (_LONG.search(line) or _SCALED.search(line)) and _holds_large_number(row):
        raise RowError("a number is out of range")
    if type(row) is not dict:
        raise RowError("not an object")
    return row


def signature(row: dict[str, Any], line: bytes) -> str:
    """Return the SHA-256 of a row's RFC 8785 form, in hex; `line` is its source."""
    plain = line.isascii() and b"\\u" not in line  # then both orders of names are the same
    return hashlib.sha256(_ENCODER.encode(row) if plain else canonical(row)).hexdigest()


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a value that was read from a row."""
    return msgspec.json.encode(_in_utf16_order(value))


def _number(lexeme: str) -> int | float | msgspec.Raw:
    """Return a number that was written with a fraction or an exponent."""
    value = float(lexeme)
    if value.is_integer():
        return int(value)
    least, most = _SPELLED_OUT
    if least <= abs(value) < most:
        digits, _, _ = repr(abs(value)).partition("e")
        return msgspec.Raw(f"{'-' if value < 0 else ''}0.00000{digits.replace('.', '')}".encode())
    return value


_DECODER = msgspec.json.Decoder(float_hook=_number)


def _reason(line: bytes) -> str:
    """Return whether a line has a number out of range or is no JSON at all, as the reason."""
    try:
        jiter.from_json(
            line, allow_inf_nan=True, catch_duplicate_keys=True, float_mode="lossless-float"
        )
    except ValueError:
        return "not JSON"
    return "a number is out of range" if _SCALED.search(line) else "not JSON"


def _holds_large_number(value: Any) -> bool:
    if type(value) is dict:
        return any(map(_holds_large_number, value.values()))
    if type(value) is list:
        return any(map(_holds_large_number, value))
    return type(value) in {int, float} and abs(value) > LARGEST


def _in_utf16_order(value: Any) -> Any:
    """Return a value with its members sorted as in RFC 8785: by UTF-16 code units of names."""
    if type(value) is dict:
        return {
            name: _in_utf16_order(value[name])
            for name in sorted(value, key=lambda name: name.encode("utf-16-be"))
        }
    return [_in_utf16_order(item) for item in value] if type(value) is list else value
