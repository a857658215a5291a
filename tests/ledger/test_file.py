"""The ledger file: every field of a decision, and what a row may not say."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import BadFileError
from conformance.ledger.file import parse_signature, read_ledger
from conformance.model.decision import DecisionKind, DecisionState, Ledger
from conformance.model.finding import Signature
from conformance.model.json_path import render_path

ROW = {
    "id": "D-001",
    "title": "Go is flat",
    "state": "open",
    "kind": "must_match",
    "where": "[a/b/*]",
    "signature": '"enum@$.a (flat | tagged)"',
    "odd": "[go]",
    "rest": "[python, rust]",
    "reason": "why",
    "owner": "team",
    "opened": '"2026-11-23"',
}


def read(folder: Path, *rows: dict[str, str]) -> Ledger:
    """Write a ledger; a field whose text is empty is left out."""
    written = "".join("  -" + "   ".join(f" {name}: {value}\n" for name, value in row.items() if value) for row in rows)
    file = folder / "decisions.yaml"
    file.write_text("decisions:\n" + (written or "  []\n"))
    return read_ledger(file)


def problems(folder: Path, *rows: dict[str, str]) -> list[str]:
    with pytest.raises(BadFileError) as caught:
        read(folder, *rows)
    return [str(problem).removeprefix(f"{folder}/decisions.yaml:") for problem in caught.value.problems]


def test_every_field(tmp_path: Path) -> None:
    """A row that says everything is read as it is written, dates quoted or not."""
    more = {"state": "done", "review_by": "2027-01-31", "loc_estimate": "50", "commit": "lake/go@0123abc"}
    (row,) = read(tmp_path, ROW | more).decisions
    assert (row.id, row.title, row.reason, row.owner) == ("D-001", "Go is flat", "why", "team")
    assert (row.state, row.kind, row.where) == (DecisionState.DONE, DecisionKind.MUST_MATCH, ("a/b/*",))
    assert row.signature == Signature("enum", "$.a", odd="flat", rest="tagged")
    assert (row.odd, row.rest) == (("go",), ("python", "rust"))
    assert (row.opened, row.review_by) == (dt.date(2026, 11, 23), dt.date(2027, 1, 31))
    assert (row.loc_estimate, row.commit, row.place.line) == (50, "lake/go@0123abc", 2)


def test_optional_fields_may_be_absent(tmp_path: Path) -> None:
    """A row without the optional fields has none of them."""
    (row,) = read(tmp_path, ROW).decisions
    assert (row.review_by, row.loc_estimate, row.commit) == (None, None, None)
    assert (row.concerns("a/b/c"), row.concerns("a/bc")) == (True, False)


def test_ledger_keeps_order_and_digest(tmp_path: Path) -> None:
    """Rows come in file order, with the digest of the bytes they were read from; an empty ledger is one."""
    ledger = read(tmp_path, ROW | {"id": "D-007"}, ROW)
    assert [row.id for row in ledger.decisions] == ["D-007", "D-001"]
    assert ledger.digest == hashlib.sha256((tmp_path / "decisions.yaml").read_bytes()).hexdigest()
    assert read(tmp_path).decisions == ()


@pytest.mark.parametrize("missing", list(ROW))
def test_required_fields(tmp_path: Path, missing: str) -> None:
    """Each required field that is missing is named at its row."""
    (problem,) = problems(tmp_path, ROW | {missing: ""})
    assert problem.startswith(f"2:5: field '{missing}' is missing: ")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        pytest.param({"id": "D-1"}, "2:9: wanted an id such as D-001, got 'D-1'", id="id"),
        pytest.param({"title": "' '"}, "3:12: wanted words, got ' '", id="title"),
        pytest.param(
            {"state": "close"},
            "4:12: wanted one of open, accepted, done, got 'close'",
            id="state",
        ),
        pytest.param(
            {"kind": "must-match"},
            "5:11: wanted one of must_match, intentional, unsupported, extension, research, got 'must-match'; "
            "did you mean 'must_match'?",
            id="kind",
        ),
        pytest.param({"where": "[]"}, "6:12: wanted at least 1 in this list, got 0", id="where-empty"),
        pytest.param({"where": "['a b']"}, "6:13: wanted a glob over case ids, got 'a b'", id="where-space"),
        pytest.param(
            {"signature": "enum"},
            "7:16: wanted a signature `name@path (odd | rest)` as a run prints it, got 'enum'",
            id="signature",
        ),
        pytest.param({"odd": "[]"}, "8:10: wanted at least 1 in this list, got 0", id="odd-empty"),
        pytest.param({"odd": "[Go]"}, "8:11: wanted the name of a runtime, got 'Go'", id="odd-name"),
        pytest.param({"rest": "[rust, go]"}, "9:11: go cannot be on both sides", id="both-sides"),
        pytest.param({"opened": "2026-02-30"}, "12:13: 2026-02-30 is no day of the calendar", id="no-such-day"),
        pytest.param(
            {"opened": "23.11.2026"}, "12:13: wanted a date such as 2026-11-23, got '23.11.2026'", id="date-form"
        ),
        pytest.param({"review_by": "2027-13-01"}, "13:16: 2027-13-01 is no day of the calendar", id="no-such-month"),
        pytest.param({"loc_estimate": "'50'"}, "13:19: wanted an integer, got string '50'", id="estimate-text"),
        pytest.param({"state": "done", "commit": "HEAD"}, "13:13: wanted repo@sha, got 'HEAD'", id="commit-form"),
        pytest.param(
            {"state": "done"},
            "4:12: a done decision names its commit (repo@sha), and only a done one does",
            id="done-without-commit",
        ),
        pytest.param(
            {"commit": "a@0123abc"},
            "4:12: a done decision names its commit (repo@sha), and only a done one does",
            id="commit-without-done",
        ),
        pytest.param({"notes": "x"}, "13:5: unknown field 'notes'; known: id, title, state", id="unknown"),
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


NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
SEGMENTS = st.one_of(st.text(max_size=12), st.integers(0, 999))
PATHS = st.one_of(
    st.lists(SEGMENTS, max_size=5).map(lambda path: render_path(tuple(path))),
    st.sampled_from(["status", "header content-type", "body"]),
)
FACTS = st.text(st.characters(exclude_characters="|()"), min_size=1, max_size=20)


@given(st.builds(Signature, NAMES, PATHS, FACTS, FACTS))
def test_signatures_round_trip(signature: Signature) -> None:
    """A signature is read back from what reports print, whatever names stand in its path."""
    assert parse_signature(str(signature)) == signature


@pytest.mark.parametrize(
    "written",
    ["", "enum", "enum@", "enum@$", "enum@$ ()", "enum@$ (a)", "enum@$ (a | b | c)", "Enum@$ (a | b)", "e@$ (a | b) c"],
)
def test_no_signatures(written: str) -> None:
    """Anything else is no signature."""
    with pytest.raises(ValueError, match="no signature"):
        parse_signature(written)
