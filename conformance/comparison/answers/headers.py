"""The header fields that are compared unless a suite says otherwise: what a caller acts on.

Media type and charset, Allow, Location, WWW-Authenticate, and whether there is an ETag.  Each answer's fields are read
into facts once; two answers differ where their facts do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from conformance.comparison.answers.location import read_location
from conformance.comparison.difference import ABSENT, DIFFERS, PRESENT, Difference, as_fact, excerpt
from conformance.comparison.idioms.headers import header_idiom
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.observation import Answer
from conformance.model.request import HeaderList

_COMPARED: Final = frozenset({"content-type", "allow", "www-authenticate", "etag", "location"})
_CHALLENGE: Final = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*)(?=\s+[^=,\s]|\s*(?:,|$))")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFacts:
    """What is compared of an answer's header: a fact for each field's name, and where a Location leads.

    `named` are the values of the fields that the case names besides; they are compared by value only.
    """

    facts: tuple[tuple[str, str], ...]
    location: str | None
    target: str | None
    named: tuple[tuple[str, str | None], ...] = ()

    @property
    def media(self) -> str:
        """Return the media type."""
        return self.facts[0][1]

    @property
    def charset(self) -> str:
        """Return the charset of the media type."""
        return self.facts[1][1]


def read_header(answer: Answer, base_url: str = "", named: tuple[str, ...] = ()) -> HeaderFacts:
    """Read the compared fields of an answer that came from a base URL, and those that its case names."""
    compared: list[tuple[str, str]] = []
    for name, value in answer.headers:
        lowered = name.lower()
        if lowered in _COMPARED or lowered in named:
            compared.append((lowered, value))
    return _facts_of(tuple(compared), base_url, named)


@lru_cache(maxsize=64)
def _facts_of(compared: HeaderList, base_url: str, named: tuple[str, ...]) -> HeaderFacts:
    """Read fields with names in lower case; the answers of a service have the same few again and again."""
    fields: dict[str, str] = {}
    for name, value in compared:
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    media, _, parameters = fields.get("content-type", ABSENT).partition(";")
    location = fields.get("location")
    form, target = (ABSENT, None) if location is None else read_location(location, base_url)
    facts = (
        ("content-type", media.strip().lower()),
        ("content-type;charset", _charset(parameters)),
        ("allow", _methods(fields.get("allow"))),
        ("www-authenticate", _schemes(fields.get("www-authenticate"))),
        ("etag", PRESENT if "etag" in fields else ABSENT),
        *((name, PRESENT if name in fields else ABSENT) for name in named if name not in _COMPARED),
        ("location", form),
    )
    also = tuple((name, fields.get(name)) for name in named)
    return HeaderFacts(facts=facts, location=location, target=target, named=also)


def header_differences(a: HeaderFacts, b: HeaderFacts, level: CompareLevel) -> Iterator[Difference]:
    """Yield the differences between the compared header fields of two answers."""
    if a.facts != b.facts:
        for (field, a_fact), (_, b_fact) in zip(a.facts, b.facts, strict=True):
            if a_fact != b_fact and (field != "content-type;charset" or a.media == b.media):
                yield _difference(
                    field, (a_fact, b_fact), (a_fact, b_fact), Facet.HEADERS, header_idiom(field, a_fact, b_fact)
                )
    if level is CompareLevel.VALUE and a.facts[-1] == b.facts[-1] and a.target != b.target:
        yield _difference("location", (DIFFERS, DIFFERS), (a.location or "", b.location or ""), Facet.VALUE)
    for (name, first), (_, second) in zip(a.named, b.named, strict=True) if level is CompareLevel.VALUE else ():
        if first is not None and second is not None and first != second:
            yield _difference(name, (DIFFERS, DIFFERS), (first, second), Facet.VALUE)


def _difference(
    field: str, facts: tuple[str, str], examples: tuple[str, str], facet: Facet, idiom: str | None = None
) -> Difference:
    return Difference(
        kind=DifferenceKind.HEADER,
        facet=facet,
        path=field,
        a_fact=as_fact(facts[0]),
        b_fact=as_fact(facts[1]),
        a_example=f"{field}: {excerpt(examples[0])}",
        b_example=f"{field}: {excerpt(examples[1])}",
        idiom=idiom,
    )


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
