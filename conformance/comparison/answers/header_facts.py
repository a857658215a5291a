"""Read the compared header fields of an answer into facts, once per answer.

By default these are what a caller acts on: media type and charset, Allow, Location,
WWW-Authenticate, and whether there is an ETag.  A suite may name further fields.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import filterfalse
from operator import methodcaller
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.comparison.answers.cookies import SET_COOKIE, Cookie, read_cookies
from conformance.comparison.answers.location import read_location
from conformance.comparison.bodies.header_row import header_parameter
from conformance.comparison.bodies.label import BLANKS, NO_LABEL, Label, read_label
from conformance.comparison.difference import ABSENT, PRESENT
from conformance.model.observation import Answer
from conformance.model.request import HeaderList

_COMPARED: Final = frozenset({"content-type", "allow", "www-authenticate", "etag", "location"})
"""Fields that are compared even if the case does not name them."""
_DATE: Final = "date"
"""The field with the answer's date, which decides whether a cookie is removed."""
_COUNTED_APART: Final = _COMPARED | {SET_COOKIE}
"""Fields with facts of their own; of other fields, the presence is the fact."""
_CHALLENGE: Final = re.compile(
    r"(?:^|,)\s*([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*)(?=\s+[^=,\s]|\s*(?:,|$))"
)
"""The name of an authentication scheme in WWW-Authenticate."""
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


class HeaderFacts(Struct, frozen=True, kw_only=True, eq=False):
    """What is compared of an answer's header fields.

    `facts` has a fact per field, `location` the Location as it was sent, and `target` where it
    leads.  `named` has the values of the fields that the case names, and `names` these names as
    they were sent; both are compared only by value.  `cookies` are those that the answer sets, if
    the case names `set-cookie`.  `fields` are the fields from which all this was read, and
    `named_fields` the names that the case gives.
    """

    facts: tuple[tuple[str, str], ...]
    location: str | None
    target: str | None
    label: Label = NO_LABEL
    named: tuple[tuple[str, str | None], ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    cookies: Mapping[str, Cookie] = field(default_factory=dict)
    fields: HeaderList = ()
    named_fields: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        """Return whether two answers are equal in all that is compared of header fields."""
        if self is other:
            return True
        if not isinstance(other, HeaderFacts):
            return NotImplemented
        return self._compared == other._compared

    __hash__ = None  # type: ignore[assignment]  # cookies have none

    @property
    def _compared(self) -> tuple[object, ...]:
        """Return all that is compared."""
        always = (self.facts, self.location, self.target, self.label)
        return (*always, self.named, self.names, self.cookies, self.named_fields)

    @property
    def media(self) -> str:
        """Return the media type, or `absent`."""
        return self.facts[0][1]

    @property
    def of_label(self) -> tuple[tuple[str, str], ...]:
        """Return the facts that decide how the body is read."""
        return self.facts[:3]

    @property
    def location_form(self) -> str:
        """Return the form of the Location, such as `absolute path`."""
        return self.facts[-1][1]


def read_header(answer: Answer, base_url: str = "", named: tuple[str, ...] = ()) -> HeaderFacts:
    """Read the compared header fields of an answer.

    `base_url` is the URL by which the runtime is reached, `named` the names of the fields that the
    case compares, in lower case.
    """
    compared: list[tuple[str, str]] = []
    names: dict[str, str] = {}
    of_cookies = {_DATE} if SET_COOKIE in named else set[str]()
    wanted = _COMPARED.union(named, of_cookies)
    for name, value in answer.headers:
        lowered = name.lower()
        if lowered in wanted:
            compared.append((lowered, value))
        if lowered in named:
            names.setdefault(lowered, name)
    facts = facts_of(tuple(compared), base_url, named)
    return replace(facts, names=tuple(sorted(names.items()))) if names else facts


@lru_cache(maxsize=64)
def facts_of(compared: HeaderList, base_url: str, named: tuple[str, ...]) -> HeaderFacts:
    """Read the compared fields, given with names in lower case, into facts.

    The result is cached, as the answers of one service have the same few fields again and again.
    """
    fields: dict[str, str] = {}
    # The values of one field are one list (RFC 9110, section 5.3)
    for name, value in compared:
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    label = read_label(fields.get("content-type", ""))
    header = header_parameter(label)
    location = fields.get("location")
    form, target = _form_and_target(location, base_url)
    by_presence = filterfalse(_COUNTED_APART.__contains__, named)
    facts = (
        ("content-type", label.media if "content-type" in fields else ABSENT),
        ("content-type;charset", label.charset or ABSENT),
        ("content-type;header", f"header={header}" if header else ABSENT),
        ("allow", _methods(fields.get("allow"))),
        ("www-authenticate", _schemes(fields.get("www-authenticate"))),
        ("etag", _presence("etag", fields)),
        *((name, _presence(name, fields)) for name in by_presence),
        ("location", form),
    )
    return HeaderFacts(
        facts=facts,
        location=location,
        target=target,
        label=label,
        named=tuple((name, fields.get(name)) for name in named if name != SET_COOKIE),
        cookies=_cookies(compared, fields.get(_DATE, "")) if SET_COOKIE in named else {},
        fields=compared,
        named_fields=named,
    )


def _form_and_target(location: str | None, base_url: str) -> tuple[str, str | None]:
    """Return the form and the target of a Location; `absent` and None without one."""
    if location is None:
        return ABSENT, None
    return read_location(location, base_url)


def _presence(name: str, fields: Mapping[str, str]) -> str:
    return PRESENT if name in fields else ABSENT


def _cookies(fields: HeaderList, date: str) -> Mapping[str, Cookie]:
    values = [value for name, value in fields if name == SET_COOKIE]
    return read_cookies(values, date)


def _methods(field: str | None) -> str:
    """Return the methods of an Allow field, sorted, as a fact."""
    if field is None:
        return ABSENT
    # An empty field means that no method is allowed (RFC 9110, section 10.2.1).  Letter case counts
    # in the names of methods (section 9.1)
    methods = set(map(methodcaller("strip", BLANKS), field.split(",")))
    return ", ".join(sorted(methods - {""})) or "empty"


def _schemes(field: str | None) -> str:
    """Return the authentication schemes of a WWW-Authenticate field, sorted, as a fact."""
    if field is None:
        return ABSENT
    # A quoted text may contain what looks like the name of a scheme
    without_texts = _QUOTED.sub("", field)
    schemes = set(map(str.lower, _CHALLENGE.findall(without_texts)))
    return ", ".join(sorted(schemes)) or "unreadable"
