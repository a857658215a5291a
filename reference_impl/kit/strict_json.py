"""Strict JSON: from bytes to values; everything that two parsers could read differently is refused.

In: a document (bytes) and, for typed values, a type that msgspec understands. Out: Python values,
or `JsonError` (it is no JSON by RFC 8259 and RFC 7493) or `MisfitError` (it is JSON of another
shape). Two parsers must agree: jiter refuses duplicate keys at any depth, NaN, lone surrogates,
bytes that are not UTF-8, a byte order mark and more than 200 levels; msgspec refuses numbers that
overflow a double. Error sentences have places, never values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import jiter
import msgspec

from reference_impl.kit.misfits import misfits
from reference_impl.kit.problem import FieldError, sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_PLACE = re.compile(r" at line (\d+) column (\d+)\Z")


class JsonError(ValueError):
    """A document is not strict JSON; the message says how and where."""


class MisfitError(ValueError):
    """A JSON value does not have the wanted shape.

    The message names every wrong member, as `errors` do.
    """

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(sentence_of(errors))
        self.errors = tuple(errors)


def parse(document: bytes) -> Any:
    """Return a whole document as a value.

    Raises JsonError.
    """
    _refuse_ambiguity(document)
    try:
        return msgspec.json.decode(document)
    except msgspec.ValidationError:
        raise JsonError("a number is out of range") from None
    except msgspec.DecodeError:
        raise JsonError("it is not valid JSON") from None


def read(document: bytes, shape: type[T]) -> T:
    """Return a whole document as a value of `shape`, like `parse` and `fit` at half the cost.

    Raises JsonError and MisfitError.
    """
    _refuse_ambiguity(document)
    try:
        return msgspec.json.decode(document, type=shape)
    except msgspec.DecodeError:
        return fit(parse(document), shape)  # these raise the exact error


def fit(value: Any, shape: type[T]) -> T:
    """Return a value converted to `shape`: no coercion, and structs decide on unknown members.

    Raises MisfitError.
    """
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError:
        raise MisfitError(misfits(value, shape)) from None


def fit_text(values: dict[str, str], shape: type[T]) -> T:
    """Return texts by name converted to `shape`; numbers and booleans are read from their text.

    Raises MisfitError.
    """
    try:
        return msgspec.convert(values, shape, strict=False)
    except msgspec.ValidationError:
        raise MisfitError(misfits(values, shape, strict=False)) from None


def _refuse_ambiguity(document: bytes) -> None:
    try:
        jiter.from_json(document, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="keys")
    except ValueError as error:
        raise JsonError(_jiter_sentence(str(error))) from None


def _jiter_sentence(message: str) -> str:
    """Return an error of jiter in other words: its own messages quote keys."""
    place = _PLACE.search(message)
    where = f", at line {place[1]} column {place[2]}" if place else ""
    if message.startswith("Detected duplicate key"):
        return f"an object holds a key twice{where}"
    if message.startswith("recursion limit"):
        return "it is nested too deeply (more than 200 levels)"
    return f"it is not valid JSON{where}"
