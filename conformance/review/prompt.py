"""The reviewer's input: a versioned prompt and a bundle between fences that it cannot contain.

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
"""The form of an answer where an endpoint can be held to one."""


class Prompt(Struct, frozen=True, kw_only=True):
    """The rules, and the change as data."""

    rules: str
    change: str

    @property
    def whole(self) -> str:
        """Return both as one text, as a command reads them."""
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
    """Return a fence word that is not in a text and that no author of the text could foresee."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"CHANGE-{digest[:24]}"
