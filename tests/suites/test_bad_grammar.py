"""Wrong captures, matchers, matrices, bodies and settings: each problem with place and remedy."""

from pathlib import Path

import pytest

from conformance.suites.suite_file import read_suite
from tests.suites.reading import problems_of

HEAD = "suite: a/b\ncases:\n  - name: x\n"
ONE = HEAD + "    request: {GET: /}\n"


def expecting(written: str) -> str:
    """Return a case with an expectation."""
    return ONE + f"    expect: {written}\n"


def posting(written: str) -> str:
    """Return a case with a body."""
    return HEAD + f"    request: {{POST: /, {written}}}\n"


BAD = [
    pytest.param(
        ONE + "    capture: {id: id}\n",
        "5:19: wanted a path from '$', got 'id'",
        id="capture-no-path",
    ),
    pytest.param(
        ONE + "    capture: {id: '$.a[*]'}\n",
        "5:19: '$.a[*]' may mean several values; a capture takes one, as [0] does",
        id="capture-wildcard",
    ),
    pytest.param(
        ONE + "    capture: {id: {path: $.a, header: b}}\n",
        "5:19: wanted at most one of path, header, cookie; got path, header",
        id="capture-two-sources",
    ),
    pytest.param(
        ONE + "    capture: {id: [a]}\n",
        "5:19: wanted a path from '$' or an object with path, header, cookie, regex, token, as, "
        "identity, got a list",
        id="capture-list",
    ),
    pytest.param(
        ONE + "    capture: {Id: $.a}\n",
        "5:15: unknown field 'Id'; did you mean 'id'?",
        id="capture-name",
    ),
    pytest.param(
        HEAD + "    steps:\n      - {request: {GET: /}, capture: {a: $.a}}\n"
        "      - {request: {GET: /}, capture: {a: $.b}}\n",
        "6:39: 'a' is already captured by step 1",
        id="capture-twice",
    ),
    pytest.param(
        HEAD + "    steps:\n      - {request: {GET: '/${a}'}, capture: {a: $.a}}\n",
        "5:25: nothing is named 'a' here; write $${ if the text itself is meant",
        id="captured-later",
    ),
    pytest.param(
        HEAD + "    steps:\n      - {request: {GET: /}, capture: {worker: $.a}}\n      - {request: "
        "{GET: '/${wroker}'}}\n",
        "6:25: nothing is named 'wroker' here; did you mean 'worker'?",
        id="captured-misspelt",
    ),
    pytest.param(
        HEAD + "    request: {GET: '/${fresh:a}'}\n",
        "4:20: a fresh name such as 'fresh:a' needs `isolate: names`",
        id="fresh-without-isolation",
    ),
    pytest.param(
        "suite: a/b\nisolate: names\ncases: [{name: x, request: {GET: '/${fresh:A-b}'}}]\n",
        "3:34: nothing is named 'fresh:A-b' here; write $${ if the text itself is meant",
        id="fresh-no-word",
    ),
    pytest.param(
        ONE + "    isolate: database\n",
        "5:14: wanted one of names, got 'database'",
        id="isolate-otherwise",
    ),
    pytest.param(
        ONE + "    lacking: {status: 404}\n",
        "5:14: field 'lacking' goes with 'requires' only",
        id="lacking-what",
    ),
    pytest.param(
        ONE + "    requires: [a]\n    lacking: {}\n",
        "6:14: field 'status' is missing: the status, or a list of them",
        id="lacking-how",
    ),
    pytest.param(
        "suite: a/b\nenv: ['A B']\ncases: [{name: x, request: {GET: /}}]\n",
        "2:7: wanted the name of a variable, got 'A B'",
        id="env-name",
    ),
    pytest.param(
        "suite: a/b\nenv: [A]\ncases: [{name: x, request: {GET: /}, expect: {json: '${env:A}'}}]\n",
        "3:53: a secret is not compared with anything",
        id="env-in-expectation",
    ),
    pytest.param(
        ONE + "    cleanup: [{request: {GET: /}, expect: {status: 200}}]\n",
        "5:35: unknown field 'expect'; known: request",
        id="cleanup-expects",
    ),
    pytest.param(
        ONE + "    cleanup: [{request: {GET: '/${a}'}}]\n",
        "5:31: nothing is named 'a' here; write $${ if the text itself is meant",
        id="cleanup-name",
    ),
    pytest.param(
        ONE + "    rules: [{path: $.a, is: any, why: '${a}'}]\n",
        "5:39: nothing is named 'a' here; write $${ if the text itself is meant",
        id="name-in-a-rule",
    ),
    pytest.param(
        expecting("{json: {$re: '(a'}}"),
        "5:26: no pattern that RE2 can run: 'missing ): (a'",
        id="re-unclosed",
    ),
    pytest.param(
        expecting("{json: {$re: '(?=a)'}}"),
        "5:26: no pattern that RE2 can run: 'invalid perl operator: (?='",
        id="re-look-ahead",
    ),
    pytest.param(
        expecting(r"{json: {$re: '(a)\1'}}"),
        r"5:26: no pattern that RE2 can run: 'invalid escape sequence: \\1'",
        id="re-back-reference",
    ),
    pytest.param(
        expecting("{json: {$re: 'a{1000}{1000}'}}"),
        "5:26: no pattern that RE2 can run: 'bad repetition operator: {1000}{1000}'",
        id="re-bomb",
    ),
    pytest.param(
        expecting("{json: {$re: '" + "a" * 1001 + "'}}"),
        "5:26: a pattern of more than 1000 characters",
        id="re-long",
    ),
    pytest.param(
        expecting("{json: {$reg: a}}"),
        "5:20: wanted exactly one of $is, $re, $any, $not, $has, $len, $range, $open; got none\n"
        "5:21: unknown field '$reg'; did you mean '$re'?",
        id="matcher-unknown",
    ),
    pytest.param(
        expecting("{json: {$is: uuid, a: 1}}"),
        "5:32: unknown field 'a'; known: $is, $re, $any, $not, $has, $len, $range, $open",
        id="matcher-and-member",
    ),
    pytest.param(
        expecting("{json: {$is: uuid, $len: 1}}"),
        "5:20: wanted exactly one of $is, $re, $any, $not, $has, $len, $range, $open; got $is, "
        "$len",
        id="two-matchers",
    ),
    pytest.param(
        expecting("{json: [{a: {$any: []}}]}"),
        "5:32: wanted at least 1 in this list, got 0",
        id="any-of-none",
    ),
    pytest.param(
        expecting("{json: {$any: [{$is: uid}]}}"),
        "5:34: wanted one of any, null, boolean, integer, number, string, "
        "array, object, uuid, timestamp, got 'uid'; did you mean 'uuid'?",
        id="nested-matcher",
    ),
    pytest.param(
        expecting("{json: {$len: -1}}"),
        "5:27: wanted an integer from 0 to 1000000000, got -1",
        id="len-negative",
    ),
    pytest.param(
        expecting("{json: {$len: a}}"),
        "5:27: wanted an integer or a list, got string 'a'",
        id="len-text",
    ),
    pytest.param(
        expecting("{json: {$len: [1, 2, 3]}}"),
        "5:27: wanted at most 2 in this list, got 3",
        id="len-three",
    ),
    pytest.param(
        expecting("{json: {$range: [2, 1]}}"),
        "5:29: wanted the smaller bound first, got 2 and 1",
        id="range-reversed",
    ),
    pytest.param(
        expecting("{json: {$range: [null, null]}}"),
        "5:29: wanted at least one bound",
        id="range-of-all",
    ),
    pytest.param(
        expecting("{json: {$range: [1, 1e9999999]}}"),
        "5:33: '1e9999999' is out of range",
        id="range-huge",
    ),
    pytest.param(
        expecting("{json: {$range: ['1', 2]}}"),
        "5:30: wanted a number or null, got string '1'",
        id="range-text",
    ),
    pytest.param(
        expecting("{json: 'a ${b}'}"),
        "5:20: in an expectation a name stands alone, not within 'a ${b}'\n"
        "5:20: nothing is named 'b' here; write $${ if the text itself is meant",
        id="name-within-text",
    ),
    pytest.param(
        expecting("{json: {'a${b}': 1}}"),
        "5:21: a member's name in an expectation is literal; write $${ for ${\n"
        "5:21: nothing is named 'b' here; write $${ if the text itself is meant",
        id="name-in-member",
    ),
    pytest.param(posting("base64: 'a'"), "4:32: no base64: ", id="base64-torn"),
    pytest.param(posting("base64: '€€€€'"), "4:32: no base64: ", id="base64-none"),
    pytest.param(
        posting("file: ../../etc/passwd"), "4:30: '../../etc/passwd' leads out of", id="file-above"
    ),
    pytest.param(
        posting("file: /etc/passwd"), "4:30: '/etc/passwd' leads out of", id="file-absolute"
    ),
    pytest.param(
        posting("file: none.bin"),
        "4:30: 'none.bin': no such file beside this suite",
        id="file-none",
    ),
    pytest.param(posting("file: ."), "4:30: '.': no such file beside this suite", id="file-folder"),
    pytest.param(
        posting('file: "a\\0b"'), "4:30: wanted the path of a file, got 'a\\x00b'", id="file-nul"
    ),
    pytest.param(posting("file: '" + "a/" * 3000 + "'"), "4:30: ", id="file-long"),
    pytest.param(
        posting("file: '${a}'"),
        "4:30: '${a}': no such file beside this suite\n4:30: nothing is named 'a' here",
        id="file-name",
    ),
    pytest.param(
        posting("form: {a: 1}"),
        "4:34: wanted a string, got integer '1'; quote it",
        id="form-number",
    ),
    pytest.param(
        posting("multipart: [{value: x}]"),
        "4:36: field 'name' is missing: the name of the field",
        id="part-name",
    ),
    pytest.param(
        posting("multipart: [{name: a}]"),
        "4:36: wanted exactly one of value, base64, file; got none",
        id="part-empty",
    ),
    pytest.param(
        posting("multipart: [{name: a, file: none}]"),
        "4:52: 'none': no such file beside this suite",
        id="part-file",
    ),
    pytest.param(
        HEAD + "    request: {method: 'a b', target: /}\n",
        "4:23: wanted a method token, got 'a b'",
        id="method-space",
    ),
    pytest.param(
        HEAD + "    request: {method: a}\n",
        "4:15: field 'method' goes with 'target' only",
        id="method-alone",
    ),
    pytest.param(
        HEAD + "    request: {GET: /, target: /}\n",
        "4:23: field 'target' goes with 'method' only",
        id="target-alone",
    ),
]


