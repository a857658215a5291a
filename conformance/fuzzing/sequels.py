"""Sequels: what sequences show because of something that is known to differ.

One difference of what is stored shows in many ways: in the read of a thing, in a list, in what a
condition makes of its entity tag.  So what was changed, and to which effect, makes others known.
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
"""Changes of a thing before the last request that make a state of their own: where each is needed,
it is the state that differs.  After one change each request may be answered wrongly by itself.
"""
_GONE: Final = frozenset({404, 410})


class Sequels(Struct):
    """What known sequences have changed, by their effect, and the states they have led to."""

    changes: dict[Effect, list[frozenset[str]]] = field(default_factory=dict)
    states: set[tuple[object, ...]] = field(default_factory=set)

    def has(self, smallest: Probe, key: Key, statuses: Statuses = ()) -> bool:
        """Return whether a shrunk sequence shows what follows from a known one.

        It changes what that one does, to the same effect, or leaves the same state behind.
        """
        is_sequence = smallest.stage in _STAGES and len(smallest.steps) > 1
        known = self.changes.get(_effect(smallest, key), [])
        is_known_change = any(map(_changed(smallest).issuperset, known))
        return is_sequence and (is_known_change or self._is_known_state(smallest, statuses))

    def _is_known_state(self, smallest: Probe, statuses: Statuses) -> bool:
        """Return whether it shows a thing that is known to be there for some runtimes only."""
        states = [_state_of(smallest, statuses)]
        if _condition(smallest.form):  # on a thing that is gone, no condition says more
            states.append(_left_by(smallest, statuses))
        return not self.states.isdisjoint(states)

    def add(self, smallest: Probe, key: Key, statuses: Statuses = ()) -> None:
        """Note a sequence that was found, and its effect."""
        self.changes.setdefault(_effect(smallest, key), []).append(_changed(smallest))
        states = _state_of(smallest, statuses), _left_by(smallest, statuses)
        self.states.update(filter(None, states))


def _effect(probe: Probe, key: Key) -> Effect:
    """Return what a cause shows; a condition on a tag shows whether the tag was changed."""
    condition = _condition(probe.form)
    return ("condition", condition) if condition else effect_on_member(key)


def _changed(probe: Probe) -> frozenset[str]:
    """Return the operations that change something, except the creator of what they change."""
    changing = probe.changing_steps
    if _condition(probe.form):
        changing = _before_last(probe)
    first, *others = map(probe.operations.__getitem__, changing or [-1])
    return frozenset(others or [first])


def _before_last(probe: Probe) -> list[int]:
    """Return the positions of the steps before the last one that may change something."""
    last = len(probe.steps) - 1
    return list(filter(last.__ne__, probe.changing_steps))


def _condition(form: Form) -> str:
    """Return the condition of a request on a tag that was read before, whatever its field."""
    values = filter(None, map(form.header, _CONDITIONS))
    return next(filter(_refers, values), "")


def _refers(value: str) -> bool:
    return "${" in value


def _state_of(probe: Probe, statuses: Statuses) -> tuple[object, ...]:
    """Return the way to a thing that only some runtimes have, and who has it.

    Nothing where all have it, or a single change has led there.
    """
    changes = {*_before_last(probe)}.difference(setups_of(probe))
    is_gone = _gone(statuses)
    if not is_gone or len(changes) < _FIRST_STATE:
        return ()
    return (*probe.operations[:-1], *is_gone)


def _left_by(probe: Probe, statuses: Statuses) -> tuple[object, ...]:
    """Return what is asked of a thing that only some runtimes have, after which changes."""
    is_gone = _gone(statuses)
    if not is_gone:
        return ()
    changes = map(probe.operations.__getitem__, _before_last(probe))
    return (probe.operations[-1], frozenset(changes), *is_gone)


def _gone(statuses: Statuses) -> tuple[bool, ...]:
    """Return for which runtimes a thing is gone; nothing where it is the same for all."""
    is_gone = tuple(map(_GONE.__contains__, statuses))
    return is_gone if len({*is_gone}) > 1 else ()


def is_refused(statuses: Statuses) -> bool:
    """Return whether some runtime refuses a request."""
    return max(statuses, default=0) >= _FIRST_REFUSAL


def are_refused_by_all(statuses: Statuses) -> bool:
    """Return whether every runtime refuses a request."""
    return bool(statuses) and min(statuses) >= _FIRST_REFUSAL


def outcome_of(statuses: Statuses) -> tuple[str, ...]:
    """Return statuses, of which success is one and the same where some runtime refuses."""
    written = tuple(map(str, statuses))
    return tuple(map(as_success, written)) if is_refused(statuses) else written


def as_success(text: str) -> str:
    """Return a text in which each status of success is the same."""
    return _SUCCESS.sub("success", text)


def effect_on_member(key: Key) -> Effect:
    """Return what a cause shows of a member, whatever the operation.

    Of a status, the operation is part of it.
    """
    name, place, operation, code, facts, _ = key
    member = str(place).rpartition(".")[2]
    if name in {"identity", "value"}:  # a value that is the same as some id is a value all the same
        return "value", member, code, repr(_runtimes(facts))
    effects = as_success(repr(facts))
    return name, member, operation if member == "status" else "", code, effects


def _runtimes(facts: object) -> Sequence[tuple[str, ...]]:
    assert isinstance(facts, tuple)  # noqa: S101 - what the sides show, each with its runtimes
    return sorted(runtimes for _, runtimes in facts)
