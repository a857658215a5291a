"""Values that identify things: equal if they stand for the same thing.

It does not matter how each runtime spells it.

A case says which of its values are identities; every runtime has its own.  Before two answers are
compared, the second is rewritten into the first one's spelling, and where the two show *different*
things at one path, that is a difference of its own.  Identity is checked per kind as a bijection:
two names with one value on one side only are no match.

Numbers and short texts mean something else elsewhere (`id: 1`, `count: 1`), so they count as an
identity only at a path where both sides show one; those of eight characters and more on either side
count everywhere, in longer texts too.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Final

from msgspec import Struct, field

from conformance.comparison.budget import check
from conformance.comparison.identities.uuid_spellings import (
    IN_ANOTHER_SPELLING,
    as_captured,
    digits_of,
    identifying,
    pattern_of,
    spelled_as,
)
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.mapping import mapped
from conformance.model.json_path import ANY_ELEMENT, JsonPath
from conformance.model.template import KnownName

DISTINCTIVE_CHARACTERS: Final = 8
ANOTHER: Final = "another"
_LABEL: Final = re.compile(r"\$\{([^}]*)\}")

_Meaning = tuple[str, tuple[str, ...]]
"""A kind, and all names of that kind with one value."""
_Token = frozenset[_Meaning]
"""What a value may stand for: one meaning a kind."""


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


class Identities:
    """The identities of one runtime in one case, restricted to those that another runtime has."""

    def __init__(self, known: Mapping[str, KnownName], distinctive: frozenset[str]) -> None:
        self.text_of = {name: each.in_answers for name, each in known.items()}
        by_value: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name, each in sorted(known.items()):
            by_value[identifying(each.in_answers)][each.identity or ""].append(name)
        tokens = {
            value: frozenset((kind, tuple(names)) for kind, names in kinds.items())
            for value, kinds in by_value.items()
        }
        self._tokens = {text: tokens[identifying(text)] for text in self.text_of.values()}
        self._in_other_spellings = {
            value: _in_another_spelling(token) for value, token in tokens.items()
        }
        self._distinctive = frozenset(known[name].in_answers for name in distinctive)
        longest_first = sorted(self._distinctive, key=lambda text: (-len(text), text))
        within = "|".join(map(pattern_of, longest_first))
        self._within = (
            re.compile(f"(?<![0-9A-Za-z])(?:{within})(?![0-9A-Za-z])") if within else None
        )

    def distinctive(self, scalar: Json) -> bool:
        """Return whether a scalar that is an identity is none by chance."""
        text = _text_of(scalar)
        return text in self._distinctive or (isinstance(scalar, str) and text not in self._tokens)

    def token(self, scalar: Json) -> _Token | None:
        """Return what a whole scalar stands for, or None."""
        text = _text_of(scalar)
        if text is None:
            return None
        return self._tokens.get(text) or self._in_other_spellings.get(digits_of(text))

    def tokens(self, scalar: Json) -> Iterator[_Token]:
        """Yield what a scalar, or each distinctive part of a text, stands for."""
        whole = self.token(scalar)
        if whole is not None:
            yield whole
        elif isinstance(scalar, str) and self._within is not None:
            found = (each[0] for each in self._within.finditer(scalar))
            yield from filter(None, map(self.token, found))

    def own_name(self, name: str) -> str:
        """Return a member's name as this runtime sent it, with its own identity put back.

        In the given name, what an identity stands for is in the identity's place.
        """
        return _LABEL.sub(lambda found: self.text_of.get(found[1], found[0]), name)

    def rewritten(self, text: str, spell: Callable[[_Token, str], str]) -> str:
        """Return a text with every distinctive part spelled as another runtime spells it."""
        if self._within is None:
            return text
        return self._within.sub(
            lambda found: spell(self.token(found[0]) or frozenset(), found[0]), text
        )


def shared(
    a: Mapping[str, KnownName], b: Mapping[str, KnownName]
) -> tuple[Identities, Identities] | None:
    """Return the identities that two runtimes both have, or None where there are none."""
    names = a.keys() & b.keys()
    if not names:
        return None
    distinctive = frozenset(
        name
        for name in names
        if min(len(a[name].in_answers), len(b[name].in_answers)) >= DISTINCTIVE_CHARACTERS
    )
    first, second = ({name: side[name] for name in names} for side in (a, b))
    return Identities(first, distinctive), Identities(second, distinctive)


def align(a: Json, b: Json, names: tuple[Identities, Identities]) -> Aligned:
    """Hold the identities in two values against each other."""
    alignment = _Alignment(names)
    first = mapped(a, alignment.name_of_first, alignment.see_first)
    second = mapped(b, alignment.name_of_second, alignment.see_second)
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

    tokens: list[_Token] = field(default_factory=list)
    scalars: int = 0
    distinctive: bool = False
    in_prose: bool = False


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
        shown = self._shown[side].setdefault(path, _Shown())
        shown.scalars += 1
        in_prose = isinstance(scalar, str) and _is_prose(scalar)
        for token in self._names[side].tokens(scalar):
            shown.tokens.append(token)
            shown.distinctive |= not in_prose and self._names[side].distinctive(scalar)
            shown.in_prose |= in_prose
        return scalar

    def respelled(self, scalar: Json, path: JsonPath) -> Json:
        """Return a scalar of the second side as the first would write it."""
        check()
        names = self._names[1]
        there = self._shown[0][path].tokens if path in self._shown[0] else []
        token = names.token(scalar)
        if token is None:
            return (
                names.rewritten(scalar, lambda part, was: self._spell(part, there, was))
                if isinstance(scalar, str)
                else scalar
            )
        text = _text_of(scalar) or ""
        if not there and not names.distinctive(scalar):
            return scalar
        spelled = self._spell(token, there, text)
        if isinstance(scalar, str):
            return spelled
        return int(spelled) if re.fullmatch(r"-?[0-9]{1,1000}", spelled) else scalar

    def _spell(self, token: _Token, there: "list[_Token] | tuple[()]", otherwise: str) -> str:
        """Return the first side's value for what a token stands for, as at this path if it can."""
        wanted = next((meaning for other in there for meaning in sorted(token & other)), None)
        _, known = wanted or min(token)
        names = list(map(as_captured, known))
        texts = [self._names[0].text_of.get(name, otherwise) for name in names]
        as_shown = known[0] != names[0] or len({*texts}) > 1
        return spelled_as(texts[0], otherwise) if as_shown else texts[0]

    def mixed(self) -> Iterator[Mixed]:
        """Yield the paths at which the sides show different things."""
        for path in sorted(self._shown[0].keys() & self._shown[1].keys(), key=repr):
            check()
            a, b = self._shown[0][path], self._shown[1][path]
            if not self._comparable(a, b):
                continue
            only_a, only_b = _without(a.tokens, b.tokens), _without(b.tokens, a.tokens)
            if (only_a and only_b) or ((only_a or only_b) and a.scalars == b.scalars):
                yield Mixed(path, _words(only_a), _words(only_b))

    def disordered(self) -> Iterator[JsonPath]:
        """Yield the paths at which the sides show the same things in another order."""
        for path in self._shown[0].keys() & self._shown[1].keys():
            a, b = self._shown[0][path], self._shown[1][path]
            if not self._comparable(a, b) or len(a.tokens) != len(b.tokens):
                continue
            if any(not x & y for x, y in zip(a.tokens, b.tokens, strict=True)):
                yield path

    def lists(self) -> Iterator[JsonPath]:
        """Yield the paths of the lists whose elements hold identities, at any depth.

        Identities that are the same texts on both sides put a list into no other order.
        """
        nothing = _Shown()
        for path in self._shown[0].keys() | self._shown[1].keys():
            a, b = (side.get(path, nothing) for side in self._shown)
            if self._comparable(a, b) and not self._are_same_texts(a, b):
                steps = (at for at, step in enumerate(path) if step is ANY_ELEMENT)
                yield from (path[:at] for at in steps)

    def _are_same_texts(self, a: _Shown, b: _Shown) -> bool:
        first, second = (names.text_of for names in self._names)
        meanings = chain.from_iterable((*a.tokens, *b.tokens))
        every = chain.from_iterable(names for _, names in meanings)
        return all(first.get(name) == second.get(name) for name in every)

    def _comparable(self, a: _Shown, b: _Shown) -> bool:
        if a.in_prose or b.in_prose:  # a sentence that mentions a name is a text like any other
            return False
        return bool(a.tokens and b.tokens) or a.distinctive or b.distinctive


