"""A whole review of a change, from reading it to the report.

The change is split, cleaned of secrets and shown to every reviewer; the replies are recorded,
tallied and reported. In: a plan. Out: the tally, and in the folder of the review its record,
`review.md`, `review.json` and `review.sarif`.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from conformance.atomic_file import replace_file
from conformance.errors import UsageError
from conformance.review.asking import ask_all
from conformance.review.bundles import REFUSE_BYTES, WARN_BYTES, Bundle, make_bundles, oversize
from conformance.review.claims import Reply, ReviewTally
from conformance.review.plan import EndpointReviewer, Reviewer, ReviewPlan
from conformance.review.record import ReviewHeader, ReviewWriter, read_review_record
from conformance.review.redaction import without_secrets
from conformance.review.report import review_json, review_markdown
from conformance.review.sarif import review_sarif
from conformance.review.tally import tally_review
from conformance.runner.secrets import Secrets

Progress = Callable[[int, int, Reply], None]
"""Called after each reply: with the number of replies so far, the number of all, and the reply."""


class ReviewedChange(Struct, frozen=True, kw_only=True):
    """A change as bundles without secrets, and the number of values removed."""

    bundles: tuple[Bundle, ...]
    secrets: int
    text_is_read: bool


def read_change(
    diff: str, plan: ReviewPlan, reviewers: Sequence[Reviewer], *, force_oversize: bool
) -> ReviewedChange:
    """Split a change into bundles and remove secrets.

    If all reviewers read files, each component is one bundle of any length, as its text is not
    used. Raises UsageError if the change is empty, or if a part of it is too large for a review.
    """
    text_is_read = not all(reviewer.reads_files for reviewer in reviewers)
    bundles = make_bundles(diff, plan.components, WARN_BYTES if text_is_read else sys.maxsize)
    if not bundles:
        raise UsageError(
            "there is no change to review", hint="--base names the revision it is read from"
        )
    too_large = oversize(bundles, REFUSE_BYTES) if text_is_read else ()
    if too_large and not force_oversize:
        pieces = ", ".join(
            f"{bundle.id} ({bundle.size_bytes} bytes: {', '.join(bundle.anchors)})"
            for bundle in too_large
        )
        raise UsageError(
            f"more than {REFUSE_BYTES} bytes in one piece: {pieces}",
            hint="--force-oversize or CONFORMANCE_FORCE_OVERSIZE=1 asks all the same; answers "
            "tend to be short then",
        )
    secrets = _tokens_of(plan.reviewers)
    cleaned = [without_secrets(secrets.without(bundle.text)) for bundle in bundles]
    return ReviewedChange(
        bundles=tuple(
            replace(bundle, text=text, anchors=_cleaned_anchors(bundle, secrets))
            for bundle, (text, _) in zip(bundles, cleaned, strict=True)
        ),
        secrets=sum(found for _, found in cleaned),
        text_is_read=text_is_read,
    )


def _tokens_of(reviewers: Iterable[Reviewer]) -> Secrets:
    """Return the bearer tokens of the reviewers, which must not get into the record."""
    tokens: dict[str, str] = {}
    for reviewer in reviewers:
        if isinstance(reviewer.reach, EndpointReviewer) and reviewer.reach.token:
            tokens[f"token of {reviewer.name}"] = reviewer.reach.token
    return Secrets(tokens)


def _cleaned_anchors(bundle: Bundle, secrets: Secrets) -> dict[str, dict[int, str]]:
    return {
        path: {number: without_secrets(secrets.without(line))[0] for number, line in lines.items()}
        for path, lines in bundle.anchors.items()
    }


def conduct(
    header: ReviewHeader,
    change: ReviewedChange,
    reviewers: Sequence[Reviewer],
    folder: Path,
    progress: Progress,
) -> ReviewTally:
    """Show all bundles to all reviewers, record the replies, and write the reports."""
    with ReviewWriter(folder, header) as record:
        for bundle in change.bundles:
            record.bundle(bundle)
        asyncio.run(_ask(record, change.bundles, reviewers, progress))
        record.end()
    return report_review(folder)


async def _ask(
    record: ReviewWriter,
    bundles: Sequence[Bundle],
    reviewers: Sequence[Reviewer],
    progress: Progress,
) -> None:
    secrets = _tokens_of(reviewers)
    done = 0
    async with contextlib.aclosing(ask_all(reviewers, bundles)) as replies:
        async for reply in replies:
            done += 1
            failure = None if reply.failure is None else secrets.without(reply.failure)
            cleaned = replace(reply, text=secrets.without(reply.text), failure=failure)
            record.reply(cleaned)
            progress(done, len(bundles) * len(reviewers), cleaned)


def report_review(folder: Path) -> ReviewTally:
    """Tally a saved review and write its reports next to it; no reviewer gets a request."""
    record = read_review_record(folder)
    tally = tally_review(record.bundles, record.replies)
    replace_file(folder / "review.md", review_markdown(record, tally).encode())
    replace_file(folder / "review.json", review_json(record, tally))
    replace_file(folder / "review.sarif", review_sarif(tally))
    return tally
