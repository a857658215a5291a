"""A request before its names are filled in: literal text, and a slot for each `${name}`.

Everything except the slots is frozen when the suite is read, so that each runtime is sent the same
bytes except for its own values.  How a value is written depends only on the position of its slot.
"""

import enum
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from operator import itemgetter
from typing import Final
from urllib.parse import quote, quote_plus

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.own_url import ForeignUrlError, own_target
from conformance.model.request import Request

BASE_URL: Final = "base_url"
HOST: Final = "host"
"""The names for the base URL of each runtime, and for its host and port."""
_HEADER_TEXT: Final = re.compile(r"[\t -~\x80-\xff]*\Z")


class SlotForm(enum.Enum):
    """How a value is written, by the position of its slot."""

    TARGET = "in a target"
    URL = "as the target"
    HEADER = "in a header"
    TEXT = "in a body"
    FORM = "in a form"
    JSON = "as a JSON value"
    JSON_STRING = "in a JSON string"


class Slot(Struct, frozen=True):
    """A position at which a name's value is filled in."""

    name: str
    form: SlotForm

    def __str__(self) -> str:
        written = "${" + self.name + "}"
        if self.form is not SlotForm.JSON:
            return written
        return f'"{written}"'


Parts = tuple[str | bytes | Slot, ...]
"""Literal text, literal bytes and slots in the order in which they are sent."""


class KnownName(Struct, frozen=True, kw_only=True):
    """A name with its value in one runtime's part of a case, as text and as JSON.

    `identity` is the kind of thing that the value identifies, or None.  Such values differ between
    runtimes, and are compared by the thing that they identify.  `identifier` is the identifying
    part of the text if that is not the whole text, as in a URL.
    """

    name: str
    text: str
    json: str
    identity: str | None = None
    identifier: str = ""

    def identified_by(self, identifier: str) -> "KnownName":
        """Return the name with a part of its text as the identifier that answers contain."""
        return replace(self, identifier=identifier)

    @property
    def in_answers(self) -> str:
        """Return the text by which answers refer to the thing."""
        return self.identifier or self.text


def known_text(name: str, text: str, identity: str | None = None) -> KnownName:
    """Return a name with a string as its value."""
    return KnownName(name=name, text=text, json=_json_string(text), identity=identity)


class UnusableValueError(ValueError):
    """A value that cannot be written at the position of its slot."""

    def __init__(self, slot: Slot, detail: str) -> None:
        super().__init__(detail)
        self.slot = slot


class Template(Struct, frozen=True, kw_only=True):
    """A request with slots in its target, header values or body."""

    method: str
    target: Parts
    headers: tuple[tuple[str, Parts], ...] = ()
    body: Parts | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the slots in the order in which they are sent, with repetitions."""
        in_headers = map(itemgetter(1), self.headers)
        # In the order in which they are sent
        parts = chain(self.target, *in_headers, self.body or ())
        return tuple(part.name for part in parts if isinstance(part, Slot))

    def filled(self, known: Mapping[str, KnownName]) -> Request:
        """Return the request with its names filled in; an unknown name stays as it is written.

        Raises UnusableValueError.
        """
        start, from_root = self._start(known)
        parts = self.target[1:] if start else self.target
        rest = "".join(_texts(parts, known))
        if "?" in start and rest.startswith("?"):  # the URL has a query of its own
            rest = f"&{rest[1:]}"
        headers = tuple((name, "".join(_texts(parts, known))) for name, parts in self.headers)
        body = None
        if self.body is not None:
            body = b"".join(_body(self.body, known))
        return Request(
            method=self.method,
            target=start + rest,
            from_root=from_root,
            headers=headers,
            body=body,
        )

    def _start(self, known: Mapping[str, KnownName]) -> tuple[str, bool]:
        """Return the start of the target if it begins with a URL, and whether it is from the root.

        The start is empty if the target begins with no URL.
        """
        slot = self.target[0] if self.target else ""
        if not isinstance(slot, Slot) or slot.form is not SlotForm.URL:
            return "", False
        value = known.get(slot.name)
        if value is None:
            return "", False
        base_url = known[BASE_URL].text if BASE_URL in known else ""
        try:
            return own_target(value.text, base_url)
        except ForeignUrlError as error:
            raise UnusableValueError(slot, str(error)) from error

    def written(self) -> Request:
        """Return the request with every name as written, for a recording's key."""
        return self.filled({})


def _texts(parts: Parts, known: Mapping[str, KnownName]) -> Iterator[str]:
    for part in parts:
        written = _written(part, known)
        if isinstance(written, bytes):
            written = written.decode("latin-1")
        yield written


def _body(parts: Parts, known: Mapping[str, KnownName]) -> Iterable[bytes]:
    for part in parts:
        written = _written(part, known)
        if isinstance(written, str):
            written = written.encode("utf-8", "surrogatepass")
        yield written


def _written(part: str | bytes | Slot, known: Mapping[str, KnownName]) -> str | bytes:
    """Return a part of a request in the form in which it is sent."""
    if not isinstance(part, Slot):
        return part
    return _fill(part, known)


def _fill(slot: Slot, known: Mapping[str, KnownName]) -> str:
    value = known.get(slot.name)
    if value is None:
        return str(slot)
    if slot.form is SlotForm.HEADER and not _HEADER_TEXT.match(value.text):
        raise UnusableValueError(slot, "a header holds one line of Latin-1 text")
    return _WRITTEN[slot.form](value)


def _in_target(value: KnownName) -> str:
    """Return a value percent-encoded as one segment or component."""
    if value.text in {".", ".."}:
        # `quote` leaves dots as they are, and alone they would lead to another path
        return "%2E" * len(value.text)
    return quote(value.text, safe="")


def _json_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_WRITTEN: Final[Mapping[SlotForm, Callable[[KnownName], str]]] = {
    SlotForm.TARGET: _in_target,
    SlotForm.URL: lambda value: value.text,
    SlotForm.HEADER: lambda value: value.text,
    SlotForm.TEXT: lambda value: value.text,
    SlotForm.FORM: lambda value: quote_plus(value.text),
    SlotForm.JSON: lambda value: value.json,
    SlotForm.JSON_STRING: lambda value: _json_string(value.text)[1:-1],
}
