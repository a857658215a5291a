"""Edits of the ledger at every place of a row keep all bytes but those of the edited value.

They are tested in many layouts.

What an edit gives is told in advance by plain text operations on a ledger whose values are marked.
"""

from typing import Final

import pytest

from conformance.errors import TrackerError
from conformance.ledger.edit import with_budget, with_fields, with_rows
from conformance.model.yaml_text import YamlValue
from tests.ledger.marked_ledger import (
    LAYOUTS,
    NAMES,
    Layout,
    below,
    field_in,
    marked,
    names_in_order,
    plain,
    value_in,
)

ROWS: Final = (1, 2, 3)
SET: Final[dict[str, tuple[YamlValue, str]]] = {
    "title": ("new: 'x'", "\"new: 'x'\""),
    "state": ("accepted", "accepted"),
    "where": (["c/*", "d"], '["c/*", d]'),
    "reason": ("so", "so"),
    "opened": ("2026-12-01", '"2026-12-01"'),
    "loc_estimate": (70, "70"),
}
ADDED: Final[dict[str, tuple[str, YamlValue, str]]] = {
    "kind": ("state", "must_match", "must_match"),
    "sides": ("where", {"a": ["b"], "200": ["c", "d"]}, '{a: [b], "200": [c, d]}'),
    "pin": ("where", {"any": True}, "{any: true}"),
    "owner": ("reason", "orders team", "orders team"),
    "review_by": ("opened", "2027-01-01", '"2027-01-01"'),
    "commit": ("loc_estimate", "go@1a2b3c4", '"go@1a2b3c4"'),
}
"""For each field that a row lacks the one that it follows in the grammar, a value, and how it is
written.
"""
ALL_LAYOUTS = pytest.mark.parametrize("layout", LAYOUTS, ids=str)


def edited(text: str, row: int, name: str, value: YamlValue | None) -> str:
    """Set a field of a row of a marked ledger, or remove it."""
    return with_fields(plain(text).encode(), "x", f"D-00{row}", {name: value}).decode()


@ALL_LAYOUTS
@pytest.mark.parametrize("name", NAMES)
def test_a_value_is_set(layout: Layout, name: str) -> None:
    """In the first, the middle and the last row only the value changes.

    What stood beside it stays.
    """
    text, (value, written) = marked(layout), SET[name]
    for row in ROWS:
        before, old, after = value_in(text, f"{row}.{name}")
        beside = (
            old.partition(layout.line_end)[0].partition("  #") if old[0] in "|>" else ("", "", "")
        )
        assert edited(text, row, name, value) == before + written + "".join(beside[1:]) + after


@ALL_LAYOUTS
@pytest.mark.parametrize("name", NAMES)
def test_a_field_is_removed(layout: Layout, name: str) -> None:
    """Its lines go, wherever it stands.

    A comment at their end stays, one further up is a person's to move.
    """
    text = marked(layout)
    for row in ROWS:
        before, field, after = field_in(text, f"{row}.{name}")
        head, comment, more = field.partition("  # beside")
        if more:
            with pytest.raises(TrackerError):
                edited(text, row, name, None)
            continue
        if name == names_in_order(layout)[0]:
            up_to_next, *rest = field_in(text, f"{row}.{names_in_order(layout)[1]}")
            wanted = (
                before + (up_to_next.removeprefix(before + head) if comment else "") + "".join(rest)
            )
        elif comment:
            wanted = before + comment.lstrip() + after
        else:
            wanted = before.rstrip(" ") + after.partition(layout.line_end)[2]
        assert edited(text, row, name, None) == wanted


@ALL_LAYOUTS
@pytest.mark.parametrize("name", ADDED)
def test_a_field_is_added(layout: Layout, name: str) -> None:
    """It stands on a line of its own, directly below the field that it follows in the grammar."""
    text, (previous, value, written) = marked(layout), ADDED[name]
    line = " " * (layout.indent + 2) + f"{name}: {written}"
    for row in ROWS:
        before, field, after = field_in(text, f"{row}.{previous}")
        assert edited(text, row, name, value) == below(
            before + field, after, [line], layout.line_end
        )


@ALL_LAYOUTS
def test_a_row_is_added(layout: Layout) -> None:
    """It stands directly below the last line of the last row, as deep as the others."""
    text = marked(layout)
    before, field, after = field_in(text, f"3.{names_in_order(layout)[-1]}")
    lines = [
        " " * layout.indent + line
        for line in ("- id: D-004", "  where: [a, b, c]", "  rest:", *["    - a"] * 4)
    ]
    grown = with_rows(
        plain(text).encode(), "x", [{"id": "D-004", "where": ["a", "b", "c"], "rest": ["a"] * 4}]
    ).decode()
    assert grown == below(before + field, after, lines, layout.line_end)


@ALL_LAYOUTS
def test_a_value_of_many_parts(layout: Layout) -> None:
    """It stands below its name, line by line as in a new row, and the comment beside it stays."""
    text, more = marked(layout), {f"k{number}": "x" * 40 for number in range(3)}
    lines = [" " * (layout.indent + 4) + f"k{number}: {'x' * 40}" for number in range(3)]
    for row in ROWS:
        before, field, after = field_in(text, f"{row}.where")
        named = " " * (layout.indent + 2) + "pin:"
        assert edited(text, row, "pin", more) == below(
            before + field, after, [named, *lines], layout.line_end
        )
        changed = edited(text, row, "where", more)
        assert layout.line_end.join(lines) in changed


FLOW: Final = (
    "decisions:\n"
    "  - {id: D-001, title: one, where: [a, 'b'], state: open}  # first\n"
    "  - {title: two, id: D-002, where: [a], state: open }\n"
    "  - {title: three,  # beside\n     where: [a,\n       b], id: D-003}"
)


