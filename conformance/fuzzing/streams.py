"""Order streams of probes: take turns, or put the first stream of each kind before the others."""

from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from conformance.fuzzing.probe import Probe

_Tried = TypeVar("_Tried")


class Split(NamedTuple):
    """Streams: the first of each kind, and the others."""

    first: list[Iterator[Probe]]
    others: list[Iterator[Probe]]


def round_robin(streams: Iterable[Iterator[_Tried]]) -> Iterator[_Tried]:
    """Yield from several streams in turn, so that none waits for the end of another."""
    waiting = list(streams)
    while waiting:
        for stream in list(waiting):
            tried = next(stream, None)
            if tried is None:
                waiting.remove(stream)
            else:
                yield tried


def split_by_kind(streams: Iterable[tuple[Hashable, Iterator[Probe]]]) -> Split:
    """Split streams into the first of each kind and the others.

    What one stream of a kind does not show, another rarely shows.
    """
    known: set[Hashable] = set()
    split = Split([], [])
    for kind, stream in streams:
        (split.others if kind in known else split.first).append(stream)
        known.add(kind)
    return split
