"""Artifacts that pass every rule of the rules page, and the parts that tables of them are made of."""

from typing import Any

ADA = {
    "worker_id": "w1",
    "name": "Ada Lovelace",
    "status": "active",
    "city": "Austin",
    "state": "TX",
    "role": "welder",
}
BOB = {**ADA, "worker_id": "w2", "name": "Bob Ray", "status": "inactive"}
CY = {**ADA, "worker_id": "w3", "name": "Cy"}
IMPOSTOR = {**ADA, "name": "Second Ada"}
ROSTER = {"roster": [ADA, BOB, CY, IMPOSTOR]}
EMAIL = {"to": "ada@example.com", "subject": "Shift", "body": "Hello Ada, call 555-123-4567."}
SMS = {"to": "+1-555-123-4567", "body": "Hello Ada"}
FILL = {"worker_id": "w1", "name": "Ada Lovelace"}
HEX = "0123456789abcdefABCDEF0123456789" * 2
PLAYBOOK = {
    "operation": "fill: Welder x2",
    "endorsed_names": ["Ada"],
    "target_count": 1,
    "fingerprint": HEX,
}
SSN = "is 123-45-6789."
PAY = "at $25 per hour"
NON_EMPTY = "be a non-empty string"

EMAIL_INFO = {
    "severity": "info",
    "field": "context.worker_id",
    "message": "no worker_id: consistency was not checked",
}
FILL_INFO = {
    "severity": "info",
    "field": "context.target_count",
    "message": "no target_count: completeness was not checked",
}


Row = tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]
"""A name, a kind, an artifact, its context, and the rejection."""


def schema(field: str, requirement: str) -> dict[str, Any]:
    """Give the rejection of a malformed member."""
    return {"Schema": {"field": field, "reason": f"{field} must {requirement}"}}


def fault(group: str, reason: str) -> dict[str, Any]:
    """Give a rejection without a field."""
    return {group: {"reason": reason}}


def without(artifact: dict[str, Any], member: str) -> dict[str, Any]:
    """Take one member away."""
    return {name: value for name, value in artifact.items() if name != member}


PASSES: list[tuple[str, str, dict[str, Any], dict[str, Any], list[dict[str, str]]]] = [
    ("email", "email", EMAIL, {}, [EMAIL_INFO]),
    ("email for a worker", "email", EMAIL, {**ROSTER, "worker_id": "w1"}, []),
    (
        "limits in code points",
        "email",
        {**EMAIL, "subject": "😀" * 78, "body": "é" * 4000},
        {},
        [EMAIL_INFO],
    ),
    (
        "white space is not empty",
        "email",
        {"to": "@", "subject": " ", "body": "\n"},
        {},
        [EMAIL_INFO],
    ),
    ("unknown members", "email", {**EMAIL, "cc": [1, {"a": None}]}, {}, [EMAIL_INFO]),
    ("sms at its limit", "sms", {**SMS, "body": "😀" * 160}, {}, [EMAIL_INFO]),
    (
        "an sms needs no @ and no subject",
        "sms",
        {**SMS, "to": "a@b@c", "subject": SSN},
        {},
        [EMAIL_INFO],
    ),
    ("sms with a one-word name", "sms", {**SMS, "body": "Cyan"}, {**ROSTER, "worker_id": "w3"}, []),
    ("fill", "fill", {"fills": [FILL]}, ROSTER, [FILL_INFO]),
    (
        "fill with everything",
        "fill",
        {"fills": [FILL, {"worker_id": "w3", "name": "Cy", "more": 1}]},
        {**ROSTER, "target_count": 2, "city": "Austin", "state": "TX", "role": "welder"},
        [],
    ),
    ("playbook", "playbook", PLAYBOOK, {}, []),
    ("two names for one", "playbook", {**PLAYBOOK, "endorsed_names": ["a", "a"]}, {}, []),
    ("a verb with hyphen", "playbook", {**PLAYBOOK, "operation": "Re-fill_now: x\ny"}, {}, []),
    ("a huge target", "playbook", {**PLAYBOOK, "target_count": 2**53 - 1}, {}, []),
]
