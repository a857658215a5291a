"""JSON Schemas of OpenAPI documents: references looked up, a usual value for each, and the values at its bounds."""

import random
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from conformance.fuzzing.operation import NO_SCHEMA, Schema

MAX_DEPTH: Final = 8
"""Deeper members of a usual value are left out where they may be: schemas refer to themselves."""
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
_BY_NAME: Final = (("email", "ann@example.com"), ("phone", "+4712345678"), ("currency", "EUR"), ("country", "NO"))


class Schemas:
    """The schemas of a document, with references looked up where they stand."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def resolved(self, node: Any, depth: int = 0) -> Schema:
        """Return a schema without a reference at its top, the parts of `allOf` put together."""
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return NO_SCHEMA
        if "$ref" in node:
            node = {**self.lookup(node["$ref"], depth + 1), **{k: v for k, v in node.items() if k != "$ref"}}
        if isinstance(parts := node.get("allOf"), list):
            return self._together(node, parts, depth)
        return {str(name): value for name, value in node.items()}

    def lookup(self, reference: Any, depth: int = 0) -> Schema:
        """Return what a reference within the document names, or an empty schema."""
        found: Any = self._document
        for word in str(reference).removeprefix("#/").split("/"):
            found = found.get(word.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
        return self.resolved(found, depth)

    def _together(self, node: Mapping[str, Any], parts: list[Any], depth: int) -> Schema:
        merged: dict[str, Any] = {name: value for name, value in node.items() if name != "allOf"}
        for part in (self.resolved(each, depth + 1) for each in parts):
            merged = {**part, **merged}
            for name in ("properties", "required"):
                merged[name] = _joined(part.get(name), merged.get(name))
        return {name: value for name, value in merged.items() if value is not None}

    def whole(self, node: Any, depth: int = 0) -> Schema:
        """Return a schema with all references in it looked up, down to a depth."""
        schema = self.resolved(node)
        if depth >= MAX_DEPTH or not schema:
            return schema
        found = dict(schema)
        if isinstance(members := schema.get("properties"), Mapping):
            found["properties"] = {str(name): self.whole(inner, depth + 1) for name, inner in members.items()}
        if "items" in schema:
            found["items"] = self.whole(schema["items"], depth + 1)
        for word in ("oneOf", "anyOf"):
            if isinstance(choices := schema.get(word), list):
                found[word] = [self.whole(each, depth + 1) for each in choices]
        return found


def _joined(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {**one, **other}
    if isinstance(one, list) and isinstance(other, list):
        return list(dict.fromkeys((*one, *other)))
    return one if other is None else other


def types_of(schema: Schema) -> tuple[str, ...]:
    """Return the types that a schema allows by name, the usual one first; none where it does not say."""
    said = schema.get("type")
    if isinstance(said, str):
        return (said,)
    if isinstance(said, list):
        return tuple(str(each) for each in said if each != "null") + (("null",) if "null" in said else ())
    if "properties" in schema:
        return ("object",)
    if "items" in schema:
        return ("array",)
    return ()


def usual_value(schema: Schema, name: str = "", *, full: bool = False, depth: int = 0) -> Any:
    """Return a value that a schema allows: an example where it has one; `full` has every member."""
    for word in ("example", "const") if full else ("example", "const", "default"):
        if word in schema:
            return schema[word]
    for word in ("examples", "enum"):
        if isinstance(values := schema.get(word), list) and values:
            return values[0]
    for word in ("oneOf", "anyOf"):
        if isinstance(choices := schema.get(word), list) and choices:
            return usual_value({**choices[0], **_others(schema, word)}, name, full=full, depth=depth)
    return _usual_of_type(schema, name, full=full, depth=depth)


def _usual_of_type(schema: Schema, name: str, *, full: bool, depth: int) -> Any:
    kind = next(iter(types_of(schema)), "string")
    if kind == "object":
        return _usual_object(schema, full=full, depth=depth)
    if kind == "array":
        count = max(int(schema.get("minItems", 0)), 1 if depth < MAX_DEPTH else 0)
        inner = schema.get("items", NO_SCHEMA)
        return [usual_value(inner, name, full=full, depth=depth + 1) for _ in range(count)]
    if kind in {"integer", "number"}:
        return _usual_number(schema)
    return {"boolean": True, "null": None}.get(kind, _usual_text(schema, name))


def _others(schema: Schema, word: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != word}


def _usual_object(schema: Schema, *, full: bool, depth: int) -> dict[str, Any]:
    members = schema.get("properties")
    required = schema.get("required")
    names = set(required) if isinstance(required, list) else set()
    chosen = members.items() if isinstance(members, Mapping) else ()
    return {
        name: usual_value(inner, str(name), full=full, depth=depth + 1)
        for name, inner in chosen
        if (name in names or (full and depth < MAX_DEPTH)) and not inner.get("readOnly")
    }


def _usual_number(schema: Schema) -> Any:
    least, most = schema.get("minimum"), schema.get("maximum")
    step = schema.get("multipleOf", 1)
    if isinstance(exclusive := schema.get("exclusiveMinimum"), int | float) and not isinstance(exclusive, bool):
        least = exclusive + step
    value = 2 if least is None else max(2, least)
    value = min(value, most) if isinstance(most, int | float) else value
    return value if step == 1 or not isinstance(step, int) else -(-value // step) * step


def _usual_text(schema: Schema, name: str) -> str:
    if isinstance(pattern := schema.get("pattern"), str):
        return text_like(pattern)
    if (known := _BY_FORMAT.get(str(schema.get("format")))) is not None:
        return known
    text = next((value for word, value in _BY_NAME if word in name.lower()), "alpha")
    least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 1 << 30))
    return (text + "a" * max(0, least - len(text)))[:most]


def text_like(pattern: str) -> str:
    """Return a short text that a pattern is found in: the shortest that Hypothesis makes."""
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
        strategy = strategies.from_regex(pattern, fullmatch=True, alphabet=strategies.characters(codec="ascii"))
        return find(strategy, lambda _: True, settings=quick, random=random.Random(0))  # noqa: S311 - no secret
    except Exception:  # noqa: BLE001 - a pattern of another dialect: any text will do
        return "alpha"


def bounds(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Yield the values at and beside the bounds of a schema, each with what it is."""
    kinds = types_of(schema)
    if isinstance(values := schema.get("enum"), list):
        yield from ((f"enum value {at + 1}", value) for at, value in enumerate(values))
    if {"integer", "number"} & set(kinds):
        yield from _number_bounds(schema, whole="number" not in kinds)
    if "string" in kinds:
        for word in ("minLength", "maxLength"):
            if isinstance(bound := schema.get(word), int) and bound <= 1 << 16:
                usual = _usual_text({k: v for k, v in schema.items() if k not in {"minLength", "maxLength"}}, "")
                lengths = (each for each in (bound - 1, bound, bound + 1) if each >= 0)
                yield from ((f"{word} {size}", (usual * (size // max(1, len(usual)) + 1))[:size]) for size in lengths)
    if "array" in kinds:
        for word in ("minItems", "maxItems"):
            if isinstance(bound := schema.get(word), int) and bound <= 1 << 10:
                item = usual_value(schema.get("items", NO_SCHEMA), full=True)
                sizes = (each for each in (bound - 1, bound, bound + 1) if each >= 0)
                yield from ((f"{word} {size}", [item] * size) for size in sizes)


def _number_bounds(schema: Schema, *, whole: bool) -> Iterator[tuple[str, Any]]:
    step = Decimal(str(schema.get("multipleOf", 1 if whole else "0.01")))
    for word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        bound = schema.get(word)
        if isinstance(bound, int | float) and not isinstance(bound, bool):
            exact = Decimal(str(bound))
            for value in (exact - step, exact, exact + step):
                yield f"{word} {value}", int(value) if value == value.to_integral() else float(value)
