"""`conformance review`: shows a change to several reviewers, and where they agree."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from conformance import __version__
from conformance.cli import options
from conformance.cli.path_type import PATH
from conformance.errors import UsageError
from conformance.gauntlet.baseline import baseline_file, read_baseline, review_base
from conformance.project.change_diff import change_diff
from conformance.project.files import REVIEW_NAME, find_above
from conformance.project.git import git, is_shallow
from conformance.project.stamp import command_line, machine, new_id
from conformance.review.bundles import WARN_BYTES, oversize
from conformance.review.claims import Reply, ReviewTally
from conformance.review.conduct import ReviewedChange, conduct, read_change, report_review
from conformance.review.file import read_review
from conformance.review.plan import Reviewer
from conformance.review.prompt import VERSION
from conformance.review.record import ReviewHeader
from conformance.review.report import outcome, tally_lines
from conformance.safe_text import visible
from conformance.suites.field_check import suggestion
from conformance.wording import plural

DEFAULT_REVIEWS: Final = Path("reports/reviews")
_UNREVIEWED: Final = 4
_EPILOG = """\b
Examples:
  conformance review                          what is new since the accepted baseline, all reviewers
  conformance review --base origin/main       the commits of this branch
  conformance review --base HEAD~1 --reviewer ruff  one of them
  conformance review --tally reports/reviews/20261125…  count saved replies again
"""


@click.command("review", epilog=_EPILOG)
@click.option(
    "--base",
    metavar="REV",
    help="Review what HEAD has and REV has not. [the accepted baseline's commit]",
)
@click.option("--config", type=PATH, help="The review file. [nearest cases/review.yaml]")
@click.option(
    "--reviewer", "names", multiple=True, metavar="NAME", help="Ask only this reviewer. Repeatable."
)
@click.option(
    "--force-oversize",
    is_flag=True,
    envvar="CONFORMANCE_FORCE_OVERSIZE",
    help="Also review pieces over 100 KB.",
)
@click.option("--tally", "kept", type=PATH, help="Count a saved review again.")
@click.option(
    "--reviews",
    type=PATH,
    default=DEFAULT_REVIEWS,
    show_default=True,
    help="Where reviews are kept.",
)
@options.as_json
def command(*, base: str | None, kept: Path | None, as_json: bool, **asking: Any) -> int:
    """Show a change to several reviewers, and count the places where distinct lineages agree.

    Exits 0 if nothing blocks, 1 if distinct lineages agree on a place and one of them blocks, 4 if
    a part of the change got no usable answer.
    """
    if base is not None and kept is not None:
        raise UsageError(
            "wanted either --base or --tally, got both",
            hint="conformance review --base origin/main",
        )
    if kept is not None:
        folder, tally = kept, report_review(kept)
    else:
        folder, tally = _review(base or _accepted_commit(), **asking)
    if as_json:
        sys.stdout.buffer.write((folder / "review.json").read_bytes())
    else:
        for line in (
            *tally_lines(tally),
            outcome(tally),
            f"reports: {folder / 'review.md'}, {folder / 'review.sarif'}",
        ):
            click.echo(visible(line))
    return _exit_code(tally)


def _accepted_commit() -> str:
    file = baseline_file()
    baseline = read_baseline(file)
    if baseline is None:
        hint = (
            "--base names the revision that the change starts from: conformance review --base "
            "origin/main"
        )
        raise UsageError(f"no --base, and no accepted baseline in {file}", hint=hint)
    return review_base(baseline, file)


def _exit_code(tally: ReviewTally) -> int:
    return _UNREVIEWED if tally.unreviewed else int(bool(tally.blocked))


def _review(
    base: str, config: Path | None, names: Sequence[str], reviews: Path, *, force_oversize: bool
) -> tuple[Path, ReviewTally]:
    file = config or find_above(REVIEW_NAME, [Path("cases")])
    if file is None:
        raise UsageError(f"no {REVIEW_NAME} in or above cases", hint="--config names a review file")
    plan = read_review(file)
    reviewers = _picked(plan.reviewers, names)
    change = read_change(_diff(base), plan, reviewers, force_oversize=force_oversize)
    for bundle in oversize(change.bundles, WARN_BYTES) if change.text_is_read else ():
        click.echo(
            f"warning: {bundle.id} has {bundle.size_bytes} bytes in one hunk; answers tend to be "
            "short",
            err=True,
        )
    header = _header(base, change)
    folder = reviews / header.review_id
    return folder, conduct(header, change, reviewers, folder, _tell)


def _picked(declared: Sequence[Reviewer], names: Sequence[str]) -> tuple[Reviewer, ...]:
    known = {reviewer.name: reviewer for reviewer in declared}
    for name in names:
        if name not in known:
            raise UsageError(
                f"--reviewer {name}: no such reviewer{suggestion(name, list(known))}",
                hint=", ".join(known),
            )
    return tuple(known[name] for name in dict.fromkeys(names)) if names else tuple(declared)


def _diff(base: str) -> str:
    diff = change_diff(Path.cwd(), base)
    if diff is None and is_shallow(Path.cwd()):
        hint = "`git fetch --unshallow` brings it; in CI, fetch-depth: 0"
        raise UsageError(
            f"--base {base}: this clone is shallow, and lacks the history back to it", hint=hint
        )
    if diff is None:
        raise UsageError(
            f"--base {base}: git knows no change from it to HEAD",
            hint="name a commit, branch or tag",
        )
    return diff.decode("utf-8", "replace")


def _header(base: str, change: ReviewedChange) -> ReviewHeader:
    now = datetime.now(UTC)
    return ReviewHeader(
        review_id=new_id(now),
        started=now.isoformat(timespec="seconds"),
        command=command_line(),
        version=__version__,
        machine=machine(),
        base=git(Path.cwd(), "rev-parse", "--short=12", base) or base,
        head=git(Path.cwd(), "rev-parse", "--short=12", "HEAD") or "HEAD",
        prompt=VERSION,
        secrets=change.secrets,
        text_is_read=change.text_is_read,
    )


def _tell(done: int, total: int, reply: Reply) -> None:
    """Print a reply and its length: a short reply to a large bundle suggests a shallow review."""
    outcome = f"failed: {reply.failure}" if reply.failure else plural(len(reply.text), "character")
    who = f"{done}/{total} {reply.reviewer} on {reply.bundle}"
    click.echo(visible(f"{who}: {outcome} in {reply.elapsed_ms / 1000:.1f} s"), err=True)
