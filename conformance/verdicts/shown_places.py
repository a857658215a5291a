"""Whether answers that were compared at a place show anything about a ledger row.

Equal answers are a fix only if they contain what the row is about.  After a token has expired, all
answers are equal, but a refusal has none of the members that a success has.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import takewhile
from operator import attrgetter
from typing import Final

from conformance.comparison.answers.answer import read_answer
from conformance.comparison.difference import ABSENT
from conformance.comparison.idioms.bodies import OTHER_ERROR_PAGE, TEXT_VS_JSON
from conformance.comparison.idioms.errors import ERROR_CODE, ERROR_MESSAGE, ERROR_SHAPE
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.comparison.rules.rule_paths import names_only
from conformance.comparison.rules.unneeded import values_at_path
from conformance.model.answer_place import AnswerPlace
from conformance.model.decision import Decision
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import (
    ANY_DEPTH,
    ANY_ELEMENT,
    ANY_MEMBER,
    IN_TEXT,
    JsonPath,
    Segment,
)
from conformance.model.observation import Answer

NOTHING_THERE: Final = "no answer has anything there"
ONLY_REFUSALS: Final = (
    "no answer is 2xx or 3xx (write `expect: {status: …}` where the refusal is meant)"
)
NO_REFUSAL: Final = "no answer is an error"
_PATTERNS: Final = frozenset({ANY_MEMBER, ANY_DEPTH})
"""Segments that stand for several places; `[*]` is part of the one place of all elements."""
_STATUS: Final = attrgetter("status")
_THERE: Final = "there"
_BESIDE: Final = "beside"
_OWN_NAME: Final = "${"
"""The start of a fresh name, as places write it."""
_OF_ERRORS: Final = frozenset(
    idiom.name for idiom in (ERROR_SHAPE, ERROR_CODE, ERROR_MESSAGE, TEXT_VS_JSON, OTHER_ERROR_PAGE)
)
"""Causes that only errors show."""


def why_nothing_shown(
    row: Decision, place: AnswerPlace, answers: Sequence[Answer], read_as: str, *, as_demanded: bool
) -> str:
    """Return why answers that were compared at a place show nothing about a row.

    The result is an empty text if they do.  `as_demanded` is set if the case has expectations that
    the answers meet: then a refusal is what was requested.
    """
    statuses = list(map(_STATUS, answers))
    if row.cause in _OF_ERRORS:
        has_refusal = max(statuses, default=0) >= FIRST_ERROR
        if has_refusal:
            return ""
        return NO_REFUSAL
    # A whole body, or a part without a path, only counts in an answer to the request
    reached = _BESIDE
    if place.path:
        reached = _reached(row, place.path, answers, read_as)
    if not reached:
        return NOTHING_THERE
    is_of_status = place.part == DifferenceKind.STATUS.value
    is_as_wanted = as_demanded or (is_of_status and _has_kept_status(row, answers))
    if reached == _THERE or is_as_wanted:
        return ""
    is_refused = min(statuses, default=FIRST_ERROR) >= FIRST_ERROR
    if not is_refused:
        return ""
    return ONLY_REFUSALS


def _reached(row: Decision, path: JsonPath, answers: Sequence[Answer], read_as: str) -> str:
    """Return whether answers have a place of a row (`there`), only its body (`beside`), or neither.

    For a row about a missing member, the object around the member counts as the place.  If that is
    the whole body, the answer may still be a refusal.
    """
    looked_for = _to_look_for(path)
    if not _any_has(answers, looked_for, read_as):
        # A list element cannot be a missing member
        if not _is_about_presence(row) or looked_for[-1] is ANY_ELEMENT:
            return ""
        looked_for = looked_for[:-1]
        if not _any_has(answers, looked_for, read_as):
            return ""
    is_whole_body = not looked_for
    if is_whole_body:
        return _BESIDE
    return _THERE


def _any_has(answers: Iterable[Answer], path: JsonPath, read_as: str) -> bool:
    has = partial(_has, path=path, read_as=read_as)
    return any(map(has, answers))


def _is_about_presence(row: Decision) -> bool:
    """Return whether a row is about a member that one side has and another lacks."""
    if row.cause == DifferenceKind.MEMBER.value:
        return True
    return ABSENT in row.side_of.values()


def _has_kept_status(row: Decision, answers: Sequence[Answer]) -> bool:
    """Return whether an answer has a status of a row's side that is not to be changed."""
    kept = {*row.side_of.values()} - {row.fix}
    return not kept.isdisjoint(map(str, map(_STATUS, answers)))


def _has(answer: Answer, path: JsonPath, read_as: str) -> bool:
    """Return whether a body has a value at a path; without structure it has only the empty path."""
    body = read_answer(answer, read_as=read_as).body
    if not body.structured:
        return not path
    if body.markup is None:
        return bool(values_at_path([body.value], path, in_markup=False))
    return bool(values_at_path([body.value], names_only(path), in_markup=True))


def _to_look_for(path: JsonPath) -> JsonPath:
    """Return the start of a path that answers have exactly as it is written."""
    return tuple(takewhile(_is_written_so, without_pattern(path)))


def _is_written_so(segment: Segment) -> bool:
    if segment is IN_TEXT:
        return False
    return not isinstance(segment, str) or not segment.startswith(_OWN_NAME)


def without_pattern(path: JsonPath) -> JsonPath:
    """Return the start of a path, up to its first pattern: it stands for one place."""
    return tuple(takewhile(lambda segment: segment not in _PATTERNS, path))
