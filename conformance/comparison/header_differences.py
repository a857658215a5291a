"""The header fields that are compared unless a suite says otherwise: what a caller acts on.

Media type and charset, Allow, Location, WWW-Authenticate, and whether there is an ETag.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from conformance.comparison.body import charset, media_type
from conformance.comparison.difference import DIFFERS, Difference, excerpt
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer

ABSENT: Final = "absent"
PRESENT: Final = "present"
_CHALLENGE: Final = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*)(?=\s+[^=,\s]|\s*(?:,|$))")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


def header_differences(a: Answer, b: Answer, level: CompareLevel) -> Iterator[Difference]:
    """Yield the differences between the compared header fields of two answers."""
    yield from _differs("content-type", media_type(a) or ABSENT, media_type(b) or ABSENT)
    if media_type(a) == media_type(b):
        yield from _differs("content-type;charset", charset(a) or ABSENT, charset(b) or ABSENT)
    yield from _differs("allow", _methods(a), _methods(b))
    yield from _differs("www-authenticate", _schemes(a), _schemes(b))
    yield from _differs("etag", _presence(a, "etag"), _presence(b, "etag"))
    yield from _differs("location", _location_form(a), _location_form(b))
    if level is CompareLevel.VALUE:
        yield from _location_targets(a, b)


def _differs(field: str, a_fact: str, b_fact: str, facet: Facet = Facet.HEADERS) -> Iterator[Difference]:
    if a_fact != b_fact:
        yield Difference(
            kind=DifferenceKind.HEADER,
            facet=facet,
            path=field,
            a_fact=_as_fact(a_fact),
            b_fact=_as_fact(b_fact),
            a_example=f"{field}: {excerpt(a_fact)}",
            b_example=f"{field}: {excerpt(b_fact)}",
        )


def _as_fact(text: str) -> str:
    """Return a fact without the characters that separate facts in a signature."""
    return re.sub(r"[|()\s]+", " ", text).strip()[:80] or "empty"


def _presence(answer: Answer, field: str) -> str:
    return ABSENT if answer.header(field) is None else PRESENT


def _methods(answer: Answer) -> str:
    field = answer.header("allow")
    if field is None:
        return ABSENT
    return ", ".join(sorted({method.strip().upper() for method in field.split(",") if method.strip()})) or "empty"


def _schemes(answer: Answer) -> str:
    field = answer.header("www-authenticate")
    if field is None:
        return ABSENT
    return ", ".join(sorted({scheme.lower() for scheme in _CHALLENGE.findall(_QUOTED.sub("", field))})) or "unreadable"


def _location_form(answer: Answer) -> str:
    field = answer.header("location")
    if field is None:
        return ABSENT
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", field):
        return "absolute URL"
    return "absolute path" if field.startswith("/") else "relative path"


def _location_targets(a: Answer, b: Answer) -> Iterator[Difference]:
    """Compare where two redirects lead, each seen from its own server."""
    first, second = a.header("location"), b.header("location")
    if first is not None and second is not None and _location_form(a) == _location_form(b):
        targets = [urlsplit(location)._replace(scheme="", netloc="").geturl() for location in (first, second)]
        if targets[0] != targets[1]:
            yield Difference(
                kind=DifferenceKind.HEADER,
                facet=Facet.VALUE,
                path="location",
                a_fact=DIFFERS,
                b_fact=DIFFERS,
                a_example=f"location: {excerpt(first)}",
                b_example=f"location: {excerpt(second)}",
            )