@pytest.mark.parametrize(("written", "problems"), BAD)
def test_bad_grammar(tmp_path: Path, written: str, problems: str) -> None:
    """Each problem is named with its line, its column and what was wanted."""
    folder = tmp_path / "inside"
    folder.mkdir()
    found = problems_of(folder, written)
    assert (
        found.startswith(problems)
        if problems.endswith((": ", "here", "out of"))
        else found == problems
    )


def test_a_header_field_is_called_like_a_matcher(tmp_path: Path) -> None:
    """The name of a header field says nothing about what is expected of it."""
    named = "{headers: {$len: [false], $range: 1, $re: '('}}"
    (tmp_path / "s.yaml").write_text(expecting(named), encoding="utf-8")
    (case,) = read_suite(tmp_path / "s.yaml")
    (step,) = case.steps
    assert step.expectation is not None
    assert [name for name, _ in step.expectation.headers] == ["$len", "$range", "$re"]


def test_a_link_that_leads_out(tmp_path: Path) -> None:
    """A link does not take a file out of the suite's folder.

    Inside the repository everything may be named.
    """
    outside, folder = tmp_path / "secret.txt", tmp_path / "repository" / "cases"
    folder.mkdir(parents=True)
    outside.write_text("secret")
    (folder / "link").symlink_to(outside)
    assert problems_of(folder, posting("file: link")) == "4:30: 'link' leads out of cases"
    (folder.parent / ".git").mkdir()
    (folder.parent / "picture.bin").write_bytes(b"\xff")
    assert problems_of(folder, posting("file: ../picture.bin")) == ""
    assert (
        problems_of(folder, posting("file: ../../secret.txt"))
        == "4:30: '../../secret.txt' leads out of repository"
    )


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """A file is read up to a bound."""
    with (tmp_path / "large").open("wb") as large:
        large.truncate((16 << 20) + 1)
    assert (
        problems_of(tmp_path, posting("file: large"))
        == "4:30: 'large' has more than 16777216 bytes"
    )
