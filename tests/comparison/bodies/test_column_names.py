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
        pytest.param(TABLE, "1,x\n2,y\n", ("member", "$.header"), id="no-header"),
        pytest.param(TABLE, "id,name,\n1,x,\n", ("member", "$.header"), id="a-column-without-name"),
        pytest.param("id;name\n1;x", "sep=;\nid;name\n1;x", ("member", "$.header"), id="sep"),
        pytest.param("<Error>x</Error>", "<ok/>", ("value", "$.header[*]"), id="two-documents"),
    ],
)  # fmt: skip
def test_names_of_columns_count_by_shape(a: str, b: str, wanted: tuple[str, str]) -> None:
    """With rows or without, what differs in the header is one difference."""
    assert seen(a, b, CSV, SHAPE) == [wanted]


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
