"""The words of a curl command as options, flags and URLs.

An unknown option is refused: it is not known whether the next word is its value.
"""

from operator import itemgetter
from typing import Final

from msgspec import Struct, field

from conformance.suites.importers.curl_options import FLAGS, IGNORED_WITH_VALUE, SENT, SHORT
from conformance.suites.importers.imported import NotImportableError

_FORM: Final = frozenset({"form", "form-string"})


_WITH_VALUE: Final = frozenset(SENT) | frozenset(IGNORED_WITH_VALUE)


class Options(Struct, kw_only=True):
    """The options of one command, in the given order.

    `stdin` is what the command reads, or None if that is not known.
    """

    urls: list[str] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    stdin: bytes | None = None

    def given(self, name: str) -> list[str]:
        """Return all values of an option, in the given order."""
        return [value for option, value in self.values if option == name]

    def last(self, name: str) -> str | None:
        """Return the last value of an option, which is the one that curl uses; None without one."""
        values = self.given(name)
        if not values:
            return None
        return values[-1]

    @property
    def mentioned(self) -> frozenset[str]:
        """Return the names of all options, with a value or without one."""
        return frozenset(self.flags).union(map(itemgetter(0), self.values))

    @property
    def form(self) -> list[tuple[str, str]]:
        """Return the parts of a form, in the given order."""
        return [(option, value) for option, value in self.values if option in _FORM]


def read_options(words: list[str]) -> Options:
    """Return the options in the words after `curl`.

    Raises NotImportableError for an unknown option, and for a missing value.
    """
    options = Options()
    rest = list(reversed(words))
    while rest:
        word = rest.pop()
        # All words after a `--` are URLs, whatever they begin with
        if word == "--":
            options.urls += reversed(rest)
            break
        if word.startswith("--"):
            _take(options, word[2:], rest)
        elif word.startswith("-") and word != "-":
            _take_short(options, word[1:], rest)
        else:
            options.urls.append(word)
    return options


def _take_short(options: Options, letters: str, rest: list[str]) -> None:
    """Take a word of one-letter options.

    The first option with a value takes the rest of the word as its value.
    """
    for at, letter in enumerate(letters, start=1):
        name = SHORT.get(letter, f"-{letter}")
        if name not in _WITH_VALUE:
            _take(options, name, rest)
            continue
        value = letters[at:]
        if value:
            rest.append(value)
        _take(options, name, rest)
        return


def _take(options: Options, name: str, rest: list[str]) -> None:
    if name in _WITH_VALUE:
        _take_value(options, name, rest)
        return
    if name in FLAGS or name.removeprefix("no-") in FLAGS:
        options.flags.add(name)
        return
    # Text after `=`, or text that is much longer than an option, may be a secret
    bare = name.partition("=")[0][:40]
    raise NotImportableError(
        f"its option {bare!r} is not known here, or is about a file; leave it away"
    )


def _take_value(options: Options, name: str, rest: list[str]) -> None:
    if not rest:
        raise NotImportableError(f"option {name} has no value")
    value = rest.pop()
    if name == "url":
        options.urls.append(value)
    else:
        options.values.append((name, value))
