"""The grammar of a row of the ledger, as a table, and what the table cannot say."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.errors import Problem
from conformance.model.answer_place import parse_place
from conformance.model.decision import DecisionKind, DecisionState
from conformance.model.finding import DifferenceKind
from conformance.model.pin import MAX_PINNED
from conformance.suites.document import Mapping, Node, items, members, text
from conformance.suites.expect_fields import pattern_problem
from conformance.suites.field_check import suggestion
from conformance.suites.fields import (
    Amount,
    Choice,
    Either,
    Field,
    Flag,
    ListOf,
    OneOrMany,
    Table,
    Text,
    Whole,
)
from conformance.suites.runtime_fields import NAME_PATTERN

REPOSITORY_PATTERN: Final = r"[A-Za-z0-9._/-]+"
UNWRITTEN: Final = "TODO"
"""The word that stands for what only people know, in a row that a report shows; no command takes
such a row.
"""
_UNWRITTEN: Final = re.compile(rf"\b{UNWRITTEN}\b")
DATE: Final = Text(pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}", meaning="a date such as 2026-11-23")
SENTENCE: Final = Text(pattern=r"(?s).*\S.*", meaning="words")
RUNTIME: Final = Text(pattern=NAME_PATTERN, meaning="the name of a runtime")
COMMIT: Final = Text(pattern=REPOSITORY_PATTERN + "@[0-9a-f]{7,40}", meaning="repo@sha")
_CASE: Final = Text(pattern=r"\S+", meaning="a case id, or with `grows` a glob over case ids")
_PLACE: Final = Text(
    pattern=r"(?s)\S.*", meaning="a place such as $.items[*].total, status or header etag"
)
_PLACES: Final = ListOf(item=_PLACE, least=1)
_SIDE: Final = r"(?s).*\S.*"
_CLAIM: Final = r"(?:>=|<=|==|!=|<|>) .*\S"

CAUSES: Final = tuple(sorted({*BY_NAME, *(kind.value for kind in DifferenceKind)}))
_BY_VALUE: Final = frozenset({"value", "length", "text", "bytes", "another-order", "element-order"})
"""Causes whose facts say no more than that values differ: which values these were is what was
decided.
"""
_OF_A_DIFFERENCE: Final = ("cause", "code", "at", "where", "sides", "fix", "pin", "grows")
_NEEDED: Final = ("cause", "where", "sides")
_OF_WORK: Final = ("evidence", "options")

PIN: Final = Table(
    fields={
        "values": Field(
            spec=ListOf(
                item=Table(
                    keyed=(_SIDE, "names of sides", OneOrMany(item=Text(meaning="a value as text")))
                ),
                least=1,
                most=MAX_PINNED,
            ),
            says="the values that were seen, by side; `[own URL]` and `${name}` stand for what "
            "changes in each run",
        ),
        "within": Field(
            spec=Table(
                fields={
                    "absolute": Field(spec=Amount(), says="how far numbers may lie apart"),
                    "relative": Field(
                        spec=Amount(), says="how far, as a share of the larger magnitude"
                    ),
                }
            ),
            says="how far numbers may lie apart",
        ),
        "matches": Field(
            spec=Text(pattern=r"(?s).+", meaning="a pattern"),
            says="a pattern that each value matches",
        ),
        "order": Field(spec=Flag(), says="true: lists have the same elements in any order"),
        "any": Field(spec=Flag(), says="true: any value; the reason says why that is good enough"),
    },
    one_of=("values", "within", "matches", "order", "any"),
)
EVIDENCE: Final = Table(
    fields={
        "cases": Field(
            spec=ListOf(item=_CASE, least=1), says="globs over the cases that must pass"
        ),
        "runtimes": Field(
            spec=ListOf(item=RUNTIME, least=1), says="on which runtimes they must pass, live"
        ),
        "report": Field(
            spec=SENTENCE, says="a committed report, by its path from the folder of the repository"
        ),
        "claims": Field(
            spec=Table(
                keyed=(
                    r"[A-Za-z_][A-Za-z0-9_.]*",
                    "names of figures",
                    Text(pattern=_CLAIM, meaning="`>= 438`"),
                )
            ),
            says="what the figures of the report's record must be",
        ),
        "commit": Field(spec=COMMIT, says="the commit that did it"),
    },
    one_of=("cases", "report", "commit"),
    needs={"runtimes": "cases", "claims": "report"},
)
DECISION: Final = Table(
    fields={
        "id": Field(
            spec=Text(pattern=r"D-[0-9]{3,}", meaning="an id such as D-001"),
            required=True,
            says="never reused",
        ),
        "title": Field(spec=SENTENCE, required=True, says="what the decision is about"),
        "state": Field(
            spec=Choice(options=tuple(state.value for state in DecisionState)),
            required=True,
            says="where it stands",
        ),
        "kind": Field(
            spec=Choice(options=tuple(kind.value for kind in DecisionKind)),
            required=True,
            says="what was decided",
        ),
        "cause": Field(
            spec=Text(pattern=r"[a-z0-9-]+", meaning="an idiom or a kind"),
            says="an idiom or a kind",
        ),
        "code": Field(
            spec=SENTENCE,
            says="what the refusing side calls its error, where the cause is a status",
        ),
        "at": Field(spec=_PLACES, says="the places, in all cases of `where`"),
        "where": Field(
            spec=Either(
                options=(
                    ListOf(item=_CASE, least=1),
                    Table(keyed=(r"\S+", "ids of cases", _PLACES)),
                )
            ),
            says="the cases, by id; or the places by case",
        ),
        "sides": Field(
            spec=Table(keyed=(_SIDE, "names of sides", ListOf(item=RUNTIME, least=1))),
            says="the runtimes by the fact that they show; by a letter, where values differ",
        ),
        "fix": Field(
            spec=SENTENCE, says="the side to be changed; absent while that is not decided"
        ),
        "pin": Field(spec=PIN, says="the values, or the bound, that the decision holds for"),
        "grows": Field(
            spec=Flag(), says="true: `where` and `at` may be patterns, and cover what comes later"
        ),
        "evidence": Field(
            spec=ListOf(item=EVIDENCE, least=1), says="what shows that work was done"
        ),
        "options": Field(
            spec=ListOf(item=SENTENCE, least=1), says="the alternatives under consideration"
        ),
        "reason": Field(spec=SENTENCE, required=True, says="why it was decided so"),
        "owner": Field(spec=SENTENCE, required=True, says="who answers for it"),
        "opened": Field(spec=DATE, required=True, says="the day it was written down"),
        "review_by": Field(spec=DATE, says="the day by which it is looked at again"),
        "loc_estimate": Field(
            spec=Whole(least=0, most=1_000_000), says="how many lines the fix is thought to take"
        ),
        "commit": Field(spec=COMMIT, says="where it was done"),
    }
)


def row_problems(row: Node) -> Iterator[Problem]:
    """Yield what the table cannot say of a row that it has checked."""
    given = members(row)
    yield from _plain_problems(given)
    if text(given["kind"]) == DecisionKind.WORK.value:
        yield from _work_problems(row, given)
        return
    yield from (
        Problem(given[name].place, f"{name} goes with `kind: work`")
        for name in _OF_WORK
        if name in given
    )
    missing = [name for name in _NEEDED if name not in given]
    yield from (
        Problem(row.place, f"field {name!r} is missing: {DECISION.fields[name].says}")
        for name in missing
    )
    if not missing:
        yield from _cause_problems(given)
        yield from _side_problems(given)
        yield from _cover_problems(row, given)
        yield from _pin_problems(given)


def _plain_problems(given: dict[str, Node]) -> Iterator[Problem]:
    for name in ("opened", "review_by"):
        if name in given and date_of(given[name]) is None:
            yield Problem(given[name].place, f"{text(given[name])} is no day of the calendar")
    for name in ("reason", "owner"):
        if _UNWRITTEN.search(text(given[name])):
            yield Problem(
                given[name].place, f"{name} still says {UNWRITTEN}: write it, or remove the row"
            )
    done = text(given["state"]) == DecisionState.DONE.value
    if done != ("commit" in given) and (text(given["kind"]) != DecisionKind.WORK.value or not done):
        yield Problem(
            given["state"].place,
            "a done decision names its commit (repo@sha), and only a done one does",
        )


def _work_problems(row: Node, given: dict[str, Node]) -> Iterator[Problem]:
    for name in _OF_A_DIFFERENCE:
        if name in given:
            yield Problem(
                given[name].place,
                f"work is about no difference: remove {name}, or choose another kind",
            )
    state = text(given["state"])
    if state == DecisionState.DONE.value and "evidence" not in given:
        yield Problem(
            row.place, "field 'evidence' is missing: done work names what shows that it was done"
        )
    if state == DecisionState.OPEN.value and "loc_estimate" not in given:
        yield Problem(row.place, "field 'loc_estimate' is missing: open work has an estimate")


def _cause_problems(given: dict[str, Node]) -> Iterator[Problem]:
    cause = text(given["cause"])
    if cause not in CAUSES:
        yield Problem(given["cause"].place, f"unknown cause {cause!r}{suggestion(cause, CAUSES)}")
    if "code" in given and cause != DifferenceKind.STATUS.value:
        yield Problem(given["code"].place, "code goes with `cause: status` only")


def _side_problems(given: dict[str, Node]) -> Iterator[Problem]:
    sides = members(given["sides"])
    if len(sides) < 2 and text(given["cause"]) != DifferenceKind.FAULT.value:  # noqa: PLR2004 - only a fault has one
        yield Problem(given["sides"].place, f"wanted at least two sides, got {len(sides)}")
    seen: set[str] = set()
    for runtime in chain.from_iterable(map(items, sides.values())):
        if text(runtime) in seen:
            yield Problem(
                runtime.place, f"{text(runtime)} cannot be on both sides, or on one twice"
            )
        seen.add(text(runtime))
    if "fix" in given and text(given["fix"]) not in sides:
        known = ", ".join(sides)
        yield Problem(
            given["fix"].place,
            f"fix names a side to be changed: one of {known}; got {text(given['fix'])!r}",
        )
    if "fix" not in given and text(given["state"]) == DecisionState.DONE.value:
        yield Problem(given["state"].place, "a done decision names the side that was changed (fix)")


def _cover_problems(row: Node, given: dict[str, Node]) -> Iterator[Problem]:
    where, grows = given["where"], text(given.get("grows")) == "true"
    if isinstance(where, Mapping) == ("at" in given):
        yield Problem(
            row.place, "places stand under `at`, where `where` is a list, or in `where` by case"
        )
    by_case = [] if not isinstance(where, Mapping) else [*where.members.items()]
    cases = [(name, member.key_place) for name, member in by_case] or [
        (text(n), n.place) for n in items(where)
    ]
    for case, place in cases:
        if not grows and ("*" in case or "?" in case):
            yield Problem(place, f"{case} is a glob: list the cases by id, or write `grows: true`")
    for node in chain(items(given.get("at")), *(items(member.node) for _, member in by_case)):
        yield from _place_problems(node, grows=grows)


def _place_problems(node: Node, *, grows: bool) -> Iterator[Problem]:
    try:
        place = parse_place(text(node))
    except ValueError as error:
        yield Problem(node.place, str(error))
        return
    if place.open and not grows:
        yield Problem(
            node.place,
            f"{text(node)} stands for many names: list the places, or write `grows: true`",
        )
    if any(isinstance(segment, int) for segment in place.path or ()):
        yield Problem(
            node.place, f"{text(node)}: a row is about every element of a list; write [*]"
        )


def _pin_problems(given: dict[str, Node]) -> Iterator[Problem]:
    if "pin" not in given:
        if text(given["cause"]) in _BY_VALUE:
            yield Problem(
                given["cause"].place,
                "field 'pin' is missing: a row about values says which, or a bound",
            )
        return
    pin, sides = members(given["pin"]), members(given["sides"])
    if "values" in pin and text(given.get("grows")) == "true":
        yield Problem(
            pin["values"].place, "a row that grows needs a bound: within, matches, order or any"
        )
    for seen in items(pin.get("values")):
        names = members(seen)
        if not names.keys() <= sides.keys() or len(names) < 2:  # noqa: PLR2004 - two sides at least
            yield Problem(
                seen.place, f"wanted a value for at least two of the sides {', '.join(sides)}"
            )
    if "within" in pin and not members(pin["within"]):
        yield Problem(pin["within"].place, "wanted absolute, relative or both, got neither")
    for name in ("order", "any"):
        if text(pin.get(name)) == "false":
            yield Problem(pin[name].place, f"wanted {name}: true, or another bound")
    if "matches" in pin and (wrong := pattern_problem(text(pin["matches"]))):
        yield Problem(pin["matches"].place, wrong)


def date_of(node: Node) -> dt.date | None:
    """Return the day that a node writes; None for one that is in no calendar."""
    try:
        return dt.date.fromisoformat(text(node))
    except ValueError:
        return None
