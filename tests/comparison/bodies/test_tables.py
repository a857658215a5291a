"""Tables are compared by columns."""

from typing import Any

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.comparison.values.lossless_json import spelling
from conformance.model.case import CompareLevel
from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, between, rule, seen
from tests.comparison.situations import places_with_values

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
CSV = "text/csv"
TABLE = "id,name,price,ok\n1,a,1.50,true\n2,,2.5,false\n"


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        pytest.param(TABLE, [], id="same"),
        pytest.param(TABLE.replace("\n", "\r\n"), [], id="line-ends"),
        pytest.param(TABLE.rstrip(), [], id="no-last-line-end"),
        pytest.param(TABLE.replace("a,", '"a",'), [], id="quotes"),
        pytest.param(TABLE.replace("1.50", "1.5"), [], id="number-spelled-otherwise"),
        pytest.param(
            TABLE.replace("1,a", "1.0,a"), [("integer-vs-float", "$.rows[*].id")], id="fraction"
        ),
        pytest.param(
            TABLE.replace("1.50", "7.25"), [("value", "$.rows[*].price")], id="another-number"
        ),
        pytest.param(
            TABLE.replace("1,a", " 1,a"), [("type", "$.rows[*].id")], id="blank-in-a-cell"
        ),
        pytest.param(TABLE.replace(",", ";"), [], id="semicolons"),
        pytest.param(TABLE.replace("a,", "b,"), [("value", "$.rows[*].name")], id="value"),
        pytest.param(TABLE.replace("2,,", "x,,"), [("type", "$.rows[*].id")], id="type"),
        pytest.param(TABLE.replace("2,,", "02,,"), [("type", "$.rows[*].id")], id="leading-zero"),
        pytest.param(TABLE.replace("true", "yes"), [("type", "$.rows[*].ok")], id="boolean"),
        pytest.param(
            TABLE.replace("true", "True"), [("boolean-as-text", "$.rows[*].ok")], id="capitals"
        ),
        pytest.param(TABLE + "3,c,1,true\n", [("length", "$.rows")], id="one-more"),
    ],
)
def test_tables(changed: str, wanted: list[tuple[str, str]]) -> None:
    """A cell, a type and a row are each one difference; how a table is written is none."""
    assert seen(TABLE, changed, CSV) == wanted


