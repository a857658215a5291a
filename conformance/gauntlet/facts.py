"""What the evidence of a phase shows, in words and numbers: read from the JSON that its verb printed."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from conformance.gauntlet.plan import PhaseKind
from conformance.gauntlet.verdict import Evidence
from conformance.wording import plural

GAPS: Final = frozenset({"open", "accepted"})


def summary(evidence: Evidence) -> str:
    """Say in one line what came of a phase."""
    if evidence.problem is not None:
        return f"could not run: {evidence.problem}"
    output = evidence.output
    if evidence.kind is PhaseKind.RUN:
        return f"{passed(evidence)} · {output.get('headline', {}).get('text', '')} · {output.get('outcome', '')}"
    if evidence.kind is PhaseKind.TRACKER:
        return f"wrote {plural(len(output.get('written', [])), 'file')}, {len(output.get('news', []))} news"
    return str(output.get("outcome", ""))


def passed(evidence: Evidence) -> str:
    """Return how many suites of a run are green of how many, `21/21 suites`, and how many cases."""
    suites = {"green": 0, "red": 0, **evidence.output.get("suites", {})}
    counts = evidence.output.get("counts", {})
    skipped = counts.get("skipped", 0)
    total = sum(counts.values()) - skipped
    green = counts.get("passed", 0) + counts.get("known", 0)
    asked = suites["green"] + suites["red"]
    share = f"{suites['green']}/{plural(asked, 'suite')}, {green}/{plural(total, 'case')}"
    return share + (f", {skipped} skipped" if skipped else "")


def tallies(evidence: Evidence) -> Iterator[str]:
    """Yield, by component, how many findings of a review converge."""
    for each in evidence.output.get("components", []):
        yield f"{each['name']} → {each['convergent']} convergent / {each['distinct']} distinct"


def groups(evidence: Evidence) -> Iterator[str]:
    """Yield the causes of a run's differences as its report names them, with who stands where and what is decided."""
    for group in evidence.output.get("groups", []):
        undecided = f"{plural(group['undecided'], 'case')} undecided" if group["undecided"] else ""
        decided = f"decided in {', '.join(group['decisions'])}" if group.get("decisions") else ""
        standing = ", ".join(filter(None, (undecided, decided)))
        yield f"{group['title']}: {plural(group['cases'], 'case')}; {group['says']}; {standing}"


def known_gaps(evidence: Evidence) -> dict[str, str]:
    """Return the ledger rows that the run met and that are not done, by id."""
    met = {row["decision_id"] for row in evidence.output.get("ledger", []) if row["state"] in {"matched", "narrowed"}}
    return {
        row["id"]: f"{row['id']} ({row['state']}, {row['kind']}): {row['title']}"
        for row in evidence.output.get("decisions", [])
        if row["id"] in met and row["state"] in GAPS
    }


def recorded(evidence: Evidence) -> Iterator[str]:
    """Yield the runtimes that answered from a recording."""
    for facts in _runtimes(evidence.output):
        if not facts.get("live", True):
            yield f"{facts['name']} answered from a recording ({facts.get('provenance') or 'of unknown origin'})"


def _runtimes(output: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = output.get("run", {}).get("runtimes", [])
    return found


def load_figures(evidence: Evidence) -> dict[str, str]:
    """Return the figures of a load run by name: its rate, the 99th percentile of each class, memory at its highest."""
    output = evidence.output
    figures = {"scenarios/s": f"{output['scenarios_per_s']:.0f}"} if "scenarios_per_s" in output else {}
    for each in output.get("classes", []):
        figures[f"{each['name']} failed"] = f"{each['failed']} of {each['scenarios']}"
        figures[f"{each['name']} p99"] = f"{each['p99_ms']:.1f} ms"
    for each in output.get("processes", []):
        figures[f"{each['name']} memory"] = f"{each['max_rss_mib']:.0f} MiB"
    return figures
