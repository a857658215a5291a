"""The choice of the rules for an artifact, by its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference_impl.validatord.service.fill import judge_fill
from reference_impl.validatord.service.message import EMAIL, SMS, judge_message
from reference_impl.validatord.service.playbook import judge_playbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.validatord.store import Roster
    from reference_impl.validatord.wire import Context, Finding, Kind


def judge(
    kind: Kind, artifact: Mapping[str, Any], context: Context, roster: Roster
) -> tuple[Finding, ...]:
    """Check an artifact by all its rules, and return findings on checks that were not possible.

    Raises the ArtifactError of the first rule that fails.
    """
    if kind == "fill":
        return judge_fill(artifact, context, roster)
    if kind == "playbook":
        return judge_playbook(artifact)
    return judge_message(EMAIL if kind == "email" else SMS, artifact, context, roster)
