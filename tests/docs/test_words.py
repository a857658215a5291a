"""Words that docs/style.md says to avoid: documents have none, and in code they become fewer."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STYLE = ROOT / "docs/style.md"
BASELINE = ROOT / "tests/docs/words.json"
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "docs/examples/**/*.md", "peers/*.md", "cases/**/*.yaml")
    for path in ROOT.glob(pattern)
    if path != STYLE
)
CASE_NAME = "  - name: "
"""A case is known by its name in recordings and rows: it stays."""
PACKAGES = ("conformance", "reference_impl", "tests")
_SPARED = re.compile(r"told[- ]apart")


def avoided() -> list[str]:
    """Return the words and phrases of the first column of the table."""
    table = STYLE.read_text().partition("## Words to avoid")[2]
    rows = re.findall(r"(?m)^\| ([^|]+) \| [^|]+ \|$", table)
    return [word.strip() for row in rows[1:] for word in row.split(",")]


PATTERN = re.compile(
    rf"\b({'|'.join(sorted(map(re.escape, avoided()), key=len, reverse=True))})\b", re.IGNORECASE
)


def words_of(text: str) -> list[str]:
    """Return each avoided word that a text has."""
    return [found.lower() for found in PATTERN.findall(_SPARED.sub("", text))]


def words_of_code() -> Counter[str]:
    """Return how often each word is in the code, by package."""
    counts: Counter[str] = Counter()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if path != Path(__file__):
                counts.update(f"{package}: {word}" for word in words_of(path.read_text()))
    return counts


def test_the_table_has_words() -> None:
    """Without words nothing is held."""
    assert {"mend", "tell whether", "anew"} <= set(avoided())
    assert words_of("It is Told anew; it is told apart.") == ["told", "anew"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_have_no_avoided_word(document: Path) -> None:
    """Each line with such a word is named."""
    lines = enumerate(document.read_text().splitlines(), start=1)
    said = [(number, line) for number, line in lines if not line.startswith(CASE_NAME)]
    assert [(number, words) for number, line in said if (words := words_of(line))] == []


def test_code_has_fewer_avoided_words_than_before() -> None:
    """The committed numbers of avoided words are those of the code.

    With fewer words the numbers are updated, and more words are refused.
    """
    known = json.loads(BASELINE.read_text())
    now = dict(sorted(words_of_code().items()))
    assert {word: count for word, count in now.items() if count > known.get(word, 0)} == {}
    assert now == known, f"fewer words: write {json.dumps(now)} to {BASELINE.relative_to(ROOT)}"
