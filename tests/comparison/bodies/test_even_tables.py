"""A table that is read block by block is what it is as a whole, however large the blocks are."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.bodies import even_tables
from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.label import Label, read_label
from conformance.comparison.bodies.table import read_table

WHOLE: Final = 1 << 30
CELLS: Final = st.sampled_from(
    ["", "1", "-0", "1.50", "9007199254740993", "007", "true", "false", "null", "x", "é", " 1", "]"]
)
LABELS: Final = st.sampled_from(
    ["text/csv", "text/csv; header=absent", "text/tab-separated-values"]
)


def in_blocks(size: int, raw: bytes, label: Label, patch: pytest.MonkeyPatch) -> Body | str:
    """Return a table as it is read in blocks of so many characters, or why it is none."""
    patch.setattr(even_tables, "_BLOCK_CHARACTERS", size)
    try:
        return read_table(raw, label)
    except UnreadableBodyError as error:
        return str(error)


@given(
    header=st.booleans(),
    rows=st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n))),
    label=LABELS,
    ends=st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_blocks_are_no_difference(
    header: bool, rows: list[list[str]], label: str, ends: str
) -> None:
    names = [["name", "of", "each", "column"][: len(rows[0])]] if header and rows else []
    separator = "\t" if "tab" in label else ","
    raw = ends.join(map(separator.join, (*names, *rows))).encode() + b"\n"
    with pytest.MonkeyPatch.context() as patch:
        whole, *others = [
            in_blocks(size, raw, read_label(label), patch) for size in (WHOLE, 0, 5, 20)
        ]
    assert list(map(repr, others)) == [repr(whole)] * len(others)  # numbers equal themselves only


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        pytest.param("a,b\n", [], id="only-a-header"),
        pytest.param("a,b\n1,x\n2,y", [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}], id="one-type"),
        pytest.param("a,b\n1,x\nn,2", [{"a": "1", "b": "x"}, {"a": "n", "b": "2"}], id="texts"),
        pytest.param("a,b\n,x\n1,y", [{"a": None, "b": "x"}, {"a": 1, "b": "y"}], id="empty"),
        pytest.param("a,b\ntrue,\n1,", [{"a": "true", "b": ""}, {"a": "1", "b": ""}], id="two"),
        pytest.param("1,2\n3,x", [[1, "2"], [3, "x"]], id="no-header"),
    ],
)
def test_a_column_is_what_all_of_its_cells_are(
    raw: str, rows: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first block of it alone says nothing."""
    for size in (0, WHOLE):
        body = in_blocks(size, raw.encode(), read_label("text/csv"), monkeypatch)
        assert isinstance(body, Body)
        assert body.value["rows"] == rows


def test_a_note_is_of_the_whole_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looked like a number in one block is none where the column holds texts."""
    for rows, notes in (("-0,1\n-0,2", ("minus-zero",)), ("-0,1\nx,2", ())):
        body = in_blocks(0, rows.encode(), read_label("text/csv; header=absent"), monkeypatch)
        assert isinstance(body, Body)
        assert body.notes == notes
