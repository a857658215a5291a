"""The search: probes are asked, and what differs is repeated, shrunk and confirmed.

Known causes are skipped.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct, field

from conformance.comparison.sentences import title_of
from conformance.distinct import distinct
from conformance.fuzzing.confirmation import Confirmation
from conformance.fuzzing.coverage import Coverage
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.isolation import Isolation
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Key, Oracle, Outcome, with_needed_captures
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.shrinking import fewer_steps, shrunk
from conformance.fuzzing.triggers import Triggers, syntax_of
from conformance.model.finding import Finding

_MOST_FORMS: Final = 6
"""Forms of one cause that are kept: each may be another defect that one cause cannot tell from the
first.
"""
_MOST_FORMS_OF_AN_IDIOM: Final = 3
_MOST_LOOKS: Final = 8
"""How often one cause is looked at closely: its forms are alike then, or it cannot be shown again.
"""
_MOST_KEPT: Final = 1_000
"""Probes that are kept for the random stage, so that memory stays flat."""
_MOST_UNCONFIRMED: Final = 3
"""How often a cause may fail to show from a fresh state before it is taken for what the state alone
makes differ.
"""


class OverBudgetError(Exception):
    """The time or the number of requests is used up."""


class FoundCause(Struct):
    """A cause with its smallest forms, and a finding that shows it.

    Each form is at another place of the requests.
    """

    key: Key
    title: str
    finding: Finding
    forms: list[Probe] = field(default_factory=list)
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


class Limits(Struct, frozen=True, kw_only=True):
    """When a search ends: a point of the monotonic clock, and a number of requests.

    None is no limit.
    """

    deadline: float | None = None
    requests: int | None = None

    def are_reached(self, requests: int) -> bool:
        """Return whether a search that has sent so many requests has to end now."""
        if self.deadline is not None and time.monotonic() >= self.deadline:
            return True
        return self.requests is not None and requests >= self.requests


class Search:
    """Asks probes and keeps the causes that are found; `on_cause` is called for each new one."""

    def __init__(
        self,
        oracle: Oracle,
        isolation: Isolation,
        operations: Mapping[str, Operation],
        limits: Limits,
        on_cause: Callable[[FoundCause], None],
    ) -> None:
        self.oracle = oracle
        self.isolation = isolation
        self._confirmation = Confirmation(oracle, isolation, self.ask)
        self.coverage = Coverage()
        self.causes: dict[Key, FoundCause] = {}
        self.bases: dict[str, Probe] = {}
        self.base_keys: dict[str, set[Key]] = {}
        self.known_to_ledger: set[Key] = set()
        self.passed_by: set[Key] = set()
        self.unconfirmed: Counter[Key] = Counter()
        self._operations = operations
        self._limits = limits
        self._on_cause = on_cause
        self._looks: Counter[Key] = Counter()
        self._looked: set[tuple[Key, str, str]] = set()
        self.triggers = Triggers()
        self._deferred: list[Probe] = []
        self._signatures: set[tuple[object, ...]] = set()
        self.corpus: list[Probe] = []

    async def ask(self, probe: Probe) -> Outcome:
        """Ask a probe; raises OverBudgetError where the budget is used up."""
        if self._limits.are_reached(self.oracle.requests):
            raise OverBudgetError
        outcome = await self.oracle.ask(probe)
        self.isolation.touched |= not probe.is_safe
        self.isolation.dirty |= outcome.parted
        return outcome

    def pass_by(self, outcome: Outcome) -> None:
        """Take the causes of a probe for known: an earlier search has reported them."""
        self.passed_by.update(outcome.causes)

    async def attempt(self, probe: Probe) -> Outcome:
        """Ask a new probe, and look closely at each cause that it shows for the first time."""
        self.coverage.count(probe)
        outcome = await self.ask(probe)
        self._keep(outcome)
        if outcome.causes:
            await self._consider(outcome, defers=True)
        return outcome

    def _keep(self, outcome: Outcome) -> None:
        """Keep a probe for the random stage if it made runtimes do something new.

        New is what no earlier probe has made them do.
        """
        if outcome.signature not in self._signatures and len(self.corpus) < _MOST_KEPT:
            self._signatures.add(outcome.signature)
            self.corpus.append(outcome.probe)

    async def look_at_deferred(self) -> None:
        """Check what was seen only after a known cause.

        It may follow from that cause, or be another one.
        """
        waiting, self._deferred = self._deferred, []
        for probe in waiting:
            await self._consider(await self.ask(probe), defers=False)

    async def _consider(self, outcome: Outcome, *, defers: bool) -> None:
        self.known_to_ledger |= outcome.known
        if self._wanted(outcome):
            if self.isolation.dirty and self.isolation.possible:
                await self.isolation.fresh()
                outcome = await self.ask(outcome.probe)
            await self._consider_wanted(outcome, defers=defers)
        if self.isolation.dirty and self.isolation.cheap:
            await self.isolation.fresh()

    async def _consider_wanted(self, outcome: Outcome, *, defers: bool) -> None:
        probe, wanted = outcome.probe, self._wanted(outcome)
        if not wanted:
            return
        if await self._may_follow_from_state(probe):
            self.unconfirmed.update(wanted)
            return
        if defers and probe.locus and self._all_follow(wanted, outcome):
            self._deferred.append(probe)
            return
        for key in wanted:
            # A look at one cause may have made another one known
            if self._is_wanted(key, outcome):
                await self._look(probe, key)

    def _wanted(self, outcome: Outcome) -> list[Key]:
        """Return the causes of an outcome that are worth a look."""
        return [key for key in outcome.causes if self._is_wanted(key, outcome)]

    async def _may_follow_from_state(self, probe: Probe) -> bool:
        """Return whether a probe may differ only because stored data differs.

        This is for runtimes that hold different things and cannot be reset.

        They may where a thing is named by an id that a runtime has not given in the probe itself,
        and where the valid request of an operation, or of the path that is asked, now shows what it
        did not show at first.
        """
        if self.isolation.possible or not self.isolation.touched:
            return False
        if " @ path " in probe.locus:
            return True
        same = [name for name, each in self.bases.items() if _is_alike(each.form, probe.form)]
        for operation in dict.fromkeys((*probe.operations, *same)):
            base = self.bases.get(operation)
            if base is None:
                continue
            shown_now = (await self.ask(base)).causes.keys()
            if shown_now - self.base_keys.get(operation, set()):
                return True
        return False

    def _all_follow(self, wanted: list[Key], outcome: Outcome) -> bool:
        """Return whether all new causes show after a known one.

        The known one is not a cause of the steps' own requests.
        """
        known = outcome.causes.keys() - {*wanted, *self._keys_of_bases(outcome.probe)}
        if not known:
            return False
        first_known = min(outcome.causes[key].step for key in known)
        first_wanted = min(outcome.causes[key].step for key in wanted)
        return first_known <= first_wanted

    def _keys_of_bases(self, probe: Probe) -> tuple[Key, ...]:
        """Return the causes that the valid requests of the operations of a probe show."""
        return distinct(self.base_keys.get(operation, ()) for operation in probe.operations)

    def _is_wanted(self, key: Key, outcome: Outcome) -> bool:
        """Return whether a cause is new, or shows at another place with few forms so far.

        The place is one of a request.
        """
        probe = outcome.probe
        if key in outcome.known or key in self.passed_by:
            return False
        if (key, probe.locus, probe.entry) in self._looked or self._looks[key] >= _MOST_LOOKS:
            return False
        if probe.locus and key in self._keys_of_bases(probe):
            return False
        known = self.causes.get(key)
        if known is None:
            if self.unconfirmed[key] >= _MOST_UNCONFIRMED or self.triggers.known(probe, key):
                return False
            return not self._is_known_idiom(probe, outcome.causes[key])
        most = _MOST_FORMS if known.of_an_operation else _MOST_FORMS_OF_AN_IDIOM
        return len(known.forms) < most and not syntax_of(probe)

    def _is_known_idiom(self, probe: Probe, finding: Finding) -> bool:
        """Return whether a value shows an idiom that another value has shown there.

        Of statuses each counts.
        """
        is_in_body = finding.place.startswith("$")
        return probe.stage == "value" and is_in_body and self.triggers.known_idiom(finding)

    async def _look(self, probe: Probe, key: Key) -> None:
        """Ask a finding again, shrink it, confirm it and report it."""
        self._looks[key] += 1
        self._looked.add((key, probe.locus, probe.entry))
        if not await self._confirmation.shows_again(probe, key):
            self.unconfirmed[key] += 1
            return

        async def still_shows(smaller: Probe) -> bool:
            return key in (await self._confirmation.afresh(smaller)).causes

        shortest = await fewer_steps(probe, still_shows)
        if self._is_known_sequence(shortest, key):
            return
        smallest = await shrunk(shortest, still_shows, self._operations)
        if self._is_known_form(smallest, key):
            return
        outcome = await self._confirmation.confirmed(smallest, probe, key)
        if outcome is None:
            self.unconfirmed[key] += 1
        elif key not in self.causes or outcome.probe.steps not in self.causes[key].shrunk:
            self._report(probe, outcome, key)

    def _is_known_sequence(self, shortest: Probe, key: Key) -> bool:
        """Return whether a sequence shows no more of a cause than what was found before."""
        known = self.causes.get(key)
        if known is None:
            return self.triggers.known_change(shortest, key)
        return shortest.stage == "sequence" and shortest.operations in known.operations

    def _is_known_form(self, smallest: Probe, key: Key) -> bool:
        """Return whether a shrunk probe shows no more of a cause than what was found before."""
        known = self.causes.get(key)
        if known is None:
            return self.triggers.contained(smallest)
        return smallest.steps in known.shrunk

    def _report(self, first: Probe, outcome: Outcome, key: Key) -> None:
        finding, new = outcome.causes[key], key not in self.causes
        cause = self.causes.setdefault(key, FoundCause(key, title_of(finding), finding))
        cause.shrunk.add(outcome.probe.steps)
        cause.forms.append(with_needed_captures(outcome))
        cause.forms.sort(key=lambda form: form.size)
        self.triggers.add(first, outcome.probe, key)
        self.triggers.note_idiom(finding)
        if new:
            self._on_cause(cause)


def _is_alike(form: Form, other: Form) -> bool:
    """Return whether two requests ask the same of the same path.

    It does not matter which operations they were made of.
    """
    return (form.method, form.path) == (other.method, other.path)
