"""Code is read at a glance: the committed figures of its density may only become lower."""

import json
from typing import Final

import pytest

from tests.docs.readability import BASELINE, packages

COUNTS: Final = packages()
KNOWN: Final[dict[str, dict[str, float]]] = json.loads(BASELINE.read_text())
SLACK: Final = 0.02
"""How far the committed branches per line may be above the code's: an edit changes them a little."""
HINT: Final = "write it again: python -m tests.docs.readability"


def test_all_packages_are_known() -> None:
    """A new package has figures, and one that is gone has none."""
    assert set(KNOWN) == set(COUNTS), HINT


@pytest.mark.parametrize("name", COUNTS)
def test_no_figure_is_higher_than_before(name: str) -> None:
    """Denser code is refused."""
    figures = COUNTS[name].figures()
    assert {what: value for what, value in figures.items() if value > KNOWN[name][what]} == {}


@pytest.mark.parametrize("name", COUNTS)
def test_what_was_gained_is_kept(name: str) -> None:
    """Where the code has become better, the committed figures follow."""
    figures = COUNTS[name].figures()
    assert KNOWN[name]["branches per line"] - figures["branches per line"] <= SLACK, HINT
    counted = [what for what in figures if what != "branches per line"]
    assert {what: KNOWN[name][what] for what in counted} == {
        what: figures[what] for what in counted
    }, HINT
