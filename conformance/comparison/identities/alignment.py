"""Aligns the identities in two values: equal if they identify the same thing, whatever the text.

The second value is rewritten with the ids of the first runtime.  Paths at which the two values show
*different* things are reported.  Within one kind, names and values must correspond one to one: if
two names have the same value in one runtime only, they do not match.

A short text or a small number counts as an identity only at a path where both values show one.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain, filterfalse
from operator import and_, attrgetter
from typing import Final

from msgspec import Struct, field

from conformance.comparison.budget import check
from conformance.comparison.identities.coincidences import counts, is_number, names_entities
from conformance.comparison.identities.meanings import (
    Entity,
    Identities,
    Meaning,
    label,
    text_of,
)
from conformance.comparison.identities.uuid_spellings import as_captured, spelled_as
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.mapping import mapped
from conformance.model.json_path import ANY_ELEMENT, JsonPath

UNNAMED_ENTITY: Final = "another"
"""The fact of a value that shows no other thing with a name."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,1000}")
"""An integer that is short enough for `int`, which refuses more than 4300 digits by default."""


class Mixed(Struct, frozen=True):
    """A path at which two values show different things.

    `first` has the names of the things that only the first value shows there, `second` those of the
    second value.
    """

    path: JsonPath
    first: str
    second: str

    @property
    def is_of_spelling(self) -> bool:
        """Return whether both values show the same things, but one of them in another spelling."""
        return as_captured(self.first) == as_captured(self.second)


class Aligned(Struct):
    """Two values with aligned identities.

    - `second`: spelled as the first one.
    - `mixed`: the paths at which they show different things.
    - `disordered`: the paths at which they show the same things in another order.
    - `lists`: the paths of lists whose elements contain identities.
    """

    first: Json
    second: Json
    mixed: tuple[Mixed, ...] = ()
    disordered: frozenset[JsonPath] = frozenset()
    lists: frozenset[JsonPath] = frozenset()


def align(a: Json, b: Json, names: tuple[Identities, Identities]) -> Aligned:
    """Align the identities in two values; `names` are the identities of each runtime."""
    alignment = _Alignment(names)
    first = mapped(a, alignment.name_of_first, alignment.see_first)
    second = mapped(b, alignment.name_of_second, alignment.see_second)
    alignment.leave_out_coincidences()
    second = mapped(second, lambda name: name, alignment.respelled)
    return Aligned(
        first=first,
        second=second,
        mixed=tuple(alignment.mixed()),
        disordered=frozenset(alignment.disordered()),
        lists=frozenset(alignment.lists()),
    )


def align_text(
    a: str, b: str, names: tuple[Identities, Identities]
) -> tuple[str, tuple[Mixed, ...]]:
    """Align two texts that are no JSON; return the second one respelled, and what is mixed."""
    aligned = align(a, b, names)
    return str(aligned.second), aligned.mixed


class _IdentitiesAtPath(Struct):
    """The identities that one value shows at one path.

    - `entities`: what each identity may stand for, in order.
    - `numbers`: the identities that are numbers, as text.
    - `scalars`: the number of scalars at the path, with or without identity.
    - `distinctive`: whether an identity is too specific to be a coincidence.
    - `in_prose`: whether an identity is part of a sentence.
    """

    entities: list[Entity] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    scalars: int = 0
    distinctive: bool = False
    in_prose: bool = False

    def without(self, other: "_IdentitiesAtPath") -> set[Entity]:
        """Return the things that share no meaning with any thing of the other value."""
        others = set(other.entities)
        shares = partial(_shares, others=others)
        return set(filterfalse(shares, set(self.entities)))

    @property
    def names(self) -> Iterator[str]:
        """Yield all names of the identities."""
        for _, names in chain.from_iterable(self.entities):
            yield from names


_NOTHING: Final = _IdentitiesAtPath()
"""A path without identities."""


