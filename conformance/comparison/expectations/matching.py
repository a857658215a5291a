"""Apply matchers to JSON values, and report the paths at which a value does not match.

Patterns run on RE2, in time linear in the text: a suite's pattern meets bodies from any sender, and
a backtracking engine could take exponential time on them.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from itertools import repeat
from typing import Any, Final

from msgspec import Struct

from conformance.comparison.rules.kinds import accepts
from conformance.comparison.values.columns import is_numeric
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import (
    Json,
    finite,
    parse_text,
    same_scalar,
)
from conformance.comparison.values.steps import below, below_both
from conformance.model.expectation import (
    AnyOf,
    Elements,
    Has,
    Length,
    Literal,
    Matcher,
    Members,
    Named,
    Not,
    OfKind,
    Pattern,
    Range,
)
from conformance.model.json_path import ANY_ELEMENT, JsonPath
from conformance.model.rule import RuleKind
from conformance.model.template import KnownName
from conformance.wording import plural

_Known = Mapping[str, KnownName]
"""The names that a matcher may refer to, each with its value in this runtime's part of the case."""
NOTHING: Final = "nothing"
"""How a mismatch writes that a member is absent, or must be."""


class Mismatch(Struct, frozen=True):
    """A path at which a value does not match, with the wanted and the actual value as texts."""

    path: JsonPath
    wanted: str
    got: str


def mismatches(
    matcher: Matcher, value: Json, known: _Known, path: JsonPath = ()
) -> Iterator[Mismatch]:
    """Yield every path at or below `path` at which a value does not match.

    `path` is the path of `value` itself.
    """
    if isinstance(matcher, Members):
        yield from _members(matcher, value, known, path)
    elif isinstance(matcher, Elements):
        yield from _elements(matcher, value, known, path)
    elif not _fits(matcher, value, known):
        yield Mismatch(path, describe(matcher, known), compact(value))


def _members(matcher: Members, value: Json, known: _Known, path: JsonPath) -> Iterator[Mismatch]:
    """Yield the mismatches of an object: wanted members first, then unexpected ones.

    Unexpected members are accepted if the matcher is open.
    """
    if not isinstance(value, dict):
        yield Mismatch(path, "an object", compact(value))
        return
    members = dict(matcher.members)
    # Wanted members come first, unexpected ones after them
    for name, wanted in members.items():
        if name in value:
            yield from mismatches(wanted, value[name], known, (*path, name))
        elif not _accepts_absence(wanted):
            yield Mismatch((*path, name), describe(wanted, known), NOTHING)
    if matcher.open:
        return
    for name, member in value.items():
        if name not in members:
            yield Mismatch((*path, name), NOTHING, compact(member))


def _accepts_absence(matcher: Matcher) -> bool:
    """Return whether a member with this matcher may be absent: only the kind `any` allows that."""
    return isinstance(matcher, OfKind) and matcher.kind == RuleKind.ANY.value


def _elements(matcher: Elements, value: Json, known: _Known, path: JsonPath) -> Iterator[Mismatch]:
    """Yield the mismatches of an array: its length, then each element that both arrays have."""
    if not isinstance(value, list):
        yield Mismatch(path, "an array", compact(value))
        return
    if len(value) != len(matcher.elements):
        yield Mismatch(path, _counted(len(matcher.elements)), _counted(len(value)))
    # If the lengths differ, the elements that both have are still checked
    pairs = zip(matcher.elements, value, strict=False)
    for index, (wanted, element) in enumerate(pairs):
        yield from mismatches(wanted, element, known, (*path, index))


def _counted(elements: int) -> str:
    return plural(elements, "element")


def _fits(matcher: Matcher, value: Json, known: _Known) -> bool:
    """Return whether a value is what a matcher wants."""
    return _FITS[type(matcher)](matcher, value, known)


def _is_wanted(matcher: Literal | Named, value: Json, known: _Known) -> bool:
    """Return whether a value equals the wanted one; False if the wanted name has no value."""
    wanted = _wanted(matcher, known)
    return wanted is not None and same_value(_parsed(wanted), value)


def _is_any_option(matcher: AnyOf, value: Json, known: _Known) -> bool:
    return any(map(_accepts, matcher.options, repeat(value), repeat(known)))


def _is_not_refused(matcher: Not, value: Json, known: _Known) -> bool:
    return not _accepts(matcher.refused, value, known)


def _has_element(matcher: Has, value: Json, known: _Known) -> bool:
    elements = below(value, ANY_ELEMENT)
    return any(map(_accepts, repeat(matcher.element), elements, repeat(known)))


def _is_of_kind(matcher: OfKind, value: Json, _: _Known) -> bool:
    return accepts(RuleKind(matcher.kind), value)


