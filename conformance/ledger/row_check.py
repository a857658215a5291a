"""Checks of a row that its table of fields cannot express, field by field."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from conformance.comparison.error_codes import has_code
from conformance.errors import Place, Problem
from conformance.ledger.pin_check import pin_problems
from conformance.ledger.row_fields import CAUSES, DECISION, UNWRITTEN
from conformance.model.answer_place import spellings
from conformance.model.case_glob import is_glob
from conformance.model.decision import DecisionKind, DecisionState
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import ANY_DEPTH
from conformance.suites.field_check import suggestion
from conformance.suites.nodes import Mapping, Node, is_true, items, members, text

_UNWRITTEN: Final = re.compile(rf"\b{UNWRITTEN}\b")
_OF_A_DIFFERENCE: Final = ("cause", "code", "at", "where", "sides", "fix", "pin", "grows")
_NEEDED: Final = ("cause", "where", "sides")
_OF_WORK: Final = ("evidence", "options")
_TWO_SIDES: Final = 2
"""A difference has at least two sides; a fault is about one runtime."""


def row_problems(row: Node) -> Iterator[Problem]:
    """Yield the problems of a row that has passed the checks of its table."""
    given = members(row)
    yield from _plain_problems(given)
    if text(given["kind"]) == DecisionKind.WORK.value:
        yield from _work_problems(row, given)
        return
    for name, node in _given(_OF_WORK, given):
        yield Problem(node.place, f"{name} goes with `kind: work`")
    missing = [name for name in _NEEDED if name not in given]
    for name in missing:
        yield Problem(row.place, f"field {name!r} is missing: {DECISION.fields[name].says}")
    if not missing:
        yield from _cause_problems(given)
        yield from _side_problems(given)
        yield from _cover_problems(row, given)
        yield from pin_problems(given)


def _given(names: Iterable[str], given: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    """Yield the fields that a row has among `names`, in the order of `names`."""
    for name in names:
        if name in given:
            yield name, given[name]


def _plain_problems(given: dict[str, Node]) -> Iterator[Problem]:
    for _, day in _given(("opened", "review_by"), given):
        if date_of(day) is None:
            yield Problem(day.place, f"{text(day)} is no day of the calendar")
    for name, sentence in _given(("reason", "owner"), given):
        if _UNWRITTEN.search(text(sentence)):
            what = f"{name} still says {UNWRITTEN}: write it, or remove the row"
            yield Problem(sentence.place, what)
    state, kind = text(given["state"]), text(given["kind"])
    is_done = state == DecisionState.DONE.value
    # Done work may be shown by cases or a report instead
    is_done_work = is_done and kind == DecisionKind.WORK.value
    has_commit = "commit" in given
    if has_commit != is_done and not is_done_work:
        what = "a done decision names its commit (repo@sha), and only a done one does"
        yield Problem(given["state"].place, what)


def _work_problems(row: Node, given: dict[str, Node]) -> Iterator[Problem]:
    for name, node in _given(_OF_A_DIFFERENCE, given):
        what = f"work is about no difference: remove {name}, or choose another kind"
        yield Problem(node.place, what)
    state = text(given["state"])
    is_done = state == DecisionState.DONE.value
    is_open = state == DecisionState.OPEN.value
    if is_done and "evidence" not in given:
        what = "field 'evidence' is missing: done work names what shows that it was done"
        yield Problem(row.place, what)
    if is_open and "loc_estimate" not in given:
        yield Problem(row.place, "field 'loc_estimate' is missing: open work has an estimate")


def _cause_problems(given: dict[str, Node]) -> Iterator[Problem]:
    cause = text(given["cause"])
    if cause not in CAUSES:
        yield Problem(given["cause"].place, f"unknown cause {cause!r}{suggestion(cause, CAUSES)}")
    if "code" in given and not has_code(str(cause)):
        why = "code goes only with a cause about statuses, or about a result with an error"
        yield Problem(given["code"].place, why)


def _side_problems(given: dict[str, Node]) -> Iterator[Problem]:
    sides = members(given["sides"])
    is_fault = text(given["cause"]) == DifferenceKind.FAULT.value
    if len(sides) < _TWO_SIDES and not is_fault:
        yield Problem(given["sides"].place, f"wanted at least two sides, got {len(sides)}")
    seen: set[str] = set()
    for runtime in chain.from_iterable(map(items, sides.values())):
        name = text(runtime)
        if name in seen:
            what = f"{name} cannot be on both sides, or on one twice"
            yield Problem(runtime.place, what)
        seen.add(name)
    yield from _fix_problems(given, sides)


def _fix_problems(given: dict[str, Node], sides: Iterable[str]) -> Iterator[Problem]:
    """Yield the problems of `fix`, the side that is to be changed or was changed."""
    is_done = text(given["state"]) == DecisionState.DONE.value
    if "fix" not in given:
        if is_done:
            what = "a done decision names the side that was changed (fix)"
            yield Problem(given["state"].place, what)
        return
    fix = text(given["fix"])
    if fix not in sides:
        what = f"fix names a side to be changed: one of {', '.join(sides)}; got {fix!r}"
        yield Problem(given["fix"].place, what)


def _cover_problems(row: Node, given: dict[str, Node]) -> Iterator[Problem]:
    where = given["where"]
    grows = is_true(given.get("grows"))
    has_places = isinstance(where, Mapping)
    if has_places == ("at" in given):
        what = "places stand under `at`, where `where` is a list, or in `where` by case"
        yield Problem(row.place, what)
    for case, place in _written_cases(where):
        if is_glob(case) and not grows:
            what = f"{case} is a glob: list the cases by id, or write `grows: true`"
            yield Problem(place, what)
    places_of_cases = map(items, members(where).values())
    for node in chain(items(given.get("at")), *places_of_cases):
        yield from _place_problems(node, grows=grows)


def _written_cases(where: Node) -> Iterator[tuple[str, Place]]:
    """Yield the cases of a row, from a list or the keys of a mapping, with their file place."""
    for case in items(where):
        yield text(case), case.place
    if isinstance(where, Mapping):
        for name, member in where.members.items():
            yield name, member.key_place


def _place_problems(node: Node, *, grows: bool) -> Iterator[Problem]:
    written = text(node)
    try:
        places = spellings(written)
    except ValueError as error:
        yield Problem(node.place, str(error))
        return
    segments = list(chain.from_iterable(place.segments for place in places))
    if ANY_DEPTH in segments and not grows:
        what = f"{written} stands for many names: list the places, or write `grows: true`"
        yield Problem(node.place, what)
    has_index = int in map(type, segments)
    if has_index:
        what = f"{written}: a row is about every element of a list; write [*]"
        yield Problem(node.place, what)


def date_of(node: Node) -> dt.date | None:
    """Return the date that a node contains; None if the calendar has no such day."""
    try:
        return dt.date.fromisoformat(text(node))
    except ValueError:
        return None
