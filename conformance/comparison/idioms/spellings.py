"""Idioms of one value spelled in two ways: each function gets two scalars of one kind that are not the same.

A function names the spelling of either side, or says None where the two may be different things.
"""

import html
import re
import struct
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final

from conformance.comparison.idioms.member_names import normalised, style_of
from conformance.comparison.values.lossless_json import Json, Lexeme, kind_of, spelling
from conformance.comparison.values.timestamps import same_moment

Spellings = tuple[str, str] | None

_REPLACEMENT: Final = "�"
_SAFE_INTEGER: Final = 1 << 53
_DOUBLE: Final = 1 << 1023
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*\Z")
_UUID_DIGITS: Final = re.compile(r"[0-9a-f]{32}\Z")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{8,}\Z")
_SINGLE_RANGE: Final = (Decimal("1e-37"), Decimal("1e38"))
_ENOUGH_ALIKE: Final = Decimal("0.05")
_ENOUGH_DECIMALS: Final = 2


def text_case(a: Json, b: Json) -> Spellings:
    """See one word in two conventions: `IN_TRANSIT` and `inTransit`."""
    if not _texts(a, b) or not _WORD.match(a) or not _WORD.match(b) or normalised(a) != normalised(b):
        return None
    styles = style_of(a), style_of(b)
    return styles if styles[0] != styles[1] else None


def rounded_integer(a: Json, b: Json) -> Spellings:
    """See an integer past 2^53 on one side, and on the other what a double makes of it."""
    if type(a) is not int or type(b) is not int or not _SAFE_INTEGER < abs(a) < _DOUBLE:
        return None
    return ("exact", "rounded to a double") if int(float(a)) == b != a else None


def rounded_number(a: Json, b: Json) -> Spellings:
    """See more digits on one side, and the same number with fewer on the other."""
    if not isinstance(a, Lexeme) or not isinstance(b, Lexeme):
        return None
    try:
        first, second = Decimal(spelling(a)), Decimal(spelling(b))
    except InvalidOperation:
        return None
    decimals, fewer = -int(first.as_tuple().exponent), -int(second.as_tuple().exponent)
    if not fewer < decimals < _DOUBLE.bit_length() or not first or not second or first == second:
        return None
    unit = Decimal(1).scaleb(-fewer)
    apart = abs(first - second)
    in_last_place = fewer >= _ENOUGH_DECIMALS and apart < unit and apart <= _ENOUGH_ALIKE * abs(second)
    return ("more digits", "fewer digits") if in_last_place or _same_single(first, second) else None


def _same_single(a: Decimal, b: Decimal) -> bool:
    """Tell whether two numbers are one number of single precision, neither zero nor past its range there."""
    try:
        packed = struct.pack("f", float(a))
        return _SINGLE_RANGE[0] < abs(a) < _SINGLE_RANGE[1] and packed == struct.pack("f", float(b))
    except OverflowError:
        return False


def replaced_characters(a: Json, b: Json) -> Spellings:
    """See characters on one side that are U+FFFD, or `?` for what is no ASCII, on the other."""
    if not _texts(a, b) or a.isascii():
        return None
    marked = len(a) == len(b) and all(x == y or (y == "?" and not x.isascii()) for x, y in zip(a, b, strict=True))
    if marked or (_REPLACEMENT in b and _REPLACEMENT not in a and _fits(a, re.split(f"{_REPLACEMENT}+", b))):
        return "as they are", "replaced"
    return None


def _fits(text: str, pieces: list[str]) -> bool:
    """Tell whether a text is these pieces in order, with no ASCII and not nothing between them."""
    if not text.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:]:
        start = at
        while start < len(text) and not text[start].isascii():
            start += 1
        if start == at or not text.startswith(piece, start):
            return False
        at = start + len(piece)
    return at == len(text)


def uuid_form(a: Json, b: Json) -> Spellings:
    """See one UUID in upper and lower case, with and without hyphens or braces."""
    if not _texts(a, b) or _bare_uuid(a) != _bare_uuid(b) or not _UUID_DIGITS.match(_bare_uuid(a)):
        return None
    forms = _uuid_form(a), _uuid_form(b)
    return forms if forms[0] != forms[1] else None


def _bare_uuid(text: str) -> str:
    return text.lower().removeprefix("urn:uuid:").strip("{}").replace("-", "")


def _uuid_form(text: str) -> str:
    around = "URN" if text.lower().startswith("urn:") else "braces" if text.startswith("{") else ""
    case = "lower case" if text == text.lower() else "upper case" if text == text.upper() else "mixed case"
    return " ".join(filter(None, (around, case, "with hyphens" if "-" in text else "without hyphens")))


def base64_form(a: Json, b: Json) -> Spellings:
    """See the same base64 with and without padding, or in the URL-safe alphabet."""
    if not _texts(a, b) or _bare_base64(a) != _bare_base64(b) or not _BASE64.match(_bare_base64(a)):
        return None
    forms = _base64_form(a), _base64_form(b)
    return forms if forms[0] != forms[1] else None


def _bare_base64(text: str) -> str:
    return text.translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")


def _base64_form(text: str) -> str:
    alphabet = "URL-safe" if set(text) & set("-_") else "standard" if set(text) & set("+/") else "either alphabet"
    return f"{alphabet}, padded" if text.endswith("=") else f"{alphabet}, not padded"


def escaped_text(a: Json, b: Json) -> Spellings:
    """See `a &amp; b` on one side, `a & b` on the other."""
    return ("escaped for HTML", "as it is") if _texts(a, b) and "&" in a and html.unescape(a) == b else None


def unicode_form(a: Json, b: Json) -> Spellings:
    """See one text with accents composed and decomposed."""
    if not _texts(a, b) or unicodedata.normalize("NFC", a) != unicodedata.normalize("NFC", b):
        return None
    forms = _unicode_form(a), _unicode_form(b)
    return forms if forms[0] != forms[1] else None


def _unicode_form(text: str) -> str:
    if unicodedata.is_normalized("NFC", text):
        return "composed"
    return "decomposed" if unicodedata.is_normalized("NFD", text) else "mixed"


def moment_spelling(a: Json, b: Json) -> Spellings:
    """See one moment with more and with fewer digits of a second, or with two offsets."""
    return same_moment(a, b) if _texts(a, b) else None


def _texts(a: Json, b: Json) -> bool:
    return kind_of(a) == "string" == kind_of(b)
