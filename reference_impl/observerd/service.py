"""The rules for events: they get their numbers, are counted, and are read again.

In: events, and a clock. Out: receipts for events that are on the disk; pages; counts, updated with
each event. Sources choose their own names: above a number of pairs of source and outcome, further
ones are counted together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from reference_impl.observerd.errors import EventTooLargeError
from reference_impl.observerd.store import EventStore
from reference_impl.observerd.wire import Receipt, Stats, Tally, Witnessed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reference_impl.observerd.wire import Event

# Both are limits of the wire: docs/daemons.md. The second bounds the memory of the counts.
_EVENT_BYTES = 64 * 1024
_MOST_PAIRS = 10_000


class Witness:
    """All events of a daemon; open it inside a running loop."""

    def __init__(self, path: Path, now: Callable[[], str]) -> None:
        """Open the store; `now` gives the time of the recording."""
        self._now = now
        self._counts: dict[tuple[str, str], int] = {}
        self._others = 0
        self._store = EventStore(path, self._count)

    @property
    def events(self) -> int:
        """Return the number of events."""
        return self._store.count

    async def record(self, event: Event) -> Receipt:
        """Write an event to the disk and return its receipt.

        Raises EventTooLargeError and LogBrokenError.
        """
        if len(msgspec.json.encode(event)) > _EVENT_BYTES:
            raise EventTooLargeError(_EVENT_BYTES)
        witnessed = Witnessed(seq=self._store.count + 1, recorded_at=self._now(), event=event)
        is_on_disk = self._store.append(witnessed)
        self._count(witnessed)
        await is_on_disk
        return Receipt(
            seq=witnessed.seq, recorded_at=witnessed.recorded_at, after=witnessed.seq - 1
        )

    def page(self, after: int, limit: int) -> bytes:
        """Return the encoded page after a seq; reads from the disk."""
        lines, has_more = self._store.read(after, limit)
        events = b",".join(line.rstrip(b"\n") for line in lines)
        rest = f'],"next_after":{after + len(lines)},"has_more":{"true" if has_more else "false"}}}'
        return b'{"events":[' + events + rest.encode()

    async def stats(self, of_source: str | None) -> Stats:
        """Return the counts of the events on the disk, sorted, of one source or of all.

        Raises LogBrokenError.
        """
        tallies = tuple(
            Tally(source=source, outcome=outcome, count=count)
            for (source, outcome), count in sorted(self._counts.items())
            if of_source in {None, source}
        )
        others = self._others if of_source is None else 0
        await self._store.settled()
        return Stats(
            total=sum(tally.count for tally in tallies) + others, tallies=tallies, others=others
        )

    async def close(self) -> None:
        """Wait for the disk, and close the log."""
        await self._store.close()

    def _count(self, witnessed: Witnessed) -> None:
        pair = (witnessed.event.source, witnessed.event.outcome)
        if pair in self._counts:
            self._counts[pair] += 1
        elif len(self._counts) < _MOST_PAIRS:
            self._counts[pair] = 1
        else:
            self._others += 1
