"""The facts in the evidence of a phase, as words and numbers.

They are read from the JSON that the command of the phase printed.
"""

import datetime as dt
import statistics
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any, Final

from conformance.gauntlet.baseline import (
    CauseFigures,
    Engagement,
    LoadFigures,
    MemoryFigures,
    RuntimeIn,
)
from conformance.gauntlet.plan import PhaseKind
from conformance.gauntlet.verdict import KnownGap, PhaseEvidence, Round
from conformance.wording import one_line, plural, some

_GAP_STATES: Final = frozenset({"open", "accepted"})
_MET: Final = frozenset({"matched", "narrowed"})
_NAME: Final = itemgetter("name")
# The least number of runtimes for a comparison, and of values for quartiles
_TWO: Final = 2
_ATTACHED: Final = "attached at "
_NO_ROUND: Final = Round(per_s=0.0, per_cpu_s=0.0)


def summary(evidence: PhaseEvidence) -> str:
    """Return the result of a phase in one line."""
    if evidence.problem is not None:
        return f"could not run: {evidence.problem}"
    output = evidence.output
    if evidence.kind is PhaseKind.RUN:
        return " · ".join((passed(evidence), *_compared(output), *_without_values(output)))
    if evidence.kind is PhaseKind.TRACKER:
        problems = output.get("problems")
        if not problems:
            return "the ledger and the document hold for this run"
        return plural(len(problems), "problem")
    return str(output.get("outcome", ""))


