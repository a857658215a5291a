"""One case, written once and read as many: ids, what is filled in where, and size bounds."""

import time
from pathlib import Path

import pytest

from tests.suites.reading import cases_in, problems_of

HEAD = "suite: a/b\ncases:\n  - name: x\n"


def ids(folder: Path, matrix: str, request: str = "{GET: /}") -> list[str]:
    """Return the names of the cases that a matrix makes."""
    return [
        case.name
        for case in cases_in(folder, f"{HEAD}    matrix: {matrix}\n    request: {request}\n")
    ]


def test_the_example_of_malformed_bodies(tmp_path: Path) -> None:
    """Every value is a case with a readable id of its own."""
    written = (
        HEAD
        + "    matrix: {body: ['{bad', 'null', '[]']}\n    request: {POST: /, raw: '${body}'}\n"
    )
    cases = cases_in(tmp_path, written)
    assert [(case.id, case.steps[0].request.body) for case in cases] == [
        ("a/b/x[body=bad~c57827]", b"{bad"),
        ("a/b/x[body=null~ff0da6]", b"null"),
        ("a/b/x[body=~b4e2c3]", b"[]"),
    ]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        pytest.param("word", "word", id="word"),
        pytest.param("a-b_c.1", "a-b_c.1", id="plain-signs"),
        pytest.param("1", "1", id="integer"),
        pytest.param("-1.50", "-1.50", id="number"),
        pytest.param("null", "null", id="null"),
        pytest.param("~", "null", id="tilde"),
        pytest.param("True", "true", id="boolean"),
        pytest.param("'1'", "1~", id="text-like-a-number"),
        pytest.param("'true'", "true~", id="text-like-a-boolean"),
        pytest.param("''", "~", id="empty"),
        pytest.param("a b/c", "a-b-c~", id="spaced"),
        pytest.param("'" + "long" * 10 + "'", "longlonglonglonglonglong~", id="long"),
        pytest.param("{a: 1}", "a-1~", id="object"),
        pytest.param('"\\n"', "~", id="line"),
        pytest.param("1" * 40, "1" * 24 + "~", id="long-number"),
    ],
)
def test_ids_say_their_values(tmp_path: Path, value: str, word: str) -> None:
    """A value that is a word stands for itself.

    Any other gets a digest, so that no two values share an id.
    """
    (name,) = ids(tmp_path, f"{{v: [{value}]}}")
    assert name == f"x[v={word}]" if "~" not in word else name.startswith(f"x[v={word}")
    assert len(name) < 50
    assert name.isascii()


def test_ids_do_not_depend_on_the_order(tmp_path: Path) -> None:
    """Values and names may be added and moved without any other id changing."""
    small = ids(tmp_path, "{b: [1, two], a: [x]}")
    large = ids(tmp_path, "{a: [y, x], c: [0], b: [3, two, 1]}")
    assert small == ["x[a=x,b=1]", "x[a=x,b=two]"]
    assert set(ids(tmp_path, "{a: [y, x], b: [3, two, 1]}")) > set(small)
    assert len(large) == 6


def test_kinds_are_kept(tmp_path: Path) -> None:
    """Alone in a string a value keeps its kind, anywhere in the case; within text it is text."""
    written = (
        HEAD
        + """\
    matrix: {v: [1, "1", null, [true], {k: x}], status: [404]}
    request: {POST: "/a", json: {v: "${v}", "n${status}": "<${status}>", literal: "$${v}"}}
    expect: {status: "${status}", json: {got: "${v}"}}
"""
    )
    bodies = [case.steps[0].request.body for case in cases_in(tmp_path, written)]
    assert bodies == [
        b'{"v":%s,"n404":"<404>","literal":"${v}"}' % value
        for value in (b"1", b'"1"', b"null", b"[true]", b'{"k":"x"}')
    ]
    assert {case.steps[0].expectation.statuses for case in cases_in(tmp_path, written)} == {
        ("404",)
    }


