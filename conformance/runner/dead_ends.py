"""Dead ends: why no further step of a case is sent to a runtime."""

from collections.abc import Mapping

from conformance.model.case import Step, step_name
from conformance.model.observation import DeadEnd, Fault, NotAsked, Observation
from conformance.model.template import KnownName, UnusableValueError


def failed_setup(
    number: int, step: Step, seen: Observation, known: Mapping[str, KnownName]
) -> DeadEnd | None:
    """Return the dead end after a step of the setup, or None if the step passed."""
    name = step_name(number)
    if isinstance(seen, Fault):
        return DeadEnd(
            step=number, name=name, wanted="an answer", got=f"{seen.kind.value}: {seen.detail}"
        )
    if isinstance(seen, NotAsked):
        return DeadEnd(step=number, name=name, wanted="an answer", got=seen.reason)
    from conformance.comparison.expectations.failures import first_mismatch  # noqa: PLC0415 - for setups only

    wrong = first_mismatch(step.expectation, seen, step.body, known)
    if wrong is None:
        return None
    where, wanted, got = wrong
    at = "" if where == "status" else f" at {where}"
    return DeadEnd(step=number, name=name, wanted=f"{wanted}{at}", got=got)


def unusable_value(number: int, error: UnusableValueError) -> DeadEnd:
    """Return the dead end for a value that cannot stand where the request has its name."""
    wanted = f"a value that can stand {error.slot.form.value}"
    got = f"one that cannot: {error}"
    return DeadEnd(step=number, name=error.slot.name, wanted=wanted, got=got)


def why_not(end: DeadEnd | None) -> str:
    """Return why a step is not sent, as text; empty without a dead end."""
    return f"{step_name(end.step)} wanted {end.wanted}, got {end.got}" if end else ""
