"""The report for a terminal: groups first, then what else is not passed, then how it adds up.

Lines are plain text with a style beside them; colour is put on only where the output is a terminal.
"""

from collections.abc import Iterator
from typing import Final, Literal, TextIO

from conformance.model.finding import Finding
from conformance.model.group import Group
from conformance.model.report import RunReport
from conformance.model.verdict import RowState, Verdict
from conformance.reporting import phrases
from conformance.safe_text import visible

Style = Literal["", "bold", "dim", "red", "green", "yellow", "bold red", "bold green", "bold yellow"]
Line = tuple[str, Style]

SCREEN_LINES: Final = 40
"""How many lines are filled before the cases of a run: causes that find no room are counted."""
SHOWN_CASES: Final = 20
SCREEN_CASES: Final = 5
SHOWN_PATHS: Final = 5
_VERDICT_STYLES: Final[dict[Verdict, Style]] = {
    Verdict.FAILED: "red",
    Verdict.ERRORED: "red",
    Verdict.NONDETERMINISTIC: "red",
    Verdict.KNOWN: "yellow",
    Verdict.SKIPPED: "dim",
}
_ROW_STYLES: Final[dict[RowState, Style]] = {RowState.MATCHED: "", RowState.NARROWED: "yellow"}


def report_lines(report: RunReport, causes: int | None = None) -> Iterator[Line]:
    """Yield the report line by line; with `causes`, the first so many only, and few cases."""
    yield from _head_lines(report)
    total, short = sum(report.counts.values()), phrases.short_keys(report.groups)
    for number, group in enumerate(report.groups[:causes], start=1):
        yield "", ""
        yield from _group_lines(f"{number}. [{short[group.key]}]", group, total, report)
    if causes is not None and (more := len(report.groups) - causes) > 0:
        yield "", ""
        yield f"… and {phrases.plural(more, 'more cause')} (--verbose shows all, --top N shows N)", "dim"
    yield from _case_lines(report, SHOWN_CASES if causes is None else SCREEN_CASES)
    yield from _ledger_lines(report)
    yield "", ""
    for warning in report.warnings:
        yield f"warning: {visible(warning)}", "yellow"
    yield phrases.counts(report), ""
    yield phrases.outcome(report), "bold red" if report.red else "bold green"


def fitting(report: RunReport) -> int:
    """Return how many causes fit a screen, after what leads them; one is always shown."""
    used = sum(1 for _ in _head_lines(report))
    for number, group in enumerate(report.groups):
        used += 1 + sum(1 for _ in _group_lines("", group, 0, report))
        if used > SCREEN_LINES and number:
            return number
    return len(report.groups)


def _head_lines(report: RunReport) -> Iterator[Line]:
    """Yield which run it is, the headline, and a line for each runtime that differs."""
    header = report.header
    yield f"run {header.run_id} · {header.started} · commit {header.commit or 'unknown'}", "dim"
    width = max((len(facts.name) for facts in header.runtimes), default=0)
    for facts in header.runtimes:
        yield f"  {facts.name:<{width}}  {visible(phrases.taking_part(facts))}", "dim" if facts.live else "yellow"
    yield "", ""
    yield phrases.headline(report.headline), "bold"
    yield from ((f"  {visible(line)}", "") for line in phrases.runtime_lines(report))


def _group_lines(number: str, group: Group, total: int, report: RunReport) -> Iterator[Line]:
    style: Style = "bold red" if group.undecided else "bold yellow"
    yield f"{number} {visible(group.title)} — {phrases.explains(group, total)}", style
    yield f"   {visible(phrases.sides(group))}", ""
    if group.explanation:
        yield f"   {group.explanation}", "dim"
    for remedy in group.remedies:
        yield f"   {phrases.fix(remedy, group)}", ""
    paths = [visible(place) for place in phrases.places(group)]
    more = f" and {len(paths) - SHOWN_PATHS} more" if len(paths) > SHOWN_PATHS else ""
    yield f"   at {', '.join(paths[:SHOWN_PATHS])}{more}", ""
    if group.also:
        yield f"   {visible(phrases.also(group))}", ""
    example = group.examples[0]
    yield (
        f"   for example {example.case_id}"
        + (f": {visible(example.finding.detail)}" if example.finding.detail else ""),
        "",
    )
    yield from sent_lines(example.finding, "     ")
    yield from _standing_lines(group, report)


def sent_lines(finding: Finding, indent: str) -> Iterator[Line]:
    """Yield what each runtime sent in one occurrence of a finding, those that sent the same on one line."""
    lines = phrases.sent_lines(finding)
    width = max((len(who) for who, _ in lines), default=0)
    yield from ((f"{indent}{who:<{width}}  {visible(value)}", "") for who, value in lines)


def _standing_lines(group: Group, report: RunReport) -> Iterator[Line]:
    by_id = {decision.id: decision for decision in report.decisions}
    for decision_id in group.decisions:
        decision = by_id[decision_id]
        standing = [decision.state.value, decision.kind.value]
        if decision.loc_estimate is not None:
            standing.append(f"about {phrases.plural(decision.loc_estimate, 'line')}")
        yield f"   {decision.id} covers it ({', '.join(standing)}): {visible(decision.title)}", "yellow"
    if group.by_itself:
        yield from (
            (f"   a rule would excuse it, if that is right: {visible(rule)}", "") for rule in group.rules[:SHOWN_PATHS]
        )
    elif group.undecided:
        signature = visible(str(group.signatures[0]))
        yield f"   {phrases.undecided(group, report)}; signature: {signature}", "red"


def _case_lines(report: RunReport, shown: int) -> Iterator[Line]:
    """Yield the cases that need a look: red ones, then skipped ones; known ones stand in their groups."""
    worth = [line for line in report.cases if line.verdict is not Verdict.KNOWN]
    if worth:
        yield "", ""
    for line in worth[:shown]:
        yield f"{line.verdict.value:<9} {phrases.case_name(line)}  ({line.place})", _VERDICT_STYLES[line.verdict]
        yield f"          {visible(line.reason)}", ""
    if len(worth) > shown or report.more_cases:
        yield f"… and {max(len(worth) - shown, 0) + report.more_cases} more; the report files hold them", "dim"


def _ledger_lines(report: RunReport) -> Iterator[Line]:
    shown = [row for row in report.rows if row.state is not RowState.HOLDS]
    if shown:
        yield "", ""
    for row in shown:
        style = "red" if row.red else _ROW_STYLES.get(row.state, "dim")
        yield f"{row.decision_id} {row.state.value}: {visible(row.reason)}", style


def print_lines(lines: Iterator[Line], out: TextIO) -> None:
    """Print lines, in colour where the output is a terminal that wants it."""
    if not out.isatty():
        for text, _ in lines:
            print(text, file=out)
        return
    from rich.console import Console  # noqa: PLC0415 - not loaded where nothing is coloured
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out, highlight=False, soft_wrap=True)
    for text, style in lines:
        console.print(Text(text, style=style))
