"""A gauntlet beside its baseline: regressions, changes and unknowns in cases, speed and memory."""

from typing import Any

import pytest
from msgspec.structs import replace

from conformance.gauntlet.baseline import (
    Accepted,
    Baseline,
    CauseFigures,
    Engagement,
    LoadFigures,
    MemoryFigures,
    RuntimeIn,
    SuiteFigures,
)
from conformance.gauntlet.facts import load_figures
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.regressions import Beside, RunCases, beside_baseline
from conformance.gauntlet.verdict import Calibration, PhaseEvidence, Round
from conformance.model.verdict import Judgement, Verdict
from tests.gauntlet.test_assessment import CLEAN

ACCEPTED = Accepted(
    gauntlet="G", commit="a" * 40, day="2026-11-25", verdict="ship", machine="m", version="1"
)
PACE = "load.yaml with 10 users for 20 s"
SPEED = LoadFigures(
    phase="load",
    runtime="stack",
    pace=PACE,
    scenarios_per_s=100,
    spread_percent=5,
    cpu_ms=10,
    work_per_s=1_000,
    work_per_cpu_s=500,
    noise_percent=5,
)
SUITE = SuiteFigures(
    phase="run", suite="a/b", passed=("x", "y"), known=("z",), skipped=(), red=("w",)
)
BASELINE = Baseline(
    accepted=ACCEPTED,
    phases=("run", "load"),
    runtimes=(RuntimeIn(phase="run", runtime="go", live=True),),
    suites=(SUITE,),
    causes=(CauseFigures(phase="run", key="AAAA", title="old cause", cases=1),),
    load=(SPEED,),
    memory=(MemoryFigures(phase="load", runtime="stack", process="vectord", max_rss_mib=100),),
    review=(),
)
PHASES = (
    Phase(name="run", kind=PhaseKind.RUN, words=(), budget_s=1),
    Phase(name="load", kind=PhaseKind.LOAD, words=(), budget_s=1, tolerance_percent=30),
)
GREEN = {"x": Verdict.PASSED, "y": Verdict.PASSED, "z": Verdict.KNOWN, "w": Verdict.FAILED}


def run_output(**changed: Any) -> dict[str, Any]:
    """Return what a run printed."""
    groups = [{"key": "AAAA", "title": "old cause", "cases": 1}]
    return {"run": {"runtimes": [{"name": "go"}]}, "groups": groups, **changed}


def load_output(
    per_s: float = 100, cpu_s: float = 20, mib: float = 100, others: float = 5
) -> dict[str, Any]:
    """Return what a load printed: 20 s, the same number of scenarios in each of them."""
    runtime = {
        "name": "stack",
        "scenarios_per_s": per_s,
        "scenarios": 2_000,
        "seconds": [{"scenarios": per_s}] * 20,
        "processes": [{"name": "vectord", "cpu_s": cpu_s, "max_rss_mib": mib}],
        "others_percent": others,
    }
    return {
        "run": {"file": "load.yaml", "pace": {"users": 10, "duration_s": 20}},
        "runtimes": [runtime],
    }


def evidence(kind: PhaseKind, output: dict[str, Any], machine: float = 1) -> PhaseEvidence:
    """Return a phase's evidence, on a machine `machine` times as fast as the baseline's."""
    rounds = (Round(per_s=1_000 * machine, per_cpu_s=500 * machine),) * 3
    return PhaseEvidence(
        phase=kind.value,
        kind=kind,
        command=(),
        started="2026-11-25T12:00:00+00:00",
        elapsed_s=1,
        state=CLEAN,
        exit_code=0,
        problem=None,
        red=False,
        calibration=Calibration(before=rounds, after=rounds),
        output=output,
    )


