"""Create resources with fewer members, for requests that a resource with all members refuses.

Example: a product that is created as archived or sold out cannot be ordered.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from msgspec.structs import replace

from conformance.fuzzing.form import FormStep
from conformance.fuzzing.json_nodes import JsonObject
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe

Send = Callable[[Probe], Awaitable[Outcome]]
Replacements = Mapping[FormStep, FormStep]
"""Steps that create a resource, each mapped to the step that replaces it."""


def with_steps(probe: Probe, others: Replacements) -> Probe:
    """Return the probe with some of its steps replaced."""
    return replace(probe, steps=tuple(others.get(step, step) for step in probe.steps))


async def one_member_less(probe: Probe, least: Replacements, send: Send) -> Replacements:
    """Return which creating step to replace by which one, so that a probe is accepted.

    The new step leaves out one member. `least` maps each creating step to the one with the fewest
    members. Empty where no single member is enough.
    """
    for step in filter(least.__contains__, probe.steps):
        for smaller in _without_one(step, least[step]):
            others = {step: smaller}
            if (await send(with_steps(probe, others))).accepted():
                return others
    return {}


def _without_one(step: FormStep, least: FormStep) -> Iterator[FormStep]:
    """Yield the creating step without one member, for each member that the least step lacks."""
    body, needed = step.form.body, least.form.body
    if not isinstance(body, JsonObject) or not isinstance(needed, JsonObject):
        return
    for at, name in enumerate(body.names):
        if name not in needed.names:
            pairs = (*body.pairs[:at], *body.pairs[at + 1 :])
            yield replace(step, form=replace(step.form, body=JsonObject(pairs)))
