"""The assessment: evidence in, a verdict out, by the first rule that finds a fact.

The rules are a table, so that the rule that led to a verdict can be printed beside it.  Pure: the same evidence gives
the same verdict.  What is known and documented is a gap with a row; what was green before and is red now is a
regression, whatever a row says.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conformance.gauntlet.facts import known_gaps, recorded, summary
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.verdict import Assessment, Evidence, GauntletVerdict, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that a verdict may rest on: phases, their evidence, and what got worse since the last gauntlet.

    `regressions` is None where there is nothing to compare with; its values are by phase.
    """

    phases: Sequence[Phase]
    evidence: Mapping[str, Evidence]
    regressions: Mapping[str, Sequence[str]] | None


@dataclass(frozen=True, slots=True)
class _Rule:
    verdict: GauntletVerdict
    says: str
    finds: Callable[[Scene], Iterator[Reason]]


def _did_not_run(scene: Scene) -> Iterator[Reason]:
    for phase in scene.phases:
        evidence = scene.evidence.get(phase.name)
        if evidence is None:
            yield Reason(phase=phase.name, says="was not run")
        elif evidence.problem is not None:
            yield Reason(phase=phase.name, says=summary(evidence))


def _regressed(scene: Scene) -> Iterator[Reason]:
    for phase, changes in (scene.regressions or {}).items():
        for change in changes:
            yield Reason(phase=phase, says=change)


def _red(*kinds: PhaseKind) -> Callable[[Scene], Iterator[Reason]]:
    def find(scene: Scene) -> Iterator[Reason]:
        for phase in scene.phases:
            if phase.kind in kinds and scene.evidence[phase.name].red:
                yield Reason(phase=phase.name, says=summary(scene.evidence[phase.name]))

    return find


def _gaps(scene: Scene) -> Iterator[Reason]:
    for phase in scene.phases:
        if phase.kind is PhaseKind.RUN:
            for says in known_gaps(scene.evidence[phase.name]).values():
                yield Reason(phase=phase.name, says=says)
            for says in recorded(scene.evidence[phase.name]):
                yield Reason(phase=phase.name, says=says)


def _nothing(scene: Scene) -> Iterator[Reason]:
    for phase in scene.phases:
        yield Reason(phase=phase.name, says=summary(scene.evidence[phase.name]))


_HOLD, _GAP, _SHIP = GauntletVerdict.HOLD, GauntletVerdict.SHIP_WITH_KNOWN_GAP, GauntletVerdict.SHIP
RULES: Final = (
    _Rule(_HOLD, "a phase that did not run to its end proves nothing", _did_not_run),
    _Rule(_HOLD, "what was green in the last gauntlet is red now", _regressed),
    _Rule(
        _HOLD,
        "a suite is red: an undecided difference, a failed expectation, a row that does not hold",
        _red(PhaseKind.RUN),
    ),
    _Rule(_HOLD, "distinct lineages of reviewers agree on a place, and one of them blocks", _red(PhaseKind.REVIEW)),
    _Rule(_HOLD, "the load is not carried within its limits", _red(PhaseKind.LOAD)),
    _Rule(_HOLD, "the tracker does not hold", _red(PhaseKind.TRACKER)),
    _Rule(_GAP, "all is green but for what the ledger names, or what only a recording answered", _gaps),
    _Rule(_SHIP, "every phase ran, and all is green", _nothing),
)
"""In order: the first rule that finds something gives the verdict."""


def assess(scene: Scene) -> Assessment:
    """Return the verdict on a gauntlet."""
    rule, reasons = next((rule, found) for rule in RULES if (found := tuple(rule.finds(scene))))
    gaps = {name: says for each in scene.evidence.values() for name, says in known_gaps(each).items()}
    notes = () if scene.regressions is not None else ("there is no earlier gauntlet to compare with",)
    return Assessment(
        verdict=rule.verdict,
        rule=rule.says,
        reasons=reasons,
        gaps=tuple(says for _, says in sorted(gaps.items())),
        notes=notes,
    )
