"""The words that the reports print, taken from the code that prints them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2] / "conformance"
PRINTERS: Final = (
    "reporting/phrases.py",
    "reporting/console.py",
    "reporting/cause_lines.py",
    "reporting/finding_lines.py",
    "comparison/sentences.py",
)
_EDGES: Final = " .,:;·—…()[]`→\n"
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_NO_WORDS: Final = frozenset(
    {"dim", "red", "green", "yellow", "bold", "bold red", "bold green", "bold yellow"}
)
"""Styles of a terminal."""


def printed_words() -> set[str]:
    """Return each text in a printer's code, without fillings and surrounding marks."""
    found: set[str] = set()
    for name in PRINTERS:
        tree = ast.parse((ROOT / name).read_text("utf-8"))
        comments = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in comments
            ):
                found.update(_words(node.value))
    return found


def _words(text: str) -> Iterator[str]:
    """Yield a text of a template in its parts: between what is filled in."""
    for part in re.split(r"\{\w+\}", text):
        words = part.strip(_EDGES)
        if _WORD.search(words) and words not in _NO_WORDS:
            yield words
