"""How much harm a difference does to a caller: what a report leads with."""

from typing import Final

from conformance.model.finding import DifferenceKind, Facet, Finding

DEAD, LOST, STATUS, SHAPE, HEADERS, LOOKS = range(1, 7)
"""Dead or failing · data lost or changed · another status · another shape · other headers · other looks."""
_FIRST_SERVER_ERROR: Final = 500
_LOST: Final = frozenset({"rounded-integer", "replaced-characters"})
_LOOKS: Final = frozenset({"charset-parameter", "line-ends", "text-vs-json-error"})


def harm_of(finding: Finding) -> int:
    """Return the harm of a finding, 1 being the most."""
    if finding.idiom in _LOOKS:
        return LOOKS
    if finding.kind is DifferenceKind.FAULT or _fails(finding):
        return DEAD
    if finding.idiom in _LOST or finding.kind is DifferenceKind.MEMBER or finding.facet is Facet.VALUE:
        return LOST if finding.idiom is None or finding.idiom in _LOST else SHAPE
    return {Facet.STATUS: STATUS, Facet.HEADERS: HEADERS}.get(finding.facet, SHAPE)


def _fails(finding: Finding) -> bool:
    """Tell whether a runtime answers with a server error where another does not."""
    if finding.kind is not DifferenceKind.STATUS:
        return False
    failing = [int(fact) >= _FIRST_SERVER_ERROR for pair in finding.pairs for fact in pair.facts]
    return any(failing) and not all(failing)