def _has_pattern(matcher: Pattern, value: Json, _: _Known) -> bool:
    return isinstance(value, str) and matches_pattern(matcher.pattern, value)


def _is_in_range(matcher: Length | Range, value: Json, _: _Known) -> bool:
    size = _size(matcher, value)
    return size is not None and _is_between(matcher, size)


_FITS: Final[Mapping[type, Callable[[Any, Json, _Known], bool]]] = {
    Literal: _is_wanted,
    Named: _is_wanted,
    AnyOf: _is_any_option,
    Not: _is_not_refused,
    Has: _has_element,
    OfKind: _is_of_kind,
    Pattern: _has_pattern,
    Length: _is_in_range,
    Range: _is_in_range,
}
"""By type of matcher: a function that returns whether a value matches."""


def _accepts(matcher: Matcher, value: Json, known: _Known) -> bool:
    return next(mismatches(matcher, value, known), None) is None


def _wanted(matcher: Literal | Named, known: _Known) -> str | None:
    """Return the wanted value as JSON text, or None for a name without a value."""
    if isinstance(matcher, Literal):
        return matcher.json
    name = known.get(matcher.name)
    return None if name is None else name.json


def _is_between(matcher: Length | Range, size: int | Decimal) -> bool:
    least = size if matcher.least is None else matcher.least
    most = size if matcher.most is None else matcher.most
    return least <= size <= most


def _size(matcher: Length | Range, value: Json) -> int | Decimal | None:
    """Return the number to check against the bounds, or None if the value has none.

    It is the length of a string, array or object; for a Range it is the number itself.
    """
    if isinstance(matcher, Range):
        return finite(value) if is_numeric(value) else None
    has_length = isinstance(value, str | list | dict)
    return len(value) if has_length else None


def same_value(a: Json, b: Json) -> bool:
    """Return whether two JSON values are equal.

    The kinds must be the same, numbers are equal by value, and the order of members does not count.
    """
    pending = [(a, b)]
    while pending:
        x, y = pending.pop()
        parts = below_both(x, y)
        if parts is None:
            return False
        # Scalars and empty containers have no parts: they are compared directly
        if not parts and not same_scalar(x, y):
            return False
        pending += parts
    return True


# Every answer is checked against the same few values
@lru_cache(4_096)
def _parsed(text: str) -> Json:
    return parse_text(text)


def matches_pattern(pattern: str, value: str) -> bool:
    """Return whether an RE2 pattern matches anywhere in a text.

    A text with lone surrogates never matches: RE2 reads UTF-8, which cannot hold them.
    """
    try:
        return _compiled(pattern).search(value) is not None
    except UnicodeEncodeError:  # RE2 reads UTF-8, which has no lone surrogates
        return False


@cache
def _compiled(pattern: str) -> Any:
    import re2  # noqa: PLC0415 - a native library, loaded only where a suite has patterns

    return re2.compile(pattern)


def describe(matcher: Matcher, known: _Known) -> str:
    """Return a matcher as a phrase that can follow `wanted`, such as `a value of kind uuid`."""
    return _DESCRIBED[type(matcher)](matcher, known)


def _described_options(matcher: AnyOf, known: _Known) -> str:
    options = map(describe, matcher.options, repeat(known))
    return " or ".join(options)


def _described_value(matcher: Literal | Named, known: _Known) -> str:
    """Return the wanted value as JSON, with the name that it is known by if it has one."""
    value = _wanted(matcher, known) or "a value"
    if isinstance(matcher, Literal):
        return value
    return f"{value}, known as '{matcher.name}'"


_DESCRIBED: Final[Mapping[type, Callable[[Any, _Known], str]]] = {
    Literal: _described_value,
    Named: _described_value,
    AnyOf: _described_options,
    Not: lambda matcher, known: f"anything but {describe(matcher.refused, known)}",
    Has: lambda matcher, known: f"an array with {describe(matcher.element, known)} in it",
    OfKind: lambda matcher, _: f"a value of kind {matcher.kind}",
    Pattern: lambda matcher, _: f"a string that matches {matcher.pattern}",
    Length: lambda matcher, _: f"a length {_bounds(matcher.least, matcher.most)}",
    Range: lambda matcher, _: f"a number {_bounds(matcher.least, matcher.most)}",
    Members: lambda *_: "an object",
    Elements: lambda *_: "an array",
}
"""By type of matcher: a function that describes it."""


def _bounds(least: int | Decimal | None, most: int | Decimal | None) -> str:
    """Return bounds as words: `of 3`, `of at least 1`, `from 1 to 5`."""
    if least == most:
        return f"of {least}"
    if most is None:
        return f"of at least {least}"
    if least is None:
        return f"of at most {most}"
    return f"from {least} to {most}"
