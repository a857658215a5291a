"""Triggers: what in a request makes runtimes differ.

With triggers, one defect that shows in many operations is reported once. A cause has its operation
in its key where no idiom explains it. So a parser that takes the first of two equal members, not
the last, makes a cause in each operation and at each member. Such causes have one trigger.
"""

import math
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product, repeat
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct, field

from conformance.fuzzing.features import (
    ALONE,
    NULL_ALONE,
    OTHER_NAME,
    TWICE,
    UNKNOWN_MEMBER,
    UNKNOWN_PARAMETER,
    Trigger,
    Usual,
    features_of,
)
from conformance.fuzzing.form import Form
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.oracle import Key
from conformance.fuzzing.pieces import Piece, last_name, parts_of, place_of, sent_types
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.sequels import (
    Effect,
    Sequels,
    Statuses,
    are_refused_by_all,
    as_success,
    is_refused,
    outcome_of,
)
from conformance.fuzzing.time_spellings import SPELLINGS
from conformance.model.finding import DifferenceKind, Finding

_PARSER_ENTRIES: Final = frozenset(
    {TWICE, "twice, alike", "members in another order", "no JSON numbers", "lone surrogates"}
)
"""Entries on how a text is parsed: one such defect has many effects."""
_NAME_ENTRIES: Final = frozenset(
    {
        OTHER_NAME,
        UNKNOWN_MEMBER,
        UNKNOWN_PARAMETER,
        "in brackets",
        "in capitals",
        "name escaped",
    }
)
_SYNTAX_ENTRIES: Final = _PARSER_ENTRIES | _NAME_ENTRIES | {ALONE, NULL_ALONE} | SPELLINGS
"""Entries on how any request is read, not on the meaning of one member."""
_NEXT_TO_BOUND: Final = re.compile(r"^((?:m|exclusiveM)(?:in|ax)[a-zA-Z]+) -?[0-9.]+$")
_AS_UNKNOWN: Final[Mapping[Trigger, Trigger]] = {
    ("query", "in brackets"): ("query", UNKNOWN_PARAMETER),
    ("query", "in capitals"): ("query", UNKNOWN_PARAMETER),
    ("body", OTHER_NAME): ("body", UNKNOWN_MEMBER),
}
"""Spellings of a name, each with the name that nobody knows."""
_SINGLE_CHANGE_STAGES: Final = frozenset({"value", "wire"})
"""Stages that change one part of a usual request."""
_HEADER: Final = "header "
_CONTENT_TYPE: Final = "content-type"
_ENOUGH_VALUES: Final = {_CONTENT_TYPE: 2, "method": 2, "path": math.inf}
"""How many found values of a part make all its further values known; for paths none do."""
_ROUTER_PARTS: Final = frozenset({"method", "path"})
_LEAST_DIFFERING: Final = 2
"""Number of different statuses from which on the runtimes differ in status."""


def syntax_of(probe: Probe) -> Trigger:
    """Return the part of the syntax or the wire form that a probe tries.

    Empty if it tries a value or a sequence.
    """
    where, entry = probe.where, probe.entry
    if probe.stage == "wire":
        is_header = where.startswith(_HEADER)
        return where, _header_value(probe) if is_header else entry
    if entry not in _SYNTAX_ENTRIES:
        return ()
    kind, _, _ = where.partition(" ")
    return kind, entry


def _syntaxes(probe: Probe) -> frozenset[Trigger]:
    """Return the syntax that a probe tries as a set; empty if it tries none."""
    return frozenset(filter(None, [syntax_of(probe)]))


def _header_value(probe: Probe) -> str:
    """Return the value of the header field that a probe tries, from its changed step on."""
    name = probe.where.removeprefix(_HEADER)
    last = len(probe.steps) - 1
    at = probe.operations.index(probe.target) if probe.target in probe.operations else last
    for step in probe.steps[at:]:
        value = step.form.header(name)
        if value is not None:
            return value
    return "absent"


def member_of(probe: Probe) -> Trigger:
    """Return the member or parameter that a probe changes, and the name of the value.

    All values next to one bound have the same name.
    """
    separator = "." if "." in probe.where else " "
    _, _, name = probe.where.rpartition(separator)
    return name, _NEXT_TO_BOUND.sub(r"\1", probe.entry)


