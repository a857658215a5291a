"""Usual values for JSON Schemas: what a caller would send.

They come from examples, defaults, formats, patterns and names.
"""

import random
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from math import inf
from typing import Any, Final

from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.fuzzing.operation import Schema
from conformance.fuzzing.simple_patterns import simple_text

_UNBOUNDED: Final = 1 << 30
_DEPTHS: Final = (8, 3, 1, 0)
"""Depths below which optional members are left out, tried in turn while the value is too large."""
_MOST_VALUES: Final = 200
_MOST_IN_THE_FULLEST: Final = 80
"""Most values within one usual value: it rarely needs more to be valid.

Schemas that refer to each other can have millions.
"""
_BY_FORMAT: Final[Mapping[str, str]] = {
    "email": "ann@example.com",
    "uuid": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
    "date": "2026-01-15",
    "date-time": "2026-01-15T10:30:00Z",
    "time": "10:30:00Z",
    "duration": "PT1H30M",
    "uri": "https://example.com/a",
    "uri-reference": "/a",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "aGVsbG8=",
    "binary": "hello",
    "password": "correct-Horse-7",
}
CHOICES: Final = ("oneOf", "anyOf")
_IMPLIED: Final[Mapping[str, tuple[str, ...]]] = {"properties": ("object",), "items": ("array",)}
"""The types of schemas without `type`, by a keyword that implies them."""
_CONSTANTS: Final = {"boolean": True, "null": None}
_NUMBERS: Final = frozenset({int, float})
_BY_NAME: Final = {
    "email": "ann@example.com",
    "phone": "+4712345678",
    "currency": "EUR",
    "country": "NO",
}


def types_of(schema: Schema) -> tuple[str, ...]:
    """Return the types that a schema allows, the usual one first.

    Empty where it does not say.
    """
    written = schema.get("type")
    if isinstance(written, str):
        return (written,)
    if isinstance(written, list):
        # Null goes last: it is rarely the usual value
        return tuple(map(str, sorted(written, key=lambda name: name == "null")))
    # A schema with members or items without a type nearly always means that type
    implying = filter(schema.__contains__, _IMPLIED)
    return _IMPLIED.get(next(implying, ""), ())


def with_choice(schema: Schema, word: str, choice: Schema) -> Schema:
    """Return the schema merged with one of its choices; `word` is `oneOf` or `anyOf`."""
    chosen = {**choice, **{name: value for name, value in schema.items() if name != word}}
    members = as_mapping(choice.get("properties"))
    if members:
        chosen["properties"] = {**members, **as_mapping(schema.get("properties"))}
    required = as_list(choice.get("required"))
    if required:
        chosen["required"] = [*required, *as_list(schema.get("required"))]
    return chosen


def usual_value(schema: Schema, name: str = "", *, full: bool = False) -> Any:
    """Return a value that a schema allows: an example where it has one.

    With `full` it has all optional members that fit. `name` is the member's name.
    """
    depths = _DEPTHS if full else (_DEPTHS[0], _DEPTHS[-1])
    for depth in depths:
        builder = _ValueBuilder(full, depth)
        value = builder.value(schema, name, 0)
        if builder.left >= 0:
            return value
    return value


