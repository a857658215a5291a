"""JSON Schema (draft-07) for editors, generated from the tables by which the readers check files.

A schema accepts what `field_check.check` accepts, with one exception: a whole number that is
written with a point (`5.0`) is an integer for JSON Schema, but not for the reader.  A schema cannot
express what is checked after the fields:

- in any file: YAML features that the reader refuses (tags, anchors, duplicate keys), sizes, depth;
- in a suite: values of a matrix in the places where they are filled in, repeated case names, paths
  of rules that cannot be read or hold an index, `${name}` that nothing resolves;
- in a runtimes file: a URL without a usable port, fields that go with `command` only, variables
  that are not set;
- in a ledger: repeated ids, days that do not exist, a runtime on both sides, a `commit` without
  `state: done`.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import chain, combinations, filterfalse
from operator import itemgetter
from typing import Any, Final, Never, NoReturn

from conformance.errors import HarnessError
from conformance.suites.expect_fields import MATCHING
from conformance.suites.fields import (
    Amount,
    AnyValue,
    Choice,
    Either,
    FieldTable,
    Flag,
    JsonWith,
    ListOf,
    Null,
    Number,
    OneOrMany,
    Spec,
    Text,
    Whole,
)
from conformance.suites.schema_pattern import portable_pattern

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_MATRIX: Final = "matrix"
_MATCHING: Final = "matching"
_MATCHING_TEMPLATED: Final = "matching-in-a-matrix"
_TEMPLATE: Final = {"type": "string", "pattern": r"\$\{"}

Schema = dict[str, Any]
_ALWAYS: Final[Mapping[type, Schema]] = {
    Amount: {"type": "number", "minimum": 0},
    Flag: {"type": "boolean"},
    Null: {"type": "null"},
    Number: {"type": "number"},
}
"""The schemas of the specs that have only a kind."""


def file_schema(kinds: Mapping[str, FieldTable], kind: str | None = None) -> Schema:
    """Return the schema of one kind of file, or of a file of any kind.

    For a file of any kind, its root key selects the schema.
    """
    if kind is not None:
        return {
            "$schema": DRAFT,
            "title": f"conformance: a `{kind}:` file",
            **schema_of(kinds[kind]),
            **_definitions(),
        }
    schema: Schema = {
        "not": {},
        "description": f"a file has one of the root keys {', '.join(kinds)}",
    }
    for name, table in reversed(tuple(kinds.items())):
        schema = {
            "if": {"type": "object", "required": [_root_key(table)]},
            "then": schema_of(table),
            "else": schema,
        }
        schema["title"] = f"a `{name}:` file"
    return {"$schema": DRAFT, **schema, "title": "conformance: any of its files", **_definitions()}


def schema_text(kinds: Mapping[str, FieldTable], kind: str | None = None) -> str:
    """Return a schema as JSON, ready for a file."""
    return json.dumps(file_schema(kinds, kind), indent=2, ensure_ascii=False) + "\n"


def _root_key(table: FieldTable) -> str:
    """Return the field that identifies the kind of a file: its table's first required field."""
    return next(name for name, entry in table.fields.items() if entry.required)


def schema_of(spec: Spec) -> Schema:
    """Return the schema of a spec; raise HarnessError for an unknown class of spec."""
    return _Generator().of(spec)


