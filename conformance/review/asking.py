"""Requests to all reviewers about all bundles: in parallel, each reviewer one bundle at a time.

In: reviewers and bundles. Out: a reply for each pair, in the order in which they come. If a
reviewer fails, its reply has the reason.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence

from conformance.review.answer import read_bytes
from conformance.review.bundles import Bundle
from conformance.review.claims import Reply
from conformance.review.commands import checkout_top, consult
from conformance.review.endpoints import Completion, NoAnswerError, complete
from conformance.review.plan import EndpointReviewer, Reviewer
from conformance.review.prompt import make_prompt


async def ask_all(
    reviewers: Sequence[Reviewer], bundles: Sequence[Bundle]
) -> AsyncGenerator[Reply, None]:
    """Yield the reply of each reviewer to each bundle, as they come."""
    replies: asyncio.Queue[Reply] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        for reviewer in reviewers:
            group.create_task(_ask_in_turn(reviewer, bundles, replies))
        for _ in range(len(reviewers) * len(bundles)):
            yield await replies.get()


async def _ask_in_turn(
    reviewer: Reviewer, bundles: Sequence[Bundle], replies: asyncio.Queue[Reply]
) -> None:
    for bundle in bundles:
        await replies.put(await _ask(reviewer, bundle))


async def _ask(reviewer: Reviewer, bundle: Bundle) -> Reply:
    started = time.monotonic()
    failure = None
    try:
        answer = await _answer(reviewer, bundle)
    except NoAnswerError as error:
        answer, failure = Completion(text=""), str(error)
    return Reply(
        reviewer=reviewer.name,
        lineage=reviewer.lineage,
        bundle=bundle.id,
        text=answer.text,
        failure=failure,
        elapsed_ms=round((time.monotonic() - started) * 1000),
        shown_bytes=_shown_bytes(reviewer, bundle, answer.text, failure),
        completion_tokens=answer.tokens,
    )


def _shown_bytes(reviewer: Reviewer, bundle: Bundle, answer: str, failure: str | None) -> int:
    """Return how many bytes a reviewer has read: the text of a bundle, or of its files.

    A reviewer that does not report the number counts as having read all files of the bundle; one
    that failed counts as 0.
    """
    if not reviewer.reads_files:
        return bundle.size_bytes
    if failure is not None:
        return 0
    read_size = read_bytes(answer)
    if read_size is not None:
        return read_size
    top = checkout_top()
    return sum((top / path).stat().st_size for path in bundle.files)


async def _answer(reviewer: Reviewer, bundle: Bundle) -> Completion:
    prompt = make_prompt(bundle.text)
    if isinstance(reviewer.reach, EndpointReviewer):
        return await complete(reviewer.reach, prompt, reviewer.timeout_s)
    return await consult(reviewer.reach, prompt.whole, bundle.files, reviewer.timeout_s)
