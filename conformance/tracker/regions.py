"""The generated regions of the document, rendered from the ledger and the evidence.

The same input gives the same text.

Each region begins and ends with fixed lines, so that at least four lines are between the changes of
two regions.  Git then merges the regions of two branches independently; it joins conflicts that are
closer.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.reporting import phrases
from conformance.reporting.markdown import markdown_template
from conformance.tracker.accepted_gauntlet import AcceptedGauntlet
from conformance.tracker.evidence import Answered, DocumentEvidence, RowEvidence
from conformance.tracker.trend_chart import runtimes_of

CHART: Final = "img/open_decisions.svg"
NOTICE: Final = "<!-- Written by `conformance tracker sync`: an edit here is refused. -->"
_LATEST: Final = 3
"""How many changes the status names: enough for an overview, and few enough to read."""


def rendered_regions(
    ledger: Ledger, evidence: DocumentEvidence, accepted: AcceptedGauntlet | None = None
) -> dict[str, str]:
    """Return the content of each region by its name."""
    bodies = {name: render(ledger, evidence) for name, render in _REGIONS.items()}
    bodies["status"] = _status(ledger, evidence, accepted)
    return {name: f"\n{NOTICE}\n\n{body.strip()}\n\n" for name, body in bodies.items()}


def _status(ledger: Ledger, evidence: DocumentEvidence, accepted: AcceptedGauntlet | None) -> str:
    open_rows = list(filter(attrgetter("open"), ledger.differences))
    estimates = list(filter(None, map(attrgetter("loc_estimate"), open_rows)))
    return _render(
        "status",
        refresh=evidence.refresh,
        counts=_by_state(ledger.differences),
        lines=sum(estimates),
        without_estimate=len(open_rows) - len(estimates),
        work=_by_state(ledger.work) if ledger.work else {},
        accepted=accepted,
        answered=answered_text(evidence.refresh.answered) if evidence.refresh else "",
        latest=_latest(evidence, accepted),
    )


def _by_state(rows: Iterable[Decision]) -> dict[str, int]:
    """Return the number of rows in each state, by the name of the state."""
    counts = Counter(map(attrgetter("state"), rows))
    return {state.value: counts[state] for state in DecisionState}


def _latest(evidence: DocumentEvidence, accepted: AcceptedGauntlet | None) -> list[str]:
    """Return the latest changes with their days: those since the accepted gauntlet, if any."""
    changes = accepted.changes_since(evidence) if accepted else evidence.changes
    news: list[str] = []
    for change in reversed(changes):
        news += [f"{change.date}: {what}" for what in change.what]
    return news[:_LATEST]


def answered_text(answered: Sequence[Answered]) -> str:
    """Return how many cases were answered, by the number of languages and of runtimes."""
    total = sum(map(attrgetter("cases"), answered))
    if not total:
        return ""
    by_languages = sorted(answered, key=lambda each: (-each.languages, -each.runtimes))
    parts = [
        _answered_in(languages, list(group))
        for languages, group in groupby(by_languages, key=lambda each: each.languages)
    ]
    return f"{phrases.plural(total, 'case')} answered: {'; '.join(parts)}"


def _answered_in(languages: int, answered: Sequence[Answered]) -> str:
    """Return how many cases were answered in a number of languages, and by how many runtimes."""
    count = sum(map(attrgetter("cases"), answered))
    spoken = "by runtimes of no declared language"
    if languages:
        spoken = f"in {phrases.plural(languages, 'language')}"
    by = ", ".join(
        f"{each.cases} by {phrases.plural(each.runtimes, 'runtime')}" for each in answered
    )
    return f"{count} {spoken} ({by})"


def _decisions(ledger: Ledger, evidence: DocumentEvidence) -> str:
    known = {row.id: (row, _known(row, evidence)) for row in ledger.decisions}
    by_state: dict[str, list[tuple[Decision, RowEvidence]]] = {
        state.value: [] for state in DecisionState
    }
    for row in ledger.differences:
        by_state[row.state.value].append(known[row.id])
    base = evidence.base
    # Without a commit to compare with, no row is new
    known_before = base.rows if base else known
    return _render(
        "decisions",
        base=base,
        new=[name for name in known if name not in known_before],
        as_of=as_of(evidence),
        work=[known[row.id] for row in ledger.work],
        **by_state,
    )


def _trend(_ledger: Ledger, evidence: DocumentEvidence) -> str:
    names = sorted({*runtimes_of(evidence.trend), *evidence.budget})
    return _render("trend", chart=CHART, names=names, trend=evidence.trend, budget=evidence.budget)


def _changes(_ledger: Ledger, evidence: DocumentEvidence) -> str:
    return _render("changes", changes=evidence.changes)


_REGIONS: Final[dict[str, Callable[[Ledger, DocumentEvidence], str]]] = {
    "decisions": _decisions,
    "trend": _trend,
    "changes": _changes,
}
REGION_NAMES: Final = ("status", *_REGIONS)


def as_of(evidence: DocumentEvidence) -> dt.date:
    """Return the document's day: that of the last run or of the last change, whichever is later."""
    days = list(map(attrgetter("date"), evidence.trend))
    days += list(map(attrgetter("date"), evidence.changes))
    if evidence.refresh:
        days.append(evidence.refresh.date)
    return max(days, default=dt.date.min)


def _known(row: Decision, evidence: DocumentEvidence) -> RowEvidence:
    """Return what is known of a row; for a row that no refresh has seen, from the ledger."""
    known = evidence.row(row.id)
    if known is not None:
        return known
    return RowEvidence(
        id=row.id,
        opened=row.opened,
        signature=row.about,
        state=row.state,
        since=row.opened,
    )


def _render(name: str, **values: object) -> str:
    return markdown_template("conformance.tracker", f"{name}.md.j2").render(**values)