def test_another_column_is_a_difference_of_shape() -> None:
    """A column that only one side has is a member of the rows."""
    assert seen("a,b\n1,2\n", "a\n1\n", CSV, SHAPE) == [("member", "$.rows[*].b")]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("a,b\n1,2\n", "a\n1\n", [("member", "$.rows[*].b")], id="dropped"),
        pytest.param("userId\n1\n", "user_id\n1\n", [("key-case", "$.rows[*]")], id="in-another-case"),
        pytest.param("a,b\n1,2\n", "b,a\n2,1\n", [("another-order", "$.header")], id="reordered"),
        pytest.param("a,b\n", "a,c\n", [("value", "$.header[*]")], id="no-rows"),
        pytest.param("a,b\n1,2\n", "a,b,c\n1,2\n", [("length", "$.header")], id="no-cells"),
    ],
)  # fmt: skip
def test_another_column_is_one_difference(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """What the rows show is not said of the header, too; its order, and what no row has, is."""
    assert seen(a, b, CSV) == wanted


def test_how_tables_are_read() -> None:
    """The header names the members; a table without one has lists.

    A row with more cells than the header is a list of texts.
    """

    def read(text: str, media: str = CSV) -> Any:
        return read_body(text.encode(), read_label(media)).value

    assert read("a\tb\n1\tx\n", "text/tab-separated-values") == {
        "header": ["a", "b"],
        "rows": [{"a": 1, "b": "x"}],
    }
    assert (
        read("1,2\n3,4\n")
        == read("1,2\n3,4\n", "text/csv; header=absent")
        == {"rows": [[1, 2], [3, 4]]}
    )
    assert read("a,a\n3,4\n") == {"rows": [["a", "a"], ["3", "4"]]}
    assert read("a\n1,x\n\n2\n") == {"header": ["a"], "rows": [["1", "x"], {"a": 2}]}
    assert read("a,b\n1,\n2,\n") == {
        "header": ["a", "b"],
        "rows": [{"a": 1, "b": ""}, {"a": 2, "b": ""}],
    }
    assert read('a\n"1\n2"\n') == {"header": ["a"], "rows": [{"a": "1\n2"}]}
    assert read('a\n"1,2"\n') == {"header": ["a"], "rows": [{"a": "1,2"}]}
    assert read("a\n007\nnull\n") == {"header": ["a"], "rows": [{"a": "007"}, {"a": "null"}]}
    assert read("a,b\n1.5,\n2,\n")["rows"][1] == {"a": 2, "b": ""}
    assert read_body(b'a\n"torn', read_label(CSV)).kind == "text"


@pytest.mark.parametrize(
    "cell",
    ["-", "1-", "01", " 2", "2 ", "+1", ".5", "1.", "1e", "NaN", "Infinity", "null", "[]", "2,3", "2,",
     ",", "²", "1_0", "0x1", "--1", "1e5e5"],
)  # fmt: skip
def test_one_cell_that_is_no_number_makes_a_column_of_texts(cell: str) -> None:
    """Only what JSON takes for one number is one, in all cells of the column."""
    rows = read_body(f'n,m\n1,2\n"{cell}",3\n,4\n'.encode(), read_label(CSV)).value["rows"]
    assert rows == [{"n": "1", "m": 2}, {"n": cell, "m": 3}, {"n": "", "m": 4}]


@pytest.mark.parametrize("cell", ["-0", "2.50", "-1e-5", "1E+30", "9" * 30, ""])
def test_numbers_in_a_column_keep_their_digits(cell: str) -> None:
    """A column of numbers and empty cells is read as JSON reads numbers."""
    raw = f'n,m\n1,2\n"{cell}",3\n'.encode()
    number = read_body(raw, read_label(CSV)).value["rows"][1]["n"]
    assert (number is None) if not cell else spelling(number) == cell


ABSENT_HEADER = "text/csv; header=absent"
OF_TABLES: list[Any] = [
    pytest.param(("a,b\n1,2\n", CSV), ("A,b\n1,2\n", CSV),
        [("$.rows[*]", "they differ: a a · b A", '{"a":1} · {"A":1}')],
        id="a-name-in-capitals"),
    pytest.param(("a\n1\n2\n", CSV), ("a\n999\nx\n", CSV),
        [("$.rows[*].a", "they differ: a · b", "1 · 999"),
         ("$.rows[*].a", "they differ: a integer · b string", '2 · "x"')], id="a-bad-cell"),
    pytest.param(("a\n1\n\n2,\n", CSV), ("a\n1\n\n2,\n", CSV), [], id="the-same-odd-row"),
    pytest.param(("v\n1.0\nx\n", CSV), ("v\n1\nx\n", CSV),
        [("$.rows[*].v", "they differ: a · b", '"1.0" · "1"')], id="texts-as-written"),
    pytest.param(("id,s\n1,10\n2,3\n", CSV), ("id,s\n1,10\n2,7.25\n", CSV),
        [("$.rows[*].s", "they differ: a · b", "3 · 7.25")], id="a-fraction-beside-an-integer"),
    pytest.param(("id,p\n1,2.0\n2,1.5\n", CSV), ("id,p\n1,2\n2,1.5\n", CSV),
        [("$.rows[*].p", "they differ: a number · b integer", "2.0 · 2")],
        id="a-whole-number-with-a-fraction"),
    pytest.param(("id,n\n1,\n2,3\n", CSV), ("id,n\n1,\n2,x\n", CSV),
        [("$.rows[*].n", "they differ: a integer · b string", '3 · "x"')], id="empty-cells"),
    pytest.param(("a,b\n1,2\n", ABSENT_HEADER), ("a,b\n1,2\n", CSV),
        [("header content-type;header", "they differ: a header=absent · b absent",
          f"{ABSENT_HEADER} · {CSV}")], id="header-parameter"),
    pytest.param(("a,b\r\n1,2\r\n", ABSENT_HEADER), ("a,b\n1,3\n", CSV),
        [("header content-type;header", "they differ: a header=absent · b absent",
          f"{ABSENT_HEADER} · {CSV}"),
         ("$.rows[*][*]", "they differ: a · b", '"2" · "3"')], id="header-parameter-and-a-value"),
    pytest.param(('a,b\n1,"x,y"\n2,z\n', CSV), ("a,b\n1,x,y\n2,z\n", CSV),
        [("$.rows[*]", "they differ: a quoted · b not quoted",
          '{"a":1,"b":"x,y"} · ["1","x","y"]')], id="a-separator-without-quotes"),
    pytest.param(("a,b\n1,x,2\n", CSV), ("a;b;c\n1;x;2\n", CSV),
        [("$.header", "they differ: a · b", '2 elements · 3 elements, extra: "c"'),
         ("$.rows[*]", "they differ: a more cells than the header · b no more than the header",
          '["1","x","2"] · {"a":1,"b":"x","c":2}')], id="the-same-cells-under-a-shorter-header"),
    pytest.param(("a,b\n1,x\n", CSV), ("a,b\n1,x,y\n", CSV),
        [("$.rows[*]", "they differ: a no more than the header · b more cells than the header",
          '{"a":1,"b":"x"} · ["1","x","y"]')], id="a-cell-more"),
    pytest.param(("a,b\n1,x\n2,y\n", CSV), ("a,b\n1,x\n2\n", CSV),
        [("$.rows[*].b", "they differ: a present · b sometimes present", '"y" · absent')],
        id="a-cell-less"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "wanted"), OF_TABLES)
def test_what_is_said_of_tables(
    a: tuple[str, str], b: tuple[str, str], wanted: list[tuple[str, str, str]]
) -> None:
    """Each cause is named once, at the cells that differ, with what was sent."""
    both = [answer(body, media=media) for body, media in (a, b)]
    found = [
        (place, sentence, " · ".join(value for _, value in sent))
        for place, sentence, sent in places_with_values(both)
    ]
    assert found == wanted


@pytest.mark.parametrize("level", [SHAPE, VALUE])
@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("a,b\n1,x\n2,y\n", "a,b\n1,x\n2,y,z\n", [("uneven-rows", "$.rows[*]")],
            id="a-cell-more"),
        pytest.param("a,b\n1,x\n2,y\n", "a,b\n1,x\n2\n", [("uneven-rows", "$.rows[*].b")],
            id="a-cell-less"),
        pytest.param("a,b\n1,x\n", "a,b\n1\n", [("uneven-rows", "$.rows[*].b")],
            id="less-in-all-rows"),
        pytest.param("a,b,c\n1,x,y\n", "a,b,c\n1\n",
            [("uneven-rows", "$.rows[*].b"), ("uneven-rows", "$.rows[*].c")], id="two-cells-less"),
        pytest.param("a,b\nx,0\n", "a,b\nx\n", [("uneven-rows", "$.rows[*].b")],
                     id="no-cell-beside-a-zero"),
        pytest.param("a,b\nx,\n", "a,b\nx\n", [("uneven-rows", "$.rows[*].b")],
                     id="no-cell-beside-an-empty-one"),
        pytest.param("a,b\n1,x,y\n2\n", "a,b\n1,x,y\n2\n", [], id="both-uneven"),
        pytest.param("1,2\n3,4\n", "1,2\n3,4,5\n", None, id="no-header"),
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_their_header(
    a: str, b: str, level: CompareLevel, wanted: list[tuple[str, str]] | None
) -> None:
    """A cell more or less has a name, by shape and by value; a table without a header has none."""
    found = seen(a, b, CSV, level)
    assert found == wanted or (wanted is None and all(name != "uneven-rows" for name, _ in found))


UNEVEN = "rows with more or fewer cells than the header"


def test_uneven_rows_of_three_runtimes() -> None:
    """By shape one finding says how many rows have the cell, by value one for each other row."""
    rows = ("a,b\n1,x\n2\n", "a,b\n1,x\n2,y\n", "a,b\n1\n2\n", "a,b\n1\n2,y\n")
    first, second, none, other = (answer(each, media=CSV) for each in rows)
    assert [found[:2] for found in places_with_values([first, second, none], SHAPE)] == [
        ("$.rows[*].b", "they differ: a sometimes present · b present · c absent")
    ]
    assert [found[:2] for found in places_with_values([first, second, other])] == [
        (
            "$.rows[*].b",
            f"a is the odd one out; b, c agree; {UNEVEN} between a and b",
        ),
        (
            "$.rows[*].b",
            f"c is the odd one out; a, b agree; {UNEVEN} between b and c",
        ),
    ]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("1,2\n3,4\n", "5,6\n", [], id="the-same"),
        pytest.param("1,2\n3,4\n", "1,2,5\n3,4,6\n", [("length", "$.rows[*]")], id="wider"),
        pytest.param("1,2\n3,4\n", "1,2\n3,4,5\n", [("length", "$.rows[*]")], id="one-wider"),
        pytest.param("1,2\n3,4\n", "1,2\n3\n", [("length", "$.rows[*]")], id="one-narrower"),
        pytest.param("1,x\n3,y\n", "x,1\ny,3\n", [("type", "$.rows[*][*]")] * 2, id="exchanged"),
        pytest.param("1,x\n3,y\n", "1,x\ny,y\n", [("type", "$.rows[*][*]")], id="a-bad-cell"),
        pytest.param("1,x\n", "1,x\n,y\n", [("type", "$.rows[*][*]")], id="an-empty-cell"),
        pytest.param("1,0.5\n", "1,2\n3,1.5\n", [], id="a-whole-number-among-fractions"),
        pytest.param("1,0.5\n", "1.5,2\n", [("type", "$.rows[*][*]")] * 2, id="fractions"),
    ],
)  # fmt: skip
def test_columns_without_names_are_shape(a: str, b: str, wanted: list[tuple[str, str]]) -> None:
    """How many there are, and the types of each: no column has the types of another one."""
    assert seen(a, b, CSV, SHAPE) == wanted


