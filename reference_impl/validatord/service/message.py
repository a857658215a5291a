"""The rules for messages to workers: email and SMS.

Both have the same rules with different members and limits, so a kind of message is a value here
(`EMAIL`, `SMS`). Members are checked in the order of `members`; all social security rules are
before all pay rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from reference_impl.validatord.errors import (
    ArtifactCompletenessError,
    ArtifactConsistencyError,
    ArtifactPolicyError,
    ArtifactSchemaError,
)
from reference_impl.validatord.service.text import holds_pay_rate, holds_social_security_number
from reference_impl.validatord.wire import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.validatord.store import Roster
    from reference_impl.validatord.wire import Context

_NO_WORKER = Finding(
    severity="info", field="context.worker_id", message="no worker_id: consistency was not checked"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """The properties of a kind of message.

    `limits` has the longest length in code points by member, in order; `is_to_an_address` says that
    `to` is an email address.
    """

    limits: tuple[tuple[str, int], ...]
    is_to_an_address: bool

    @property
    def members(self) -> tuple[str, ...]:
        """Return all members, in the order in which they are checked."""
        return ("to", *(member for member, _ in self.limits))


# Limits of the rules (docs/validatord-rules.md): a subject is a header line (RFC 5322, 2.1.1: 78
# characters), an SMS has 160 (GSM 03.38).
EMAIL = MessageKind(limits=(("subject", 78), ("body", 4000)), is_to_an_address=True)
SMS = MessageKind(limits=(("body", 160),), is_to_an_address=False)


def judge_message(
    kind: MessageKind, artifact: Mapping[str, Any], context: Context, roster: Roster
) -> tuple[Finding, ...]:
    """Check a message by all rules.

    Raises the ArtifactError of the first rule that fails.
    """
    _require_schema(kind, artifact)
    _require_completeness(kind, artifact)
    _require_policy(kind, artifact)
    if context.worker_id is UNSET:
        return (_NO_WORKER,)
    _require_consistency(artifact["body"], str(context.worker_id), roster)
    return ()


def _require_schema(kind: MessageKind, artifact: Mapping[str, Any]) -> None:
    for member in kind.members:
        value = artifact.get(member)
        if not isinstance(value, str) or not value:
            raise ArtifactSchemaError(member, "be a non-empty string")
    if kind.is_to_an_address and artifact["to"].count("@") != 1:
        raise ArtifactSchemaError("to", "hold exactly one @")


def _require_completeness(kind: MessageKind, artifact: Mapping[str, Any]) -> None:
    for member, limit in kind.limits:
        length = len(artifact[member])
        if length > limit:
            raise ArtifactCompletenessError(
                f"{member} has {length} characters, at most {limit} are allowed"
            )


def _require_policy(kind: MessageKind, artifact: Mapping[str, Any]) -> None:
    for member, _ in kind.limits:
        if holds_social_security_number(artifact[member]):
            raise ArtifactPolicyError(f"{member} holds a US social security number")
    for member, _ in kind.limits:
        if holds_pay_rate(artifact[member]):
            raise ArtifactPolicyError(f"{member} holds a pay rate")


def _require_consistency(body: str, worker_id: str, roster: Roster) -> None:
    worker = roster.find(worker_id)
    if worker is None:
        raise ArtifactConsistencyError(f"worker {worker_id} is not on the roster")
    first_name = worker.name.split(" ", 1)[0]
    if first_name not in body:
        raise ArtifactConsistencyError(f"body does not hold the first name of worker {worker_id}")
