"""Which idiom names a difference of two sides, of which each has several runtimes."""

from itertools import filterfalse
from operator import itemgetter

IdiomClaims = tuple[tuple[frozenset[str], str | None], ...]
"""For every two runtimes of two sides the idiom that claims their difference, or None."""


OwnFacts = tuple[tuple[frozenset[str], tuple[str, str]], ...]
"""For every two runtimes of two sides the facts of their difference."""


def shared_idiom(claims: IdiomClaims, own: OwnFacts, *, of_types: bool) -> str | None:
    """Return the idiom of two sides; where they show several facts, one that claims all of them.

    It also claims all of them where types differ: `string` is a fact of any text, so a text that
    holds no number beside one that does is no number as string.
    """
    in_part = None in dict(claims).values()
    is_all_one = not of_types and _is_one_way(own)
    if in_part and not is_all_one:
        return None
    return idiom_of(claims)


def shared_facts(claims: IdiomClaims, own: OwnFacts) -> tuple[str, str]:
    """Return the facts of two sides: those without an idiom, which are true of all, else each.

    Where two show one fact, only their values differ, and nothing else is true of all.
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
    """Return what is kept of two sides: nothing that is the same for every two runtimes."""
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
    """Return the idiom of two sides, given what claims them for every two of their runtimes.

    Where one idiom claims them for some of their runtimes, and no other does for the rest, it names
    all: the same facts stay the same difference whatever a third runtime sends elsewhere.
    """
    idioms = set(map(itemgetter(1), claims)) - {None}
    if len(idioms) != 1:
        return None
    idiom: str | None = idioms.pop()
    return idiom