def test_targets_are_the_authors(tmp_path: Path) -> None:
    """A value in a target is sent as it is written, as all that an author writes."""
    written = (
        HEAD + "    matrix: {at: [/a/../b, '/%2e', '/x?y=z&w']}\n    request: {GET: '${at}'}\n"
    )
    assert [case.steps[0].request.target for case in cases_in(tmp_path, written)] == [
        "/a/../b",
        "/%2e",
        "/x?y=z&w",
    ]
    assert problems_of(tmp_path, written.replace("/%2e", "no path")).startswith(
        "4:28: wanted a path from '/'"
    )


BAD = [
    pytest.param("{v: [a, b, a]}", "3:11: case 'x[v=a]' is already at line 3", id="value-twice"),
    pytest.param("{v: []}", "4:17: wanted at least 1 in this list, got 0", id="no-value"),
    pytest.param("{v: a}", "4:17: wanted a list, got string 'a'", id="no-list"),
    pytest.param("[a]", "4:13: wanted an object, got a list", id="list"),
    pytest.param("{V: [a]}", "4:14: unknown field 'V'; did you mean 'v'?", id="name"),
    pytest.param(
        "{a: ["
        + ", ".join(map(str, range(40)))
        + "], b: ["
        + ", ".join(map(str, range(40)))
        + "]}",
        "4:13: 1600 combinations; at most 1000 cases",
        id="too-many",
    ),
]


@pytest.mark.parametrize(("matrix", "problems"), BAD)
def test_bad_matrices(tmp_path: Path, matrix: str, problems: str) -> None:
    """A matrix that cannot be filled in is named."""
    assert (
        problems_of(tmp_path, f"{HEAD}    matrix: {matrix}\n    request: {{GET: /}}\n") == problems
    )


def test_values_that_do_not_fit(tmp_path: Path) -> None:
    """A value is held to the grammar where it lands, at its own place.

    A list within text is refused.
    """
    head = HEAD + "    matrix: {v: [1, [2], a b]}\n"
    assert problems_of(tmp_path, head + "    request: {POST: /, raw: '${v}'}\n") == (
        "4:18: wanted a string, got integer '1'; quote it\n4:21: wanted a string, got a list"
    )
    assert problems_of(tmp_path, head + "    request: {POST: /, raw: 'a ${v}'}\n") == (
        "5:29: 'v' is no text where it is a list (suite.yaml:4:21)"
    )
    assert problems_of(tmp_path, head + "    request: {POST: /, json: {'x${v}': 1}}\n").startswith(
        "5:31: 'v' is no text"
    )
    assert problems_of(
        tmp_path, HEAD + "    matrix: {v: [a]}\n    request: {POST: /, json: {a: 1, '${v}': 2}}\n"
    ) == ("5:37: duplicate key 'a' once names are filled in")


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(
            "    matrix: {v: [" + ", ".join(map(str, range(1000))) + "]}\n"
            "    request: {POST: /, json: [" + ", ".join(["a"] * 500) + "]}\n",
            id="nodes",
        ),
        pytest.param(
            f"    matrix: {{v: ['{'y' * 300_000}', b]}}\n"
            "    request: {POST: /, json: [" + ", ".join(["'${v}${v}${v}'"] * 5_000) + "]}\n",
            id="characters",
        ),
        pytest.param(
            "    matrix: {"
            + ", ".join(f"a{number}: [0, 1, 2]" for number in range(40))
            + "}\n    request: {GET: /}\n",
            id="axes",
        ),
    ],
)
def test_matrix_bombs(tmp_path: Path, written: str) -> None:
    """A small file that would come to a huge one is refused before it does."""
    before = time.process_time()
    assert (
        "at most 1000" in (found := problems_of(tmp_path, HEAD + written))
        or "come to too much" in found
    )
    assert time.process_time() - before < 20  # a bomb would take minutes
