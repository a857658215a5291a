"""The reasons why a phase is red, one line per cause: what to look at first, and where.

They are taken from the JSON that the command of the phase printed. A long list is cut, and its last
line says how many are left out.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any, Final

from conformance.gauntlet.facts import summary
from conformance.gauntlet.plan import PhaseKind
from conformance.gauntlet.verdict import PhaseEvidence, Reason
from conformance.wording import one_line, plural

SHOWN: Final = 5
"""How many reasons of a phase fit on one screen with the rest of the page."""
_RED_CASES: Final = frozenset({"failed", "errored", "nondeterministic"})
_RED_ROWS: Final = frozenset({"stale", "reopened", "regressed"})


def red_reasons(evidence: PhaseEvidence) -> Iterator[Reason]:
    """Yield the reasons why a phase is red."""
    found = list(_OF_KIND[evidence.kind](evidence.output)) or [summary(evidence)]
    yield from cut(evidence.phase, found)


def cut(phase: str, found: list[str]) -> Iterator[Reason]:
    """Yield the first reasons, each on one line, and then the number of the others."""
    for says in found[:SHOWN]:
        yield Reason(phase=phase, says=one_line(says))
    more = len(found) - SHOWN
    if more > 0:
        yield Reason(phase=phase, says=f"and {more} more")


def _of_run(output: Mapping[str, Any]) -> Iterator[str]:
    """Yield undecided causes, then cases that are red for another reason, then ledger rows."""
    for group in filter(itemgetter("undecided"), output.get("groups", [])):
        cases = plural(group["undecided"], "case")
        yield f"undecided in {cases}: {group['title']}; {group['says']}"
    for case in output.get("cases", []):
        if case["verdict"] in _RED_CASES and not case.get("causes"):
            yield f"{case['case_id']} {case['verdict']}: {case['reason']}"
    for row in output.get("ledger", []):
        if row["state"] in _RED_ROWS:
            yield f"{row['decision_id']} is {row['state']}: {row['reason']}"


def _of_review(output: Mapping[str, Any]) -> Iterator[str]:
    """Yield the places on which distinct lineages agree, and one of them blocks."""
    for point in filter(itemgetter("convergent"), output.get("points", [])):
        if point["severity"] == "BLOCK":
            claims = "; ".join(map(_claim, point["voices"]))
            yield f"{point['component']} {point['path']}:{point['line']}: {claims}"


def _claim(voice: Mapping[str, Any]) -> str:
    return f"{voice['reviewer']}: {voice['claim']['text']}"


def _of_load(output: Mapping[str, Any]) -> Iterator[str]:
    """Yield the classes with more failed scenarios than allowed."""
    for runtime in output.get("runtimes", []):
        # If a class has several causes, only the first is shown
        first_cause: dict[str, str] = {}
        for cause in runtime.get("causes", []):
            first_cause.setdefault(cause["scenario"], f": {cause['says']}")
        for each in filter(itemgetter("red"), runtime["classes"]):
            total = plural(each["scenarios"], "scenario")
            why = first_cause.get(each["name"], "")
            yield f"{runtime['name']} {each['name']}: {each['failed']} of {total} failed{why}"


def _of_tracker(output: Mapping[str, Any]) -> Iterator[str]:
    """Yield the problems of the living document, with their places."""
    for problem in output.get("problems", []):
        yield f"{problem['file']}:{problem['line']}: {problem['message']}"


_OF_KIND: Final[dict[PhaseKind, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    PhaseKind.RUN: _of_run,
    PhaseKind.REVIEW: _of_review,
    PhaseKind.LOAD: _of_load,
    PhaseKind.TRACKER: _of_tracker,
}
