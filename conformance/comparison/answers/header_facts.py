"""The header fields that are compared unless a suite says otherwise, read into facts once for each answer.

What a caller acts on: media type and charset, Allow, Location, WWW-Authenticate, and whether there is an ETag.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from conformance.comparison.answers.location import read_location
from conformance.comparison.difference import ABSENT, PRESENT
from conformance.model.observation import Answer
from conformance.model.request import HeaderList

_COMPARED: Final = frozenset({"content-type", "allow", "www-authenticate", "etag", "location"})
_CHALLENGE: Final = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*)(?=\s+[^=,\s]|\s*(?:,|$))")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFacts:
    """What is compared of an answer's header: a fact for each field's name, and where a Location leads.

    `named` are the values of the fields that the case names besides, and `names` their names as they were sent; both
    are compared by value only.
    """

    facts: tuple[tuple[str, str], ...]
    location: str | None
    target: str | None
    named: tuple[tuple[str, str | None], ...] = ()
    names: tuple[tuple[str, str], ...] = ()

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
    names: dict[str, str] = {}
    for name, value in answer.headers:
        lowered = name.lower()
        if lowered in _COMPARED or lowered in named:
            compared.append((lowered, value))
        if lowered in named:
            names.setdefault(lowered, name)
    facts = _facts_of(tuple(compared), base_url, named)
    return replace(facts, names=tuple(sorted(names.items()))) if names else facts


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
