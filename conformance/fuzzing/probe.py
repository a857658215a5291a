"""A probe: requests for every runtime to see if they differ, and what is tried by it."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import Place
from conformance.fuzzing.form import Form, FormStep, needed_names, step_of
from conformance.model.case import SAFE_METHODS, Case, CompareLevel
from conformance.model.rule import Rule

SUITE = "fuzz"
TIMEOUT_MS = 5_000
"""How long an exchange may take, in milliseconds: much longer than a service takes that does not
hang.
"""


class Probe(Struct, frozen=True):
    """Steps, the operation id of each, and what is tried.

    What is tried is a stage, where in the request, and which value.
    """

    steps: tuple[FormStep, ...]
    operations: tuple[str, ...]
    stage: str
    locus: str = ""
    entry: str = ""

    @property
    def target(self) -> str:
        """Return the id of the operation that the probe is about.

        It is that of the step that was changed.
        """
        return self.locus.partition(" @ ")[0] or self.operations[-1]

    @property
    def size(self) -> tuple[int, int]:
        """Return how much there is to read: steps, then characters."""
        return len(self.steps), sum(step.form.size for step in self.steps)

    @property
    def is_safe(self) -> bool:
        """Return whether no step of it may change stored data."""
        return all(step.form.method in SAFE_METHODS for step in self.steps)

    def with_step(self, at: int, form: Form) -> "Probe":
        """Return the probe with another request for a step."""
        step = replace(self.steps[at], form=form)
        return replace(self, steps=(*self.steps[:at], step, *self.steps[at + 1 :]))

    def without_step(self, at: int) -> "Probe | None":
        """Return the probe without a step.

        None where a later one needs what it captures, or none is left.
        """
        left = (*self.steps[:at], *self.steps[at + 1 :])
        known = {capture.name for step in left for capture in step.captures}
        if not left or not needed_names(left) <= known or not _in_order(left):
            return None
        return replace(
            self, steps=left, operations=(*self.operations[:at], *self.operations[at + 1 :])
        )

    def case(self, name: str, headers: Iterable[str], rules: Iterable[Rule]) -> Case:
        """Return the case that asks it."""
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


def _in_order(steps: Iterable[FormStep]) -> bool:
    """Return whether every name is captured before it is used."""
    known: set[str] = set()
    for step in steps:
        if not needed_names([step]) <= known:
            return False
        known.update(capture.name for capture in step.captures)
    return True
