"""The members of a row: which kinds there are, and what is said where a row does not keep to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.materializer.errors import RowError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))\Z"
)
_HOURS, _SIXTY = 24, 60


@dataclass(frozen=True, slots=True)
class Member:
    """A member that a transform reads, of one kind; `words` are those that a word may be."""

    name: str
    kind: str
    required: bool = False
    words: tuple[str, ...] = ()


def check_members(row: dict[str, Any], members: Iterable[Member]) -> None:
    """Hold a row against the members of its transform, in their order.

    Raises RowError with the first reason.
    """
    for member in members:
        value = row.get(member.name)
        if value is None:
            if member.required:
                raise RowError(f"member {member.name} is missing")
            continue
        if not _KINDS[member.kind](value):
            raise RowError(f"member {member.name} is not a {_CALLED[member.kind]}")
        if member.required and value in ("", []):
            raise RowError(f"member {member.name} is empty")
        if member.words and value not in member.words:
            raise RowError(f"member {member.name} is not one of {', '.join(member.words)}")
        if member.kind == "time" and not utc_time(value):
            raise RowError(f"member {member.name} is not a time")


def _is_number(value: Any) -> bool:
    return type(value) in {int, float, msgspec.Raw}


def _are_strings(value: Any) -> bool:
    return type(value) is list and all(type(item) is str for item in value)


def _is_tokens(value: Any) -> bool:
    """Tell whether a value is an object whose counts are whole, where it has them."""
    return type(value) is dict and all(type(value.get(name, 0)) is int for name in ("prompt", "completion"))


_KINDS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: type(value) is str,
    "time": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "integer": lambda value: type(value) is int,
    "number": _is_number,
    "strings": _are_strings,
    "tokens": _is_tokens,
    "any": lambda _value: True,
}
_CALLED = {
    "string": "string",
    "time": "string",
    "boolean": "boolean",
    "integer": "integer",
    "number": "number",
    "strings": "list of strings",
    "tokens": "object",
}


def utc_time(written: str) -> str | None:
    """Give a time as `2026-11-25T12:00:00.000Z`, or None where it is none; what is finer than that is cut off."""
    found = _TIME.match(written)
    if found is None or not _is_day(found[1]):
        return None
    if int(found[2]) >= _HOURS or int(found[3]) >= _SIXTY or int(found[4]) >= _SIXTY:
        return None
    milliseconds = ((found[5] or "") + "000")[:3]
    if found[6] is None:
        return f"{written[:19]}.{milliseconds}Z"
    if int(found[7]) >= _HOURS or int(found[8]) >= _SIXTY:
        return None
    offset = timedelta(hours=int(found[7]), minutes=int(found[8])) * (1 if found[6] == "+" else -1)
    try:
        there = datetime.fromisoformat(written[:19]).replace(tzinfo=timezone(offset))
        return f"{there.astimezone(timezone.utc).isoformat()[:19]}.{milliseconds}Z"  # noqa: UP017 - beside timezone()
    except OverflowError:
        return None


@lru_cache(maxsize=4096)
def _is_day(written: str) -> bool:
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return False
    return True
