"""The verdict on a gauntlet: each rule has evidence that makes it the first to apply."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from conformance.gauntlet.assessment import RULES, AssessedRun, assess
from conformance.gauntlet.evidence import Left
from conformance.gauntlet.facts import summary
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.regressions import NO_BASELINE, Beside
from conformance.gauntlet.verdict import Assessment, GauntletVerdict, PhaseEvidence, Reason
from conformance.project.checkout_state import CheckoutState

ROW = {
    "id": "D-001",
    "state": "open",
    "kind": "must_match",
    "title": "go is\nflat",
    "sides": [{"name": "flat", "runtimes": ["go"]}, {"name": "tagged", "runtimes": ["rust"]}],
    "fix": "flat",
    "owner": "platform",
    "opened": "2026-11-20",
    "loc_estimate": 50,
}
GREEN = {
    "outcome": "PARITY",
    "counts": {"passed": 58, "skipped": 2},
    "suites": {"green": 21},
    "headline": {"text": "21/21 status codes match"},
    "run": {"runtimes": [{"name": "go"}, {"name": "rust"}]},
}
KNOWN = {**GREEN, "decisions": [ROW], "ledger": [{"decision_id": "D-001", "state": "matched"}]}
RECORDED = {
    **GREEN,
    "run": {"runtimes": [{"name": "rust", "live": False, "provenance": "recorded 2026-11-23"}]},
}
FAILED_REVIEWER = {
    "reviewers": [
        {
            "name": name,
            "lineage": name,
            "failures": [{"bundle": "shop-1", "why": "exit code 1:\nruff is not installed"}]
            if name == "ruff"
            else [],
            "shown_bytes": 1,
            "reply_characters": 0,
            "claims": 0,
        }
        for name in ("ruff", "mypy")
    ]
}
PHASES = tuple(
    Phase(
        name=kind.value,
        kind=kind,
        words=(),
        budget_s=1,
        run_of="run" if kind is PhaseKind.TRACKER else None,
    )
    for kind in PhaseKind
)
CLEAN = CheckoutState(
    commit="a" * 40, changed=(), tree="", cases="c", ledger="l", configuration="f"
)
MISSING, REGRESSED, SUITE, REVIEW, LOAD, TRACKER, GAP, SHIP = (rule.says for rule in RULES)


def left(kind: PhaseKind, output: Mapping[str, Any] | None = None, **changed: Any) -> PhaseEvidence:
    """Return green evidence of a phase, with some of it changed."""
    evidence = PhaseEvidence(
        phase=kind.value,
        kind=kind,
        command=(kind.value,),
        started="2026-11-25T12:00:00+00:00",
        elapsed_s=1.0,
        state=CLEAN,
        exit_code=0,
        problem=None,
        red=False,
        output=GREEN if output is None else output,
    )
    return replace(evidence, **changed)


def assessed(*changed: PhaseEvidence, without: PhaseKind | None = None, **scene: Any) -> Assessment:
    """Assess green evidence of all phases, but for some, beside an empty baseline."""
    evidence = {kind.value: left(kind) for kind in PhaseKind if kind is not without}
    evidence |= {each.phase: each for each in changed}
    whole: dict[str, Any] = {
        "left": Left(evidence=evidence),
        "state": CLEAN,
        "beside": Beside(),
        "today": dt.date(2026, 11, 25),
        **scene,
    }
    return assess(AssessedRun(phases=PHASES, **whole))


def verdict(
    *changed: PhaseEvidence, **scene: Any
) -> tuple[GauntletVerdict, str, tuple[Reason, ...]]:
    """Return the verdict, its rule and its reasons."""
    found = assessed(*changed, **scene)
    return found.verdict, found.rule, found.reasons


def test_all_green_ships() -> None:
    """The reasons are what each phase showed."""
    given, rule, reasons = verdict()
    assert (given, rule) == (GauntletVerdict.SHIP, SHIP)
    assert reasons[0] == Reason(
        phase="run", says="21/21 suites, 58/58 cases, 2 skipped · 21/21 status codes match · PARITY"
    )


@pytest.mark.parametrize("kind", PhaseKind)
def test_a_phase_that_could_not_run_holds(kind: PhaseKind) -> None:
    """It is never a silent pass, whether it was not run or broke off."""
    missing = verdict(without=kind)
    broken = verdict(left(kind, problem="exit code 4: refused"))
    assert missing == (
        GauntletVerdict.HOLD,
        MISSING,
        (Reason(phase=kind.value, says="was not run"),),
    )
    says = "could not run: exit code 4: refused"
    assert broken == (GauntletVerdict.HOLD, MISSING, (Reason(phase=kind.value, says=says),))


def test_evidence_of_another_state_is_missing() -> None:
    """The reason says of which state it is."""
    others = {kind.value: left(kind) for kind in PhaseKind if kind is not PhaseKind.LOAD}
    given, rule, reasons = verdict(
        left=Left(evidence=others, missing={"load": "it is of another tree than this"})
    )
    says = "its evidence does not count: it is of another tree than this"
    assert (given, rule, reasons) == (
        GauntletVerdict.HOLD,
        MISSING,
        (Reason(phase="load", says=says),),
    )


def test_a_reviewer_that_failed_holds() -> None:
    """One line says who, where and why: no lineage can agree with one that did not look."""
    given, rule, reasons = verdict(left(PhaseKind.REVIEW, FAILED_REVIEWER))
    says = "reviewer ruff failed at shop-1: exit code 1: ruff is not installed"
    assert (given, rule, reasons) == (
        GauntletVerdict.HOLD,
        MISSING,
        (Reason(phase="review", says=says),),
    )


@pytest.mark.parametrize("kind", PhaseKind)
def test_a_red_phase_holds(kind: PhaseKind) -> None:
    """Each kind of phase has a rule of its own."""
    given, rule, reasons = verdict(left(kind, red=True, exit_code=1))
    assert given is GauntletVerdict.HOLD
    assert [reason.phase for reason in reasons] == [kind.value]
    assert (
        rule
        == {
            PhaseKind.RUN: SUITE,
            PhaseKind.REVIEW: REVIEW,
            PhaseKind.LOAD: LOAD,
            PhaseKind.TRACKER: TRACKER,
        }[kind]
    )


def test_a_regression_holds_whatever_a_row_says() -> None:
    """What was green and is red now comes before gaps that are known.

    A long list is cut, and counted.
    """
    worse = Beside(regressions={"run": [f"a/b/{n}: failed now" for n in range(7)]})
    given, rule, reasons = verdict(left(PhaseKind.RUN, KNOWN), beside=worse)
    assert (given, rule) == (GauntletVerdict.HOLD, REGRESSED)
    assert [reason.says for reason in reasons][4:] == ["a/b/4: failed now", "and 2 more"]


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (KNOWN, "D-001 (open, must_match): go is flat"),
        (RECORDED, "rust answered from a recording (recorded 2026-11-23)"),
    ],
)
def test_a_known_gap_ships_by_its_name(output: Mapping[str, Any], says: str) -> None:
    """A matched row that is not done, and a runtime that could not be live."""
    given, rule, reasons = verdict(left(PhaseKind.RUN, output))
    assert (given, rule, reasons) == (
        GauntletVerdict.SHIP_WITH_KNOWN_GAP,
        GAP,
        (Reason(phase="run", says=says),),
    )


@pytest.mark.parametrize(
    ("scene", "says"),
    [
        ({"beside": Beside(gaps=[NO_BASELINE])}, NO_BASELINE),
        (
            {"state": replace(CLEAN, changed=("a.py",), tree="x")},
            "the tree is dirty: 1 file changed since commit aaaaaaaaaaaa: a.py",
        ),
        ({"state": replace(CLEAN, commit="")}, "there is no commit that this could be of"),
        ({"beside": Beside(gaps=["load: nothing is known"])}, "load: nothing is known"),
    ],
)
def test_what_is_at_best_a_known_gap(scene: dict[str, Any], says: str) -> None:
    """All phases are green, and still something is not shown."""
    given, _, reasons = verdict(**scene)
    assert (given, reasons) == (
        GauntletVerdict.SHIP_WITH_KNOWN_GAP,
        (Reason(phase="checkout", says=says),),
    )


@pytest.mark.parametrize("kind", [PhaseKind.RUN, PhaseKind.LOAD])
def test_a_runtime_that_ran_already_is_a_gap(kind: PhaseKind) -> None:
    """Its URL is from the runtimes file, or from the command."""
    attached = [
        {"name": "go", "reached": "attached at http://h"},
        {"name": "rust", "reached": "started"},
    ]
    output = (
        {**GREEN, "run": {"runtimes": attached}}
        if kind is PhaseKind.RUN
        else {"runtimes": attached}
    )
    says = "go was not started here: nothing shows that it is of this commit"
    assert [gap.says for gap in assessed(left(kind, output)).gaps] == [says]


def test_a_review_by_one_lineage_cannot_block() -> None:
    """It is a gap, whatever it found."""
    reviewers: list[dict[str, Any]] = [
        {
            "name": name,
            "lineage": "large",
            "failures": [],
            "shown_bytes": 1,
            "reply_characters": 9,
            "claims": 0,
        }
        for name in ("a", "b")
    ]
    given, _, reasons = verdict(left(PhaseKind.REVIEW, {"reviewers": reviewers}))
    says = "large alone reviewed: no place can be agreed on by distinct lineages"
    assert (given, reasons) == (
        GauntletVerdict.SHIP_WITH_KNOWN_GAP,
        (Reason(phase="review", says=says),),
    )


def test_what_a_lead_is_told_of_a_row() -> None:
    """Estimate, owner, age and fix."""
    (gap,) = assessed(left(PhaseKind.RUN, KNOWN)).gaps
    assert (gap.loc_estimate, gap.owner, gap.age_days, gap.fix) == (
        50,
        "platform",
        5,
        "go, which shows flat",
    )


def test_a_row_that_was_not_met_is_no_gap() -> None:
    """Neither a row that no finding matched, nor one that is done."""
    unmet = {**KNOWN, "ledger": [{"decision_id": "D-001", "state": "not exercised"}]}
    done = {**KNOWN, "decisions": [{**ROW, "state": "done"}]}
    assert [verdict(left(PhaseKind.RUN, output))[0] for output in (unmet, done)] == [
        GauntletVerdict.SHIP
    ] * 2


def test_cases_whose_values_were_not_compared() -> None:
    """They ask for status or shape alone: a phase that is strict says so, too."""
    for compared, says in ((1, " · values were not compared in 2 cases"), (3, "")):
        headline = {"text": "3/3 status codes match", "compared": 3, "values_compared": compared}
        said = summary(left(PhaseKind.RUN, {**GREEN, "headline": headline}))
        assert said.endswith(f" · 3/3 status codes match · PARITY{says}")
