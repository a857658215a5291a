"""The report for a terminal: runtimes, causes, cases without a cause, ledger and totals.

Lines are pairs of plain text and a style; colour is added only if the output is a terminal.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from conformance.grouped import grouped
from conformance.model.report import CaseLine, RunReport
from conformance.model.verdict import RowState, RowVerdict, Verdict
from conformance.reporting import phrases, run_phrases
from conformance.reporting.cause_lines import CauseLines
from conformance.reporting.terminal import Line, Style, View, more_lines, styled
from conformance.safe_text import visible
from conformance.wording import plural, some

_ALL_BY_VERBOSE: Final = " (--verbose shows all)"
SCREEN_ITEMS: Final = 5
"""How many cases, ledger rows and warnings are shown unless everything is."""
_VERDICT_STYLES: Final[dict[Verdict, Style]] = {
    Verdict.FAILED: "red",
    Verdict.ERRORED: "red",
    Verdict.NONDETERMINISTIC: "red",
    Verdict.KNOWN: "yellow",
    Verdict.SKIPPED: "dim",
}
_ROW_STYLES: Final[dict[RowState, Style]] = {RowState.MATCHED: "", RowState.NARROWED: "yellow"}


def report_lines(report: RunReport, view: View) -> Iterator[Line]:
    """Yield the report line by line."""
    head = list(_head_lines(report, view))
    yield from head
    yield from CauseLines(report, view).lines(len(head))
    yield from _case_lines(report, view)
    yield from _ledger_lines(report, view)
    yield from _gap_lines(report, view)
    yield "", ""
    yield from styled(map(visible, run_phrases.guard_sentences(report)), "red")
    warnings = view.first(report.warnings, SCREEN_ITEMS)
    yield from styled((f"warning: {visible(warning)}" for warning in warnings), "yellow")
    left_out = len(report.warnings) - len(warnings)
    yield from more_lines(left_out, "warning", _ALL_BY_VERBOSE, "yellow")
    yield run_phrases.counts(report), ""
    yield run_phrases.outcome(report), "bold red" if report.exit_code else "bold green"


def _head_lines(report: RunReport, view: View) -> Iterator[Line]:
    """Yield the id of the run, its runtimes, the headline, and a line on each runtime."""
    header = report.header
    yield f"run {header.run_id} · {header.started} · commit {header.commit or 'unknown'}", "dim"
    width = max(map(len, header.runtime_names), default=0)
    for facts in header.runtimes:
        text = view.fit(f"  {facts.name:<{width}}  {visible(run_phrases.taking_part(facts))}")
        yield text, "dim" if facts.live else "yellow"
    yield "", ""
    yield run_phrases.headline(report.headline), "bold"
    yield from styled(view.fit(f"  {visible(line)}") for line in phrases.runtime_lines(report))


def _case_lines(report: RunReport, view: View) -> Iterator[Line]:
    """Yield the cases that need a look: red ones, then skipped ones.

    Known cases are shown with their causes. If not everything is shown, cases that are red only for
    causes are counted in one line.
    """
    cases = report.cases_to_look_at
    counted = grouped(cases, lambda line: bool(line.causes) and not view.everything)
    by_causes, others = counted.get(True, []), counted.get(False, [])
    listed = view.first(others, SCREEN_ITEMS)
    if cases:
        yield "", ""
    for line in listed:
        yield (
            f"{line.verdict.value:<9} {phrases.case_name(line)}  ({line.place})",
            _VERDICT_STYLES[line.verdict],
        )
        yield f"          {view.fit(visible(line.reason), 2)}", ""
    if by_causes:
        yield _counted_line(by_causes), "red"
    more = len(others) - len(listed) + report.more_cases
    yield from more_lines(more, "case", "; the report files hold them")


def _gap_lines(report: RunReport, view: View) -> Iterator[Line]:
    """Yield what the run did not check."""
    gaps = list(run_phrases.not_checked(report))
    listed = view.first(gaps, SCREEN_ITEMS)
    if gaps:
        yield "", ""
        yield "not checked:", "yellow"
    yield from styled((view.fit(f"  {visible(line)}", 2) for line in listed), "yellow")
    more = len(gaps) - len(listed)
    yield from more_lines(more, "thing", _ALL_BY_VERBOSE, "yellow", start="  … ")


def _counted_line(cases: Sequence[CaseLine]) -> str:
    """Return how many cases are red only for causes, and the first of them."""
    ids = [case.case_id for case in cases]
    return f"{plural(len(cases), 'case')} failed because of these causes: {some(ids)}"


def _kinds(rows: Iterable[RowVerdict]) -> str:
    """Return how many rows there are in each state: `2 matched, 1 done`."""
    count_of = Counter(row.state for row in rows)
    states = filter(count_of.__contains__, RowState)
    return ", ".join(f"{count_of[state]} {state.value}" for state in states)


def _ledger_lines(report: RunReport, view: View) -> Iterator[Line]:
    """Yield the ledger rows with a result in this run, red ones first."""
    rows = [row for row in report.rows if row.state is not RowState.HOLDS]
    rows.sort(key=lambda row: (not row.red, row.state is not RowState.NARROWED))
    listed = view.first(rows, SCREEN_ITEMS)
    if rows:
        yield "", ""
    for row in listed:
        style = "red" if row.red else _ROW_STYLES.get(row.state, "dim")
        yield view.fit(f"{row.decision_id} {row.state.value}: {visible(row.reason)}", 2), style
    left_out = rows[len(listed) :]
    yield from more_lines(len(left_out), "row", f" of the ledger: {_kinds(left_out)}")
    if sentence := run_phrases.for_any_value(report):
        yield view.fit(sentence, 2), "dim"
