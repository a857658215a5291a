"""The members of a row: their kinds, and the reasons for rows that do not match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.kit.clock import utc_time
from reference_impl.materializer.errors import RowError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Member:
    """A member that a transform reads, and its kind; `words` are the allowed values, if limited."""

    name: str
    kind: str
    required: bool = False
    words: tuple[str, ...] = ()


def check_members(row: dict[str, Any], members: Iterable[Member]) -> None:
    """Check a row against the members of its transform, in their order.

    Raises RowError with the first reason.
    """
    for member in members:
        value = row.get(member.name)
        if value is None:
            if member.required:
                raise RowError(f"member {member.name} is missing")
            continue
        if not _KINDS[member.kind](value):
            raise RowError(f"member {member.name} is not {_CALLED[member.kind]}")
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
    """Return whether a value is an object whose token counts, if present, are integers."""
    return type(value) is dict and all(
        type(value.get(name, 0)) is int for name in ("prompt", "completion")
    )


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
    "string": "a string",
    "time": "a string",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "strings": "a list of strings",
    "tokens": "an object",
}
