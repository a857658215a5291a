"""The data of events: JSON where it is that, else text."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import repeat
from typing import Final

from conformance.comparison.values.lossless_json import Json, NoJsonError, parse_each

NO_UTF_8: Final = "not-utf-8"
STRUCTURE: Final = (b"{", b"[")
Parse = Callable[[Sequence[bytes]], tuple[list[Json], tuple[str, ...]]]
"""Reads JSON texts: their values, and the notes on any."""


def text_of_bytes(value: bytes, notes: set[str]) -> str:
    """Return bytes as the text that they are in UTF-8, with a note where they are not."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        notes.add(NO_UTF_8)
        return value.decode("utf-8", "surrogateescape")


def parsed_data(data: list[bytes], notes: set[str], parse: Parse) -> list[Json]:
    """Return data as JSON where all of it parses, or else where it is an object or array."""
    try:
        values, found = parse(data)
    except NoJsonError:
        return list(map(_one, data, repeat(notes), repeat(parse)))
    notes.update(found)
    return values


def _one(data: bytes, notes: set[str], parse: Parse) -> Json:
    """Return one event's data: as JSON where it is an object or array, else as text."""
    is_structure = data.lstrip(b" ").startswith(STRUCTURE)
    if not is_structure:
        return text_of_bytes(data, notes)
    return _by_itself(data, notes, parse)


def one_by_one(
    texts: Sequence[bytes], parse: Parse = parse_each
) -> tuple[list[Json], tuple[str, ...]]:
    """Return data as JSON where it is that by itself; a text in JSON keeps its quotes."""
    notes: set[str] = set()
    values = list(map(_by_itself, texts, repeat(notes), repeat(parse)))
    return values, tuple(notes)


def _by_itself(data: bytes, notes: set[str], parse: Parse) -> Json:
    try:
        (value,), found = parse([data])
    except NoJsonError:
        return text_of_bytes(data, notes)
    notes.update(found)
    if not isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def is_json_text(data: bytes) -> bool:
    """Return whether data is a text in JSON, with its quotes."""
    if not data.lstrip().startswith(b'"'):
        return False
    with suppress(NoJsonError):
        parse_each([data])
        return True
    return False
