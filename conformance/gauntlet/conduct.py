"""A whole gauntlet: phases one after the other, evidence of each, the assessment, one dated report.

In: a course and the phases that are wanted. Out: the assessment; beside the folder of evidence, `<id>.md` and
`<id>.json`. A gauntlet that goes on keeps the evidence that still holds, and runs the rest.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from conformance.atomic_file import replace_file
from conformance.changes.report import outcome
from conformance.changes.runs import compare_runs
from conformance.errors import ConformanceError
from conformance.gauntlet.assessment import Scene, assess
from conformance.gauntlet.evidence import elapsed_of, holds, read_evidence, write_evidence
from conformance.gauntlet.phases import Ground, run_phase
from conformance.gauntlet.plan import Gauntlet, Phase
from conformance.gauntlet.report import Facts, gauntlet_json, gauntlet_markdown
from conformance.gauntlet.verdict import Assessment, Evidence
from conformance.records.write import FILE_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is run: a gauntlet file, on which ground, and what the report says of both."""

    gauntlet: Gauntlet
    ground: Ground
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said while a gauntlet runs: a phase begins, or has left evidence, maybe before; times in seconds."""

    phase: Phase
    number: int
    of: int
    evidence: Evidence | None = None
    reused: bool = False
    remaining_s: float | None = None


Progress = Callable[[Told], None]


def conduct(course: Course, only: Collection[str], progress: Progress) -> Assessment:
    """Run the phases that are named, or all whose evidence does not hold any more, and assess all that there is."""
    phases, ground = course.gauntlet.phases, course.ground
    evidence = read_evidence(ground.folder, phases)
    times_s = elapsed_of(previous(ground.folder))
    end_s = time.monotonic() + course.gauntlet.budget_s
    for number, phase in enumerate(phases, start=1):
        tell = partial(Told, phase=phase, number=number, of=len(phases))
        left = evidence.get(phase.name)
        if phase.name in only or not (only or holds(left, ground.commit, ground.digest)):
            progress(tell(remaining_s=_remaining_s(phases[number - 1 :], times_s)))
            budget_s = min(phase.budget_s, end_s - time.monotonic())
            evidence[phase.name] = run_phase(phase, ground, budget_s, evidence)
            write_evidence(ground.folder, evidence[phase.name])
            progress(tell(evidence=evidence[phase.name]))
        elif left is not None:
            progress(tell(evidence=left, reused=True))
    return report_gauntlet(course, evidence)


def _remaining_s(phases: Sequence[Phase], times_s: Mapping[str, float]) -> float | None:
    """Return how long some phases took last time; nothing where one of them is new."""
    times = [times_s[phase.name] for phase in phases if phase.name in times_s]
    return sum(times) if len(times) == len(phases) else None


def report_gauntlet(course: Course, evidence: Mapping[str, Evidence]) -> Assessment:
    """Assess the evidence that there is, and write the report beside its folder."""
    folder, phases, facts = course.ground.folder, course.gauntlet.phases, course.facts
    before = previous(folder)
    earlier = read_evidence(before, phases) if before is not None else {}
    regressions = None
    if before is not None:
        regressions = dict(_regressions((before, earlier), (folder, evidence)))
    assessment = assess(Scene(phases=phases, evidence=evidence, regressions=regressions))
    replace_file(folder.with_suffix(".md"), gauntlet_markdown(facts, phases, evidence, earlier, assessment).encode())
    replace_file(folder.with_suffix(".json"), gauntlet_json(facts, phases, evidence, assessment))
    return assessment


def previous(folder: Path) -> Path | None:
    """Return the gauntlet before this one that left any evidence: ids sort by time."""
    older = [each for each in folder.parent.glob("*/") if each.name < folder.name and any(each.glob("*.json"))]
    return max(older, default=None)


_Left = tuple[Path, Mapping[str, Evidence]]
"""A folder of evidence, and what is in it by phase."""


def _regressions(before: _Left, now: _Left) -> Iterator[tuple[str, Sequence[str]]]:
    """Hold each run against the one that the same phase made before."""
    for name, evidence in now[1].items():
        base, head = _run_of(before[0], before[1].get(name)), _run_of(now[0], evidence)
        if base is not None and head is not None:
            yield name, _worse(base, head)


def _run_of(folder: Path, evidence: Evidence | None) -> Path | None:
    """Return the folder of the run that a phase made, where it did and the record is still there."""
    run_id = evidence.output.get("run", {}).get("run_id") if evidence is not None else None
    run = folder / evidence.phase / str(run_id) if evidence is not None else None
    return run if run is not None and (run / FILE_NAME).is_file() else None


def _worse(base: Path, head: Path) -> list[str]:
    try:
        changes = compare_runs(base, head)
    except ConformanceError as error:
        return [f"it cannot be compared with the last one: {error.message}"]
    if not changes.red:
        return []
    cases = [f"{change.case_id}: {change.kind.value}" for change in changes.cases if change.kind.red]
    return cases or [outcome(changes)]
