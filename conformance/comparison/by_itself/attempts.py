"""Names for the two attempts of one runtime, for differences of the runtime from itself."""

from typing import Final

from msgspec.structs import replace

from conformance.model.finding import Finding
from conformance.model.own_difference import OwnDifference

FIRST_ATTEMPT: Final = "first"
"""The name of the first attempt in findings about one runtime."""
SECOND_ATTEMPT: Final = "again"
"""The name of the second attempt in findings about one runtime."""


def with_attempts_named(own: OwnDifference) -> Finding:
    """Return the finding with `first` and `again` renamed to `go (first)` and `go (again)`."""
    names = {
        FIRST_ATTEMPT: f"{own.runtime} ({FIRST_ATTEMPT})",
        SECOND_ATTEMPT: f"{own.runtime} ({SECOND_ATTEMPT})",
    }
    sides = [
        replace(side, runtimes=tuple(names.get(name, name) for name in side.runtimes))
        for side in own.finding.sides
    ]
    sent = [
        tuple((names.get(name, name), text) for name, text in values) for values in own.finding.sent
    ]
    return replace(own.finding, sides=tuple(sides), sent=tuple(sent))
