"""Probes: requests that are sent to every runtime to see whether the answers differ."""

from collections.abc import Iterable, Sequence
from operator import attrgetter, itemgetter

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import Place
from conformance.fuzzing.form import (
    Form,
    FormStep,
    captured_names,
    needed_ids,
    needed_names,
    step_of,
)
from conformance.model.case import SAFE_METHODS, Case, CompareLevel
from conformance.model.rule import Rule

SUITE = "fuzz"
TIMEOUT_MS = 5_000
"""Longest time for an exchange, in milliseconds: far more than a healthy service needs."""


class Probe(Struct, frozen=True):
    """Steps, the operation id of each step, and what is tried.

    What is tried is a `stage`, a `locus` (`OPERATION @ PLACE`) and an `entry`, the name of the
    value.
    """

    steps: tuple[FormStep, ...]
    operations: tuple[str, ...]
    stage: str
    locus: str = ""
    entry: str = ""

    @property
    def target(self) -> str:
        """Return the id of the operation under test: the named one, else that of the last step."""
        return self.locus.partition(" @ ")[0] or self.operations[-1]

    @property
    def where(self) -> str:
        """Return the place in the request where something is tried, such as `query page`."""
        return self.locus.partition(" @ ")[2]

    @property
    def own_from(self) -> int:
        """Return the position of the step that the probe tests; the steps before it are setup."""
        own = [at for at, each in enumerate(self.operations) if each == self.target]
        return max(own, default=len(self.steps) - 1)

    @property
    def size(self) -> tuple[int, int]:
        """Return how much there is to read: number of steps, then number of characters."""
        return len(self.steps), sum(map(attrgetter("form.size"), self.steps))

    @property
    def form(self) -> Form:
        """Return the request of the last step."""
        return self.form_at(-1)

    def form_at(self, at: int) -> Form:
        """Return the request of a step."""
        return self.steps[at].form

    @property
    def changing_steps(self) -> list[int]:
        """Return the positions of the steps that may change stored data."""
        return [at for at, step in enumerate(self.steps) if step.form.method not in SAFE_METHODS]

    @property
    def is_safe(self) -> bool:
        """Return whether no step may change stored data."""
        return not self.changing_steps

    @property
    def reads_all(self) -> bool:
        """Return whether it changes something, and reads without the id of a resource, as a list.

        What other probes have created may show in such a read.
        """
        reads = filter(_reads, self.steps)
        return not self.is_safe and not all(map(needed_ids, zip(reads)))

    def with_form(self, form: Form) -> "Probe":
        """Return the probe with another request in its last step."""
        return self.with_step(len(self.steps) - 1, form)

    def with_step(self, at: int, form: Form) -> "Probe":
        """Return the probe with another request in a step."""
        step = replace(self.steps[at], form=form)
        return replace(self, steps=(*self.steps[:at], step, *self.steps[at + 1 :]))

    def followed_by(self, steps: Sequence[tuple[FormStep, str]]) -> "Probe":
        """Return the probe with further steps at the end, each with its operation id."""
        further, names = map(itemgetter(0), steps), map(itemgetter(1), steps)
        return replace(self, steps=(*self.steps, *further), operations=(*self.operations, *names))

    def without_step(self, at: int) -> "Probe | None":
        """Return the probe without a step.

        None if a later step needs a capture of it, or no step would be left.
        """
        steps = (*self.steps[:at], *self.steps[at + 1 :])
        if not steps or not _are_captured_before_use(steps):
            return None
        operations = (*self.operations[:at], *self.operations[at + 1 :])
        return replace(self, steps=steps, operations=operations)

    def case(self, name: str, headers: Iterable[str], rules: Iterable[Rule]) -> Case:
        """Return the case that sends the probe."""
        return Case(
            suite=SUITE,
            name=name,
            place=Place(SUITE),
            steps=tuple(map(step_of, self.steps)),
            against=None,
            compare=CompareLevel.VALUE,
            headers=tuple(headers),
            rules=tuple(rules),
            isolated=True,
            timeout_ms=TIMEOUT_MS,
        )


def _reads(step: FormStep) -> bool:
    return step.form.method in SAFE_METHODS


def _are_captured_before_use(steps: Iterable[FormStep]) -> bool:
    """Return whether every placeholder is captured before a step uses it."""
    known: set[str] = set()
    for step in steps:
        if not needed_names([step]) <= known:
            return False
        known |= captured_names([step])
    return True
