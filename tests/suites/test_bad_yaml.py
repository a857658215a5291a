"""Suite files that are no acceptable YAML: each is refused with the place and the reason."""

from pathlib import Path

import pytest

from tests.suites.reading import SUITE_FIELDS, problems_of

HEAD = "suite: a/b\n"
CASE = "suite: a/b\ncases:\n  - name: x\n"

BAD_YAML = [
    pytest.param("", "1:1: the file is empty", id="nothing"),
    pytest.param("# nothing\n", "1:1: the file is empty", id="only-a-comment"),
    pytest.param(
        "hello\n",
        f"1:1: wanted an object with {SUITE_FIELDS}, got string 'hello'",
        id="text-instead",
    ),
    pytest.param(
        "- suite: a\n",
        f"1:1: wanted an object with {SUITE_FIELDS}, got a list",
        id="a-list",
    ),
    pytest.param(
        "---\n",
        f"2:1: wanted an object with {SUITE_FIELDS}, got null",
        id="null",
    ),
    pytest.param(
        HEAD + "cases:\n\t- name: x\n",
        "3:1: a tab: YAML wants spaces",
        id="tab-indent",
    ),
    pytest.param(
        HEAD + "cases: [1, 2\n",
        "3:1: did not find expected ',' or ']'; the bracket that opens at 2:8 is not closed before "
        "this",
        id="unclosed-items",
    ),
    pytest.param(
        HEAD + "cases: [\n", "3:1: did not find expected node content", id="unclosed-list"
    ),
    pytest.param(HEAD + "cases: 'x\n", "3:1: found unexpected end of stream", id="unclosed-quote"),
    pytest.param(
        HEAD + 'cases: "\\q"\n', "2:9: found unknown escape character", id="unknown-escape"
    ),
    pytest.param(
        HEAD + "  cases: []\n",
        "2:8: mapping values are not allowed in this context",
        id="bad-indent",
    ),
    pytest.param(
        "suite: a: b\n", "1:9: mapping values are not allowed in this context", id="colon-in-value"
    ),
    pytest.param("suite: %a\n", "1:8: found character that cannot start any token", id="percent"),
    pytest.param(
        HEAD + "request: {GET: /}\n---\nsuite: c\n",
        "4:1: a second document; write one document a file",
        id="second-document",
    ),
    pytest.param(
        HEAD + 'cases: "a\x00"\n', "2:10: character U+0000 is not allowed in YAML", id="nul"
    ),
    pytest.param(
        "suite: é\n# ü \x07\n",
        "2:5: character U+0007 is not allowed in YAML",
        id="bell-after-non-ascii",
    ),
    pytest.param(
        HEAD + "# \x7f\n", "2:3: character U+007F is not allowed in YAML", id="delete-char"
    ),
    pytest.param(
        HEAD + "cases: &all []\n",
        "2:8: anchors and aliases (all) are not allowed; write the value out",
        id="anchor",
    ),
    pytest.param(
        HEAD + "cases: *all\n",
        "2:8: anchors and aliases (all) are not allowed; write the value out; quote a text that "
        "starts with '*'",
        id="alias",
    ),
    pytest.param(
        HEAD + "<<: {cases: []}\n",
        "2:1: merge keys are not allowed; write the members out",
        id="merge",
    ),
    pytest.param(
        HEAD + "cases: !!set {a}\n", "2:8: tag 'tag:yaml.org,2002:set' is not allowed", id="tag"
    ),
    pytest.param("!suite {suite: a}\n", "1:1: tag '!suite' is not allowed", id="local-tag"),
    pytest.param(
        "? [suite]\n: a\n", "1:3: a key must be a string, not a list; quote it", id="key-list"
    ),
    pytest.param(
        HEAD + "1: a\n", "2:1: a key must be a string, not integer '1'; quote it", id="key-int"
    ),
    pytest.param(
        HEAD + "true: a\n",
        "2:1: a key must be a string, not boolean 'true'; quote it",
        id="key-bool",
    ),
    pytest.param(HEAD + "~: a\n", "2:1: a key must be a string, not null; quote it", id="key-null"),
    pytest.param(
        HEAD + "cases: []\nsuite: c\n", "3:1: duplicate key 'suite' (first at line 1)", id="dup"
    ),
    pytest.param(
        CASE + "    request: {POST: /, json: {a: 1, a: 2}}\n",
        "4:37: duplicate key 'a' (first at line 4)",
        id="dup-in-body",
    ),
    pytest.param(
        CASE + "    request: {POST: /, json: {a: .inf}}\n",
        "4:34: .inf is no JSON number; quote it if text is meant",
        id="inf",
    ),
    pytest.param(
        CASE + "    request: {POST: /, json: [.NaN]}\n",
        "4:31: .NaN is no JSON number; quote it if text is meant",
        id="nan",
    ),
    pytest.param(
        "%YAML 3.0\n---\nsuite: a\n", "1:1: found incompatible YAML document", id="directive"
    ),
]


@pytest.mark.parametrize(("written", "problems"), BAD_YAML)
def test_bad_yaml(tmp_path: Path, written: str, problems: str) -> None:
    """What the strict YAML refuses is named with its line and column."""
    assert problems_of(tmp_path, written) == problems
