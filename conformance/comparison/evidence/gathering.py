"""Gathers what runtimes send where they differ from nobody, case by case.

Memory does not grow with their number.

Runtimes that send the same are looked at once, and only bodies of JSON are looked into.  What a
finding is about is no evidence for the runtimes in it: not the whole body where the status or the
kind of body differs, else not its place.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from msgspec import Struct, field

from conformance.comparison.difference import printable
from conformance.comparison.evidence.error_forms import error_form
from conformance.comparison.evidence.json_pieces import UNREADABLE, pieces_of
from conformance.comparison.evidence.routes import route_of
from conformance.comparison.idioms.members import KEY_CASE
from conformance.comparison.idioms.statuses import FIRST_ERROR
from conformance.comparison.values.zero_values import zero_name
from conformance.model.evidence import FixEvidence, ObjectMembers, RuntimeEvidence
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.json_path import ANY_ELEMENT, JsonPath, parse_path, render_path
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import CaseResult

MAX_ENTRIES: Final = 5_000
"""Members with an empty value, objects, routes and forms of errors that are kept of the same
runtimes.
"""
_CHECKED_EVERY: Final = 100
"""Answers between two looks at the bound: to count all entries each time would take longer than to
read the answer.
"""
_MAX_MEMBERS: Final = 50
"""Objects with more members are taken for maps, whose names are data."""
_CONTAINERS: Final = frozenset({dict, list})
_WORDS: Final[Mapping[type, str]] = {
    type(None): "null",
    float: "zero",
    bool: zero_name(False),  # noqa: FBT003 - a value
    int: zero_name(0),
    str: zero_name(""),
    list: zero_name([]),
    dict: zero_name({}),
}
"""What a value that says that there is none is called, by its type: the facts of the idioms about
them.
"""
_NOTHING: Final[tuple[None, JsonPath]] = (None, ())
_STATUS: Final = "status"
_WHOLE: Final = frozenset({_STATUS, "kind"})
"""Places of findings that leave nothing of a body to be compared."""


class _Differing(Struct, frozen=True):
    """Where one answer differs from another: parts of it by name, and paths of its body.

    Below `closed` paths the two were not compared either.  Of objects whose members are named by
    two conventions, `shared` has the members that all name alike.
    """

    parts: frozenset[str] = frozenset()
    paths: frozenset[JsonPath] = frozenset()
    closed: frozenset[JsonPath] = frozenset()
    shared: Mapping[JsonPath, frozenset[str]] = field(default_factory=dict)

    def members_of(self, value: Mapping[str, Any], path: JsonPath) -> frozenset[str]:
        """Return the members of an object at a path that differ."""
        below = frozenset(str(each[-1]) for each in self.paths if each and each[:-1] == path)
        return below | (value.keys() - self.shared[path]) if path in self.shared else below

    def closes(self, path: JsonPath) -> bool:
        """Return whether a path leads to or below a member that was not compared."""
        return bool(self.closed) and any(
            isinstance(step, str) and path[: at + 1] in self.closed for at, step in enumerate(path)
        )


_NOWHERE: Final = _Differing()


class EvidenceTally:
    """Adds up the evidence of a run, and that of several runs."""

    def __init__(self) -> None:
        self._shown: dict[tuple[str, ...], _Shown] = {}
        self._complete = True

    def add(self, result: CaseResult) -> None:
        """Take one compared case."""
        for step, request in enumerate(result.requests):
            findings = [finding for finding in result.comparison.findings if finding.step == step]
            route = route_of(request)
            for runtimes, answer, differing in _alike(result.cells, step, findings):
                self._of(runtimes).add(route, answer, differing)

    def join(self, other: FixEvidence) -> None:
        """Take the evidence of a run."""
        self._complete &= other.complete
        for evidence in other.by_runtimes:
            self._of(evidence.runtimes).join(evidence)

    def _of(self, runtimes: tuple[str, ...]) -> "_Shown":
        return self._shown.setdefault(runtimes, _Shown())

    def evidence(self) -> FixEvidence:
        """Return what all of it adds up to."""
        shown = tuple(self._shown[runtimes].evidence(runtimes) for runtimes in sorted(self._shown))
        complete = self._complete and all(each.complete for each in self._shown.values())
        return FixEvidence(complete=complete, by_runtimes=shown if complete else ())


def joined(parts: Sequence[FixEvidence | None]) -> FixEvidence | None:
    """Return the evidence of several runs as that of one; None where any of them has none."""
    tally = EvidenceTally()
    for part in parts:
        if part is None:
            return None
        tally.join(part)
    return tally.evidence()


def _alike(
    cells: Sequence[Cell], step: int, findings: Sequence[Finding]
) -> Iterator[tuple[tuple[str, ...], Answer, _Differing]]:
    """Yield the distinct answers to a step, each with its runtimes and where it differs."""
    groups: list[tuple[list[str], Answer, _Differing]] = []
    shared = dict(_shared_names(cells, step, findings))
    for cell in cells:
        answer = cell.observations[step]
        if isinstance(answer, Answer):
            differing = _differing(cell.runtime, findings, shared) if findings else _NOWHERE
            for runtimes, other, there in groups:
                if _says_the_same(answer, other) and differing == there:
                    runtimes.append(cell.runtime)
                    break
            else:
                groups.append(([cell.runtime], answer, differing))
    for runtimes, answer, differing in groups:
        yield tuple(runtimes), answer, differing


def _shared_names(
    cells: Sequence[Cell], step: int, findings: Iterable[Finding]
) -> Iterator[tuple[JsonPath, frozenset[str]]]:
    """Yield where names follow two conventions, with those that all runtimes there spell alike."""
    for finding in findings:
        path = _path(finding.place) if finding.idiom == KEY_CASE.name else None
        if path is not None:
            answers = [
                cell.observations[step] for cell in cells if cell.runtime in finding.runtimes
            ]
            bodies = [each.body for each in answers if isinstance(each, Answer)]
            yield path, frozenset(set.intersection(*(_names_in(body, path) for body in bodies)))


def _names_in(body: bytes, path: JsonPath) -> set[str]:
    """Return the names of the members of all objects at a path of a body."""
    names: set[str] = set()
    for value, at in _readable(body):
        if path[: len(at)] == at:
            names.update(_names_at(value, path[len(at) :]))
    return names


def _names_at(value: Any, path: JsonPath) -> Iterator[str]:
    """Yield the names of the members of all objects at a path."""
    if not path:
        yield from value if type(value) is dict else ()
        return
    step, *rest = path
    if step is ANY_ELEMENT:
        below = value if type(value) is list else ()
    else:
        below = [value[step]] if type(value) is dict and step in value else ()
    for each in below:
        yield from _names_at(each, tuple(rest))


def _says_the_same(one: Answer, other: Answer) -> bool:
    """Return whether two answers are the same in all that is gathered."""
    if one.status != other.status or one.body != other.body:
        return False
    return one.status < FIRST_ERROR or one.header("content-type") == other.header("content-type")


def _differing(
    runtime: str, findings: Iterable[Finding], shared: Mapping[JsonPath, frozenset[str]]
) -> _Differing:
    """Return where a runtime takes part in findings, as they and as it spells the places.

    That another runtime gave no answer says nothing against what this one answered.
    """
    parts: set[str] = set()
    paths: set[JsonPath] = set()
    closed: set[JsonPath] = set()
    for finding in findings:
        if runtime not in finding.runtimes or finding.kind is DifferenceKind.FAULT:
            continue
        own_sides = (side for side in finding.sides if runtime in side.runtimes)
        spelled = set(chain.from_iterable(side.places for side in own_sides))
        for place in {finding.place, *filter(None, spelled)}:
            path = _path(place)
            if path is None:
                parts.add(place)
                continue
            if path in shared and finding.idiom == KEY_CASE.name:
                continue
            paths.add(path)
            if finding.kind is not DifferenceKind.LENGTH:
                closed.add(path)
    return _Differing(frozenset(parts), frozenset(paths), frozenset(closed), shared)


def _path(place: str) -> JsonPath | None:
    """Return the path that a place within a body is; None where it is another part of an answer."""
    try:
        return parse_path(place)
    except ValueError:
        return None


_NONE: Final[frozenset[str]] = frozenset()
_Objects = set[tuple[frozenset[str], frozenset[str]]]
"""Distinct objects at one place: the names of their members, and those that differ."""


class _Shown(Struct):
    """What is known of the same runtimes; `complete` until a bound is reached."""

    empty_values: dict[str, set[str]] = field(default_factory=dict)
    objects: dict[tuple[str, int], dict[JsonPath, _Objects]] = field(default_factory=dict)
    answered: dict[str, set[int]] = field(default_factory=dict)
    agreed: dict[str, set[int]] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)
    agreed_errors: set[str] = field(default_factory=set)
    layouts: dict[str, set[ObjectMembers]] = field(default_factory=dict)
    complete: bool = True
    _taken: int = 0

    def add(self, route: str, answer: Answer, differing: _Differing) -> None:
        """Take an answer."""
        if not self.complete:
            return
        self.answered.setdefault(route, set()).add(answer.status)
        if _STATUS not in differing.parts:
            self.agreed.setdefault(route, set()).add(answer.status)
        pieces = _readable(answer.body)
        first = next(pieces, _NOTHING)
        if answer.status >= FIRST_ERROR:
            form = error_form(answer, first[0])
            self.errors.add(form)
            if not differing.parts and not differing.paths:
                self.agreed_errors.add(form)
        if first is not _NOTHING and _WHOLE.isdisjoint(differing.parts):
            for value, path in chain([first], pieces):
                if not differing.closes(path):
                    self._look_into((route, answer.status), value, path, differing)
        self._taken += 1
        if self._taken % _CHECKED_EVERY == 0:
            self._stop_at_the_bound()

    def _look_into(
        self, where: tuple[str, int], value: Any, path: JsonPath, differing: _Differing
    ) -> None:
        """Note the members of all objects in a value, and which of them have an empty value."""
        objects = self.objects.setdefault(where, {})
        pending: list[tuple[Any, JsonPath]] = [(value, path)]
        while pending:
            value, path = pending.pop()
            if type(value) is list:
                below = (*path, ANY_ELEMENT)
                pending += [(each, below) for each in value if type(each) in _CONTAINERS]
                continue
            apart = _NONE if differing is _NOWHERE else differing.members_of(value, path)
            for name, member in value.items():
                if not member:
                    if name not in apart:
                        self.empty_values.setdefault(_WORDS[type(member)], set()).add(name)
                elif type(member) in _CONTAINERS and (
                    not apart or (*path, name) not in differing.closed
                ):
                    pending.append((member, (*path, name)))
            if len(value) <= _MAX_MEMBERS and path not in differing.paths:
                objects.setdefault(path, set()).add((frozenset(value), apart))

    def _stop_at_the_bound(self) -> None:
        objects = {
            where: list(chain.from_iterable(places.values()))
            for where, places in self.objects.items()
        }
        kept = (self.empty_values, objects, self.layouts, self.answered)
        if len(self.errors) > MAX_ENTRIES or any(
            sum(map(len, each.values())) > MAX_ENTRIES for each in kept
        ):
            self.complete = False

    def join(self, evidence: RuntimeEvidence) -> None:
        """Take what another run knows of the same runtimes."""
        for word, names in evidence.empty_values.items():
            self.empty_values.setdefault(word, set()).update(names)
        for place, layouts in evidence.layouts.items():
            self.layouts.setdefault(place, set()).update(layouts)
        for mine, theirs in ((self.answered, evidence.answered), (self.agreed, evidence.agreed)):
            for route, statuses in theirs.items():
                mine.setdefault(route, set()).update(statuses)
        self.errors |= evidence.errors
        self.agreed_errors |= evidence.agreed_errors
        self._stop_at_the_bound()

    def evidence(self, runtimes: tuple[str, ...]) -> RuntimeEvidence:
        """Return it with the runtimes that it is about."""
        self._stop_at_the_bound()
        return RuntimeEvidence(
            runtimes=runtimes,
            empty_values={
                word: frozenset(names) for word, names in sorted(self.empty_values.items())
            },
            layouts={
                place: tuple(sorted(layouts)) for place, layouts in sorted(self._layouts().items())
            },
            answered={
                route: frozenset(statuses) for route, statuses in sorted(self.answered.items())
            },
            agreed={route: frozenset(statuses) for route, statuses in sorted(self.agreed.items())},
            errors=frozenset(self.errors),
            agreed_errors=frozenset(self.agreed_errors),
        )

    def _layouts(self) -> dict[str, set[ObjectMembers]]:
        found = {place: set(layouts) for place, layouts in self.layouts.items()}
        for (route, status), places in self.objects.items():
            for path, objects in places.items():
                at = found.setdefault(f"{route} {status} {printable(render_path(path))}", set())
                at.update(
                    ObjectMembers(tuple(sorted(names)), tuple(sorted(apart)))
                    for names, apart in objects
                )
        return found


def _readable(body: bytes) -> Iterator[tuple[Any, JsonPath]]:
    """Yield the pieces of a JSON body, up to one that cannot be read."""
    with contextlib.suppress(*UNREADABLE):
        yield from pieces_of(body)
