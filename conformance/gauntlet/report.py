"""The report of a gauntlet, for a lead: the verdict and its rule first, then what each phase showed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from conformance.gauntlet import facts as evidence_facts
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import Assessment, Evidence
from conformance.reporting.markdown import markdown_template

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Where, when and how a gauntlet was run."""

    gauntlet_id: str
    started: str
    command: str
    version: str
    machine: str
    commit: str
    file: str


def gauntlet_markdown(
    facts: Facts,
    phases: Sequence[Phase],
    evidence: Mapping[str, Evidence],
    earlier: Mapping[str, Evidence],
    assessment: Assessment,
) -> str:
    """Return the report."""
    return markdown_template("conformance.gauntlet", "gauntlet.md.j2").render(
        facts=facts,
        phases=phases,
        evidence=evidence,
        assessment=assessment,
        read=evidence_facts,
        figures=list(_figures(phases, evidence, earlier)),
        run_phases=[phase for phase in phases if phase.kind is PhaseKind.RUN and phase.name in evidence],
        reviews=[phase for phase in phases if phase.kind is PhaseKind.REVIEW and phase.name in evidence],
    )


def _figures(
    phases: Sequence[Phase], evidence: Mapping[str, Evidence], earlier: Mapping[str, Evidence]
) -> Iterator[tuple[str, str, str]]:
    """Yield the figures of load phases: what, in the last gauntlet, and now."""
    for phase in phases:
        if phase.kind is PhaseKind.LOAD and phase.name in evidence:
            now = evidence_facts.load_figures(evidence[phase.name])
            last = evidence_facts.load_figures(earlier[phase.name]) if phase.name in earlier else {}
            for name in now:
                yield f"{phase.name}: {name}", last.get(name, "not measured"), now[name]


def gauntlet_json(
    facts: Facts, phases: Sequence[Phase], evidence: Mapping[str, Evidence], assessment: Assessment
) -> bytes:
    """Return the verdict for scripts, indented, with a line end."""
    plain: dict[str, Any] = {
        "format": FORMAT,
        "verdict": assessment.verdict.value,
        "rule": assessment.rule,
        "reasons": msgspec.to_builtins(assessment.reasons),
        "known_gaps": list(assessment.gaps),
        "notes": list(assessment.notes),
        "gauntlet": msgspec.to_builtins(facts),
        "phases": [_phase(phase, evidence.get(phase.name)) for phase in phases],
    }
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"


def _phase(phase: Phase, evidence: Evidence | None) -> dict[str, Any]:
    if evidence is None:
        return {"phase": phase.name, "ran": False, "summary": "was not run"}
    return {
        "phase": phase.name,
        "ran": evidence.problem is None,
        "red": evidence.red,
        "elapsed_s": evidence.elapsed_s,
        "summary": evidence_facts.summary(evidence),
    }