def _compared(output: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the headline on how much agrees, and the outcome.

    If only one runtime took part, return a sentence on that instead.
    """
    names = list(map(_NAME, _runtimes(output)))
    if len(names) == 1:
        return (f"{names[0]} alone: checked against its expectations, compared with no other",)
    return str(output.get("headline", {}).get("text", "")), str(output.get("outcome", ""))


def _without_values(output: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence on cases whose values were not compared, if there are any."""
    headline = output.get("headline", {})
    number = headline.get("compared", 0) - headline.get("values_compared", 0)
    if number > 0:
        yield f"values were not compared in {plural(number, 'case')}"


def passed(evidence: PhaseEvidence) -> str:
    """Return the numbers of green suites and cases, as `21/21 suites, 5/6 cases`."""
    suites = {"green": 0, "red": 0, **evidence.output.get("suites", {})}
    counts = evidence.output.get("counts", {})
    skipped = counts.get("skipped", 0)
    total = sum(counts.values()) - skipped
    green = counts.get("passed", 0) + counts.get("known", 0)
    asked = suites["green"] + suites["red"]
    share = f"{suites['green']}/{plural(asked, 'suite')}, {green}/{plural(total, 'case')}"
    return share + (f", {skipped} skipped" if skipped else "")


def groups(evidence: PhaseEvidence) -> Iterator[str]:
    """Yield the causes of a run's differences in words, as in its report.

    Each line has the title, the sides with their runtimes, and the decisions.
    """
    for group in evidence.output.get("groups", []):
        undecided = f"{plural(group['undecided'], 'case')} undecided" if group["undecided"] else ""
        decided = f"decided in {', '.join(group['decisions'])}" if group.get("decisions") else ""
        standing = ", ".join(filter(None, (undecided, decided)))
        yield f"{group['title']}: {plural(group['cases'], 'case')}; {group['says']}; {standing}"


def no_groups(evidence: PhaseEvidence) -> str:
    """Return a sentence about a run without differences.

    With only one runtime, it says that nothing was compared.
    """
    names = list(map(_NAME, _runtimes(evidence.output)))
    if len(names) < _TWO:
        return (
            f"{some(names) or 'Nobody'} alone was asked: nothing is known of differences "
            "between runtimes."
        )
    return f"No difference between {', '.join(names)}."


def causes(evidence: PhaseEvidence) -> Iterator[CauseFigures]:
    """Yield the causes of a run's differences."""
    for group in evidence.output.get("groups", []):
        yield CauseFigures(
            phase=evidence.phase, key=group["key"], title=group["title"], cases=group["cases"]
        )


def known_gaps(evidence: PhaseEvidence, today: dt.date) -> Iterator[KnownGap]:
    """Yield the open and accepted ledger rows whose difference the run still shows."""
    met = {row["decision_id"] for row in evidence.output.get("ledger", []) if row["state"] in _MET}
    for row in evidence.output.get("decisions", []):
        if row["id"] in met and row["state"] in _GAP_STATES:
            yield KnownGap(
                says=one_line(f"{row['id']} ({row['state']}, {row['kind']}): {row['title']}"),
                row=row["id"],
                loc_estimate=row.get("loc_estimate"),
                owner=row.get("owner", ""),
                age_days=_age_days(row.get("opened"), today),
                fix=_fix(row),
            )


def _age_days(opened: str | None, today: dt.date) -> int | None:
    """Return the age of a row in days; None if it has no date, 0 if the date is in the future."""
    if not opened:
        return None
    age = today - dt.date.fromisoformat(opened)
    return max(age.days, 0)


def _fix(row: Mapping[str, Any]) -> str:
    """Return which runtimes must change: `go, which shows flat`; empty if that is not decided."""
    sides = {side["name"]: side["runtimes"] for side in row.get("sides", [])}
    names = sides.get(row.get("fix"), ())
    return f"{', '.join(names)}, which shows {row['fix']}" if names else ""


def recorded(evidence: PhaseEvidence) -> Iterator[str]:
    """Yield a sentence for each runtime that answered from a recording."""
    for facts in _runtimes(evidence.output):
        if not facts.get("live", True):
            origin = facts.get("provenance") or "of unknown origin"
            yield f"{facts['name']} answered from a recording ({origin})"


def not_started_here(evidence: PhaseEvidence) -> Iterator[str]:
    """Yield a sentence for each runtime that the harness did not start.

    Such a runtime is reached by a URL of the runtimes file or of the command line.
    """
    loaded = evidence.output.get("runtimes", []) if evidence.kind is PhaseKind.LOAD else []
    for facts in (*_runtimes(evidence.output), *loaded):
        if str(facts.get("reached", "")).startswith(_ATTACHED):
            yield f"{facts['name']} was not started here: nothing shows that it is of this commit"


def runtimes_in(evidence: PhaseEvidence) -> Iterator[RuntimeIn]:
    """Yield the runtimes that took part in a run."""
    for facts in _runtimes(evidence.output):
        yield RuntimeIn(phase=evidence.phase, runtime=facts["name"], live=facts.get("live", True))


def _runtimes(output: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = output.get("run", {}).get("runtimes", [])
    return found


def load_figures(evidence: PhaseEvidence) -> Iterator[LoadFigures]:
    """Yield the speed of each runtime of a load."""
    calibration = evidence.calibration
    rounds = (*calibration.before, *calibration.after) if calibration is not None else (_NO_ROUND,)
    rates = [each.per_s for each in rounds]
    work_per_s = statistics.median(rates)
    work_per_cpu_s = statistics.median(each.per_cpu_s for each in rounds)
    drift = 100 * (max(rates) - min(rates)) / work_per_s if work_per_s else 0.0
    for runtime in evidence.output.get("runtimes", []):
        cpu_s = sum(process["cpu_s"] for process in runtime.get("processes", []))
        scenarios_of_seconds = [each["scenarios"] for each in runtime.get("seconds", [])]
        yield LoadFigures(
            phase=evidence.phase,
            runtime=runtime["name"],
            pace=_pace(evidence.output),
            scenarios_per_s=runtime["scenarios_per_s"],
            spread_percent=_spread_percent(scenarios_of_seconds),
            cpu_ms=round(1_000 * cpu_s / max(runtime["scenarios"], 1), 3),
            work_per_s=round(work_per_s, 1),
            work_per_cpu_s=round(work_per_cpu_s, 1),
            noise_percent=round(max(drift, runtime.get("others_percent", 0.0)), 1),
            cpu_s=round(cpu_s, 2),
        )


def _pace(output: Mapping[str, Any]) -> str:
    """Return a text that is equal for loads that can be compared."""
    run = output.get("run", {})
    pace = run.get("pace", {})
    data = f", {plural(run['corpus'], 'row')} of data" if run.get("corpus") else ""
    return (
        f"{run.get('file', '')} with {plural(pace.get('users', 0), 'user')} for "
        f"{pace.get('duration_s', 0):g} s{data}"
    )


def _spread_percent(counts: list[int]) -> float:
    """Return half the interquartile range, in percent of the median; 0 for too few values."""
    if len(counts) < _TWO:
        return 0.0
    lower, median, upper = statistics.quantiles(counts, n=4)
    return round(100 * (upper - lower) / 2 / median, 1) if median else 0.0


def memory_figures(evidence: PhaseEvidence) -> Iterator[MemoryFigures]:
    """Yield the highest memory of each process name of each runtime."""
    for runtime in evidence.output.get("runtimes", []):
        for process in runtime.get("processes", []):
            yield MemoryFigures(
                phase=evidence.phase,
                runtime=runtime["name"],
                process=process["name"],
                max_rss_mib=process["max_rss_mib"],
            )


def tallies(evidence: PhaseEvidence) -> Iterator[str]:
    """Yield a line for each component: the number of convergent points and of all points."""
    for each in evidence.output.get("components", []):
        yield f"{each['name']} → {each['convergent']} convergent / {each['distinct']} distinct"


def agreed_places(evidence: PhaseEvidence) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each place on which distinct lineages agree, and their claims there."""
    for point in filter(itemgetter("convergent"), evidence.output.get("points", [])):
        place = f"{point['severity']} {point['path']}:{point['line']}"
        yield place, tuple(map(_claim, point["voices"]))


def _claim(voice: Mapping[str, Any]) -> str:
    claim = voice["claim"]
    who = f"{voice['reviewer']} ({voice['lineage']})"
    return f"{who}, {claim['severity']} at line {claim['line']}: {one_line(claim['text'])}"


def failed_reviewers(evidence: PhaseEvidence) -> Iterator[str]:
    """Yield a sentence for each reviewer without a usable answer to some bundle."""
    for reviewer in filter(itemgetter("failures"), evidence.output.get("reviewers", [])):
        first, *more = reviewer["failures"]
        others = f", and {len(more)} more" if more else ""
        why = one_line(first["why"])
        yield f"reviewer {reviewer['name']} failed at {first['bundle']}{others}: {why}"


def one_voice(evidence: PhaseEvidence) -> Iterator[str]:
    """Yield a sentence if only one lineage reviewed: such a review cannot block."""
    lineages = sorted({each.lineage for each in engagement(evidence)})
    if len(lineages) == 1:
        yield f"{lineages[0]} alone reviewed: no place can be agreed on by distinct lineages"


def engagement(evidence: PhaseEvidence) -> Iterator[Engagement]:
    """Yield the figures of each reviewer."""
    for reviewer in evidence.output.get("reviewers", []):
        yield Engagement(
            phase=evidence.phase,
            reviewer=reviewer["name"],
            lineage=reviewer["lineage"],
            shown_bytes=reviewer["shown_bytes"],
            answered_characters=reviewer["reply_characters"],
            claims=reviewer["claims"],
        )
