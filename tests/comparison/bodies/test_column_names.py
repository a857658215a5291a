"""The names of a table's columns are its shape, and what has no columns is no table."""

import pytest

from conformance.model.case import CompareLevel
from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, between, rule, seen
from tests.comparison.situations import places_with_values

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
CSV = "text/csv"
TABLE = "id,name\n1,x\n2,y\n"


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("id,name\n", "id,email\n", ("value", "$.header[*]"), id="another-name"),
        pytest.param("id,name\n", "id,name,ok\n", ("length", "$.header"), id="one-more"),
        pytest.param("id\n", "uid\n", ("value", "$.header[*]"), id="one-column"),
        pytest.param("userId\n", "user_id\n", ("text-case", "$.header[*]"), id="another-case"),
        pytest.param("a,b\n1,2\n", "a,b,c\n1,2\n", ("length", "$.header"), id="no-cells"),
        pytest.param("a,b\n1,2\n", "b,a\n2,1\n", ("another-order", "$.header"), id="order"),
        pytest.param("<Error>x</Error>", "<ok/>", ("value", "$.header[*]"), id="two-documents"),
    ],
)  # fmt: skip
def test_names_of_columns_count_by_shape(a: str, b: str, wanted: tuple[str, str]) -> None:
    """With rows or without, what differs in the header is one difference."""
    assert seen(a, b, CSV, SHAPE) == [wanted]


NO_HEADER = ("member", "$.header")


@pytest.mark.parametrize(
    ("a", "b", "more"),
    [
        pytest.param(TABLE, "1,x\n2,y\n", [], id="with-a-number"),
        pytest.param("of,at\na,x\nb,y\n", "a,x\nb,y\n", [], id="of-texts"),
        pytest.param("ok,at\ntrue,x\n", "true,x\n", [], id="with-a-boolean"),
        pytest.param(TABLE, "1,x\n2,z\n", [("value", "$.rows[*][*]")], id="and-a-value"),
        pytest.param(TABLE, "1,x\n", [("length", "$.rows")], id="and-a-row"),
        pytest.param(",id,at\n0,1,x\n", "0,1,x\n", [], id="with-an-empty-name"),
    ],
)  # fmt: skip
def test_a_header_that_is_missing_is_of_shape_at_either_level(
    a: str, b: str, more: list[tuple[str, str]]
) -> None:
    """By value its rows are held against the rows alone, and not against the header."""
    assert seen(a, b, CSV, SHAPE) == [NO_HEADER]
    assert sorted(seen(a, b, CSV, VALUE)) == sorted([NO_HEADER, *more])


@pytest.mark.parametrize("level", [SHAPE, VALUE])
@pytest.mark.parametrize(
    "message",
    ["Internal Server Error", "id", "<html>\n<body>a, b</body>\n</html>\n", '{"error":"boom","code":1}'],
)  # fmt: skip
def test_what_has_no_columns_is_no_table_beside_one(message: str, level: CompareLevel) -> None:
    """A message, a page or JSON under the label of a table is another kind of body."""
    assert seen(TABLE, message, CSV, level) == [("body-kind", "kind")]


def test_json_under_the_label_of_a_table_is_json() -> None:
    """Two objects are compared by their members, though their label says something else."""
    assert seen('{"ok":true}', '{"ok":"yes"}', CSV, SHAPE) == [("type", "$.ok")]
    assert seen('{"ok":true}', '{"ok": true}', CSV, SHAPE) == []


@pytest.mark.parametrize(
    ("a", "b"),
    [("id,name\n", "id,name\n1,x\n"), ("id\n", "id\n1\n"), ("1,2\n", "3,4\n5,6\n")],
)
def test_the_number_of_rows_is_no_shape(a: str, b: str) -> None:
    """A header without rows is the header of a table."""
    assert seen(a, b, CSV, SHAPE) == []


def test_a_first_row_that_both_have_is_no_missing_header() -> None:
    """Where one label alone says that there is no header, the labels differ, and no name."""
    with_header, without = (answer(TABLE, media=m) for m in (CSV, "text/csv; header=absent"))
    assert [name for name, *_ in between(with_header, without)] == ["header"]


def test_a_rule_accepts_names_by_shape() -> None:
    """A rule about the header is asked at either level."""
    a, b = (answer(f"id,{name}\n", media=CSV) for name in ("at", "on"))
    assert between(a, b, SHAPE, (rule("$.header[*]", RuleKind.STRING),)) == []


def test_what_is_said_of_a_missing_header() -> None:
    """Present or absent is said of the header, and nothing of the rows below it."""
    tables = [answer(body, media=CSV) for body in (TABLE, TABLE, "1,x\n2,y\n")]
    assert [found[:2] for found in places_with_values(tables, SHAPE)] == [
        ("$.header", "c is the odd one out (absent); a, b: present")
    ]
