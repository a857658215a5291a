"""The two askings of one runtime, as its own differences name them."""

from typing import Final

from msgspec.structs import replace

from conformance.model.finding import Finding
from conformance.model.own_difference import OwnDifference

FIRST: Final = "first"
AGAIN: Final = "again"


def with_askings_named(own: OwnDifference) -> Finding:
    """Return a difference of a runtime from itself whose two askings are named after it."""
    names = {FIRST: f"{own.runtime} ({FIRST})", AGAIN: f"{own.runtime} ({AGAIN})"}
    sides = [
        replace(side, runtimes=tuple(names.get(name, name) for name in side.runtimes))
        for side in own.finding.sides
    ]
    sent = [
        tuple((names.get(name, name), text) for name, text in values) for values in own.finding.sent
    ]
    return replace(own.finding, sides=tuple(sides), sent=tuple(sent))