def test_what_is_said_of_another_number_of_columns() -> None:
    """The cells of one row are shown that the other table has no column for."""
    tables = [answer(body, media=CSV) for body in ("1,2\n3,4\n", "7,8,9\n", "5,6\n")]
    assert list(places_with_values(tables, SHAPE)) == [
        (
            "$.rows[*]",
            "b is the odd one out; a, c agree in length",
            (("a", "2 elements"), ("b", "3 elements, extra: 9"), ("c", "2 elements")),
        )
    ]


def test_a_rule_accepts_columns_without_names() -> None:
    """It is asked at the cells, and at the rows."""
    a, b = (answer(body, media=CSV) for body in ("1,x\n", "x,1,2\n"))
    cells, rows = (rule(path, RuleKind.ANY) for path in ("$.rows[*][*]", "$.rows[*]"))
    assert [place for _, place, *_ in between(a, b, SHAPE, (cells,))] == ["$.rows[*]"]
    assert between(a, b, SHAPE, (rows,)) == []


def test_the_type_of_a_column_is_its_shape() -> None:
    """By shape a column of fractions is one, whichever cells are whole; a text in it differs."""
    assert seen("p\n1.5\n2\n", "p\n2.5\n1.5\n", CSV, SHAPE) == []
    assert seen("p\n12\nx\n", "p\ny\nx\n", CSV, SHAPE) == []
    assert seen("p\n12\n7\n", "p\n12\nx\n", CSV, SHAPE) == [("type", "$.rows[*].p")]


