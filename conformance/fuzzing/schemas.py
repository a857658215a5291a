"""JSON Schemas of API documents: resolve references, and find the values at the bounds."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import count, filterfalse, repeat
from typing import Any, Final

from conformance.fuzzing.document_parts import as_list, as_mapping
from conformance.fuzzing.operation import NO_SCHEMA, Schema
from conformance.fuzzing.usual_values import (
    CHOICES,
    number_in,
    types_of,
    usual_text,
    usual_value,
    with_choice,
)

MAX_DEPTH: Final = 8
"""Greatest depth to which references are resolved: schemas refer to themselves."""
_NUMERIC: Final = frozenset({"integer", "number"})
_NUMBER_BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LENGTHS: Final = ("minLength", "maxLength")
_COUNTS: Final = ("minItems", "maxItems")
_LONGEST_TEXT: Final = 1 << 16
_LONGEST_LIST: Final = 1 << 10
"""Greater bounds are not tried.

A service may need seconds for such a request, or refuse its size before it reads the value.
"""

_IN_PARTS: Final = frozenset({"properties", "required"})
"""Keywords that several parts of `allOf` may have: their values are joined."""


class Schemas:
    """The schemas of a document, with references resolved in place."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._whole: dict[tuple[int, int], tuple[Any, Schema]] = {}
        self._usual: dict[int, tuple[Schema, tuple[Any, Any]]] = {}

    def resolved(self, node: Any, depth: int = 0) -> Schema:
        """Return a schema without a reference at its top, with the parts of `allOf` merged."""
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return NO_SCHEMA
        if "$ref" in node:
            # What stands beside a reference wins, as in OpenAPI 3.1
            node = {**self.lookup(node["$ref"], depth + 1), **node}
            del node["$ref"]
        parts = node.get("allOf")
        if isinstance(parts, list):
            return self._together(node, parts, depth)
        return {str(name): value for name, value in node.items()}

    def usual_values(self, schema: Schema) -> tuple[Any, Any]:
        """Return the least and the fullest usual value of a resolved schema.

        They are cached, because operations share schemas.
        """
        key = id(schema)
        if key not in self._usual:
            self._usual[key] = schema, (usual_value(schema), usual_value(schema, full=True))
        return self._usual[key][1]

    def lookup(self, reference: Any, depth: int = 0) -> Schema:
        """Return the schema that a reference within the document names; empty if there is none."""
        node: Any = self._document
        for name in pointer_names(str(reference).removeprefix("#/")):
            node = as_mapping(node).get(name)
        return self.resolved(node, depth)

    def _together(self, node: Mapping[str, Any], parts: list[Any], depth: int) -> Schema:
        merged = dict(node)
        del merged["allOf"]
        for part in map(partial(self.resolved, depth=depth + 1), parts):
            in_both = _IN_PARTS & part.keys() & merged.keys()
            joined = {name: _joined(part[name], merged[name]) for name in in_both}
            merged = {**part, **merged, **joined}
        return merged

    def whole(self, node: Any, depth: int = 0) -> Schema:
        """Return a schema with all references in it resolved, down to MAX_DEPTH.

        Schemas share their parts, and each part is resolved once: written out, the schemas of a
        document can be a million times as long as the document.
        """
        key = id(node), depth
        if key not in self._whole:
            # Kept with the node, so that no other node can get the same id
            self._whole[key] = node, self._whole_of(node, depth)
        return self._whole[key][1]

    def _whole_of(self, node: Any, depth: int) -> Schema:
        schema = self.resolved(node)
        if depth >= MAX_DEPTH or not schema:
            return schema
        whole = dict(schema)
        below = partial(self.whole, depth=depth + 1)
        members = schema.get("properties")
        if isinstance(members, Mapping):
            names = map(str, members)
            whole["properties"] = dict(zip(names, map(below, members.values()), strict=True))
        if "items" in schema:
            whole["items"] = below(schema["items"])
        if isinstance(other := schema.get("additionalProperties"), Mapping):
            whole["additionalProperties"] = below(other)
        for word in CHOICES:
            choices = schema.get(word)
            if isinstance(choices, list):
                whole[word] = list(map(below, choices))
                whole = _with_null_as_a_type(whole, word)
        return whole