class _Alignment:
    """Collects the identities of both values at each path, and respells the second value."""

    def __init__(self, names: tuple[Identities, Identities]) -> None:
        self._names = names
        self._identities: tuple[
            dict[JsonPath, _IdentitiesAtPath], dict[JsonPath, _IdentitiesAtPath]
        ] = (
            {},
            {},
        )

    def name_of_first(self, name: str) -> str:
        """Return a member's name with `${name}` in place of each identity of the first runtime.

        The result is the same in every run.
        """
        return self._names[0].rewritten(name, label)

    def name_of_second(self, name: str) -> str:
        """Return a member's name with `${name}` in place of each identity of the second runtime."""
        return self._names[1].rewritten(name, label)

    def see_first(self, scalar: Json, path: JsonPath) -> Json:
        """Note the identities in a scalar of the first value; return the scalar."""
        return self._see(0, scalar, path)

    def see_second(self, scalar: Json, path: JsonPath) -> Json:
        """Note the identities in a scalar of the second value; return the scalar."""
        return self._see(1, scalar, path)

    def _see(self, side: int, scalar: Json, path: JsonPath) -> Json:
        """Note the identities in a scalar of one value, given by index; return the scalar."""
        check()
        names = self._names[side]
        at_path = self._identities[side].setdefault(path, _IdentitiesAtPath())
        at_path.scalars += 1
        entities = list(names.entities(scalar))
        if not entities:
            return scalar
        at_path.entities += entities
        if is_number(scalar):
            at_path.numbers.append(str(scalar))
        if isinstance(scalar, str) and _is_prose(scalar):
            at_path.in_prose = True
        else:
            at_path.distinctive |= names.distinctive(scalar)
        return scalar

    def leave_out_coincidences(self) -> None:
        """Remove the paths whose numbers equal identities only by coincidence."""
        for path in self._paths_of_both():
            check()
            if _are_by_chance(path, *self._identities_at(path)):
                for of_side in self._identities:
                    del of_side[path]

    def respelled(self, scalar: Json, path: JsonPath) -> Json:
        """Return a scalar of the second value with the identities of the first runtime."""
        check()
        names = self._names[1]
        first_entities = self._identities[0].get(path, _NOTHING).entities
        entity = names.entity(scalar)
        if entity is None:
            return self._with_parts_respelled(scalar, first_entities)
        if not first_entities and not names.distinctive(scalar):
            # A small number may be no identity here
            return scalar
        spelled = self._spell(entity, first_entities, text_of(scalar) or "")
        if isinstance(scalar, str):
            return spelled
        return int(spelled) if _INTEGER.fullmatch(spelled) else scalar

    def _with_parts_respelled(self, scalar: Json, first_entities: list[Entity]) -> Json:
        """Return a scalar with each distinctive part of a text respelled."""
        if not isinstance(scalar, str):
            return scalar
        return self._names[1].rewritten(
            scalar, lambda entity, part: self._spell(entity, first_entities, part)
        )

    def _spell(self, entity: Entity, first_entities: list[Entity], otherwise: str) -> str:
        """Return the first runtime's text for a thing, preferably one shown at this path.

        `first_entities` are those of the first value at the path.  `otherwise` is the text in the
        second one: it is the default, and its spelling of a UUID is kept if it is not the captured
        one.
        """
        _, known = _meaning_at(first_entities, entity) or min(entity)
        names = list(map(as_captured, known))
        texts = [self._names[0].text_of.get(name, otherwise) for name in names]
        is_in_another_spelling = known[0] != names[0]
        has_several_spellings = len(set(texts)) > 1
        if is_in_another_spelling or has_several_spellings:
            return spelled_as(texts[0], otherwise)
        return texts[0]

    def mixed(self) -> Iterator[Mixed]:
        """Yield the paths at which the two values show different things."""
        for path in sorted(self._paths_of_both(), key=repr):
            check()
            a, b = self._identities_at(path)
            if not _are_comparable(a, b):
                continue
            only_a, only_b = a.without(b), b.without(a)
            # If the numbers of scalars differ, missing things are already a difference in length
            are_mixed = any if a.scalars == b.scalars else all
            if are_mixed((only_a, only_b)):
                yield Mixed(path, _words(only_a), _words(only_b))

    def disordered(self) -> Iterator[JsonPath]:
        """Yield the paths at which the two values show the same things in another order."""
        for path in self._paths_of_both():
            a, b = self._identities_at(path)
            are_as_many = len(a.entities) == len(b.entities)
            if not are_as_many or not _are_comparable(a, b):
                continue
            in_common = map(and_, a.entities, b.entities)
            if not all(in_common):
                yield path

    def lists(self) -> Iterator[JsonPath]:
        """Yield the paths of lists whose elements contain identities, at any depth.

        Identities with the same texts in both runtimes are skipped: they cannot cause another
        order.
        """
        for path in self._identities[0].keys() | self._identities[1].keys():
            a, b = self._identities_at(path)
            if _are_comparable(a, b) and not self._are_same_texts(a, b):
                yield from _lists_above(path)

    def _paths_of_both(self) -> set[JsonPath]:
        """Return the paths that are in both values."""
        return self._identities[0].keys() & self._identities[1].keys()

    def _identities_at(self, path: JsonPath) -> tuple[_IdentitiesAtPath, _IdentitiesAtPath]:
        """Return the identities that each value shows at a path."""
        first, second = self._identities
        return first.get(path, _NOTHING), second.get(path, _NOTHING)

    def _are_same_texts(self, a: _IdentitiesAtPath, b: _IdentitiesAtPath) -> bool:
        """Return whether all identities at a path have the same texts in both runtimes."""
        first, second = map(attrgetter("text_of"), self._names)
        return all(first.get(name) == second.get(name) for name in (*a.names, *b.names))


