"""Setup steps: steps of a probe whose ids later steps need.

Which forms of a setup step are refused, and which is the smallest accepted one, does not depend on
later steps. So it is found once, not again for each cause.
"""

from collections.abc import Iterator

from msgspec import Struct, field

from conformance.fuzzing.form import Form, captured_names, needed_names
from conformance.fuzzing.oracle import Outcome
from conformance.fuzzing.probe import Probe


class SetupSteps(Struct):
    """Forms that were refused as setup steps, and the smallest accepted form by usual form."""

    refused: set[Form] = field(default_factory=set)
    smallest: dict[Form, Form] = field(default_factory=dict)

    def are_refused(self, probe: Probe) -> bool:
        """Return whether a setup step of a probe is known to be refused."""
        forms = map(probe.form_at, setups_of(probe))
        return not self.refused.isdisjoint(forms)

    def note(self, outcome: Outcome) -> None:
        """Record the first setup step that every runtime refused."""
        for at in setups_of(outcome.probe):
            if not outcome.successes(at):
                self.refused.add(outcome.probe.form_at(at))
                return

    def with_smallest(self, probe: Probe) -> Probe:
        """Return the probe with the smallest known form of each setup step."""
        for at in setups_of(probe):
            form = probe.form_at(at)
            probe = probe.with_step(at, self.smallest.get(form, form))
        return probe

    def learn(self, probe: Probe, shrunk: Probe) -> None:
        """Record the shrunk forms of the setup steps, if the shrunk probe has as many steps."""
        if len(probe.steps) != len(shrunk.steps):
            return
        for at in setups_of(probe):
            self.smallest[probe.form_at(at)] = shrunk.form_at(at)


def setups_of(probe: Probe) -> Iterator[int]:
    """Yield the positions of the steps whose captures later steps need."""
    for at, step in enumerate(probe.steps):
        captured = captured_names([step])
        if not captured.isdisjoint(needed_names(probe.steps[at + 1 :])):
            yield at
