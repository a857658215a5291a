"""The schema for editors and the readers' field phase accept and refuse the same files."""

import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from conformance.cli.file_kinds import KINDS
from conformance.errors import BadFileError, HarnessError
from conformance.suites.document import parse_document
from conformance.suites.field_check import check
from conformance.suites.fields import (
    Amount,
    AnyValue,
    Choice,
    Either,
    Field,
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
from conformance.suites.json_schema import file_schema, schema_of
from conformance.suites.json_text import json_text
from conformance.suites.nodes import Node, items, members
from conformance.suites.schema_pattern import portable_pattern
from conformance.suites.suite_file import filled_in
from tests.suites.samples import samples
from tests.suites.test_suite_mutations import spliced

VALIDATORS = {kind: jsonschema.Draft7Validator(file_schema(KINDS, kind)) for kind in KINDS}
ANY_KIND = jsonschema.Draft7Validator(file_schema(KINDS))
SAMPLES = samples()


def plain(node: Node) -> Any:
    """Return what the strict reader saw as JSON values.

    Numbers past what Python reads become the nearest float.
    """
    return json.loads(
        json_text(node),
        parse_int=lambda digits: int(digits) if len(digits) < 4000 else float(digits),
    )


def parsed(text: str | bytes) -> Node | None:
    """Parse strict YAML, or return nothing for what never reaches the fields."""
    try:
        return parse_document(text if isinstance(text, bytes) else text.encode(), "sample.yaml")
    except BadFileError:
        return None


def judged(text: str | bytes, kind: str) -> tuple[bool, bool] | None:
    """Return whether the fields and the schema accept a file."""
    node = parsed(text)
    if node is None:
        return None
    accepted, by_schema = _fields_accepted(node, kind), VALIDATORS[kind].is_valid(plain(node))
    has_matrix = kind == "suite" and any(
        "matrix" in members(case) for case in items(members(node).get("cases"))
    )
    return accepted, by_schema and (
        accepted or not has_matrix
    )  # no schema says what a matrix's values come to


def _fields_accepted(node: Node, kind: str) -> bool:
    try:
        root = filled_in(node)[0] if kind == "suite" else node
    except BadFileError:
        return False
    return not list(check(KINDS[kind], root))


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_draft_07(kind: str) -> None:
    """What is printed is a valid draft-07 schema, and needs no other file."""
    jsonschema.Draft7Validator.check_schema(file_schema(KINDS, kind))
    assert set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(file_schema(KINDS, kind)))) <= {
        "#/definitions/matching",
        "#/definitions/matching-in-a-matrix",
    }
    jsonschema.Draft7Validator.check_schema(file_schema(KINDS))


@pytest.mark.parametrize("kind", KINDS)
def test_schema_and_reader_agree_on_every_sample(kind: str) -> None:
    """Each file that any test of the readers holds is judged alike.

    Both kinds of judgement occur.
    """
    verdicts = {text: judged(text, kind) for text in SAMPLES[kind]}

    assert {
        text: verdict for text, verdict in verdicts.items() if verdict and verdict[0] != verdict[1]
    } == {}
    accepted = [verdict[0] for verdict in verdicts.values() if verdict]
    assert (accepted.count(True) >= 5, accepted.count(False) >= 15) == (True, True)


def test_one_schema_serves_all_kinds() -> None:
    """Without a kind the root key decides, and a file without one is refused."""
    for kind, texts in SAMPLES.items():
        for text in texts[:40]:
            node, verdict = parsed(text), judged(text, kind)
            if (
                node is not None
                and verdict
                and isinstance(tree := plain(node), dict)
                and kind in tree
            ):
                assert ANY_KIND.is_valid(tree) == verdict[0], text
    assert not ANY_KIND.is_valid({})
    assert not ANY_KIND.is_valid([])
    assert not ANY_KIND.is_valid({"cases": []})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spliced())
def test_schema_and_reader_agree_on_damaged_files(raw: bytes) -> None:
    """Schema and reader agree on any damaged suite, except on whole numbers with a point."""
    verdict = judged(raw, "suite")
    if verdict and verdict[0] != verdict[1]:
        node = parsed(raw)
        assert node is not None
        assert [
            problem
            for problem in check(KINDS["suite"], node)
            if "wanted an integer" not in problem.message
        ] == []


