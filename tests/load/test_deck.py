"""What scenario comes when follows from the seed and a number alone."""

from collections import Counter
from pathlib import Path

import pytest

from conformance.errors import UsageError
from conformance.load.deck import Deck, read_rows
from conformance.load.file import read_load
from tests.load.shop import LOAD_TEXT, write_load


def deck(folder: Path, *, seed: int = 3, run_id: str = "r") -> Deck:
    """Return the deck of the shop."""
    load = read_load(write_load(folder))
    return Deck(load.scenarios, read_rows(load.rows), seed, run_id)


def test_hands_are_those_of_their_numbers(tmp_path: Path) -> None:
    """Whoever deals, and in whichever order, a number has one hand.

    Weights hold, and so do rows.
    """
    hands = [deck(tmp_path).deal(number) for number in range(400)]
    assert [deck(tmp_path).deal(number) for number in reversed(range(400))] == hands[::-1]
    counts = Counter(hand.scenario for hand in hands)
    assert 270 < counts[0] < 330
    queries = {hand.known["row:query"].text for hand in hands if hand.scenario == 0}
    assert queries == {f"thing {number}" for number in range(10)}


def test_seeds_and_runs_differ(tmp_path: Path) -> None:
    """Another seed makes other choices; another run only other fresh names, none of them twice."""
    here, other = (deck(tmp_path, run_id=run_id) for run_id in "rs")
    hands = [(here.deal(number), other.deal(number)) for number in range(100)]
    assert all(one.scenario == two.scenario for one, two in hands)
    names = [each.known["fresh:name"].text for pair in hands for each in pair if each.scenario == 1]
    assert len(set(names)) == len(names) > 0
    reseeded = [deck(tmp_path, seed=4).deal(number).scenario for number in range(100)]
    assert reseeded != [one.scenario for one, _ in hands]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ('{"other": 1}\n', "no row has what ${row:query} stands for; rows have other"),
        ("[]\n", "wanted rows, each a JSON object"),
        ("", "wanted rows, each a JSON object"),
        ("{bad\n", "its rows cannot be read"),
    ],
)
def test_rows_that_cannot_be_used(tmp_path: Path, rows: str, problem: str) -> None:
    """Each is refused before anything is asked."""
    load = read_load(write_load(tmp_path, LOAD_TEXT))
    (tmp_path / "rows.ndjson").write_text(rows)
    with pytest.raises(UsageError) as caught:
        Deck(load.scenarios, read_rows(load.rows), 1, "r")
    assert problem in str(caught.value)