def _are_by_chance(path: JsonPath, a: _IdentitiesAtPath, b: _IdentitiesAtPath) -> bool:
    """Return whether the numbers at a path equal identities only by coincidence."""
    entities = [*a.entities, *b.entities]
    are_numbers = len(a.numbers) + len(b.numbers) == len(entities)
    are_distinctive = a.distinctive or b.distinctive
    if are_distinctive or not are_numbers or names_entities(path, entities):
        return False
    if counts(path) or a.numbers == b.numbers:
        return True
    # under any other name, a number is an identity only if both values show the same things
    return any((a.without(b), b.without(a)))


def _lists_above(path: JsonPath) -> Iterator[JsonPath]:
    """Yield the paths of the lists that a path leads through."""
    for index, step in enumerate(path):
        if step is ANY_ELEMENT:
            yield path[:index]


def _are_comparable(a: _IdentitiesAtPath, b: _IdentitiesAtPath) -> bool:
    """Return whether a path has a distinctive identity, or identities in both values."""
    if any((a.in_prose, b.in_prose)):  # a sentence that contains an id is compared as a text
        return False
    if any((a.distinctive, b.distinctive)):
        return True
    return all((a.entities, b.entities))


def _meaning_at(first_entities: list[Entity], entity: Entity) -> Meaning | None:
    """Return the meaning that a thing shares with the first matching thing at a path, or None."""
    for other in first_entities:
        in_common = entity & other
        if in_common:
            return min(in_common)
    return None


def _is_prose(text: str) -> bool:
    """Return whether a text has white space between words, as no id, path or URL has."""
    return len(text.split(None, 1)) > 1


def _shares(entity: Entity, others: set[Entity]) -> bool:
    """Return whether a thing shares a meaning with one of the others."""
    check()
    return entity in others or not all(map(entity.isdisjoint, others))


def _words(entities: set[Entity]) -> str:
    """Return the names of things as text; names with one value are joined by `and`."""
    words = {" and ".join(names) for _, names in chain.from_iterable(entities)}
    return ", ".join(sorted(words)) or UNNAMED_ENTITY
