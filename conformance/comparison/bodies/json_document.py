"""Read JSON under any label that names it, and recognise JSON under other labels."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import JSON
from conformance.comparison.bodies.label import Label
from conformance.comparison.values.lossless_json import (
    DUPLICATE_KEY,
    NOT_UTF_8,
    Json,
    NoJsonError,
    parse,
    parse_repeated,
)

_JSON_NAME: Final = re.compile(r"(?:^|[/+.-])(?:x-)?(?:amz-)?json(?:request)?(?:$|[+.;-])")
"""The word `json` in a media type, with the prefixes and suffixes in use."""
_CONTAINER: Final = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[{\[]")
"""How a JSON object or array begins, after a byte order mark and white space."""
_OTHER_UNICODE: Final = re.compile(rb"\0{1,3}[^\0]|[^\0]\0")
"""The beginning of JSON in UTF-16 or UTF-32: the first character is ASCII (RFC 4627, section 3)."""


def _recognises(label: Label) -> bool:
    """Return whether a media type contains the word `json`.

    Examples are `text/json`, `application/x-amz-json-1.0` and `a/b+json`.
    """
    return _JSON_NAME.search(label.media) is not None


def read_json(raw: bytes, _: Label) -> Body:
    """Read a JSON text; raise UnreadableBodyError if it is none."""
    try:
        document = parse(raw)
    except NoJsonError as error:
        if _OTHER_UNICODE.match(raw):
            raise UnreadableBodyError("it is UTF-16 or UTF-32, not UTF-8", NOT_UTF_8) from error
        raise UnreadableBodyError(str(error), error.note) from error
    return Body(kind=JSON, raw=raw, value=document.value, structured=True, notes=document.notes)


def looks_like_json(raw: bytes) -> bool:
    """Return whether a body begins like a JSON object or array."""
    return _CONTAINER.match(raw) is not None


def holds_json(raw: bytes) -> bool:
    """Return whether a body is a JSON object or array, whatever its label."""
    if not looks_like_json(raw):
        return False
    with suppress(NoJsonError):
        parse(raw)
        return True
    return False


def with_repeated(a: Body, b: Body, read: Callable[[bytes], Json]) -> tuple[Body, Body]:
    """Return two bodies; if both repeat members, both are read again with all values of these.

    The note on repeated members is then on both sides, so only the values can show a difference.
    """
    if not all(DUPLICATE_KEY in body.notes for body in (a, b)):
        return a, b
    return replace(a, value=read(a.raw)), replace(b, value=read(b.raw))


JSON_DOCUMENT: Final = BodyKind(
    name=JSON,
    declared_as="json",
    recognises=_recognises,
    read=read_json,
    in_one_layout=lambda a, b: with_repeated(a, b, parse_repeated),
    has_idioms=True,
    begins=looks_like_json,
)
