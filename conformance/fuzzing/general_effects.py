"""Effects of code that all operations share: the form of errors, and header fields of answers.

One defect there shows in each operation, with other values, so its causes have other keys.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from conformance.fuzzing.oracle import Key
from conformance.fuzzing.sequels import Effect, Statuses, are_refused_by_all

_ABSENT: Final = "absent"
_ENOUGH: Final = 2
"""Operations with one effect on refusals after which further ones are known: what two do alike is
done by all, and one alone may have an error of its own."""


class GeneralEffects(Struct):
    """The effects of found causes that other operations may share, each with its operations."""

    found: dict[Effect, set[str]] = field(default_factory=dict)

    def add(self, key: Key, operation: str, statuses: Statuses) -> None:
        """Record a found cause."""
        for effect, _ in _effects(key, statuses):
            self.found.setdefault(effect, set()).add(operation)

    def explain(self, key: Key, statuses: Statuses) -> bool:
        """Return whether a cause is an effect that was found often enough."""
        effects = _effects(key, statuses)
        return any(len(self.found.get(effect, ())) >= enough for effect, enough in effects)


def _effects(key: Key, statuses: Statuses) -> Iterator[tuple[Effect, int]]:
    """Yield the effects of a cause, each with the number of operations that are enough.

    Those are a header field that some runtimes do not send, whatever its value, and a difference in
    the bodies of answers that all runtimes refuse with one status.
    """
    name, place, _, code, facts, _ = key
    assert isinstance(facts, tuple)  # noqa: S101 - facts of the sides, each with its runtimes
    lacking = [runtimes for values, runtimes in facts if _ABSENT in values]
    if name == "header" and lacking:
        yield (name, place, repr(lacking)), 1
    one_status = statuses if len(set(statuses)) == 1 else ()
    if are_refused_by_all(one_status) and is_of_a_body(key):
        yield (name, place, code, repr(facts)), _ENOUGH


def is_of_a_body(key: Key) -> bool:
    """Return whether a cause is at a place in a body."""
    return str(key[1]).startswith("$")
