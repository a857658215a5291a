"""Large bodies that are the same bytes are held once; nothing else of an answer changes."""

from conformance.model.observation import Cell, Fault, FaultKind, Observation
from conformance.model.shared_bodies import with_shared_bodies
from tests.comparison.differences import answer

LARGE = 64 << 10
FAULT = Fault(kind=FaultKind.RESET, phase="body", detail="", elapsed_ms=1.0)


def cell(runtime: str, *seen: Observation) -> Cell:
    """Return what a runtime did."""
    return Cell(runtime=runtime, live=True, observations=seen)


def test_alike_bodies_of_a_step_are_one() -> None:
    cells = [
        cell("a", answer(b"x" * LARGE), answer(b"x" * LARGE)),
        cell("b", answer(bytes(bytearray(b"x" * LARGE)), 404), FAULT),
        cell("c", answer(b"y" * LARGE), answer(b"")),
    ]
    shared = with_shared_bodies(cells)
    assert list(shared) == cells
    first, second, third = (each.answers[0].body for each in shared)
    assert first is second
    assert first is not third


def test_small_bodies_stay_as_they_are() -> None:
    cells = (cell("a", answer(b"{}")), cell("b", answer(b"{}"), FAULT))
    assert with_shared_bodies(cells) == cells
    assert with_shared_bodies(()) == ()
