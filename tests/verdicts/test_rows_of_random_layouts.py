"""Rows for statuses, errors and members of two to five runtimes, in random layouts.

After all is decided the same answers are known, and any changed side is red.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conformance.ledger.drafts import Drafts, merged
from conformance.model.case import CompareLevel
from conformance.model.decision import Ledger
from conformance.model.observation import Answer
from conformance.model.verdict import CaseResult, Verdict
from conformance.verdicts.judgement import judge
from tests.comparison.laws import NAMES, answer, findings_of
from tests.verdicts.ledger_rows import cell, ledger, result

Answers = Mapping[str, Answer]

STATUSES: Final = (200, 201, 204, 301, 302, 400, 401, 403, 404, 405, 409, 422, 500, 501, 503)
ERRORS: Final[Sequence[object]] = (
    {},
    {"error": "x"},
    {"error": "y"},
    {"error": "z", "error_description": "why"},
    {"error": {"code": "X"}},
    {"error": {"code": 7}},
    {"code": "X", "message": "no"},
    {"message": "no order 17"},
    {"detail": "Not Found"},
    {"errors": [{"code": "Y"}]},
    "no",
    [],
)
MEMBERS: Final[Sequence[object]] = (
    1,
    2,
    1.5,
    "1",
    "x",
    "X",
    None,
    [],
    [1],
    {},
    {"n": 1},
    True,
    "true",
    0,
    "",
)
_ABSENT: Final = object()
ROUNDS: Final = settings(derandomize=True, max_examples=300, deadline=None)


@st.composite
def _answer(draw: st.DrawFn) -> Answer:
    """Draw an error, or a success with two members of any kind."""
    status = draw(st.sampled_from(STATUSES))
    if status >= 400:
        return answer(draw(st.sampled_from(ERRORS)), status)
    drawn = {name: draw(st.sampled_from((*MEMBERS, _ABSENT))) for name in ("n", "m")}
    return answer({name: value for name, value in drawn.items() if value is not _ABSENT}, status)


@st.composite
def cases(draw: st.DrawFn) -> list[Answers]:
    """Draw one to three cases of two to five runtimes; in each there are few distinct answers."""
    names = NAMES[: draw(st.integers(2, 5))]
    found: list[Answers] = []
    for _ in range(draw(st.integers(1, 3))):
        few = draw(st.lists(_answer(), min_size=1, max_size=4))
        here = [name for name in names if draw(st.integers(0, 5))]
        found.append({name: draw(st.sampled_from(few)) for name in here})
    return [each for each in found if len(each) > 1]


def judged(number: int, given_answers: Answers, rows: Ledger) -> tuple[CaseResult, Verdict]:
    """Return a case with these answers, and its verdict."""
    names = sorted(given_answers)
    findings = findings_of(dict(given_answers), names, CompareLevel.VALUE)
    cells = [cell(name, given_answers[name]) for name in names]
    seen = result(f"number-{number}", *cells, findings=findings)
    return seen, judge(seen, rows).verdict


def decided(found: Sequence[Answers]) -> Ledger:
    """Return the rows that `decide --all` makes of some cases."""
    drafts = Drafts()
    for number, given_answers in enumerate(found):
        seen, _ = judged(number, given_answers, ledger())
        drafts.add(seen, judge(seen, ledger()))
    every = [draft for of_cause in drafts.of_causes().values() for draft in merged(of_cause)]
    rows = (draft.row(number, "-", dt.date.min) for number, draft in enumerate(every, start=1))
    return ledger(*rows)


@ROUNDS
@given(cases())
def test_what_is_decided_is_known(found: list[Answers]) -> None:
    """The rows of a run decide all of it."""
    rows = decided(found)
    for number, given_answers in enumerate(found):
        seen, verdict = judged(number, given_answers, rows)
        assert verdict in {Verdict.KNOWN, Verdict.PASSED}, judge(seen, rows).reason


@ROUNDS
@given(cases(), st.data())
def test_another_status_is_red(found: list[Answers], data: st.DataObject) -> None:
    """A runtime that answers with a new status is undecided, beside any others."""
    assume(found)
    number = data.draw(st.integers(0, len(found) - 1))
    name = data.draw(st.sampled_from(sorted(found[number])))
    was = found[number][name]
    later = replace(
        was, status=data.draw(st.sampled_from([each for each in STATUSES if each != was.status]))
    )
    changed = {**found[number], name: later}
    assume(len({each.status for each in changed.values()}) > 1)
    assert judged(number, changed, decided(found))[1] is Verdict.FAILED


@ROUNDS
@given(cases(), st.data())
def test_another_value_is_red(found: list[Answers], data: st.DataObject) -> None:
    """A runtime that sends a new value or member is undecided, beside another object."""
    assume(found)
    number = data.draw(st.integers(0, len(found) - 1))
    name = data.draw(st.sampled_from(sorted(found[number])))
    was = found[number][name]
    body = json.loads(was.body)
    beside = [
        each for other, each in found[number].items() if other != name and each.status == was.status
    ]
    assume(
        isinstance(body, dict) and any(isinstance(json.loads(each.body), dict) for each in beside)
    )
    later = replace(
        was,
        body=json.dumps({**body, data.draw(st.sampled_from(["n", "new"])): "never sent"}).encode(),
    )
    assert judged(number, {**found[number], name: later}, decided(found))[1] is Verdict.FAILED


@ROUNDS
@given(cases())
def test_a_row_about_statuses_decides_any_of_its_runtimes(found: list[Answers]) -> None:
    """What a run with fewer runtimes shows of their statuses is known: one row holds for all."""
    rows = decided(found)
    for number, names in _subsets(found):
        seen, _ = judged(number, {name: found[number][name] for name in names}, rows)
        decisions = judge(seen, rows).decisions
        assert all(
            decisions[at]
            for at, each in enumerate(seen.comparison.findings)
            if each.place == "status"
        )


def _subsets(found: Sequence[Answers]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, given_answers in enumerate(found):
        for size in range(2, len(given_answers)):
            yield from ((number, names) for names in combinations(sorted(given_answers), size))
