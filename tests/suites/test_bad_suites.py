"""Suite files with wrong suite-level fields: each problem with its place, all of a file at once."""

from pathlib import Path

import pytest

from tests.suites.reading import SUITE_FIELDS, problems_of

HEAD = "suite: a/b\n"
GOOD = "cases:\n  - name: x\n    request: {GET: /}\n"

BAD_SUITES = [
    pytest.param(HEAD, "1:1: field 'cases' is missing: the cases", id="no-cases"),
    pytest.param(
        GOOD, "1:1: field 'suite' is missing: the id that starts every case id", id="no-suite"
    ),
    pytest.param(
        HEAD + "cases: []\n", "2:8: wanted at least 1 in this list, got 0", id="empty-cases"
    ),
    pytest.param(HEAD + "cases:\n", "2:7: wanted a list, got null", id="cases-null"),
    pytest.param(
        HEAD + "cases: {name: x}\n", "2:8: wanted a list, got an object", id="cases-object"
    ),
    pytest.param(
        "suite: 1\n" + GOOD,
        "1:8: wanted an id such as area/topic, got integer '1'; quote it",
        id="suite-number",
    ),
    pytest.param(
        "suite: A/b\n" + GOOD, "1:8: wanted an id such as area/topic, got 'A/b'", id="suite-capital"
    ),
    pytest.param(
        "suite: a/\n" + GOOD, "1:8: wanted an id such as area/topic, got 'a/'", id="suite-slash"
    ),
    pytest.param(
        HEAD + "casez: []\n" + GOOD + GOOD.removeprefix("cases:\n"),
        "2:1: unknown field 'casez'; did you mean 'cases'?\n6:11: case 'x' is already at line 4",
        id="repeated-name-beside-others",
    ),
    pytest.param(
        HEAD + "casez: []\n",
        "1:1: field 'cases' is missing: the cases\n2:1: unknown field 'casez'; did you mean "
        "'cases'?",
        id="unknown-root",
    ),
    pytest.param(
        HEAD + "zzzzzz: 1\n" + GOOD,
        f"2:1: unknown field 'zzzzzz'; known: {SUITE_FIELDS}",
        id="unknown-root-far",
    ),
    pytest.param(
        HEAD + "against: [a]\n" + GOOD,
        "2:10: wanted a short lower-case word, got a list",
        id="against-list",
    ),
    pytest.param(
        HEAD + "compare: shapes\n" + GOOD,
        "2:10: wanted one of status, shape, value, got 'shapes'; did you mean 'shape'?",
        id="compare-wrong",
    ),
    pytest.param(
        HEAD + "compare: true\n" + GOOD,
        "2:10: wanted one of status, shape, value, got boolean 'true'; quote it",
        id="compare-bool",
    ),
    pytest.param(
        HEAD + "tags: probe\n" + GOOD, "2:7: wanted a list, got string 'probe'", id="tags-text"
    ),
    pytest.param(
        HEAD + "tags: [Slow one]\n" + GOOD,
        "2:8: wanted a short lower-case word, got 'Slow one'",
        id="tag-space",
    ),
    pytest.param(
        HEAD + "requires: [1]\n" + GOOD,
        "2:12: wanted a short lower-case word, got integer '1'; quote it",
        id="requires-int",
    ),
    pytest.param(
        HEAD + "timeout_ms: 0\n" + GOOD,
        "2:13: wanted an integer from 1 to 600000, got 0",
        id="timeout-zero",
    ),
    pytest.param(
        HEAD + "timeout_ms: '5'\n" + GOOD,
        "2:13: wanted an integer, got string '5'",
        id="timeout-text",
    ),
    pytest.param(
        HEAD + "timeout_ms: 1.5\n" + GOOD,
        "2:13: wanted an integer, got number '1.5'",
        id="timeout-float",
    ),
    pytest.param(
        HEAD + "timeout_ms: " + "9" * 5000 + "\n" + GOOD,
        "2:13: wanted an integer from 1 to 600000, got 999999999999999999…",
        id="timeout-digits",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $.a}\n" + GOOD,
        "3:5: field 'why' is missing: why this is no difference",
        id="rule-without-a-reason",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $.a, why: w}\n" + GOOD,
        "3:5: what may differ at the path is missing: one of is, numbers, approx, key, as, order",
        id="rule-without-a-form",
    ),
    pytest.param(
        HEAD + "rules:\n  - {why: w}\n" + GOOD,
        "3:5: wanted exactly one of path, header, note; got none",
        id="rule-empty",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $, note: minus-zero, why: w}\n" + GOOD,
        "3:5: wanted exactly one of path, header, note; got path, note",
        id="rule-of-two-things",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $, is: any, as: set, why: w}\n" + GOOD,
        "3:5: wanted at most one of note, is, numbers, approx, key, as, order; got is, as",
        id="rule-of-two-forms",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $, approx: {}, why: w}\n" + GOOD,
        "3:23: wanted relative, absolute or both, got neither",
        id="rule-without-a-tolerance",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $, approx: {absolute: -1}, why: w}\n" + GOOD,
        "3:34: wanted a number from 0 on, such as 0.001 or 1e-6, got integer '-1'",
        id="rule-below-zero",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $, numbers: lexeme, why: w}\n" + GOOD,
        "3:24: wanted one of value, got 'lexeme'",
        id="rule-that-tightens",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: a, is: any, why: w}\n" + GOOD,
        "3:12: wanted a path from '$', got 'a'",
        id="rule-path",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: '$.a[-1]', is: any, why: w}\n" + GOOD,
        "3:12: cannot read '[-1]' at column 4; names, [0], [*], .*, .** and ['quoted'] are known",
        id="rule-path-bad",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: '$.a.**', is: any, why: w}\n" + GOOD,
        "3:12: $.a.**: a rule is about one place; `.**` is for ledger rows",
        id="rule-path-of-any-depth",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: '$.a[0].b', is: any, why: w}\n" + GOOD,
        "3:12: $.a[0].b: a rule is about every element of a list; write [*]",
        id="rule-path-index",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $, is: strin, why: w}\n" + GOOD,
        "3:19: wanted one of any, null, boolean, integer, number, "
        "string, array, object, uuid, timestamp, got 'strin'; did you mean 'string'?",
        id="rule-kind",
    ),
    pytest.param(
        HEAD + "rules:\n  - {path: $, is: any, why: ' '}\n" + GOOD,
        "3:29: wanted a reason, got ' '",
        id="rule-why",
    ),
    pytest.param(
        HEAD + "compare: " + "x" * 500 + "\n" + GOOD,
        "2:10: wanted one of status, shape, value, got "
        "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'",
        id="long-value",
    ),
    pytest.param(
        "suite: A\ncompare: full\ntags: x\ncases:\n  - name: Y\n    request: {GET: a}\n    "
        "expect: {status: no}\n",
        "1:8: wanted an id such as area/topic, got 'A'\n"
        "2:10: wanted one of status, shape, value, got 'full'\n"
        "3:7: wanted a list, got string 'x'\n"
        "5:11: wanted lower-case words joined by '-', got 'Y'\n"
        "6:20: wanted a path from '/', percent-encoded, without spaces, or ${name}, got 'a'\n"
        "7:22: wanted a status such as 404, or a class such as 4xx, got 'no'",
        id="all-at-once",
    ),
]


@pytest.mark.parametrize(("written", "problems"), BAD_SUITES)
def test_bad_suites(tmp_path: Path, written: str, problems: str) -> None:
    """A wrong field of a suite is named with its line, its column and what was wanted."""
    assert problems_of(tmp_path, written) == problems
