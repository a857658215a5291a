"""JSON paths: written, read back, and what a pattern stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.model.json_path import (
    ANY_ELEMENT,
    ANY_MEMBER,
    JsonPath,
    Segment,
    covers,
    parse_path,
    render_path,
)

SEGMENTS: st.SearchStrategy[Segment] = st.one_of(
    st.text(max_size=8), st.integers(0, 999_999_999), st.sampled_from([ANY_ELEMENT, ANY_MEMBER])
)
PATHS = st.lists(SEGMENTS, max_size=6).map(tuple)
EXAMPLES = [
    pytest.param("$", (), id="root"),
    pytest.param("$.items[*].id", ("items", ANY_ELEMENT, "id"), id="wildcard"),
    pytest.param("$.*[0].a-b_2", (ANY_MEMBER, 0, "a-b_2"), id="any-member"),
    pytest.param("$['a b']['']['1']", ("a b", "", "1"), id="quoted"),
    pytest.param(r"$['it\'s']['a\\b']", ("it's", "a\\b"), id="escaped"),
    pytest.param("$['[*]']['.*']['$']", ("[*]", ".*", "$"), id="names-that-look-like-syntax"),
    pytest.param("$['ä']['😀']['\n']", ("ä", "😀", "\n"), id="not-ascii"),
]


@pytest.mark.parametrize(("written", "path"), EXAMPLES)
def test_examples(written: str, path: JsonPath) -> None:
    """A path is read and written the same way."""
    assert parse_path(written) == path
    assert render_path(path) == written


@given(PATHS)
def test_round_trip(path: JsonPath) -> None:
    """Any path of names, indexes and wildcards is read back from its text."""
    assert parse_path(render_path(path)) == path


@given(PATHS, PATHS)
def test_texts_are_unique(first: JsonPath, second: JsonPath) -> None:
    """Two paths have one text only if they are one."""
    assert (render_path(first) == render_path(second)) == (first == second)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        pytest.param("", r"a path starts with '\$', not ''", id="empty"),
        pytest.param("items", r"a path starts with '\$', not 'i'", id="no-root"),
        pytest.param("$items", "cannot read 'items' at column 2", id="no-dot"),
        pytest.param("$.a.", r"cannot read '\.' at column 4", id="open-end"),
        pytest.param("$.a..b", r"cannot read '\.\.b' at column 4", id="descendants"),
        pytest.param("$.1", r"cannot read '\.1' at column 2", id="digit-name"),
        pytest.param("$[-1]", r"cannot read '\[-1\]' at column 2", id="negative"),
        pytest.param("$[01]", r"cannot read '\[01\]' at column 2", id="leading-zero"),
        pytest.param("$[1:2]", r"cannot read '\[1:2\]' at column 2", id="slice"),
        pytest.param("$['a]", r"""cannot read "\['a\]" at column 2""", id="open-quote"),
        pytest.param(r"$['\n']", "at column 2", id="unknown-escape"),
        pytest.param('$["a"]', "at column 2", id="double-quotes"),
        pytest.param("$[?@.a]", "at column 2", id="filter"),
        pytest.param("$ .a", "at column 2", id="space"),
    ],
)
def test_unreadable(written: str, problem: str) -> None:
    """What is outside the subset is refused with the column where reading ended."""
    with pytest.raises(ValueError, match=problem):
        parse_path(written)


@given(st.text(alphabet="$.[]*'\\a0 -", max_size=12))
def test_text_is_a_path_or_refused(written: str) -> None:
    """Any text is a path that renders to something equal, or a ValueError."""
    try:
        path = parse_path(written)
    except ValueError:
        return
    assert parse_path(render_path(path)) == path


def test_message_about_a_long_path_is_short() -> None:
    """A message quotes only the start of what it cannot read."""
    with pytest.raises(ValueError, match="at column 2") as caught:
        parse_path("$" + "x" * 100_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        pytest.param("$.a[*].b", "$.a[3].b", True, id="index"),
        pytest.param("$.a[*].b", "$.a[*].b", True, id="generalised"),
        pytest.param("$.a[3]", "$.a[*]", False, id="one-index-is-not-all"),
        pytest.param("$.*", "$.a", True, id="member"),
        pytest.param("$.*", "$.*", True, id="any-member"),
        pytest.param("$.*", "$[0]", False, id="member-is-no-element"),
        pytest.param("$[*]", "$.a", False, id="element-is-no-member"),
        pytest.param("$['0']", "$[0]", False, id="name-is-no-index"),
        pytest.param("$.a", "$.a.b", False, id="not-what-is-below"),
        pytest.param("$.a.b", "$.a", False, id="not-what-is-above"),
        pytest.param("$", "$", True, id="root"),
    ],
)
def test_covers(pattern: str, path: str, covered: bool) -> None:
    """A pattern matches paths of its length whose segments are equal or of a wildcard's kind."""
    assert covers(parse_path(pattern), parse_path(path)) is covered


@given(PATHS)
def test_a_path_covers_itself(path: JsonPath) -> None:
    """Every path, generalised or not, stands for itself."""
    assert covers(path, path)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("caf\u00e9", "$['caf\u00e9']"),
        ("cafe\u0301", "$['cafe\\u0301']"),
        ("a\u00a0b", "$['a\\u00a0b']"),
        ("a b", "$['a b']"),
        ("\\u0301", "$['\\\\u0301']"),
    ],
)
def test_names_that_look_alike_are_written_in_two_ways(name: str, written: str) -> None:
    """A separate accent and a no-break space are written as codes, and read back, also in rules."""
    assert render_path((name,)) == written
    assert parse_path(written) == (name,)
