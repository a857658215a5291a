"""Rows and the law of restriction: what a row says of its runtimes depends on no other runtime."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import combinations

from hypothesis import assume, example, given, settings
from msgspec.structs import replace

from conformance.ledger.drafts import Drafts
from conformance.model.case import CompareLevel
from conformance.model.decision import Decision
from conformance.model.finding import Finding
from conformance.model.observation import Answer
from conformance.model.verdict import Verdict
from conformance.verdicts.held_values import holds
from conformance.verdicts.judgement import judge
from conformance.verdicts.matching import InCase, matches
from tests.comparison.laws import answers, answers_of, findings_of
from tests.comparison.test_restriction import LAYOUTS, goes_by_ids_and_by_indexes
from tests.verdicts.ledger_rows import cell, ledger, result

CASE = InCase("shop/order", 1)


def rows_for(findings: Iterable[Finding], names: Sequence[str]) -> list[Decision]:
    """Return the rows that decide findings of some runtimes."""
    case = result("order", *map(cell, names), findings=tuple(findings))
    drafts = Drafts()
    drafts.add(case, judge(case, ledger()))
    every = [draft for of_cause in drafts.of_causes().values() for draft in of_cause]
    return [
        replace(draft.row(number, "-", dt.date.min)) for number, draft in enumerate(every, start=1)
    ]


EACH_ODD_AT_AN_INDEX = answers_of(
    [{"id": 1, "n": "1"}, {"id": 2, "n": 1}], [{"id": 1, "n": 1}, {"id": 2, "n": "1"}]
)
"""Two runtimes with the same two facts at one place, the other way round in another element: two
rows.
"""

EMPTY_TEXTS_BESIDE_NULL = answers_of(["", ""], [None, None], ["1", ""])
"""The first two differ in both elements by one idiom, which names only the first one as a whole."""

ONE_OF_TWO_TEXTS = answers_of([1, 1], [1, 1], ["1", "1"], [1, "1"])
"""The fourth is on the side of the first two in one element, and on that of the third in another."""

IN_AN_ENVELOPE = answers_of(
    ["1", "1"], [{"id": 0, "n": "1"}, {"id": 1, "n": "1"}], {"items": ["1", 1]}
)
"""The first two differ in both elements, of which the third has only one at another place."""

A_LIST_OF_ONE = answers_of(["true"], [["true"]], [{}, "1"])
"""The last two differ in type, and where the first is beside them, by an idiom, too."""

TIMES_BESIDE_A_TEXT = answers_of(
    *[[{"id": 1, "n": "2026-11-23 00:00:00"}, {"id": 2, "n": "1"}]] * 2,
    [{"id": 1, "n": "2026-11-23 00:00:00"}, "1"],
    [{"id": 1.0, "n": 1795392000}, {"id": "x", "n": 1}],
)
"""The last two differ by the form of a time, which is no name for what the others show there."""


@settings(derandomize=True, max_examples=150, deadline=None)
@given(answers())
@example(EACH_ODD_AT_AN_INDEX)
@example(EMPTY_TEXTS_BESIDE_NULL)
@example(ONE_OF_TWO_TEXTS)
@example(IN_AN_ENVELOPE)
@example(A_LIST_OF_ONE)
def test_the_rows_of_a_run_decide_it(given_answers: dict[str, Answer]) -> None:
    """Whatever runtimes answer, rows made of it make it known; no two contradict each other."""
    names = list(given_answers)
    findings = findings_of(given_answers, names, CompareLevel.VALUE)
    assume(findings and all(finding.more_sent == 0 for finding in findings))
    rows = rows_for(findings, names)
    judged = judge(result("order", *map(cell, names), findings=tuple(findings)), ledger(*rows))
    assert judged.verdict is Verdict.KNOWN, judged.reason


@settings(derandomize=True, max_examples=150, deadline=None)
@given(answers())
@example(TIMES_BESIDE_A_TEXT)
def test_a_row_holds_whoever_else_is_there(given_answers: dict[str, Answer]) -> None:
    """A row from a run of some runtimes is about their difference in a run with others, too.

    Where some elements go by id and others by index, this holds by pairs (docs/adr/0043).
    """
    names = list(given_answers)
    everything = findings_of(given_answers, names, CompareLevel.VALUE)
    assume(all(pair.name not in LAYOUTS for finding in everything for pair in finding.pairs))
    by_pairs = goes_by_ids_and_by_indexes(given_answers)
    for size in range(2, min(3, len(names)) if by_pairs else len(names)):
        for subset in combinations(names, size):
            for row in rows_for(findings_of(given_answers, subset, CompareLevel.VALUE), subset):
                about = [finding for finding in everything if matches(row, finding, CASE)]
                assert about, (row.about, subset)
                assert row.pin is None or any(holds(row, finding, CASE) for finding in about)
