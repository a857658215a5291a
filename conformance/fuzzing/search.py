"""The search: probes are asked, and what differs is repeated, shrunk and confirmed.

Known causes are skipped.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import filterfalse
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.confirmation import Confirmation
from conformance.fuzzing.coverage import Coverage
from conformance.fuzzing.form import Form, FormStep
from conformance.fuzzing.found_cause import FoundCause
from conformance.fuzzing.isolation import Isolation
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Key, Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.recognition import Recognition
from conformance.fuzzing.search_limits import FuzzEndedError, Limits
from conformance.fuzzing.setup_steps import SetupSteps
from conformance.fuzzing.shrinking import StillShows, fewer_steps, shrunk
from conformance.fuzzing.standstill import Standstill
from conformance.fuzzing.usual_parts import without_usual_parts

_MOST_KEPT: Final = 1_000
"""Probes that are kept for the random stage, so that memory stays flat."""
_MOST_BETWEEN_RESETS: Final = 5
"""Probes between two resets: few enough that the first page of a list holds what they create."""


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
        self.standstill = Standstill()
        self.known = Recognition()
        self.bases: dict[str, Probe] = {}
        self.known_to_ledger: set[Key] = set()
        self.is_asked: Callable[[str], bool] = operations.__contains__
        self._operations = operations
        self._limits = limits
        self._on_cause = on_cause
        self._setups = SetupSteps()
        self._deferred: list[Probe] = []
        self._signatures: set[tuple[object, ...]] = set()
        self.corpus: list[Probe] = []
        self._since_reset = 0
        self._shown: dict[tuple[FormStep, ...], dict[Key, int]] = {}

    async def ask(self, probe: Probe, name: str = "") -> Outcome:
        """Ask a probe, with the fresh names of a case if one is named.

        Raises FuzzEndedError where the budget is used up.
        """
        self._end_if_over()
        outcome = await self.oracle.ask(probe, name)
        self._note_touched([outcome])
        return outcome

    def _end_if_over(self) -> None:
        if self._limits.are_reached(self.oracle.requests):
            raise FuzzEndedError

    def _note_touched(self, outcomes: Sequence[Outcome]) -> None:
        self.standstill.note(outcomes, self.oracle.requests)
        self.isolation.touched |= not outcomes[-1].probe.is_safe
        self.isolation.dirty |= any(map(attrgetter("parted"), outcomes))

    def pass_by(self, outcome: Outcome) -> None:
        """Take the causes of a probe for known: an earlier search has reported them."""
        self.known.passed_by.update(outcome.causes)

    async def attempt(self, probe: Probe) -> Outcome:
        """Ask a new probe, and look closely at each cause that it shows for the first time."""
        self.coverage.count(probe)
        await self._forget()
        outcome = await self.ask(probe)
        self._keep(outcome)
        if outcome.causes:
            await self._consider(outcome, defers=True)
        return outcome

    async def attempt_together(self, probes: Sequence[Probe]) -> None:
        """Ask probes that have their setup in common; what may show something is attempted alone.

        Alone it has no other one before it, which may have left something else behind.
        """
        if len(probes) == 1:
            await self.attempt(*probes)
            return
        self._end_if_over()
        await self._forget()
        outcomes = await self.oracle.ask_together(probes)
        self._note_touched(outcomes)
        for outcome in outcomes:
            has_new_cause = bool(self._wanted(outcome))
            if has_new_cause or not outcome.was_answered:
                await self.attempt(outcome.probe)
            else:
                self.coverage.count(outcome.probe)
                self._keep(outcome)
                self.known_to_ledger |= outcome.known
        await self._make_equal()

    async def _make_equal(self) -> None:
        """Reset runtimes that may hold different things, where that takes no start of one."""
        if self.isolation.dirty and self.isolation.cheap:
            await self.isolation.fresh()

    async def ask_usual(self, operation: str, probe: Probe, entry: str = "") -> Outcome:
        """Attempt a valid request: what it shows is known of all others of its operation.

        What does not show from a fresh state is not: a list may be empty then.
        """
        outcome = await self.attempt(replace(probe, stage="value", entry=entry))
        confirmed = filterfalse(self.known.unconfirmed.__contains__, outcome.causes)
        self.known.base_keys.setdefault(operation, set()).update(confirmed)
        return outcome

    async def _forget(self) -> None:
        """Reset runtimes that take one request for it, before they hold too many things.

        A list shows its first page, so that what is new is no longer seen in a long one, and long
        ones take long.
        """
        self._since_reset += 1
        if self._since_reset >= _MOST_BETWEEN_RESETS and self.isolation.touched:
            self._since_reset = 0
            if self.isolation.instant:
                await self.isolation.fresh()

    def _keep(self, outcome: Outcome) -> None:
        """Keep a probe for the random stage if it made runtimes do something new.

        New is what no earlier probe has made them do.
        """
        signature = outcome.signature
        is_new = signature not in self._signatures
        if is_new and len(self.corpus) < _MOST_KEPT:
            self._signatures.add(signature)
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
            again = await self._from_fresh_state(outcome)
            await self._consider_wanted(again, defers=defers)
        await self._make_equal()

    async def _from_fresh_state(self, outcome: Outcome) -> Outcome:
        """Return what a probe shows from a fresh state, from which it is asked again.

        It may show the same by another cause there: what an earlier probe has made has no name.
        """
        isolation = self.isolation
        is_worth_a_start = isolation.dirty and isolation.possible
        if not isolation.cheap and not is_worth_a_start:
            return outcome
        await isolation.fresh()
        again = await self.ask(outcome.probe)
        gone = [key for key in self._wanted(outcome) if key not in again.causes]
        for key in gone:
            self.known.note_look(outcome.probe, key)
        has_others = bool(again.causes.keys() - outcome.causes.keys())
        if not has_others:
            self.known.unconfirmed.update(gone)
        return again

    async def _consider_wanted(self, outcome: Outcome, *, defers: bool) -> None:
        probe, wanted = outcome.probe, self._wanted(outcome)
        if not wanted:
            return
        if await self._may_follow_from_state(probe):
            self.known.unconfirmed.update(wanted)
            return
        if defers and probe.locus and self._all_follow(wanted, outcome):
            self._deferred.append(probe)
            return
        self._shown.clear()
        for key in wanted:
            # A look at one cause may have made another one known
            if self.known.is_wanted(key, outcome):
                await self._look(outcome, key)

    def _wanted(self, outcome: Outcome) -> list[Key]:
        """Return the causes of an outcome that are worth a look.

        An operation that only makes what others need has none.
        """
        names, causes = outcome.probe.operations, outcome.causes
        asked = [key for key, finding in causes.items() if self.is_asked(names[finding.step])]
        return [key for key in asked if self.known.is_wanted(key, outcome)]

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
        asked = dict.fromkeys((*probe.operations, *same))
        # Without a first answer, as for the valid request itself, no later one can be compared
        comparable = self.bases.keys() & self.known.base_keys.keys()
        for operation in filter(comparable.__contains__, asked):
            shown_first = self.known.base_keys[operation]
            shown_now = (await self.ask(self.bases[operation])).causes.keys()
            if shown_now - shown_first:
                return True
        return False

    def _all_follow(self, wanted: list[Key], outcome: Outcome) -> bool:
        """Return whether all new causes show after a known one.

        The known one is not a cause of the steps' own requests.
        """
        known = outcome.causes.keys() - {*wanted, *self.known.keys_of_bases(outcome.probe)}
        if not known:
            return False
        return outcome.first_step(known) <= outcome.first_step(wanted)

    def _what_leads_astray(self, probe: Probe) -> Callable[[Probe], bool]:
        """Return what tells smaller probes that may show a cause for another reason.

        What shows where a setup step is refused needs no setup.  A value that is made simpler may
        show a known cause that has the same key.
        """
        needs_setup = not self._setups.are_refused(probe)
        known_in = self.known.triggers.known_in
        own = known_in(probe)

        def leads_astray(smaller: Probe) -> bool:
            is_refused = needs_setup and self._setups.are_refused(smaller)
            return is_refused or not known_in(smaller) <= own

        return leads_astray

    async def _with_plain_parts(self, probe: Probe, still_shows: StillShows) -> Probe:
        """Return a probe with known small setup steps, and without what is as usual.

        Both are as far as the cause still shows.
        """
        usual, least = self.known.triggers.usual, self.bases
        without_usual = partial(without_usual_parts, usual=usual, least=least)
        for made_smaller in (self._setups.with_smallest, without_usual):
            smaller = made_smaller(probe)
            if smaller != probe and await still_shows(smaller):
                probe = smaller
        return probe

    async def _look(self, first: Outcome, key: Key) -> None:
        """Ask a finding again, shrink it, confirm it and report it."""
        probe = first.probe
        self.known.note_look(probe, key)
        if not await self._confirmation.shows_again(first, key):
            self.known.unconfirmed[key] += 1
            return

        leads_astray = self._what_leads_astray(probe)

        async def still_shows(smaller: Probe) -> bool:
            return not leads_astray(smaller) and key in await self._shown_by(smaller)

        shortest = await fewer_steps(probe, still_shows)
        statuses = first.statuses_at(key)
        if self.known.is_known_sequence(shortest, key, statuses):
            return
        plain = await self._with_plain_parts(shortest, still_shows)
        smallest = await shrunk(plain, still_shows, self._operations)
        self._setups.learn(shortest, smallest)
        if self.known.is_face(smallest, key, self._shown.get(smallest.steps, {})):
            return
        if self.known.is_known_form(smallest, key, statuses):
            self.known.triggers.note_known(probe, statuses)
            return
        outcome = await self._confirmation.confirmed(smallest, probe, key)
        if outcome is None:
            self.known.unconfirmed[key] += 1
        elif not self.known.has_form(outcome.probe, key):
            new = key not in self.known.causes
            cause = self.known.add(probe, outcome, key)
            if new:
                self._on_cause(cause)

    async def _shown_by(self, smaller: Probe) -> dict[Key, int]:
        """Return the causes that a smaller probe shows, each with the step that shows it.

        Causes of one probe are mostly made smaller in the same way, so each probe is asked once.
        """
        step_of = self._shown.get(smaller.steps)
        if step_of is None:
            outcome = await self._confirmation.from_fresh_state(smaller)
            self._setups.note(outcome)
            steps = map(attrgetter("step"), outcome.causes.values())
            step_of = dict(zip(outcome.causes, steps, strict=True))
            self._shown[smaller.steps] = step_of
        return step_of


def _is_alike(form: Form, other: Form) -> bool:
    """Return whether two requests ask the same of the same path.

    It does not matter which operations they were made of.
    """
    return (form.method, form.path) == (other.method, other.path)
