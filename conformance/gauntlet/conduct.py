"""A whole gauntlet: phases in sequence, evidence of each, the assessment, one dated report.

In: a course and the names of the phases to run. Out: the assessment, and next to the folder of the
evidence `<id>.md` and `<id>.json`. A gauntlet that is continued keeps the evidence that is valid
for the checkout as it is now, and runs the other phases.
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
    """A gauntlet file, the ground it runs on, its baseline, and facts for the report."""

    gauntlet: Gauntlet
    ground: Ground
    baseline: Baseline | None
    facts: Facts


class PhaseProgress(Struct, frozen=True, kw_only=True):
    """A message about a phase: it begins, or it has evidence, perhaps from an earlier try.

    `number` counts phases from 1, `total` is their number. `budget_s` is the phase's own budget, or
    what is left of the budget of the whole gauntlet. `remaining_s` is how long this phase and the
    later ones took last time.
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
    """Run the named phases, or all without valid evidence, and assess all evidence."""
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
            # Evidence that was based on the earlier evidence of this phase is no longer valid,
            # so all is read again.
            left = read_evidence(ground.folder, phases, ground.state())
        elif kept is not None:
            progress(step(evidence=kept, reused=True))


def _remaining_s(phases: Sequence[Phase], times_s: Mapping[str, float]) -> float | None:
    """Return how many seconds the phases took last time in all; None if one of them is new."""
    try:
        return sum(times_s[phase.name] for phase in phases)
    except KeyError:
        return None


def report_gauntlet(course: Course) -> Assessment:
    """Assess the valid evidence for the current checkout, and write the report.

    The report is written next to the folder of the evidence.
    """
    gathered, scene = scene_of(course)
    assessment = assess(scene)
    folder = course.ground.folder
    replace_file(folder.with_suffix(".md"), gauntlet_markdown(gathered, assessment).encode())
    replace_file(folder.with_suffix(".json"), gauntlet_json(gathered, assessment))
    return assessment


def scene_of(course: Course) -> tuple[Gathered, AssessedRun]:
    """Return the content of the report, and the facts for the verdict."""
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
    """Return the cases of each run in the evidence by phase, judged again from its record.

    The ledger is the one in the record.
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
    """Return the folder of the latest earlier gauntlet with evidence, or None: ids sort by time."""
    with_evidence = {file.parent for file in folder.parent.glob("*/*.json")}
    older = (each for each in with_evidence if each.name < folder.name)
    return max(older, default=None)