def beside(
    run: dict[str, Any] | None = None,
    load: dict[str, Any] | None = None,
    verdicts: dict[str, Verdict] | None = None,
    left_out: tuple[str, ...] = (),
    machine: float = 1,
) -> Beside:
    """Hold two phases against the baseline."""
    shown = {
        "run": evidence(PhaseKind.RUN, run or run_output()),
        "load": evidence(PhaseKind.LOAD, load or load_output(), machine),
    }
    judged = {
        f"a/b/{name}": Judgement(verdict=verdict, reason="why")
        for name, verdict in (verdicts or GREEN).items()
    }
    return beside_baseline(
        BASELINE, PHASES, shown, {"run": RunCases(judged=judged, left_out=left_out)}
    )


def test_the_same_again() -> None:
    """Nothing is worse, and nothing else; what was red may be red."""
    assert beside() == Beside()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"x": Verdict.FAILED}, "a/b/x passed in the baseline, and failed now: why"),
        ({"x": Verdict.ERRORED}, "a/b/x passed in the baseline, and errored now: why"),
        (
            {"z": Verdict.NONDETERMINISTIC},
            "a/b/z was known in the baseline, and nondeterministic now: why",
        ),
        ({"y": Verdict.SKIPPED}, "a/b/y passed in the baseline, and is skipped now: why"),
    ],
)
def test_a_case_that_got_worse(changed: dict[str, Verdict], says: str) -> None:
    """Red or skipped, where it passed or was known."""
    assert beside(verdicts=GREEN | changed).regressions == {"run": [says]}


def test_a_case_that_is_not_there() -> None:
    """One that a selection left out is worse.

    One that no suite has any more, or that is new, is a change.
    """
    verdicts = {name: verdict for name, verdict in GREEN.items() if name != "x"} | {
        "v": Verdict.PASSED
    }
    left_out = beside(verdicts=verdicts, left_out=("a/b/x",))
    assert left_out.regressions == {"run": ["a/b/x passed in the baseline, and was left out now"]}
    gone = beside(verdicts=verdicts)
    assert gone == Beside(changes=["run: 1 case gone: a/b/x", "run: 1 case new: a/b/v"])


def test_a_row_for_a_case_that_passed_is_a_change_of_the_ledger() -> None:
    """The new cause is said; reviewers see the row."""
    output = run_output(groups=[{"key": "BBBB", "title": "new cause", "cases": 2}])
    found = beside(run=output, verdicts=GREEN | {"x": Verdict.KNOWN})
    assert found == Beside(
        changes=["run: new cause new cause, in 2 cases", "run: gone is the cause old cause"]
    )


def test_a_runtime_or_a_phase_that_is_gone() -> None:
    """Fewer runtimes prove less, and so does a shorter gauntlet."""
    alone = beside(run=run_output(run={"runtimes": [{"name": "rust"}]}))
    assert alone.regressions == {"run": ["go took part in the baseline, and not now"]}
    assert alone.changes == ["run: also asked rust"]
    short = beside_baseline(BASELINE, PHASES[:1], {}, {})
    assert short.regressions == {"load": ["the baseline has this phase, and this gauntlet has not"]}


def test_a_reviewer_that_is_gone() -> None:
    """One lineage less is less that can block; where there was no change, nobody had to look."""
    before = Engagement(
        phase="review",
        reviewer="mypy",
        lineage="mypy",
        shown_bytes=1,
        answered_characters=1,
        claims=0,
    )
    baseline = replace(BASELINE, phases=("review",), review=(before,))
    phases = (Phase(name="review", kind=PhaseKind.REVIEW, words=(), budget_s=1),)
    row = {
        "name": "ruff",
        "lineage": "ruff",
        "failures": [],
        "shown_bytes": 1,
        "reply_characters": 9,
        "claims": 0,
    }
    fewer = {"review": evidence(PhaseKind.REVIEW, {"reviewers": [row]})}
    nobody = {"review": evidence(PhaseKind.REVIEW, {"outcome": "nothing to review"})}
    says = "reviewer mypy took part in the baseline, and not now"
    assert beside_baseline(baseline, phases, fewer, {}).regressions == {"review": [says]}
    assert beside_baseline(baseline, phases, nobody, {}) == Beside()


