"""`conformance tracker sync` and `check`."""

import json
from pathlib import Path
from typing import Any

import click

from conformance.cli import options
from conformance.cli.tracker import options as tracker_options
from conformance.cli.tracker.options import found_document, today
from conformance.errors import Place, Problem, TrackerError, UsageError
from conformance.project.runs import find_run
from conformance.reporting.phrases import plural
from conformance.safe_text import visible
from conformance.tracker.base_branch import rows_since
from conformance.tracker.check import CheckOutcome, check, check_synced, rows_text
from conformance.tracker.evidence import news_between
from conformance.tracker.living_document import sync, with_evidence, with_lower_budget

_SYNC_EPILOG = """\b
Examples:
  conformance tracker sync                        after an edit of the ledger or of the document
  conformance tracker sync --run latest           after a complete run
  conformance tracker sync --base origin/main     mark what is new in this branch
"""
_CHECK_EPILOG = """\b
Examples:
  conformance tracker check                       in every pull request
  conformance tracker check --run latest          after the run of the gate
  conformance tracker check --run latest --synced  what a sync cannot put right
  conformance tracker check --fresh               in a scheduled job
"""


@click.command("sync", epilog=_SYNC_EPILOG)
@click.option(
    "--run",
    "run_name",
    metavar="RUN",
    help="Fold this complete run in: its id, its folder, or `latest`.",
)
@click.option(
    "--base", metavar="REV", help="Mark the rows that are new since the branch left this revision."
)
@tracker_options.files
@options.runs
@options.as_json
def sync_command(
    *, run_name: str | None, base: str | None, runs: Path, as_json: bool, **files: Any
) -> int:
    """Bring the document up to date.

    Text that a person wrote is not changed; a manual edit of generated output is refused.
    """
    document = with_lower_budget(found_document(**files))
    before = document.evidence
    document = with_evidence(document, find_run(runs, run_name) if run_name else None, today())
    if base is not None:
        document = rows_since(document, base)
    written = sync(document)
    news = news_between(before, document.evidence)
    if as_json:
        click.echo(
            json.dumps(
                {"written": [str(file) for file in written], "news": news},
                indent=2,
                ensure_ascii=False,
            )
        )
        return 0
    for what in news:
        click.echo(f"news: {visible(what)}")
    for file in written:
        click.echo(f"wrote {file}")
    if not written:
        click.echo(f"{document.file} is up to date")
    return 0


@click.command("check", epilog=_CHECK_EPILOG)
@click.option(
    "--run", "run_name", metavar="RUN", help="Also compare this complete run with the document."
)
@click.option(
    "--synced", is_flag=True, help="Check a copy that the run is folded into; nothing is written."
)
@click.option(
    "--fresh", is_flag=True, help="Also fail on a figure that is older than its row allows."
)
@tracker_options.files
@options.runs
@options.as_json
def check_command(
    *, run_name: str | None, runs: Path, as_json: bool, synced: bool, fresh: bool, **files: Any
) -> int:
    """Exit 1 for any drift.

    Drift is outdated output, manual edits of it, ledger rows that are not true, and copies with
    content of their own.
    """
    decisions = ""
    run = find_run(runs, run_name) if run_name else None
    if synced and (run is None or fresh):
        raise UsageError(
            "--synced: wanted --run, and no --fresh", hint="the copy is synced with the run"
        )
    try:
        document = found_document(**files)
    except TrackerError as error:  # edited evidence is drift, too
        place = error.place or Place(str(files["document_file"]))
        outcome = CheckOutcome(
            problems=(Problem(place, f"{error.message}: {error.hint}"),), difference="", rows={}
        )
    else:
        of_copy = check_synced(document, run, today()) if synced and run is not None else None
        outcome = of_copy or check(document, run, today(), fresh=fresh)
        decisions = f"; {plural(len(document.ledger.decisions), 'decision')}"
    if as_json:
        click.echo(json.dumps(_check_json(outcome), indent=2, ensure_ascii=False))
        return int(bool(outcome.problems))
    for problem in outcome.problems:
        click.echo(visible(str(problem)))
    for line in outcome.difference.split("\n") if outcome.difference else ():
        click.echo(visible(line))
    for note in outcome.notes:
        click.echo(f"note: {visible(note)}")
    holds = "does not hold" if outcome.problems else "holds"
    click.echo(f"{files['document_file']} {holds}: {rows_text(outcome.rows)}{decisions}")
    return int(bool(outcome.problems))


def _check_json(outcome: CheckOutcome) -> dict[str, Any]:
    problems = [
        {**problem.place._asdict(), "message": problem.message} for problem in outcome.problems
    ]
    rows = {standing.value: count for standing, count in outcome.rows.items()}
    return {
        "problems": problems,
        "diff": outcome.difference,
        "rows": rows,
        "notes": list(outcome.notes),
    }
