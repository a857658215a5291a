"""The ledger file: every field of a decision, and what a row may not say."""

import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.ledger.file import parse_ledger, read_ledger, read_pin
from conformance.ledger.row_text import row_fields, row_lines
from conformance.model.decision import (
    Coverage,
    DecisionKind,
    DecisionState,
    Ledger,
    RowSide,
    WorkEvidence,
)
from conformance.model.pin import Pin

ROW = {
    "id": "D-001",
    "title": "Go is flat",
    "state": "open",
    "kind": "must_match",
    "cause": "externally-tagged-enum",
    "at": '["$.a"]',
    "where": "[a/b/c]",
    "sides": "{flat: [go], tagged: [python, rust]}",
    "reason": "why",
    "owner": "team",
    "opened": '"2026-11-23"',
}
VALUES = {"cause": "value", "sides": "{a: [go], b: [python, rust]}"}
WORK = {
    "kind": "work",
    "loc_estimate": "40",
    **dict.fromkeys(("cause", "at", "where", "sides"), ""),
}


def read(folder: Path, *rows: dict[str, str]) -> Ledger:
    """Write a ledger; a field whose text is empty is left out."""
    written = "".join(
        "  -" + "   ".join(f" {name}: {value}\n" for name, value in row.items() if value)
        for row in rows
    )
    file = folder / "decisions.yaml"
    file.write_text("decisions:\n" + (written or "  []\n"))
    return read_ledger(file)


def problems(folder: Path, *rows: dict[str, str]) -> list[str]:
    with pytest.raises(BadFileError) as caught:
        read(folder, *rows)
    return [
        str(problem).removeprefix(f"{folder}/decisions.yaml:") for problem in caught.value.problems
    ]


def test_every_field(tmp_path: Path) -> None:
    """A row that says everything is read as it is written, dates quoted or not."""
    more = {
        "state": "done",
        "fix": "flat",
        "grows": "true",
        "where": "[a/b/*]",
        "review_by": "2027-01-31",
    }
    (row,) = read(
        tmp_path, ROW | more | {"loc_estimate": "50", "commit": "lake/go@0123abc"}
    ).decisions
    assert (row.id, row.title, row.reason, row.owner) == ("D-001", "Go is flat", "why", "team")
    assert (row.state, row.kind) == (DecisionState.DONE, DecisionKind.MUST_MATCH)
    assert (row.cause, row.covers, row.grows) == (
        "externally-tagged-enum",
        (Coverage(("a/b/*",), ("$.a",)),),
        True,
    )
    assert row.sides == (RowSide("flat", ("go",)), RowSide("tagged", ("python", "rust")))
    assert (row.fix, row.to_fix) == ("flat", ("go",))
    assert row.about == "externally-tagged-enum@$.a (flat | tagged)"
    assert (row.opened, row.review_by) == (dt.date(2026, 11, 23), dt.date(2027, 1, 31))
    assert (row.loc_estimate, row.commit, row.place.line) == (50, "lake/go@0123abc", 2)


def test_optional_fields_may_be_absent(tmp_path: Path) -> None:
    """A row without the optional fields has none of them."""
    (row,) = read(tmp_path, ROW).decisions
    assert (row.fix, row.pin, row.grows, row.code, row.to_fix) == (None, None, False, "", ())
    assert (row.review_by, row.loc_estimate, row.commit, row.evidence) == (None, None, None, ())
    assert (row.concerns("a/b/c"), row.concerns("a/b")) == (True, False)


def test_places_by_case(tmp_path: Path) -> None:
    """`where` may have the places of each case, and no list beside it."""
    by_case = {"at": "", "where": '{a/b: ["$.x", status], "a/c[q=1]": ["step 2: $.y"]}'}
    (row,) = read(tmp_path, ROW | by_case).decisions
    assert row.covers == (
        Coverage(("a/b",), ("$.x", "status")),
        Coverage(("a/c[q=1]",), ("step 2: $.y",)),
    )
    assert list(row.places_for("a/b", "$.x")) == ["$.x"]
    assert list(row.places_for("a/c[q=1]", "$.x")) == []
    both = "2:5: places stand under `at`, where `where` is a list, or in `where` by case"
    assert problems(tmp_path, ROW | by_case | {"at": '["$"]'}) == [both]
    assert problems(tmp_path, ROW | {"at": ""}) == [both]


@pytest.mark.parametrize(
    ("written", "pin"),
    [
        pytest.param(
            '{values: [{a: "100", b: ["101", "101.0"]}]}',
            Pin(values=((("a", ("100",)), ("b", ("101", "101.0"))),)),
            id="values",
        ),
        pytest.param("{within: {absolute: 1}}", Pin(absolute=Decimal(1)), id="absolute"),
        pytest.param("{within: {relative: 1e-6}}", Pin(relative=Decimal("1e-6")), id="relative"),
        pytest.param('{matches: "^W/"}', Pin(matches="^W/"), id="pattern"),
        pytest.param("{order: true}", Pin(order=True), id="order"),
        pytest.param("{any: true}", Pin(any=True), id="any"),
    ],
)
def test_pins(tmp_path: Path, written: str, pin: Pin) -> None:
    """A pin is read from a row, and from an option; what is written of it reads back."""
    (row,) = read(tmp_path, ROW | VALUES | {"pin": written}).decisions
    assert row.pin == pin
    assert read_pin(written) == pin
    again = "decisions:\n" + "\n".join(f"  {line}" for line in row_lines(row_fields(row)))
    assert parse_ledger(again.encode(), "x").decisions[0].pin == pin


