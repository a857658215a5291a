"""The ledger file: the grammar of `decisions:` documents."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from conformance.errors import BadFileError, Place, Problem
from conformance.model.decision import Decision, DecisionKind, DecisionState, Ledger
from conformance.model.finding import Signature
from conformance.suites.document import Node, items, members, parse_document, source_bytes, text
from conformance.suites.fields import Choice, Field, ListOf, Table, Text, Whole, check
from conformance.suites.runtimes_file import NAME_PATTERN

REPOSITORY_PATTERN: Final = r"[A-Za-z0-9._/-]+"
PATH = Text(pattern=r"[^\0]+", meaning="the path of a folder")
DATE = Text(pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}", meaning="a date such as 2026-11-23")
SENTENCE = Text(pattern=r"(?s).*\S.*", meaning="words")
SIDE = ListOf(item=Text(pattern=NAME_PATTERN, meaning="the name of a runtime"), least=1)
_SIGNATURE: Final = re.compile(
    r"(?s)(?P<name>[a-z0-9-]+)@(?P<path>\S(?:.*\S)?) \((?P<odd>[^|()]+) \| (?P<rest>[^|()]+)\)\Z"
)

DECISION = Table(
    fields={
        "id": Field(
            spec=Text(pattern=r"D-[0-9]{3,}", meaning="an id such as D-001"), required=True, says="never reused"
        ),
        "title": Field(spec=SENTENCE, required=True, says="what the decision is about"),
        "state": Field(
            spec=Choice(options=tuple(state.value for state in DecisionState)), required=True, says="where it stands"
        ),
        "kind": Field(
            spec=Choice(options=tuple(kind.value for kind in DecisionKind)), required=True, says="what was decided"
        ),
        "where": Field(
            spec=ListOf(item=Text(pattern=r"\S+", meaning="a glob over case ids"), least=1),
            required=True,
            says="globs over case ids",
        ),
        "signature": Field(
            spec=Text(pattern=_SIGNATURE.pattern, meaning="a signature `name@path (odd | rest)` as a run prints it"),
            required=True,
            says="which difference",
        ),
        "odd": Field(spec=SIDE, required=True, says="the runtimes that differ"),
        "rest": Field(spec=SIDE, required=True, says="the runtimes that they differ from"),
        "reason": Field(spec=SENTENCE, required=True, says="why it was decided so"),
        "owner": Field(spec=SENTENCE, required=True, says="who answers for it"),
        "opened": Field(spec=DATE, required=True, says="the day it was written down"),
        "review_by": Field(spec=DATE, says="the day by which it is looked at again"),
        "loc_estimate": Field(spec=Whole(least=0, most=1_000_000), says="how many lines the fix is thought to take"),
        "commit": Field(
            spec=Text(pattern=REPOSITORY_PATTERN + "@[0-9a-f]{7,40}", meaning="repo@sha"), says="where it was done"
        ),
    }
)
LEDGER = Table(
    fields={
        "repositories": Field(
            spec=Table(keyed=(REPOSITORY_PATTERN, "names of repositories", PATH)),
            says="where the repositories that commits name are cloned, from the folder of this file",
        ),
        "budget": Field(
            spec=Table(keyed=(NAME_PATTERN, "names of runtimes", Whole(least=0, most=1_000_000))),
            says="how many open rows may name a runtime as the odd one",
        ),
        "decisions": Field(spec=ListOf(item=DECISION), required=True, says="one row a decision"),
    }
)


def read_ledger(file: Path) -> Ledger:
    """Read the ledger; raises BadFileError with all that is wrong in it."""
    return parse_ledger(source_bytes(file, str(file)), str(file))


def parse_ledger(raw: bytes, name: str) -> Ledger:
    """Parse the bytes of a ledger under the name of its file."""
    root = parse_document(raw, name)
    problems = list(check(LEDGER, root)) or list(_meaning_problems(root))
    if problems:
        raise BadFileError(problems)
    rows = items(members(root)["decisions"])
    digest = hashlib.sha256(raw).hexdigest()
    return Ledger(
        decisions=tuple(map(_decision, rows)),
        digest=digest,
        file=name,
        budget={name: int(text(node)) for name, node in members(members(root).get("budget")).items()},
        repositories={name: text(node) for name, node in members(members(root).get("repositories")).items()},
    )


def _meaning_problems(root: Node) -> Iterator[Problem]:
    seen: dict[str, Place] = {}
    for row in items(members(root)["decisions"]):
        given = members(row)
        yield from _repeated_id(given["id"], seen)
        for name in ("opened", "review_by"):
            if name in given and _date(given[name]) is None:
                yield Problem(given[name].place, f"{text(given[name])} is no day of the calendar")
        both = set(map(text, items(given["odd"]))) & set(map(text, items(given["rest"])))
        if both:
            yield Problem(given["rest"].place, f"{', '.join(sorted(both))} cannot be on both sides")
        if (text(given["state"]) == DecisionState.DONE.value) != ("commit" in given):
            yield Problem(given["state"].place, "a done decision names its commit (repo@sha), and only a done one does")


def _repeated_id(node: Node, seen: dict[str, Place]) -> Iterator[Problem]:
    first = seen.setdefault(text(node), node.place)
    if first is not node.place:
        yield Problem(node.place, f"{text(node)} is already at line {first.line}; ids are never reused")


def _date(node: Node) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text(node))
    except ValueError:
        return None


def _decision(row: Node) -> Decision:
    given = members(row)
    return Decision(
        id=text(given["id"]),
        title=text(given["title"]),
        state=DecisionState(text(given["state"])),
        kind=DecisionKind(text(given["kind"])),
        where=tuple(map(text, items(given["where"]))),
        signature=parse_signature(text(given["signature"])),
        odd=tuple(map(text, items(given["odd"]))),
        rest=tuple(map(text, items(given["rest"]))),
        reason=text(given["reason"]),
        owner=text(given["owner"]),
        opened=dt.date.fromisoformat(text(given["opened"])),
        review_by=_date(given["review_by"]) if "review_by" in given else None,
        loc_estimate=int(text(given["loc_estimate"])) if "loc_estimate" in given else None,
        commit=text(given["commit"]) if "commit" in given else None,
        place=row.place,
    )


def parse_signature(written: str) -> Signature:
    """Read a signature as reports print it; raises ValueError for anything else."""
    found = _SIGNATURE.match(written)
    if found is None:
        raise ValueError(f"no signature: {written!r}")
    return Signature(found["name"], found["path"], found["odd"], found["rest"])
