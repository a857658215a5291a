"""What a row of the ledger may not say is named with its place."""

from pathlib import Path

import pytest

from tests.ledger.row_texts import ROW, VALUES, WORK, problems


@pytest.mark.parametrize("missing", [name for name in ROW if name != "at"])
def test_required_fields(tmp_path: Path, missing: str) -> None:
    """Each required field that is missing is named at its row."""
    (problem,) = problems(tmp_path, ROW | {missing: ""})
    assert problem.startswith(f"2:5: field '{missing}' is missing: ")


TWO = '{a: "1", b: "2"}'
OTHER = '{a: "1", b: "3"}'
PLACES = {"at": '["$.a", "$.b"]'}
MANY = ", ".join(
    f'"$.{place}": [{", ".join(f"{{a: x, b: {place}{number}}}" for number in range(11))}]'
    for place in "ab"
)
DONE = "4:12: a done decision names its commit (repo@sha), and only a done one does"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        pytest.param({"id": "D-1"}, "2:9: wanted an id such as D-001, got 'D-1'", id="id"),
        pytest.param({"title": "' '"}, "3:12: wanted words, got ' '", id="title"),
        pytest.param(
            {"state": "close"}, "4:12: wanted one of open, accepted, done, got 'close'", id="state"
        ),
        pytest.param(
            {"kind": "must-match"},
            "5:11: wanted one of must_match, intentional, unsupported, extension, research, work, "
            "got 'must-match'; did you mean 'must_match'?",
            id="kind",
        ),
        pytest.param(
            {"cause": "number-as-sting"},
            "6:12: unknown cause 'number-as-sting'; did you mean 'number-as-string'?",
            id="cause",
        ),
        pytest.param(
            {"code": "GONE"},
            "13:11: code goes only with a cause about statuses, or about a result with an error",
            id="code",
        ),
        pytest.param(
            {"at": '["body.x"]'}, "7:10: wanted exchange, status, kind, `header NAME`", id="place"
        ),
        pytest.param({"at": '["$.a["]'}, "7:10: cannot read '[' at column 4", id="path"),
        pytest.param(
            {"at": '["$.a[0]"]'}, "7:10: $.a[0]: a row is about every element of a list", id="index"
        ),
        pytest.param({"at": '["$.**"]'}, "7:10: $.** stands for many names", id="any-depth"),
        pytest.param(
            {"where": "[]"}, "8:12: wanted at least 1 in this list, got 0", id="where-empty"
        ),
        pytest.param(
            {"where": "['a b']"},
            "8:13: wanted a case id, or with `grows` a glob over case",
            id="where-space",
        ),
        pytest.param(
            {"where": "[a/b, a/*]"},
            "8:18: a/* is a glob: list the cases by id, or write `grows: true`",
            id="glob",
        ),
        pytest.param(
            {"sides": "{flat: []}"}, "9:19: wanted at least 1 in this list, got 0", id="side-empty"
        ),
        pytest.param(
            {"sides": "{flat: [go]}"}, "9:12: wanted at least two sides, got 1", id="one-side"
        ),
        pytest.param(
            {"sides": "{flat: [Go], x: [a]}"},
            "9:20: wanted the name of a runtime, got 'Go'",
            id="runtime",
        ),
        pytest.param(
            {"sides": "{flat: [go], x: [rust, go]}"},
            "9:35: go cannot be on both sides",
            id="both-sides",
        ),
        pytest.param(
            {"sides": "{200: [go], x: [a]}"}, "9:13: a key must be a string", id="unquoted-status"
        ),
        pytest.param(
            {"fix": "nested"},
            "13:10: fix names a side to be changed: one of flat, tagged",
            id="fix",
        ),
        pytest.param(
            VALUES,
            "6:12: field 'pin' is missing: a row about values says which, or a bound",
            id="no-pin",
        ),
        pytest.param(
            VALUES | {"pin": '{values: [{a: "1"}]}'},
            "13:20: wanted a value for at least two of the sides a, b",
            id="pin-of-one-side",
        ),
        pytest.param(
            VALUES | {"pin": '{values: [{a: "1", c: "2"}]}'},
            "13:20: wanted a value for at least two of the sides a, b",
            id="pin-of-another-side",
        ),
        pytest.param(
            VALUES | {"pin": "{within: {}}"},
            "13:19: wanted absolute, relative or both",
            id="empty-bound",
        ),
        pytest.param(
            VALUES | {"pin": "{order: false}"},
            "13:18: wanted order: true, or another bound",
            id="order-false",
        ),
        pytest.param(
            VALUES | {"pin": '{matches: "("}'},
            "13:20: no pattern that RE2 can run",
            id="bad-pattern",
        ),
        pytest.param(
            VALUES | {"pin": "{any: true, order: true}"},
            "13:10: wanted exactly one of values",
            id="two-pins",
        ),
        pytest.param(
            VALUES | {"pin": '{values: [{a: "1", b: "2"}]}', "grows": "true"},
            "13:19: a row that grows needs a bound: within, matches, order or any",
            id="values-that-grow",
        ),
        pytest.param(
            VALUES | {"pin": f"{{values: [{', '.join([TWO] * 21)}]}}"},
            "13:19: wanted at most 20 in this list, got 21",
            id="too-many-values",
        ),
        pytest.param(
            VALUES | PLACES | {"pin": f"{{values: [{TWO}, {OTHER}]}}"},
            "13:19: 2 combinations for several places: a value of one would be accepted in another."
            " Write those of each, `values: {CASE: {PLACE: [...]}}`, or let `conformance tracker "
            "migrate` write them from the last run",
            id="values-of-several-places",
        ),
        pytest.param(
            VALUES | {"where": "[a/b/c, d]", "pin": f"{{values: [{TWO}, {OTHER}]}}"},
            "13:19: 2 combinations for several places",
            id="values-of-several-cases",
        ),
        pytest.param(
            VALUES | PLACES | {"pin": f'{{values: {{a/b/c: {{"$.a": [{TWO}]}}}}}}'},
            "13:19: wanted the values of $.b in a/b/c, which the row covers",
            id="values-of-no-place",
        ),
        pytest.param(
            VALUES | {"pin": f'{{values: {{a/b/c: {{"$.a": [{TWO}], "$.b": [{TWO}]}}}}}}'},
            "13:62: the row does not cover $.b in a/b/c",
            id="values-of-another-place",
        ),
        pytest.param(
            VALUES | {"pin": '{values: {a/b/c: {"$.a": [{a: "1", c: "2"}]}}}'},
            "13:36: wanted a value for at least two of the sides a, b",
            id="place-of-another-side",
        ),
        pytest.param(
            VALUES | {"pin": '{values: {a/b/c: {"$.a": []}}}'},
            "13:35: wanted at least 1 in this list, got 0",
            id="place-without-values",
        ),
        pytest.param(
            VALUES | PLACES | {"pin": f"{{values: {{a/b/c: {{{MANY}}}}}}}"},
            "13:19: more than 20 distinct combinations: choose a bound",
            id="too-many-by-place",
        ),
        pytest.param(
            {"evidence": "[{commit: go@1a2b3c4}]"},
            "13:15: evidence goes with `kind: work`",
            id="evidence",
        ),
        pytest.param(
            {"reason": '"TODO: why"'},
            "10:13: reason still says TODO: write it, or remove the row",
            id="reason",
        ),
        pytest.param(
            {"owner": "TODO"},
            "11:12: owner still says TODO: write it, or remove the row",
            id="owner",
        ),
        pytest.param(
            {"opened": "2026-02-30"},
            "12:13: 2026-02-30 is no day of the calendar",
            id="no-such-day",
        ),
        pytest.param(
            {"opened": "23.11.2026"},
            "12:13: wanted a date such as 2026-11-23, got '23.11.2026'",
            id="date-form",
        ),
        pytest.param(
            {"review_by": "2027-13-01"},
            "13:16: 2027-13-01 is no day of the calendar",
            id="no-such-month",
        ),
        pytest.param(
            {"loc_estimate": "'50'"},
            "13:19: wanted an integer, got string '50'",
            id="estimate-text",
        ),
        pytest.param(
            {"state": "done", "commit": "HEAD"},
            "13:13: wanted repo@sha, got 'HEAD'",
            id="commit-form",
        ),
        pytest.param({"state": "done", "fix": "flat"}, DONE, id="done-without-commit"),
        pytest.param({"commit": "a@0123abc"}, DONE, id="commit-without-done"),
        pytest.param(
            {"state": "done", "commit": "a@0123abc"},
            "4:12: a done decision names the side that was changed (fix)",
            id="done-without-fix",
        ),
        pytest.param(
            {"notes": "x"}, "13:5: unknown field 'notes'; known: id, title, state", id="unknown"
        ),
        pytest.param(
            WORK | {"loc_estimate": ""},
            "2:5: field 'loc_estimate' is missing: open work",
            id="estimate",
        ),
        pytest.param(
            WORK | {"state": "done"},
            "2:5: field 'evidence' is missing: done work names what",
            id="done-work",
        ),
        pytest.param(
            WORK | {"cause": "value"},
            "6:12: work is about no difference: remove cause, or",
            id="cause-of-work",
        ),
        pytest.param(
            WORK | {"evidence": "[{cases: [a], commit: go@1a2b3c4}]"},
            "10:16: wanted exactly one of cases, report, commit; got cases, commit",
            id="two-in-one",
        ),
        pytest.param(
            WORK | {"evidence": '[{report: a, claims: {x: "438"}}]'},
            "10:40: wanted `>= 438`, got '438'",
            id="claim",
        ),
    ],
)
def test_bad_rows(tmp_path: Path, changed: dict[str, str], problem: str) -> None:
    """What a row may not say is named with its place."""
    (shown,) = problems(tmp_path, ROW | changed)
    assert shown.startswith(problem)


def test_repeated_ids(tmp_path: Path) -> None:
    """An id is never reused: each later row names the line of the first."""
    assert problems(tmp_path, ROW, ROW, ROW) == [
        "13:9: D-001 is already at line 2; ids are never reused",
        "24:9: D-001 is already at line 2; ids are never reused",
    ]
