"""`conformance explain`: one case or cause of a run in full."""

import itertools
import sys
from functools import partial
from pathlib import Path
from typing import Final

import click

from conformance.cli import options
from conformance.errors import UsageError
from conformance.ledger.proposal import Proposals, rows_of
from conformance.model.case_glob import matches
from conformance.model.report import RunReport
from conformance.pipeline import judge_record, judged_cases
from conformance.project.runs import find_run
from conformance.records.read import case_rows, read_start
from conformance.reporting.console import print_lines
from conformance.reporting.explanation import base_urls, explanation_lines
from conformance.reporting.json_report import printed_json
from conformance.safe_text import visible
from conformance.suites.fields import suggestion

SHOWN_CASES: Final = 20

_EPILOG = """\b
Examples:
  conformance explain 1                                   the first cause of the latest run
  conformance explain kq3f                                the cause with this key
  conformance explain 'validatord/validate/sms-*'
"""


@click.command("explain", epilog=_EPILOG)
@click.argument("target")
@options.saved_run
@options.runs
@options.as_json
def command(*, target: str, run_name: str, runs: Path, as_json: bool) -> int:
    """Show cases of a saved run in full: exchanges, findings, curl commands, and a ledger row to complete.

    TARGET is a case id, a glob over case ids, the number of a cause as the report counts them, or the first letters of
    its key, which is the same in every run.
    """
    folder = find_run(runs, run_name)
    start = read_start(folder)
    proposals = Proposals(start.header.unselected)
    report = judge_record(folder, folds=(proposals,))
    patterns = _patterns(target, report)
    if as_json:
        rows = [row for row in case_rows(folder) if _any_match(row["case"], patterns)]
        sys.stdout.buffer.write(printed_json(rows))
        shown = len(rows)
    else:
        proposed = proposals.rows(start.ledger, start.header.day, finished=report.footer is not None)
        chosen = ((case, verdict) for case, verdict in judged_cases(folder) if _any_match(case.case_id, patterns))
        shown = 0
        for case, verdict in itertools.islice(chosen, SHOWN_CASES):
            rows_for = partial(rows_of, result=case, judgement=verdict, proposed=proposed)
            lines = explanation_lines(case, verdict, base_urls(start.header), rows_for)
            print_lines(itertools.chain(lines, [("", "")]), sys.stdout)
            shown += 1
    if not shown:
        known = [line.case_id for line in report.cases]
        raise UsageError(f"{target}: no such case in {report.header.run_id}{suggestion(target, known)}")
    return 0


def _patterns(target: str, report: RunReport) -> tuple[str, ...]:
    """Return the case globs that a target means."""
    if target.isdecimal() and 1 <= int(target) <= len(report.groups):
        chosen = report.groups[int(target) - 1]
    elif named := [group for group in report.groups if group.key.startswith(target)]:
        chosen = named[0]
        if len(named) > 1:
            titles = " and ".join(f"{visible(group.title)} [{group.key}]" for group in named[:2])
            raise UsageError(f"{target}: {len(named)} causes have such a key: {titles}", hint="give more letters")
    elif target.isdecimal():
        raise UsageError(f"{target}: the run has {len(report.groups)} causes", hint="or name a case id")
    else:
        return (target,)
    return tuple(example.case_id for example in chosen.examples)


def _any_match(case_id: str, patterns: tuple[str, ...]) -> bool:
    return any(matches(case_id, pattern) for pattern in patterns)
