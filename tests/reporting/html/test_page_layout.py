"""How bodies are laid out: JSON by the tokens a runtime wrote, other text by lines, at any size."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reporting.html.browser import Page

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
SHARED_PAGE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def rows(page: Page, kind: str, *texts: str) -> list[list[str | None]]:
    """Return the rows of texts, each cell as it is written."""
    aligned = {"json": "alignTrees(texts.map(readJson))", "text": "alignTexts(texts)"}[kind]
    shown = (
        "cell && (cell.name === null ? '' : cell.name + ':') + cell.text + (cell.comma ? ',' : '')"
    )
    found: list[list[str | None]] = page.run(
        f"(texts => {aligned}.map(row => row.cells.map(cell => {shown})))({json.dumps(texts)})"
    )
    return found


def differing(page: Page, *values: Any) -> list[str]:
    """Return how the rows of JSON values differ, those that do."""
    texts = json.dumps([json.dumps(value) for value in values])
    found: list[str] = page.run(
        f"alignTrees({texts}.map(readJson)).map(row => row.differs).filter(Boolean)"
    )
    return found


@given(value=JSON_VALUES)
@SHARED_PAGE
def test_a_body_is_laid_out_as_it_was_written(page: Page, value: Any) -> None:
    """A column's text, without white space, is the body's: no digit or escape is changed."""
    text = json.dumps(value, separators=(",", ":"))
    shown = "".join(row[0] or "" for row in rows(page, "json", text))
    assert shown == text


@given(value=JSON_VALUES, other=JSON_VALUES)
@SHARED_PAGE
def test_each_side_keeps_all_that_it_wrote(page: Page, value: Any, other: Any) -> None:
    """However two bodies are laid side by side, no member or element of either is lost.

    Equal ones do not differ.
    """
    both = [json.dumps(side, separators=(",", ":")) for side in (value, other)]
    laid_out = rows(page, "json", *both)
    for column, text in enumerate(both):
        shown = "".join(row[column] or "" for row in laid_out)
        assert sorted(shown.replace(",", "")) == sorted(text.replace(",", ""))
    assert differing(page, value, value) == []


@pytest.mark.parametrize(
    "text", ["", "{", '{"a":}', "[1] 2", "'a'", "[1,]", '{"a":1,}', "[" * 300 + "]" * 300, "tru"]
)
def test_what_is_no_json_is_a_text(page: Page, text: str) -> None:
    """A body that cannot be laid out as JSON, or is too deep for it, is not taken for it."""
    assert page.run(f"readJson({json.dumps(text)})") is None


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        "[NaN,-Infinity]",
        "[1e400,-0,1.0,12345678901234567890]",
        '"\\ud800"',
        "[[]]",
    ],
)
def test_what_json_allows_and_more_keeps_its_spelling(page: Page, text: str) -> None:
    """Duplicate members, numbers past all bounds and lone surrogates stand as they were sent."""
    assert "".join(row[0] or "" for row in rows(page, "json", text)) == text


def test_order_and_spelling_of_members_do_not_tear_them_apart(page: Page) -> None:
    """Members are found by name, then by the same name in another spelling.

    One that both have is the one's own.
    """
    assert differing(page, {"a": 1, "b": 2}, {"b": 2, "a": 1}) == []
    assert rows(page, "json", '{"user_id":1}', '{"userId":1}')[1] == ['"user_id":1', '"userId":1']
    assert rows(page, "json", '{"ab":1,"a_b":2}', '{"a_b":2,"ab":1}')[1:3] == [
        ['"ab":1,'] * 2,
        ['"a_b":2'] * 2,
    ]
    assert differing(page, {"n": 1}, {"n": 1.5}) == ["shape"]
    assert differing(page, {"n": 1}, {"n": 2}) == ["value"]
    assert differing(page, [1], [1, 2]) == ["value"]


def test_three_bodies_stand_on_one_line(page: Page) -> None:
    """Every column is read against the first, wherever the others have something or nothing."""
    assert rows(page, "json", '{"a":1}', '{"a":2,"b":3}', "[]") == [
        ["{", "{", "[]"], ['"a":1', '"a":2,', None], [None, '"b":3', None], ["}", "}", None],
    ]  # fmt: skip
    assert rows(page, "text", "a\nb\nc", "a\nx\nc", "b\nc\nd") == [
        ["a", "a", None], ["b", None, "b"], [None, "x", None], ["c", "c", "c"], [None, None, "d"],
    ]  # fmt: skip


@given(
    a=st.lists(st.sampled_from("abc"), max_size=8), b=st.lists(st.sampled_from("abc"), max_size=8)
)
@SHARED_PAGE
def test_lines_keep_their_order(page: Page, a: list[str], b: list[str]) -> None:
    """Each column reads from top to bottom as its text does, and equal lines are on one row."""
    laid_out = rows(page, "text", "\n".join([*a, "end"]), "\n".join([*b, "end"]))
    assert [row[0] for row in laid_out if row[0] is not None] == [*a, "end"]
    assert [row[1] for row in laid_out if row[1] is not None] == [*b, "end"]
    assert laid_out[-1] == ["end", "end"]


def test_a_difference_far_down_is_shown(page: Page) -> None:
    """Equal lines take no room, however many; a body that differs all over is cut, and says so."""
    compared = (
        "(([a, b]) => bodyComparison([a, b].map((list, at) => ({name: 'ab'[at], body: {text: "
        "JSON.stringify(list), "
        "size: 1}})), [{facet: 'value', path: '$'}], 'value')[0].innerText)([%s])"
    )
    long = "Array.from({length: 20000}, (_, at) => at)"
    far = page.run(compared % f"{long}, {long}.with(19000, -1)")
    all_over = page.run(compared % f"{long}, {long}.map(at => -at - 1)")

    assert "-1" in re.split(r"\s+|,", far)
    assert "equal lines" in far
    assert "There are more lines than are shown here" in all_over