def _with_null_as_a_type(schema: dict[str, Any], word: str) -> dict[str, Any]:
    """Return a schema in which a choice between null and one other becomes that other.

    Null is added to its types. So its bounds are found where those of other schemas are.
    """
    others = list(filterfalse(lambda each: types_of(each) == ("null",), schema[word]))
    if len(others) != 1 or len(schema[word]) == 1:
        return schema
    chosen = with_choice(schema, word, others[0])
    kinds = types_of(chosen)
    return {**chosen, "type": [*kinds, "null"]} if kinds else dict(chosen)


def pointer_names(pointer: str) -> tuple[str, ...]:
    """Return the names in a JSON pointer (RFC 6901, section 4)."""
    words = pointer.split("/")
    return tuple(word.replace("~1", "/").replace("~0", "~") for word in words)


def _joined(value: Any, further: Any) -> Any:
    """Return a keyword's joined value from two parts of `allOf`; a scalar is the further one."""
    if isinstance(further, Mapping):
        return {**as_mapping(value), **further}
    if isinstance(further, list):
        return [*as_list(value), *further]
    return further


def bounds(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Yield enum values and the values at and next to bounds, each with a name: `minimum 0`."""
    kinds = types_of(schema)
    numbered = map("enum value {}".format, count(1))
    yield from zip(numbered, as_list(schema.get("enum")), strict=False)
    if not _NUMERIC.isdisjoint(kinds):
        yield from _number_bounds(schema, whole="number" not in kinds)
    if "string" in kinds:
        for word, length in _sizes(schema, _LENGTHS, _LONGEST_TEXT):
            text = _text_of_length(schema, length)
            yield f"{word} {length}", text
    if "array" in kinds:
        for word, size in _sizes(schema, _COUNTS, _LONGEST_LIST):
            item = usual_value(schema.get("items", NO_SCHEMA), full=True)
            yield f"{word} {size}", [item] * size


def is_within(entry: str, schema: Schema) -> bool:
    """Return whether a number is next to a bound and inside it; `entry` names it as in `bounds`."""
    word, _, written = entry.rpartition(" ")
    bound: int | float | None = number_in(schema, word)
    if bound is None:
        return False
    value = float(written)
    return value < bound if "ax" in word else value > bound


def _sizes(schema: Schema, words: Sequence[str], most: int) -> Iterator[tuple[str, int]]:
    """Yield the sizes at and next to each bound of a schema, each with the keyword."""
    for word in words:
        bound = schema.get(word)
        if isinstance(bound, int) and bound <= most:
            least = max(0, bound - 1)
            sizes = range(least, bound + 2)
            yield from zip(repeat(word), sizes)


def long_texts_of_other_scripts(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield texts of the greatest length in characters that are longer in bytes or UTF-16 units."""
    most = schema.get("maxLength")
    has_pattern = "pattern" in schema
    if has_pattern or not isinstance(most, int) or most > _LONGEST_TEXT:
        return
    yield f"maxLength {most}, in two bytes each", "é" * most
    yield f"maxLength {most}, beyond 16 bits", "😀" * most


def _text_of_length(schema: Schema, length: int) -> str:
    """Return the usual text of a schema, repeated to a length in characters."""
    unbounded = {word: value for word, value in schema.items() if word not in _LENGTHS}
    usual = usual_text(unbounded, "")
    times = length // max(1, len(usual)) + 1
    return (usual * times)[:length]


def _number_bounds(schema: Schema, *, whole: bool) -> Iterator[tuple[str, Any]]:
    least_step = "1" if whole else "0.01"
    step = Decimal(str(schema.get("multipleOf", least_step)))
    for word in _NUMBER_BOUNDS:
        bound = number_in(schema, word)
        if bound is None:
            continue
        exact = Decimal(str(bound))
        for value in (exact - step, exact, exact + step):
            yield f"{word} {value}", _plain_number(value)


def _plain_number(value: Decimal) -> int | float:
    """Return a number as an int if it is whole, so that it is sent without a fraction."""
    is_whole = value == value.to_integral()
    return int(value) if is_whole else float(value)