class Triggers(Struct):
    """The triggers of found causes."""

    syntax: list[tuple[frozenset[Trigger], bool]] = field(default_factory=list)
    known_syntax: set[tuple[Trigger, tuple[str, ...]]] = field(default_factory=set)
    fields: dict[tuple[str, tuple[str, ...]], set[str]] = field(default_factory=dict)
    usual: dict[str, Usual] = field(default_factory=dict)
    members: set[tuple[Trigger, Effect]] = field(default_factory=set)
    sequels: Sequels = field(default_factory=Sequels)
    idioms: set[tuple[str, ...]] = field(default_factory=set)
    base_pieces: dict[str, frozenset[Piece]] = field(default_factory=dict)
    pieces: dict[str, list[tuple[frozenset[Piece], bool]]] = field(default_factory=dict)
    tried: set[frozenset[Piece]] = field(default_factory=set)

    def known(self, probe: Probe, key: Key, statuses: Statuses = ()) -> bool:
        """Return whether a new cause has the trigger of a known one, judged before it is shrunk.

        `statuses` are those of the request that shows the cause.
        """
        syntax = _syntaxes(probe)
        if not self.known_syntax.isdisjoint(product(syntax, [outcome_of(statuses)])):
            return True
        if self._is_known_syntax(syntax | self._oddities(probe), statuses):
            return True
        return not self.members.isdisjoint(_tried_members(probe, key))

    def _oddities(self, probe: Probe) -> frozenset[Trigger]:
        """Return what is unusual in a probe that changes one part: shrinking would keep it."""
        changes_one_part = probe.stage in _SINGLE_CHANGE_STAGES
        return features_of(probe, self.usual) if changes_one_part else frozenset()

    def repeats(self, probe: Probe, key: Key, statuses: Statuses) -> bool:
        """Return whether the syntax that a probe tries shows nothing more of a known cause.

        Spellings of paths and names show nothing more, because names are refused alike. For other
        syntax it must be known by its trigger, or by what is unusual in the request.
        """
        syntax = syntax_of(probe)
        if syntax[:1] == ("path",) or not _NAME_ENTRIES.isdisjoint(syntax):
            return True
        if not syntax:
            return False
        return self.known(probe, key, statuses) or self.known_features(probe, statuses)

    def _is_known_syntax(self, own: frozenset[Trigger], statuses: Statuses) -> bool:
        """Return whether what is unusual in a request is known with the same effect.

        The effect is whether a runtime refuses the request; for a parser any effect is the same. A
        header field is known with all values, if the statuses differ in the same way. A name that
        is spelled otherwise is one that is unknown as well.
        """
        own |= frozenset(filter(None, map(_AS_UNKNOWN.get, own)))
        parts = map(itemgetter(0), own)
        if any(map(partial(self._is_known_field, statuses=statuses), parts)):
            return True
        refused = is_refused(statuses)
        for known, before in self.syntax:
            is_same_effect = before == refused or _are_parser_entries(known)
            if is_same_effect and known <= own:
                return True
        return False

    def known_features(self, smallest: Probe, statuses: Statuses) -> bool:
        """Return whether what is unusual in a shrunk probe is known.

        A shrunk probe has only what the cause needs.
        """
        return self._is_known_syntax(features_of(smallest, self.usual), statuses)

    def _note_syntax(self, features: frozenset[Trigger], statuses: Statuses) -> None:
        self.syntax.append((features, is_refused(statuses)))
        if not _are_parted(statuses):
            return
        for where, *entries in filter(_is_field, features):
            self.fields.setdefault((where, outcome_of(statuses)), set()).update(entries)

    def _is_known_field(self, where: str, statuses: Statuses) -> bool:
        """Return whether enough values of a field were found with the same statuses.

        Two are enough for a content type or a method: then more than one type or method differs.
        One is enough for a method or path that all refuse, because a router refuses all alike.
        """
        is_router_refusal = where in _ROUTER_PARTS and are_refused_by_all(statuses)
        enough = 1 if is_router_refusal else _ENOUGH_VALUES.get(where, 1)
        return len(self.fields.get((where, outcome_of(statuses)), ())) >= enough

    def known_idiom(self, finding: Finding) -> bool:
        """Return whether an idiom was already found at a member of this name.

        Other values only show other facts of the idiom.
        """
        return finding.idiom is not None and _idiom_at(finding) in self.idioms

    def note_idiom(self, finding: Finding) -> None:
        """Record an idiom that was found, with the name of the member."""
        if finding.idiom is not None:
            self.idioms.add(_idiom_at(finding))

    def contained(self, smallest: Probe, statuses: Statuses = ()) -> bool:
        """Return whether a shrunk probe has all pieces of a known trigger, and more.

        The trigger is one of the same operation. One that all runtimes answer with the same status
        does not explain that statuses differ.
        """
        own, diverged = self._pieces(smallest), _are_parted(statuses)
        known = self.pieces.get(smallest.target, ())
        return any(own > pieces and parts >= diverged for pieces, parts in known)

    def known_in(self, probe: Probe) -> set[frozenset[Piece]]:
        """Return the tried values of a probe that showed a known cause, in any operation."""
        return self._tried_in(self._pieces(probe))

    def known_in_steps(self, probe: Probe) -> set[frozenset[Piece]]:
        """Return the tried values in any step of a probe that showed a known cause."""
        found = map(self._tried_in, map(parts_of, map(attrgetter("form"), probe.steps)))
        return self.known_in(probe).union(*found)

    def _tried_in(self, pieces: frozenset[Piece]) -> set[frozenset[Piece]]:
        return set(filter(pieces.issuperset, self.tried))

    def _note_tried(self, probe: Probe, smallest: Probe) -> None:
        """Record the tried values that are still in the shrunk probe."""
        usual = self.usual.get(probe.target)
        before = frozenset[Piece]() if usual is None else parts_of(usual.form)
        places = set(map(place_of, self._pieces(probe) - before))
        left = frozenset(each for each in self._pieces(smallest) if place_of(each) in places)
        if left:
            self.tried.add(left)

    def _pieces(self, probe: Probe) -> frozenset[Piece]:
        """Return the pieces of the tested request without those of the operation's base."""
        return parts_of(probe.steps[probe.own_from].form) - self.base_pieces.get(
            probe.target, frozenset()
        )

    def note_base(self, operation: str, form: Form) -> None:
        """Record the pieces of an operation's base, or of the first page of its list."""
        known = self.base_pieces.get(operation, frozenset())
        self.base_pieces[operation] = known | parts_of(form)

    def note_usual(self, operation: Operation, form: Form) -> None:
        """Record a valid request of an operation, with all accepted members."""
        self.usual[operation.id] = Usual(operation, form)

    def note_known(self, probe: Probe, statuses: Statuses) -> None:
        """Record that the syntax that a probe tries showed only a known cause, once shrunk."""
        self.known_syntax.update(product(_syntaxes(probe), [outcome_of(statuses)]))

    def add(self, probe: Probe, smallest: Probe, key: Key, statuses: Statuses = ()) -> None:
        """Record the trigger of a found cause."""
        syntax = _syntaxes(probe)
        for features in filter(None, (features_of(smallest, self.usual), syntax)):
            self._note_syntax(features, statuses)
        self.members.update(_tried_members(probe, key))
        if probe.stage == "value" and not syntax:
            self._note_value(probe, smallest, statuses)
        # A valid request that changes data counts as a sequence
        if probe.stage == "sequence" or not probe.locus:
            self.sequels.add(smallest, key, statuses)

    def _note_value(self, probe: Probe, smallest: Probe, statuses: Statuses) -> None:
        self._note_tried(probe, smallest)
        pieces = self._pieces(smallest)
        if pieces:
            noted = pieces, _are_parted(statuses)
            self.pieces.setdefault(smallest.target, []).append(noted)


