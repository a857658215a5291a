"""JSON without loss: numbers keep their digits, and what a parser hides is noted.

A strict fast parse (jiter) reads almost every body.  Bodies that it rejects, or in which it would
lose something (a minus zero, an integer past 2^53), are read by a slower parser with hooks that
collect notes.  The profile behind the notes is I-JSON (RFC 7493).

Values are dict, list, str, bool, None, int, `jiter.LosslessFloat` for every number with a fraction
or an exponent, and `Decimal` for the integers that int cannot hold as written: minus zero, and
those too long to convert.
"""

import contextlib
import json
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from itertools import compress, count
from typing import Any, Final, Literal

import jiter
from msgspec import Struct

from conformance.distinct import distinct

Kind = Literal["null", "boolean", "integer", "number", "string", "array", "object"]
Json = Any
Lexeme = jiter.LosslessFloat
Number = jiter.LosslessFloat | Decimal | int

MINUS_ZERO: Final = "minus-zero"
DUPLICATE_KEY: Final = "duplicate-key"
NOT_UTF_8: Final = "not-utf-8"
INVALID_JSON: Final = "invalid-json"
TOO_DEEP: Final = "too-deep"
MAX_DEPTH: Final = 512
"""The deepest nesting that is accepted."""
MAX_NUMBER_DIGITS: Final = 1024
"""Longer integers become `Decimal`."""
_FIRST_UNSAFE: Final = 1 << 53
"""The first integer that a double does not identify: it may be a rounded 2^53 + 1 (RFC 7493)."""
_BARE_MINUS_ZERO: Final = re.compile(rb"-0(?:\.0+)?(?![0-9.])")
_LONG_INTEGER: Final = re.compile(rb"(?<![.0-9])[0-9]{16,}")
_DIGITS_ALIKE: Final = bytes(ord("0") if 48 <= byte <= 57 else 32 for byte in range(256))  # noqa: PLR2004 - 0 to 9
_LONG_DIGITS: Final = b"0" * 16
_SAMPLE_BYTES: Final = 64 << 10
"""The bytes at the start of a body in which members are counted."""
_WIDE: Final = 256
"""Objects with more members on average are wide."""
_BEFORE_MEMBERS: Final = (b'":', b" :", b"\n:", b"\t:", b"\r:")
"""The last two bytes before the value of a member."""
_CONTAINERS: Final = frozenset({dict, list})
_BOM: Final = b"\xef\xbb\xbf"
_BRACKETS: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_MINUS_ZERO: Final = re.compile(r"-0(?:\.0+)?(?:[eE].*)?")


class Document(Struct, frozen=True):
    """A parsed body: its value, and notes on what a careless parser would have hidden."""

    value: Json
    notes: tuple[str, ...] = ()


class NoJsonError(ValueError):
    """The body is not JSON; `note` names the reason, from a closed set."""

    def __init__(self, note: str, detail: str) -> None:
        super().__init__(detail)
        self.note = note


def parse(raw: bytes) -> Document:
    """Parse a JSON text; raise NoJsonError if it is not JSON."""
    if not _needs_hooks(raw):
        try:
            return Document(_parse_fast(raw))
        except ValueError:
            pass
    return _parse_with_hooks(raw)


def parse_repeated(raw: bytes) -> Json:
    """Return the value of a JSON text, with all values of a repeated member.

    The last value keeps the name, as usual; earlier ones get the name `name (earlier value 1)`.
    Raise NoJsonError if the text is not JSON.
    """
    if DUPLICATE_KEY not in (document := parse(raw)).notes:
        return document.value
    return _AllMembers(set()).decode(raw.removeprefix(_BOM).decode("utf-8", "surrogatepass"))


def parse_each_repeated(texts: Sequence[bytes]) -> tuple[list[Json], tuple[str, ...]]:
    """Parse JSON texts like `parse_each`, with all values of repeated members."""
    _, notes = parse_each(texts)
    return list(map(parse_repeated, texts)), notes


def parse_text(text: str) -> Json:
    """Return the value of the JSON in a string; raise NoJsonError if it has none."""
    return parse(text.encode("utf-8", "surrogatepass")).value


def parse_each(texts: Sequence[bytes]) -> tuple[list[Json], tuple[str, ...]]:
    """Parse JSON texts one by one; return their values, and the notes on any of them.

    Raise NoJsonError for the first text that is not JSON.  To search all texts at once for what the
    fast parse would lose is much faster than one by one.
    """
    if not _needs_hooks(b"\n".join(texts)):
        with contextlib.suppress(ValueError):
            return list(map(_parse_fast, texts)), ()
    documents = list(map(_parse_at, count(1), texts))
    notes = distinct(document.notes for document in documents)
    return [document.value for document in documents], tuple(sorted(notes))


def _parse_at(number: int, text: bytes) -> Document:
    try:
        return parse(text)
    except NoJsonError as error:
        raise NoJsonError(error.note, f"{error}, in text {number}") from error


def _parse_fast(raw: bytes) -> Json:
    if _begins_wide(raw):
        parsed = _parse_by_jiter(raw, unique=False)
        if type(parsed) in _CONTAINERS and _has_each_once(raw, parsed):
            return parsed
    return _parse_by_jiter(raw, unique=True)


def _parse_by_jiter(raw: bytes, *, unique: bool) -> Json:
    """Parse a JSON text; with `unique`, raise ValueError if a member is repeated."""
    return jiter.from_json(
        raw,
        allow_inf_nan=False,
        catch_duplicate_keys=unique,
        float_mode="lossless-float",
        cache_mode="keys",
    )


