"""Check an answer against a JSON Schema, and name the schema keyword that each mismatch breaks.

Patterns run on RE2, as in matchers.  `1.0` counts as an integer, as JSON Schema says; a suite that
cares about how numbers are written sets `numbers: lexeme`.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from conformance.comparison.expectations.matching import Mismatch, matches_pattern
from conformance.comparison.values.json_encoding import compact
from conformance.comparison.values.lossless_json import MAX_NUMBER_DIGITS, Json
from conformance.model.expectation import JsonSchema

_REPORTED_BY_NAME: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties"})
"""Keywords whose mismatches are reported by the missing or unexpected name, not by their value."""


def schema_mismatches(schema: JsonSchema, value: Json) -> Iterator[Mismatch]:
    """Yield every path at which a value breaks a schema, with the keyword that it breaks.

    A value too deep, or with a number too large for the validator, is one mismatch at the root.
    """
    validator, places = _validator(schema)
    try:
        for error in validator.iter_errors(_plain(value)):
            yield _mismatch(error, schema, places)
    except (RecursionError, OverflowError):
        yield Mismatch(
            (), schema.name, "a value that is nested too deep for it, or has too large a number"
        )


def _mismatch(error: Any, schema: JsonSchema, places: Mapping[int, str]) -> Mismatch:
    """Return a validator's error as a mismatch that names the keyword's place in the schema."""
    path = tuple(error.absolute_path)
    keyword = error.validator
    if keyword is None:  # a schema that is `false`
        return Mismatch(path, f"what {schema.name} says (false)", compact(error.instance))
    place = f"{places[id(error.schema)]}/{keyword}"
    if keyword in _REPORTED_BY_NAME:
        return Mismatch(path, f"what {place} says ({keyword})", error.message)
    wanted = compact(error.validator_value)
    return Mismatch(path, f"what {place} says ({wanted})", compact(error.instance))


def _plain(value: Json) -> Any:
    """Return a value with Python numbers, as the validator needs them.

    A fraction becomes the nearest float, and so does an integer with too many digits for Python.
    """
    return json.loads(compact(value), parse_int=_whole)


def _whole(digits: str) -> int | float:
    """Return digits as an integer, or as a float if they are too many."""
    # Python converts no longer text to an integer (sys.int_info)
    return int(digits) if len(digits) <= MAX_NUMBER_DIGITS else float(digits)


# A suite has few schemas, and checks all its answers with them
@functools.lru_cache(64)
def _validator(schema: JsonSchema) -> tuple[Any, dict[int, str]]:
    """Return a validator, and the place `FILE#POINTER` of each subschema by its `id()`.

    The subschemas are the validator's own objects, so an error leads back to its place.
    """
    import jsonschema  # noqa: PLC0415 - slow to load, and only where a suite has a schema
    from referencing import Registry  # noqa: PLC0415 - as above
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 - as above

    def pattern(
        _: Any, wanted: str, instance: Any, __: Any
    ) -> Iterator[jsonschema.ValidationError]:
        if isinstance(instance, str) and not matches_pattern(wanted, instance):
            yield jsonschema.ValidationError(f"{instance!r} does not match {wanted!r}")

    documents = {name: json.loads(written) for name, written in schema.documents}
    for document in documents.values():
        if isinstance(document, dict):
            # With a dialect the library would choose keywords without our `pattern`
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
    """Yield the `id()` of each object in a document, with its JSON pointer below `place`."""
    if isinstance(node, dict):
        yield id(node), place
        for name, member in node.items():
            escaped = name.replace("~", "~0").replace("/", "~1")
            yield from _places(f"{place}/{escaped}", member)
    elif isinstance(node, list):
        for index, member in enumerate(node):
            yield from _places(f"{place}/{index}", member)
