"""Values that identify things: equal if they stand for the same thing.

It does not matter how each runtime spells it.

Before two answers are compared, the second is rewritten into the first one's spelling, and where
the two show *different* things at one path, that is a difference of its own.  Identity is checked
per kind as a bijection: two names with one value on one side only are no match.

What is not distinctive counts as an identity only at a path where both sides show one.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain, filterfalse
from operator import and_, attrgetter, eq, itemgetter
from typing import Final

from msgspec import Struct, field

from conformance.comparison.budget import check
from conformance.comparison.identities.coincidences import counts, is_number, names_things
from conformance.comparison.identities.meanings import (
    Identities,
    Meaning,
    Token,
    label,
    text_of,
)
from conformance.comparison.identities.uuid_spellings import as_captured, spelled_as
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.mapping import mapped
from conformance.model.json_path import ANY_ELEMENT, JsonPath

ANOTHER: Final = "another"
_INTEGER: Final = re.compile(r"-?[0-9]{1,1000}")
"""Longer ones cannot be converted."""


class Mixed(Struct, frozen=True):
    """A path at which two sides show different things.

    It has the names that each side shows and the other does not.
    """

    path: JsonPath
    first: str
    second: str

    @property
    def is_of_spelling(self) -> bool:
        """Return whether both sides show the same names, one of them in another spelling."""
        return as_captured(self.first) == as_captured(self.second)


class Aligned(Struct):
    """The second side spelled as the first, the paths of identities, and where these are mixed.

    `disordered` are paths at which both sides show the same things in another order, `lists` those
    of the lists whose elements hold identities.
    """

    first: Json
    second: Json
    mixed: tuple[Mixed, ...] = ()
    disordered: frozenset[JsonPath] = frozenset()
    lists: frozenset[JsonPath] = frozenset()


def align(a: Json, b: Json, names: tuple[Identities, Identities]) -> Aligned:
    """Hold the identities in two values against each other."""
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
    """Do the same for texts that are no JSON: return the second in the spelling of the first."""
    aligned = align(a, b, names)
    return str(aligned.second), aligned.mixed


class _Shown(Struct):
    """What one side shows at one path: for each scalar what it stands for."""

    tokens: list[Token] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    scalars: int = 0
    distinctive: bool = False
    in_prose: bool = False

    def without(self, other: "_Shown") -> set[Token]:
        """Return the tokens that share no meaning with any of another side."""
        others = set(other.tokens)
        shares = partial(_shares, others=others)
        return set(filterfalse(shares, set(self.tokens)))

    @property
    def names(self) -> Iterator[str]:
        """Yield all names of what the scalars stand for."""
        meanings = chain.from_iterable(self.tokens)
        return chain.from_iterable(map(itemgetter(1), meanings))


_NOTHING: Final = _Shown()


class _Alignment:
    """Gathers what both sides show at each path.

    It then says what each value of the second is in the first.
    """

    def __init__(self, names: tuple[Identities, Identities]) -> None:
        self._names = names
        self._shown: tuple[dict[JsonPath, _Shown], dict[JsonPath, _Shown]] = ({}, {})

    def name_of_first(self, name: str) -> str:
        """Return a member's name with what an identity stands for in its place.

        It is the same in every run.
        """
        return self._names[0].rewritten(name, label)

    def name_of_second(self, name: str) -> str:
        """Do the same for the second side."""
        return self._names[1].rewritten(name, label)

    def see_first(self, scalar: Json, path: JsonPath) -> Json:
        """Note what a scalar of the first side stands for."""
        return self._see(0, scalar, path)

    def see_second(self, scalar: Json, path: JsonPath) -> Json:
        """Note what a scalar of the second side stands for."""
        return self._see(1, scalar, path)

    def _see(self, side: int, scalar: Json, path: JsonPath) -> Json:
        check()
        names = self._names[side]
        shown_here = self._shown[side].setdefault(path, _Shown())
        shown_here.scalars += 1
        tokens = list(names.tokens(scalar))
        if not tokens:
            return scalar
        shown_here.tokens += tokens
        if is_number(scalar):
            shown_here.numbers.append(str(scalar))
        if isinstance(scalar, str) and _is_prose(scalar):
            shown_here.in_prose = True
        else:
            shown_here.distinctive |= names.distinctive(scalar)
        return scalar

    def leave_out_coincidences(self) -> None:
        """Take away what small numbers stand for at the paths where they are no identities."""
        for path in self._paths_of_both():
            check()
            if _are_by_chance(path, *self._shown_at(path)):
                for of_side in self._shown:
                    del of_side[path]

    def respelled(self, scalar: Json, path: JsonPath) -> Json:
        """Return a scalar of the second side as the first would write it."""
        check()
        names = self._names[1]
        there = self._shown[0].get(path, _NOTHING).tokens
        token = names.token(scalar)
        if token is None:
            return self._with_parts_respelled(scalar, there)
        if not there and not names.distinctive(scalar):
            # A small number, which may mean something else here
            return scalar
        spelled = self._spell(token, there, text_of(scalar) or "")
        if isinstance(scalar, str):
            return spelled
        return int(spelled) if _INTEGER.fullmatch(spelled) else scalar

    def _with_parts_respelled(self, scalar: Json, there: list[Token]) -> Json:
        if not isinstance(scalar, str):
            return scalar
        return self._names[1].rewritten(scalar, lambda token, part: self._spell(token, there, part))

    def _spell(self, token: Token, there: list[Token], otherwise: str) -> str:
        """Return the first side's value for what a token stands for, as at this path if it can."""
        _, known = _meaning_at(there, token) or min(token)
        names = list(map(as_captured, known))
        texts = [self._names[0].text_of.get(name, otherwise) for name in names]
        is_in_another_spelling = known[0] != names[0]
        has_several_spellings = len(set(texts)) > 1
        if is_in_another_spelling or has_several_spellings:
            return spelled_as(texts[0], otherwise)
        return texts[0]

    def mixed(self) -> Iterator[Mixed]:
        """Yield the paths at which the sides show different things."""
        for path in sorted(self._paths_of_both(), key=repr):
            check()
            a, b = self._shown_at(path)
            if not _are_comparable(a, b):
                continue
            only_a, only_b = a.without(b), b.without(a)
            # Of other numbers of scalars, what one side lacks is a difference of the list
            are_mixed = any if a.scalars == b.scalars else all
            if are_mixed((only_a, only_b)):
                yield Mixed(path, _words(only_a), _words(only_b))

    def disordered(self) -> Iterator[JsonPath]:
        """Yield the paths at which the sides show the same things in another order."""
        for path in self._paths_of_both():
            a, b = self._shown_at(path)
            are_as_many = len(a.tokens) == len(b.tokens)
            if not are_as_many or not _are_comparable(a, b):
                continue
            in_common = map(and_, a.tokens, b.tokens)
            if not all(in_common):
                yield path

    def lists(self) -> Iterator[JsonPath]:
        """Yield the paths of the lists whose elements hold identities, at any depth.

        Identities that are the same texts on both sides put a list into no other order.
        """
        for path in self._shown[0].keys() | self._shown[1].keys():
            a, b = self._shown_at(path)
            if _are_comparable(a, b) and not self._are_same_texts(a, b):
                yield from _lists_above(path)

    def _paths_of_both(self) -> set[JsonPath]:
        return self._shown[0].keys() & self._shown[1].keys()

    def _shown_at(self, path: JsonPath) -> tuple[_Shown, _Shown]:
        first, second = self._shown
        return first.get(path, _NOTHING), second.get(path, _NOTHING)

    def _are_same_texts(self, a: _Shown, b: _Shown) -> bool:
        first, second = map(attrgetter("text_of"), self._names)
        every = [*a.names, *b.names]
        return all(map(eq, map(first.get, every), map(second.get, every)))


