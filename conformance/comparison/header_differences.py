"""The header fields that are compared unless a suite says otherwise: what a caller acts on.

Media type and charset, Allow, Location, WWW-Authenticate, and whether there is an ETag.  Each answer's fields are read
into facts once; two answers differ where their facts do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from conformance.comparison.difference import DIFFERS, Difference, excerpt
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer

ABSENT: Final = "absent"
PRESENT: Final = "present"
_CHALLENGE: Final = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*)(?=\s+[^=,\s]|\s*(?:,|$))")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFacts:
    """What is compared of an answer's header: a fact for each field's name, and where a Location leads."""

    facts: tuple[tuple[str, str], ...]
    location: str | None

    def of(self, field: str) -> str:
        """Return the fact of a field."""
        return dict(self.facts)[field]


def read_header(answer: Answer) -> HeaderFacts:
    """Read the compared fields of an answer."""
    fields: dict[str, str] = {}
    for name, value in answer.headers:
        lowered = name.lower()
        fields[lowered] = f"{fields[lowered]}, {value}" if lowered in fields else value
    media, _, parameters = fields.get("content-type", ABSENT).partition(";")
    facts = (
        ("content-type", media.strip().lower()),
        ("content-type;charset", _charset(parameters)),
        ("allow", _methods(fields.get("allow"))),
        ("www-authenticate", _schemes(fields.get("www-authenticate"))),
        ("etag", PRESENT if "etag" in fields else ABSENT),
        ("location", _location_form(fields.get("location"))),
    )
    return HeaderFacts(facts=facts, location=fields.get("location"))


def header_differences(a: HeaderFacts, b: HeaderFacts, level: CompareLevel) -> Iterator[Difference]:
    """Yield the differences between the compared header fields of two answers."""
    if a.facts != b.facts:
        for (field, a_fact), (_, b_fact) in zip(a.facts, b.facts, strict=True):
            same_media = a.facts[0] == b.facts[0]
            if a_fact != b_fact and (same_media or field != "content-type;charset"):
                yield _difference(field, (a_fact, b_fact), (a_fact, b_fact), Facet.HEADERS)
    if level is CompareLevel.VALUE and a.of("location") == b.of("location") and _target(a) != _target(b):
        yield _difference("location", (DIFFERS, DIFFERS), (a.location or "", b.location or ""), Facet.VALUE)


def _difference(field: str, facts: tuple[str, str], examples: tuple[str, str], facet: Facet) -> Difference:
    return Difference(
        kind=DifferenceKind.HEADER,
        facet=facet,
        path=field,
        a_fact=_as_fact(facts[0]),
        b_fact=_as_fact(facts[1]),
        a_example=f"{field}: {excerpt(examples[0])}",
        b_example=f"{field}: {excerpt(examples[1])}",
    )


def _as_fact(text: str) -> str:
    """Return a fact without the characters that separate facts in a signature."""
    return re.sub(r"[|()\s]+", " ", text).strip()[:80] or "empty"


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ABSENT


def _methods(field: str | None) -> str:
    if field is None:
        return ABSENT
    return ", ".join(sorted({method.strip().upper() for method in field.split(",") if method.strip()})) or "empty"


def _schemes(field: str | None) -> str:
    if field is None:
        return ABSENT
    return ", ".join(sorted({scheme.lower() for scheme in _CHALLENGE.findall(_QUOTED.sub("", field))})) or "unreadable"


def _location_form(field: str | None) -> str:
    if field is None:
        return ABSENT
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", field):
        return "absolute URL"
    return "absolute path" if field.startswith("/") else "relative path"


def _target(facts: HeaderFacts) -> str | None:
    """Return where a redirect leads as seen from its own server, whose name and port are its own affair."""
    if facts.location is None:
        return None
    return urlsplit(facts.location)._replace(scheme="", netloc="").geturl()
