"""The witness: counts that stay bounded, whatever sources call themselves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from reference_impl.observerd.service import Witness
from reference_impl.observerd.wire import Event

if TYPE_CHECKING:
    from pathlib import Path

    from reference_impl.observerd.wire import Stats


def test_pairs_past_the_limit_are_counted_together(tmp_path: Path) -> None:
    """Known pairs go on counting; a restart tells the same apart."""
    events = [Event(source=f"s{number}", outcome="ok") for number in range(10_050)]

    async def record_all() -> Stats:
        witness = Witness(tmp_path / "events.jsonl", lambda: "now")
        receipts = await asyncio.gather(
            *(witness.record(event) for event in [*events, events[0], events[-1]])
        )
        assert [receipt.seq for receipt in receipts] == list(range(1, 10_053))
        await witness.close()
        return await witness.stats(None)

    async def read_again() -> Stats:
        witness = Witness(tmp_path / "events.jsonl", lambda: "now")
        await witness.close()
        return await witness.stats(None)

    stats = asyncio.run(record_all())
    assert (stats.total, len(stats.tallies), stats.others) == (10_052, 10_000, 51)
    assert stats.tallies[0].count == 2
    assert asyncio.run(read_again()) == stats
