"""Runtimes by hand, and the comparison of their answers to one step."""

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Cell, Fault, FaultKind, NotAsked, Observation
from conformance.model.verdict import Comparison
from tests.comparison.differences import answer
from tests.comparison.live_runs import case

FAULT = Fault(kind=FaultKind.RESET, phase="headers", detail="", elapsed_ms=1.0)


HANGS = Fault(kind=FaultKind.TIMEOUT_IDLE, phase="headers", detail="", elapsed_ms=1.0)


NOT_ASKED = NotAsked(reason="does not support it", unsupported=True)


Sides = tuple[tuple[str, ...], ...]


def cells(**seen: Observation) -> list[Cell]:
    """Return one-step cells, in the order in which their runtimes are listed."""
    return [
        Cell(runtime=name, live=True, observations=(observation,))
        for name, observation in seen.items()
    ]


def compared(
    baseline: str | None = None, level: CompareLevel = CompareLevel.SHAPE, **seen: Observation
) -> Comparison:
    """Compare one step."""
    return compare_case(case(compare=level), cells(**seen), baseline)


def without_faults(comparison: Comparison) -> list[Finding]:
    """Return the findings that are about answers."""
    return [finding for finding in comparison.findings if finding.kind is not DifferenceKind.FAULT]


def sides(finding: Finding) -> Sides:
    """Return who stands together."""
    return tuple(side.runtimes for side in finding.sides)


FULL, LESS, TEXT = (
    answer('{"x":1,"y":{"z":1}}'),
    answer('{"x":1}'),
    answer('{"x":"one","y":{"z":1}}'),
)
MISSING = answer('{"error":1}', 404)
