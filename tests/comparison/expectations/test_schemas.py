"""Answers held to a JSON Schema: what fits, and what is said of an answer that does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.comparison.expectations.failures import expectation_failures
from conformance.model.observation import Answer, Cell
from tests.suites.reading import cases_in

SUITE = "suite: a/b\nschema: a.json\ncases:\n  - {name: x, request: {GET: /}%s}\n"
TREE = {"type": "array", "items": {"$ref": "#"}}


def failures(folder: Path, schema: Any, body: str, demands: str = "", **others: Any) -> list[str]:
    """Return what an answer fails of a schema; `others` are documents that it refers to."""
    for name, document in {"a": schema, **others}.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    (case,) = cases_in(folder, SUITE % demands)
    answer = Answer(
        status=200,
        reason="OK",
        headers=(("content-type", "application/json"),),
        body=body.encode("utf-8", "surrogatepass"),
        elapsed_ms=1.0,
    )
    cell = Cell(runtime="r", live=True, observations=(answer,))
    return [
        str(failure).removeprefix("r: wanted ") for failure in expectation_failures(case, [cell])
    ]


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ({"type": "integer"}, "1"),
        ({"type": "integer", "minimum": 10**20}, "123456789012345678901"),
        ({"type": "number", "maximum": 1}, "1e-7"),
        ({"type": "number"}, "1" + "0" * 5_000),
        ({"pattern": "^a+$"}, '"aaa"'),
        ({"pattern": "^(a+)+$"}, '"' + "a" * 5_000 + '"'),
        ({"pattern": "a"}, "1"),
        ({"type": "string"}, r'"\ud800"'),
        ({"properties": {"a": {"$ref": "b.json#/$defs/n"}}}, '{"a": 1}'),
        (TREE, "[[], [[]]]"),
        (True, "null"),
    ],
)
def test_what_fits(tmp_path: Path, schema: Any, body: str) -> None:
    """What a schema allows is no failure, whatever its numbers and texts are."""
    assert failures(tmp_path, schema, body, b={"$defs": {"n": {"type": "integer"}}}) == []


@pytest.mark.parametrize(
    ("schema", "body", "said"),
    [
        ({"type": "integer"}, "1.5", 'what a.json#/type says ("integer") at $, got 1.5'),
        ({"pattern": "^a$"}, r'"a\n"', r'what a.json#/pattern says ("^a$") at $, got "a\n"'),
        (
            {"items": {"maximum": 2}},
            "[1, 2, 3]",
            "what a.json#/items/maximum says (2) at $[2], got 3",
        ),
        (
            {"required": ["b"]},
            '{"a": 1}',
            "what a.json#/required says (required) at $, got 'b' is a required property",
        ),
        (
            {"additionalProperties": False},
            '{"x": 1}',
            (
                "what a.json#/additionalProperties says (additionalProperties) at $, got"
                " Additional properties are not allowed ('x' was unexpected)"
            ),
        ),
        (
            {
                "properties": {
                    "files": {"patternProperties": {"^.*$": {"items": {"$ref": "b.json#/$defs/n"}}}}
                }
            },
            '{"files": {"a/b.jsonl": [1, "2"]}}',
            'what b.json#/$defs/n/type says ("integer") at $.files[\'a/b.jsonl\'][1], got "2"',
        ),
        (
            {
                "if": {"type": "string"},
                "then": {"maxLength": 1},
                "else": {"$ref": "b.json#/$defs/n"},
            },
            '"ab"',
            'what a.json#/then/maxLength says (1) at $, got "ab"',
        ),
        ({"not": {}}, "{bad", "JSON at $, got a text body: "),
        (
            TREE,
            "[" * 400 + "1" + "]" * 400,
            "a.json at $, got a value that is nested too deep for it, or has too large a number",
        ),
        (
            {"multipleOf": 0.1},
            "1e400",
            "a.json at $, got a value that is nested too deep for it, or has too large a number",
        ),
        ({"properties": {"a": False}}, '{"a": 1}', "what a.json says (false) at $, got 1"),
        (
            {
                "properties": {"$ref": {"$ref": "#/$defs/a~1%20b"}},
                "$defs": {"a/ b": {"type": "integer"}},
            },
            '{"$ref": "s"}',
            'what a.json#/$defs/a~1 b/type says ("integer") at $[\'$ref\'], got "s"',
        ),
        (
            {"$dynamicRef": "#x", "$defs": {"k": {"$dynamicAnchor": "x", "type": "integer"}}},
            '"s"',
            'what a.json#/$defs/k/type says ("integer") at $, got "s"',
        ),
    ],
)
def test_what_does_not_fit(tmp_path: Path, schema: Any, body: str, said: str) -> None:
    """A failure names the place in the answer and the word of the schema.

    It does so through references into other files.
    """
    (found,) = failures(tmp_path, schema, body, b={"$defs": {"n": {"type": "integer"}}})
    assert found.startswith(said) if said.endswith(": ") else found == said


def test_a_wrong_status_is_told_alone(tmp_path: Path) -> None:
    """The schema is not checked if the status is wrong, but is if another demand failed."""
    schema = {"type": "string"}
    assert failures(tmp_path, schema, "1", ", expect: {status: 404}") == ["status 404, got 200"]
    assert [
        each.partition(" at ")[0] for each in failures(tmp_path, schema, "1", ", expect: {json: 2}")
    ] == [
        "2",
        'what a.json#/type says ("string")',
    ]
