"""Secrets of a run: the environment variables that suites declare, filled in when a request is sent and nowhere kept.

A runtime may echo what it was sent, so every answer is searched for the values, as they are and in the ways in which
services write text, and each is replaced by `[secret:NAME]` before anything is compared, recorded or shown.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote, quote_plus

from conformance.errors import BadFileError, Problem
from conformance.model.case import Case
from conformance.model.observation import Answer, Fault
from conformance.model.request import Request
from conformance.model.template import KnownName, known_text

SHORTEST_SECRET: Final = 6
PREFIX: Final = "env:"


class Secrets:
    """The values of declared variables, and how to keep them out of what is written."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.known: dict[str, KnownName] = {
            PREFIX + name: known_text(PREFIX + name, value) for name, value in values.items()
        }
        self._names = {form: name for name, value in sorted(values.items()) for form in _forms(value)}
        forms = sorted(self._names, key=lambda form: (-len(form), form))
        self._pattern = re.compile(b"|".join(map(re.escape, forms)), re.IGNORECASE) if forms else None

    def without(self, text: str) -> str:
        """Return a text without secrets."""
        return self.without_in(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def without_in(self, raw: bytes) -> bytes:
        """Return bytes without secrets."""
        return self._pattern.sub(self._mark, raw) if self._pattern else raw

    def _mark(self, found: re.Match[bytes]) -> bytes:
        name = self._names.get(found[0]) or next(
            name for form, name in self._names.items() if form.lower() == found[0].lower()
        )
        return f"[secret:{name}]".encode()

    def cleaned_answer(self, answer: Answer) -> Answer:
        """Return an answer without secrets."""
        if self._pattern is None:
            return answer
        return replace(
            answer,
            reason=self.without(answer.reason),
            headers=tuple((self._header(name), self._header(value)) for name, value in answer.headers),
            body=self.without_in(answer.body),
        )

    def cleaned_fault(self, fault: Fault) -> Fault:
        """Return a fault without secrets."""
        return replace(fault, detail=self.without(fault.detail)) if self._pattern else fault

    def cleaned_request(self, request: Request) -> Request:
        """Return a request as it may be written down."""
        if self._pattern is None:
            return request
        return replace(
            request,
            target=self.without(request.target),
            headers=tuple((name, self._header(value)) for name, value in request.headers),
            body=None if request.body is None else self.without_in(request.body),
        )

    def cleaned_name(self, known: KnownName) -> KnownName:
        """Return what a name stands for as it may be written down."""
        return replace(known, text=self.without(known.text), json=self.without(known.json))

    def _header(self, value: str) -> str:
        """Clean a header value, which holds bytes as Latin-1 text and whose author may have meant UTF-8."""
        return self.without_in(value.encode("latin-1")).decode("latin-1")


def _forms(value: str) -> Iterator[bytes]:
    """Yield the ways in which services write a text: as it is, escaped for JSON, URL or HTML, in hex, in base64."""
    raw = value.encode("utf-8", "surrogateescape")
    in_json = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    twice = (json.dumps(text)[1:-1] for text in in_json)
    in_url = (quote(raw, safe=""), quote(raw), quote_plus(raw))
    for text in (*in_json, *twice, *in_url, html.escape(value), raw.hex()):
        yield text.encode("utf-8", "surrogateescape")
    yield raw
    yield value.encode("latin-1", "replace")
    yield from _in_base64(raw)


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Yield what base64 of any longer text holds of this one, whichever of three offsets it starts at."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            encoded = encode(b"\0" * offset + raw)
            first, spoiled = (0, 2, 3)[offset], (len(raw) + offset) % 3
            yield encoded[first : len(encoded) - (0, 3, 2)[spoiled]]


def read_secrets(cases: Iterable[Case], environment: Mapping[str, str]) -> Secrets:
    """Read the variables that cases declare; raises BadFileError with the place of each that cannot be used."""
    declared = sorted({variable for case in cases for variable in case.variables}, key=lambda each: each.place)
    problems = [
        Problem(variable.place, f"the variable {variable.name} {wrong}")
        for variable in declared
        if (wrong := _unusable(environment.get(variable.name)))
    ]
    if problems:
        raise BadFileError(problems)
    return Secrets({variable.name: environment[variable.name] for variable in declared})


def _unusable(value: str | None) -> str | None:
    if value is None:
        return "is not set"
    short = len(value) < SHORTEST_SECRET
    return f"has fewer than {SHORTEST_SECRET} characters: too few to be kept out of what is written" if short else None