def _are_by_chance(path: JsonPath, a: _Shown, b: _Shown) -> bool:
    """Return whether two sides show numbers at a path that only happen to be those of things."""
    tokens = [*a.tokens, *b.tokens]
    are_numbers = len(a.numbers) + len(b.numbers) == len(tokens)
    are_distinctive = a.distinctive or b.distinctive
    if are_distinctive or not are_numbers or names_things(path, tokens):
        return False
    if counts(path) or a.numbers == b.numbers:
        return True
    # under any other name a number stands for a thing only where both sides show the same ones
    return any((a.without(b), b.without(a)))


def _lists_above(path: JsonPath) -> Iterator[JsonPath]:
    """Yield the paths of the lists that a path leads through."""
    for index, step in enumerate(path):
        if step is ANY_ELEMENT:
            yield path[:index]


def _are_comparable(a: _Shown, b: _Shown) -> bool:
    if any((a.in_prose, b.in_prose)):  # a sentence that mentions a name is a text like any other
        return False
    if any((a.distinctive, b.distinctive)):
        return True
    return all((a.tokens, b.tokens))


def _meaning_at(there: list[Token], token: Token) -> Meaning | None:
    """Return what a token stands for that is shown at a path, the first that is shown there."""
    for other in there:
        in_common = token & other
        if in_common:
            return min(in_common)
    return None


def _is_prose(text: str) -> bool:
    """Return whether a text is words with space between them, and no identity, path or URL."""
    return len(text.split(None, 1)) > 1


def _shares(token: Token, others: set[Token]) -> bool:
    check()
    return token in others or not all(map(token.isdisjoint, others))


def _words(tokens: set[Token]) -> str:
    meanings = chain.from_iterable(tokens)
    words = set(map(" and ".join, map(itemgetter(1), meanings)))
    return ", ".join(sorted(words)) or ANOTHER
