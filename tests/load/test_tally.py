"""What workers report, added up."""

from pathlib import Path

from conformance.load.figures import Times
from conformance.load.file import read_load
from conformance.load.tally import LoadTally
from conformance.load.users import ScenarioOutcome
from tests.load.shop import write_load


def tally_of(folder: Path, *outcomes: ScenarioOutcome) -> LoadTally:
    """Return the tally of outcomes in the shop's scenarios, of which seconds 10 to 20 count."""
    tally = LoadTally(read_load(write_load(folder)).scenarios, 10.0, 20.0)
    tally.add(outcomes, {})
    return tally


def outcome(began_s: float, elapsed_us: int) -> ScenarioOutcome:
    """Return a scenario without failure, of two steps: a fifth and the rest of its time."""
    steps_us = (elapsed_us // 5, elapsed_us - elapsed_us // 5)
    return ScenarioOutcome(
        scenario=0, began_s=began_s, elapsed_us=elapsed_us, steps_us=steps_us, cause=None
    )


def test_the_percentiles_of_a_report(tmp_path: Path) -> None:
    """Percentiles 50, 90 and 99 and the maximum, of a scenario and of each of its steps."""
    tally = tally_of(tmp_path, *(outcome(10.0, 1_000 * number) for number in range(1, 101)))

    found, other = tally.classes()
    assert found.scenarios == 100
    for seen, wanted in (
        (found.times, Times(p50_ms=50, p90_ms=90, p99_ms=99, max_ms=100)),
        (found.steps[0].times, Times(p50_ms=10, p90_ms=18, p99_ms=19.8, max_ms=20)),
    ):
        for name in ("p50_ms", "p90_ms", "p99_ms", "max_ms"):
            assert (
                getattr(wanted, name)
                <= getattr(seen, name)
                <= getattr(wanted, name) * (1 + 1 / 512)
            )
    assert (other.scenarios, other.times) == (0, Times(p50_ms=0, p90_ms=0, p99_ms=0, max_ms=0))


def test_what_begins_outside_does_not_count(tmp_path: Path) -> None:
    """A scenario counts by when it was to begin, however long it then took."""
    tally = tally_of(tmp_path, outcome(9.9, 1_000), outcome(19.9, 5_000_000), outcome(20.0, 1_000))

    assert (tally.counted, tally.last_s) == (1, 24.9)
