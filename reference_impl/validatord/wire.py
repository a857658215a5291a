"""The shapes on the wire of validatord: bodies and answers of `/validate` and `/iterate`.

In: bodies, which the kit fits to `Envelope` or `Task`; an `ArtifactError`. Out: the frozen structs
below, which are also the source of the OpenAPI schemas. Invariants: a rejection has exactly one
member, its group (serde's externally tagged form); unknown members are refused in a body and in its
context, ignored in an artifact and in a roster entry.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reference_impl.kit.json_body import JsonShape
from reference_impl.validatord.errors import (
    ArtifactCompletenessError,
    ArtifactError,
    ArtifactPolicyError,
    ArtifactSchemaError,
)

LARGEST_COUNT = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 7493)."""

Kind = Literal["email", "sms", "fill", "playbook"]


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a roster."""

    worker_id: str
    name: str
    status: str
    city: str
    state: str
    role: str


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data with which an artifact is compared."""

    roster: tuple[Worker, ...] | UnsetType = UNSET
    worker_id: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    state: str | UnsetType = UNSET
    role: str | UnsetType = UNSET
    target_count: Annotated[int, Meta(ge=0, le=LARGEST_COUNT)] | UnsetType = UNSET


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /validate`."""

    kind: Kind
    artifact: dict[str, Any]
    context: Context = Context()


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check that was not possible for a passing verdict."""

    severity: Literal["info"]
    field: str
    message: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer when no rule fails."""

    findings: tuple[Finding, ...]
    elapsed_ms: Annotated[int, Meta(ge=0)]


class FieldFault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wrong member, and the reason."""

    field: str
    reason: str


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reason why the artifact fails."""

    reason: str


class SchemaRejection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"):
    """A member of the artifact is missing or malformed."""

    schema: FieldFault


class CompletenessRejection(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"
):
    """The artifact has too much or too little of something."""

    completeness: Fault


class PolicyRejection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"):
    """The artifact has content that must not be sent."""

    policy: Fault


class ConsistencyRejection(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"
):
    """The artifact contradicts the roster or itself."""

    consistency: Fault


Rejection = SchemaRejection | CompletenessRejection | PolicyRejection | ConsistencyRejection


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message of a conversation, in the shape of chatd."""

    role: Literal["system", "user", "assistant"]
    content: Annotated[str, Meta(max_length=100_000)]


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /iterate`: either `prompt` or `messages` says what to write."""

    kind: Kind
    prompt: Annotated[str, Meta(min_length=1, max_length=100_000)] | UnsetType = UNSET
    messages: Annotated[tuple[Message, ...], Meta(min_length=1, max_length=50)] | UnsetType = UNSET
    model: Annotated[str, Meta(min_length=1, max_length=128)] = "local"
    context: Context = Context()
    max_iterations: Annotated[int, Meta(ge=1, le=10)] = 3


class Usage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers of tokens, as the model counts them."""

    prompt_tokens: Annotated[int, Meta(ge=0)]
    completion_tokens: Annotated[int, Meta(ge=0)]


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """The members of chatd's answer that are read."""

    model: str
    content: str
    usage: Usage


class AttemptError(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="pascal"
):
    """A ValidationError: exactly one of the members is present."""

    schema: FieldFault | UnsetType = UNSET
    completeness: Fault | UnsetType = UNSET
    policy: Fault | UnsetType = UNSET
    consistency: Fault | UnsetType = UNSET


class Attempt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text that the model wrote, and its error; without an error, no rule failed."""

    content: str
    error: AttemptError | UnsetType = UNSET


class Result(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An artifact that no rule fails, with all attempts; the last one made it."""

    artifact: dict[str, Any]
    findings: tuple[Finding, ...]
    iterations: Annotated[int, Meta(ge=1, le=10)]
    attempts: tuple[Attempt, ...]
    model: str
    usage: Usage
    elapsed_ms: Annotated[int, Meta(ge=0)]


REJECTIONS = (SchemaRejection, CompletenessRejection, PolicyRejection, ConsistencyRejection)
VALIDATE_BODY = JsonShape(kind=Envelope, misfit_status=400)
ITERATE_BODY = JsonShape(kind=Task, misfit_status=400)


def rejection_of(error: ArtifactError) -> Rejection:
    """Return a failed rule as it is on the wire."""
    if isinstance(error, ArtifactSchemaError):
        return SchemaRejection(FieldFault(field=error.field, reason=error.reason))
    fault = Fault(reason=error.reason)
    if isinstance(error, ArtifactCompletenessError):
        return CompletenessRejection(fault)
    if isinstance(error, ArtifactPolicyError):
        return PolicyRejection(fault)
    return ConsistencyRejection(fault)
