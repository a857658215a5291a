"""A digest of a case: of what it sends and what it demands.

An earlier result for a case with another digest, even of the same name, is not valid for it.

All settings of the case and the files that it sends are included.  Its place and its reasons are
not, because they change neither what is sent nor what is demanded.
"""

import enum
import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import fields

from conformance.errors import Place
from conformance.model.api_document import ApiDocument
from conformance.model.batch import BatchFile
from conformance.model.case import Case
from conformance.model.expectation import JsonSchema

# 64 bits: two forms of one case never share a digest by chance
_DIGITS: Final = 16
_BESIDE_THE_CASE: Final = frozenset({"why", "parallel"})
"""Members that only inform people, or that only decide when the case is replayed."""
_WHOLE: Final = (BatchFile, JsonSchema, ApiDocument)
"""Classes whose values are digested as a whole, and not member by member."""
_PLAIN: Final = frozenset({str, int, float, bool, bytes, type(None)})
"""Types whose values are digested by their `repr`."""


def case_digest(case: Case) -> str:
    """Return the digest of a case, in hexadecimal.

    A file of a command that cannot be read counts as missing.
    """
    parts: list[str] = []
    _add_parts(parts, case)
    return _digest("\0".join(parts))


def digest_of_cases(digests: Mapping[str, str]) -> str:
    """Return one digest of several cases, given their digests by case id.

    The result is empty if there are no cases, or if one of their digests is unknown.
    """
    # With one unknown digest the common digest is unknown
    if not digests or not all(digests.values()):
        return ""
    lines = map(" ".join, sorted(digests.items()))
    return _digest("\n".join(lines))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _add_parts(parts: list[str], value: object) -> None:
    """Append a value as texts, in an order that is the same in every process."""
    kind = type(value)
    if kind in _PLAIN:
        parts.append(repr(value))
    elif isinstance(value, Place):
        return
    elif isinstance(value, tuple):
        parts.append(f"({len(value)}")
        for item in value:
            _add_parts(parts, item)
    elif issubclass(kind, Struct) and not issubclass(kind, _WHOLE):
        parts.append(kind.__name__)
        for name, default, text in _members(kind):
            member = getattr(value, name)
            if member is default:
                parts.append(text)
            else:
                parts.append(name)
                _add_parts(parts, member)
    else:
        parts.append(_text(value))


@cache
def _members(kind: type[Any]) -> tuple[tuple[str, object, str], ...]:
    """Return the members to digest as triples: name, default value, and both as one text.

    Most members of most cases have their default, so its text is made only once.
    """
    members = [member for member in fields(kind) if member.name not in _BESIDE_THE_CASE]
    return tuple(
        (member.name, member.default, _with_default(member.name, member.default))
        for member in members
    )


def _with_default(name: str, default: object) -> str:
    parts = [name]
    _add_parts(parts, default)
    return "\0".join(parts)


def _text(value: object) -> str:
    """Return a text for a value that is not digested member by member."""
    match value:
        case BatchFile():
            return f"{value.path!r} {_content(value)}"
        case JsonSchema() | ApiDocument():
            return _of_document(value)
        case frozenset():
            return repr(sorted(value))
        case enum.Enum():
            return f"{type(value).__name__}.{value.name}"
        case _:
            return repr(value)


def _content(file: BatchFile) -> str:
    try:
        return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return "gone"


@lru_cache(64)
def _of_document(document: JsonSchema | ApiDocument) -> str:
    """Return the digest of a document that many cases share."""
    return _digest(repr(document))
