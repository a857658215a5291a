"""docs/fixes.md lists all that contradicts a fix, and the languages that fixes are known for."""

from pathlib import Path
from typing import Final

from conformance.comparison.idioms.idiom import Contradiction
from conformance.model.runtime import LANGUAGES

PAGE: Final = (Path(__file__).parents[2] / "docs/fixes.md").read_text(encoding="utf-8")


def test_every_contradiction_is_listed() -> None:
    """Each row names one contradiction, in the words of the code, and no other is listed."""
    rows = [row.split(" | ")[1].rstrip(" |") for row in PAGE.splitlines() if row.startswith("| ")][
        1:
    ]
    assert sorted(row.partition("; then")[0] for row in rows) == sorted(
        each.value for each in Contradiction
    )


def test_every_language_is_named() -> None:
    """The page names each language as it is written in a file or an option."""
    assert all(f"`{language}`" in PAGE for language in LANGUAGES)
