"""Things with fewer members, for requests that are refused about a thing that has them all.

What is archived, sold out or in the past may be made, and then nothing can be done with it.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from msgspec.structs import replace

from conformance.fuzzing.form import FormStep
from conformance.fuzzing.json_nodes import JsonObject
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe

Ask = Callable[[Probe], Awaitable[Outcome]]
Steps = Mapping[FormStep, FormStep]
"""Steps that make a thing, each with the one that takes its place."""


def with_steps(probe: Probe, others: Steps) -> Probe:
    """Return a probe with other steps in the place of some."""
    return replace(probe, steps=tuple(others.get(step, step) for step in probe.steps))


async def one_member_less(probe: Probe, least: Steps, ask: Ask) -> Steps:
    """Return which step has to make its thing without which member, so that a probe is accepted.

    Nothing where it has to lack more than one.
    """
    for step in filter(least.__contains__, probe.steps):
        for barer in _without_one(step, least[step]):
            others = {step: barer}
            if (await ask(with_steps(probe, others))).accepted():
                return others
    return {}


def _without_one(step: FormStep, least: FormStep) -> Iterator[FormStep]:
    """Yield a creating step without one of the members that the least one does not have."""
    body, needed = step.form.body, least.form.body
    if not isinstance(body, JsonObject) or not isinstance(needed, JsonObject):
        return
    for at, name in enumerate(body.names):
        if name not in needed.names:
            pairs = (*body.pairs[:at], *body.pairs[at + 1 :])
            yield replace(step, form=replace(step.form, body=JsonObject(pairs)))
