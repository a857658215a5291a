"""The verdict on a case: the first reason that applies, and what the gate makes of it."""

from typing import Any

import pytest
from msgspec.structs import replace

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.decision import Decision
from conformance.model.observation import Cell
from conformance.model.request import Request
from conformance.model.signature import Signature
from conformance.model.verdict import CaseResult, Comparison, ExpectationFailure, Verdict
from conformance.verdicts.judgement import judge, undecided
from tests.comparison.differences import answer
from tests.comparison.live_runs import case
from tests.verdicts.ledger_rows import FAULT, UNSUPPORTED, cell, done, finding, ledger, result, row

FOUND = (finding(),)
UNMET = (ExpectationFailure(step=0, runtime="b", wanted="status 200", got="404"),)
ALONE = Comparison(findings=(), classes=(("a",),), compared=False)
FAULTED = (cell("a"), cell("b", FAULT))


def judged(
    *cells: Cell, rows: tuple[Decision, ...] = (), **changed: Any
) -> tuple[Verdict, tuple[tuple[str, ...], ...]]:
    """Judge one case and return its verdict and decisions."""
    judgement = judge(result("order", *cells, **changed), ledger(*rows))
    return judgement.verdict, judgement.decisions


def test_the_first_reason_applies() -> None:
    """Errored precedes failed, unmet expectations noise, noise findings, and findings passed."""
    noise = (replace(FOUND[0], place="$.at"),)
    reasons: dict[str, Any] = {"findings": FOUND, "expectation_failures": UNMET, "unstable": noise}
    assert judged(*FAULTED, rows=(row(),), **reasons) == (Verdict.ERRORED, ((), ("D-001",)))
    assert judged(rows=(row(),), **reasons) == (Verdict.FAILED, (("D-001",),))
    del reasons["expectation_failures"]
    assert judged(rows=(row(),), **reasons) == (Verdict.NONDETERMINISTIC, (("D-001",),))
    assert judged(rows=(row(),), **reasons | {"unstable": FOUND}) == (
        Verdict.NONDETERMINISTIC,
        ((),),
    )
    del reasons["unstable"]
    assert judged(rows=(row(),), **reasons) == (Verdict.KNOWN, (("D-001",),))
    assert judged(**reasons) == (Verdict.FAILED, ((),))
    assert judged() == (Verdict.PASSED, ())


def test_a_faulted_case_is_errored_until_its_fault_is_decided() -> None:
    """A row about the fault makes the case known; what else differs is judged as ever.

    Nothing is asked again.
    """
    seen = result("order", *FAULTED, findings=FOUND)
    fault = row("D-002", signature=Signature("fault", "exchange", "faulted reset", "answered"))
    assert judge(seen, ledger(row())).verdict is Verdict.ERRORED
    assert (
        judge(seen, ledger(fault)).reason
        == "member $.ship_to: only in a: a present · b absent; undecided"
    )
    assert judge(seen, ledger(row(), fault)).verdict is Verdict.KNOWN
    assert not undecided(seen, ledger())


def test_two_faults_are_never_a_pass() -> None:
    """Runtimes that both give no answer do not agree."""
    both = judge(result("order", cell("a", FAULT), cell("b", FAULT)), ledger())
    assert both.verdict is Verdict.ERRORED
    assert both.reason == "a: reset: reset by peer; b: reset: reset by peer"


def test_unsupported_runtimes_leave_before_comparison() -> None:
    """A runtime that was not asked is no fault.

    The others are judged, or the case is skipped with the reason.
    """
    passed = judge(result("order", cell("a"), cell("b"), cell("c", UNSUPPORTED)), ledger())
    assert (passed.verdict, passed.reason) == (Verdict.PASSED, "c does not support orders")
    skipped = judge(result("order", cell("a"), cell("b", UNSUPPORTED), comparison=ALONE), ledger())
    assert (skipped.verdict, skipped.reason) == (Verdict.SKIPPED, "b does not support orders")


def test_one_runtime_is_judged_by_expectations_alone() -> None:
    """Nobody to compare with: a case that demands something itself passes, any other is skipped."""
    assert judged(cell("a"), comparison=ALONE) == (Verdict.SKIPPED, ())
    assert judged(cell("a"), comparison=ALONE, expected=True) == (Verdict.PASSED, ())
    assert judged(cell("a"), comparison=ALONE, expected=True, expectation_failures=UNMET) == (
        Verdict.FAILED,
        (),
    )
    assert judged(cell("a", UNSUPPORTED), comparison=ALONE, expected=True) == (Verdict.SKIPPED, ())


