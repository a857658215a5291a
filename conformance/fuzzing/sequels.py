"""Recognize sequences whose differences follow from a known one.

One difference in stored data shows in many ways: in the read of the resource, in a list, in a
condition on its ETag. So the changed operations and the effect are recorded, and later sequences
with the same are known.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from conformance.fuzzing.form import Form
from conformance.fuzzing.oracle import Key
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.setup_steps import setups_of

Statuses = tuple[int, ...]
"""The status of each runtime."""
Effect = tuple[object, ...]
_SUCCESS: Final = re.compile("[23][0-9][0-9]")
_FIRST_REFUSAL: Final = 400
_STAGES: Final = frozenset({"sequence", "random"})
_CONDITIONS: Final = ("if-match", "if-none-match")
_FIRST_STATE: Final = 2
"""Least number of changes before the last request for a state to be recorded.

Where two changes are both needed, the stored state is what differs. After one change, each request
may be a defect of its own.
"""
_GONE: Final = frozenset({404, 410})


class Sequels(Struct):
    """The changes of known sequences by their effect, and the states that they left."""

    changes: dict[Effect, list[frozenset[str]]] = field(default_factory=dict)
    states: set[tuple[object, ...]] = field(default_factory=set)

    def has(self, smallest: Probe, key: Key, statuses: Statuses = ()) -> bool:
        """Return whether a shrunk sequence shows what follows from a known one.

        It does if it makes the same changes with the same effect, or leaves the same state.
        """
        is_sequence = smallest.stage in _STAGES and len(smallest.steps) > 1
        known = self.changes.get(_effect(smallest, key), [])
        is_known_change = any(map(_changed(smallest).issuperset, known))
        return is_sequence and (is_known_change or self._is_known_state(smallest, statuses))

    def _is_known_state(self, smallest: Probe, statuses: Statuses) -> bool:
        """Return whether a resource is missing on some runtimes in a way that is known."""
        states = [_state_of(smallest, statuses)]
        if _condition(smallest.form):  # where a resource is missing, the condition does not matter
            states.append(_left_by(smallest, statuses))
        return not self.states.isdisjoint(states)

    def add(self, smallest: Probe, key: Key, statuses: Statuses = ()) -> None:
        """Record a found sequence by its changes, its effect and its state."""
        self.changes.setdefault(_effect(smallest, key), []).append(_changed(smallest))
        states = _state_of(smallest, statuses), _left_by(smallest, statuses)
        self.states.update(filter(None, states))


def _effect(probe: Probe, key: Key) -> Effect:
    """Return the effect of a cause; a condition on an ETag read before is an effect by itself.

    It shows whether the ETag was changed, whatever the answer.
    """
    condition = _condition(probe.form)
    return ("condition", condition) if condition else effect_on_member(key)


def _changed(probe: Probe) -> frozenset[str]:
    """Return the operations that may change data, without the one that creates what they change."""
    changing = probe.changing_steps
    if _condition(probe.form):
        changing = _before_last(probe)
    first, *others = map(probe.operations.__getitem__, changing or [-1])
    return frozenset(others or [first])


def _before_last(probe: Probe) -> list[int]:
    """Return the positions of the unsafe steps before the last step."""
    last = len(probe.steps) - 1
    return list(filter(last.__ne__, probe.changing_steps))


def _condition(form: Form) -> str:
    """Return the If-Match or If-None-Match value that refers to an ETag read before; else empty."""
    values = filter(None, map(form.header, _CONDITIONS))
    return next(filter(_refers, values), "")


def _refers(value: str) -> bool:
    return "${" in value


def _state_of(probe: Probe, statuses: Statuses) -> tuple[object, ...]:
    """Return the operations before a request, and on which runtimes its resource is missing.

    Empty where no runtime differs in that, or fewer than two changes came before.
    """
    changes = {*_before_last(probe)}.difference(setups_of(probe))
    is_gone = _gone(statuses)
    if not is_gone or len(changes) < _FIRST_STATE:
        return ()
    return (*probe.operations[:-1], *is_gone)


def _left_by(probe: Probe, statuses: Statuses) -> tuple[object, ...]:
    """Return the last operation, the changes before it, and where its resource is missing.

    Empty where the runtimes do not differ in that.
    """
    is_gone = _gone(statuses)
    if not is_gone:
        return ()
    changes = map(probe.operations.__getitem__, _before_last(probe))
    return (probe.operations[-1], frozenset(changes), *is_gone)


def _gone(statuses: Statuses) -> tuple[bool, ...]:
    """Return for each runtime whether the resource is missing; empty if alike for all.

    It is missing where the status is 404 or 410.
    """
    is_gone = tuple(map(_GONE.__contains__, statuses))
    return is_gone if len({*is_gone}) > 1 else ()


def is_refused(statuses: Statuses) -> bool:
    """Return whether some runtime refuses a request: its status is 400 or more."""
    return max(statuses, default=0) >= _FIRST_REFUSAL


def are_refused_by_all(statuses: Statuses) -> bool:
    """Return whether every runtime refuses a request."""
    return bool(statuses) and min(statuses) >= _FIRST_REFUSAL


def outcome_of(statuses: Statuses) -> tuple[str, ...]:
    """Return the statuses as texts; where some runtime refuses, each success is `success`."""
    written = tuple(map(str, statuses))
    return tuple(map(as_success, written)) if is_refused(statuses) else written


def as_success(text: str) -> str:
    """Return a text in which each status 2xx or 3xx is `success`."""
    return _SUCCESS.sub("success", text)


def effect_on_member(key: Key) -> Effect:
    """Return the effect of a cause on a member, without the operation.

    For a status the operation is part of the effect.
    """
    name, place, operation, code, facts, _ = key
    member = str(place).rpartition(".")[2]
    if name in {"identity", "value"}:  # a value that equals some id by chance is a value
        return "value", member, code, repr(_runtimes(facts))
    effects = as_success(repr(facts))
    return name, member, operation if member == "status" else "", code, effects


def _runtimes(facts: object) -> Sequence[tuple[str, ...]]:
    assert isinstance(facts, tuple)  # noqa: S101 - facts of the sides, each with its runtimes
    return sorted(runtimes for _, runtimes in facts)
