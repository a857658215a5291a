"""Finds the identities of one runtime in scalars and texts.

A case states which of its values are identities; their texts differ between runtimes.  Short ones
may equal other values by coincidence (`id: 1`, `count: 1`).  So only texts of eight characters or
more are `distinctive`: they count within longer texts, too.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Final

from conformance.comparison.identities.uuid_spellings import (
    IN_ANOTHER_SPELLING,
    digits_of,
    identifying,
    pattern_of,
)
from conformance.comparison.values.lossless_json import Json
from conformance.model.template import KnownName

DISTINCTIVE_CHARACTERS: Final = 8
"""A shorter text is found in other texts by coincidence."""
_LABEL: Final = re.compile(r"\$\{([^}]*)\}")
"""The label of an identity in a member's name, `${name}`."""

Meaning = tuple[str, tuple[str, ...]]
"""A kind, and all names of this kind that have one value."""
Entity = frozenset[Meaning]
"""Everything that a value may stand for: one meaning for each kind."""
_NO_ENTITY: Final[Entity] = frozenset()


class Identities:
    """The identities of one runtime in one case, limited to names that the other runtime has, too.

    `known` has them by name; `distinctive` are the names whose values are distinctive in both
    runtimes.  `text_of` has the text of each name.
    """

    def __init__(self, known: Mapping[str, KnownName], distinctive: frozenset[str]) -> None:
        self.text_of = {name: each.in_answers for name, each in known.items()}
        entities = _entities_by_value(known)
        self._entities = {text: entities[identifying(text)] for text in self.text_of.values()}
        self._in_other_spellings = {
            value: _in_another_spelling(entity) for value, entity in entities.items()
        }
        self._distinctive = frozenset(map(self.text_of.__getitem__, distinctive))
        self._within = _pattern_of_any(self._distinctive)

    def distinctive(self, scalar: Json) -> bool:
        """Return whether a matching scalar is too specific to be a coincidence."""
        text = text_of(scalar)
        if text in self._distinctive:
            return True
        # Any other text matched because it contains a value, or is another spelling of one
        return isinstance(scalar, str) and text not in self._entities

    def entity(self, scalar: Json) -> Entity | None:
        """Return what a whole scalar stands for, or None."""
        text = text_of(scalar)
        if text is None:
            return None
        if text in self._entities:
            return self._entities[text]
        return self._in_other_spellings.get(digits_of(text))

    def entities(self, scalar: Json) -> Iterator[Entity]:
        """Yield what a scalar stands for, else what each distinctive part of it stands for."""
        whole = self.entity(scalar)
        if whole is not None:
            yield whole
        elif isinstance(scalar, str):
            yield from filter(None, map(self.entity, self._parts(scalar)))

    def _parts(self, text: str) -> Iterator[str]:
        """Yield the parts of a text that are distinctive values."""
        if self._within is not None:
            yield from map(itemgetter(0), self._within.finditer(text))

    def own_name(self, name: str) -> str:
        """Return a member's name as this runtime sent it.

        In the given name, `${name}` replaces each identity.
        """
        return _LABEL.sub(lambda label: self.text_of.get(label[1], label[0]), name)

    def rewritten(self, text: str, spell: Callable[[Entity, str], str]) -> str:
        """Return a text with every distinctive part replaced by `spell(thing, part)`."""
        if self._within is None:
            return text

        def spelled(match: re.Match[str]) -> str:
            entity = self.entity(match[0]) or _NO_ENTITY
            return spell(entity, match[0])

        return self._within.sub(spelled, text)


def common_identities(
    a: Mapping[str, KnownName], b: Mapping[str, KnownName]
) -> tuple[Identities, Identities] | None:
    """Return the identities of two runtimes, limited to names that both have; None without any."""
    names = a.keys() & b.keys()
    if not names:
        return None
    first, second = ({name: known[name] for name in names} for known in (a, b))
    distinctive = _long_texts(first) & _long_texts(second)
    return Identities(first, distinctive), Identities(second, distinctive)


def _long_texts(known: Mapping[str, KnownName]) -> frozenset[str]:
    """Return the names of values that are long enough to be distinctive."""
    names: set[str] = set()
    for name, each in known.items():
        is_long = len(each.in_answers) >= DISTINCTIVE_CHARACTERS
        if is_long:
            names.add(name)
    return frozenset(names)


def _entities_by_value(known: Mapping[str, KnownName]) -> dict[str, Entity]:
    """Return what each value stands for; all spellings of a UUID are one value."""
    by_value: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, each in sorted(known.items()):
        kind = each.identity or ""
        by_value[identifying(each.in_answers)][kind].append(name)
    return {value: _entity(kinds) for value, kinds in by_value.items()}


def _entity(names_by_kind: Mapping[str, Iterable[str]]) -> Entity:
    """Return the thing with the given names, by kind."""
    return frozenset(zip(names_by_kind, map(tuple, names_by_kind.values()), strict=True))


def _pattern_of_any(texts: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that matches any of some texts as a whole word; None without texts."""
    # The first alternative that matches wins, and a value may be the beginning of another one
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    if not longest_first:
        return None
    within = "|".join(map(pattern_of, longest_first))
    return re.compile(f"(?<![0-9A-Za-z])(?:{within})(?![0-9A-Za-z])")


def label(entity: Entity, text: str) -> str:
    """Return the label of an identity, `${name}`, which is the same in every run.

    A text in another spelling than the captured one is returned unchanged, so that it differs.
    """
    _, names = min(entity)
    name = names[0]
    if name.endswith(IN_ANOTHER_SPELLING):
        return text
    return "${" + name + "}"


def _in_another_spelling(entity: Entity) -> Entity:
    """Return a thing whose names say that the value has another spelling."""
    spelled: dict[str, list[str]] = {}
    for kind, names in entity:
        spelled[kind] = [f"{name}{IN_ANOTHER_SPELLING}" for name in names]
    return _entity(spelled)


def text_of(scalar: Json) -> str | None:
    """Return the text of a string or integer, which may be an identity; None for other scalars."""
    if isinstance(scalar, str):
        return scalar
    is_integer = type(scalar) is int
    return str(scalar) if is_integer else None
