"""Edits of the ledger in place: the wanted change and no other, or a refusal.

PyYAML says what a ledger holds.
"""

import re
from collections import Counter
from typing import Any, Final

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st

from conformance.errors import TrackerError
from conformance.ledger.edit import with_budget, with_fields, with_rows
from conformance.ledger.file import parse_ledger
from conformance.model.yaml_text import YamlValue
from tests.ledger.ledger_layouts import ORDER, ledgers
from tests.tracker.shop import LEDGER

Ledger = tuple[str, dict[str, Any]]
NEW_ROW: Final[dict[str, YamlValue]] = {
    "id": "D-100",
    "title": "said: \"x\" # no comment, 'y'\u2028z",
    "state": "open",
    "kind": "must_match",
    "cause": "value",
    "where": {"shop/a[x=1]": ["$['a b']", "header etag"], "shop/b": ["step 2: $.y"]},
    "sides": {"200": ["b"], "externally tagged": ["a", "c"]},
    "pin": {"values": [{"a": "1", "b": ["2", "2.0"]}, {"a": '"x"', "b": "null"}]},
    "grows": True,
    "reason": "two\nlines \U0001f600",
    "owner": "yes",
    "opened": "2026-11-24",
    "loc_estimate": 5,
}
VALUES: Final = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.sampled_from(
        [
            "no",
            "2027-01-01",
            "a: b",
            "a #b",
            "- x",
            "null",
            "12",
            "x\r\ny",
            "\x85",
            "@go",
            "go@1a2b3c4",
            "",
        ]
    ),
)
CHANGES: Final = st.one_of(
    st.dictionaries(
        st.sampled_from(
            ["state", "kind", "title", "reason", "owner", "review_by", "commit", "where"]
        ),
        VALUES,
        min_size=1,
    ),
    st.just({"state": "open", "commit": None}),
    st.just({"state": "done", "commit": "go@1a2b3c4"}),
    st.fixed_dictionaries({"loc_estimate": st.one_of(st.none(), st.integers(0, 9))}),
    st.just({"sides": {"absent": ["b", "d"], "present": ["a"]}, "pin": {"any": True}}),
    st.just({"pin": {"values": {f"shop/{name}": {"$.x": [{"a": name}]} for name in "abcd"}}}),
    st.fixed_dictionaries({"where": st.lists(st.sampled_from(["a/*", "b"]), min_size=1)}),
)


def held(text: bytes) -> Any:
    """Return what a ledger holds by an independent reader, which knows no tab between values.

    Values have none.
    """
    return yaml.safe_load(text.decode().replace("\t", " "))


def comments(text: bytes) -> list[bytes]:
    """Return the comments of a generated ledger: each has a sign of its own."""
    return re.findall(
        rb"# (?:why: it|\xc3\xa9 \xe2|after a|between -|at the edge)[^\r\n]*|#odd|#(?=\r?$)",
        text,
        re.MULTILINE,
    )


def lost_lines(before: bytes, after: bytes) -> int:
    """Return how many lines are no longer there as they were."""
    return (
        Counter(before.splitlines(keepends=True)) - Counter(after.splitlines(keepends=True))
    ).total()


@settings(max_examples=80, deadline=None)
@given(ledger=ledgers(), data=st.data())
def test_fields_change_and_nothing_else(ledger: Ledger, data: st.DataObject) -> None:
    """Whatever the layout, the fields named change, and comments, lines and order stay."""
    text, value = ledger
    raw = text.encode()
    assert held(raw) == value
    if not value["decisions"]:
        return
    row = data.draw(st.sampled_from(value["decisions"]))
    changed = data.draw(CHANGES)
    try:
        edited = with_fields(raw, "decisions.yaml", row["id"], changed)
    except TrackerError:
        event("refused")
        return
    event("edited")
    wanted = {name: changed.get(name, row.get(name)) for name in ORDER}
    row_before = [name for name in row if name in wanted]
    row.clear()
    row.update({name: given for name, given in wanted.items() if given is not None})
    assert held(edited) == value
    assert comments(edited) == comments(raw)
    after = next(after for after in held(edited)["decisions"] if after["id"] == row["id"])
    read = next(before for before in held(raw)["decisions"] if before["id"] == row["id"])
    assert [name for name in after if name in read] == [name for name in read if name in after]
    assert set(row_before) - set(after) <= {
        name for name, given in changed.items() if given is None
    }


@settings(max_examples=40, deadline=None)
@given(ledger=ledgers())
def test_a_row_is_added_below_all_others(ledger: Ledger) -> None:
    """No line of the ledger changes, but that of an empty list."""
    text, value = ledger
    raw = text.encode()
    edited = with_rows(raw, "decisions.yaml", [NEW_ROW])

    assert held(edited) == {**value, "decisions": [*value["decisions"], NEW_ROW]}
    assert comments(edited) == comments(raw)
    unended = not raw.endswith(b"\n")
    assert lost_lines(raw, edited) <= (not value["decisions"]) + unended


@settings(max_examples=30, deadline=None)
@given(ledger=ledgers(), number=st.integers(0, 1000))
def test_a_budget_changes_its_number_only(ledger: Ledger, number: int) -> None:
    """Every other byte stays."""
    text, value = ledger
    raw = text.encode()
    for name in value.get("budget", {}):
        edited = with_budget(raw, "decisions.yaml", {name: number})

        assert held(edited) == {**value, "budget": {**value["budget"], name: number}}
        assert lost_lines(raw, edited) <= 1
        assert comments(edited) == comments(raw)
    assert with_budget(raw, "decisions.yaml", {}) == raw


