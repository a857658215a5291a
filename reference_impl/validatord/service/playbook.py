"""The rules for playbooks: the operation, the endorsed names, and the number of places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reference_impl.validatord.errors import ArtifactCompletenessError, ArtifactSchemaError
from reference_impl.validatord.wire import LARGEST_COUNT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.validatord.wire import Finding

_OPERATION = re.compile(r"[A-Za-z][A-Za-z_-]*: \S", re.ASCII)  # text may follow
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{64}")


def judge_playbook(artifact: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Check a playbook by all rules; no check is left out.

    Raises the ArtifactError of the first rule that fails.
    """
    _require_schema(artifact)
    names = len(artifact["endorsed_names"])
    most = 2 * artifact["target_count"]
    if not 1 <= names <= most:
        raise ArtifactCompletenessError(f"{names} endorsed names, between 1 and {most} are wanted")
    return ()


def _require_schema(artifact: Mapping[str, Any]) -> None:
    operation = artifact.get("operation")
    if not isinstance(operation, str) or not _OPERATION.match(operation):
        raise ArtifactSchemaError("operation", "have the form verb: text")
    _require_names(artifact.get("endorsed_names"))
    target_count = artifact.get("target_count")
    if type(target_count) is not int or not 1 <= target_count <= LARGEST_COUNT:
        raise ArtifactSchemaError("target_count", "be a positive integer")
    fingerprint = artifact.get("fingerprint")
    if not isinstance(fingerprint, str) or not _FINGERPRINT.fullmatch(fingerprint):
        raise ArtifactSchemaError("fingerprint", "be 64 hexadecimal digits")


def _require_names(names: Any) -> None:
    if not isinstance(names, list):
        raise ArtifactSchemaError("endorsed_names", "be a list")
    for index, name in enumerate(names):
        if not isinstance(name, str) or not name:
            raise ArtifactSchemaError(f"endorsed_names[{index}]", "be a non-empty string")
