"""Adds up the evidence about runtimes with equal answers, answer by answer.

Memory is bounded: past the bound there is no evidence.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sized
from itertools import chain, repeat
from typing import Any, Final, TypeVar

from msgspec import Struct, field

from conformance.comparison.difference import printable
from conformance.comparison.evidence.differing import DIFFERS_NOWHERE, Differing, readable_pieces
from conformance.comparison.evidence.error_forms import error_form
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.comparison.values.columns import is_container
from conformance.comparison.values.zero_values import zero_name
from conformance.model.evidence import ObjectMembers, RuntimeEvidence
from conformance.model.json_path import ANY_ELEMENT, JsonPath, render_path
from conformance.model.observation import Answer

_Entry = TypeVar("_Entry", bound=Hashable)
MAX_ENTRIES: Final = 5_000
"""The largest number of entries of each kind: empty members, objects, routes and error forms."""
_CHECKED_EVERY: Final = 100
"""The number of answers between two checks of the bound, as counting all entries is slow."""
_MAX_MEMBERS: Final = 50
"""Objects with more members are taken for maps, whose names are data."""

_EMPTY_NAMES: Final[Mapping[type, str]] = {
    type(None): "null",
    float: "zero",
    bool: zero_name(False),  # noqa: FBT003 - a value
    int: zero_name(0),
    str: zero_name(""),
    list: zero_name([]),
    dict: zero_name({}),
}
"""The name of the empty value of each type, as in the facts of idioms about empty values."""
_NOTHING: Final[tuple[None, JsonPath]] = (None, ())
"""Replaces the first piece of a body that has none."""
_STATUS: Final = "status"
"""The place of a status."""
_OF_WHOLE_BODIES: Final = frozenset({_STATUS, "kind"})
"""Places at which a finding leaves nothing of the body comparable."""
_NONE: Final[frozenset[str]] = frozenset()
_Objects = set[tuple[frozenset[str], frozenset[str]]]
"""Distinct objects at one place: the names of all members, and of those that differ."""
_Where = tuple[str, int]
"""A route and a status."""


class RuntimeTally(Struct):
    """The evidence about runtimes with equal answers; members as in `RuntimeEvidence`.

    `objects` are those of this run, and become `layouts` in the evidence.  `complete` is False once
    a bound is reached.
    """

    empty_values: dict[str, set[str]] = field(default_factory=dict)
    objects: dict[_Where, dict[JsonPath, _Objects]] = field(default_factory=dict)
    answered: dict[str, set[int]] = field(default_factory=dict)
    agreed: dict[str, set[int]] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)
    agreed_errors: set[str] = field(default_factory=set)
    layouts: dict[str, set[ObjectMembers]] = field(default_factory=dict)
    complete: bool = True
    _taken: int = 0

    def add(self, route: str, answer: Answer, differing: Differing) -> None:
        """Add an answer to a route; `differing` is where it differs from other answers."""
        if not self.complete:
            return
        self.answered.setdefault(route, set()).add(answer.status)
        if _STATUS not in differing.parts:
            self.agreed.setdefault(route, set()).add(answer.status)
        pieces = readable_pieces(answer.body)
        first = next(pieces, _NOTHING)
        if answer.status >= FIRST_ERROR:
            self._add_error(error_form(answer, first[0]), differing)
        is_json = first is not _NOTHING
        if is_json and _OF_WHOLE_BODIES.isdisjoint(differing.parts):
            self._add_pieces((route, answer.status), chain([first], pieces), differing)
        self._taken += 1
        if self._taken % _CHECKED_EVERY == 0:
            self._stop_at_the_bound()

    def _add_error(self, form: str, differing: Differing) -> None:
        """Add the form of an error."""
        self.errors.add(form)
        if not any((differing.parts, differing.paths)):
            self.agreed_errors.add(form)

    def _add_pieces(
        self, where: _Where, pieces: Iterable[tuple[Any, JsonPath]], differing: Differing
    ) -> None:
        """Add the objects in the pieces of a body."""
        objects = self.objects.setdefault(where, {})
        for value, path in pieces:
            if not differing.closes(path):
                self._look_into(value, path, differing, objects)

    def _look_into(
        self, value: Any, path: JsonPath, differing: Differing, objects: dict[JsonPath, _Objects]
    ) -> None:
        """Add the members of all objects in a value, and those of them with an empty value."""
        pending: list[tuple[Any, JsonPath]] = [(value, path)]
        while pending:
            value, path = pending.pop()
            if type(value) is list:
                containers = filter(is_container, value)
                pending += zip(containers, repeat((*path, ANY_ELEMENT)), strict=False)
                continue
            apart = _NONE if differing is DIFFERS_NOWHERE else differing.members_of(value, path)
            pending += self._look_into_members(value, path, apart, differing)
            is_known_whole = len(value) <= _MAX_MEMBERS and path not in differing.paths
            if is_known_whole:
                objects.setdefault(path, set()).add((frozenset(value), apart))

    def _look_into_members(
        self, value: dict[str, Any], path: JsonPath, apart: frozenset[str], differing: Differing
    ) -> Iterator[tuple[Any, JsonPath]]:
        """Add the members with an empty value; yield the containers with their paths."""
        for name, member in value.items():
            if not member:
                self._add_empty(name, member, apart)
                continue
            if not is_container(member):
                continue
            inside = (*path, name)
            # If no member differs, every member with a container was compared
            if not apart or inside not in differing.not_compared:
                yield member, inside

    def _add_empty(self, name: str, value: Any, apart: frozenset[str]) -> None:
        """Add a member with an empty value, unless the member differs."""
        if name not in apart:
            self.empty_values.setdefault(_EMPTY_NAMES[type(value)], set()).add(name)

    def _stop_at_the_bound(self) -> None:
        """Mark the tally incomplete if it has too many entries."""
        by_place = chain.from_iterable(map(dict.values, self.objects.values()))
        kept = [
            len(self.errors),
            _size(self.empty_values.values()),
            _size(by_place),
            _size(self.layouts.values()),
            _size(self.answered.values()),
        ]
        self.complete &= max(kept) <= MAX_ENTRIES

    def add_evidence(self, evidence: RuntimeEvidence) -> None:
        """Add the evidence of another run about the same runtimes."""
        _update(self.empty_values, evidence.empty_values)
        _update(self.layouts, evidence.layouts)
        _update(self.answered, evidence.answered)
        _update(self.agreed, evidence.agreed)
        self.errors |= evidence.errors
        self.agreed_errors |= evidence.agreed_errors
        self._stop_at_the_bound()

    def evidence(self, runtimes: tuple[str, ...]) -> RuntimeEvidence:
        """Return the evidence, for the runtimes that it is about."""
        self._stop_at_the_bound()
        layouts = sorted(self._layouts().items())
        return RuntimeEvidence(
            runtimes=runtimes,
            empty_values=_frozen(self.empty_values),
            layouts={place: tuple(sorted(objects)) for place, objects in layouts},
            answered=_frozen(self.answered),
            agreed=_frozen(self.agreed),
            errors=frozenset(self.errors),
            agreed_errors=frozenset(self.agreed_errors),
        )

    def _layouts(self) -> dict[str, set[ObjectMembers]]:
        """Return the distinct objects of this run and of other runs, by `route status path`."""
        layouts: dict[str, set[ObjectMembers]] = {}
        _update(layouts, self.layouts)
        for (route, status), places in self.objects.items():
            for path, objects in places.items():
                place = f"{route} {status} {printable(render_path(path))}"
                layouts.setdefault(place, set()).update(map(_members, objects))
        return layouts


def _members(names_and_apart: tuple[frozenset[str], frozenset[str]]) -> ObjectMembers:
    """Return an object's member names in order, with those that differ."""
    names, apart = map(sorted, names_and_apart)
    return ObjectMembers(tuple(names), tuple(apart))


def _size(groups: Iterable[Sized]) -> int:
    return sum(map(len, groups))


def _update(kept: dict[str, set[_Entry]], others: Mapping[str, Iterable[_Entry]]) -> None:
    """Add the entries of `others` to the entries of the same name."""
    for name, entries in others.items():
        kept.setdefault(name, set()).update(entries)


def _frozen(groups: Mapping[str, set[_Entry]]) -> dict[str, frozenset[_Entry]]:
    return {name: frozenset(entries) for name, entries in sorted(groups.items())}