def _begins_wide(raw: bytes) -> bool:
    """Return whether a body begins with objects that have very many members.

    For these, the fast parse takes as long to detect repeated members as to read them.
    """
    if len(raw) < _SAMPLE_BYTES:
        return False
    members = raw.count(b":", 0, _SAMPLE_BYTES)
    return members > _WIDE * raw.count(b"{", 0, _SAMPLE_BYTES)


def _has_each_once(raw: bytes, parsed: Json) -> bool:
    """Return whether a parsed body has as many members as its text, so that none was repeated.

    Members of the text are counted by colons: by all colons, or by those after a quote or a blank.
    Strings may contain colons, too; then the result is False although no member was repeated.
    """
    members, pending = 0, [parsed]
    while pending:
        below = pending.pop()
        if type(below) is dict:
            members += len(below)
            below = below.values()
        types = list(map(type, below))  # usually scalars only
        if not _CONTAINERS.isdisjoint(types):
            pending.extend(compress(below, map(_CONTAINERS.__contains__, types)))
    return members == raw.count(b":") or members == sum(map(raw.count, _BEFORE_MEMBERS))


def _needs_hooks(raw: bytes) -> bool:
    """Return whether a body may contain what the fast parse would lose.

    Each slow search is done only if a quick one finds something.
    """
    if b"-0" in raw and _BARE_MINUS_ZERO.search(raw) is not None:
        return True
    return _LONG_DIGITS in raw.translate(_DIGITS_ALIKE) and _LONG_INTEGER.search(raw) is not None


def kind_of(value: Json) -> Kind:
    """Return the kind of a value; the spelling of a number decides whether it is an integer."""
    return _KINDS[type(value)]


def kind_of_type(kind: type) -> Kind:
    """Return the kind of the values of a type."""
    return _KINDS[kind]


_KINDS: Final[dict[type, Kind]] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    type(None): "null",
    int: "integer",
    Decimal: "integer",
    jiter.LosslessFloat: "number",
}


def same_scalar(a: Json, b: Json) -> bool:
    """Return whether two scalars have equal kind and value; 1.0, 1.00 and 1e0 are equal."""
    if type(a) is type(b) is Lexeme:
        return bytes(a) == bytes(b) or same_number(a, b)
    return bool(a == b) and kind_of(a) == kind_of(b)


def is_minus_zero(number: Json) -> bool:
    """Return whether a value is a zero with a minus sign."""
    return (
        isinstance(number, Lexeme | Decimal) and _MINUS_ZERO.fullmatch(spelling(number)) is not None
    )


def same_number(a: Number, b: Number) -> bool:
    """Return whether two numbers are equal by value; False if an exponent is too long."""
    try:
        return Decimal(spelling(a)) == Decimal(spelling(b))
    except InvalidOperation:
        return False


def spelling(number: Number) -> str:
    """Return a number as it was written."""
    return bytes(number).decode("ascii") if isinstance(number, Lexeme) else str(number)


def finite(number: Number) -> Decimal | None:
    """Return a number by value; None for NaN, Infinity and numbers with too long an exponent."""
    try:
        value = Decimal(spelling(number))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _parse_with_hooks(raw: bytes) -> Document:
    notes: set[str] = set()
    if raw.startswith(_BOM):
        notes.add("byte-order-mark")
        raw = raw.removeprefix(_BOM)
    try:
        text = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise NoJsonError(NOT_UTF_8, f"byte {error.start} is not UTF-8") from error
    if _depth(raw) > MAX_DEPTH:
        raise NoJsonError(TOO_DEEP, f"nested deeper than {MAX_DEPTH}")
    try:
        value = _Hooks(notes).decode(text)
    except json.JSONDecodeError as error:
        raise NoJsonError(INVALID_JSON, f"{error.msg} at character {error.pos}") from error
    if re.search("[\ud800-\udfff]", " ".join(all_strings(value))):
        notes.add("lone-surrogate")
    return Document(value, tuple(sorted(notes)))


def all_strings(value: Json) -> list[str]:
    """Return all strings of a value, including the names of members."""
    parts: list[str] = []
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            parts.append(item)
        elif isinstance(item, dict):
            parts.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return parts


def _depth(raw: bytes) -> int:
    """Return how deep brackets are nested; it does not recurse."""
    depth = deepest = 0
    for found in _BRACKETS.finditer(raw):
        if found[0] in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif found[0] in b"]}":
            depth -= 1
    return deepest


class _Hooks:
    """The callbacks of the slow parse, which add notes."""

    def __init__(self, notes: set[str]) -> None:
        self._notes = notes

    def decode(self, text: str) -> Json:
        return json.loads(
            text,
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._float,
            parse_constant=self._constant,
        )

    def _object(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) < len(pairs):
            self._notes.add(DUPLICATE_KEY)
        return members

    def _integer(self, digits: str) -> Json:
        if digits == "-0":
            self._notes.add(MINUS_ZERO)
            return Decimal(digits)
        if len(digits) > MAX_NUMBER_DIGITS:
            self._notes.add("number-too-long")
            return Decimal(digits)
        if abs(value := int(digits)) >= _FIRST_UNSAFE:
            self._notes.add("integer-past-2^53")
        return value

    def _float(self, digits: str) -> Json:
        if _MINUS_ZERO.fullmatch(digits):
            self._notes.add(MINUS_ZERO)
        return Lexeme(digits.encode("ascii"))

    def _constant(self, name: str) -> Json:
        self._notes.add("non-finite-number")  # no JSON, but its sender takes it for a number
        return Lexeme(name.encode("ascii"))


class _AllMembers(_Hooks):
    """The slow parse that keeps all values of a repeated member."""

    def _object(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        values: dict[str, list[Json]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        for name, found in values.items():
            for number, value in enumerate(found[:-1], start=1):
                members[f"{name} (earlier value {number})"] = value
        return members