@settings(max_examples=40, deadline=None)
@given(value=VALUES)
def test_any_words_can_be_a_reason(value: str) -> None:
    """What is written is read back as it was given, by both readers, and one line differs."""
    edited = with_fields(LEDGER.encode(), "x", "D-001", {"reason": value})

    assert held(edited)["decisions"][0]["reason"] == value
    assert (len(edited.splitlines()), lost_lines(LEDGER.encode(), edited)) == (
        len(LEDGER.splitlines()),
        value != "a port in progress",
    )


def edit(old: str, new: str, changed: dict[str, str | None]) -> str:
    """Return the changed part of the shop's ledger, laid out otherwise and then edited.

    The part in common is left out.
    """
    assert LEDGER.count(old) == 1
    before, _, after = LEDGER.partition(old)
    edited = with_fields((before + new + after).encode(), "x", "D-001", changed).decode()
    assert edited.startswith(before)
    assert edited.endswith(after)
    return edited[len(before) : len(edited) - len(after)]


REASON: Final = "    reason: a port in progress\n"
DONE: Final = {"state": "open", "commit": None}
LAYOUTS: Final[dict[str, tuple[str, dict[str, str | None], str]]] = {
    "beside": (
        "    reason: a port in progress  # asked\n",
        {"reason": "b"},
        "    reason: b  # asked\n",
    ),
    "literal": (
        "    reason: |  # asked\n      two\n      lines\n\n",
        {"reason": "b"},
        "    reason: b  # asked\n\n",
    ),
    "folded": (
        "    reason: >-\n      two\n      lines\n    # next\n",
        {"reason": "b"},
        "    reason: b\n    # next\n",
    ),
    "quoted": (
        "    'reason' : 'it''s\n      so'   # asked\n",
        {"reason": "it's"},
        "    'reason' : \"it's\"   # asked\n",
    ),
    "removed": (REASON + "    commit: go@1a2b3c4\n", {"commit": None}, REASON),
    "removed beside a comment": (
        REASON + "    commit: go@1a2b3c4  # in the spring\n",
        {"commit": None},
        REASON + "    # in the spring\n",
    ),
    "removed between comments": (
        REASON + "    # one\n    commit: go@1a2b3c4\n    # two\n",
        {"commit": None},
        REASON + "    # one\n    # two\n",
    ),
    "put in where the grammar has it": (
        REASON,
        {"review_by": "2027-02-01", "kind": "must_match"},
        REASON,
    ),
    "tabs": ("    reason:\ta\tport \t# asked\t\n", {"reason": "b"}, "    reason:\tb \t# asked\t\n"),
    "unlike words": (REASON, {"reason": "#1: yes"}, '    reason: "#1: yes"\n'),
    "carriage returns": (
        REASON + "    # one\r    commit: go@1a2b3c4\r    # two\n",
        {"commit": None},
        REASON + "    # one\r    # two\n",
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_keep_their_comments(layout: str) -> None:
    """The words that people wrote around a value stay where they were."""
    new, changed, wanted = LAYOUTS[layout]
    if "review_by" in changed:
        edited = with_fields(LEDGER.encode(), "x", "D-001", changed).decode()
        assert edited == LEDGER + '    review_by: "2027-02-01"\n'
        return
    assert edit(REASON, new, changed) == wanted


def test_a_removed_first_field_leaves_the_row() -> None:
    """The comments beside and below the first field stay."""
    text = LEDGER.replace(
        "  - id: D-001\n", "  - commit: go@1a2b3c4  # spring\n    # next\n    id: D-001\n"
    )
    plain = LEDGER.replace("  - id: D-001\n", "  - commit: go@1a2b3c4\n    id: D-001\n")

    kept = LEDGER.replace("  - id: D-001\n", "  -   # spring\n    # next\n    id: D-001\n")
    assert with_fields(text.encode(), "x", "D-001", {"commit": None}).decode() == kept
    assert with_fields(plain.encode(), "x", "D-001", {"commit": None}).decode() == LEDGER


WHERE: Final = "    where: [shop/orders/one, shop/orders/three, shop/orders/two]\n"
REFUSED: Final[dict[str, tuple[str, str, dict[str, str | list[str] | None]]]] = {
    "a comment inside a list": (
        WHERE,
        "    where:\n      - x  # why\n      - y\n",
        {"where": ["z"]},
    ),
    "a list no deeper than its key": (
        WHERE,
        "    where:\n    - x\n",
        {"where": ["z"]},
    ),
    "a comment before the value": (
        "    owner: orders team\n",
        "    owner:  # who\n      x\n    review_by:  # when\n      x\n",
        {"review_by": None},
    ),
}


@pytest.mark.parametrize("layout", REFUSED)
def test_a_layout_that_cannot_be_edited_is_refused(layout: str) -> None:
    """An edit that cannot be made whole is left to a person, with the file named."""
    old, new, changed = REFUSED[layout]
    text = LEDGER.replace(old, new)
    assert parse_ledger(LEDGER.encode(), "x").decisions

    with pytest.raises(
        TrackerError, match="cannot be edited in place; nothing was changed"
    ) as refused:
        with_fields(text.encode(), "cases/decisions.yaml", "D-001", changed)
    assert str(refused.value.place) == "cases/decisions.yaml"
    assert refused.value.hint is not None


def test_rows_below_an_empty_list_and_a_flow_list() -> None:
    """An empty list becomes a list of rows, its comment stays beside.

    Rows inside brackets are a person's to add.
    """
    empty = "decisions: []  # none yet\n# the end"
    edited = with_rows(empty.encode(), "x", [{"id": "D-001", "title": "t"}]).decode()

    assert edited == "decisions:  # none yet\n  - id: D-001\n    title: t\n# the end"
    with pytest.raises(TrackerError):
        with_rows(b"decisions: [{id: D-001}]\n", "x", [{"id": "D-002"}])
