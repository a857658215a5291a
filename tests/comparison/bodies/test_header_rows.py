"""The row with the names of a table's columns is found below a title, and with odd names."""

from typing import Any

import pytest

from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.model.case import CompareLevel
from tests.comparison.derived_findings import findings
from tests.comparison.differences import answer, between, seen
from tests.comparison.situations import places_with_values

SHAPE, VALUE = CompareLevel.SHAPE, CompareLevel.VALUE
CSV = "text/csv"
TABLE = "id,name\n1,x\n2,y\n"
ABOVE = ("member", "$.above")
UNNAMED = ("member", "$.rows[*]['']")


def value_of(text: str, media: str = CSV) -> Any:
    """Return how a table is read alone."""
    return read_body(text.encode(), read_label(media)).value


@pytest.mark.parametrize("level", [SHAPE, VALUE])
@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        pytest.param(",id,name\n0,1,x\n1,2,y\n", [UNNAMED], id="an-index"),
        pytest.param("id,name,\n1,x,7\n2,y,8\n", [UNNAMED], id="the-last"),
        pytest.param("id,,name\n1,7,x\n2,8,y\n", [UNNAMED], id="in-the-middle"),
        pytest.param("id,name,\n1,x,\n2,y,\n", [("zero-value-vs-absent", "$.rows[*]['']")],
            id="a-comma-at-the-end"),
        pytest.param(",,id,name\n0,5,1,x\n1,5,2,y\n", [("member", "$.rows[*][' (2)']"), UNNAMED],
            id="two-indexes"),
        pytest.param("id,name,name\n1,x,7\n2,y,8\n", [("member", "$.rows[*]['name (2)']")],
            id="a-name-twice"),
        pytest.param("id,name,2024\n1,x,7\n2,y,8\n", [("member", "$.rows[*]['2024']")],
            id="a-number"),
        pytest.param("Report\n" + TABLE, [ABOVE], id="a-title"),
        pytest.param("Report\n\n" + TABLE, [ABOVE], id="a-title-and-a-blank-line"),
        pytest.param('"Report, 7"\r\n' + TABLE, [ABOVE], id="a-title-in-quotes"),
        pytest.param("# made\n# today\n" + TABLE, [ABOVE], id="comments"),
        pytest.param("Report,\n" + TABLE, [ABOVE], id="a-title-as-long-as-a-row"),
        pytest.param("sep=,\n" + TABLE, [ABOVE], id="what-separates"),
        pytest.param("sep=;\n" + TABLE.replace(",", ";"), [ABOVE], id="what-else-separates"),
    ],
)  # fmt: skip
def test_what_is_odd_in_a_header_is_one_difference(
    other: str, level: CompareLevel, wanted: list[tuple[str, str]]
) -> None:
    """The other names still name their columns, so that their cells are compared."""
    assert seen(TABLE, other, CSV, level) == wanted
    assert seen(other, TABLE, CSV, level) == wanted


def test_a_title_above_texts_is_found_beside_a_table_without_one() -> None:
    """Without a number below it, only the other table shows which row is the header."""
    assert seen("of,at\na,x\n", "Report\nof,at\na,x\n", CSV) == [ABOVE]
    assert value_of("Report\nof,at\na,x\n")["header"] == ["Report"]


def test_what_is_above_a_header_is_compared() -> None:
    """The title is a text, with the blank lines of it; how it is quoted is no difference."""
    assert value_of("Report\n\n" + TABLE) == {"above": "Report\n", **value_of(TABLE)}
    assert seen("A\n" + TABLE, "B\n" + TABLE, CSV) == [("value", "$.above")]
    assert seen("A\n" + TABLE, "A\n\n" + TABLE, CSV) != []
    assert seen("A\n" + TABLE, '"A"\r\n' + TABLE, CSV) == []
    assert seen("A\n" + TABLE, "A\n" + TABLE.replace("y", "z"), CSV) == [
        ("value", "$.rows[*].name")
    ]
    assert seen("sep=;\n1;x\n", "sep=,\n1,x\n", CSV) == [("value", "$.above")]
    assert seen("sep=;\n1;x\n", "1;x\n", CSV, SHAPE) == [ABOVE]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("1,x\n2,y\n", id="a-number"),
        pytest.param("x,x\ny,z\n", id="a-text-twice"),
        pytest.param("x,,z\ny,1,w\n", id="an-empty-cell"),
        pytest.param("5,,\n6,7,8\n", id="a-number-and-empty-cells"),
        pytest.param(",\n1,2\n", id="no-name"),
        pytest.param("1\n2,x\n3,y\n", id="below-a-number"),
    ],
)
def test_a_table_without_a_header_has_none(table: str) -> None:
    """No row of it is taken for one."""
    assert "header" not in value_of(table)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param("5,x,y\n1,z,w\n", ",x,y\n1,z,w\n", [("type", "$.rows[*][*]")], id="a-null"),
        pytest.param("5,x,y\n1,z,w\n", ",q,r\n1,z,w\n", [("type", "$.rows[*][*]"),
            ("value", "$.rows[*][*]")], id="a-null-and-other-texts"),
        pytest.param("n,of,at\n,x,y\n1,z,w\n", ",x,y\n1,z,w\n", [("member", "$.header")],
            id="beside-a-header"),
        pytest.param("key,of\nkey,1\n", "key,1\n", [("member", "$.header")], id="a-name-in-a-cell"),
    ],
)  # fmt: skip
def test_a_row_is_no_header_where_the_other_table_has_it_as_a_row(
    a: str, b: str, wanted: list[tuple[str, str]]
) -> None:
    """Its cells are compared, or the header is missing."""
    assert seen(a, b, CSV) == wanted
    assert seen(b, a, CSV) == wanted


