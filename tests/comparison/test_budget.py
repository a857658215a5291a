"""A comparison that takes too long ends, and the case is errored.

This holds wherever it is, and the case says which step and how long.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import pytest

from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.budget import check
from conformance.comparison.case_result import compared, corrected_by_repeat
from conformance.comparison.grouping import Grouping
from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.decision import Ledger
from conformance.model.json_path import parse_path
from conformance.model.observation import Answer, Cell, Fault, FaultKind, Observation
from conformance.model.request import Request
from conformance.model.rule import AlignRule, Rule
from conformance.model.template import KnownName
from conformance.model.verdict import CaseResult, Verdict
from conformance.verdicts.judgement import judge, undecided
from tests.comparison.differences import PLACE, answer

REFUSED: Final = Fault(
    kind=FaultKind.CONNECT_REFUSED, phase="connect", detail="nobody", elapsed_ms=1
)
SMALL: Final = (answer('{"x":1}'), answer('{"x":2}'))
LATE: Final = "step {}: comparing the answers took more than 1 ms of CPU time"


def body(value: object) -> Answer:
    """Return an answer in JSON."""
    return answer(json.dumps(value))


LARGE: Final = tuple(
    body([{f"{letter}{number}": number} for number in range(1_000)]) for letter in "ab"
)
MOST_CALLS: Final = 50
"""Calls for each list from one point to the next: some steps take all lists at once."""
ROWS_AS_SETS: Final = AlignRule(path=parse_path("$[*]"), key=(), why="w", place=PLACE)
SET: Final = AlignRule(path=parse_path("$"), key=(), why="w", place=PLACE)


def result(
    *steps: tuple[Observation, ...],
    timeout_ms: int = 1,
    rules: tuple[Rule, ...] = (),
    names: dict[str, tuple[KnownName, ...]] | None = None,
) -> CaseResult:
    """Return a case of one runtime a column, compared by value."""
    case = Case(
        suite="s", name="c", place=Place("s.yaml", 1, 1), against=None, compare=CompareLevel.VALUE,
            rules=rules,
        steps=(Step(request=Request(method="GET", target="/")),) * len(steps),
            timeout_ms=timeout_ms,
    )  # fmt: skip
    cells = [
        Cell(runtime=name, live=True, observations=seen, names=(names or {}).get(name, ()))
        for name, seen in zip("abcde", zip(*steps, strict=True), strict=False)
    ]
    return compared(case, cells, None)


def known(letter: str) -> tuple[KnownName, ...]:
    """Return names of one runtime for the same things."""
    return tuple(
        KnownName(name=f"n{number}", text=f"{letter}-thing-{number:06d}", json="", identity="thing")
        for number in range(300)
    )


def texts(letter: str) -> Answer:
    """Return an answer that mentions all of them."""
    return body([f"{letter}-thing-{number % 300:06d} {letter}" for number in range(3_000)])


LONG: Final[dict[str, Callable[[], CaseResult]]] = {
    "members": lambda: result(LARGE),
    "values": lambda: result(
        tuple(body([f"{letter} é {number}" for number in range(20_000)]) for letter in "ab")
    ),
    "depth": lambda: result(
        tuple(answer('{"a":' * 500 + f'"{letter}"' + "}" * 500) for letter in "ab")
    ),
    "many-members": lambda: result(
        tuple(body({f"{letter}{n}": n for n in range(2_000)}) for letter in "ab")
    ),
    "any-order": lambda: result(
        tuple(body([{"n": str(n + shift)} for n in range(4_000)]) for shift in (0, 1)), rules=(SET,)
    ),
    "identities": lambda: result(
        (texts("a"), texts("b")), names={"a": known("a"), "b": known("b")}
    ),
    "several-runtimes": lambda: result(
        tuple(body([{f"m{n}": n % k for n in range(90)}] * 9) for k in (2, 3, 4, 5))
    ),
}


@pytest.mark.parametrize("kind", LONG)
def test_whatever_takes_long_ends(kind: str) -> None:
    """Each kind of long comparison comes to points at which it can end."""
    seen = LONG[kind]()
    (finding,) = seen.comparison.findings
    assert seen.comparison.over_budget == LATE.format(1)
    assert (finding.place, finding.sides[0].runtimes[:2]) == ("exchange", ("a", "b"))
    assert finding.facts_of(0) == ("faulted comparison_budget",)


def test_such_a_case_is_errored() -> None:
    """The verdict names the fault, the step and the time.

    It is not asked again, and is one cause of all runtimes.
    """
    seen = result(LARGE)
    judged = judge(seen, Ledger())
    grouping = Grouping({})
    grouping.add(seen, judged)
    (group,) = grouping.groups()
    assert (judged.verdict, judged.reason) == (
        Verdict.ERRORED,
        f"comparison_budget: {LATE.format(1)}",
    )
    assert not undecided(seen, Ledger())
    assert group.title == "answers of a, b took too long to compare: faulted comparison_budget"
    assert [value for _, value in group.examples[0].finding.sent[0]] == [
        f"comparison_budget in comparison: {LATE.format(1)}"
    ] * 2
    assert (seen.comparison.compared, seen.comparison.rule_uses) == (False, ())


def test_the_steps_before_it_are_told_and_those_after_it_are_not() -> None:
    """One budget is for all steps: what was found before it was used up stays."""
    seen = result(SMALL, LARGE, SMALL, timeout_ms=20)
    assert [(finding.step, finding.place) for finding in seen.comparison.findings] == [
        (0, "$.x"),
        (1, "exchange"),
    ]
    assert seen.comparison.over_budget == LATE.format(2).replace("1 ms", "20 ms")


def test_beside_a_fault() -> None:
    """A runtime that gave no answer keeps its own fault, and both are said."""
    seen = result((*LARGE, REFUSED))
    (finding,) = seen.comparison.findings
    told = {
        name: finding.facts_of(at)[0]
        for at, side in enumerate(finding.sides)
        for name in side.runtimes
    }
    assert told == {
        "a": "faulted comparison_budget", "b": "faulted comparison_budget",
        "c": "faulted connect_refused",
    }  # fmt: skip
    assert (
        judge(seen, Ledger()).reason
        == f"c: connect_refused: nobody; comparison_budget: {LATE.format(1)}"
    )


def test_enough_time_is_no_fault() -> None:
    """The same answers are compared where the budget allows for it."""
    seen = result(LARGE, timeout_ms=600_000)
    assert seen.comparison.over_budget == ""
    assert {finding.place for finding in seen.comparison.findings} != {"exchange"}


def test_an_own_comparison_that_takes_too_long_shows_nothing() -> None:
    """A runtime whose two answers cannot be compared in time is not said to differ.

    The difference in question is the one from itself.
    """
    case = Case(
        suite="s", name="c", place=Place("s.yaml", 1, 1), against=None, compare=CompareLevel.VALUE,
        steps=(Step(request=Request(method="GET", target="/")),), timeout_ms=1,
    )  # fmt: skip
    small, large = (result(answers, timeout_ms=600_000) for answers in (SMALL, LARGE))
    assert corrected_by_repeat(case, small, large, None).own_differences == ()


def calls(of: Callable[..., Any], made: Callable[[], object]) -> int:
    """Return how often a function is called while something is made."""
    counted: Counter[object] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            counted[frame.f_code] += 1

    sys.setprofile(count)
    try:
        made()
    finally:
        sys.setprofile(None)
    return counted[of.__code__]


@pytest.mark.parametrize("runtimes", [2, 3, 4, 5])
def test_how_often_answers_are_compared(runtimes: int) -> None:
    """Answers that agree are never compared; where all differ each two are once.

    The same answer counts once.
    """
    differ = [body({"x": number}) for number in range(runtimes)]
    pairs = runtimes * (runtimes - 1) // 2
    alike = (differ[0],) * runtimes

    def compared_by(*steps: tuple[Observation, ...]) -> int:
        return calls(compare_answers, lambda: result(*steps, timeout_ms=600_000))

    assert compared_by(alike) == 0
    assert compared_by(tuple(differ)) == pairs
    assert compared_by(tuple(differ), tuple(differ)) == 2 * pairs
    assert compared_by((*alike[1:], differ[1])) == 1
    assert calls(check, lambda: result(alike)) == 0


def most_calls_between_checks(made: Callable[[], object]) -> int:
    """Return how many calls are made at most from one point to end at to the next one."""
    now, most = 0, 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal now, most
        now = 0 if frame.f_code is check.__code__ else now + (event == "call")
        most = max(most, now)

    sys.setprofile(count)
    try:
        made()
    finally:
        sys.setprofile(None)
    return most


@pytest.mark.parametrize("rules", [(), (ROWS_AS_SETS,)])
def test_a_comparison_can_end_at_each_of_many_short_lists(rules: tuple[Rule, ...]) -> None:
    """A million of them took 20 s between two points at which it can end."""
    count = 2_000
    rows = tuple(body([[number, word] for number in range(count)]) for word in ("a", "b"))
    seen = most_calls_between_checks(lambda: result(rows, timeout_ms=600_000, rules=rules))
    assert seen < MOST_CALLS * count
