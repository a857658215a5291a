"""The names of members: their conventions, such as `user_id` and `userId`, and their words."""

import re
from collections.abc import Callable, Iterable, Iterator, KeysView
from functools import partial
from itertools import filterfalse
from operator import ne
from typing import Final

from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import JsonPath, Segment

TEXT_OF_AN_ELEMENT: Final = "#text"
"""The member with the text of an XML or HTML element; no developer chose this name."""
NAMESPACE: Final = "@xmlns="
"""What the name of a member for an XML element's namespace begins with; no developer chose it."""
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ABBREVIATION: Final = re.compile(r"[A-Z]{2}")
_LONGEST_ABBREVIATION: Final = 4
_WITH_LOWERCASE: Final = {"snake_case", "camelCase", "kebab-case"}
_BETWEEN_NAMES: Final = "\0"
_NOT_LETTERS: Final = dict.fromkeys(
    code for code in range(128) if chr(code) in "_-" or chr(code).isspace()
)
"""The ASCII characters between the words of a name, in the form in which `str.translate` drops
them."""
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
"""Words in names of values that each runtime reads from its clock: such numbers are close by
chance."""


def normalised(name: str) -> str:
    """Return a name's letters and digits in lower case, which all its spellings have in common."""
    return _letters(name).lower() or name


def normalised_each(names: Iterable[str]) -> list[str]:
    """Return for each name, in their order, what all its spellings have in common.

    Plain names are translated in one text, which takes a tenth of the time of a call for each.
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
    """Return the convention of a member's name; the `@` of an attribute does not count."""
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
    """Return whether two spellings of one name differ in their convention or their capitals.

    `userID` and `userId` do; `ab` and `a b`, or `_id` and `id` or `ID`, are two names.
    """
    if without_convention(first) != without_convention(other):
        return False
    return (style_of(first), _letters(first)) != (style_of(other), _letters(other))


def respelled(names_a: KeysView[str | int], names_b: KeysView[str | int]) -> list[tuple[str, str]]:
    """Return pairs of names that differ by convention, each on one side only and in one pair.

    Only texts are names: not an index, and not the tag of a repeated XML element.
    """
    alone_a, alone_b = _alone(names_a, names_b), _alone(names_b, names_a)
    waiting: dict[str, str] = {}
    for name, letters in zip(alone_b, normalised_each(alone_b), strict=True):
        waiting.setdefault(letters, name)
    pairs: list[tuple[str, str]] = []
    for name, letters in zip(alone_a, normalised_each(alone_a), strict=True):
        # each name has one partner: of `userId` and `user_id` on one side only the first
        other = waiting.pop(letters, None)
        if other is not None and differ_by_convention(name, other):
            pairs.append((name, other))
    return pairs


def _alone(here: KeysView[str | int], there: KeysView[str | int]) -> list[str]:
    """Return the names of one side only."""
    # The tag of a repeated element is more than a name, and has a type of its own
    names = filterfalse(there.__contains__, here)
    return [name for name in names if type(name) is str]


def without_convention(name: str) -> str:
    """Return a form that is equal for names that may differ by convention: `userId` and `user_id`.

    Underscores around a name are kept: `_id` is another name than `id`.
    """
    before = len(name) - len(name.lstrip("_"))
    after = len(name) - len(name.rstrip("_"))
    return f"{'_' * before}{normalised(name)}{'_' * after}"


def path_without_convention(path: Iterable[Segment]) -> JsonPath:
    """Return a form of a path that is equal for paths whose names may differ by convention."""
    return with_names(path, without_convention)


def with_names(path: Iterable[Segment], spell: Callable[[str], str]) -> JsonPath:
    """Return a path with its names spelled by a function."""
    return tuple(spell(step) if isinstance(step, str) else step for step in path)


def _letters(name: str) -> str:
    """Return a name without the characters between its words: `_`, `-` and white space."""
    return "".join(name.replace("_", "").replace("-", "").split())


def conventions(ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, str]:
    """Return what distinguishes the names of two sides: their conventions, or their abbreviations.

    The names themselves where both are the same on both sides.
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
    """Return how abbreviations in names are written: in capitals (`userID`) or not (`userId`)."""
    has_capitals = any(map(_ABBREVIATION.search, names))
    return "abbreviations in capitals" if has_capitals else "abbreviations as words"


def style_of_all(names: Iterable[str]) -> str:
    """Return the convention that fits each of several names, or all conventions they follow.

    A single lower-case word fits most conventions, and an abbreviation in capitals fits PascalCase.
    A name of one letter fits several, and is not counted; the result is empty without any other.
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


def is_namespace(name: str) -> bool:
    """Return whether a member is the one that names an XML element's namespace."""
    return name.startswith(NAMESPACE)


def is_no_text(name: str, value: Json) -> bool:
    """Return whether a member only says that an element has no text, as others beside it have."""
    return value == "" and name == TEXT_OF_AN_ELEMENT


def share_in_common(first: Iterable[str], second: Iterable[str]) -> float:
    """Return the share of all names that both sides have, in any spelling; from 0 to 1."""
    return share_of_normalised(normalised_all(first), normalised_all(second))


def normalised_all(names: Iterable[str]) -> frozenset[str]:
    """Return the names without what only distinguishes spellings of one name."""
    return frozenset(normalised_each(names))


def share_of_normalised(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the share of all names that is in both sets, from 0 to 1.

    The time depends on the size of the smaller set only.
    """
    common = len(first & second)
    return common / max(1, len(first) + len(second) - common)


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, whatever its convention.

    `elapsedMs` gives `elapsed` and `ms`.
    """
    return list(map(str.lower, _WORD.findall(name)))


def last_name(path: JsonPath) -> str:
    """Return the last name of a member or element in a path, else ``."""
    names = filter(partial(ne, TEXT_OF_AN_ELEMENT), names_in(reversed(path)))
    return next(names, "")


def names_in(path: Iterable[Segment]) -> Iterator[str]:
    """Yield the names in a path, from its steps to members and elements."""
    return (step for step in path if isinstance(step, str))


def is_of_no_clock(path: JsonPath) -> bool:
    """Return whether a place's name has no word of time: two clocks never show one measurement."""
    return _OF_CLOCKS.isdisjoint(words_of(last_name(path)))