def test_a_label_decides_over_what_a_row_looks_like() -> None:
    """With `header=absent` no row is one, and with `present` no line is above it."""
    assert "header" not in value_of(TABLE, "text/csv; header=absent")
    assert value_of("Report\n" + TABLE, "text/csv; header=present")["header"] == ["Report"]
    with_header, without = (
        answer(body, media=media)
        for body, media in ((TABLE, CSV), ("id,2024\n1,x\n2,y\n", "text/csv; header=absent"))
    )
    assert [name for name, *_ in between(with_header, without)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("a\n1,x\n\n2\n", id="longer-rows"),
        pytest.param("name\nLee, A\nRay, B\n", id="cells-without-quotes"),
        pytest.param("a\n1\n2\n", id="one-column"),
    ],
)
def test_a_header_of_one_name_is_no_title(body: str) -> None:
    """What is below it has no names."""
    assert value_of(body)["header"] == [body.partition("\n")[0]]


def test_what_is_said_of_a_title_beside_a_table_without_a_header() -> None:
    """Each of the two is said once, and of one runtime."""
    tables = [answer(body, media=CSV) for body in ("Report\n" + TABLE, TABLE, "1,x\n2,y\n")]
    assert [found[:2] for found in places_with_values(tables)] == [
        ("$.above", "a is the odd one out (present); b, c: absent"),
        ("$.header", "c is the odd one out (absent); a, b: present"),
    ]


TABS = TABLE.replace(",", "\t")
OF_TABS = ("note", "note tab-separated")


@pytest.mark.parametrize("level", [SHAPE, VALUE])
@pytest.mark.parametrize(
    ("other", "media", "wanted"),
    [
        pytest.param(TABS, CSV, [OF_TABS], id="tabs"),
        pytest.param("Report\n" + TABS, CSV, [ABOVE, OF_TABS], id="below-a-title"),
        pytest.param("sep=\t\n" + TABS, CSV, [ABOVE], id="as-the-first-line-says"),
        pytest.param(TABS, "text/tab-separated-values", [("header", "header content-type")],
            id="as-the-label-says"),
        pytest.param(TABS.replace("name", "label"), CSV, [("member", "$.rows[*].label"),
            ("member", "$.rows[*].name"), OF_TABS], id="and-a-name"),
        pytest.param("boom\tagain\n", CSV, [("body-kind", "kind")], id="a-message-with-a-tab"),
    ],
)  # fmt: skip
def test_tabs_for_commas_are_one_difference(
    other: str, media: str, level: CompareLevel, wanted: list[tuple[str, str]]
) -> None:
    """The columns are the same, and what their label promises is not."""
    a, b = answer(TABLE, media=CSV), answer(other, media=media)
    assert sorted((name, place) for name, place, *_ in between(a, b, level)) == sorted(wanted)


def test_tabs_under_the_label_of_commas_follow_the_label() -> None:
    """Where the other label says tabs, the two labels are the difference."""
    both = [answer(TABS, media=media) for media in ("text/tab-separated-values", CSV)]
    followed = {each.place: bool(each.follows) for each in findings(*([each] for each in both))}
    assert followed == {"header content-type": False, "note tab-separated": True}


def test_tabs_in_cells_between_commas_are_text() -> None:
    """What separates the names separates all cells."""
    assert value_of("id,name\n1,a\tb\n")["rows"] == [{"id": 1, "name": "a\tb"}]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("\n" + TABLE, id="a-blank-line"),
        pytest.param("\r\n" + TABLE, id="a-blank-line-of-two-characters"),
        pytest.param('""\n' + TABLE, id="two-quotes"),
        pytest.param(" \n" + TABLE, id="a-space"),
    ],
)
def test_a_blank_line_above_a_header_is_said(other: str) -> None:
    """It is no title, and a reader may take it for the first row."""
    assert seen(TABLE, other, CSV)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Report,\n" + TABLE, "Report\n" + TABLE, id="a-cell-more"),
        pytest.param("Re\x0cport\n" + TABLE, "Re\nport\n" + TABLE, id="a-form-feed"),
        pytest.param("a,a\n1,x\n", "a,a (2)\n1,x\n", id="a-name-that-looks-made"),
    ],
)
def test_titles_and_names_that_are_nearly_alike_differ(first: str, second: str) -> None:
    """What is made of a line or a name hides no other one."""
    assert seen(first, second, CSV)