def test_work(tmp_path: Path) -> None:
    """A row that is work has evidence and options, and nothing of a difference."""
    evidence = (
        '[{cases: [a/*], runtimes: [go]}, {report: r.md, claims: {per_s: ">= 438"}}, '
        "{commit: go@1a2b3c4}]"
    )
    (row,) = read(
        tmp_path, ROW | WORK | {"evidence": evidence, "options": "[port it, drop it]"}
    ).decisions
    assert (row.work, row.options, row.covers, row.sides) == (True, ("port it", "drop it"), (), ())
    assert row.evidence == (
        WorkEvidence(cases=("a/*",), runtimes=("go",)),
        WorkEvidence(report="r.md", claims=(("per_s", ">= 438"),)),
        WorkEvidence(commit="go@1a2b3c4"),
    )
    again = "decisions:\n" + "\n".join(f"  {line}" for line in row_lines(row_fields(row)))
    assert parse_ledger(again.encode(), "x").decisions[0].evidence == row.evidence


def test_ledger_keeps_order_and_digest(tmp_path: Path) -> None:
    """Rows come in file order, with the digest of the bytes they were read from.

    An empty ledger is one.
    """
    ledger = read(tmp_path, ROW | {"id": "D-007"}, ROW)
    assert [row.id for row in ledger.decisions] == ["D-007", "D-001"]
    assert ledger.digest == hashlib.sha256((tmp_path / "decisions.yaml").read_bytes()).hexdigest()
    assert read(tmp_path).decisions == ()


@pytest.mark.parametrize("missing", [name for name in ROW if name != "at"])
def test_required_fields(tmp_path: Path, missing: str) -> None:
    """Each required field that is missing is named at its row."""
    (problem,) = problems(tmp_path, ROW | {missing: ""})
    assert problem.startswith(f"2:5: field '{missing}' is missing: ")


TWO = '{a: "1", b: "2"}'
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
            "got 'must-match'; "
            "did you mean 'must_match'?",
            id="kind",
        ),
        pytest.param(
            {"cause": "number-as-sting"},
            "6:12: unknown cause 'number-as-sting'; did you mean 'number-as-string'?",
            id="cause",
        ),
        pytest.param({"code": "GONE"}, "13:11: code goes with `cause: status` only", id="code"),
        pytest.param(
            {"at": '["body.x"]'}, "7:10: wanted exchange, status, kind, `header NAME`", id="place"
        ),
        pytest.param({"at": '["$.a["]'}, "7:10: cannot read '[' at column 4", id="path"),
        pytest.param(
            {"at": '["$.a[0]"]'}, "7:10: $.a[0]: a row is about every element of a list", id="index"
        ),
        pytest.param(
            {"at": '["$.*"]'},
            "7:10: $.* stands for many names: list the places, or write",
            id="any-name",
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


def test_a_row_of_an_earlier_version_names_the_command(tmp_path: Path) -> None:
    """Nothing else is said of a ledger with such rows: it is rewritten as a whole."""
    old = {
        "signature": '"member@$.x (absent | present)"',
        "odd": "[go]",
        "rest": "[a]",
        "at": "",
        "sides": "",
    }
    (problem,) = problems(tmp_path, ROW | {"cause": ""} | old)
    assert problem.startswith(
        "2:5: this row has the form of an earlier version: `conformance tracker migrate --ledger "
    )


def test_a_row_that_cannot_be_rewritten_does_not_name_the_command(tmp_path: Path) -> None:
    """A signature alone is no row of any version, and the error says what is missing.

    `migrate` says the same.
    """
    (problem,) = problems(
        tmp_path, ROW | {"signature": '"member@$.x (absent | present)"', "cause": ""}
    )
    assert problem == (
        "2:5: a row of an earlier version has `odd`, `rest`; write a row of today, with `cause`, "
        "`at` and `sides`"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "decisions:\n<<<<<<< HEAD\n  - id: D-001\n=======\n",
            "x:2:1: a conflict marker of a merge that was not resolved: `<<<<<<<`",
            id="conflict",
        ),
        pytest.param("a: 1\n>>>>>>> branch\n", "x:2:1: a conflict marker", id="end-of-a-conflict"),
        pytest.param(
            "decisions:\n  - where: [*]\n",
            "x:2:13: '*' starts an alias in YAML; quote it: \"*\"",
            id="star",
        ),
        pytest.param(
            "decisions:\n  - where: [*/sms]\n",
            "x:2:13: '*' starts an alias in YAML; quote it: \"*",
            id="star-slash",
        ),
        pytest.param(
            "decisions:\n  - where: [*sms]\n",
            "x:2:13: anchors and aliases (sms) are not allowed; write the value out; quote a text "
            "that starts",
            id="alias",
        ),
    ],
)
def test_what_is_no_yaml(text: str, problem: str) -> None:
    """A merge that was left half done, and a star without quotes, are named as what they are."""
    with pytest.raises(BadFileError) as caught:
        parse_ledger(text.encode(), "x")
    assert str(caught.value.problems[0]).startswith(problem)
