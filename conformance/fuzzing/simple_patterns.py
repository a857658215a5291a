"""Find a text for a simple regular expression at once, without a library that searches for one.

Simple are literals, classes of characters, groups, choices and repetitions, which nearly all
patterns of API documents are made of.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import dropwhile, takewhile
from typing import Final

_MOST_REPEATED: Final = 256
"""Longest repetition that is tried to reach a least length."""
_PREFERRED: Final = "aA1-_. "
"""Characters of a usual text, the likeliest first; a class may allow none of them."""
_ASCII: Final = "".join(map(chr, range(32, 127)))
_TOKEN: Final = re.compile(
    r"(?P<klass>\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dDwWsS]|\.)"
    r"|(?P<anchor>[\^$]|\\[bAZz])|(?P<open>\((?:\?:|\?P?<[a-zA-Z]\w*>)?(?!\?))"
    r"|(?P<close>\))|(?P<choice>\|)|(?P<literal>\\[^\w]|\\[ntr]|[^\\\[(){}*+?|])"
)
_REPEAT: Final = re.compile(r"(?:(?P<sign>[*+?])|\{(?P<least>\d+)(?P<comma>,)?(?P<most>\d+)?\})\??")
_LEAST_OF: Final = {"*": 0, "+": 1, "?": 0}
_CONTROLS: Final = {r"\n": "\n", r"\t": "\t", r"\r": "\r"}

_Made = Callable[[int], str]
"""Return the text of a part of a pattern, in which open repetitions come that often."""


def simple_text(pattern: str, least: int, most: int) -> str | None:
    """Return a text of `least` to `most` characters that a simple pattern matches, else None."""
    try:
        compiled = re.compile(pattern)
        reading = _Reading(pattern)
        made = reading.choice()
    except (re.error, _NotSimpleError, RecursionError):
        return None
    if not reading.is_at_end:
        return None
    texts = takewhile(lambda text: len(text) <= most, map(made, range(_MOST_REPEATED)))
    long_enough = dropwhile(lambda text: len(text) < least, texts)
    return next(filter(compiled.search, long_enough), None)


class _NotSimpleError(Exception):
    """A pattern holds what this module does not read, such as a look ahead."""


class _Reading:
    """Read a pattern from its start to its end."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        """Return whether all of the pattern was read."""
        return self._at == len(self._pattern)

    def choice(self) -> _Made:
        """Read one or more alternatives, and return the text of the first."""
        first = self._sequence()
        while self._pattern.startswith("|", self._at):
            self._at += 1
            self._sequence()
        return first

    def _sequence(self) -> _Made:
        parts = list(self._parts())
        return lambda times: "".join(part(times) for part in parts)

    def _parts(self) -> Iterator[_Made]:
        while not self.is_at_end and self._pattern[self._at] not in "|)":
            yield self._repeated(self._one())

    def _one(self) -> _Made:
        token = _TOKEN.match(self._pattern, self._at)
        if token is None:
            raise _NotSimpleError
        self._at = token.end()
        if token["open"]:
            inner = self.choice()
            if not self._pattern.startswith(")", self._at):
                raise _NotSimpleError
            self._at += 1
            return inner
        text = _text_of(token)
        return lambda _: text

    def _repeated(self, part: _Made) -> _Made:
        found = _REPEAT.match(self._pattern, self._at)
        if found is None:
            return part
        self._at = found.end()
        least = _LEAST_OF.get(found["sign"], int(found["least"] or 0))
        is_open = bool(found["sign"] or found["comma"])
        bound = 1 if found["sign"] == "?" else int(found["most"] or _MOST_REPEATED)
        return partial(_times, part, least, max(least, bound) if is_open else least)


def _times(part: _Made, least: int, most: int, times: int) -> str:
    return part(times) * min(most, max(least, times))


def _text_of(token: re.Match[str]) -> str:
    if token["anchor"]:
        return ""
    if token["klass"]:
        return _character_of(token["klass"])
    written = token["literal"]
    # The last character of an escape such as `\.` is what it stands for
    return _CONTROLS.get(written, written[-1:])


def _character_of(klass: str) -> str:
    allowed = re.compile(klass)
    found = next(filter(allowed.fullmatch, f"{_PREFERRED}{_ASCII}"), None)
    if found is None:
        raise _NotSimpleError
    return found