class _Generator:
    """A generator of schemas for specs.

    With `templated`, any value may also be a text that a matrix fills in.
    """

    def __init__(self, *, templated: bool = False) -> None:
        self._templated = templated
        self._matching = _MATCHING_TEMPLATED if templated else _MATCHING

    def of(self, spec: Spec) -> Schema:
        """Return the schema of a spec."""
        if isinstance(spec, Text | Whole | Amount | Choice | Null | Flag | Number):
            schema = self._leaf(spec)
        else:
            schema = self._branch(spec)
        # An empty schema accepts any value, also a text of a matrix
        if not self._templated or not schema:
            return schema
        return {"anyOf": [schema, _TEMPLATE]}

    def definition(self) -> Schema:
        """Return the definition of the one schema that contains itself.

        It is JSON in which an object with a `$` name is a matcher.
        """
        itself = {"$ref": f"#/definitions/{self._matching}"}
        special = {"type": "object", "not": {"propertyNames": {"pattern": r"^(?!\$(?!\$))"}}}
        other = {"items": itself, "additionalProperties": itself}
        return {self._matching: {"if": special, "then": self.of(MATCHING.special()), "else": other}}

    def _branch(
        self, spec: AnyValue | JsonWith | Either | ListOf | OneOrMany | FieldTable
    ) -> Schema:
        schema: Schema
        match spec:
            case AnyValue():
                schema = {}
            case Either():
                schema = {"anyOf": list(map(self.of, spec.options))}
            case JsonWith():
                schema = {"$ref": f"#/definitions/{self._matching}"}
            case ListOf():
                schema = self._list(spec.item, spec.least, spec.most)
            case OneOrMany():
                schema = {
                    "if": {"type": "array"},
                    "then": self._list(spec.item, 1),
                    "else": self.of(spec.item),
                }
            case FieldTable() if _MATRIX in spec.fields and not self._templated:
                filled_in = {"if": _present(_MATRIX), "then": _Generator(templated=True).of(spec)}
                schema = {**filled_in, "else": self._table(spec)}
            case FieldTable():
                schema = self._table(spec)
            case _:
                _refuse(spec)
        return schema

    def _leaf(self, spec: Text | Whole | Amount | Choice | Null | Flag | Number) -> Schema:
        schema: Schema
        match spec:
            case Text():
                schema = {"type": "string"}
                if spec.pattern is not None:
                    schema["pattern"] = portable_pattern(spec.pattern)
            case Whole():
                schema = {"type": "integer", "minimum": spec.least, "maximum": spec.most}
            case Choice():
                schema = {"enum": list(spec.options)}
            case Amount() | Flag() | Null() | Number():
                schema = _ALWAYS[type(spec)]
        return schema

    def _list(self, item: Spec, least: int, most: int | None = None) -> Schema:
        bounds = {"minItems": least, "maxItems": most}
        given = filter(itemgetter(1), bounds.items())
        return {"type": "array", "items": self.of(item), **dict(given)}

    def _table(self, table: FieldTable) -> Schema:
        properties = {}
        for name, entry in table.fields.items():
            # A matrix contains no values of its own matrix
            schema = schema_of(entry.spec) if name == _MATRIX else self.of(entry.spec)
            properties[name] = _described(entry.says, schema)
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        if table.keyed is not None:
            pattern, meaning, spec = table.keyed
            named = portable_pattern(pattern, but=tuple(table.fields))
            schema["patternProperties"] = {named: _described(meaning, self.of(spec))}
        required = [name for name, entry in table.fields.items() if entry.required]
        if required:
            schema["required"] = required
        if table.needs:
            needs = {name: _dependency(others) for name, others in table.needs.items()}
            schema["dependencies"] = needs
        counts = [*_one_of(table), *_at_most_one_of(table)]
        if counts:
            schema["allOf"] = counts
        return schema


def _refuse(spec: Never) -> NoReturn:
    raise HarnessError(
        f"no JSON Schema is known for {type(spec).__name__}", hint="say it in suites/json_schema.py"
    )


def _dependency(others: str | tuple[str, ...]) -> list[str] | Schema:
    """Return the schema dependency of a field: one other field, or any of several."""
    if isinstance(others, str):
        return [others]
    return {"anyOf": list(map(_present, others))}


def _definitions() -> Schema:
    return {"definitions": {**_Generator().definition(), **_Generator(templated=True).definition()}}


def _described(words: str, schema: Schema) -> Schema:
    return {"description": words, **schema}


def _present(name: str) -> Schema:
    return {"required": [name]}


def _one_of(table: FieldTable) -> Iterator[Schema]:
    """Yield schemas that demand exactly one of the `one_of` members.

    Draft-07 cannot count the members that match a pattern, but it can count all members.  If keyed
    members are among the `one_of`, there may be one member more than there are other fields, so
    each set of other fields gets its own limit.
    """
    if table.one_of and "keyed" not in table.one_of:
        yield {"oneOf": list(map(_present, table.one_of))}
    elif table.one_of:
        yield from _one_of_keyed(table)


def _one_of_keyed(table: FieldTable) -> Iterator[Schema]:
    named = [_present(name) for name in table.one_of if name != "keyed"]
    # Draft-07 cannot demand a member whose name matches a pattern
    a_keyed_one: Schema = {"minProperties": 1}
    if table.fields:
        a_keyed_one = {"not": {"propertyNames": {"enum": list(table.fields)}}}
    yield {"anyOf": [a_keyed_one, *named]}
    others = tuple(_units(table))
    for size in range(len(others) + 1):
        for kept in combinations(others, size):
            left_out = chain.from_iterable(filterfalse(kept.__contains__, others))
            absent = list(map(_present, left_out))
            bound: Schema = {"maxProperties": 1 + size}
            if absent:
                yield {"if": {"not": {"anyOf": absent}}, "then": bound}
            else:
                yield bound


def _units(table: FieldTable) -> Iterator[tuple[str, ...]]:
    """Yield the fields that are not in `one_of`, each as a tuple.

    Fields that exclude each other are together in one tuple.
    """
    exclusive = tuple(filterfalse(table.one_of.__contains__, table.at_most_one_of))
    if exclusive:
        yield exclusive
    named = {*table.one_of, *exclusive}
    for name in filterfalse(named.__contains__, table.fields):
        yield (name,)


def _at_most_one_of(table: FieldTable) -> Iterator[Schema]:
    for both in combinations(table.at_most_one_of, 2):
        yield {"not": {"required": list(both)}}
