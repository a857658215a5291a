"""A digest of what a case asks and demands.

What was shown of a case is true of no other one, even of the same name.

In: all that a suite says of the case, and the files that it sends.  Out: where it is written and
why, as neither changes what is asked or demanded.
"""

import enum
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Final

from conformance.errors import Place
from conformance.model.api_document import ApiDocument
from conformance.model.batch import BatchFile
from conformance.model.case import Case
from conformance.model.expectation import JsonSchema

# 64 bits: no two forms of one case share a digest by chance
_DIGITS: Final = 16
_IN_WORDS: Final = frozenset({"why"})
"""Members that say something to people only."""
_WHOLE: Final = (BatchFile, JsonSchema, ApiDocument)
"""What is digested as a whole, and not member by member."""


def case_digest(case: Case) -> str:
    """Return the digest of a case, in hexadecimal.

    A file of a command that cannot be read counts as gone.
    """
    return _digest("\0".join(_parts(case)))


def digest_of_cases(digests: Mapping[str, str]) -> str:
    """Return one digest of some cases, by id.

    Nothing where there are none, or where that of any is not known.
    """
    if not digests or not all(digests.values()):
        return ""
    lines = [f"{case} {digest}" for case, digest in sorted(digests.items())]
    return _digest("\n".join(lines))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _parts(value: object) -> Iterator[str]:
    """Yield a value as texts, in an order that is the same in every process."""
    if isinstance(value, Place):
        return
    if isinstance(value, tuple):
        yield f"({len(value)}"
        for item in value:
            yield from _parts(item)
    elif is_dataclass(value) and not isinstance(value, _WHOLE):
        yield type(value).__name__
        compared = [member.name for member in fields(value) if member.name not in _IN_WORDS]
        for name in compared:
            yield name
            yield from _parts(getattr(value, name))
    else:
        yield _text(value)


def _text(value: object) -> str:
    """Return a value without parts that are looked at, as a text."""
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
