"""How members are named: by another convention, or under another name."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from operator import ne
from typing import Final

from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath, Segment

TEXT_OF_AN_ELEMENT: Final = "#text"
"""The member with the text of an XML or HTML element: no name that somebody chose."""
NAMESPACE: Final = "@xmlns="
"""Begins the member that names the namespace of an XML element: no name that somebody chose."""
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ABBREVIATION: Final = re.compile(r"[A-Z]{2}")
_LONGEST_ABBREVIATION: Final = 4
_WITH_LOWERCASE: Final = {"snake_case", "camelCase", "kebab-case"}
_BETWEEN_NAMES: Final = "\0"
_NOT_LETTERS: Final = dict.fromkeys(
    code for code in range(128) if chr(code) in "_-" or chr(code).isspace()
)
"""The ASCII characters that part the words of a name, as `str.translate` leaves them out."""
_OF_CLOCKS: Final = frozenset(
    (
        "elapsed", "duration", "latency", "took", "time", "times", "timing", "timings", "timestamp",
        "ts", "uptime",
        "age", "clock", "now", "at", "since", "until", "ago", "expires", "expiry", "ttl", "wait",
        "delay", "epoch",
        "hours", "minutes", "seconds", "second", "secs", "sec", "ms", "millis", "milliseconds",
        "micros",
        "microseconds", "us", "nanos", "nanoseconds", "ns",
    )
)  # fmt: skip
"""Words of names under which two runtimes read their clocks: numbers that are near each other by
chance.
"""


def normalised(name: str) -> str:
    """Return what the spellings of one name share: letters and digits in lower case."""
    return _letters(name).lower() or name


def normalised_each(names: Iterable[str]) -> list[str]:
    """Return what the spellings of each of some names share, in the order of the names.

    Plain names are read in one text, which takes a tenth of the time of a call for each.
    """
    known = list(names)
    joined = _BETWEEN_NAMES.join(known)
    if joined.isascii() and joined.count(_BETWEEN_NAMES) == len(known) - 1:
        # a name without any letter stays as it is, which only the slow way does
        letters = joined.translate(_NOT_LETTERS).lower().split(_BETWEEN_NAMES)
        if all(letters):
            return letters
    return list(map(normalised, known))


def style_of(name: str) -> str:
    """Name the convention that a member name follows; attributes begin with `@`."""
    name = name.lstrip("@")
    if "_" in name.strip("_"):
        return "SCREAMING_SNAKE_CASE" if name.upper() == name else "snake_case"
    if "-" in name.strip("-"):
        return "kebab-case"
    if not name[:1].isupper():
        return "lowercase" if name.lower() == name else "camelCase"
    is_abbreviation = name.isupper() and len(name) > 1
    return "UPPERCASE" if is_abbreviation else "PascalCase"


def differ_by_convention(first: str, other: str) -> bool:
    """Return whether two spellings of one name differ in convention or capital positions.

    `userID` and `userId` do; `ab` and `a b`, or `_id` and `id` or `ID`, are two names.
    """
    if without_convention(first) != without_convention(other):
        return False
    return (style_of(first), _letters(first)) != (style_of(other), _letters(other))


def without_convention(name: str) -> str:
    """Return what is equal for names that may differ by convention: `userId` and `user_id`.

    Underscores around a name are no convention: `_id` is another name than `id`.
    """
    before = len(name) - len(name.lstrip("_"))
    after = len(name) - len(name.rstrip("_"))
    return f"{'_' * before}{normalised(name)}{'_' * after}"


def path_without_convention(path: Iterable[Segment]) -> JsonPath:
    """Return what is equal for paths with names that may differ by convention."""
    return with_names(path, without_convention)


def with_names(path: Iterable[Segment], spell: Callable[[str], str]) -> JsonPath:
    """Return a path whose names are spelled in another way."""
    return tuple(spell(step) if isinstance(step, str) else step for step in path)


def _letters(name: str) -> str:
    """Return a name without the characters that part its words: `_`, `-` and white space."""
    return "".join(name.replace("_", "").replace("-", "").split())


def conventions(ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, str]:
    """Name the conventions of the names of two sides.

    The names themselves where both sides follow the same ones.
    """
    first, second = tuple(ours), tuple(theirs)
    styles = style_of_all(first), style_of_all(second)
    if styles[0] != styles[1]:
        return styles
    abbreviations = _abbreviations(first), _abbreviations(second)
    if abbreviations[0] != abbreviations[1]:
        return abbreviations
    return ", ".join(sorted(first)), ", ".join(sorted(second))


def _abbreviations(names: Iterable[str]) -> str:
    """Say how abbreviations in names are written: `userID` or `userId`."""
    has_capitals = any(map(_ABBREVIATION.search, names))
    return "abbreviations in capitals" if has_capitals else "abbreviations as words"


def style_of_all(names: Iterable[str]) -> str:
    """Name the convention of several names: a word that fits each, or a word for each kind.

    A single lower-case word fits most conventions, and an abbreviation in capitals fits PascalCase.
    A name of one letter fits several, and decides nothing; without any other there is no word.
    """
    longer = [name for name in names if len(_letters(name.lstrip("@"))) > 1]
    styles = set(map(style_of, longer))
    # `ID` beside `UserName` is an abbreviation; `LONGNAME` is a convention of its own
    longest_abbreviation = max(map(len, filter(str.isupper, longer)), default=0)
    pascal_case = "PascalCase" if longest_abbreviation <= _LONGEST_ABBREVIATION else ""
    if not styles.isdisjoint(_WITH_LOWERCASE):
        styles.discard("lowercase")
    if not styles.isdisjoint({"SCREAMING_SNAKE_CASE", pascal_case}):
        styles.discard("UPPERCASE")
    return ", ".join(sorted(styles))


def is_no_text(name: str, value: Json) -> bool:
    """Return whether a member says that an element has no text, as others beside it have."""
    return value == "" and name == TEXT_OF_AN_ELEMENT


def share_in_common(first: Iterable[str], second: Iterable[str]) -> float:
    """Return which share of all names both sides have, however they are spelled."""
    return share_of_normalised(normalised_all(first), normalised_all(second))


def normalised_all(names: Iterable[str]) -> frozenset[str]:
    """Return what the spellings of each of some names share."""
    return frozenset(normalised_each(names))


def share_of_normalised(first: frozenset[str], second: frozenset[str]) -> float:
    """Return which share of all names is in both sets.

    It takes as long as the smaller set is large.
    """
    common = len(first & second)
    return common / max(1, len(first) + len(second) - common)


def words_of(name: str) -> list[str]:
    """Return a name's words in lower case, whatever its convention.

    `elapsedMs` has `elapsed` and `ms`.
    """
    return list(map(str.lower, _WORD.findall(name)))


def last_name(path: JsonPath) -> str:
    """Return the name of the member or element that a path leads to or into, else ``."""
    names = filter(partial(ne, TEXT_OF_AN_ELEMENT), names_in(reversed(path)))
    return next(names, "")


def names_in(path: Iterable[Segment]) -> Iterator[str]:
    """Yield the names in a path: its steps to members and elements."""
    return (step for step in path if isinstance(step, str))


def is_of_no_clock(path: JsonPath) -> bool:
    """Return whether a place's name says nothing of time: two clocks are never one measurement."""
    return _OF_CLOCKS.isdisjoint(words_of(last_name(path)))
