"""Ledger rows of an earlier version, with a signature and two sides.

`tracker migrate` rewrites them in the form of today.

A rewritten row covers exactly what it covered before.  Where a new row would cover less (listed
values, listed cases), the rewritten row says so (`pin: {any: true}`, `grows`); people narrow it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from conformance.comparison.difference import VALUES_DIFFER
from conformance.errors import BadFileError, Place, Problem
from conformance.ledger.draft_sides import side_labels
from conformance.ledger.edit import with_fields
from conformance.model.answer_place import place_in_case
from conformance.model.case_glob import is_glob
from conformance.model.yaml_text import YamlValue
from conformance.suites.document import parse_document
from conformance.suites.nodes import Node, items, members, text

_SIGNATURE: Final = re.compile(
    r"(?s)(?P<name>[a-z0-9-]+)@(?P<path>\S(?:.*\S)?) \((?P<odd>[^|()]+) \| (?P<rest>[^|()]+)\)\Z"
)
_OLD: Final = ("signature", "odd", "rest")
_FIXED: Final = "must_match"
_HAS_WORD: Final = re.compile(r"\$|header |note |(?:status|kind|exchange)\Z")
_BODIES: Final = frozenset({"body-kind", "text-vs-json-error"})


class Rewritten(Struct, frozen=True):
    """The id of a rewritten row, and in which ways it covers more than a new row would."""

    id: str
    wide: tuple[str, ...]


def is_old(row: Node) -> bool:
    """Return whether a row has the form of an earlier version."""
    return "signature" in members(row)


def unreadable(row: Node) -> str:
    """Return why an old row cannot be rewritten; an empty text if it can."""
    given = members(row)
    missing = [f"`{name}`" for name in ("odd", "rest", "where") if not items(given.get(name))]
    if _SIGNATURE.match(text(given.get("signature"))) is None:
        missing.insert(0, "`signature: NAME@PLACE (FACT | FACT)`")
    if not missing:
        return ""
    return (
        f"a row of an earlier version has {', '.join(missing)}; write a row of today, with "
        "`cause`, `at` and `sides`"
    )


def rewritten(
    raw: bytes, name: str, steps_of: Callable[[tuple[str, ...]], set[int]]
) -> tuple[bytes, list[Rewritten]]:
    """Return a ledger with its old rows rewritten in place, and these rows.

    `steps_of` gives the numbers of steps that the given cases have.

    Raises BadFileError for an old row that is incomplete.
    """
    done: list[Rewritten] = []
    rows = items(members(parse_document(raw, name)).get("decisions"))
    for row in filter(is_old, rows):
        fields = _new_fields(row, steps_of)
        row_id = text(members(row).get("id"))
        raw = with_fields(raw, name, row_id, {**fields, **dict.fromkeys(_OLD)})
        done.append(Rewritten(row_id, tuple(_wide(fields))))
    return raw, done


def _new_fields(
    row: Node, steps_of: Callable[[tuple[str, ...]], set[int]]
) -> dict[str, YamlValue | None]:
    given = members(row)
    signature = _SIGNATURE.match(text(given["signature"]))
    if signature is None or unreadable(row):
        raise BadFileError([Problem(Place(*row.place), unreadable(row))])
    odd = tuple(map(text, items(given.get("odd"))))
    rest = tuple(map(text, items(given.get("rest"))))
    where = tuple(map(text, items(given.get("where"))))
    facts = signature["odd"], signature["rest"]
    by_value = facts == VALUES_DIFFER
    # Facts that only say `differs` name no side
    names = side_labels(2, {*odd, *rest}) if by_value else facts
    place = _place(signature["name"], signature["path"])
    fields: dict[str, YamlValue | None] = {
        "cause": signature["name"],
        "at": tuple(_places(place, steps_of(where))),
        "sides": {names[0]: odd, names[1]: rest},
    }
    # Such a row meant that the odd side is to be changed
    is_fixed = text(given.get("kind")) == _FIXED or text(given.get("state")) == "done"
    if is_fixed:
        fields["fix"] = names[0]
    if by_value:
        fields["pin"] = {"any": True}
    if any(map(is_glob, where)):
        fields["grows"] = True
    return fields


def _place(name: str, path: str) -> str:
    """Return an old place in today's form.

    Old rows wrote header fields, notes and the kind of a body without a word before them.
    """
    if name in _BODIES:
        return "kind"
    if _HAS_WORD.match(path):
        return path
    if name == "note":
        return f"note {path}"
    return f"header {path}"


def _places(part: str, steps: set[int]) -> Iterator[str]:
    """Yield the place in each step that the cases may have: an old row covered all steps."""
    if 1 in steps or not steps:
        yield part
    most = max(steps, default=1)
    if most <= 1:
        return
    for step in range(most):
        yield place_in_case(part, step, most)


def _wide(fields: dict[str, YamlValue | None]) -> Iterator[str]:
    if "pin" in fields:
        yield "any value"
    if "grows" in fields:
        yield "cases that are written later"
