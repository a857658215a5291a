"""Evidence of a run about its runtimes, at places where they do not differ.

A proposed fix must not contradict it.

The kinds of evidence are a closed list.  Evidence is collected during a run, and stored in the
footer of the run's record.
"""

from msgspec import Struct, field


class ObjectMembers(Struct, frozen=True, order=True):
    """The names of the members of one or more objects.

    `differing` are members that differ, so that nothing is known about them.
    """

    names: tuple[str, ...]
    differing: tuple[str, ...] = ()


class RuntimeEvidence(Struct, frozen=True, kw_only=True):
    """What some runtimes sent alike.  A *route* is a method and a path, with ids replaced by `{}`.

    `empty_values` maps the name of a value that says "none" (`null`, `empty list`, `zero`, …) to
    the members that hold it; `layouts` maps `route status path` to the distinct objects there.
    Both are only from places where these runtimes differ from no other runtime.  `answered` has all
    statuses of a route, `agreed` those on which no runtimes differ.  `errors` are the forms of all
    errors (`JSON: code, message`, `HTML`, …), `agreed_errors` the forms of errors without any
    difference.
    """

    runtimes: tuple[str, ...]
    empty_values: dict[str, frozenset[str]] = field(default_factory=dict)
    layouts: dict[str, tuple[ObjectMembers, ...]] = field(default_factory=dict)
    answered: dict[str, frozenset[int]] = field(default_factory=dict)
    agreed: dict[str, frozenset[int]] = field(default_factory=dict)
    errors: frozenset[str] = frozenset()
    agreed_errors: frozenset[str] = frozenset()


class FixEvidence(Struct, frozen=True, kw_only=True, rename={"by_runtimes": "shown"}):
    """The evidence of a run; its record stores it as `shown`.

    `complete` is False if a bound was reached; then the evidence cannot reliably refute a fix.
    """

    complete: bool = True
    by_runtimes: tuple[RuntimeEvidence, ...] = ()

    def of(self, runtime: str) -> tuple[RuntimeEvidence, ...]:
        """Return all evidence about one runtime."""
        return tuple(evidence for evidence in self.by_runtimes if runtime in evidence.runtimes)
