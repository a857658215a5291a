"""A JSON Schema applied to an answer: where the answer is not what the schema says.

It also says which word of the schema says so.

Patterns run on RE2, as everywhere.  A schema knows integers by value: `1.0` is one; a suite that
holds runtimes to a spelling compares `numbers: lexeme`.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from conformance.comparison.expectations.matching import Mismatch, found
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import MAX_NUMBER_DIGITS, Json
from conformance.model.expectation import JsonSchema

_SAID_BY_NAME: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties"})
"""Words whose value says little of what is wrong: the name that lacks, or is too much, does."""


def schema_mismatches(schema: JsonSchema, value: Json) -> Iterator[Mismatch]:
    """Yield every path at which a value is not what a schema says."""
    validator, places = _validator(schema)
    try:
        for error in validator.iter_errors(_plain(value)):
            yield _mismatch(error, schema, places)
    except (RecursionError, OverflowError):
        yield Mismatch(
            (), schema.name, "a value that is nested too deep for it, or has too large a number"
        )


def _mismatch(error: Any, schema: JsonSchema, places: Mapping[int, str]) -> Mismatch:
    path = tuple(error.absolute_path)
    word = error.validator
    if word is None:  # a schema that is `false`
        return Mismatch(path, f"what {schema.name} says (false)", compact(error.instance))
    place = f"{places[id(error.schema)]}/{word}"
    if word in _SAID_BY_NAME:
        return Mismatch(path, f"what {place} says ({word})", error.message)
    wanted = compact(error.validator_value)
    return Mismatch(path, f"what {place} says ({wanted})", compact(error.instance))


def _plain(value: Json) -> Any:
    """Return a value with numbers that can be counted with.

    A fraction becomes the nearest float.
    """
    return json.loads(compact(value), parse_int=_whole)


def _whole(digits: str) -> int | float:
    # Python converts no longer text to an integer
    return int(digits) if len(digits) <= MAX_NUMBER_DIGITS else float(digits)


# A suite has one schema or a few, and holds all its answers to them
@functools.lru_cache(64)
def _validator(schema: JsonSchema) -> tuple[Any, dict[int, str]]:
    """Return what validates, and the place of each of its schemas, `FILE#POINTER`, by object.

    The object is the schema itself.
    """
    import jsonschema  # noqa: PLC0415 - slow to load, and only where a suite has a schema
    from referencing import Registry  # noqa: PLC0415 - as above
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 - as above

    def pattern(
        _: Any, wanted: str, instance: Any, __: Any
    ) -> Iterator[jsonschema.ValidationError]:
        if isinstance(instance, str) and not found(wanted, instance):
            yield jsonschema.ValidationError(f"{instance!r} does not match {wanted!r}")

    documents = {name: json.loads(written) for name, written in schema.documents}
    for document in documents.values():
        if isinstance(document, dict):
            # by its dialect the library would choose words without ours
            document.pop("$schema", None)
    resources = [
        (name, DRAFT202012.create_resource(document)) for name, document in documents.items()
    ]
    registry: Any = Registry().with_resources(resources)
    validators: Any = jsonschema.validators
    kind = validators.extend(jsonschema.Draft202012Validator, {"pattern": pattern})
    validator: Any = kind({"$ref": schema.name}, registry=registry)
    places: dict[int, str] = {}
    for name, document in documents.items():
        places.update(_places(f"{name}#", document))
    return validator, places


def _places(place: str, node: Any) -> Iterator[tuple[int, str]]:
    """Yield the objects within a document, each by its identity, with the JSON pointers to them."""
    if isinstance(node, dict):
        yield id(node), place
        for name, member in node.items():
            escaped = name.replace("~", "~0").replace("/", "~1")
            yield from _places(f"{place}/{escaped}", member)
    elif isinstance(node, list):
        for index, member in enumerate(node):
            yield from _places(f"{place}/{index}", member)