def _tried_members(probe: Probe, key: Key) -> Iterator[tuple[Trigger, Effect]]:
    """Yield the header field or member that a probe tries, each with the effect of the cause."""
    is_syntax, effect = bool(syntax_of(probe)), _effect(key)
    if is_syntax and probe.where.startswith(_HEADER):
        yield (probe.where,), effect
    if probe.stage != "value":
        return
    if not is_syntax:
        yield member_of(probe), effect
    yield from zip(_kept(probe, key), repeat(()))


def _kept(probe: Probe, key: Key) -> Iterator[Trigger]:
    """Yield a member with the runtimes that keep the type it was sent with.

    For one member these runtimes are the same for each type. For null they are the same in all
    members of an operation, because a runtime ignores it each time.
    """
    name, place, _, _, facts, _ = key
    member, _ = member_of(probe)
    is_there = last_name(str(place)) == member
    if name != DifferenceKind.TYPE.value or not is_there:
        return
    sent = set(sent_types(probe, member))
    assert isinstance(facts, tuple)  # noqa: S101 - facts of the sides, each with its runtimes
    keeping = [runtimes for values, runtimes in facts if not sent.isdisjoint(values)]
    if not keeping:
        return
    words = {member, *sent.intersection({"null"})}
    yield from zip(repeat(probe.target), sorted(words), repeat(repr(keeping)))


def _idiom_at(finding: Finding) -> tuple[str, ...]:
    return finding.name, finding.place.rpartition(".")[2], *finding.runtimes


def _are_parted(statuses: Statuses) -> bool:
    """Return whether the runtimes answered with different statuses."""
    return len(set(statuses)) >= _LEAST_DIFFERING


def _is_field(feature: Trigger) -> bool:
    where, *_ = feature
    return where in {_CONTENT_TYPE, *_ROUTER_PARTS} or where.startswith(_HEADER)


def _are_parser_entries(features: frozenset[Trigger]) -> bool:
    return all(entry in _PARSER_ENTRIES for *_, entry in features)


def _effect(key: Key) -> Effect:
    """Return the effect of a cause, whatever the operation and the place.

    All success statuses are the same, because operations that create have another one.
    """
    name, _, _, code, facts, beside = key
    return name, code, as_success(repr((facts, beside)))