@pytest.mark.parametrize(
    ("names", "others"), [("ID,N", "id,n"), ("user_id,N", "userId,n"), ("id,n", "id,n")]
)
def test_columns_of_one_name_are_read_alike(names: str, others: str) -> None:
    """In whatever spelling: a text in an extra row makes no number of another row a text."""
    spelled = [("key-case", "$.rows[*]")] if names != others else []
    place = f"$.rows[*].{min(each.partition(',')[0] for each in (names, others))}"
    a, b = f"{names}\n1,5\n2,6\n", f"{others}\n1,5\n2,6\nTotal,11\n"
    wanted = sorted([("length", "$.rows"), *spelled, ("type", place)])
    assert sorted(seen(a, b, CSV)) == sorted(seen(b, a, CSV)) == wanted
    tables = [answer(body, media=CSV) for body in (a, a, b)]
    sentence = "c is the odd one out (integer or string); a, b: integer"
    assert [each[1:] for each in places_with_values(tables, SHAPE) if each[0] == place] == [
        (sentence, (("a", "1"), ("b", "1"), ("c", '"Total"')))
    ]


def test_fractions_under_names_of_another_spelling_are_one_type() -> None:
    """A whole number in a column of fractions is a fraction there."""
    assert seen("P\n1.5\n2\n", "p\n2.5\n7.5\n", CSV, SHAPE) == [("key-case", "$.rows[*]")]
