"""JSON Schemas of OpenAPI documents: references looked up, and the values at the bounds of each."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from conformance.fuzzing.operation import NO_SCHEMA, Schema
from conformance.fuzzing.usual_values import types_of, usual_text, usual_value

MAX_DEPTH: Final = 8
"""References below it are not looked up: schemas refer to themselves."""


class Schemas:
    """The schemas of a document, with references looked up where they stand."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._whole: dict[tuple[int, int], tuple[Any, Schema]] = {}
        self._usual: dict[int, tuple[Schema, tuple[Any, Any]]] = {}

    def resolved(self, node: Any, depth: int = 0) -> Schema:
        """Return a schema without a reference at its top, the parts of `allOf` put together."""
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return NO_SCHEMA
        if "$ref" in node:
            node = {
                **self.lookup(node["$ref"], depth + 1),
                **{k: v for k, v in node.items() if k != "$ref"},
            }
        if isinstance(parts := node.get("allOf"), list):
            return self._together(node, parts, depth)
        return {str(name): value for name, value in node.items()}

    def usual_values(self, schema: Schema) -> tuple[Any, Any]:
        """Return the least and the fullest usual value of a whole schema.

        Operations share such a schema.
        """
        key = id(schema)
        if key not in self._usual:
            self._usual[key] = schema, (usual_value(schema), usual_value(schema, full=True))
        return self._usual[key][1]

    def lookup(self, reference: Any, depth: int = 0) -> Schema:
        """Return what a reference within the document names, or an empty schema."""
        found: Any = self._document
        for word in str(reference).removeprefix("#/").split("/"):
            found = (
                found.get(word.replace("~1", "/").replace("~0", "~"))
                if isinstance(found, Mapping)
                else None
            )
        return self.resolved(found, depth)

    def _together(self, node: Mapping[str, Any], parts: list[Any], depth: int) -> Schema:
        merged: dict[str, Any] = {name: value for name, value in node.items() if name != "allOf"}
        for part in (self.resolved(each, depth + 1) for each in parts):
            merged = {**part, **merged}
            for name in ("properties", "required"):
                merged[name] = _joined(part.get(name), merged.get(name))
        return {name: value for name, value in merged.items() if value is not None}

    def whole(self, node: Any, depth: int = 0) -> Schema:
        """Return a schema with all references in it looked up, down to a depth.

        Schemas share their parts, and each part is looked up once: written out one by one, the
        schemas of a document can be a million times as long as it is.
        """
        key = id(node), depth
        if key not in self._whole:
            self._whole[key] = (
                node,
                self._whole_of(node, depth),
            )  # kept with the node, so that its id stays its own
        return self._whole[key][1]

    def _whole_of(self, node: Any, depth: int) -> Schema:
        schema = self.resolved(node)
        if depth >= MAX_DEPTH or not schema:
            return schema
        found = dict(schema)
        if isinstance(members := schema.get("properties"), Mapping):
            found["properties"] = {
                str(name): self.whole(inner, depth + 1) for name, inner in members.items()
            }
        if "items" in schema:
            found["items"] = self.whole(schema["items"], depth + 1)
        for word in ("oneOf", "anyOf"):
            if isinstance(choices := schema.get(word), list):
                found[word] = [self.whole(each, depth + 1) for each in choices]
        return found


def _joined(value: Any, further: Any) -> Any:
    if isinstance(value, Mapping) and isinstance(further, Mapping):
        return {**value, **further}
    if isinstance(value, list) and isinstance(further, list):
        return list(dict.fromkeys((*value, *further)))
    return value if further is None else further


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
                usual = usual_text(
                    {k: v for k, v in schema.items() if k not in {"minLength", "maxLength"}}, ""
                )
                lengths = (each for each in (bound - 1, bound, bound + 1) if each >= 0)
                yield from (
                    (f"{word} {size}", (usual * (size // max(1, len(usual)) + 1))[:size])
                    for size in lengths
                )
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
                yield (
                    f"{word} {value}",
                    int(value) if value == value.to_integral() else float(value),
                )