class _ValueBuilder:
    """Generate one value, with optional members down to a depth.

    `left` is below 0 if the value became too large.
    """

    def __init__(self, full: bool, most_depth: int) -> None:
        self._full = full
        self._most_depth = most_depth
        # The effect of a default is mostly the same as without it, so the fullest value has another
        self._words = ("example", "const") if full else ("example", "const", "default")
        self.left = _MOST_IN_THE_FULLEST if full else _MOST_VALUES

    def value(self, schema: Schema, name: str, depth: int) -> Any:
        """Return a value for the schema of the member `name`."""
        self.left -= 1
        if self.left < 0:
            return None
        written = [*self._written(schema)]
        if written:
            return written[0]
        for word in CHOICES:
            first, *_ = (*as_list(schema.get(word)), None)
            if isinstance(first, Mapping):
                return self.value(with_choice(schema, word, first), name, depth)
        return self._of_type(schema, name, depth)

    def _written(self, schema: Schema) -> Iterator[Any]:
        """Yield the values that the schema itself gives, the likeliest first."""
        yield from map(schema.__getitem__, filter(schema.__contains__, self._words))
        for word in ("examples", "enum"):
            yield from as_list(schema.get(word))[:1]

    def _of_type(self, schema: Schema, name: str, depth: int) -> Any:
        kind = next(iter(types_of(schema)), "string")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._list(schema, name, depth)
        if kind in {"integer", "number"}:
            return _usual_number(schema)
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        return usual_text(schema, name)

    def _list(self, schema: Schema, name: str, depth: int) -> list[Any]:
        least = schema.get("minItems", 0)
        needed = least if isinstance(least, int) else 0
        is_deep = depth > self._most_depth
        if is_deep and needed < 1:
            return []
        item = self.value(as_mapping(schema.get("items")), name, depth + 1)
        return [item] * min(max(needed, 1), _MOST_VALUES)

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        names = set(map(str, as_list(schema.get("required"))))
        built: dict[str, Any] = {}
        has_optional = self._full and depth < self._most_depth
        members = as_mapping(schema.get("properties"))
        for name, inner in members.items():
            if self.left < 0:
                break  # too large already: generated again with a smaller depth
            is_wanted = has_optional or name in names
            if is_wanted and _is_writable(inner):
                built[str(name)] = self.value(inner, str(name), depth + 1)
        return built


def _is_writable(member: Any) -> bool:
    """Return whether a member has a schema and is not read-only, so that a request may send it."""
    return isinstance(member, Mapping) and not member.get("readOnly")


def _usual_number(schema: Schema) -> Any:
    least, most = number_in(schema, "minimum", 2), number_in(schema, "maximum", inf)
    step = number_in(schema, "multipleOf") or 1
    exclusive = number_in(schema, "exclusiveMinimum")
    if exclusive is not None:
        least = exclusive + step
    value = min(max(2, least), most)
    if step == 1 or not isinstance(step, int):
        return value
    return -(-value // step) * step  # the next multiple of the step


def number_in(schema: Schema, name: str, default: Any = None) -> Any:
    """Return a number from a schema, else `default`: documents may have a text or boolean there."""
    found = schema.get(name)
    return found if type(found) in _NUMBERS else default


def usual_text(schema: Schema, name: str) -> str:
    """Return a text that a schema allows, chosen by its pattern, its format or the name."""
    least = int(number_in(schema, "minLength", 0))
    most = int(number_in(schema, "maxLength", _UNBOUNDED))
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        return text_like(pattern, least, most)
    format_name = str(schema.get("format"))
    if format_name in _BY_FORMAT:
        return _BY_FORMAT[format_name]
    named = filter(name.lower().__contains__, _BY_NAME)
    text = _BY_NAME.get(next(named, ""), "alpha")
    return (text + "a" * max(0, least - len(text)))[:most]


@lru_cache(maxsize=4_096)
def text_like(pattern: str, least: int = 0, most: int = _UNBOUNDED) -> str:
    """Return a short text with `least` to `most` characters that matches a pattern.

    A pattern that is not simple is searched for by Hypothesis: "alpha" if that is not installed or
    finds no text.
    """
    text = simple_text(pattern, least, most)
    if text is not None:
        return text
    if find_spec("hypothesis") is None:
        return "alpha"
    from hypothesis import HealthCheck, Phase, find, settings, strategies  # noqa: PLC0415 - slow to load

    try:
        re.compile(pattern)
        quick = settings(
            max_examples=200,
            database=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        strategy = strategies.from_regex(
            pattern, fullmatch=True, alphabet=strategies.characters(codec="ascii")
        )
        return find(
            strategy,
            lambda text: least <= len(text) <= most,
            settings=quick,
            random=random.Random(0),  # noqa: S311
        )
    except Exception:  # noqa: BLE001 - a pattern of another dialect: any text will do
        return "alpha"
