"""Acceptance of a gauntlet as the baseline for later ones.

In: a gauntlet with valid evidence for the current checkout. Out: the baseline, to be committed. A
gauntlet with the verdict HOLD is not accepted, except if regressions are the only cause and a
reason is given, which the file keeps.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeVar

from msgspec.structs import replace

from conformance.errors import UsageError
from conformance.gauntlet import facts
from conformance.gauntlet.assessment import AssessedRun, assess, dirty
from conformance.gauntlet.baseline import Accepted, Baseline, SuiteFigures
from conformance.gauntlet.conduct import Course, runs_of, scene_of
from conformance.gauntlet.plan import PhaseKind
from conformance.gauntlet.regressions import Beside, RunCases
from conformance.gauntlet.report import Gathered
from conformance.gauntlet.verdict import Assessment, GauntletVerdict, PhaseEvidence
from conformance.grouped import grouped
from conformance.model.case import suite_of
from conformance.model.verdict import Verdict

_T = TypeVar("_T")
_Cases = dict[str, list[str]]


def accepted_baseline(course: Course, reason: str) -> Baseline:
    """Return the baseline made from a gauntlet; raises UsageError if it is not acceptable."""
    gathered, scene = scene_of(course)
    assessment = assess(scene)
    _refuse(gathered, scene, reason)
    evidence = list(gathered.left.evidence.values())
    runs = runs_of(course.ground.folder, gathered.left)
    return Baseline(
        accepted=Accepted(
            gauntlet=course.facts.gauntlet_id,
            commit=gathered.state.commit,
            day=course.facts.started[:10],
            verdict=assessment.verdict.value,
            machine=course.facts.machine,
            version=course.facts.version,
            reason=reason,
            configuration=gathered.state.configuration,
        ),
        phases=tuple(phase.name for phase in gathered.phases),
        runtimes=_all(evidence, PhaseKind.RUN, facts.runtimes_in),
        suites=tuple(suite for phase, run in sorted(runs.items()) for suite in _suites(phase, run)),
        causes=_all(evidence, PhaseKind.RUN, facts.causes),
        load=_all(evidence, PhaseKind.LOAD, facts.load_figures),
        memory=_all(evidence, PhaseKind.LOAD, facts.memory_figures),
        review=_all(evidence, PhaseKind.REVIEW, facts.engagement),
    )


def _refuse(gathered: Gathered, scene: AssessedRun, reason: str) -> None:
    """Raise UsageError for a gauntlet that cannot become the baseline."""
    if why := dirty(gathered.state):
        raise UsageError(
            f"{gathered.facts.gauntlet_id}: {why}",
            hint="commit, run the gauntlet, and accept it then",
        )
    beside_nothing = assess(replace(scene, beside=Beside()))
    if beside_nothing.verdict is GauntletVerdict.HOLD:
        hint = "only a gauntlet that ships, or that only got worse on purpose, can be accepted"
        raise UsageError(_held(gathered, beside_nothing), hint=hint)
    assessment = assess(scene)
    if assessment.verdict is GauntletVerdict.HOLD and not reason:
        hint = "if it got worse on purpose, --reason says why, and the baseline keeps that"
        raise UsageError(_held(gathered, assessment), hint=hint)


def _held(gathered: Gathered, assessment: Assessment) -> str:
    first = assessment.reasons[0]
    return f"{gathered.facts.gauntlet_id} holds: {assessment.rule} ({first.phase}: {first.says})"


def _all(
    evidence: list[PhaseEvidence], kind: PhaseKind, read: Callable[[PhaseEvidence], Iterator[_T]]
) -> tuple[_T, ...]:
    """Return the facts of all phases of a kind, sorted as text."""
    of_kind = [each for each in evidence if each.kind is kind]
    return tuple(sorted(chain.from_iterable(map(read, of_kind)), key=str))


def _suites(phase: str, run: RunCases) -> Iterator[SuiteFigures]:
    """Yield the figures of each suite of a run."""
    suites: defaultdict[str, _Cases] = defaultdict(lambda: defaultdict(list))
    for case_id, judgement in sorted(run.judged.items()):
        suite = suite_of(case_id)
        verdict = "red" if judgement.verdict.red else judgement.verdict.value
        suites[suite][verdict].append(case_id.removeprefix(f"{suite}/"))
    asked_of_suite = grouped(sorted(run.asked.items()), lambda asked: suite_of(asked[0]))
    for suite, cases in sorted(suites.items()):
        yield SuiteFigures(
            phase=phase,
            suite=suite,
            passed=tuple(cases[Verdict.PASSED.value]),
            known=tuple(cases[Verdict.KNOWN.value]),
            skipped=tuple(cases[Verdict.SKIPPED.value]),
            red=tuple(cases["red"]),
            asked={
                case_id.removeprefix(f"{suite}/"): digest
                for case_id, digest in asked_of_suite.get(suite, ())
            },
        )
