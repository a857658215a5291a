"""`conformance gauntlet`: runs the whole chain that a change has to pass, and gives a verdict."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from msgspec import Struct

from conformance import __version__
from conformance.cli import options
from conformance.cli.path_type import PATH
from conformance.errors import UsageError
from conformance.gauntlet.acceptance import accepted_baseline
from conformance.gauntlet.baseline import (
    Baseline,
    baseline_file,
    read_baseline,
    review_base,
    write_baseline,
)
from conformance.gauntlet.conduct import Course, PhaseProgress, conduct
from conformance.gauntlet.facts import summary
from conformance.gauntlet.file import read_gauntlet
from conformance.gauntlet.phases import Ground
from conformance.gauntlet.plan import Gauntlet
from conformance.gauntlet.report import Facts, headline
from conformance.gauntlet.verdict import Assessment, GauntletVerdict
from conformance.gauntlet.writing import write_document
from conformance.model.runtime import AttachedRuntime
from conformance.project.checkout_state import checkout_state, checkout_touched
from conformance.project.files import GAUNTLET_NAME, find_above
from conformance.project.git import git, is_shallow, no_files
from conformance.project.runs import LATEST
from conformance.project.stamp import command_line, machine, new_id
from conformance.reporting.annotations import MAX_ANNOTATIONS, annotation
from conformance.reporting.github import append_summary, on_actions
from conformance.safe_text import visible
from conformance.suites.field_check import suggestion
from conformance.suites.runtime_options import runtime_from_option

_NO_BASELINE_BASE: Final = "HEAD~1"
"""The start of a review without an accepted baseline: the last commit is reviewed, and the verdict
has a gap for it.
"""
_EPILOG = """\b
Examples:
  conformance gauntlet                                all phases of cases/gauntlet.yaml
  conformance gauntlet --runtime python=http://127.0.0.1:5110  a stack that runs already
  conformance gauntlet --resume latest                what could not run, or does not count any more
  conformance gauntlet --resume latest --only review  one phase of it
  conformance gauntlet accept                         make the latest the baseline of those to come
"""
_ACCEPT_EPILOG = """\b
Examples:
  conformance gauntlet accept
  conformance gauntlet accept --reason "one index more: D-012"