@pytest.mark.parametrize(
    ("row", "name", "value", "old", "new"),
    [
        pytest.param(1, "title", "x y", "title: one", "title: x y", id="in-the-middle"),
        pytest.param(1, "where", ["c"], "[a, 'b']", "[c]", id="a-list"),
        pytest.param(1, "state", "done", "open}  # first", "done}  # first", id="the-last"),
        pytest.param(2, "title", "x", "title: two", "title: x", id="the-first"),
        pytest.param(2, "state", "done", "open }", "done }", id="before-a-blank"),
        pytest.param(3, "where", ["c"], "[a,\n       b]", "[c]", id="a-list-on-two-lines"),
        pytest.param(1, "title", None, ", title: one, where", ", where", id="middle-removed"),
        pytest.param(1, "state", None, ", state: open}", "}", id="last-removed"),
        pytest.param(2, "title", None, "{title: two, id", "{id", id="first-removed"),
        pytest.param(2, "state", None, ", state: open }", " }", id="last-removed-before-a-blank"),
        pytest.param(
            3, "where", None, "\n     where: [a,\n       b], id", None, id="beside-a-comment"
        ),
        pytest.param(
            1, "reason", "x", "state: open}  # first", "state: open}  # first", id="added-below"
        ),
        pytest.param(1, "kind", "x", "state: open}", "state: open, kind: x}", id="added-last"),
        pytest.param(
            2, "kind", "x", "state: open }", "state: open, kind: x }", id="added-before-a-blank"
        ),
        pytest.param(3, "state", "x", "three,", "three, state: x,", id="added-in-the-middle"),
    ],
)
def test_a_row_in_braces(
    row: int, name: str, value: YamlValue | None, old: str, new: str | None
) -> None:
    """In a row in braces, a value is set, and a field is removed with its comma.

    A field is added after the one that it follows.
    """
    assert FLOW.count(old) == 1
    if new is None:
        with pytest.raises(TrackerError):
            edited(FLOW, row, name, value)
    elif name == "reason":
        assert edited(FLOW, row, name, value) == FLOW.replace(
            "[a, 'b']", f"[a, 'b'], {name}: {value}"
        )
    else:
        assert edited(FLOW, row, name, value) == FLOW.replace(old, new)


BUDGETS: Final = {
    "block": "budget:\n  a: 11  # ten\n  b: 22\n\n  c: 33\n# rows\ndecisions: []\n",
    "braces": "budget: {a: 11, b: 22 ,c: 33}  # all\ndecisions: []\n",
    "crlf": "budget:\r\n  a: 11\r\n  b:   22 # x\r\n  c: 33\r\ndecisions: []\r\n",
    "last": "decisions: []\nbudget:\n  a: 11\n  b: 22\n  c: 33",
    "braces last": "decisions: []\nbudget: {a: 11, b: 22, c: 33}",
}


@pytest.mark.parametrize("layout", BUDGETS)
def test_a_budget_is_set(layout: str) -> None:
    """Each number changes in its place, alone and with others, to a longer or shorter one."""
    text = BUDGETS[layout]
    for changed in (
        {"a": 1},
        {"b": 5_000},
        {"c": 9},
        {"c": 4, "a": 600},
        {"b": 0, "a": 7_000, "c": 8},
    ):
        wanted = text
        for runtime, number in changed.items():
            wanted = wanted.replace({"a": "11", "b": "22", "c": "33"}[runtime], str(number))
        assert with_budget(text.encode(), "x", changed).decode() == wanted


FIRST: Final = {
    "nothing else": ("decisions: []", "decisions:\n  - id: D-001\n"),
    "a line": ("decisions: []\n", "decisions:\n  - id: D-001\n"),
    "blanks": ("decisions:   [ ]\n\n# x\n", "decisions:\n  - id: D-001\n\n# x\n"),
    "crlf": (
        "decisions: [] # x\r\nbudget: {a: 1}",
        "decisions: # x\r\n  - id: D-001\r\nbudget: {a: 1}",
    ),
    "on two lines": ("# x\ndecisions: [\n]\n", "# x\ndecisions:\n  - id: D-001\n"),
    "last": (
        "budget: {a: 1}\ndecisions: []  # x",
        "budget: {a: 1}\ndecisions:  # x\n  - id: D-001\n",
    ),
    "no line end": ("decisions:\n- id: D-000", "decisions:\n- id: D-000\n- id: D-001\n"),
    "deep": (
        "decisions:\n    - id: D-000\n\n\n# x",
        "decisions:\n    - id: D-000\n    - id: D-001\n\n\n# x",
    ),
    "gap": ("decisions:\n  -   id: D-000\n", "decisions:\n  -   id: D-000\n  - id: D-001\n"),
}


@pytest.mark.parametrize("layout", FIRST)
def test_a_first_row(layout: str) -> None:
    """An empty list makes room for a row, one row for a second, and what stands around it stays."""
    text, wanted = FIRST[layout]
    assert with_rows(text.encode(), "x", [{"id": "D-001"}]).decode() == wanted


def test_a_text_that_yaml_cannot_write() -> None:
    """A lone surrogate is refused as what it is, in a field and in a row."""
    with pytest.raises(TrackerError, match=r"lone surrogate \(U\+D800\)"):
        with_fields(FLOW.encode(), "x", "D-001", {"title": "\ud800"})
    with pytest.raises(TrackerError, match=r"lone surrogate \(U\+D800\)"):
        with_rows(b"decisions: []\n", "x", [{"id": "D-001", "title": "\ud800"}])
