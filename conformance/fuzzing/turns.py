"""Streams of probes in turn."""

from collections.abc import Iterable, Iterator

from conformance.fuzzing.probe import Probe


def round_robin(streams: Iterable[Iterator[Probe]]) -> Iterator[Probe]:
    """Yield from several streams in turn, so that no operation waits for another one's end."""
    waiting = list(streams)
    while waiting:
        for stream in list(waiting):
            probe = next(stream, None)
            if probe is None:
                waiting.remove(stream)
            else:
                yield probe
