"""`conformance gauntlet`: the whole chain that a change has to pass, and a verdict on it."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from conformance import __version__
from conformance.cli import options
from conformance.errors import UsageError
from conformance.gauntlet.conduct import Course, Told, conduct
from conformance.gauntlet.facts import summary
from conformance.gauntlet.file import read_gauntlet
from conformance.gauntlet.phases import Ground
from conformance.gauntlet.plan import Gauntlet
from conformance.gauntlet.report import Facts
from conformance.gauntlet.verdict import GauntletVerdict
from conformance.model.runtime import AttachedRuntime
from conformance.project.files import GAUNTLET_NAME, find_above
from conformance.project.git import head_commit
from conformance.project.runs import LATEST
from conformance.project.stamp import command_line, machine, new_id
from conformance.safe_text import visible
from conformance.suites.fields import suggestion
from conformance.suites.runtimes_file import runtime_from_option

DEFAULT_GAUNTLETS: Final = Path("reports/gauntlet")
_EPILOG = """\b
Examples:
  conformance gauntlet                                       all phases of cases/gauntlet.yaml
  conformance gauntlet --runtime python=http://127.0.0.1:5110    a stack that runs already
  conformance gauntlet --resume latest                       what could not run, or has not yet
  conformance gauntlet --resume latest --only review         one phase of it
"""


@click.command("gauntlet", epilog=_EPILOG)
@click.option("--file", type=click.Path(path_type=Path), help="The gauntlet file. [nearest cases/gauntlet.yaml]")
@click.option("--only", multiple=True, metavar="PHASE", help="Run only this phase. Repeatable.")
@click.option("--resume", metavar="ID", help="Go on with this gauntlet, or with `latest`; evidence that holds is kept.")
@click.option("--runtime", "attached", multiple=True, metavar="NAME=URL", help="NAME runs already, at URL. Repeatable.")
@click.option(
    "--gauntlets",
    type=click.Path(path_type=Path),
    default=DEFAULT_GAUNTLETS,
    show_default=True,
    help="Where reports and evidence are kept.",
)
@options.as_json
def command(*, file: Path | None, only: tuple[str, ...], as_json: bool, **where: Any) -> int:
    """Run the phases of a gauntlet, keep the evidence of each, and write one dated report with a verdict.

    Exits 0 for ship and ship-with-known-gap, 1 for hold. A phase that could not run makes the verdict hold.
    """
    found = file or find_above(GAUNTLET_NAME, [Path("cases")])
    if found is None:
        raise UsageError(f"no {GAUNTLET_NAME} in or above cases", hint="--file names a gauntlet file")
    course = _course(found, **where)
    _refuse_unknown_phases(course.gauntlet, only)
    course.ground.folder.mkdir(parents=True, exist_ok=True)
    assessment = conduct(course, only, _tell)
    report = course.ground.folder.with_suffix(".md")
    if as_json:
        sys.stdout.buffer.write(report.with_suffix(".json").read_bytes())
    else:
        for reason in assessment.reasons:
            click.echo(visible(f"{reason.phase}: {reason.says}"))
        for gap in assessment.gaps:
            click.echo(visible(f"known gap: {gap}"))
        click.echo(f"{assessment.verdict.value.upper()}: {assessment.rule}")
        click.echo(f"report: {report}")
    return int(assessment.verdict is GauntletVerdict.HOLD)


def _course(file: Path, gauntlets: Path, resume: str | None, attached: Sequence[str]) -> Course:
    gauntlet, now = read_gauntlet(file), datetime.now(UTC)
    folder = _resumed(gauntlets, resume) if resume else gauntlets / new_id(now)
    facts = Facts(
        gauntlet_id=folder.name,
        started=now.isoformat(timespec="seconds"),
        command=command_line(),
        version=__version__,
        machine=machine(),
        commit=head_commit(Path.cwd()),
        file=str(file),
    )
    ground = Ground(folder=folder, commit=facts.commit, digest=gauntlet.digest, attached=_attached(gauntlet, attached))
    return Course(gauntlet=gauntlet, ground=ground, facts=facts)


def _refuse_unknown_phases(gauntlet: Gauntlet, only: Sequence[str]) -> None:
    known = [phase.name for phase in gauntlet.phases]
    for name in only:
        if name not in known:
            raise UsageError(f"--only {name}: no such phase{suggestion(name, known)}", hint=", ".join(known))


def _resumed(gauntlets: Path, name: str) -> Path:
    folders = sorted(folder for folder in gauntlets.glob("*/") if folder.is_dir())
    if name == LATEST and folders:
        return folders[-1]
    for folder in folders:
        if folder.name == name:
            return folder
    known = ", ".join(folder.name for folder in folders[-5:]) or "none yet"
    raise UsageError(f"--resume {name}: no such gauntlet in {gauntlets}", hint=f"there are: {known}")


def _attached(gauntlet: Gauntlet, given: Sequence[str]) -> dict[str, str]:
    """Return the URLs of runtimes that run already; a name that no phase asks would be ignored, so it is refused."""
    asked = {name for phase in gauntlet.phases for name in phase.runtimes}
    urls = {}
    for option in given:
        runtime = runtime_from_option(option)
        if runtime.name not in asked:
            hint = f"phases ask {', '.join(sorted(asked)) or 'no runtime by name'}"
            raise UsageError(f"--runtime {option}: no phase asks {runtime.name}", hint=hint)
        if isinstance(runtime.reach, AttachedRuntime):
            urls[runtime.name] = runtime.reach.url
    return urls


def _tell(told: Told) -> None:
    """Say that a phase begins or has ended, on standard error."""
    at = f"{told.number}/{told.of} {told.phase.name}"
    if told.evidence is None:
        left = "" if told.remaining_s is None else f"; about {told.remaining_s:.0f} s left, as the last one took"
        line = f"{at}: begins, for at most {told.phase.budget_s} s{left}"
    else:
        took = "kept from before" if told.reused else f"{told.evidence.elapsed_s} s"
        line = f"{at}: {'red, ' if told.evidence.red else ''}{summary(told.evidence)} ({took})"
    click.echo(visible(line), err=True)
