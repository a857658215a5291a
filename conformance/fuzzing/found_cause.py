"""A found cause with its smallest forms."""

from collections.abc import Iterable
from itertools import filterfalse
from operator import attrgetter

from msgspec import Struct, field

from conformance.fuzzing.form import FormStep
from conformance.fuzzing.oracle import Key
from conformance.fuzzing.probe import Probe
from conformance.model.finding import Finding
from conformance.model.rule import Rule
from conformance.noise.case_noise import is_about


class FoundCause(Struct):
    """A cause with its smallest forms, and a finding that shows it.

    Each form changes another place of the requests. By the steps of a form: `titles_by_form` are
    the titles of all causes that it shows, and `rules_by_form` are the rules that it was compared
    with.
    """

    key: Key
    title: str
    finding: Finding
    forms: list[Probe] = field(default_factory=list)
    titles_by_form: dict[tuple[FormStep, ...], frozenset[str]] = field(default_factory=dict)
    rules_by_form: dict[tuple[FormStep, ...], tuple[Rule, ...]] = field(default_factory=dict)
    shrunk: set[tuple[FormStep, ...]] = field(default_factory=set)

    @property
    def is_operation_specific(self) -> bool:
        """Return whether the cause belongs to one operation.

        Otherwise it is an idiom that may show in any operation.
        """
        return bool(self.key[2])

    def rules_for(self, form: Probe, learned: Iterable[Rule]) -> tuple[Rule, ...]:
        """Return the rules of a form, and those learned later that do not hide the cause."""
        known, place = self.rules_by_form[form.steps], self.finding.place
        later = filterfalse(known.__contains__, learned)
        harmless = (rule for rule in later if not is_about(rule, place))
        return (*known, *harmless)

    @property
    def operations(self) -> set[tuple[str, ...]]:
        """Return the operations of each form."""
        return set(map(attrgetter("operations"), self.forms))
