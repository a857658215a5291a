"""A cause that was found, with its smallest forms."""

from msgspec import Struct, field

from conformance.fuzzing.form import FormStep
from conformance.fuzzing.oracle import Key
from conformance.fuzzing.probe import Probe
from conformance.model.finding import Finding
from conformance.model.rule import Rule


class FoundCause(Struct):
    """A cause with its smallest forms, and a finding that shows it.

    Each form is at another place of the requests.  `titles_by_form` are the titles of all causes
    that it shows, and `rules_by_form` those that it was asked with: what is learned later may be
    about what it shows.
    """

    key: Key
    title: str
    finding: Finding
    forms: list[Probe] = field(default_factory=list)
    titles_by_form: dict[tuple[FormStep, ...], frozenset[str]] = field(default_factory=dict)
    rules_by_form: dict[tuple[FormStep, ...], tuple[Rule, ...]] = field(default_factory=dict)
    shrunk: set[tuple[FormStep, ...]] = field(default_factory=set)

    @property
    def of_an_operation(self) -> bool:
        """Return whether the cause is one of a single operation.

        The opposite is an idiom that may show in all of them.
        """
        return bool(self.key[2])

    @property
    def operations(self) -> set[tuple[str, ...]]:
        """Return the operations of each form."""
        return {form.operations for form in self.forms}
