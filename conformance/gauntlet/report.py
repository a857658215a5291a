"""The report of a gauntlet as Markdown and JSON: one screen with the verdict, then the details."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from conformance.gauntlet import facts as evidence_facts
from conformance.gauntlet.assessment import dirty
from conformance.gauntlet.baseline import (
    NOTHING_ACCEPTED,
    Baseline,
    Engagement,
    LoadFigures,
    MemoryFigures,
)
from conformance.gauntlet.evidence import Left
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import Assessment, KnownGap, PhaseEvidence
from conformance.project.checkout_state import CheckoutState
from conformance.reporting.json_report import printed_json
from conformance.reporting.markdown import markdown_template
from conformance.wording import plural

FORMAT: Final = 2
_SHOWN_LINES: Final = 10
"""The limit for gaps, and for changes: so many fit on one screen with verdict and phases."""
_UNKNOWN: Final = "-"


_Figures = TypeVar("_Figures", LoadFigures, MemoryFigures)


class Facts(Struct, frozen=True, kw_only=True):
    """Where, when and how a gauntlet was run."""

    gauntlet_id: str
    started: str
    command: str
    version: str
    machine: str
    file: str


class Gathered(Struct, frozen=True, kw_only=True):
    """The content of a report, without the verdict."""

    facts: Facts
    phases: Sequence[Phase]
    left: Left
    state: CheckoutState
    baseline: Baseline | None

    def of_kind(self, kind: PhaseKind) -> list[PhaseEvidence]:
        """Return the evidence of all completed phases of a kind."""
        return [each for each in self.left.completed.values() if each.kind is kind]

    @property
    def accepted(self) -> Baseline:
        """Return the accepted baseline, or an empty one."""
        return self.baseline or NOTHING_ACCEPTED


def headline(state: CheckoutState, assessment: Assessment) -> str:
    """Return the first line of every form of the report.

    It has the verdict, the state of the tree if it is not clean, and the rule behind the verdict.
    """
    subject = ""
    if not state.clean:
        subject = " of a dirty tree" if state.commit else " of no commit"
    return f"{assessment.verdict.value.upper()}{subject}: {assessment.rule}"


def gauntlet_markdown(gathered: Gathered, assessment: Assessment) -> str:
    """Return the report as Markdown."""
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
    """Yield the changes since the baseline, as many as fit on one screen."""
    yield from assessment.changes[:_SHOWN_LINES]
    more = len(assessment.changes) - _SHOWN_LINES
    if more > 0:
        yield f"and {more} more; {gathered.facts.gauntlet_id}.json has them all"


def _gap_cells(gap: KnownGap) -> tuple[str, ...]:
    """Return the table cells of a gap: text, estimate, owner, age, fix."""
    cells = gap.says, _counted(gap.loc_estimate, "line"), gap.owner, _counted(gap.age_days, "day")
    return tuple(cell or _UNKNOWN for cell in (*cells, gap.fix))


def _counted(count: int | None, noun: str) -> str:
    """Return a count with its noun; empty if the count is None."""
    return "" if count is None else plural(count, noun)


def _phase_cells(gathered: Gathered, phase: Phase) -> tuple[str, ...]:
    """Return the table cells of a phase: its name, its result, its duration."""
    evidence = gathered.left.evidence.get(phase.name)
    if evidence is None:
        return phase.name, _why_missing(gathered, phase), _UNKNOWN
    red = "red: " if evidence.red and evidence.problem is None else ""
    return phase.name, red + evidence_facts.summary(evidence), f"{evidence.elapsed_s} s"


def _why_missing(gathered: Gathered, phase: Phase) -> str:
    """Return why a phase has no valid evidence."""
    why = gathered.left.missing.get(phase.name)
    return f"missing: {why}" if why else "was not run"


def _engagement(gathered: Gathered) -> Iterator[tuple[Engagement, Engagement | None]]:
    """Yield the figures of each reviewer: now, and in the accepted baseline or None."""
    before = {each.reviewer: each for each in gathered.accepted.review}
    reviews = gathered.of_kind(PhaseKind.REVIEW)
    for each in chain.from_iterable(map(evidence_facts.engagement, reviews)):
        yield each, before.get(each.reviewer)


def _figures(gathered: Gathered) -> Iterator[tuple[str, str, str, str]]:
    """Yield the figures of loads as (name, baseline, now, ratio of now to the baseline)."""
    accepted = gathered.accepted
    rates = {(each.phase, each.runtime): each for each in accepted.load}
    sizes = {(each.phase, each.runtime, each.process): each for each in accepted.memory}
    for evidence in gathered.of_kind(PhaseKind.LOAD):
        for rate in evidence_facts.load_figures(evidence):
            name = f"{rate.phase}: {rate.runtime}"
            accepted_rate = rates.get((rate.phase, rate.runtime))
            yield f"{name}, rate", *_cells(accepted_rate, rate, _RATE)
            yield f"{name}, CPU time of a scenario", *_cells(accepted_rate, rate, _CPU_TIME)
        for size in evidence_facts.memory_figures(evidence):
            name = f"{size.phase}: {size.runtime}, memory of {size.process}"
            accepted_size = sizes.get((size.phase, size.runtime, size.process))
            yield name, *_cells(accepted_size, size, _SIZE)


class _Measure(NamedTuple, Generic[_Figures]):
    """How a figure is read as a number, and how it is shown."""

    read: Callable[[_Figures], float]
    show: Callable[[_Figures], str]


def _cells(
    was: _Figures | None, now: _Figures, measure: _Measure[_Figures]
) -> tuple[str, str, str]:
    """Return a figure as texts: in the baseline, now, and the ratio of now to the baseline."""
    if was is None:
        return _UNKNOWN, measure.show(now), _UNKNOWN
    accepted = measure.read(was)
    ratio = f"{measure.read(now) / accepted:.2f}" if accepted else _UNKNOWN
    return measure.show(was), measure.show(now), ratio


def _rate(figures: LoadFigures) -> str:
    spread = f"{figures.scenarios_per_s:.1f} scenarios/s ± {figures.spread_percent:.0f} %"
    return f"{spread}, work {figures.work_per_s:.0f}/s, noise {figures.noise_percent:.0f} %"


def _cpu(figures: LoadFigures) -> str:
    return f"{figures.cpu_ms:.2f} ms" if figures.cpu_ms else _UNKNOWN


_RATE: Final = _Measure[LoadFigures](lambda figures: figures.relative_rate, _rate)
_CPU_TIME: Final = _Measure[LoadFigures](lambda figures: figures.relative_cpu, _cpu)
_SIZE: Final = _Measure[MemoryFigures](
    lambda figures: figures.max_rss_mib, lambda figures: f"{figures.max_rss_mib:.0f} MiB"
)


def gauntlet_json(gathered: Gathered, assessment: Assessment) -> bytes:
    """Return the report as indented JSON that ends with a line break."""
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
