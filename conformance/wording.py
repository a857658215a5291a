"""Counts and lists in words, for every message that a person reads."""

from collections.abc import Sequence
from typing import Final

ISOLATE_IT: Final = "if it changes what it reads, isolate it"
SHOWN_NAMES: Final = 3
"""How many names a sentence holds before it counts the others."""


def plural(count: int, noun: str, many: str = "") -> str:
    """Return a count with its noun: `1 case`, `2 cases`.

    `many` is a plural that has another end than `s`.
    """
    return f"{count} {noun}" if count == 1 else f"{count} {many or f'{noun}s'}"


def verb(count: int, plain: str) -> str:
    """Return a verb for so many: `differs` for one, `differ` for several."""
    return f"{plain}s" if count == 1 else plain


def are(count: int) -> str:
    """Return `is` for one, `are` for several."""
    return "is" if count == 1 else "are"


def were(count: int) -> str:
    """Return `was` for one, `were` for several."""
    return "was" if count == 1 else "were"


def some(names: Sequence[str], most: int = SHOWN_NAMES) -> str:
    """Return the first names, and how many more there are: `a, b, c and 4 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def if_it_changes(method: str) -> str:
    """Return what is known of a case whose second answer differs.

    Such a case has an unsafe method.
    """
    what = f"it sends {with_article(method)}" if method else "its setup may change something"
    return f"{what}, and its second answer differs; {ISOLATE_IT}"


def with_article(method: str) -> str:
    """Return a method with its article: `a PUT`."""
    article = "an" if method[:1] in {*"AEIOU"} else "a"
    return f"{article} {method}"


def further_runtimes(names: Sequence[str]) -> str:
    """Return the runtimes that a decision leaves out.

    The form is `in one more runtime: c` or `in 2 more runtimes: b, c`.
    """
    how_many = "one more runtime" if len(names) == 1 else plural(len(names), "more runtime")
    return f"in {how_many}: {some(names)}"


def something_else(names: Sequence[str]) -> str:
    """Return which runtimes show something else than a decision says: `c shows something else`."""
    return f"{some(names)} {verb(len(names), 'show')} something else"


def one_line(text: str) -> str:
    """Return a text on one line, its runs of white space as single blanks."""
    return " ".join(text.split())
