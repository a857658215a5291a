"""Rows that are one line of two tables are one object in both, and say what they say alone."""

from operator import is_
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.bodies import table
from conformance.comparison.bodies.body import UnreadableBodyError
from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.table import bodies_in_one_layout, read_table

CELLS: Final = st.sampled_from(
    ["", "1", "-0", "1.50", "1e0", "007", "true", "x", "é", "1;2", "1\t2", '"a\nb"', "\x00", "\r"]
)
ROWS: Final = st.integers(1, 3).flatmap(
    lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=5)
)
LABELS: Final = st.sampled_from(
    ["text/csv", "text/csv; header=absent", "text/tab-separated-values", "text/csv; charset=utf-16"]
)
NAMES: Final = st.sampled_from(["a,b", "a;b", "a\tb", "a", "b,a", "a,b,c", "1,2", ""])


@given(
    names=st.tuples(NAMES, NAMES),
    rows=ROWS,
    others=ROWS,
    labels=st.tuples(LABELS, LABELS),
    separator=st.sampled_from([",", ";", "\t"]),
    ends=st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_rows_in_common_are_what_they_are_alone(  # noqa: PLR0913, PLR0917 - two tables have as many parts
    names: tuple[str, str],
    rows: list[list[str]],
    others: list[list[str]],
    labels: tuple[str, str],
    separator: str,
    ends: str,
) -> None:
    second = [*rows[:2], *others]
    texts = (
        ends.join((name, *map(separator.join, each))).encode() + b"\n"
        for name, each in zip(names, (rows, second[: len(rows)]), strict=True)
    )
    try:
        a, b = map(read_table, texts, map(read_label, labels))
    except UnreadableBodyError:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "with_same_rows", lambda *tables: tables)
        alone = [repr(each.value) for each in bodies_in_one_layout(a, b)]
    assert [repr(each.value) for each in bodies_in_one_layout(a, b)] == alone


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param("a,b\n1,x\n2,y\n", "a,b\n1,x\n2,z\n", [True, False], id="one"),
        pytest.param("a,b\n1,x\n", "a;b\n1;x\n", [False], id="another-separator"),
        pytest.param('a,b\n1,"x"\n', 'a,b\n1,"x"\n', [False], id="quotes"),
        pytest.param("a,b\n1,x\n2,y\n", "a,b\n1,x\nn,y\n", [False, False], id="other-type"),
    ],
)
def test_which_rows_are_one_object(first: str, second: str, same: list[bool]) -> None:
    """Another type of a column, or what parts cells otherwise, leaves them to be compared."""
    a, b = (read_table(each.encode(), read_label("text/csv")) for each in (first, second))
    rows = [each.value["rows"] for each in bodies_in_one_layout(a, b)]
    assert list(map(is_, *rows)) == same
