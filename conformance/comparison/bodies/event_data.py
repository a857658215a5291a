"""Read the data of events: as JSON where possible, else as text."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import repeat
from typing import Final

from conformance.comparison.values.lossless_json import Json, NoJsonError, parse_each

NO_UTF_8: Final = "not-utf-8"
STRUCTURE: Final = (b"{", b"[")
"""How JSON objects and arrays begin."""
Parse = Callable[[Sequence[bytes]], tuple[list[Json], tuple[str, ...]]]
"""Parses JSON texts; returns their values and the notes on all of them."""


def text_of_bytes(value: bytes, notes: set[str]) -> str:
    """Return bytes as text in UTF-8; add a note if they are not UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        notes.add(NO_UTF_8)
        return value.decode("utf-8", "surrogateescape")


def parsed_data(data: list[bytes], notes: set[str], parse: Parse) -> list[Json]:
    """Return the data of events as JSON if all of it parses; else only objects and arrays are JSON.

    `parse` raises NoJsonError if any data is no JSON.
    """
    try:
        values, found = parse(data)
    except NoJsonError:
        return list(map(_one, data, repeat(notes), repeat(parse)))
    notes.update(found)
    return values


def _one(data: bytes, notes: set[str], parse: Parse) -> Json:
    """Return the data of one event: as JSON if it is an object or array, else as text."""
    is_structure = data.lstrip(b" ").startswith(STRUCTURE)
    if not is_structure:
        return text_of_bytes(data, notes)
    return _by_itself(data, notes, parse)


def one_by_one(
    texts: Sequence[bytes], parse: Parse = parse_each
) -> tuple[list[Json], tuple[str, ...]]:
    """Return each event's data as JSON if it parses by itself.

    A JSON string keeps its quotes, so that it stays different from plain text.
    """
    notes: set[str] = set()
    values = list(map(_by_itself, texts, repeat(notes), repeat(parse)))
    return values, tuple(notes)


def _by_itself(data: bytes, notes: set[str], parse: Parse) -> Json:
    """Return one event's data as JSON if it parses, else as text; a JSON string keeps quotes."""
    try:
        (value,), found = parse([data])
    except NoJsonError:
        return text_of_bytes(data, notes)
    notes.update(found)
    if not isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def is_json_text(data: bytes) -> bool:
    """Return whether data is a JSON string, with its quotes."""
    if not data.lstrip().startswith(b'"'):
        return False
    with suppress(NoJsonError):
        parse_each([data])
        return True
    return False
