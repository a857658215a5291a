"""Counts and lists in words, for the messages that a person reads."""

from collections.abc import Sequence
from typing import Final

ISOLATE_IT: Final = "if it changes what it reads, isolate it"
SHOWN_NAMES: Final = 3
"""How many names a sentence lists; the others are counted."""


def plural(count: int, noun: str, many: str = "") -> str:
    """Return a count with its noun: `1 case`, `2 cases`.

    `many` is the plural of a noun that does not just add an `s`.
    """
    return f"{count} {noun}" if count == 1 else f"{count} {many or f'{noun}s'}"


def verb(count: int, plain: str) -> str:
    """Return the verb that goes with a count: `differs` for one, `differ` for several."""
    return f"{plain}s" if count == 1 else plain


def are(count: int) -> str:
    """Return `is` for a count of one, `are` for any other."""
    return "is" if count == 1 else "are"


def were(count: int) -> str:
    """Return `was` for a count of one, `were` for any other."""
    return "was" if count == 1 else "were"


def some(names: Sequence[str], most: int = SHOWN_NAMES) -> str:
    """Return the first names and the number of the others: `a, b, c and 4 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def if_it_changes(method: str) -> str:
    """Return a sentence about a case with an unsafe method whose second answer differs."""
    what = f"it sends {with_article(method)}" if method else "its setup may change something"
    return f"{what}, and its second answer differs; {ISOLATE_IT}"


def with_article(method: str) -> str:
    """Return a method with its article: `a PUT`."""
    article = "an" if method[:1] in {*"AEIOU"} else "a"
    return f"{article} {method}"


def further_runtimes(names: Sequence[str]) -> str:
    """Return a phrase for the runtimes that a decision leaves out.

    The form is `in one more runtime: c` or `in 2 more runtimes: b, c`.
    """
    how_many = "one more runtime" if len(names) == 1 else plural(len(names), "more runtime")
    return f"in {how_many}: {some(names)}"


def something_else(names: Sequence[str]) -> str:
    """Return that some runtimes do not match a decision: `c shows something else`."""
    return f"{some(names)} {verb(len(names), 'show')} something else"


def one_line(text: str) -> str:
    """Return a text on one line; each run of white space becomes one blank."""
    return " ".join(text.split())
