"""Secrets of a run: environment variables that suites and runtimes declare.

They are sent with requests and stored nowhere.

A runtime may echo what it was sent, or log it, so every answer, fault and log is searched for the
values, as they are and in the ways in which services write text.  Each is replaced by
`[secret:NAME]`, or `[secret:NAME:hex]` and so on, before anything is compared, recorded or shown:
two runtimes that echo it in two ways still differ.

What is not found: a secret that is cut in two, or written in a way that is not among those of
`_forms`.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, quote_plus

from conformance.atomic_file import replace_file
from conformance.errors import BadFileError, Problem
from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, NotAsked
from conformance.model.request import Request
from conformance.model.secret import unusable_secret
from conformance.model.template import KnownName, known_text

PREFIX: Final = "env:"
_OTHER_CASE: Final = "other case"
_ESCAPE: Final = re.compile("%[0-9A-F]{2}")


class Secrets:
    """The values of declared variables, and how to keep them out of what is written."""

    def __init__(self, values: Mapping[str, str], also: Iterable[tuple[str, str]] = ()) -> None:
        self._values = values
        self.known: dict[str, KnownName] = {
            PREFIX + name: known_text(PREFIX + name, value) for name, value in values.items()
        }
        self._marks: dict[bytes, str] = {}
        for name, value in sorted((*values.items(), *also)):
            for form, way in _forms(value):
                self._marks.setdefault(
                    form, f"[secret:{name}:{way}]" if way else f"[secret:{name}]"
                )
        self._folded = frozenset(form.lower() for form in self._marks)
        forms = sorted(self._marks, key=lambda form: (-len(form), form))
        self._pattern = (
            re.compile(b"|".join(map(re.escape, forms)), re.IGNORECASE) if forms else None
        )

    def with_others(self, values: Iterable[tuple[str, str]]) -> "Secrets":
        """Return these secrets with further ones, by name, which are only kept out.

        Each runtime may have its own.
        """
        return Secrets(self._values, values)

    def without(self, text: str) -> str:
        """Return a text without secrets."""
        return self.without_in(text.encode("utf-8", "surrogatepass")).decode(
            "utf-8", "surrogatepass"
        )

    def without_in(self, raw: bytes) -> bytes:
        """Return bytes without secrets."""
        return self._pattern.sub(self._mark, raw) if self._pattern and self._may_hold(raw) else raw

    def _may_hold(self, raw: bytes) -> bool:
        """Search for the forms one by one, which mostly finds none.

        This is much faster than to search for all at once.
        """
        folded = raw.lower()
        return any(form in folded for form in self._folded)

    def _mark(self, found: re.Match[bytes]) -> bytes:
        mark = self._marks.get(found[0])
        if mark is None:
            folded = found[0].lower()
            exact = next(mark for form, mark in self._marks.items() if form.lower() == folded)
            mark = f"{exact[:-1]}:{_OTHER_CASE}]"
        return mark.encode()

    def clean_file(self, file: Path) -> None:
        """Remove secrets from a file that another program has written.

        An example is the log of a runtime.
        """
        if self._pattern is not None and file.is_file():
            raw = file.read_bytes()
            cleaned = self.without_in(raw)
            if cleaned != raw:
                replace_file(file, cleaned)

    def cleaned_answer(self, answer: Answer) -> Answer:
        """Return an answer without secrets."""
        if self._pattern is None:
            return answer
        return replace(
            answer,
            reason=self.without(answer.reason),
            headers=tuple(
                (self._header(name), self._header(value)) for name, value in answer.headers
            ),
            body=self.without_in(answer.body),
            pages=tuple(map(self.cleaned_answer, answer.pages)),
        )

    def cleaned(self, seen: Answer | Fault | NotAsked) -> Answer | Fault | NotAsked:
        """Return an answer or a fault without secrets."""
        if isinstance(seen, Fault):
            return self.cleaned_fault(seen)
        return self.cleaned_answer(seen) if isinstance(seen, Answer) else seen

    def cleaned_fault(self, fault: Fault) -> Fault:
        """Return a fault without secrets."""
        if self._pattern is None:
            return fault
        last = None if fault.last is None else self.cleaned_answer(fault.last)
        return replace(fault, detail=self.without(fault.detail), last=last)

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
        """Clean a header value, which holds bytes as Latin-1 text.

        Its author may have meant UTF-8.
        """
        return self.without_in(value.encode("latin-1")).decode("latin-1")


def _forms(value: str) -> Iterator[tuple[bytes, str]]:
    """Yield the named ways in which services write a text, also within JSON text.

    The second is how JSON text holds each of them.

    What stands for the same text in JSON has no name.
    """
    yield value.encode("latin-1", "replace"), ""
    for text, way in _texts(value):
        once = _in_json(text)
        twice = [deeper for each in once for deeper in _in_json(each)]
        thrice = [deeper for each in twice for deeper in _in_json(each)]
        yield from ((_bytes(each), way) for each in (text, *once))
        yield from ((_bytes(each), way or "json") for each in (*twice, *thrice))


def _texts(value: str) -> Iterator[tuple[str, str]]:
    raw = _bytes(value)
    yield value, ""
    yield from ((each, _OTHER_CASE) for each in (value.upper(), value.lower()))
    for text in (
        quote(raw, safe=""),
        quote(raw),
        quote_plus(raw),
        "".join(f"%{byte:02X}" for byte in raw),
    ):
        yield text, "url"
        yield _ESCAPE.sub(lambda found: found[0].lower(), text), "url in lower case"
    yield from ((html.escape(value, quote=quoted), "html") for quoted in (True, False))
    yield raw.hex(), "hex"
    yield raw.hex().upper(), "hex in upper case"
    yield from ((encoded.decode(), "base64") for encoded in _in_base64(raw))


def _in_json(text: str) -> list[str]:
    return [json.dumps(text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Yield what base64 of any longer text holds of this one.

    One result is for each of the three offsets at which it can start.
    """
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            encoded = encode(b"\0" * offset + raw)
            first, spoiled = (0, 2, 3)[offset], (len(raw) + offset) % 3
            yield encoded[first : len(encoded) - (0, 3, 2)[spoiled]]


def read_secrets(
    cases: Iterable[Case],
    environment: Mapping[str, str],
    of_runtimes: Mapping[str, str] = MappingProxyType({}),
) -> Secrets:
    """Return the secrets of runtimes, and the variables that cases declare.

    Raises BadFileError with the place of each variable that cannot be used.
    """
    declared = sorted(
        {variable for case in cases for variable in case.variables}, key=lambda each: each.place
    )
    problems = [
        Problem(variable.place, f"the variable {variable.name} {wrong}")
        for variable in declared
        if (wrong := unusable_secret(environment.get(variable.name)))
    ]
    if problems:
        raise BadFileError(problems)
    return Secrets(
        {**of_runtimes, **{variable.name: environment[variable.name] for variable in declared}}
    )
