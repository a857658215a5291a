"""The idiom that names a difference of two sides, if each side has several runtimes."""

from itertools import filterfalse
from operator import itemgetter

IdiomClaims = tuple[tuple[frozenset[str], str | None], ...]
"""Pairs: two runtimes of two sides, and the idiom that claims their difference, or None."""


OwnFacts = tuple[tuple[frozenset[str], tuple[str, str]], ...]
"""Pairs: two runtimes of two sides, and the facts of their difference."""


def shared_idiom(claims: IdiomClaims, own: OwnFacts, *, of_types: bool) -> str | None:
    """Return the idiom of two sides, or None.

    If the runtimes show several facts, the idiom must claim the difference of every two of them.
    The same holds if types differ, because the fact `string` is true of any text: "number as
    string" may be true of only some of these texts.
    """
    in_part = None in dict(claims).values()
    is_all_one = not of_types and _is_one_way(own)
    if in_part and not is_all_one:
        return None
    return idiom_of(claims)


def shared_facts(claims: IdiomClaims, own: OwnFacts) -> tuple[str, str]:
    """Return the facts of two sides, as one text for each side.

    If some facts are not claimed by an idiom, only these are used, because they are true of all.
    If two of them are the same, only values differ, and only this fact is used.
    """
    idioms = dict(claims)
    facts = dict(own)
    unclaimed = filterfalse(idioms.__getitem__, facts)
    in_general = list(map(facts.__getitem__, unclaimed))
    # One fact on both sides: the two differ in their values alone
    of_values = list(filter(_is_of_values, in_general))
    sides = zip(*(of_values or in_general or facts.values()), strict=True)
    first, second = map(set, sides)
    return " or ".join(sorted(first)), " or ".join(sorted(second))


def to_keep(claims: IdiomClaims, own: OwnFacts) -> tuple[IdiomClaims, OwnFacts]:
    """Return the claims and facts of two sides that are not the same for every two runtimes."""
    if not _is_one_way(own):
        return claims, own
    idioms = set(dict(claims).values())
    if len(idioms) > 1:
        return claims, ()
    return (), ()


def _is_of_values(facts: tuple[str, str]) -> bool:
    return facts[0] == facts[1]


def _is_one_way(own: OwnFacts) -> bool:
    return len(set(dict(own).values())) <= 1


def idiom_of(claims: IdiomClaims) -> str | None:
    """Return the idiom of two sides, given the claims for every two of their runtimes; else None.

    If one idiom claims some of them, and no other idiom claims the rest, it names all: the same
    facts stay the same difference, whatever a third runtime sends elsewhere.
    """
    idioms = set(map(itemgetter(1), claims)) - {None}
    if len(idioms) != 1:
        return None
    idiom: str | None = idioms.pop()
    return idiom
