"""The assessment: from evidence to a verdict, by the first rule that finds a fact.

The rules are a table, so that the rule behind a verdict can be printed with it.  The same evidence
gives the same verdict.  A known, documented defect is a gap with a row; a case that was green in
the accepted baseline and is red now is a regression, even if it has a row.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from conformance.gauntlet.evidence import Left
from conformance.gauntlet.facts import (
    failed_reviewers,
    known_gaps,
    not_started_here,
    one_voice,
    recorded,
    summary,
)
from conformance.gauntlet.plan import Phase, PhaseKind
from conformance.gauntlet.reasons import cut, red_reasons
from conformance.gauntlet.regressions import Beside
from conformance.gauntlet.verdict import (
    Assessment,
    GauntletVerdict,
    KnownGap,
    PhaseEvidence,
    Reason,
)
from conformance.project.checkout_state import CheckoutState
from conformance.wording import are, plural, some

CHECKOUT: Final = "checkout"
"""The name in place of a phase for a reason that belongs to no phase."""


class AssessedRun(Struct, frozen=True, kw_only=True):
    """All facts that the verdict may be based on."""

    phases: Sequence[Phase]
    left: Left
    state: CheckoutState
    today: dt.date
    beside: Beside


class _Rule(Struct, frozen=True):
    verdict: GauntletVerdict
    says: str
    finds: Callable[[AssessedRun], Iterator[Reason]]


def _missing(scene: AssessedRun) -> Iterator[Reason]:
    for phase in scene.phases:
        evidence = scene.left.evidence.get(phase.name)
        if phase.name in scene.left.missing:
            why = f"its evidence does not count: {scene.left.missing[phase.name]}"
            yield Reason(phase=phase.name, says=why)
        elif evidence is None:
            yield Reason(phase=phase.name, says="was not run")
        elif evidence.problem is not None:
            yield Reason(phase=phase.name, says=summary(evidence))
        else:
            yield from cut(phase.name, list(failed_reviewers(evidence)))


def _regressed(scene: AssessedRun) -> Iterator[Reason]:
    for phase, regressions in scene.beside.regressions.items():
        yield from cut(phase, regressions)


def _red(kind: PhaseKind) -> Callable[[AssessedRun], Iterator[Reason]]:
    def find(scene: AssessedRun) -> Iterator[Reason]:
        for phase in scene.phases:
            evidence = scene.left.evidence[phase.name]
            if phase.kind is kind and evidence.red:
                yield from red_reasons(evidence)

    return find


def _gaps(scene: AssessedRun) -> Iterator[Reason]:
    for phase, gap in _known(scene):
        yield Reason(phase=phase, says=gap.says)


def _known(scene: AssessedRun) -> Iterator[tuple[str, KnownGap]]:
    """Yield the known gaps with their phases: of the checkout first, then of each phase."""
    for says in _of_checkout(scene):
        yield CHECKOUT, KnownGap(says=says)
    for phase, evidence in scene.left.evidence.items():
        for gap in _gaps_of(evidence, scene.today):
            yield phase, gap


def _of_checkout(scene: AssessedRun) -> Iterator[str]:
    """Yield what makes the checkout or its baseline incomplete."""
    yield from filter(None, (dirty(scene.state), _hidden(scene)))
    yield from scene.beside.gaps


def _gaps_of(evidence: PhaseEvidence, today: dt.date) -> Iterator[KnownGap]:
    yield from _without_row(not_started_here(evidence))
    if evidence.kind is PhaseKind.RUN:
        yield from known_gaps(evidence, today)
        yield from _without_row(recorded(evidence))
    elif evidence.kind is PhaseKind.REVIEW:
        yield from _without_row(one_voice(evidence))


def _without_row(sentences: Iterable[str]) -> Iterator[KnownGap]:
    """Yield gaps that have no row in the ledger."""
    return (KnownGap(says=says) for says in sentences)


def _hidden(scene: AssessedRun) -> str:
    """Return a sentence on files that only this clone ignores, now or in a phase; empty if none."""
    ran = [evidence.state.hidden for evidence in scene.left.evidence.values()]
    files = sorted(set(scene.state.hidden).union(*ran))
    if not files:
        return ""
    them = "it" if len(files) == 1 else "them"
    count = plural(len(files), "file")
    ignored = f"{count} {are(len(files))} ignored by this clone only"
    return f"{ignored}, and a service may read {them}: {some(files)}"


def dirty(state: CheckoutState) -> str:
    """Return how a checkout differs from its commit; empty if it does not."""
    if not state.commit:
        return "there is no commit that this could be of"
    if not state.changed:
        return ""
    count = plural(len(state.changed), "file")
    return (
        f"the tree is dirty: {count} changed since commit {state.short_commit}: "
        f"{some(state.changed)}"
    )


def _nothing(scene: AssessedRun) -> Iterator[Reason]:
    for phase in scene.phases:
        yield Reason(phase=phase.name, says=summary(scene.left.evidence[phase.name]))


_HOLD, _GAP, _SHIP = GauntletVerdict.HOLD, GauntletVerdict.SHIP_WITH_KNOWN_GAP, GauntletVerdict.SHIP
RULES: Final = (
    _Rule(
        _HOLD,
        "evidence is missing: a phase that did not run to its end, or of another state, proves "
        "nothing",
        _missing,
    ),
    _Rule(_HOLD, "what the accepted baseline had green is red, slower or larger now", _regressed),
    _Rule(
        _HOLD,
        "a suite is red: an undecided difference, a failed expectation, a row that does not hold",
        _red(PhaseKind.RUN),
    ),
    _Rule(
        _HOLD,
        "distinct lineages of reviewers agree on a place, and one of them blocks",
        _red(PhaseKind.REVIEW),
    ),
    _Rule(_HOLD, "the load is not within its limits", _red(PhaseKind.LOAD)),
    _Rule(_HOLD, "the tracker does not hold", _red(PhaseKind.TRACKER)),
    _Rule(_GAP, "all is green except for known gaps", _gaps),
    _Rule(_SHIP, "every phase ran, and all is green", _nothing),
)
"""In this order: the first rule that finds a reason gives the verdict."""


def assess(scene: AssessedRun) -> Assessment:
    """Return the verdict on a gauntlet, with its rule and reasons."""
    # The last rule finds a reason in every gauntlet
    found = ((rule, tuple(rule.finds(scene))) for rule in RULES)
    rule, reasons = next((rule, reasons) for rule, reasons in found if reasons)
    gaps = {gap.says: gap for _, gap in _known(scene)}
    return Assessment(
        verdict=rule.verdict,
        rule=rule.says,
        reasons=reasons,
        gaps=tuple(gaps.values()),
        changes=tuple(scene.beside.changes),
    )
