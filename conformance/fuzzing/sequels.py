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
_CONDITIONS: Final = ("if-match", "if-none-match")
_FIRST_STATE: Final = 2
"""Changes of a thing before the last request that make a state of their own: where each is needed,
it is the state that differs.  After one change each request may be answered wrongly by itself.
"""
_GONE: Final = frozenset({404, 410})


class Sequels(Struct):
    """What known sequences have changed, each with its effect, and the states they have led to."""

    changes: list[tuple[frozenset[str], Effect]] = field(default_factory=list)
    states: set[tuple[object, ...]] = field(default_factory=set)

    def has(self, smallest: Probe, key: Key, statuses: Statuses = ()) -> bool:
        """Return whether a shrunk sequence shows what follows from a known one.

        It changes what that one does, to the same effect, or leaves the same state behind.
        """
        if smallest.stage not in {"sequence", "random"} or len(smallest.steps) == 1:
            return False
        changed, effect = _changed(smallest, key)
        to_same_effect = [known for known, known_effect in self.changes if known_effect == effect]
        is_known_change = any(known <= changed for known in to_same_effect)
        return is_known_change or _state_of(smallest, statuses) in self.states

    def add(self, smallest: Probe, key: Key, statuses: Statuses = ()) -> None:
        """Note a sequence that was found, and its effect."""
        self.changes.append(_changed(smallest, key))
        if state := _state_of(smallest, statuses):
            self.states.add(state)


def _changed(probe: Probe, key: Key) -> tuple[frozenset[str], Effect]:
    """Return the operations that change something, except the creator, and the effect.

    The creator is the one that creates what they change.  A condition on a tag that was read before
    tells whether the changes before it have changed the tag.
    """
    changing, condition = probe.changing_steps, _condition(probe.form)
    if condition:
        changing = [at for at in changing if at < len(probe.steps) - 1]
    names = [probe.operations[at] for at in changing]
    effect = ("condition", condition) if condition else effect_on_member(key)
    return frozenset(names[1:] or names), effect


def _condition(form: Form) -> str:
    """Return the condition of a request on a tag that was read before, whatever its field."""
    values = filter(None, map(form.header, _CONDITIONS))
    return next((value for value in values if "${" in value), "")


def _state_of(probe: Probe, statuses: Statuses) -> tuple[object, ...]:
    """Return the way to a thing that only some runtimes have, and who has it.

    Nothing where all have it, or a single change has led there.
    """
    last, setups = len(probe.steps) - 1, set(setups_of(probe))
    changes = [at for at in probe.changing_steps if at < last and at not in setups]
    is_there = [status not in _GONE for status in statuses]
    if len(changes) < _FIRST_STATE or len(set(is_there)) == 1:
        return ()
    return (*probe.operations[:-1], *is_there)


def is_refused(statuses: Statuses) -> bool:
    """Return whether some runtime refuses a request."""
    return any(status >= _FIRST_REFUSAL for status in statuses)


def outcome_of(statuses: Statuses) -> tuple[str, ...]:
    """Return statuses, of which success is one and the same where some runtime refuses."""
    if not is_refused(statuses):
        return tuple(map(str, statuses))
    return tuple(as_success(str(status)) for status in statuses)


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
