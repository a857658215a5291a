"""Send probes with the same setup steps as one case, so that the setup is sent only once.

Most of the cost of a probe is its setup: a list is filled with three resources before it is read.
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
"""Most probes in one case: with more of them, the setup is no longer the main cost."""
_LONGEST_WAIT: Final = 300
"""Number of later probes after which an incomplete group is sent.

Most groups are full by then, and a probe that waits longer might never be sent.
"""
_OVERWRITING: Final = frozenset({"PUT", "PATCH"})
"""Methods that may be sent to one resource repeatedly: each request sends all members."""
_SINGLE_REQUEST_STAGES: Final = frozenset({"value", "wire", "pair"})
"""Stages in which a probe changes one request."""

_Setup = tuple[bool, tuple[FormStep, ...]]


def together(probes: Iterable[Probe]) -> Iterator[tuple[Probe, ...]]:
    """Yield groups of probes with the same setup; a group is yielded as soon as it is full."""
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
    """Return whether the own steps of a probe leave its setup usable for another probe.

    In a sequence a change makes a state of its own, and few sequences share their setup.
    """
    own = probe.steps[probe.own_from :]
    methods = set(map(attrgetter("form.method"), own)) - SAFE_METHODS
    leaves_it = methods <= _OVERWRITING and captured_names(own).isdisjoint(needed_names(own))
    return leaves_it and probe.stage in _SINGLE_REQUEST_STAGES


def joined(probes: Sequence[Probe]) -> Probe:
    """Return one probe of several: their setup steps, then the own steps of each."""
    first, start = probes[0], probes[0].own_from
    own = chain.from_iterable(each.steps[start:] for each in probes)
    names = chain.from_iterable(each.operations[start:] for each in probes)
    return Probe(
        steps=(*first.steps[:start], *(replace(step, captures=()) for step in own)),
        operations=(*first.operations[:start], *names),
        stage=first.stage,
    )


def positions(probes: Sequence[Probe]) -> Iterator[list[int]]:
    """Yield for each joined probe the positions of its steps: setup steps, then own steps."""
    start = probes[0].own_from
    at = start
    for probe in probes:
        own = len(probe.steps) - start
        yield [*range(start), *range(at, at + own)]
        at += own