REQUEST = FieldTable(
    fields={name: Field(spec=AnyValue(), says="a body") for name in ("a", "b", "c", "d")},
    keyed=("[A-Z]+|a", "a method", Text()),
    one_of=("keyed", "d"),
    at_most_one_of=("a", "b"),
)


@pytest.mark.parametrize("matrix", ["matrix: {path: [/x], ms: [1000], n: [2]}, ", ""])
def test_what_a_matrix_fills_in_may_stand_anywhere(matrix: str) -> None:
    """With a matrix a name may stand for a value of any kind, without one it may not.

    The reader says the same.
    """
    case = (
        f"{matrix}name: b, request: {{GET: '${{path}}'}}, timeout_ms: '${{ms}}', expect: "
        "{json: {$len: '${n}'}}"
    )
    assert judged(f"suite: a\ncases: [{{{case}}}]\n", "suite") == (bool(matrix), bool(matrix))


@pytest.mark.parametrize("number", range(128))
def test_counting(number: int) -> None:
    """Exactly one of keyed and named members, beside any that exclude each other.

    All combinations of seven names are covered.
    """
    names = [
        name
        for bit, name in enumerate(("a", "b", "c", "d", "GET", "PUT", "x"))
        if number >> bit & 1
    ]
    text = json.dumps(dict.fromkeys(names, ""))
    node = parsed(text)
    assert node is not None
    assert jsonschema.Draft7Validator(schema_of(REQUEST)).is_valid(json.loads(text)) == (
        not list(check(REQUEST, node))
    )


@pytest.mark.parametrize(
    ("spec", "good", "bad"),
    [
        pytest.param(OneOrMany(item=ListOf(item=Text())), [["a"]], ["a"], id="many-lists"),
        pytest.param(OneOrMany(item=AnyValue()), 1, [], id="any"),
        pytest.param(Text(pattern="a.c"), "abc", "a\nc", id="dot"),
        pytest.param(Text(pattern="(?s)a.c"), "a\nc", "ac", id="dot-all"),
        pytest.param(Text(pattern=r"(?P<x>a)\Z"), "a", "a\n", id="named-and-end"),
        pytest.param(Text(pattern=r"[]a.]+[^]b]"), "].c", "]b", id="bracket-in-class"),
        pytest.param(Text(pattern="a|b"), "b", "ab", id="alternatives"),
    ],
)
def test_specs_that_no_table_has_yet(spec: Spec, good: object, bad: object) -> None:
    """Corners of the vocabulary: schema and check agree on them too."""
    schema = jsonschema.Draft7Validator(schema_of(spec))
    for value, accepted in ((good, True), (bad, False)):
        node = parsed(json.dumps(value))
        assert node is not None
        assert (schema.is_valid(value), not list(check(spec, node))) == (accepted, accepted)


@pytest.mark.parametrize("pattern", [r"(?i)a", r"(?P=x)", r"\bA", r"(?<=a)b", r"a\A"])
def test_patterns_that_cannot_be_said(pattern: str) -> None:
    """What ECMAScript spells otherwise is refused, not passed on."""
    with pytest.raises(HarnessError, match="cannot be said in a JSON Schema"):
        portable_pattern(pattern)


def test_a_kind_of_spec_that_the_generator_does_not_know() -> None:
    """A new kind of spec is refused by name, so that it cannot be forgotten here."""

    class Novelty:
        """A spec of another day."""

    with pytest.raises(HarnessError, match="no JSON Schema is known for Novelty"):
        schema_of(Novelty())  # type: ignore[arg-type]


def test_the_generator_knows_every_member_of_every_spec() -> None:
    """A member that a spec gains must be said in the schema, and then here."""
    known = {
        AnyValue: (),
        Text: ("pattern", "meaning"),
        Whole: ("least", "most"),
        Choice: ("options",),
        Amount: (),
        Null: (),
        Flag: (),
        Number: (),
        Either: ("options",),
        JsonWith: ("special",),
        ListOf: ("item", "least", "most"),
        OneOrMany: ("item",),
        Field: ("spec", "says", "required"),
        FieldTable: ("fields", "keyed", "one_of", "at_most_one_of", "needs"),
    }
    assert {spec: spec.__struct_fields__ for spec in known} == known