def _is_prose(text: str) -> bool:
    """Return whether a text is words with space between them, and no identity, path or URL."""
    return len(text.split(None, 1)) > 1


def label(token: _Token, text: str) -> str:
    """Return what stands for an identity, the same in every run: `${name}`.

    In another spelling it stays as it is: what is spelled in two ways differs.
    """
    name = min(token)[1][0]
    return text if name.endswith(IN_ANOTHER_SPELLING) else "${" + name + "}"


def _in_another_spelling(token: _Token) -> _Token:
    return frozenset(
        (kind, tuple(f"{name}{IN_ANOTHER_SPELLING}" for name in names)) for kind, names in token
    )


def _without(tokens: list[_Token], others: list[_Token]) -> set[_Token]:
    """Return the tokens that share no meaning with any of the others."""
    kinds = set(others)
    return {token for token in set(tokens) if not _shares(token, kinds)}


def _shares(token: _Token, others: set[_Token]) -> bool:
    check()
    return token in others or any(token & other for other in others)


def _words(tokens: set[_Token]) -> str:
    meanings = sorted({" and ".join(names) for token in tokens for _, names in token})
    return ", ".join(meanings) or ANOTHER


def _text_of(scalar: Json) -> str | None:
    if isinstance(scalar, str):
        return scalar
    return str(scalar) if isinstance(scalar, int) and not isinstance(scalar, bool) else None
