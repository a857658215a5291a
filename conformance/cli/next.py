"""`conformance next`: gives one undecided cause of a saved run to a script or an agent."""

import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import click
import msgspec

from conformance.cli import options
from conformance.cli.asked_again import asked_for
from conformance.cli.verifying import verified
from conformance.errors import BadFileError, RunRecordError, UsageError
from conformance.judging import judge_record
from conformance.model.group import Group
from conformance.model.report import RunReport
from conformance.model.run import RunHeader
from conformance.project.runs import DEFAULT_RUNS, find_run
from conformance.project.runtimes import runtimes_path
from conformance.reporting.cause_keys import group_by_key
from conformance.reporting.json_report import printed_json
from conformance.reporting.next_cause import (
    NextCause,
    NextStep,
    UndecidedCases,
    next_step,
)
from conformance.reporting.verification import Verification
from conformance.safe_text import visible
from conformance.suites.runtimes_file import declared_sources
from conformance.wording import plural

_SHOWN_CASES: Final = 10
_EPILOG = """\b
Examples:
  conformance next --json             the cause that comes next, for a script
  conformance next --verify kq3f      ask the cases of this cause again: is it closed?
  conformance next --skip kq3f        leave this cause to a person, and give the next one
"""


@click.command("next", epilog=_EPILOG)
@click.option(
    "--verify",
    "key",
    metavar="KEY",
    help="Replay the cases of this cause, and say whether it is closed.",
)
@click.option(
    "--skip", "skipped", multiple=True, metavar="KEY", help="Leave this cause out. Repeatable."
)
@options.saved_run
@options.runs
@options.as_json
def command(
    *, key: str | None, skipped: tuple[str, ...], run_name: str, runs: Path, as_json: bool
) -> int:
    """Give one undecided cause of a saved run: its fix, cases and files, and how to verify it.

    The cause with the greatest harm comes first. If there is no cause for a script, the output says
    why it has to stop: nothing is left to do, or a person is needed.

    Exits 0 if nothing is left to do, 1 with a cause or if a person is needed, 5 if the run proves
    nothing. With --verify, exits 0 if the cause is closed, and 1 if it is not.
    """
    folder = find_run(runs, run_name)
    undecided = UndecidedCases()
    report = judge_record(folder, folds=(undecided,))
    if key is not None:
        found = verified(_group(key, report), report.header, undecided, runs)
        _print(found, _verification_lines(found), as_json=as_json)
        return 0 if found.closed else 1
    saved = f"--run {report.header.run_id}" + (
        "" if runs == DEFAULT_RUNS else f" --runs {shlex.quote(str(runs))}"
    )
    left_out = _keys(skipped, report)
    step = next_step(report, undecided, _sources(report.header), left_out, saved)
    _print(step, _step_lines(step), as_json=as_json)
    return report.exit_code


def _keys(skipped: Sequence[str], report: RunReport) -> set[str]:
    """Return the keys of the causes to skip; a key that is not in the run is closed already."""
    groups = (group_by_key(letters, report.groups) for letters in skipped)
    return {group.key for group in groups if group is not None}


def _group(key: str, report: RunReport) -> Group:
    found = group_by_key(key, report.groups)
    if found is None:
        raise UsageError(
            f"{visible(key)}: {report.header.run_id} has no cause with such a key",
            hint="`conformance next` names the key of the cause that comes next",
        )
    return found


def _sources(header: RunHeader) -> Mapping[str, Sequence[Path]]:
    """Return the declared sources of a run's runtimes by name; empty if they cannot be read."""
    try:
        request, _ = asked_for(header)
        file = runtimes_path(request)
        declared = declared_sources(file) if file is not None else {}
    except (RunRecordError, BadFileError):
        return {}
    return {
        name: [Path(os.path.normpath(path)) for path in paths]
        for name, (_, paths) in declared.items()
    }


def _print(value: NextStep | Verification, lines: Iterator[str], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(printed_json(msgspec.to_builtins(value)))
        return
    for line in lines:
        click.echo(visible(line))


def _step_lines(step: NextStep) -> Iterator[str]:
    if step.cause is None or step.stop_rule is None:
        yield f"stop: {step.state.value}"
        yield from (f"  {reason}" for reason in step.reasons)
        return
    yield from step.reasons
    yield f"{plural(step.undecided, 'undecided cause')}; the first is:"
    yield from _cause_lines(step.cause)
    yield f"  {step.stop_rule.says}"


def _cause_lines(cause: NextCause) -> Iterator[str]:
    yield f"[{cause.key}] {cause.title}"
    yield f"  {cause.says}"
    for fix in cause.fixes:
        yield f"  fix in {fix.runtime} ({fix.language}): {fix.where}"
    for runtime, paths in cause.sources.items():
        yield f"  source of {runtime}: {', '.join(paths)}"
    yield f"  for example {cause.example.case} at {cause.example.place}"
    for sent in cause.example.sent:
        yield f"    {sent.runtimes}: {sent.value}"
    for case in cause.cases[:_SHOWN_CASES]:
        yield f"  case {case.id} ({case.place})"
    if others := cause.cases[_SHOWN_CASES:]:
        yield f"  … and {plural(len(others), 'more case')}"
    yield f"  in full: {cause.explain}"
    yield f"  verify: {cause.verify}"


def _verification_lines(found: Verification) -> Iterator[str]:
    yield f"[{found.key}] is {'closed' if found.closed else 'still open'}"
    if found.decided_by:
        yield f"  decided by {', '.join(found.decided_by)}: the runtimes differ as before"
    yield from (f"  {reason}" for reason in found.reasons)
    yield from (f"  warning: {warning}" for warning in found.warnings)
