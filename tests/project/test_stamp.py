"""Ids of runs say when they were made, and sort by it, beside those of earlier versions too."""

from datetime import UTC, datetime, timedelta

from conformance.project.stamp import new_id

NOON = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)


def test_ids_sort_by_time() -> None:
    """A hundred runs within a tenth of a second keep their order; ids that tell only seconds stand among the others."""
    made = [new_id(NOON + timedelta(milliseconds=number)) for number in range(100)]
    assert sorted(made) == made
    assert made[7].startswith("20261125T120000007Z-")
    before, after = "20261125T115959Z-ffff", "20261125T120001Z-0000"
    assert sorted([after, *made, before]) == [before, *made, after]
