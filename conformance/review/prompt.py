"""The prompt: versioned rules, and a bundle between fences that cannot occur in it.

In: a bundle without secrets. Out: the two messages of a prompt; the same bundle gives the same
bytes.
"""

import hashlib
import importlib.resources
from typing import Any, Final

from msgspec import Struct

VERSION: Final = "v1"
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["findings"],
    "properties": {
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["where", "severity", "claim"],
                "properties": {
                    "where": {"type": "string"},
                    "severity": {"enum": ["BLOCK", "WARN", "NOTE"]},
                    "claim": {"type": "string"},
                },
            },
        }
    },
}
"""The JSON schema of an answer, for endpoints that support one."""


class Prompt(Struct, frozen=True, kw_only=True):
    """A prompt: the rules, and the change as data."""

    rules: str
    change: str

    @property
    def whole(self) -> str:
        """Return the rules and the change as one text, for the input of a command."""
        return f"{self.rules}\n{self.change}\n"


def make_prompt(bundle_text: str) -> Prompt:
    """Return the prompt for the text of a bundle."""
    fence = _fence(bundle_text)
    rules = (
        importlib.resources.files("conformance.review")
        .joinpath("prompts", f"{VERSION}.md")
        .read_text("utf-8")
    )
    return Prompt(rules=rules.format(fence=fence), change=f"{fence}\n{bundle_text}{fence}")


def _fence(text: str) -> str:
    """Return a fence word that is not in the text and that its author cannot predict."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"CHANGE-{digest[:24]}"
