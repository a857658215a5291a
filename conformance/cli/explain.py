"""`conformance explain`: shows one case or cause of a run in full."""

import itertools
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click
from msgspec import Struct

from conformance.cli import options
from conformance.comparison.causes import causes_of
from conformance.errors import UsageError
from conformance.judging import judge_record, judged_cases
from conformance.ledger.drafts import Drafts
from conformance.model.case_glob import matches
from conformance.model.group import Group
from conformance.model.report import RunReport
from conformance.model.verdict import CaseResult, Judgement
from conformance.project.runs import find_run
from conformance.records.read import case_rows
from conformance.reporting.cause_keys import group_by_key
from conformance.reporting.cause_lines import CauseLines
from conformance.reporting.citation import citation
from conformance.reporting.decision_rows import rows_of
from conformance.reporting.explanation import addresses, explanation_lines
from conformance.reporting.json_report import printed_json
from conformance.reporting.terminal import View, print_lines
from conformance.safe_text import visible
from conformance.suites.field_check import suggestion
from conformance.wording import plural

# About what a terminal shows at once
SHOWN_CASES: Final = 20

_EPILOG = """\b
Examples:
  conformance explain kq3f                        the cause with this key, in one case
  conformance explain kq3f --all                  the same, in all cases that show it
  conformance explain kq3f --cite                 the cause, for the tracker of another project
  conformance explain 'validatord/validate/sms-*'  cases by their ids
"""


class _Explained(Struct, frozen=True, kw_only=True):
    """The meaning of a target: a cause, by its index in the report, or a glob over case ids.

    For a cause, `glob` is the id of the case that shows it.
    """

    cause: int | None
    glob: str
    key: str | None = None

    def is_shown(self, result: CaseResult, *, everything: bool) -> bool:
        """Return whether a case is shown: it matches the glob, or has the cause if `everything`."""
        if self.key is None or not everything:
            return matches(result.case_id, self.glob)
        findings = result.comparison.findings
        causes = (
            cause
            for finding in findings
            for cause in causes_of(finding, result.requests[finding.step])
        )
        return any(cause.key == self.key for cause in causes)


@click.command("explain", epilog=_EPILOG)
@click.argument("target")
@options.saved_run
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Show all cases, rows and signatures of the cause, and every difference.",
)
@options.runs
@click.option("--json", "form", flag_value="json", help="Print JSON, for scripts.")
@click.option(
    "--cite",
    "form",
    flag_value="cite",
    help="Print the cause as Markdown for the tracker of another project.",
)
def command(*, target: str, run_name: str, everything: bool, runs: Path, form: str | None) -> int:
    """Show a cause or cases of a saved run: exchanges, differences and curl commands.

    For an undecided cause, the command that decides it is shown, too.

    TARGET is a case id, a glob over case ids, or the first letters of the key of a cause. A cause
    is shown in one case, with one row and one difference; of similar differences in a case, one is
    shown.
    """
    folder = find_run(runs, run_name)
    drafts = Drafts()
    report = judge_record(folder, folds=(drafts,))
    wanted = _meaning(target, report)
    chosen = (
        pair for pair in judged_cases(folder) if wanted.is_shown(pair[0], everything=everything)
    )
    if form == "cite":
        return _cite(wanted, report, folder)
    if form == "json":
        ids = {case.case_id for case, _ in chosen}
        sys.stdout.buffer.write(
            printed_json([row for row in case_rows(folder) if row["case"] in ids])
        )
        printed = len(ids)
    else:
        printed = _print(wanted, report, drafts, chosen, everything=everything)
    if not printed:
        known = [line.case_id for line in report.cases]
        raise UsageError(
            f"{target}: {report.header.run_id} has no such case, and no cause with such a key"
            f"{suggestion(target, known)}",
            hint="`conformance report` shows the causes with their keys",
        )
    return 0


def _cite(wanted: _Explained, report: RunReport, folder: Path) -> int:
    """Print a cause for another tracker; raises UsageError if the target is not a cause."""
    if wanted.cause is None:
        raise UsageError(
            f"{visible(wanted.glob)}: --cite is about one cause",
            hint="give the first letters of its key; `conformance report` lists the causes",
        )
    group = report.groups[wanted.cause]
    case_id = group.examples[0].case_id
    (result,) = (case for case, _ in judged_cases(folder) if case.case_id == case_id)
    click.echo("\n".join(citation(group, result, report.header)))
    return 0


def _print(
    wanted: _Explained,
    report: RunReport,
    drafts: Drafts,
    chosen: Iterable[tuple[CaseResult, Judgement]],
    *,
    everything: bool,
) -> int:
    """Print the cause, if the target is one, and the chosen cases; return the number of cases."""
    if wanted.cause is not None:
        rows = _rows(report.groups[wanted.cause], report, drafts)
        in_view = CauseLines(report, View(everything=True))
        lines = in_view.explained(wanted.cause, rows, everything=everything)
        print_lines(itertools.chain(lines, [("", "")]), sys.stdout)
    count = 0
    for count, (case, verdict) in enumerate(chosen, start=1):
        if count > SHOWN_CASES and not everything:
            continue
        lines = explanation_lines(
            case, verdict, addresses(report.header), key=wanted.key, everything=everything
        )
        print_lines(itertools.chain(lines, [("", "")]), sys.stdout)
    cases = count if wanted.cause is None else report.groups[wanted.cause].cases
    limit = SHOWN_CASES if wanted.cause is None else 1
    if not everything and cases > limit:
        click.echo(f"… and {plural(cases - limit, 'more case')} (--all shows them)")
    return count


def _rows(group: Group, report: RunReport, drafts: Drafts) -> list[list[str]]:
    """Return the rows that `decide` would add for a cause; empty if it would change rows."""
    undecided = drafts.of_causes().get(group.key, ())
    return rows_of(group, report, undecided) if not group.reopens else []


def _meaning(target: str, report: RunReport) -> _Explained:
    """Return the meaning of a target; raises UsageError if its letters fit several causes."""
    group = group_by_key(target, report.groups)
    if group is None:
        return _Explained(cause=None, glob=target)
    return _Explained(
        cause=report.groups.index(group),
        glob=group.examples[0].case_id,
        key=None if group.by_itself else group.key,
    )
