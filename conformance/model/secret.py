"""Which values can be secrets: those that can be recognised in other text.

Only such a value can be kept out of what is written.
"""

from typing import Final

from msgspec import Struct

# A shorter text occurs in answers by chance, and would be marked as a secret there
SHORTEST_SECRET: Final = 6


def unusable_secret(value: str | None) -> str | None:
    """Return why the value of a variable cannot be a secret, or None."""
    if value is None:
        return "is not set"
    short = len(value) < SHORTEST_SECRET
    return (
        f"has fewer than {SHORTEST_SECRET} characters: too few to be kept out of what is written"
        if short
        else None
    )


class SecretHolder(Struct, frozen=True):
    """A value that may hold secrets, so its `repr` shows only its class."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
