"""Recognize causes: decide which causes of an outcome are new, and which are known or follow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import filterfalse, repeat
from operator import attrgetter
from typing import Final

from conformance.comparison.finding_titles import title_of
from conformance.distinct import distinct
from conformance.fuzzing.found_cause import FoundCause
from conformance.fuzzing.general_effects import GeneralEffects, is_of_a_body
from conformance.fuzzing.oracle import Key, Outcome, with_needed_captures
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.sequels import Effect, Statuses, effect_on_member
from conformance.fuzzing.triggers import Triggers, syntax_of
from conformance.model.finding import DifferenceKind, Finding

_MOST_FORMS: Final = 6
"""Most forms of a cause that are kept: each may be another defect with the same cause key."""
# An idiom shows at many places, and further forms of it are alike
_MOST_IDIOM_FORMS: Final = 3
_MOST_PLACES: Final = 8
"""Most places of requests at which a cause is investigated: more would only repeat its forms."""
_MOST_AT_PLACE: Final = 2
"""Most investigations of a cause at one place of a request: further values there are alike."""
_MOST_UNCONFIRMED: Final = 3
"""Failed confirmations after which a cause is taken for an effect of stored data."""


_OTHER_NUMBERS: Final = frozenset({DifferenceKind.IDENTITY.value, "off-by-one"})
"""Causes under which a wrong count shows if it is off by one or equals an id by chance."""
_NUMBERS: Final = _OTHER_NUMBERS | {DifferenceKind.VALUE.value}


class Recognition:
    """The causes that were found, and what makes further causes known.

    `base_keys` are the causes that the valid request of each operation shows,
    `reported_before` those of an earlier search. `unconfirmed` counts for each cause how often it
    was not confirmed.
    """

    def __init__(self) -> None:
        self.causes: dict[Key, FoundCause] = {}
        self.base_keys: dict[str, set[Key]] = {}
        self.reported_before: set[Key] = set()
        self.unconfirmed: Counter[Key] = Counter()
        self.triggers = Triggers()
        self._places: Counter[Key] = Counter()
        self._investigations: Counter[tuple[Key, str]] = Counter()
        self._investigated: set[tuple[Key, str, str]] = set()
        self._values: set[tuple[str, Effect]] = set()
        self._aliases: dict[Key, set[Key]] = {}
        self._general = GeneralEffects()

    def keys_of_bases(self, probe: Probe) -> tuple[Key, ...]:
        """Return the causes that the valid requests of a probe's operations show."""
        known = (self.base_keys.get(operation, ()) for operation in probe.operations)
        return distinct(known)

    def is_wanted(self, key: Key, outcome: Outcome) -> bool:
        """Return whether to investigate a cause: it is new, or may have a further form here."""
        probe = outcome.probe
        is_reported_elsewhere = key in outcome.known or key in self.reported_before
        if is_reported_elsewhere or self._is_investigated(probe, key):
            return False
        if probe.locus and key in self.keys_of_bases(probe):
            return False
        known = self.causes.get(key)
        if known is not None:
            return self._is_another_form(known, outcome)
        is_alias = not self._aliases.get(key, set()).isdisjoint(outcome.causes)
        return not is_alias and not self._is_explained(key, outcome)

    def _is_another_form(self, known: FoundCause, outcome: Outcome) -> bool:
        """Return whether an outcome may be a further form of a known cause."""
        probe, key = outcome.probe, known.key
        has_enough = len(known.forms) >= _most_forms_of(known)
        if has_enough or _holds_a_known_sequence(probe, known):
            return False
        if not known.is_operation_specific:
            return not syntax_of(probe)
        return not self.triggers.repeats(probe, key, outcome.statuses_at(key))

    def _is_investigated(self, probe: Probe, key: Key) -> bool:
        """Return whether a cause was investigated often enough, overall or at this place."""
        if (key, probe.locus, probe.entry) in self._investigated:
            return True
        count = self._investigations[key, _place_of(probe)]
        is_elsewhere = not count and self._places[key] >= _MOST_PLACES
        return is_elsewhere or count >= _MOST_AT_PLACE

    def _is_explained(self, key: Key, outcome: Outcome) -> bool:
        """Return whether a known cause or state explains a cause whose key is new."""
        probe = outcome.probe
        if self.unconfirmed[key] >= _MOST_UNCONFIRMED:
            return True
        statuses = outcome.statuses_at(key)
        if self.triggers.known(probe, key, statuses) or self._general.explain(key, statuses):
            return True
        is_known_value = key[0] in _OTHER_NUMBERS and _value_at(key, outcome) in self._values
        if is_known_value or _is_earlier_effect(key, outcome):
            return True
        return self._is_known_idiom(probe, outcome.causes[key])

    def note_investigation(self, probe: Probe, key: Key) -> None:
        """Record that a cause is investigated with a probe."""
        place = _place_of(probe)
        self._places[key] += not self._investigations[key, place]
        self._investigated.add((key, probe.locus, probe.entry))
        self._investigations[key, place] += 1

    def _is_known_idiom(self, probe: Probe, finding: Finding) -> bool:
        """Return whether a value in a body shows an idiom that another value has shown there.

        For a status each value counts as new.
        """
        is_in_body = finding.place.startswith("$")
        return probe.stage == "value" and is_in_body and self.triggers.known_idiom(finding)

    def is_known_sequence(self, shortest: Probe, key: Key, statuses: Statuses) -> bool:
        """Return whether a sequence shows no more of a cause than what was found before."""
        known = self.causes.get(key)
        if known is None:
            return self.triggers.sequels.has(shortest, key, statuses)
        return shortest.stage == "sequence" and shortest.operations in known.operations

    def is_alias(self, smallest: Probe, key: Key, step_of: Mapping[Key, int]) -> bool:
        """Return whether a shrunk probe shows a new cause in the same step as a known one.

        The known cause was shrunk to the same request, so both have one defect: an error may differ
        in text and in code. `step_of` has the step of each cause of the probe. Such a new cause is
        ignored in later outcomes that also show the known one.
        """
        if key in self.causes or not smallest.locus:
            return False
        step = step_of.get(key)
        same_step = filter(lambda other: step_of[other] == step, step_of)
        for cause in filter(None, map(self.causes.get, same_step)):
            if smallest.steps in cause.shrunk:
                self._aliases.setdefault(key, set()).add(cause.key)
                return True
        return False

    def stored_before(self, probe: Probe, key: Key, step_of: Mapping[Key, int]) -> frozenset[Key]:
        """Return the known causes in the answers to earlier changes of a probe.

        What is stored differs then already, so a further cause may follow from it. Causes of the
        valid requests are left out: they are in all probes.
        """
        usual, at = self.keys_of_bases(probe), step_of.get(key, 0)
        changing = frozenset(filter(at.__gt__, probe.changing_steps))
        known = filter(self.causes.__contains__, filterfalse(usual.__contains__, step_of))
        in_bodies = filter(is_of_a_body, known)
        return frozenset(each for each in in_bodies if step_of[each] in changing)

    def is_known_form(self, smallest: Probe, key: Key, statuses: tuple[int, ...]) -> bool:
        """Return whether a shrunk probe shows no more of a cause than what was found before."""
        if self.triggers.known_features(smallest, statuses):
            return True
        known = self.causes.get(key)
        if known is None:
            return self.triggers.contained(smallest, statuses)
        return smallest.steps in known.shrunk

    def has_form(self, probe: Probe, key: Key) -> bool:
        """Return whether a cause was found with the same requests."""
        return key in self.causes and probe.steps in self.causes[key].shrunk

    def add(self, first: Probe, outcome: Outcome, key: Key) -> FoundCause:
        """Record a cause, or a further form of a known one, and return it.

        `first` is the probe before it was shrunk.
        """
        finding = outcome.causes[key]
        cause = self.causes.setdefault(key, FoundCause(key, title_of(finding), finding))
        cause.shrunk.add(outcome.probe.steps)
        form = with_needed_captures(outcome)
        cause.forms.append(form)
        cause.titles_by_form[form.steps] = frozenset(map(title_of, outcome.causes.values()))
        cause.rules_by_form[form.steps] = outcome.case.rules
        cause.forms.sort(key=lambda form: form.size)
        # A finding of a known cause may hide another cause with the same trigger
        if len(cause.forms) == 1 or not syntax_of(first):
            self.triggers.add(first, outcome.probe, key, outcome.statuses_at(key))
        operation = outcome.probe.operations[finding.step]
        self._general.add(key, operation, outcome.statuses_at(key))
        self.triggers.note_idiom(finding)
        if key[0] in _NUMBERS:
            self._values.add(_value_at(key, outcome))
        return cause


