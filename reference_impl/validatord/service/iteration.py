"""Iteration: a model writes an artifact, gets the first rule that fails, and writes again.

In: a task, the roster, and a function that completes a conversation. Out: the first artifact that
no rule fails, or the `ArtifactError` of the last attempt that the task allows. The model gets the
form of the kind, the context and the workers that it may name; all attempts and failures stay in
the conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from reference_impl.kit.json_in_text import objects_in
from reference_impl.validatord.errors import ArtifactError, ArtifactSchemaError
from reference_impl.validatord.service.artifact import judge
from reference_impl.validatord.wire import (
    Attempt,
    AttemptError,
    Message,
    Result,
    Usage,
    rejection_of,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from reference_impl.validatord.store import Roster
    from reference_impl.validatord.wire import Completion, Task, Worker

_MOST_WORKERS = 100  # in the context of a model
_PLACES = ("city", "state", "role")
_POLICY = (
    "with the first name of the worker it is for, without US social security numbers and pay rates"
)
_FORMS = {
    "email": "an email, with the members to, subject (up to 78 characters) and body (up to 4000, "
    f"{_POLICY})",
    "sms": f"an SMS, with the members to and body (up to 160 characters, {_POLICY})",
    "fill": "a fill proposal, whose one member fills lists the worker_id and the name of "
    "different active workers",
    "playbook": "a playbook, with the members operation (verb: text), endorsed_names, "
    "target_count and fingerprint",
}


async def iterate(
    task: Task, roster: Roster, complete: Callable[[Sequence[Message]], Awaitable[Completion]]
) -> Result:
    """Let a model write an artifact, and return it with its attempts.

    Raises the ArtifactError of the last attempt, and what `complete` raises. `elapsed_ms` of the
    result is 0.
    """
    messages = [_instruction(task, roster), *_asked(task)]
    attempts: list[Attempt] = []
    usage = Usage(prompt_tokens=0, completion_tokens=0)
    while True:
        completion = await complete(messages)
        usage = _sum(usage, completion.usage)
        try:
            artifact = _artifact_in(completion.content)
            findings = judge(task.kind, artifact, task.context, roster)
        except ArtifactError as error:
            attempts.append(_failed(completion.content, error))
            if len(attempts) == task.max_iterations:
                raise
            messages += _feedback(completion.content, error)
            continue
        attempts.append(Attempt(content=completion.content))
        return Result(
            artifact=artifact,
            findings=findings,
            iterations=len(attempts),
            attempts=tuple(attempts),
            model=completion.model,
            usage=usage,
            elapsed_ms=0,
        )


def _instruction(task: Task, roster: Roster) -> Message:
    context = replace(task.context, roster=tuple(_presented(task, roster)))
    wanted = f"Answer with one JSON object and nothing else: {_FORMS[task.kind]}.\nContext: "
    return Message(role="system", content=wanted + msgspec.json.encode(context).decode())


def _presented(task: Task, roster: Roster) -> Iterator[Worker]:
    """Yield the workers for the model: the one that the task names, then others in its places."""
    worker_id = task.context.worker_id
    addressed = roster.find(worker_id) if isinstance(worker_id, str) else None
    if addressed is not None:
        yield addressed
    wanted = {
        place: getattr(task.context, place)
        for place in _PLACES
        if getattr(task.context, place) is not UNSET
    }
    left = _MOST_WORKERS
    for worker in roster:
        if (
            left
            and worker is not addressed
            and all(getattr(worker, place) == wanted[place] for place in wanted)
        ):
            left -= 1
            yield worker


def _asked(task: Task) -> tuple[Message, ...]:
    return (
        task.messages
        if isinstance(task.messages, tuple)
        else (Message(role="user", content=str(task.prompt)),)
    )


def _artifact_in(content: str) -> dict[str, Any]:
    found = objects_in(content)
    if not found:
        raise ArtifactSchemaError("artifact", "be a JSON object")
    return found[-1]


def _failed(content: str, error: ArtifactError) -> Attempt:
    return Attempt(
        content=content,
        error=msgspec.convert(msgspec.to_builtins(rejection_of(error)), AttemptError),
    )


def _feedback(content: str, error: ArtifactError) -> tuple[Message, Message]:
    correction = (
        f"A rule fails:\n{error.reason}\nAnswer with the whole corrected JSON object and "
        "nothing else."
    )
    return Message(role="assistant", content=content), Message(role="user", content=correction)


def _sum(first: Usage, second: Usage) -> Usage:
    return Usage(
        prompt_tokens=first.prompt_tokens + second.prompt_tokens,
        completion_tokens=first.completion_tokens + second.completion_tokens,
    )
