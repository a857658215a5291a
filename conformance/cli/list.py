"""`conformance list`: lists the cases of a selection."""

import json
from typing import Any

import click

from conformance.cli import options
from conformance.cli.strict_list import check_files
from conformance.model.case import Case
from conformance.project.cases import load_cases
from conformance.project.request import RunRequest
from conformance.wording import plural

_EPILOG = """\b
Examples:
  conformance list cases --tag smoke
  conformance list --strict           every file can be read, and every row is about a case
"""


@click.command("list", epilog=_EPILOG)
@options.paths
@options.case
@options.tag
@options.last_failed
@options.shard
@options.runs
@click.option(
    "--strict",
    is_flag=True,
    help="Also check the runtimes file, the ledger and every other file of the harness.",
)
@options.as_json
def command(*, strict: bool, as_json: bool, **selecting: Any) -> int:
    """List cases: id, how much is compared, tags, place.

    PATHS are suite files or folders of them [cases]. Nothing is started and no request is sent.
    """
    request = RunRequest(**selecting)
    cases = load_cases(request)
    if strict:
        check_files(request, cases)
    if as_json:
        click.echo(json.dumps([_row(case) for case in cases.selected], indent=2))
        return 0
    width = max((len(case.id) for case in cases.selected), default=0)
    for case in cases.selected:
        tags = " ".join(f"#{tag}" for tag in sorted(case.tags))
        click.echo(
            f"{case.id:<{width}}  {case.compare.value:<6}  {case.place}"
            + (f"  {tags}" if tags else "")
        )
    click.echo(
        f"{len(cases.selected)} of {plural(len(cases.selected) + len(cases.unselected), 'case')}"
    )
    return 0


def _row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "compare": case.compare.value,
        "against": case.against,
        "tags": sorted(case.tags),
        "requires": sorted(case.requires),
        "steps": [f"{step.request.method} {step.request.target}" for step in case.steps],
        "place": str(case.place),
    }