def _holds_a_known_sequence(probe: Probe, known: FoundCause) -> bool:
    """Return whether a sequence contains the operations of a known form, with others between."""
    if probe.stage != "sequence":
        return False
    changes = set(map(probe.operations.__getitem__, probe.changing_steps))
    forms = filter(lambda form: form.stage == "sequence", known.forms)
    # With another change before it, the same request may be answered wrongly for another reason
    alike = filter(changes.issubset, map(attrgetter("operations"), forms))
    return any(map(_are_among, alike, repeat(probe.operations)))


def _are_among(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Return whether a sequence has all operations of another one, in the same order."""
    rest = iter(longer)
    return all(name in rest for name in shorter)


def _most_forms_of(cause: FoundCause) -> int:
    """Return how many forms of a cause are kept."""
    return _MOST_FORMS if cause.is_operation_specific else _MOST_IDIOM_FORMS


def _place_of(probe: Probe) -> str:
    """Return the place that a probe tries; in the wire stage each entry is a place of its own."""
    return f"{probe.locus} {probe.entry}" if probe.stage == "wire" else probe.locus


def _value_at(key: Key, outcome: Outcome) -> tuple[str, Effect]:
    """Return the operation that shows a cause, and the effect on a member as that of a value.

    A wrong count may be named as a value, as off by one, or as an id: it is one effect.
    """
    finding = outcome.causes[key]
    _, _, *rest = key
    as_value: Key = (DifferenceKind.VALUE.value, finding.place, *rest)
    return outcome.probe.operations[finding.step], effect_on_member(as_value)


def _is_earlier_effect(key: Key, outcome: Outcome) -> bool:
    """Return whether an earlier step has the same effect on a member.

    Example: a read after a change shows what the change stored.
    """
    at, effect = outcome.causes[key].step, effect_on_member(key)
    return any(
        finding.step < at and effect_on_member(other) == effect
        for other, finding in outcome.causes.items()
    )
