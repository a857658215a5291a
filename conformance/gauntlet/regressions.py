"""A gauntlet compared with the accepted baseline: regressions, changes and gaps.

In: the baseline, and what the phases show now. Out: regressions by phase, changes and gaps, each in
one line. A case that was green in the baseline is a regression if it is red, skipped or left out
now; a case that no suite contains any more is a change, as its removal is in the diff. A speed is a
ratio of two rates, each relative to the calibration of its own phase. If the machine was not quiet
during a measurement, rates are not compared; CPU time still is, if enough of it was measured.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import filterfalse
from typing import Final, Protocol, TypeVar

from msgspec import Struct, field

from conformance.gauntlet.baseline import Baseline, LoadFigures, MemoryFigures
from conformance.gauntlet.facts import causes, engagement, load_figures, memory_figures, runtimes_in
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import PhaseEvidence
from conformance.model.verdict import Judgement, Verdict
from conformance.wording import plural, some

# A line names the first cases; the report of the run has them all
_SHOWN_CASES: Final = 3
OTHER_CONFIGURATION: Final = (
    "the configuration differs: gauntlet.yaml, runtimes.yaml or "
    "review.yaml is not what the baseline was made with"
)
EDITED: Final = (
    "the baseline is not as `conformance gauntlet accept` wrote it: somebody edited it, or an "
    "earlier version wrote it; accept a gauntlet again"
)
ENOUGH_CPU_S: Final = 2.0
"""For less CPU time, the start of a process and the 10 ms steps of the clock distort the figure."""
_MIB_OF_NOISE: Final = 16
"""Growth up to this is no regression: an allocator keeps arenas of tens of MiB."""


class _OfPhase(Protocol):
    """A figure of a baseline that belongs to a phase."""

    @property
    def phase(self) -> str: ...


_Figure = TypeVar("_Figure", bound=_OfPhase)


class RunCases(Struct, frozen=True, kw_only=True):
    """The judgements of a run by case id, and the existing cases that the run left out.

    `asked` has the digest of the requests and expectations of each case.
    """

    judged: Mapping[str, Judgement]
    left_out: Collection[str] = ()
    asked: Mapping[str, str] = field(default_factory=dict)


NO_BASELINE: Final = (
    "no baseline is accepted: what got worse is not known; `conformance gauntlet "
    "accept` accepts one"
)
"""The gap of a gauntlet that has no baseline."""


class Beside(Struct, frozen=True, kw_only=True):
    """A gauntlet compared with its baseline: regressions by phase, changes and gaps.

    A gap says what could not be compared.
    """

    regressions: dict[str, list[str]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def regress(self, phase: str, says: str) -> None:
        """Add a regression of a phase."""
        self.regressions.setdefault(phase, []).append(says)


def beside_baseline(
    baseline: Baseline,
    phases: Sequence[Phase],
    evidence: Mapping[str, PhaseEvidence],
    runs: Mapping[str, RunCases],
    configuration: str = "",
) -> Beside:
    """Return the comparison of a gauntlet with its baseline.

    `evidence` has the completed phases; other phases are left out. `configuration` is the digest of
    the configuration files.
    """
    beside = Beside()
    if baseline.edited:
        beside.gaps.append(EDITED)
    if configuration and baseline.accepted.configuration not in {"", configuration}:
        beside.changes.append(OTHER_CONFIGURATION)
    names = {phase.name for phase in phases}
    for name in filterfalse(names.__contains__, baseline.phases):
        beside.regress(name, "the baseline has this phase, and this gauntlet has not")
    for phase in phases:
        if phase.name not in baseline.phases:
            beside.changes.append(f"{phase.name}: a new phase")
        elif phase.name in evidence:
            _compare(beside, baseline, phase, evidence[phase.name], runs.get(phase.name))
    return beside


def _compare(
    beside: Beside, baseline: Baseline, phase: Phase, evidence: PhaseEvidence, run: RunCases | None
) -> None:
    if phase.kind is PhaseKind.RUN:
        _compare_runtimes(beside, baseline, evidence)
        _compare_causes(beside, baseline, evidence)
        if run is not None:
            _compare_cases(beside, baseline, phase.name, run)
    elif phase.kind is PhaseKind.REVIEW:
        _compare_reviewers(beside, baseline, evidence)
    elif phase.kind is PhaseKind.LOAD:
        _compare_loads(beside, baseline, phase, evidence)


def _in_phase(figures: Iterable[_Figure], phase: str) -> list[_Figure]:
    """Return the figures that belong to one phase."""
    return [each for each in figures if each.phase == phase]


def _compare_runtimes(beside: Beside, baseline: Baseline, evidence: PhaseEvidence) -> None:
    now = {each.runtime for each in runtimes_in(evidence)}
    before = {each.runtime for each in _in_phase(baseline.runtimes, evidence.phase)}
    _say_who_left(beside, evidence.phase, before - now)
    if gained := sorted(now - before):
        beside.changes.append(f"{evidence.phase}: also asked {', '.join(gained)}")


def _compare_reviewers(beside: Beside, baseline: Baseline, evidence: PhaseEvidence) -> None:
    """Add a regression for each reviewer who is missing, unless there was no change."""
    now = {each.reviewer for each in engagement(evidence)}
    if not now:
        return
    before = {each.reviewer for each in _in_phase(baseline.review, evidence.phase)}
    _say_who_left(beside, evidence.phase, before - now, role="reviewer ")


def _say_who_left(beside: Beside, phase: str, names: set[str], role: str = "") -> None:
    for name in sorted(names):
        beside.regress(phase, f"{role}{name} took part in the baseline, and not now")


def _compare_causes(beside: Beside, baseline: Baseline, evidence: PhaseEvidence) -> None:
    before = {each.key: each for each in _in_phase(baseline.causes, evidence.phase)}
    now = {each.key: each for each in causes(evidence)}
    for key in sorted(now.keys() - before.keys()):
        new = f"new cause {now[key].title}, in {plural(now[key].cases, 'case')}"
        beside.changes.append(f"{evidence.phase}: {new}")
    for key in sorted(before.keys() - now.keys()):
        beside.changes.append(f"{evidence.phase}: gone is the cause {before[key].title}")


def _compare_cases(beside: Beside, baseline: Baseline, phase: str, run: RunCases) -> None:
    was_green: dict[str, str] = {}
    was_not_green: set[str] = set()
    for suite in _in_phase(baseline.suites, phase):
        was_not_green.update(suite.case_ids(suite.skipped), suite.case_ids(suite.red))
        was_green |= dict.fromkeys(suite.case_ids(suite.passed), "passed")
        was_green |= dict.fromkeys(suite.case_ids(suite.known), "was known")
    gone = was_green.keys() - run.judged.keys() - set(run.left_out)
    for case_id in sorted(was_green.keys() - gone):
        worse = _worse(run.judged.get(case_id))
        if worse:
            beside.regress(phase, f"{case_id} {was_green[case_id]} in the baseline, and {worse}")
    _compare_questions(beside, baseline, phase, run)
    new = run.judged.keys() - was_green.keys() - was_not_green
    for cases, change in ((gone, "gone"), (new, "new")):
        if cases:
            names = some(sorted(cases), _SHOWN_CASES)
            beside.changes.append(f"{phase}: {plural(len(cases), 'case')} {change}: {names}")


def _compare_questions(beside: Beside, baseline: Baseline, phase: str, run: RunCases) -> None:
    """Add a change for cases with another request or expectation under the same id."""
    before: dict[str, str] = {}
    for suite in _in_phase(baseline.suites, phase):
        before |= zip(suite.case_ids(suite.asked), suite.asked.values(), strict=True)
    in_both = run.asked.keys() & before.keys()
    # The digest is empty if a record does not have it
    changed = sorted(each for each in in_both if run.asked[each] not in {"", before[each]})
    if changed:
        count, names = plural(len(changed), "case"), some(changed, _SHOWN_CASES)
        beside.changes.append(f"{phase}: {count} with another request or expectation: {names}")


def _worse(judgement: Judgement | None) -> str:
    """Return how a case that was green has become worse; empty if it is still green.

    A judgement of None stands for a case that was left out.
    """
    if judgement is None:
        return "was left out now"
    if judgement.verdict is Verdict.SKIPPED:
        return f"is skipped now: {judgement.reason}"
    if judgement.verdict.red:
        return f"{judgement.verdict.value} now: {judgement.reason}"
    return ""


def _compare_loads(
    beside: Beside, baseline: Baseline, phase: Phase, evidence: PhaseEvidence
) -> None:
    """Compare the rates, CPU times and memory of runtimes that were driven in the same way."""
    now = {each.runtime: each for each in load_figures(evidence)}
    driven_alike: set[str] = set()
    for was in _in_phase(baseline.load, phase.name):
        name = was.runtime
        if name not in now:
            _say_who_left(beside, phase.name, {name})
        elif was.pace != now[name].pace:
            paces = f"{now[name].pace}; {was.pace} then"
            beside.changes.append(f"{phase.name}: {name} was driven otherwise ({paces})")
        else:
            driven_alike.add(name)
            _compare_speed(beside, was, now[name], phase.tolerance_percent)
    sizes = {(each.runtime, each.process): each for each in memory_figures(evidence)}
    for size in _in_phase(baseline.memory, phase.name):
        if size.runtime not in driven_alike:
            continue
        later = sizes.get((size.runtime, size.process))
        if later is not None:
            _compare_memory(beside, size, later, phase.tolerance_percent)
        else:
            unknown = f"nothing is known of the memory of {size.runtime} {size.process}"
            beside.gaps.append(f"{phase.name}: {unknown}: no process of that name ran")


def _compare_speed(
    beside: Beside, was: LoadFigures, now: LoadFigures, tolerance_percent: int
) -> None:
    """Add a regression if a runtime is slower even by the fast half of its seconds."""
    _compare_cpu(beside, was, now, tolerance_percent)
    tolerance = tolerance_percent / 100
    allowed = f"the tolerance is {tolerance_percent} %"
    # Either measurement may be the noisy one, and then the ratio says nothing
    noise = max(was.noise_percent, now.noise_percent)
    if noise > tolerance_percent:
        unknown = f"nothing is known of the rate of {now.runtime}"
        beside.gaps.append(
            f"{now.phase}: {unknown}: the machine was not quiet ({noise:.0f} % noise, {allowed})"
        )
        return
    ratio = _ratio(now.relative_rate, was.relative_rate)
    rates = f"{now.scenarios_per_s:.0f} scenarios/s, {was.scenarios_per_s:.0f} in the baseline"
    ratio_of_fast_half = ratio * (1 + now.spread_percent / 100)
    if ratio_of_fast_half < 1 - tolerance:
        beside.regress(
            now.phase,
            f"{now.runtime} is {ratio:.2f} times as fast, by calibration: {rates}; {allowed}",
        )
    elif abs(ratio - 1) > tolerance:
        beside.changes.append(
            f"{now.phase}: {now.runtime} is {ratio:.2f} times as fast, by calibration: {rates}"
        )


def _ratio(now: float, was: float) -> float:
    """Return the ratio of a figure to that of the baseline; 1 if the baseline has none."""
    return now / was if was else 1.0


def _compare_cpu(
    beside: Beside, was: LoadFigures, now: LoadFigures, tolerance_percent: int
) -> None:
    """Add a regression if a runtime takes more CPU time, or a gap if too little was measured."""
    if not now.cpu_ms or not was.cpu_ms:
        return
    # An early baseline does not say how much CPU time it measured
    known = [each.cpu_s for each in (was, now) if each.cpu_s is not None]
    least_s = min(known, default=0.0)
    if least_s < ENOUGH_CPU_S:
        why = (
            f"it was measured over {least_s:.1f} s of CPU time, and {ENOUGH_CPU_S:.0f} s are "
            "needed: drive it longer"
        )
        beside.gaps.append(f"{now.phase}: nothing is known of the CPU time of {now.runtime}: {why}")
        return
    work = _ratio(now.relative_cpu, was.relative_cpu)
    if work > 1 + tolerance_percent / 100:
        cost = f"{now.cpu_ms:.2f} ms CPU a scenario, {was.cpu_ms:.2f} ms in the baseline"
        beside.regress(
            now.phase,
            f"{now.runtime} takes {work:.2f} times the work, by calibration: {cost}; "
            f"the tolerance is {tolerance_percent} %",
        )


def _compare_memory(
    beside: Beside, was: MemoryFigures, now: MemoryFigures, tolerance_percent: int
) -> None:
    with_tolerance = was.max_rss_mib * (1 + tolerance_percent / 100)
    with_noise = was.max_rss_mib + _MIB_OF_NOISE
    if now.max_rss_mib > max(with_tolerance, with_noise):
        beside.regress(
            now.phase,
            f"{now.runtime} {now.process} is larger: {now.max_rss_mib:.0f} MiB, "
            f"{was.max_rss_mib:.0f} MiB in the baseline; the tolerance is {tolerance_percent} %",
        )