@pytest.mark.parametrize(
    ("output", "machine", "regressed"),
    [
        (load_output(per_s=75), 1, []),
        (load_output(per_s=60), 1, ["stack is 0.60 times as fast"]),
        (load_output(per_s=60, cpu_s=33), 0.6, []),
        (load_output(per_s=60, cpu_s=20), 0.6, []),
        (
            load_output(per_s=120, cpu_s=20),
            2,
            ["stack takes 2.00 times the work", "stack is 0.60 times as fast"],
        ),
        (load_output(cpu_s=30), 1, ["stack takes 1.50 times the work"]),
        (load_output(mib=140), 1, ["stack vectord is larger: 140 MiB, 100 MiB in the baseline"]),
        (load_output(mib=125), 1, []),
    ],
)
def test_speed_and_memory(output: dict[str, Any], machine: float, regressed: list[str]) -> None:
    """A rate and CPU time count relative to the machine, memory as it is.

    Each within the tolerance of the file.
    """
    found = beside(load=output, machine=machine).regressions.get("load", [])
    assert [
        says.partition(", by calibration")[0].partition("; the tol")[0] for says in found
    ] == regressed


def test_a_machine_that_is_not_quiet() -> None:
    """Nothing is known of a rate then, and that is a gap; CPU time is judged all the same."""
    found = beside(load=load_output(per_s=20, others=50, cpu_s=40))
    said = (
        "nothing is known of the rate of stack: the machine was not quiet (50 % noise, the "
        "tolerance is 30 %)"
    )
    assert found.gaps == [f"load: {said}"]
    assert [says[:32] for says in found.regressions["load"]] == ["stack takes 2.00 times the work,"]


def test_a_process_that_did_not_run() -> None:
    """Nothing is known of its memory, and that is a gap."""
    output = load_output()
    output["runtimes"][0]["processes"][0]["name"] = "another"
    (gap,) = beside(load=output).gaps
    assert gap.startswith("load: nothing is known of the memory of stack ")
    assert gap.endswith(": no process of that name ran")


def test_another_pace_is_not_compared() -> None:
    """More users are another load, and the change is said."""
    output = load_output(per_s=20, mib=500)
    output["run"]["pace"]["users"] = 50
    found = beside(load=output)
    driven = f"load: stack was driven otherwise (load.yaml with 50 users for 20 s; {PACE} then)"
    assert found == Beside(changes=[driven])


def test_the_spread_of_a_rate() -> None:
    """Half the distance of the quartiles of its seconds, in percent of their median.

    It widens the tolerance.
    """
    output = load_output(per_s=66)
    output["runtimes"][0]["seconds"] = [{"scenarios": count} for count in (50, 60, 66, 72, 82)]
    (figures,) = load_figures(evidence(PhaseKind.LOAD, output))
    assert (figures.spread_percent, figures.cpu_ms, figures.noise_percent) == (16.7, 10.0, 5)
    assert beside(load=output).regressions == {}
    assert replace(figures, spread_percent=0).relative_rate == pytest.approx(0.066)


@pytest.mark.parametrize(("was_s", "now_s"), [(0.4, 80), (20, 0.4), (None, 0.4)])
def test_too_little_cpu_time_says_nothing(was_s: float | None, now_s: float) -> None:
    """The same code takes twice as much from one short run to the next.

    Enough is needed in the baseline and now.
    """
    was = replace(SPEED, cpu_s=was_s, cpu_ms=now_s / 4)
    shown = {"load": evidence(PhaseKind.LOAD, load_output(cpu_s=now_s))}
    found = beside_baseline(replace(BASELINE, load=(was,)), PHASES[1:], shown, {})
    assert not any("times the work" in says for says in found.regressions.get("load", ()))
    (gap,) = found.gaps
    assert gap == (
        "load: nothing is known of the CPU time of stack: "
        "it was measured over 0.4 s of CPU time, and 2 s are needed: drive it longer"
    )