"""
_file = click.option(
    "--file",
    type=PATH,
    help="The gauntlet file. [nearest cases/gauntlet.yaml]",
)
_gauntlets = click.option(
    "--gauntlets",
    type=PATH,
    help="Where reports and evidence are kept. [beside the baseline, or reports/gauntlet]",
)


class _Place(Struct, frozen=True, kw_only=True):
    """The paths of a gauntlet: its file, the accepted baseline, and the folder of all gauntlets."""

    file: Path
    baseline: Path
    gauntlets: Path


@click.group("gauntlet", invoke_without_command=True, epilog=_EPILOG)
@_file
@click.option("--only", multiple=True, metavar="PHASE", help="Run only this phase. Repeatable.")
@click.option(
    "--resume",
    metavar="ID",
    help="Go on with this gauntlet, or with `latest`; evidence that still counts is kept.",
)
@click.option(
    "--runtime",
    "attached",
    multiple=True,
    metavar="NAME=URL",
    help="Use NAME at URL, where it runs already. Repeatable.",
)
@click.option(
    "--write",
    is_flag=True,
    help="At the end, update the tracker's document in the working tree.",
)
@_gauntlets
@options.as_json
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    file: Path | None,
    gauntlets: Path | None,
    as_json: bool,
    write: bool,
    **chosen: Any,
) -> int:
    """Run a gauntlet's phases, keep the evidence of each, write one dated report with a verdict.

    Exits 0 for ship and ship-with-known-gap, 1 for hold. The verdict is hold if evidence is missing
    or belongs to another state of the checkout. The working tree is not written to, except with
    --write.
    """
    if context.invoked_subcommand is not None:
        return 0
    place = _place(file, gauntlets)
    course = _course(place, chosen["resume"], chosen["attached"])
    _refuse_unknown_phases(course.gauntlet, chosen["only"])
    course.ground.folder.mkdir(parents=True, exist_ok=True)
    assessment = conduct(course, chosen["only"], _say_step)
    _print(course, assessment, as_json=as_json)
    _tell_github(course, assessment, as_json=as_json)
    if write:
        for line in write_document(course):
            click.echo(visible(line), err=as_json)
    return int(assessment.verdict is GauntletVerdict.HOLD)


@command.command("accept", epilog=_ACCEPT_EPILOG)
@click.argument("gauntlet_id", metavar="[ID]", default=LATEST)
@click.option("--reason", default="", help="Why regressions are accepted; the baseline keeps it.")
@_file
@_gauntlets
def accept_command(
    *, gauntlet_id: str, reason: str, file: Path | None, gauntlets: Path | None
) -> int:
    """Make a gauntlet, by default the latest, the baseline for later ones.

    Commit the file that it writes. A gauntlet with the verdict hold is refused, unless regressions
    are the only cause and --reason says why they are accepted.
    """
    place = _place(file, gauntlets)
    course = _course(place, gauntlet_id, ())
    write_baseline(place.baseline, accepted_baseline(course, reason))
    click.echo(f"wrote {place.baseline}: commit it")
    return 0


def _tell_github(course: Course, assessment: Assessment, *, as_json: bool) -> None:
    """Append the report to the step summary, and annotate the reasons for a hold.

    Outside GitHub Actions, nothing is done.
    """
    append_summary(course.ground.folder.with_suffix(".md").read_text("utf-8"))
    if on_actions() and assessment.verdict is GauntletVerdict.HOLD:
        for reason in assessment.reasons[:MAX_ANNOTATIONS]:
            click.echo(annotation(f"gauntlet {reason.phase}", reason.says), err=as_json)


def _print(course: Course, assessment: Assessment, *, as_json: bool) -> None:
    report = course.ground.folder.with_suffix(".md")
    if as_json:
        sys.stdout.buffer.write(report.with_suffix(".json").read_bytes())
        return
    click.echo(visible(headline(course.ground.state(), assessment)))
    if assessment.verdict is not GauntletVerdict.SHIP_WITH_KNOWN_GAP:
        for reason in assessment.reasons:
            click.echo(visible(f"{reason.phase}: {reason.says}"))
    for gap in assessment.gaps:
        click.echo(visible(f"known gap: {gap.says}"))
    click.echo(f"report: {report}")


def _place(file: Path | None, gauntlets: Path | None) -> _Place:
    baseline = baseline_file()
    return _Place(file=_found(file), baseline=baseline, gauntlets=gauntlets or baseline.parent)


def _found(file: Path | None) -> Path:
    found = file or find_above(GAUNTLET_NAME, [Path("cases")])
    if found is None:
        raise UsageError(
            f"no {GAUNTLET_NAME} in or above cases", hint="--file names a gauntlet file"
        )
    return found


def _course(place: _Place, resume: str | None, attached: Sequence[str]) -> Course:
    gauntlet, baseline, now = (
        read_gauntlet(place.file),
        read_baseline(place.baseline),
        datetime.now(UTC),
    )
    folder = _resumed(place.gauntlets, resume) if resume else place.gauntlets / new_id(now)
    urls = _attached(gauntlet, attached)
    ground = Ground(
        folder=folder,
        state=lambda: checkout_state(Path.cwd(), place.file, place.gauntlets, place.baseline),
        touched=lambda: checkout_touched(Path.cwd(), place.file, place.gauntlets),
        attached=urls,
        review_base=_review_base(baseline, place.baseline),
    )
    facts = Facts(
        gauntlet_id=folder.name,
        started=now.isoformat(timespec="seconds"),
        command=command_line(),
        version=__version__,
        machine=machine(),
        file=str(place.file),
    )
    return Course(gauntlet=gauntlet, ground=ground, baseline=baseline, facts=facts)


def _review_base(baseline: Baseline | None, file: Path) -> str:
    """Return the revision that a review starts from if its phase names none.

    Without a baseline it is the commit before the last one, or the empty tree if there is none.
    """
    if baseline is not None:
        return review_base(baseline, file)
    first = git(Path.cwd(), "rev-list", "--max-parents=0", "HEAD") == git(
        Path.cwd(), "rev-parse", "HEAD"
    )
    return no_files(Path.cwd()) if first and not is_shallow(Path.cwd()) else _NO_BASELINE_BASE


def _refuse_unknown_phases(gauntlet: Gauntlet, only: Sequence[str]) -> None:
    known = [phase.name for phase in gauntlet.phases]
    for name in only:
        if name not in known:
            raise UsageError(
                f"--only {name}: no such phase{suggestion(name, known)}", hint=", ".join(known)
            )


def _resumed(gauntlets: Path, name: str) -> Path:
    folders = sorted(folder for folder in gauntlets.glob("*/") if folder.is_dir())
    if name == LATEST and folders:
        return folders[-1]
    for folder in folders:
        if folder.name == name:
            return folder
    known = ", ".join(folder.name for folder in folders[-5:]) or "none yet"
    raise UsageError(f"{name}: no such gauntlet in {gauntlets}", hint=f"there are: {known}")


def _attached(gauntlet: Gauntlet, given: Sequence[str]) -> dict[str, str]:
    """Return the URLs of runtimes that already run, by name.

    A name that no phase uses would have no effect, so it is refused.
    """
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


def _say_step(step: PhaseProgress) -> None:
    """Print on standard error that a phase begins or has ended."""
    at = f"{step.number}/{step.total} {step.phase.name}"
    if step.evidence is None:
        left = (
            ""
            if step.remaining_s is None
            else f"; about {step.remaining_s:.0f} s left, as the last one took"
        )
        line = f"{at}: begins, for at most {max(step.budget_s, 0):.0f} s{left}"
    else:
        took = "kept from before" if step.reused else f"{step.evidence.elapsed_s} s"
        line = f"{at}: {'red, ' if step.evidence.red else ''}{summary(step.evidence)} ({took})"
    click.echo(visible(line), err=True)
