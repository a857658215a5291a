"""Mutants that no test can kill, as none can see them, each with the reason."""

from typing import Final

EQUIVALENT: Final[dict[tuple[str, str, str], str]] = {}
"""By file, line of code and what stands there instead."""
