"""What a run shows of its runtimes at places where they do not differ.

A proposed fix must not contradict it.

The list is closed.  It is gathered while a run goes on, and is part of the footer of its record.
"""

from msgspec import Struct, field


class ObjectMembers(Struct, frozen=True, order=True):
    """The members of one or more objects: their names, and the members left out.

    Nothing is said of a member that differs between the objects.
    """

    names: tuple[str, ...]
    differing: tuple[str, ...] = ()


class RuntimeEvidence(Struct, frozen=True, kw_only=True):
    """What some runtimes sent alike.  A *route* is a method and a path, with ids replaced by `{}`.

    `empty_values` has, by the name of a value that says "none" (`null`, `empty list`, `zero`, …),
    the members that hold it; `layouts` the distinct objects, by `route status path`.  Both are of
    places at which these runtimes differ from nobody.  `answered` has all statuses of a route,
    `agreed` those on which nobody differs.  `errors` are the forms of all errors (`JSON: code,
    message`, `HTML`, …), `agreed_errors` the forms of those that differ in nothing.
    """

    runtimes: tuple[str, ...]
    empty_values: dict[str, frozenset[str]] = field(default_factory=dict)
    layouts: dict[str, tuple[ObjectMembers, ...]] = field(default_factory=dict)
    answered: dict[str, frozenset[int]] = field(default_factory=dict)
    agreed: dict[str, frozenset[int]] = field(default_factory=dict)
    errors: frozenset[str] = frozenset()
    agreed_errors: frozenset[str] = frozenset()


class FixEvidence(Struct, frozen=True, kw_only=True, rename={"by_runtimes": "shown"}):
    """The evidence of a run, which a record has under `shown`.

    It is `complete` unless a bound was reached, and then it refutes no fix reliably.
    """

    complete: bool = True
    by_runtimes: tuple[RuntimeEvidence, ...] = ()

    def of(self, runtime: str) -> tuple[RuntimeEvidence, ...]:
        """Return all evidence of one runtime."""
        return tuple(evidence for evidence in self.by_runtimes if runtime in evidence.runtimes)
