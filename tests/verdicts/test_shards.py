"""Runs that are judged as one."""

import pytest
from msgspec.structs import replace

from conformance.errors import ShardError
from conformance.model.shard import Shard
from conformance.verdicts.shards import united_header
from tests.comparison.live_runs import header


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        pytest.param((1, 2, 3), "", id="all"),
        pytest.param((3, 1), "shard 2/3 is missing", id="one-missing"),
        pytest.param((3, 3), "shard 1/3, 2/3 are missing; shard 3/3 is named twice", id="twice"),
        pytest.param((1, 2, 3, 2), "shard 2/3 is named twice", id="all-and-one-again"),
    ],
)
def test_shards_of_one_selection(numbers: tuple[int, ...], said: str) -> None:
    """Each is wanted once."""
    runs = [
        replace(header(), run_id=f"run-{at}", shard=Shard(number=number, count=3))
        for at, number in enumerate(numbers)
    ]
    if not said:
        assert united_header(runs).shard is None
        return
    with pytest.raises(ShardError) as caught:
        united_header(runs)
    first_line, _, _ = str(caught.value).partition("\n")
    assert first_line == f"these runs cannot be judged as one: {said}"
