"""Search for causes: send probes; where answers differ, repeat, shrink and confirm.

Known causes are skipped.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import filterfalse
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.fuzzing.confirmation import Confirmation, Shown, step_of
from conformance.fuzzing.coverage import Coverage
from conformance.fuzzing.exhaustion import Exhaustion
from conformance.fuzzing.form import Form
from conformance.fuzzing.found_cause import FoundCause
from conformance.fuzzing.further_forms import FurtherForms
from conformance.fuzzing.isolation import Isolation
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Key, Oracle, Outcome
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.recognition import Recognition
from conformance.fuzzing.search_limits import FuzzEndedError, Limits
from conformance.fuzzing.setup_steps import SetupSteps
from conformance.fuzzing.shrinking import StillShows, fewer_steps, shrunk
from conformance.fuzzing.usual_parts import without_usual_parts

_MOST_KEPT: Final = 1_000
"""Most probes that are kept for the random stage, so that memory does not grow."""
_MOST_BETWEEN_RESETS: Final = 5
"""Probes between two resets: few, so that a list shows new resources on its first page."""


class Search:
    """Send probes and collect the causes that are found.

    `on_cause` is called for each new cause. `bases` are the valid requests by operation id,
    `corpus` the probes kept for the random stage.
    """

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
        self._confirmation = Confirmation(oracle, isolation, self.send)
        self.coverage = Coverage()
        self.exhaustion = Exhaustion()
        self.known = Recognition()
        self.bases: dict[str, Probe] = {}
        self.known_to_ledger: set[Key] = set()
        self.is_under_test: Callable[[str], bool] = operations.__contains__
        self._operations = operations
        self._limits = limits
        self._on_cause = on_cause
        self._setups = SetupSteps()
        self._deferred: list[Probe] = []
        self._signatures: set[tuple[object, ...]] = set()
        self.corpus: list[Probe] = []
        self._since_reset = 0
        self.accepted_once: set[str] = set()
        self._causes_by_steps = Shown(self._confirmation, self._setups)
        self._forms = FurtherForms()

    async def send(self, probe: Probe, name: str = "") -> Outcome:
        """Send a probe; with `name` it gets the fresh names of that case.

        Raises FuzzEndedError where the time or the number of requests is used up.
        """
        self._end_if_over()
        outcome = await self.oracle.send(probe, name)
        self._note_touched([outcome])
        return outcome

    def _end_if_over(self) -> None:
        if self._limits.are_reached(self.oracle.requests):
            raise FuzzEndedError

    def _note_touched(self, outcomes: Sequence[Outcome]) -> None:
        self.exhaustion.note(outcomes, self.oracle.requests)
        self.isolation.touched |= not outcomes[-1].probe.is_safe
        self.isolation.dirty |= any(map(attrgetter("diverged"), outcomes))

    def mark_reported(self, outcome: Outcome) -> None:
        """Treat the causes of an outcome as known, because an earlier search has reported them."""
        self.known.reported_before.update(outcome.causes)

    async def attempt(self, probe: Probe) -> Outcome:
        """Send a new probe, and investigate each cause that it shows for the first time."""
        self.coverage.count(probe)
        await self._reset_if_due(probe)
        outcome = await self.send(probe)
        self._keep(outcome)
        if outcome.causes:
            await self._consider(outcome, defers=True)
        return outcome

    async def attempt_together(self, probes: Sequence[Probe]) -> None:
        """Send probes that share their setup as one case.

        A probe that shows something new is sent again alone, because alone no other probe before it
        can have changed the data.
        """
        if len(probes) == 1:
            await self.attempt(*probes)
            return
        self._end_if_over()
        await self._reset_if_due(probes[0])
        outcomes = await self.oracle.send_together(probes)
        self._note_touched(outcomes)
        for outcome in outcomes:
            if self._wanted(outcome) or not outcome.was_answered:
                await self.attempt(outcome.probe)
            else:
                self.coverage.count(outcome.probe)
                self._keep(outcome)
                self.known_to_ledger |= outcome.known
        await self._make_equal()

    async def _make_equal(self) -> None:
        """Reset runtimes that may hold different data, where no restart is needed for it."""
        if self.isolation.dirty and self.isolation.cheap:
            await self.isolation.reset()

    async def send_usual(self, operation: str, probe: Probe, entry: str = "") -> Outcome:
        """Send a valid request; its causes are then known for all other probes of its operation.

        One that is not confirmed from a fresh state does not: a list may be empty then.
        """
        self._since_reset = _MOST_BETWEEN_RESETS  # what earlier probes have left is no usual answer
        outcome = await self.attempt(replace(probe, stage="value", entry=entry))
        confirmed = filterfalse(self.known.unconfirmed.__contains__, outcome.causes)
        self.known.base_keys.setdefault(operation, set()).update(confirmed)
        return outcome

    async def _reset_if_due(self, probe: Probe) -> None:
        """Reset the runtimes after some probes, where each is reset by one request.

        Long lists are slow, and new resources disappear from their first page. A list that is
        filled needs a reset, and so does what is accepted only once, as a booking of a time.
        """
        self._since_reset += 1
        is_due = self._since_reset >= _MOST_BETWEEN_RESETS or self.needs_reset(probe)
        if is_due and self.isolation.touched:
            self._since_reset = 0
            if self.isolation.instant:
                await self.isolation.reset()

    def needs_reset(self, probe: Probe) -> bool:
        """Return whether an earlier request may show in a probe, or have taken what it asks for."""
        return probe.reads_all or not self.accepted_once.isdisjoint(probe.operations)

    async def send_fresh(self, probe: Probe) -> Outcome:
        """Send a probe, from a fresh state where it needs one and one request resets.

        The answers are not compared, so the runtimes may hold different data after a change.
        """
        if self.needs_reset(probe) and self.isolation.instant:
            await self.isolation.reset_if_touched()
        self._end_if_over()
        outcome = await self.oracle.try_out(probe)
        self._note_touched([outcome])
        self.isolation.dirty |= not probe.is_safe
        return outcome

    def _keep(self, outcome: Outcome) -> None:
        """Keep a probe for the random stage if the signature of its outcome is new."""
        is_new = outcome.signature not in self._signatures
        if is_new and len(self.corpus) < _MOST_KEPT:
            self._signatures.add(outcome.signature)
            self.corpus.append(outcome.probe)

    async def investigate_deferred(self) -> None:
        """Investigate the probes whose new cause was seen only after a known cause."""
        waiting, self._deferred = self._deferred, []
        for probe in waiting:
            await self._consider(await self.send(probe), defers=False)

    async def look_at_late_forms(self) -> None:
        """Investigate the forms that wait, if the search soon ends."""
        if self._limits.are_near(self.oracle.requests):
            await self.look_at_forms()

    async def look_at_forms(self) -> None:
        """Investigate the probes that may show a further form of a known cause."""
        self._forms.waits = False
        for probe in self._forms.taken():
            await self._consider(await self.send(probe), defers=False)
        self._forms.waits = True

    async def _consider(self, outcome: Outcome, *, defers: bool) -> None:
        self.known_to_ledger |= outcome.known
        if self._wanted(outcome):
            again = await self._from_fresh_state(outcome)
            await self._consider_wanted(again, defers=defers)
        await self._make_equal()

    async def _from_fresh_state(self, outcome: Outcome) -> Outcome:
        """Send a probe again from a fresh state, where that is cheap or needed.

        A cause that is gone then counts as unconfirmed, unless the probe now shows other causes.
        """
        isolation = self.isolation
        may_restart = isolation.dirty and isolation.possible
        if not isolation.cheap and not may_restart:
            return outcome
        await isolation.reset()
        again = await self.send(outcome.probe)
        gone = [key for key in self._wanted(outcome) if key not in again.causes]
        for key in gone:
            self.known.note_investigation(outcome.probe, key)
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
        self._causes_by_steps.steps_of.clear()
        for key in wanted:
            # Investigating one cause may have made another one known
            if self.known.is_wanted(key, outcome):
                await self._investigate(outcome, key)

    def _wanted(self, outcome: Outcome) -> list[Key]:
        """Return the causes of an outcome that are worth investigating now.

        Causes at operations only for setup are not. Further forms of known causes wait.
        """
        names, causes = outcome.probe.operations, outcome.causes
        tested = [key for key, finding in causes.items() if self.is_under_test(names[finding.step])]
        wanted = [key for key in tested if self.known.is_wanted(key, outcome)]
        if not self._forms.waits:
            return wanted
        self._forms.put_off(outcome.probe, filter(self.known.causes.__contains__, wanted))
        return list(filterfalse(self.known.causes.__contains__, wanted))

    async def _may_follow_from_state(self, probe: Probe) -> bool:
        """Return whether a probe may differ only because the runtimes hold different data.

        This can be so only where they cannot be reset. It is assumed where the probe changes an id
        in the path, or where a valid request of the same operation or path now shows a cause that
        it did not show at first.
        """
        if self.isolation.possible or not self.isolation.touched:
            return False
        if " @ path " in probe.locus:
            return True
        same = [name for name, each in self.bases.items() if _is_alike(each.form, probe.form)]
        related = dict.fromkeys((*probe.operations, *same))
        # Without a first answer, as for the valid request itself, there is nothing to compare with
        comparable = self.bases.keys() & self.known.base_keys.keys()
        for operation in filter(comparable.__contains__, related):
            first_causes = self.known.base_keys[operation]
            causes = (await self.send(self.bases[operation])).causes.keys()
            if causes - first_causes:
                return True
        return False

    def _all_follow(self, wanted: list[Key], outcome: Outcome) -> bool:
        """Return whether all new causes show at the step of a known one of no valid request."""
        known = outcome.causes.keys() - {*wanted, *self.known.keys_of_bases(outcome.probe)}
        if not known:
            return False
        return outcome.first_step(known) <= outcome.first_step(wanted)

    def _cause_change_check(self, probe: Probe) -> Callable[[Probe], bool]:
        """Return a function that says whether a smaller probe may show another cause.

        It may if a setup step is refused, or if a simpler value shows a known cause with its key.
        """
        needs_setup = not self._setups.are_refused(probe)
        known_in = self.known.triggers.known_in
        own = self.known.triggers.known_in_steps(probe)

        def may_change_cause(smaller: Probe) -> bool:
            is_refused = needs_setup and self._setups.are_refused(smaller)
            return is_refused or not known_in(smaller) <= own

        return may_change_cause

    async def _with_plain_parts(self, probe: Probe, still_shows: StillShows) -> Probe:
        """Return a probe with smaller setup steps and fewer usual parts, if it shows the cause."""
        usual, least = self.known.triggers.usual, self.bases
        without_usual = partial(without_usual_parts, usual=usual, least=least)
        for simplify in (self._setups.with_smallest, without_usual):
            smaller = simplify(probe)
            if smaller != probe and await still_shows(smaller):
                probe = smaller
        return probe

    async def _investigate(self, first: Outcome, key: Key) -> None:
        """Investigate a cause: repeat it, shrink its probe, confirm it and report it."""
        probe = first.probe
        self.known.note_investigation(probe, key)
        if not await self._confirmation.shows_again(first, key):
            self.known.unconfirmed[key] += 1
            return

        may_change_cause = self._cause_change_check(probe)
        stored_before = self.known.stored_before
        own = stored_before(probe, key, step_of(first))

        async def still_shows(smaller: Probe) -> bool:
            if may_change_cause(smaller):
                return False
            causes = await self._causes_by_steps.by(smaller)
            return key in causes and stored_before(smaller, key, causes) <= own

        shortest = await fewer_steps(probe, still_shows, first.causes[key].step)
        statuses = first.statuses_at(key)
        if self.known.is_known_sequence(shortest, key, statuses):
            return
        plain = await self._with_plain_parts(shortest, still_shows)
        smallest = await shrunk(plain, still_shows, self._operations)
        self._setups.learn(shortest, smallest)
        causes = self._causes_by_steps.steps_of.get(smallest.steps, step_of(first))
        if self.known.is_alias(smallest, key, causes) or stored_before(smallest, key, causes):
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


def _is_alike(form: Form, other: Form) -> bool:
    """Return whether two requests have the same method and path, of whatever operation."""
    return (form.method, form.path) == (other.method, other.path)
