"""The places where an answer differs from other answers: they are no evidence for its runtime."""

import contextlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from msgspec import Struct, field

from conformance.comparison.evidence.json_pieces import UNREADABLE, pieces_of
from conformance.comparison.idioms.members import KEY_CASE
from conformance.comparison.values.columns import objects_of
from conformance.comparison.values.steps import below, values_at
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import ANY_MEMBER, JsonPath, Segment, path_of_place
from conformance.model.observation import Answer, Cell

SharedNames = Mapping[JsonPath, frozenset[str]]
"""The member names that all runtimes share, by the path of objects with two naming conventions."""


class Differing(Struct, frozen=True):
    """The places where the answer of one runtime differs from the answers of others.

    - `parts`: the places outside the body, such as `status`.
    - `paths`: the paths within the body.
    - `not_compared`: those of the paths below which the answers were not compared.
    - `shared`: the names that still count where runtimes use two naming conventions.
    """

    parts: frozenset[str] = frozenset()
    paths: frozenset[JsonPath] = frozenset()
    not_compared: frozenset[JsonPath] = frozenset()
    shared: SharedNames = field(default_factory=dict)

    def members_of(self, value: Mapping[str, Any], path: JsonPath) -> frozenset[str]:
        """Return the names of the members of an object at a path that differ."""
        just_below = (each for each in self.paths if each[:-1] == path)
        last_steps = chain.from_iterable(each[-1:] for each in just_below)
        below = frozenset(map(str, last_steps))
        if path not in self.shared:
            return below
        # Where there are two conventions, a name that not all runtimes use is no evidence
        own_names = value.keys() - self.shared[path]
        return below | own_names

    def closes(self, path: JsonPath) -> bool:
        """Return whether a path is at or below a member that was not compared."""
        if not self.not_compared:
            return False
        above = (path[:end] for end in range(1, len(path) + 1))
        members_above = filter(_is_of_member, above)
        return not self.not_compared.isdisjoint(members_above)


def _is_of_member(path: JsonPath) -> bool:
    """Return whether a path ends in the name of a member."""
    return isinstance(path[-1], str)


DIFFERS_NOWHERE: Final = Differing()
"""An answer that differs from no other one."""


def differing_of(runtime: str, findings: Iterable[Finding], shared: SharedNames) -> Differing:
    """Return where the answer of a runtime differs, from the findings that it is part of.

    Each place counts as the finding spells it, and as the runtime does.  Faults are left out: they
    say nothing against the answer of this runtime.
    """
    parts: set[str] = set()
    paths: set[JsonPath] = set()
    not_compared: set[JsonPath] = set()
    spelled = (each for each in findings if runtime in each.runtimes)
    for finding in spelled:
        if finding.kind is DifferenceKind.FAULT:
            continue
        outside_body, in_body = _parted(_places_of(finding, runtime))
        parts |= outside_body
        if finding.idiom == KEY_CASE.name:
            # The names that all runtimes share are still evidence
            in_body -= shared.keys()
        paths |= in_body
        # In lists of different lengths, the elements that both have were compared
        if finding.kind is not DifferenceKind.LENGTH:
            not_compared |= in_body
    return Differing(
        parts=frozenset(parts),
        paths=frozenset(paths),
        not_compared=frozenset(not_compared),
        shared=shared,
    )


def _parted(places: Iterable[str]) -> tuple[set[str], set[JsonPath]]:
    """Return the places outside a body, and the paths of those within it."""
    outside: set[str] = set()
    paths: set[JsonPath] = set()
    for place in places:
        path = path_of_place(place)
        if path is None:
            outside.add(place)
        else:
            paths.add(path)
    return outside, paths


def _places_of(finding: Finding, runtime: str) -> set[str]:
    """Return the place of a finding, and the place as a runtime spells it."""
    places = {finding.place}
    for side in finding.sides:
        if runtime in side.runtimes:
            places.update(filter(None, side.places))
    return places


def shared_names(cells: Sequence[Cell], step: int, findings: Iterable[Finding]) -> SharedNames:
    """Return the member names that all runtimes share, where they use two naming conventions."""
    shared: dict[JsonPath, frozenset[str]] = {}
    for finding in findings:
        path = path_of_place(finding.place)
        if path is None or finding.idiom != KEY_CASE.name:
            continue
        answers = _answers_of(finding.runtimes, cells, step)
        names = [_names_in(answer.body, path) for answer in answers]
        shared[path] = frozenset(set.intersection(*names))
    return shared


def _answers_of(runtimes: Container[str], cells: Iterable[Cell], step: int) -> Iterator[Answer]:
    """Yield the answers of some runtimes to a step."""
    for cell in cells:
        if cell.runtime not in runtimes:
            continue
        observation = cell.observations[step]
        if isinstance(observation, Answer):
            yield observation


def _names_in(body: bytes, path: JsonPath) -> set[str]:
    """Return the names of the members of all objects at a path of a body."""
    names: set[str] = set()
    for value, above in readable_pieces(body):
        depth = len(above)
        if path[:depth] == above:
            names.update(_names_at(value, path[depth:]))
    return names


def _names_at(value: Any, path: JsonPath) -> Iterator[str]:
    """Yield the names of the members of all objects at a path below a value."""
    values = values_at([value], path, _below)
    return chain.from_iterable(objects_of(values))


def _below(value: Any, segment: Segment) -> Sequence[Any]:
    # Below names that are data, no name counts as shared
    """Return the values one segment below a value; none below `.*`."""
    return () if segment is ANY_MEMBER else below(value, segment)


def readable_pieces(body: bytes) -> Iterator[tuple[Any, JsonPath]]:
    """Yield the pieces of a JSON body, up to the first one that cannot be read."""
    with contextlib.suppress(*UNREADABLE):
        yield from pieces_of(body)
