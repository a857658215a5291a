"""The verdict on a gauntlet: each rule has evidence that makes it the first to apply."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from conformance.gauntlet.assessment import RULES, Scene, assess
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import Evidence, GauntletVerdict, Reason

ROW = {"id": "D-001", "state": "open", "kind": "must_match", "title": "go is flat"}
GREEN = {
    "outcome": "PARITY",
    "counts": {"passed": 58, "skipped": 2},
    "suites": {"green": 21},
    "headline": {"text": "21/21 status codes match"},
}
KNOWN = {**GREEN, "decisions": [ROW], "ledger": [{"decision_id": "D-001", "state": "matched"}]}
RECORDED = {**GREEN, "run": {"runtimes": [{"name": "rust", "live": False, "provenance": "recorded 2026-11-23"}]}}
PHASES = tuple(
    Phase(name=kind.value, kind=kind, words=(), budget_s=1, run_of="run" if kind is PhaseKind.TRACKER else None)
    for kind in PhaseKind
)


def left(kind: PhaseKind, output: Mapping[str, Any] | None = None, **changed: Any) -> Evidence:
    """Return green evidence of a phase, with some of it changed."""
    evidence = Evidence(
        phase=kind.value,
        kind=kind,
        command=(kind.value,),
        started="2026-11-25T12:00:00+00:00",
        elapsed_s=1.0,
        commit="abc",
        digest="def",
        exit_code=0,
        problem=None,
        red=False,
        output=GREEN if output is None else output,
    )
    return replace(evidence, **changed)


def verdict(
    *changed: Evidence, without: PhaseKind | None = None, regressions: Mapping[str, list[str]] | None = None
) -> tuple[GauntletVerdict, str, tuple[Reason, ...]]:
    """Assess green evidence of all phases, but for some."""
    evidence = {kind.value: left(kind) for kind in PhaseKind if kind is not without}
    evidence |= {each.phase: each for each in changed}
    found = assess(Scene(phases=PHASES, evidence=evidence, regressions=regressions))
    return found.verdict, found.rule, found.reasons


def test_all_green_ships() -> None:
    """The reasons are what each phase showed."""
    given, rule, reasons = verdict()
    assert (given, rule) == (GauntletVerdict.SHIP, "every phase ran, and all is green")
    assert reasons[0] == Reason(
        phase="run", says="21/21 suites, 58/58 cases, 2 skipped · 21/21 status codes match · PARITY"
    )


@pytest.mark.parametrize("kind", PhaseKind)
def test_a_phase_that_could_not_run_holds(kind: PhaseKind) -> None:
    """It is never a silent pass, whether it was not run or broke off."""
    missing = verdict(without=kind)
    broken = verdict(left(kind, problem="exit code 4: refused"))
    assert missing[::2] == (GauntletVerdict.HOLD, (Reason(phase=kind.value, says="was not run"),))
    assert broken[::2] == (
        GauntletVerdict.HOLD,
        (Reason(phase=kind.value, says="could not run: exit code 4: refused"),),
    )
    assert missing[1] == broken[1] == "a phase that did not run to its end proves nothing"


@pytest.mark.parametrize("kind", PhaseKind)
def test_a_red_phase_holds(kind: PhaseKind) -> None:
    """Each kind of phase has a rule of its own."""
    given, rule, reasons = verdict(left(kind, red=True, exit_code=1))
    assert given is GauntletVerdict.HOLD
    assert [reason.phase for reason in reasons] == [kind.value]
    assert (
        rule
        == {
            PhaseKind.RUN: "a suite is red: an undecided difference, a failed expectation, a row that does not hold",
            PhaseKind.REVIEW: "distinct lineages of reviewers agree on a place, and one of them blocks",
            PhaseKind.LOAD: "the load is not carried within its limits",
            PhaseKind.TRACKER: "the tracker does not hold",
        }[kind]
    )


def test_a_regression_holds_whatever_a_row_says() -> None:
    """What was green and is red now comes before gaps that are known."""
    given, rule, reasons = verdict(left(PhaseKind.RUN, KNOWN), regressions={"run": ["a/b/c: regressed"]})
    assert (given, rule) == (GauntletVerdict.HOLD, "what was green in the last gauntlet is red now")
    assert reasons == (Reason(phase="run", says="a/b/c: regressed"),)


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (KNOWN, "D-001 (open, must_match): go is flat"),
        (RECORDED, "rust answered from a recording (recorded 2026-11-23)"),
    ],
)
def test_a_known_gap_ships_by_its_name(output: Mapping[str, Any], says: str) -> None:
    """A matched row that is not done, and a runtime that could not be live."""
    given, _, reasons = verdict(left(PhaseKind.RUN, output), regressions={"run": []})
    assert (given, reasons) == (GauntletVerdict.SHIP_WITH_KNOWN_GAP, (Reason(phase="run", says=says),))


def test_a_row_that_was_not_met_is_no_gap() -> None:
    """Neither a row that no finding matched, nor one that is done."""
    unmet = {**KNOWN, "ledger": [{"decision_id": "D-001", "state": "not exercised"}]}
    done = {**KNOWN, "decisions": [{**ROW, "state": "done"}]}
    assert [verdict(left(PhaseKind.RUN, output))[0] for output in (unmet, done)] == [GauntletVerdict.SHIP] * 2


def test_every_rule_can_be_the_first() -> None:
    """No rule is dead: the tests above name them all."""
    named = {verdict()[1], verdict(without=PhaseKind.RUN)[1], verdict(regressions={"run": ["x"]})[1]}
    named |= {verdict(left(kind, red=True))[1] for kind in PhaseKind} | {verdict(left(PhaseKind.RUN, KNOWN))[1]}
    assert named == {rule.says for rule in RULES}
