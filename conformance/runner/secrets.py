"""Secrets of a run: environment variables that suites and runtimes declare.

They are sent with requests and stored nowhere.

A runtime may echo what it was sent, or log it.  All that it sent is searched for the values, in the
ways of `secret_forms`, before anything is compared or kept.  Each is replaced by `[secret:NAME]`,
or `[secret:NAME:hex]` and so on, so that two runtimes that echo it in two ways still differ.  An
excerpt that is taken later then has no part of a secret.  `outgoing` searches all that is written
once more.

What is not found: a secret that is cut in two, or written in another way.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from conformance import outgoing
from conformance.atomic_file import replace_file
from conformance.errors import BadFileError, Problem
from conformance.model.case import Case
from conformance.model.secret import unusable_secret
from conformance.model.template import KnownName, known_text
from conformance.runner.secret_forms import OTHER_CASE, literal, named_forms, patterns

PREFIX: Final = "env:"
_PATTERN_MEMORY: Final = 64 << 20
"""Bytes that a pattern of RE2 may use: with too few it becomes slow."""
_Value = TypeVar("_Value")


class Secrets:
    """The values of declared variables, and how to keep them out of what is written."""

    def __init__(self, values: Mapping[str, str], also: Iterable[tuple[str, str]] = ()) -> None:
        self._values = values
        self.known: dict[str, KnownName] = {
            PREFIX + name: known_text(PREFIX + name, value) for name, value in values.items()
        }
        every = sorted((*values.items(), *also))
        self._marks: dict[bytes, bytes] = {}
        self._others: list[tuple[bytes, bytes]] = []
        for name, value in every:
            self._others += ((pattern, _mark(name, way)) for pattern, way in patterns(value))
            for form, way in named_forms(value):
                self._marks.setdefault(form, _mark(name, way))
        self._by_folded = {form.lower(): mark for form, mark in reversed(self._marks.items())}

    @property
    def values(self) -> Mapping[str, str]:
        """Return the value of each variable and of each secret of a runtime, by name."""
        return self._values

    @cached_property
    def _any(self) -> Any:
        """A pattern for any secret in any way, as a fast first test."""
        ways = (*map(literal, self._marks), *(pattern for pattern, _ in self._others))
        return _compiled(b"|".join(ways))

    @cached_property
    def _named(self) -> re.Pattern[bytes]:
        """A pattern for the named forms, and for marks, which stay as they are."""
        forms = sorted(self._marks, key=lambda form: (-len(form), form))
        return re.compile(b"|".join(map(re.escape, (*self._every_mark, *forms))), re.IGNORECASE)

    @cached_property
    def _unnamed(self) -> list[tuple[Any, bytes]]:
        marks = b"|".join(map(literal, self._every_mark))
        return [(_compiled(b"%s|%s" % (marks, pattern)), mark) for pattern, mark in self._others]

    @cached_property
    def _every_mark(self) -> tuple[bytes, ...]:
        """Return all marks, the longest first: a mark may contain a value, such as `secret`."""
        named = {*self._marks.values(), *(mark for _, mark in self._others)}
        every = {*named, *map(_in_other_case, named)}
        return tuple(sorted(every, key=lambda mark: (-len(mark), mark)))

    def with_others(self, values: Iterable[tuple[str, str]]) -> "Secrets":
        """Return these secrets with further pairs of name and value.

        The further ones are only kept out of output, and two may have the same name.
        """
        return Secrets(self._values, values)

    def keep_out(self) -> "Secrets":
        """Keep the values out of all that this process writes from now on; return the secrets."""
        if self._marks:
            outgoing.keep_out(frozenset(self._marks), self.without_in)
        return self

    def without(self, text: str) -> str:
        """Return a text without secrets."""
        return self.without_in(text.encode("utf-8", "surrogatepass")).decode(
            "utf-8", "surrogatepass"
        )

    def without_in(self, raw: bytes) -> bytes:
        """Return bytes without secrets."""
        if not self._marks or self._any.search(raw) is None:
            return raw
        raw = self._named.sub(self._marked, raw)
        for pattern, mark in self._unnamed:
            raw = pattern.sub(
                lambda found, mark=mark: found[0] if found[0] in self._every_mark else mark, raw
            )
        return raw

    def _marked(self, found: re.Match[bytes]) -> bytes:
        """Return the mark for a match: a form, a form in another case, or a mark."""
        mark = self._marks.get(found[0])
        if mark is not None:
            return mark
        mark = self._by_folded.get(found[0].lower())
        return found[0] if mark is None else _in_other_case(mark)

    def clean_file(self, file: Path) -> None:
        """Remove secrets from a file that another program has written.

        An example is the log of a runtime.
        """
        if self._marks and file.is_file():
            raw = file.read_bytes()
            cleaned = self.without_in(raw)
            if cleaned != raw:
                replace_file(file, cleaned)

    def cleaned(self, value: _Value) -> _Value:
        """Return a value of the model with secrets removed from all its fields."""
        return cast("_Value", self._cleaned(value)) if self._marks else value

    def _cleaned(self, value: Any) -> Any:
        if isinstance(value, Enum):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bytes):
            return self.without_in(value)
        if isinstance(value, tuple):
            return tuple(map(self._cleaned, value))
        if isinstance(value, Struct):
            names = value.__struct_fields__
            return replace(value, **{name: self._cleaned(getattr(value, name)) for name in names})
        return value

    def _text(self, text: str) -> str:
        """Clean a text; in the text of header fields each character is a byte of what was sent."""
        text = self.without(text)
        try:
            raw = text.encode("latin-1")
        except UnicodeEncodeError:
            return text
        return text if text.isascii() else self.without_in(raw).decode("latin-1")


def _mark(name: str, way: str) -> bytes:
    return (f"[secret:{name}:{way}]" if way else f"[secret:{name}]").encode()


def _in_other_case(mark: bytes) -> bytes:
    return b"%s:%s]" % (mark[:-1], OTHER_CASE.encode())


def _compiled(pattern: bytes) -> Any:
    """Return a compiled pattern over bytes that ignores case; RE2 searches in linear time."""
    import re2  # noqa: PLC0415 - a native library, loaded only where there are secrets

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = False
    options.max_mem = _PATTERN_MEMORY
    return re2.compile(pattern, options)


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
