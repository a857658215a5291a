"""Why nothing further of a case is asked of a runtime."""

from collections.abc import Mapping

from conformance.model.case import Step, step_name
from conformance.model.observation import DeadEnd, Fault, NotAsked, Observation
from conformance.model.template import KnownName, UnusableValueError


def failed_setup(
    number: int, step: Step, seen: Observation, known: Mapping[str, KnownName]
) -> DeadEnd | None:
    """Return why a case cannot go on after a step of its setup, if it cannot."""
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
    """Return that a value cannot stand where a request has its name."""
    wanted = f"a value that can stand {error.slot.form.value}"
    got = f"one that cannot: {error}"
    return DeadEnd(step=number, name=error.slot.name, wanted=wanted, got=got)


def why_not(end: DeadEnd | None) -> str:
    """Return why a step is not asked; nothing where nothing has ended."""
    return f"{step_name(end.step)} wanted {end.wanted}, got {end.got}" if end else ""
