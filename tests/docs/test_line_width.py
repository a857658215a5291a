"""Documents are wrapped: a line of prose is at most 100 characters long."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
WIDTH: Final = 100
_WRITTEN_BY_A_PROGRAM: Final = {
    "cli.md",
    "idioms.md",
    "ARCHITECTURE_COMPARISON.md",
    "STATE_OF_PLAY.md",
}
DOCUMENTS: Final = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "docs/adr/*.md", "peers/*.md")
    for path in ROOT.glob(pattern)
    if path.name not in _WRITTEN_BY_A_PROGRAM
)
_LONG_CODE: Final = re.compile(r"`[^`]{60,}`")
"""Code that cannot be broken over two lines."""


def prose_of(text: str) -> Iterator[str]:
    """Yield the lines of a document that are neither code nor of a table."""
    is_code = False
    for line in text.splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        elif not (is_code or line.lstrip().startswith("|") or line.startswith("    ")):
            yield line


def test_prose_is_distinguished() -> None:
    """Code in fences, code by its indent, and tables are no prose."""
    text = "one\n```\ntwo\n```\n    three\n  | four |\n- five\n"
    assert list(prose_of(text)) == ["one", "- five"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_prose_is_wrapped(document: Path) -> None:
    """Each longer line is named."""
    lines = prose_of(document.read_text())
    assert [line for line in lines if len(line) > WIDTH and not _LONG_CODE.search(line)] == []
