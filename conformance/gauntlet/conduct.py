"""A whole gauntlet: phases one after the other, evidence of each, the assessment, one dated report.

In: a course and the phases that are wanted. Out: the assessment; beside the folder of evidence,
`<id>.md` and `<id>.json`. A gauntlet that goes on keeps the evidence that counts for the checkout
as it is now, and runs the rest.
"""

import datetime as dt
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from conformance.atomic_file import replace_file
from conformance.gauntlet.assessment import AssessedRun, assess
from conformance.gauntlet.baseline import Baseline
from conformance.gauntlet.evidence import (
    Left,
    elapsed_of,
    read_evidence,
    record_folder,
    write_evidence,
)
from conformance.gauntlet.phases import Ground, run_phase
from conformance.gauntlet.plan import Gauntlet, Phase, PhaseKind
from conformance.gauntlet.regressions import NO_BASELINE, Beside, RunCases, beside_baseline
from conformance.gauntlet.report import Facts, Gathered, gauntlet_json, gauntlet_markdown
from conformance.gauntlet.verdict import Assessment, PhaseEvidence
from conformance.judging import judged_cases
from conformance.records.read import read_start


class Course(Struct, frozen=True, kw_only=True):
    """What is run: a gauntlet file, its ground, its baseline, and facts for the report.

    The facts are what the report says of all.
    """

    gauntlet: Gauntlet
    ground: Ground
    baseline: Baseline | None
    facts: Facts


class PhaseProgress(Struct, frozen=True, kw_only=True):
    """What is said while a gauntlet runs: a phase begins, or has left evidence, maybe before.

    Times in seconds.

    `number` counts phases from 1, `total` is how many there are. `budget_s` is the phase's own, or
    what is left of that of the whole gauntlet.
    """

    phase: Phase
    number: int
    total: int
    budget_s: float = 0.0
    evidence: PhaseEvidence | None = None
    reused: bool = False
    remaining_s: float | None = None


Progress = Callable[[PhaseProgress], None]


def conduct(course: Course, only: Collection[str], progress: Progress) -> Assessment:
    """Run the named phases, or all without valid evidence, and assess all evidence.

    Evidence is not valid if it does not count any more.
    """
    with tempfile.TemporaryDirectory(prefix="gauntlet-byte-code-") as byte_code:
        _run_phases(course, only, progress, Path(byte_code))
    return report_gauntlet(course)


def _run_phases(course: Course, only: Collection[str], progress: Progress, byte_code: Path) -> None:
    phases, ground = course.gauntlet.phases, course.ground
    left = read_evidence(ground.folder, phases, ground.state())
    times_s = dict(elapsed_of(previous(ground.folder)))
    end_s = time.monotonic() + course.gauntlet.budget_s
    for number, phase in enumerate(phases, start=1):
        step = partial(PhaseProgress, phase=phase, number=number, total=len(phases))
        kept = left.evidence.get(phase.name)
        is_wanted = phase.name in only if only else phase.name not in left.completed
        if is_wanted:
            budget_s = min(phase.budget_s, end_s - time.monotonic())
            remaining_s = _remaining_s(phases[number - 1 :], times_s)
            progress(step(budget_s=budget_s, remaining_s=remaining_s))
            made = run_phase(phase, ground, budget_s, left.evidence, byte_code)
            write_evidence(ground.folder, made)
            progress(step(evidence=made))
            # Whatever rests on the evidence that was there before does not count any more, so all
            # is read again.
            left = read_evidence(ground.folder, phases, ground.state())
        elif kept is not None:
            progress(step(evidence=kept, reused=True))


def _remaining_s(phases: Sequence[Phase], times_s: Mapping[str, float]) -> float | None:
    """Return how long some phases took last time, in seconds; None where one of them is new."""
    try:
        return sum(times_s[phase.name] for phase in phases)
    except KeyError:
        return None


def report_gauntlet(course: Course) -> Assessment:
    """Assess the evidence that counts for the current checkout, and write the report.

    The report is written beside the folder of the evidence.
    """
    gathered, scene = scene_of(course)
    assessment = assess(scene)
    folder = course.ground.folder
    replace_file(folder.with_suffix(".md"), gauntlet_markdown(gathered, assessment).encode())
    replace_file(folder.with_suffix(".json"), gauntlet_json(gathered, assessment))
    return assessment


def scene_of(course: Course) -> tuple[Gathered, AssessedRun]:
    """Return what a report is made of, and all that a verdict rests on."""
    phases, state = course.gauntlet.phases, course.ground.state()
    left = read_evidence(course.ground.folder, phases, state)
    beside = Beside(gaps=[NO_BASELINE])
    if course.baseline is not None:
        runs = runs_of(course.ground.folder, left)
        beside = beside_baseline(course.baseline, phases, left.completed, runs, state.configuration)
    day = dt.date.fromisoformat(course.facts.started[:10])
    scene = AssessedRun(phases=phases, left=left, state=state, today=day, beside=beside)
    gathered = Gathered(
        facts=course.facts, phases=phases, left=left, state=state, baseline=course.baseline
    )
    return gathered, scene


def runs_of(folder: Path, left: Left) -> dict[str, RunCases]:
    """Return the cases of each run among the evidence, judged again from its record.

    The ledger is the one that the run was made with.
    """
    found = {}
    for name, evidence in left.evidence.items():
        kept = record_folder(folder, evidence)
        is_of_run = evidence.kind is PhaseKind.RUN
        if not is_of_run or not evidence.record or kept is None:
            continue
        cases = list(judged_cases(kept))
        found[name] = RunCases(
            judged={result.case_id: judgement for result, judgement in cases},
            left_out=read_start(kept).header.unselected,
            asked={result.case_id: result.digest for result, _ in cases},
        )
    return found


def previous(folder: Path) -> Path | None:
    """Return the gauntlet before this one that left any evidence: ids sort by time."""
    with_evidence = {file.parent for file in folder.parent.glob("*/*.json")}
    older = (each for each in with_evidence if each.name < folder.name)
    return max(older, default=None)
