"""How much harm a difference does to a caller: reports list the most harmful first."""

import enum
from itertools import chain
from operator import attrgetter
from typing import Final

from conformance.model.finding import DifferenceKind, Facet, Finding


class Harm(enum.IntEnum):
    """What a caller loses, in descending order."""

    DEAD = 1
    """No answer, or a failure where another runtime answers."""
    LOST = 2
    """Data lost or changed: digits, characters, members, items, values."""
    STATUS = 3
    SHAPE = 4
    HEADERS = 5
    LOOKS = 6
    """What only people read, or what nobody reads: charsets, line ends, messages of errors."""


_NOT_IMPLEMENTED: Final = 501
SERVER_ERRORS: Final = frozenset(
    str(status) for status in range(500, 600) if status != _NOT_IMPLEMENTED
)
"""Server errors that are failures, as facts; 501 is a refusal."""
_BY_FACET: Final = {Facet.STATUS: Harm.STATUS, Facet.HEADERS: Harm.HEADERS}


def harm_of(finding: Finding, of_idiom: Harm | None) -> Harm:
    """Return the harm of a finding; that of its idiom, if the idiom defines one."""
    if of_idiom is not None:
        return of_idiom
    if finding.kind is DifferenceKind.FAULT or _fails(finding):
        return Harm.DEAD
    if finding.idiom is None and _is_of_data(finding):
        return Harm.LOST
    return _BY_FACET.get(finding.facet, Harm.SHAPE)


def _is_of_data(finding: Finding) -> bool:
    """Return whether a member is missing, or a value differs."""
    return finding.kind is DifferenceKind.MEMBER or finding.facet is Facet.VALUE


def _fails(finding: Finding) -> bool:
    """Return whether one runtime answers with a server error and another does not."""
    if finding.kind is not DifferenceKind.STATUS:
        return False
    statuses = set(chain.from_iterable(map(attrgetter("facts"), finding.pairs)))
    # If all fail, as with two server errors, the difference costs a caller nothing
    return set() < statuses - SERVER_ERRORS < statuses
