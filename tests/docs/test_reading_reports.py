"""`docs/reading-reports.md` explains every word that reports print.

Its example is what a run prints.
"""

import re
from pathlib import Path

import pytest

from conformance.model.verdict import RowState, Verdict
from tests.docs.orders import run_in
from tests.docs.printed_words import printed_words
from tests.docs.report_picture import causes_of, drawn_causes
from tests.docs.test_documents import ROOT, blocks

PAGE = ROOT / "docs/reading-reports.md"


def words_of_the_page() -> str:
    """Return the page without its marks, in one line, in lower case."""
    return re.sub(r"\s+", " ", PAGE.read_text("utf-8").replace("`", "").replace("*", "")).lower()


def test_every_word_is_explained() -> None:
    """Each text in the code that prints reports is on the page.

    So is each verdict and state of a row.
    """
    page = words_of_the_page()
    wanted = (
        printed_words()
        | {verdict.value for verdict in Verdict}
        | {state.value for state in RowState}
    )

    assert sorted(words for words in wanted if words.replace("`", "").lower() not in page) == []


def test_the_example_is_a_run(tmp_path: Path) -> None:
    """Every line of the example is printed, in this order."""
    printed = iter(run_in(tmp_path).splitlines())
    (example,) = blocks(PAGE, "text")

    assert [
        line for line in example.splitlines() if not any(line == other for other in printed)
    ] == []


def test_the_picture_is_of_the_example() -> None:
    """It was drawn from a run with the same causes; `tests.docs.report_picture` draws it again."""
    (example,) = blocks(PAGE, "text")

    assert drawn_causes() == causes_of(example) != ""


@pytest.mark.parametrize(
    "words", ["the odd one out", "they differ", "mostly because of", "reopens"]
)
def test_words_are_found_in_the_code(words: str) -> None:
    """The words that are looked for are those that reports print."""
    assert any(words in printed for printed in printed_words())
