"""A JSON Schema applied to an answer: where it is not what the schema says, and which word of the schema says so.

Patterns run on RE2, as everywhere.  A schema knows integers by value: `1.0` is one; a suite that holds runtimes to a
spelling compares `numbers: lexeme`.
"""

import functools
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

from conformance.comparison.lossless_json import MAX_NUMBER_DIGITS, Json, compact
from conformance.comparison.matching import Mismatch, found
from conformance.model.expectation import JsonSchema

_TOLD: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties"})
"""Words whose value says little of what is wrong: the name that lacks, or is too much, does."""


def schema_mismatches(schema: JsonSchema, value: Json) -> Iterator[Mismatch]:
    """Yield every path at which a value is not what a schema says."""
    try:
        for error in _validator(schema).iter_errors(_plain(value)):
            told = error.validator in _TOLD
            wanted = error.validator if told else compact(error.validator_value)
            yield Mismatch(
                tuple(error.absolute_path),
                f"what {_place(schema, tuple(error.absolute_schema_path))} says ({wanted})",
                error.message if told else compact(error.instance),
            )
    except RecursionError:
        yield Mismatch((), schema.name, "a value that is nested too deep for it")


def _plain(value: Json) -> Any:
    """Return a value with numbers that can be counted with; a fraction becomes the nearest float."""
    return json.loads(compact(value), parse_int=_whole)


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_NUMBER_DIGITS else float(digits)


@functools.lru_cache(64)
def _documents(schema: JsonSchema) -> dict[str, Any]:
    """Return what each document says, but for its dialect: by that the library would choose words without ours."""
    parsed = {name: json.loads(written) for name, written in schema.documents}
    for document in parsed.values():
        if isinstance(document, dict):
            document.pop("$schema", None)
    return parsed


@functools.lru_cache(64)
def _validator(schema: JsonSchema) -> Any:
    import jsonschema  # noqa: PLC0415 - slow to load, and only where a suite has a schema
    from referencing import Registry  # noqa: PLC0415 - as above
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 - as above

    known: Any = jsonschema.Draft202012Validator

    def pattern(_: Any, wanted: str, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
        if isinstance(instance, str) and not found(wanted, instance):
            yield jsonschema.ValidationError(f"{instance!r} does not match {wanted!r}")

    def reference(validator: Any, wanted: str, instance: Any, within: Any) -> Iterator[jsonschema.ValidationError]:
        for error in known.VALIDATORS["$ref"](validator, wanted, instance, within):
            error.schema_path.appendleft("$ref")  # which the library leaves out
            yield error

    resources = [(name, DRAFT202012.create_resource(document)) for name, document in _documents(schema).items()]
    registry: Any = Registry().with_resources(resources)
    validators: Any = jsonschema.validators
    kind = validators.extend(known, {"pattern": pattern, "$ref": reference})
    return kind({"$ref": schema.name}, registry=registry)


def _place(schema: JsonSchema, path: Sequence[str | int]) -> str:
    """Return the document and the place in it that a path through references comes to."""
    documents = _documents(schema)
    name, pointer, node = schema.name, "", documents[schema.name]
    for step in path[1:]:  # the first is the reference to the whole of it
        if step == "$ref":
            name, pointer = urldefrag(urljoin(name, node[step]))
            node = functools.reduce(_member, pointer.split("/")[1:], documents[name])
        else:
            pointer, node = f"{pointer}/{step}", node[step]
    return f"{name}#{pointer}"


def _member(node: Any, step: str) -> Any:
    """Return what a step of a JSON pointer leads to."""
    return node[int(step)] if isinstance(node, list) else node[step.replace("~1", "/").replace("~0", "~")]
