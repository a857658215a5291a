"""The report of a gauntlet: one screen for a lead, then the details that it rests on.

And the same as JSON.
"""

import shlex
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from conformance.gauntlet import facts as evidence_facts
from conformance.gauntlet.assessment import dirty
from conformance.gauntlet.baseline import Baseline, Engagement, LoadFigures, MemoryFigures
from conformance.gauntlet.evidence import Left
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import Assessment, KnownGap, PhaseEvidence
from conformance.project.checkout_state import CheckoutState
from conformance.reporting.json_report import printed_json
from conformance.reporting.markdown import markdown_template
from conformance.wording import plural

FORMAT: Final = 2
_SHOWN_LINES: Final = 10
"""So many gaps, and as many changes, leave room for verdict and phases on one screen."""
_UNKNOWN: Final = "-"


class Facts(Struct, frozen=True, kw_only=True):
    """Where, when and how a gauntlet was run."""

    gauntlet_id: str
    started: str
    command: str
    version: str
    machine: str
    file: str


class Gathered(Struct, frozen=True, kw_only=True):
    """All that a report shows beside the verdict."""

    facts: Facts
    phases: Sequence[Phase]
    left: Left
    state: CheckoutState
    baseline: Baseline | None

    def of_kind(self, kind: PhaseKind) -> list[PhaseEvidence]:
        """Return the evidence of all phases of a kind that ran."""
        found = [self.left.evidence.get(phase.name) for phase in self.phases if phase.kind is kind]
        return [evidence for evidence in found if evidence is not None and evidence.problem is None]


def headline(state: CheckoutState, assessment: Assessment) -> str:
    """Return the first line of every form of the report.

    It has the verdict, what it is of, and the rule that made it.
    """
    subject = ""
    if not state.clean:
        subject = " of a dirty tree" if state.commit else " of no commit"
    return f"{assessment.verdict.value.upper()}{subject}: {assessment.rule}"


def gauntlet_markdown(gathered: Gathered, assessment: Assessment) -> str:
    """Return the report for people."""
    return markdown_template("conformance.gauntlet", "gauntlet.md.j2").render(
        gathered=gathered,
        facts=gathered.facts,
        assessment=assessment,
        headline=headline(gathered.state, assessment),
        dirty=dirty(gathered.state),
        changes=list(_changes(gathered, assessment)),
        gaps=[_gap_cells(gap) for gap in assessment.gaps[:_SHOWN_LINES]],
        more_gaps=assessment.gaps[_SHOWN_LINES:],
        phases=[_phase_cells(gathered, phase) for phase in gathered.phases],
        runs=gathered.of_kind(PhaseKind.RUN),
        reviews=gathered.of_kind(PhaseKind.REVIEW),
        engagement=list(_engagement(gathered)),
        figures=list(_figures(gathered)),
        read=evidence_facts,
        join=shlex.join,
    )


def _changes(gathered: Gathered, assessment: Assessment) -> Iterator[str]:
    """Yield what is otherwise than in the baseline, as much of it as one screen has room for."""
    yield from assessment.changes[:_SHOWN_LINES]
    more = len(assessment.changes) - _SHOWN_LINES
    if more > 0:
        yield f"and {more} more; {gathered.facts.gauntlet_id}.json has them all"


def _gap_cells(gap: KnownGap) -> tuple[str, ...]:
    """Return the cells of a gap: what it is, estimate, owner, age, fix."""
    estimate = _UNKNOWN if gap.loc_estimate is None else plural(gap.loc_estimate, "line")
    age = _UNKNOWN if gap.age_days is None else plural(gap.age_days, "day")
    return gap.says, estimate, gap.owner or _UNKNOWN, age, gap.fix or _UNKNOWN


def _phase_cells(gathered: Gathered, phase: Phase) -> tuple[str, ...]:
    """Return the cells of a phase: its name, its result, how long it took."""
    evidence = gathered.left.evidence.get(phase.name)
    if evidence is None:
        return phase.name, _why_missing(gathered, phase), _UNKNOWN
    red = "red: " if evidence.red and evidence.problem is None else ""
    return phase.name, red + evidence_facts.summary(evidence), f"{evidence.elapsed_s} s"


def _why_missing(gathered: Gathered, phase: Phase) -> str:
    """Return why there is no evidence of a phase that counts."""
    why = gathered.left.missing.get(phase.name)
    return f"missing: {why}" if why else "was not run"


