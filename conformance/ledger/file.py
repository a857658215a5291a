"""The ledger file: the grammar of `decisions:` documents, and the rows that are read from one."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from conformance.errors import BadFileError, Place, Problem
from conformance.ledger.old_form import is_old, unreadable
from conformance.ledger.row_check import date_of, row_problems
from conformance.ledger.row_fields import DECISION, PIN, REPOSITORY_PATTERN
from conformance.model.decision import (
    Decision,
    DecisionKind,
    DecisionState,
    Ledger,
    RowCoverage,
    RowSide,
    WorkEvidence,
    coverage_of,
)
from conformance.model.pin import Pin, PinnedPlace, PinnedValues
from conformance.suites.document import parse_document, source_bytes
from conformance.suites.field_check import check
from conformance.suites.fields import Field, FieldTable, ListOf, Text, Whole
from conformance.suites.nodes import Mapping, Node, if_given, items, members, text, whole
from conformance.suites.runtime_fields import NAME_PATTERN

PATH: Final = Text(pattern=r"[^\0]+", meaning="the path of a folder")
UNDECIDED: Final = "undecided"
"""The name under which a budget counts rows that do not say which side is to be changed."""
LEDGER: Final = FieldTable(
    fields={
        "repositories": Field(
            spec=FieldTable(keyed=(REPOSITORY_PATTERN, "names of repositories", PATH)),
            says="where the repositories that commits name are cloned, from the folder of this "
            "file",
        ),
        "budget": Field(
            spec=FieldTable(
                keyed=(NAME_PATTERN, "names of runtimes", Whole(least=0, most=1_000_000))
            ),
            says="how many open rows may have a runtime to be changed; `undecided`: how many may "
            "not say which",
        ),
        "decisions": Field(spec=ListOf(item=DECISION), required=True, says="one row a decision"),
    }
)


def read_ledger(file: Path) -> Ledger:
    """Return the ledger of a file; raises BadFileError with all problems of the file."""
    return parse_ledger(source_bytes(file, str(file)), str(file))


def parse_ledger(raw: bytes, name: str) -> Ledger:
    """Return the ledger that is in some bytes; `name` is the file that errors give."""
    root = parse_document(raw, name)
    rows = items(members(root).get("decisions"))
    old = list(filter(is_old, rows))
    if old:
        migrate = f"`conformance tracker migrate --ledger {name}` rewrites the file in place"
        advice = f"this row has the form of an earlier version: {migrate}"
        raise BadFileError([Problem(row.place, unreadable(row) or advice) for row in old])
    problems = list(check(LEDGER, root))
    sound = [row for row in rows if not any(check(DECISION, row))] if problems else rows
    problems += _meaning_problems(sound)
    if problems:
        raise BadFileError(problems)
    budget = members(members(root).get("budget"))
    repositories = members(members(root).get("repositories"))
    return Ledger(
        decisions=tuple(map(_decision, rows)),
        digest=hashlib.sha256(raw).hexdigest(),
        file=name,
        budget={runtime: whole(node) for runtime, node in budget.items()},
        repositories={repository: text(node) for repository, node in repositories.items()},
    )


def _meaning_problems(rows: Sequence[Node]) -> Iterator[Problem]:
    seen: dict[str, Place] = {}
    for row in rows:
        yield from _repeated_id(members(row)["id"], seen)
        yield from row_problems(row)


def _repeated_id(node: Node, seen: dict[str, Place]) -> Iterator[Problem]:
    first = seen.setdefault(text(node), node.place)
    if first is not node.place:
        yield Problem(
            node.place, f"{text(node)} is already at line {first.line}; ids are never reused"
        )


def _decision(row: Node) -> Decision:
    given = members(row)
    sides = members(given.get("sides"))
    return Decision(
        id=text(given["id"]),
        title=text(given["title"]),
        state=DecisionState(text(given["state"])),
        kind=DecisionKind(text(given["kind"])),
        cause=text(given.get("cause")),
        code=text(given.get("code")),
        covers=tuple(_covers(given)),
        sides=tuple(RowSide(name, _texts(runtimes)) for name, runtimes in sides.items()),
        fix=if_given(given, "fix", text),
        pin=if_given(given, "pin", pin_of),
        grows=text(given.get("grows")) == "true",
        evidence=tuple(map(_evidence, items(given.get("evidence")))),
        options=_texts(given.get("options")),
        reason=text(given["reason"]),
        owner=text(given["owner"]),
        opened=dt.date.fromisoformat(text(given["opened"])),
        review_by=if_given(given, "review_by", date_of),
        loc_estimate=if_given(given, "loc_estimate", whole),
        commit=if_given(given, "commit", text),
        place=row.place,
    )


def _covers(given: dict[str, Node]) -> Iterator[RowCoverage]:
    where = given.get("where")
    if isinstance(where, Mapping):
        yield from coverage_of({case: _texts(places) for case, places in members(where).items()})
    elif where is not None:
        yield RowCoverage(_texts(where), _texts(given.get("at")))


def read_pin(written: str) -> Pin:
    """Return the bound given on a command line, in YAML; raises BadFileError if it is none."""
    node = members(parse_document(f"pin: {written}\n".encode(), "--pin")).get("pin")
    if node is None:
        raise BadFileError([Problem(Place("--pin"), "wanted a bound")])
    if problems := list(check(PIN, node)):
        raise BadFileError(problems)
    return pin_of(node)


def pin_of(node: Node) -> Pin:
    """Return the pin of a node that the grammar has accepted."""
    given = members(node)
    within = members(given.get("within"))
    values = given.get("values")
    # With several places, each place has its own values
    if isinstance(values, Mapping):
        return Pin(by_place=tuple(_pinned_places(values)))
    return Pin(
        values=_combinations(values),
        absolute=if_given(within, "absolute", _number),
        relative=if_given(within, "relative", _number),
        matches=if_given(given, "matches", text),
        order="order" in given,
        any="any" in given,
    )


def _number(node: Node) -> Decimal:
    return Decimal(text(node))


def _pinned_places(values: Mapping) -> Iterator[PinnedPlace]:
    """Yield the combinations of each place, sorted by case and place."""
    for case, by_place in sorted(members(values).items()):
        for place, listed in sorted(members(by_place).items()):
            yield PinnedPlace(case, place, _combinations(listed))


def _combinations(node: Node | None) -> tuple[PinnedValues, ...]:
    return tuple(map(_combination, items(node)))


def _combination(node: Node) -> PinnedValues:
    """Return the texts that each side sent; a single text may be written without a list."""
    return tuple((side, _texts(sent) or (text(sent),)) for side, sent in members(node).items())


def _evidence(node: Node) -> WorkEvidence:
    given = members(node)
    return WorkEvidence(
        cases=_texts(given.get("cases")),
        runtimes=_texts(given.get("runtimes")),
        report=text(given.get("report")),
        claims=tuple((name, text(claim)) for name, claim in members(given.get("claims")).items()),
        commit=text(given.get("commit")),
    )


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(map(text, items(node)))
