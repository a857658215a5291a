"""Which idiom names a difference of two sides, of which each has several runtimes."""

IdiomClaims = tuple[tuple[frozenset[str], str | None], ...]
"""For every two runtimes of two sides the idiom that claims their difference, or None."""


def idiom_of(claims: IdiomClaims) -> str | None:
    """Return the idiom of two sides, given what claims them for every two of their runtimes.

    Where one idiom claims them for some of their runtimes, and no other does for the rest, it names
    all: the same facts stay the same difference whatever a third runtime sends elsewhere.
    """
    idioms = {idiom for _, idiom in claims if idiom is not None}
    return idioms.pop() if len(idioms) == 1 else None
