"""The grammar of an answer: what is an entry, what takes one back, and what is no answer."""

import pytest

from conformance.review.answer import ReviewAnswer, read_answer
from conformance.review.claims import Severity
from tests.miniatures.chat_endpoints import as_json

ENTRY = "WHERE: a/b.py:12\nSEVERITY: BLOCK\nCLAIM: it loses data\n"


def read(text: str) -> ReviewAnswer:
    answer = read_answer(text)
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    "text",
    [
        ENTRY,
        "Here is what I found.\n\n" + ENTRY + "\nHope that helps!\n",
        (
            "1. ignored\n- **WHERE:** `a/b.py:12`\n  - **SEVERITY:** BLOCK\n  - **CLAIM:** it "
            "loses\n    data\n"
        ),
        "> where: a/b.py:L12\n> severity: block\n> claim: it loses data\n",
        "WHERE: a/b.py:12-15\nSEVERITY: BLOCK.\nCLAIM: it loses data",
        "WHERE: a/b.py:12:4\nSEVERITY: [BLOCK]\nCLAIM: it loses data",
        as_json(("a/b.py:12", "BLOCK", "it loses data")),
        "Sure:\n```json\n" + as_json(("a/b.py:12", "BLOCK", "it loses data")) + "\n```\n",
    ],
)
def test_ways_to_write_one_entry(text: str) -> None:
    """Decoration around the words, a range or a column, or JSON: one claim at its first line."""
    (claim,) = read(text).claims
    assert (claim.path, claim.line, claim.severity) == ("a/b.py", 12, Severity.BLOCK)
    assert (claim.text, claim.retracted) == ("it loses data", False)


@pytest.mark.parametrize(
    "text", ["NO FINDINGS", "**No findings.**\n", as_json(), '```\n{"findings": []}\n```']
)
def test_no_findings_is_an_answer(text: str) -> None:
    """It says so, and so it is one, without claims."""
    assert read(text) == ReviewAnswer(claims=(), malformed=0)


@pytest.mark.parametrize(
    "text",
    [
        "I cannot help with that.",
        "Looks good to me!",
        "{}",
        "[]",
        '{"findings": "none"}',
        '{"findings": [{"where": 1}]}',
        "[" * 100_000,
        "WHERE: nowhere\nSEVERITY: BLOCK\nCLAIM: x",
        "There may be no findings, or some.",
    ],
)
def test_nonsense_is_no_answer(text: str) -> None:
    """What keeps to no form is never taken for no findings."""
    assert read_answer(text) is None


@pytest.mark.parametrize(
    "broken",
    [
        "WHERE: a.py\nSEVERITY: BLOCK\nCLAIM: no line\n",
        "WHERE: a.py:1\nSEVERITY: DOOM\nCLAIM: no such severity\n",
        "WHERE: a.py:1\nSEVERITY: NOTE\n",
        "WHERE: a.py:1\nCLAIM: no severity\n",
        "WHERE: a.py:99999999999\nSEVERITY: NOTE\nCLAIM: no such line\n",
    ],
)
def test_entries_that_cannot_be_read_are_counted(broken: str) -> None:
    """They are not guessed at, and the others count."""
    answer = read(broken + ENTRY)
    assert (len(answer.claims), answer.malformed) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        ENTRY + "\nRETRACT: a/b.py:12\n",
        ENTRY + "\n**RETRACTED:** `a/b.py:12`\n",
        ENTRY.strip() + ". On re-reading this is fine.\n",
        ENTRY.strip() + " … false alarm, the caller holds the lock.\n",
        ENTRY.strip() + "\nWait, never mind.\n",
        as_json(("a/b.py:12", "BLOCK", "it loses data; not actually a bug after all")),
    ],
)
def test_what_the_same_answer_takes_back(text: str) -> None:
    """It is marked, whether in the form for it or in words."""
    (claim,) = read(text).claims
    assert claim.retracted


@pytest.mark.parametrize(
    "text",
    [
        ENTRY + "\nRETRACT: a/b.py:13\n",
        ENTRY.strip() + ", even on a second look.\n",
        ENTRY + "\nNever mind the tests.\n",
    ],
)
def test_what_is_not_taken_back(text: str) -> None:
    """Another place, or words that only sound alike, take nothing back."""
    (claim,) = read(text).claims
    assert not claim.retracted
