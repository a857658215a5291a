"""Probes with the same setup are asked together: what goes before them is asked once for all.

Most of what a probe costs is its setup: a list that is to be searched holds three things first.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.form import FormStep, captured_names, needed_names
from conformance.fuzzing.probe import Probe
from conformance.model.case import SAFE_METHODS

MOST_TOGETHER: Final = 8
"""Probes that are asked together: with more of them the setup is no longer what they cost."""
_LONGEST_WAIT: Final = 300
"""Probes after which one is asked with fewer others: most groups are full by then, and what is late
may never be asked.
"""
_OVERWRITING: Final = frozenset({"PUT", "PATCH"})
"""Methods that may be sent to one thing again and again: each request sends all members."""
_OF_ONE_REQUEST: Final = frozenset({"value", "wire", "pair"})
"""Stages that change one request."""

_Setup = tuple[bool, tuple[FormStep, ...]]


def together(probes: Iterable[Probe]) -> Iterator[tuple[Probe, ...]]:
    """Yield probes, those that can be asked together as soon as there are enough of them."""
    waiting: dict[_Setup, list[Probe]] = {}
    since: dict[_Setup, int] = {}
    for at, probe in enumerate(probes):
        oldest = next(iter(waiting), None)
        if oldest is not None and at - since[oldest] >= _LONGEST_WAIT:
            yield tuple(waiting.pop(oldest))
        setup = probe.steps[: probe.own_from]
        if not setup or not _leaves_setup(probe):
            yield (probe,)
            continue
        key = probe.steps[len(setup)].form.method in SAFE_METHODS, setup
        if key not in waiting:
            since[key], waiting[key] = at, []
        waiting[key].append(probe)
        if len(waiting[key]) == MOST_TOGETHER:
            yield tuple(waiting.pop(key))
    yield from map(tuple, waiting.values())


def _leaves_setup(probe: Probe) -> bool:
    """Return whether what a probe is about leaves its setup as it is for another probe.

    In a sequence a change makes a state of its own, and few have a setup in common.
    """
    own = probe.steps[probe.own_from :]
    methods = set(map(attrgetter("form.method"), own)) - SAFE_METHODS
    leaves_it = methods <= _OVERWRITING and captured_names(own).isdisjoint(needed_names(own))
    return leaves_it and probe.stage in _OF_ONE_REQUEST


def joined(probes: Sequence[Probe]) -> Probe:
    """Return one probe that asks several: their setup, then the own steps of each."""
    first, start = probes[0], probes[0].own_from
    own = chain.from_iterable(each.steps[start:] for each in probes)
    names = chain.from_iterable(each.operations[start:] for each in probes)
    return Probe(
        steps=(*first.steps[:start], *(replace(step, captures=()) for step in own)),
        operations=(*first.operations[:start], *names),
        stage=first.stage,
    )


def positions(probes: Sequence[Probe]) -> Iterator[list[int]]:
    """Yield for each of several joined probes where its steps are: the setup, then its own."""
    start = probes[0].own_from
    at = start
    for probe in probes:
        own = len(probe.steps) - start
        yield [*range(start), *range(at, at + own)]
        at += own
