"""A second asking that says the same as the first is not compared again: the result is the same."""

from collections.abc import Sequence
from typing import Final

import pytest
from msgspec.structs import replace

from conformance.comparison import case_result
from conformance.comparison.by_itself.same_answers import same_answers
from conformance.comparison.case_result import compared, corrected_by_repeat, repeated_result
from conformance.model.case import Case, CompareLevel
from conformance.model.observation import Cell, Fault, FaultKind, NotAsked, Observation
from conformance.model.template import known_text
from conformance.model.verdict import CaseResult
from tests.comparison.differences import answer
from tests.comparison.live_runs import case

CASE: Final = case(compare=CompareLevel.VALUE)
NAMING: Final = replace(CASE, headers=("date",))
FIRST: Final = answer('{"x":1}', date="now")
LATER: Final = replace(FIRST, headers=(FIRST.headers[0], ("Date", "then")), elapsed_ms=7.0)
OTHER: Final = replace(FIRST, body=b'{"x":2}')
NOBODY: Final = Fault(kind=FaultKind.RESET, phase="body", detail="reset", elapsed_ms=1)


def cells(*seen: Observation, name: str = "") -> tuple[Cell, ...]:
    """Return what runtimes did with a step, and what a name stood for then."""
    names = (known_text("id", name, identity="id"),) if name else ()
    return tuple(
        Cell(runtime=runtime, live=True, observations=(each,), names=names)
        for runtime, each in zip("abc", seen, strict=False)
    )


SAME: Final = [
    (CASE, cells(FIRST, OTHER), cells(LATER, OTHER)),
    (CASE, cells(FIRST, NotAsked(reason="no")), cells(LATER, NotAsked(reason="no"))),
]
NOT_THE_SAME: Final = [
    (CASE, cells(FIRST, OTHER), cells(OTHER, OTHER)),
    (CASE, cells(FIRST, OTHER), cells(FIRST, replace(OTHER, status=201))),
    (CASE, cells(FIRST, OTHER), cells(FIRST, replace(OTHER, reason="Fine"))),
    (CASE, cells(FIRST, OTHER), cells(FIRST, replace(OTHER, notes=("odd",)))),
    (CASE, cells(FIRST, OTHER), cells(FIRST, replace(OTHER, headers=(("etag", "1"),)))),
    (NAMING, cells(FIRST, OTHER), cells(LATER, OTHER)),
    (CASE, cells(FIRST, OTHER, name="n1"), cells(FIRST, OTHER, name="n2")),
    (CASE, cells(FIRST, NOBODY), cells(FIRST, NOBODY)),
    (CASE, cells(FIRST, NotAsked(reason="no")), cells(FIRST, NotAsked(reason="never"))),
    (CASE, cells(FIRST, NotAsked(reason="no")), cells(FIRST, OTHER)),
]


@pytest.mark.parametrize(("one", "first", "again"), [*SAME, *NOT_THE_SAME])
def test_the_result_is_that_of_comparing_both(
    one: Case, first: tuple[Cell, ...], again: tuple[Cell, ...]
) -> None:
    before, after = (compared(one, each, None) for each in (first, again))
    if any(cell.faults for cell in again):
        expected = replace(after, repeated=True)
    else:
        expected = corrected_by_repeat(one, before, after, None)
    assert repeated_result(one, before, again, None) == expected


@pytest.mark.parametrize(("one", "first", "again"), SAME)
def test_the_same_answers_are_not_compared_again(
    one: Case, first: tuple[Cell, ...], again: tuple[Cell, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = compared(one, first, None)

    def again_compared(*_: object) -> CaseResult:
        raise AssertionError("compared again")

    monkeypatch.setattr(case_result, "compared", again_compared)
    assert repeated_result(one, before, again, None).repeated


@pytest.mark.parametrize(("one", "first", "again"), NOT_THE_SAME)
def test_answers_that_are_not_the_same(
    one: Case, first: Sequence[Cell], again: Sequence[Cell]
) -> None:
    assert not same_answers(one, first, again)


def test_a_runtime_that_was_not_asked_again_is_not_the_same() -> None:
    assert not same_answers(CASE, cells(FIRST, OTHER), cells(FIRST))
