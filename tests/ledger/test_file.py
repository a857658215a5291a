"""The ledger file: every field of a decision, earlier versions, and what is no YAML."""

import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.ledger.file import parse_ledger, read_pin
from conformance.ledger.row_text import row_fields, row_lines
from conformance.model.decision import (
    DecisionKind,
    DecisionState,
    RowCoverage,
    RowSide,
    WorkEvidence,
)
from conformance.model.pin import MAX_PINNED, Pin
from tests.ledger.row_texts import ROW, VALUES, WORK, problems, read


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
        (RowCoverage(("a/b/*",), ("$.a",)),),
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
        RowCoverage(("a/b",), ("$.x", "status")),
        RowCoverage(("a/c[q=1]",), ("step 2: $.y",)),
    )
    assert list(row.places_for("a/b", "$.x")) == ["$.x"]
    assert list(row.places_for("a/c[q=1]", "$.x")) == []
    both = "2:5: places stand under `at`, where `where` is a list, or in `where` by case"
    assert problems(tmp_path, ROW | by_case | {"at": '["$"]'}) == [both]
    assert problems(tmp_path, ROW | {"at": ""}) == [both]


ONE = '{a: "1", b: "2"}'
TWO = '{a: "1", b: "3"}'
_ONE = (("a", ("1",)), ("b", ("2",)))


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


BY_PLACE = """{values: {
        a/c: {"$.x": [{a: "2", b: "1"}]},
        a/b: {"step 2: $.y": [{a: "1", b: "2"}], "$.N | $.n": [{a: "1", b: ["3", "3.0"]}]}}}"""


def test_values_by_place(tmp_path: Path) -> None:
    """Each place of each case has its own, and only these; what is written reads back."""
    where = '{a/b: ["$.N | $.n", "step 2: $.y"], a/c: ["$.x"]}'
    (row,) = read(tmp_path, ROW | VALUES | {"at": "", "where": where, "pin": BY_PLACE}).decisions
    pin = row.pin
    assert pin is not None
    assert pin.at("a/b", ["$.N | $.n"]).values == ((("a", ("1",)), ("b", ("3", "3.0"))),)
    assert pin.at("a/b", ["step 2: $.y"]).values == ((("a", ("1",)), ("b", ("2",))),)
    assert pin.at("a/c", ["$.x"]).values == ((("a", ("2",)), ("b", ("1",))),)
    assert pin.at("a/c", ["step 2: $.y"]).values == ()
    again = "decisions:\n" + "\n".join(f"  {line}" for line in row_lines(row_fields(row)))
    assert parse_ledger(again.encode(), "x").decisions[0].pin == pin


def test_as_many_combinations_as_a_pin_may_list(tmp_path: Path) -> None:
    """One more would need a bound."""
    listed = ", ".join(f'{{a: "{number}", b: "0"}}' for number in range(MAX_PINNED))
    (row,) = read(tmp_path, ROW | VALUES | {"pin": f"{{values: [{listed}]}}"}).decisions
    assert row.pin is not None
    assert len(row.pin.values) == MAX_PINNED


def test_values_of_a_single_place(tmp_path: Path) -> None:
    """A list says the same there, and where there is one combination; both forms are read."""
    listed = read(tmp_path, ROW | VALUES | {"pin": f"{{values: [{ONE}, {TWO}]}}"}).decisions[0]
    placed = f'{{values: {{a/b/c: {{"$.a": [{ONE}, {TWO}]}}}}}}'
    by_place = read(tmp_path, ROW | VALUES | {"pin": placed}).decisions[0]
    assert listed.pin is not None
    assert by_place.pin is not None
    assert by_place.pin.at("a/b/c", ["$.a"]) == listed.pin
    several = {"where": "[a, b]", "pin": f"{{values: [{ONE}]}}"}
    assert read(tmp_path, ROW | VALUES | several).decisions[0].pin == Pin(values=(_ONE,))


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


@pytest.mark.parametrize(
    ("signature", "missing"),
    [
        pytest.param("member@$.x (absent | present)", "`odd`, `rest`", id="no-sides"),
        pytest.param(
            "member of $.x",
            "`signature: NAME@PLACE (FACT | FACT)`, `odd`, `rest`",
            id="no-signature",
        ),
    ],
)
def test_a_row_that_cannot_be_rewritten_does_not_name_the_command(
    tmp_path: Path, signature: str, missing: str
) -> None:
    """A signature alone is no row of any version, and the error says what is missing.

    `migrate` says the same.
    """
    (problem,) = problems(tmp_path, ROW | {"signature": f'"{signature}"', "cause": ""})
    assert problem == (
        f"2:5: a row of an earlier version has {missing}; write a row of today, with `cause`, "
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


def test_all_problems_at_once(tmp_path: Path) -> None:
    """A row that the grammar refuses does not hide what another row means."""
    rows = ROW | {"title": "' '"}, ROW | {"id": "D-002", "state": "done"}
    found = problems(tmp_path, *rows)
    assert any("wanted words" in each for each in found)
    assert any("a done decision names its commit" in each for each in found)
