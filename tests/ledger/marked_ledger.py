"""Ledgers with marks, which give the place of each value and each line of a field.

The marks let tests predict edits.

What an edit should give is put together here by plain text operations, from the parts before and
after a mark.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.ledger.ledger_layouts import ORDER

_MARKS: Final = re.compile("\ue000[^\ue001]*\ue001|\ue002|\ue003")
NAMES: Final = ("title", "state", "where", "reason", "opened", "loc_estimate")
"""The fields of a row besides its id, in the order of the grammar."""
VALUES: Final[dict[str, tuple[str, ...]]] = {
    "id": ("D-00{row}",),
    "title": (
        "b leaves it out {row}",
        '"said: {row}"',
        "'it''s {row}'",
        "|-\n  two\n    lines {row}",
        ">\n  four\n\n  lines {row}",
    ),
    "state": ("open", '"open"'),
    "where": ("[a/{row}]", "- a/{row}\n- b", '[a/{row},\n "b c"]', "- a/{row}"),
    "reason": (
        "it is {row}\n  so",
        "|\n  first {row}\n\n  last",
        '"x\\\n  y {row}"',
        "|2-\n    deeper {row}",
        "short",
    ),
    "opened": ('"2026-11-0{row}"', "'2026-11-0{row}'"),
    "loc_estimate": ("{row}",),
}
"""Each field in some styles; in lines after the first, a list is as deep as stands here and all
else two deeper.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a ledger is laid out; `turn` says which style each value has."""

    turn: int
    line_end: str = "\n"
    finish: str = "\n"
    indent: int = 2
    comments: bool = False
    blank: bool = False
    reverse: bool = False
    after: str = ""

    def __str__(self) -> str:
        ends = {"\n": "lf", "\r\n": "crlf"}[self.line_end]
        flags = [name for name in ("comments", "blank", "reverse", "after") if getattr(self, name)]
        return "-".join(
            [
                str(self.turn),
                ends,
                f"{len(self.finish)}-at-the-end",
                f"indent-{self.indent}",
                *flags,
            ]
        )


LAYOUTS: Final = (
    Layout(turn=0),
    Layout(turn=1, comments=True),
    Layout(turn=2, finish=""),
    Layout(turn=3, finish="\n\n\n", blank=True),
    Layout(turn=4, line_end="\r\n", finish="\r\n"),
    Layout(turn=5, line_end="\r\n", finish="", comments=True, blank=True),
    Layout(turn=6, indent=0, reverse=True),
    Layout(turn=7, indent=4, reverse=True, comments=True),
    Layout(turn=8, reverse=True, finish=""),
    Layout(turn=9, reverse=True, line_end="\r\n", finish="\r\n\r\n", blank=True),
    Layout(turn=10, after="budget: {a: 1}  # much"),
    Layout(turn=11, reverse=True, comments=True, after="budget:\n  a: 1"),
)


def names_in_order(layout: Layout) -> list[str]:
    """Return the fields of a row in the order of a layout."""
    names = ["id", *NAMES]
    return names[::-1] if layout.reverse else names


def marked(layout: Layout) -> str:
    """Return a ledger of three rows with the marks of its fields and their values, `ROW.FIELD`."""
    lines = ["decisions:" + ("  # rows" if layout.comments else "")]
    for row in (1, 2, 3):
        lines += [*([""] if layout.blank else []), *(["# between rows"] if layout.comments else [])]
        for number, name in enumerate(names_in_order(layout)):
            start = " " * layout.indent + ("- " if not number else "  ")
            lines += _field(layout, row, name, start)
            lines += ["", "  "] if layout.blank and number == 1 else []
            lines += (
                [" " * len(start) + "# between fields"] if layout.comments and number % 2 else []
            )
    lines += layout.after.split("\n") if layout.after else []
    return layout.line_end.join(lines) + layout.finish


def _field(layout: Layout, row: int, name: str, start: str) -> list[str]:
    styles = VALUES[name]
    first, *more = (
        styles[(layout.turn + row + ORDER.index(name)) % len(styles)].format(row=row).split("\n")
    )
    beside, deep = "  # beside" if layout.comments else "", " " * (len(start) + 2)
    lines = [f"{start}\ue000field {row}.{name}\ue001{name}:"]
    if first.startswith("- "):
        lines[0] += beside
        lines.append(f"{deep}\ue000{row}.{name}\ue001{first}")
    else:
        lines[0] += f" \ue000{row}.{name}\ue001{first}" + (beside if first[0] in "|>" else "")
    lines += [deep + line if line else "" for line in more]
    lines[-1] += "\ue002" + (beside if first[0] not in "|>-" else "") + "\ue003"
    return lines


def plain(text: str) -> str:
    """Return a text without marks."""
    return _MARKS.sub("", text)


def value_in(text: str, place: str) -> tuple[str, str, str]:
    """Return what stands before a value, the value, and what stands after it."""
    return _parts(text, place, "\ue002")


def field_in(text: str, place: str) -> tuple[str, str, str]:
    """Return the same for a whole field, its name and the comment beside it included."""
    return _parts(text, f"field {place}", "\ue003")


def _parts(text: str, place: str, end: str) -> tuple[str, str, str]:
    before, found, rest = text.partition(f"\ue000{place}\ue001")
    assert found
    inner, _, after = rest.partition(end)
    return plain(before), plain(inner), plain(after)


def below(before: str, after: str, lines: Sequence[str], line_end: str) -> str:
    """Return a text with lines inserted below the line of what is between two parts of it."""
    ended, _, rest = after.partition(line_end)
    return before + ended + line_end + "".join(line + line_end for line in lines) + rest