def test_all_wrong_together_is_not_parity() -> None:
    """Runtimes that agree on what the case forbids fail it."""
    failed = judge(result(expectation_failures=UNMET), ledger())
    assert (failed.verdict, failed.reason) == (Verdict.FAILED, "b: wanted status 200, got 404")


@pytest.mark.parametrize(
    ("count", "more", "said"),
    [
        (1, 0, "; undecided"),
        (2, 0, "; undecided, and 1 more difference"),
        (1, 2, "; undecided, and 2 more differences"),
        (2, 2, "; undecided, and 3 more differences"),
    ],
)
def test_undecided_differences_are_counted_beside_the_one_that_is_named(
    count: int, more: int, said: str
) -> None:
    """Those past the limit of a report count, too."""
    several = tuple(replace(FOUND[0], place=f"$.x{number}") for number in range(count))
    seen = result(findings=several)
    seen = replace(seen, comparison=replace(seen.comparison, more_findings=more))
    reason = judge(seen, ledger()).reason
    assert reason.partition(": a present · b absent")[2] == said


def test_a_case_that_changes_what_it_reads_says_so() -> None:
    """Its difference may come from the asking, and not from the runtimes."""
    requests = (Request(method="PUT", target="/items/7"),)
    seen = judge(result(findings=FOUND, requests=requests, changes_itself=True), ledger())
    assert "; undecided; it sends a PUT, and its second answer differs; " in seen.reason


def test_a_regression_fails_and_says_so() -> None:
    """A difference that a done row says is gone fails the case by name."""
    back = judge(result(findings=FOUND), ledger(done()))
    assert (back.verdict, back.decisions) == (Verdict.FAILED, (("D-001",),))
    assert "D-001 is done (repo@abcdef1)" in back.reason


@pytest.mark.parametrize(
    ("rows", "worth"),
    [
        pytest.param((), True, id="no-row"),
        pytest.param((row(where=("bank/*",)),), True, id="another-row"),
        pytest.param((done(),), True, id="done-row"),
        pytest.param((row(),), False, id="row"),
    ],
)
def test_only_an_undecided_finding_is_worth_a_second_look(
    rows: tuple[Decision, ...], worth: bool
) -> None:
    """A case is replayed where a finding has no open or accepted row."""
    seen: CaseResult = result(findings=FOUND)
    assert undecided(seen, ledger(*rows)) == worth
    assert not undecided(result(), ledger(*rows))


def test_red_verdicts() -> None:
    """Known, passed and skipped cases alone leave the gate green."""
    assert {verdict for verdict in Verdict if verdict.red} == {
        Verdict.FAILED,
        Verdict.ERRORED,
        Verdict.NONDETERMINISTIC,
    }


def unmet(runtime: str, got: str = "200", where: str = "status") -> ExpectationFailure:
    """Return a demand for a status, or for something else, that a runtime does not meet."""
    return ExpectationFailure(step=0, runtime=runtime, where=where, wanted="status 201", got=got)


@pytest.mark.parametrize(
    ("failures", "reason"),
    [
        (["a"], "a: wanted status 201, got 200"),
        (["a", "b", "c"], "a, b, c: wanted status 201, got 200"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more: wanted status 201, got 200"),
    ],
)
def test_all_that_do_not_meet_a_demand_are_counted(failures: list[str], reason: str) -> None:
    """A demand that is not met names each runtime that answers the same."""
    seen = result("order", expectation_failures=tuple(map(unmet, failures)))
    assert judge(seen, ledger()).reason == reason


def test_other_demands_are_counted_with_their_runtimes() -> None:
    """What other runtimes, or the same ones elsewhere, do not meet is a number and their names."""
    failures = (unmet("a"), unmet("b", "404"), unmet("c"), unmet("b", "1", "$.id"))
    seen = result("order", expectation_failures=failures)
    assert (
        judge(seen, ledger()).reason
        == "a, c: wanted status 201, got 200; 2 more demands are not met, by b"
    )
    one = result("order", expectation_failures=failures[:2])
    assert (
        judge(one, ledger()).reason
        == "a: wanted status 201, got 200; 1 more demand is not met, by b"
    )


def test_what_follows_from_another_finding_is_not_the_reason() -> None:
    """The label of a body of another kind is in no cause of its own, whatever comes first."""
    asked = replace(case(compare=CompareLevel.SHAPE), headers=("content-type",))
    cells = (cell("a", answer("{}", 404)), cell("b", answer("no", 404, media="text/plain")))
    both = compare_case(asked, cells)
    assert [found.follows is not None for found in both.findings] in ([True, False], [False, True])
    for findings in (both.findings, both.findings[::-1]):
        compared = replace(result("x", *cells), comparison=replace(both, findings=findings))
        assert "kind" in judge(compared, ledger()).reason.partition(";")[0]
