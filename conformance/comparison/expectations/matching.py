"""Matchers applied to values: what a case demands of an answer's JSON.

They also show where an answer is something else.

Patterns run on RE2, in time linear in the text: a suite's pattern meets bodies that anybody may
have sent.
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
NOTHING: Final = "nothing"


class Mismatch(Struct, frozen=True):
    """A path, what was wanted there and what stands there."""

    path: JsonPath
    wanted: str
    got: str


def mismatches(
    matcher: Matcher, value: Json, known: _Known, path: JsonPath = ()
) -> Iterator[Mismatch]:
    """Yield every path at which a value is not what a matcher wants."""
    if isinstance(matcher, Members):
        yield from _members(matcher, value, known, path)
    elif isinstance(matcher, Elements):
        yield from _elements(matcher, value, known, path)
    elif not _fits(matcher, value, known):
        yield Mismatch(path, describe(matcher, known), compact(value))


def _members(matcher: Members, value: Json, known: _Known, path: JsonPath) -> Iterator[Mismatch]:
    if not isinstance(value, dict):
        yield Mismatch(path, "an object", compact(value))
        return
    members = dict(matcher.members)
    # What is wanted comes first, then what is too much
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
    return isinstance(matcher, OfKind) and matcher.kind == RuleKind.ANY.value


def _elements(matcher: Elements, value: Json, known: _Known, path: JsonPath) -> Iterator[Mismatch]:
    if not isinstance(value, list):
        yield Mismatch(path, "an array", compact(value))
        return
    if len(value) != len(matcher.elements):
        yield Mismatch(path, _counted(len(matcher.elements)), _counted(len(value)))
    # Those that are there are looked at all the same
    pairs = zip(matcher.elements, value, strict=False)
    for index, (wanted, element) in enumerate(pairs):
        yield from mismatches(wanted, element, known, (*path, index))


def _counted(elements: int) -> str:
    return plural(elements, "element")


def _fits(matcher: Matcher, value: Json, known: _Known) -> bool:
    """Return whether a value is what a matcher wants."""
    return _FITS[type(matcher)](matcher, value, known)


def _is_wanted(matcher: Literal | Named, value: Json, known: _Known) -> bool:
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
    return isinstance(value, str) and found(matcher.pattern, value)


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
"""Whether a value is what a matcher wants, by the matcher's type."""


def _accepts(matcher: Matcher, value: Json, known: _Known) -> bool:
    return next(mismatches(matcher, value, known), None) is None


def _wanted(matcher: Literal | Named, known: _Known) -> str | None:
    """Return the JSON text that is wanted, None where nothing is known by a name."""
    if isinstance(matcher, Literal):
        return matcher.json
    name = known.get(matcher.name)
    return None if name is None else name.json


def _is_between(matcher: Length | Range, size: int | Decimal) -> bool:
    least = size if matcher.least is None else matcher.least
    most = size if matcher.most is None else matcher.most
    return least <= size <= most


def _size(matcher: Length | Range, value: Json) -> int | Decimal | None:
    """Return what has to lie between the bounds: a length, or a number as it is spelled.

    None where there is none.
    """
    if isinstance(matcher, Range):
        return finite(value) if is_numeric(value) else None
    has_length = isinstance(value, str | list | dict)
    return len(value) if has_length else None


def same_value(a: Json, b: Json) -> bool:
    """Return whether two values are equal: kinds are distinct, numbers go by value.

    Members go by name.
    """
    pending = [(a, b)]
    while pending:
        x, y = pending.pop()
        parts = below_both(x, y)
        if parts is None:
            return False
        # scalars, and what is empty, have no parts: they are compared themselves
        if not parts and not same_scalar(x, y):
            return False
        pending += parts
    return True


# The same few values are wanted of each answer
@lru_cache(4_096)
def _parsed(text: str) -> Json:
    return parse_text(text)


def found(pattern: str, value: str) -> bool:
    """Return whether a pattern of RE2 is found in a text."""
    try:
        return _compiled(pattern).search(value) is not None
    except UnicodeEncodeError:  # RE2 reads UTF-8, which has no lone surrogates
        return False


@cache
def _compiled(pattern: str) -> Any:
    import re2  # noqa: PLC0415 - a native library, loaded only where a suite has patterns

    return re2.compile(pattern)


def describe(matcher: Matcher, known: _Known) -> str:
    """Return a matcher in words that fit after `wanted`."""
    return _DESCRIBED[type(matcher)](matcher, known)


def _described_options(matcher: AnyOf, known: _Known) -> str:
    options = map(describe, matcher.options, repeat(known))
    return " or ".join(options)


def _described_value(matcher: Literal | Named, known: _Known) -> str:
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


def _bounds(least: int | Decimal | None, most: int | Decimal | None) -> str:
    if least == most:
        return f"of {least}"
    if most is None:
        return f"of at least {least}"
    if least is None:
        return f"of at most {most}"
    return f"from {least} to {most}"
