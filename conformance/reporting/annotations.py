"""GitHub annotations for a pull request, at the lines of cases and ledger rows.

The worst come first. GitHub silently drops annotations after the tenth of a kind in a step, so at
most ten are printed.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from conformance.grouped import grouped
from conformance.model.report import RunReport
from conformance.model.verdict import Verdict
from conformance.reporting import phrases, run_phrases
from conformance.safe_text import visible

MAX_ANNOTATIONS: Final = 10
_WORST: Final = (Verdict.FAILED, Verdict.NONDETERMINISTIC, Verdict.ERRORED)
_PLACE: Final = re.compile(r"(.+?)(?::(\d+))?(?::(\d+))?\Z")


def annotation_lines(report: RunReport) -> Iterator[str]:
    """Yield at most ten workflow commands.

    They are about guarded files, the run as a whole, red rows of the ledger, and red cases.
    """
    places = {decision.id: str(decision.place) for decision in report.decisions}
    rows = [
        (places[row.decision_id], row.decision_id, f"{row.state.value}: {row.reason}")
        for row in report.red_rows
    ]
    by_verdict = grouped(report.cases, lambda line: line.verdict)
    red_cases = chain.from_iterable(by_verdict.get(verdict, ()) for verdict in _WORST)
    cases = [
        (line.place, phrases.case_name(line), f"{line.verdict.value}: {line.reason}")
        for line in red_cases
    ]
    guarded = [(failure.subject, "guard", str(failure)) for failure in report.broken_guards]
    unchecked = (*map(run_phrases.unchecked, report.strict_gaps), *report.strict_unguarded)
    of_the_run = [("", "not checked", sentence) for sentence in unchecked]
    if report.nothing_proved:
        of_the_run.append(("", "nothing proved", report.nothing_proved))
    for place, title, message in (*guarded, *of_the_run, *rows, *cases)[:MAX_ANNOTATIONS]:
        yield annotation(title, message, place)


def annotation(title: str, message: str, place: str = "") -> str:
    """Return the workflow command that annotates a place, or the whole run."""
    return f"::error {_where(place)}title={_property(title)}::{_data(message)}"


def _where(place: str) -> str:
    found = _PLACE.match(place)
    file, line, column = found.groups() if found else (place, None, None)
    given = {"file": file, "line": line, "col": column}
    return "".join(f"{name}={_property(value)}," for name, value in given.items() if value)


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