def _engagement(gathered: Gathered) -> Iterator[tuple[Engagement, Engagement | None]]:
    """Yield how each reviewer took part, beside how it did in the accepted review."""
    baseline = gathered.baseline
    before = {each.reviewer: each for each in baseline.review} if baseline else {}
    for evidence in gathered.of_kind(PhaseKind.REVIEW):
        for each in evidence_facts.engagement(evidence):
            yield each, before.get(each.reviewer)


def _figures(gathered: Gathered) -> Iterator[tuple[str, str, str, str]]:
    """Yield the figures of loads: what, in the baseline, now, and now by the baseline."""
    load = gathered.baseline.load if gathered.baseline else ()
    memory = gathered.baseline.memory if gathered.baseline else ()
    rates = {(each.phase, each.runtime): each for each in load}
    sizes = {(each.phase, each.runtime, each.process): each for each in memory}
    for evidence in gathered.of_kind(PhaseKind.LOAD):
        for rate in evidence_facts.load_figures(evidence):
            name = f"{rate.phase}: {rate.runtime}"
            accepted_rate = rates.get((rate.phase, rate.runtime))
            yield f"{name}, rate", *_rates(accepted_rate, rate)
            yield f"{name}, CPU time of a scenario", *_cpu_times(accepted_rate, rate)
        for size in evidence_facts.memory_figures(evidence):
            name = f"{size.phase}: {size.runtime}, memory of {size.process}"
            accepted_size = sizes.get((size.phase, size.runtime, size.process))
            yield name, *_sizes(accepted_size, size)


def _rates(was: LoadFigures | None, now: LoadFigures) -> tuple[str, str, str]:
    """Return a rate in the baseline, now, and the second by the first."""
    ratio = _ratio(now.relative_rate, was.relative_rate if was is not None else 0)
    return _rate(was), _rate(now), ratio


def _cpu_times(was: LoadFigures | None, now: LoadFigures) -> tuple[str, str, str]:
    """Return a CPU time in the baseline, now, and the second by the first."""
    ratio = _ratio(now.relative_cpu, was.relative_cpu if was is not None else 0)
    return _cpu(was), _cpu(now), ratio


def _sizes(was: MemoryFigures | None, now: MemoryFigures) -> tuple[str, str, str]:
    """Return a memory size in the baseline, now, and the second by the first."""
    ratio = _ratio(now.max_rss_mib, was.max_rss_mib if was is not None else 0)
    return _mib(was), _mib(now), ratio


def _mib(figures: MemoryFigures | None) -> str:
    return _UNKNOWN if figures is None else f"{figures.max_rss_mib:.0f} MiB"


def _ratio(now: float, was: float) -> str:
    return f"{now / was:.2f}" if was else _UNKNOWN


def _rate(figures: LoadFigures | None) -> str:
    if figures is None:
        return _UNKNOWN
    spread = f"{figures.scenarios_per_s:.1f} scenarios/s ± {figures.spread_percent:.0f} %"
    return f"{spread}, work {figures.work_per_s:.0f}/s, noise {figures.noise_percent:.0f} %"


def _cpu(figures: LoadFigures | None) -> str:
    if figures is None or not figures.cpu_ms:
        return _UNKNOWN
    return f"{figures.cpu_ms:.2f} ms"


def gauntlet_json(gathered: Gathered, assessment: Assessment) -> bytes:
    """Return the verdict for scripts, indented, with a line end."""
    accepted = gathered.baseline.accepted if gathered.baseline else None
    plain: dict[str, Any] = {
        "format": FORMAT,
        "headline": headline(gathered.state, assessment),
        **msgspec.to_builtins(assessment),
        "gauntlet": msgspec.to_builtins(gathered.facts),
        "state": {**msgspec.to_builtins(gathered.state), "clean": gathered.state.clean},
        "baseline": msgspec.to_builtins(accepted),
        "phases": [_phase(gathered, phase) for phase in gathered.phases],
    }
    return printed_json(plain)


def _phase(gathered: Gathered, phase: Phase) -> dict[str, Any]:
    evidence = gathered.left.evidence.get(phase.name)
    if evidence is None:
        return {"phase": phase.name, "ran": False, "summary": _why_missing(gathered, phase)}
    return {
        "phase": phase.name,
        "ran": evidence.problem is None,
        "red": evidence.red,
        "elapsed_s": evidence.elapsed_s,
        "summary": evidence_facts.summary(evidence),
    }
