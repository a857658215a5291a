"""Rows of an earlier version as rows of today."""

import pytest

from conformance.ledger.file import parse_ledger
from conformance.ledger.old_form import rewritten
from conformance.model.decision import RowSide
from conformance.model.pin import Pin

OLD = """\
decisions:
  - id: D-001
    title: b is flat
    state: {state}
    kind: {kind}
    signature: "{signature}"
    odd: [b]
    rest: [a, c]
    where: [{where}]
    reason: why
    owner: team
    opened: "2026-11-23"
"""


def old(
    signature: str, *, state: str = "open", kind: str = "research", where: str = "x/y"
) -> bytes:
    """Return a ledger with one row of an earlier version."""
    return OLD.format(signature=signature, state=state, kind=kind, where=where).encode()


@pytest.mark.parametrize(
    ("signature", "place"),
    [
        pytest.param("member@$.x (absent | present)", "$.x", id="path"),
        pytest.param("status@status (404 | 200)", "status", id="status"),
        pytest.param("body-kind@$ (json | text)", "kind", id="kind"),
        pytest.param("header@etag (absent | present)", "header etag", id="header"),
        pytest.param("header@header etag (absent | present)", "header etag", id="header-with-word"),
        pytest.param("note@late (absent | present)", "note late", id="note"),
    ],
)
def test_places_have_their_word(signature: str, place: str) -> None:
    """A header field, a note and the kind of a body had none before."""
    raw, done = rewritten(old(signature), "x", lambda _: {1})
    (row,) = parse_ledger(raw, "x").decisions
    assert [covered.places for covered in row.covers] == [(place,)]
    assert [(each.id, each.wide) for each in done] == [("D-001", ())]


@pytest.mark.parametrize(
    ("steps", "places"),
    [
        (set(), ("$.x",)),
        ({1}, ("$.x",)),
        ({2}, ("step 1: $.x", "step 2: $.x")),
        ({1, 2}, ("$.x", "step 1: $.x", "step 2: $.x")),
    ],
)
def test_a_row_is_about_all_steps_of_its_cases(steps: set[int], places: tuple[str, ...]) -> None:
    """A place of an earlier version had no step."""
    raw, _ = rewritten(old("member@$.x (absent | present)"), "x", lambda _: steps)
    (row,) = parse_ledger(raw, "x").decisions
    assert [covered.places for covered in row.covers] == [places]


def test_the_odd_side_was_the_wrong_one_where_something_must_change() -> None:
    """Where nobody is to change, no side is fixed."""
    for more, fix in (
        ({"kind": "must_match"}, "absent"),
        ({"kind": "research"}, None),
    ):
        raw, _ = rewritten(old("member@$.x (absent | present)", **more), "x", lambda _: {1})
        (row,) = parse_ledger(raw, "x").decisions
        assert row.fix == fix


def test_what_is_wider_than_a_new_row_is_said() -> None:
    """Any value was covered, and any case of a pattern."""
    raw, (done,) = rewritten(old("value@$.x (differs | differs)", where="x/*"), "x", lambda _: {1})
    (row,) = parse_ledger(raw, "x").decisions
    assert (row.pin, row.grows) == (Pin(any=True), True)
    assert row.sides == (RowSide("v1", ("b",)), RowSide("v2", ("a", "c")))
    assert done.wide == ("any value", "cases that are written later")
