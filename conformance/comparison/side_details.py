"""Further facts about sides: idioms between some of them, and runtimes on no side."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from operator import itemgetter

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.grouped import grouped
from conformance.model.finding import Finding, SidePair
from conformance.wording import some


def named_between(finding: Finding) -> Iterator[str]:
    """Yield the idioms between sides of a finding without an idiom: `title between a and b`."""
    if finding.idiom is not None:
        return
    claimed: dict[str, list[str]] = defaultdict(list)
    claims = chain.from_iterable(map(_claims, repeat(finding), finding.pairs))
    for idiom, runtimes in claims:
        if idiom in BY_NAME:
            claimed[BY_NAME[idiom].title].append(f"between {' and '.join(runtimes)}")
    for title, pairs in claimed.items():
        yield f"{title} {some(pairs)}"


def _claims(finding: Finding, pair: SidePair) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the idioms between two sides, with the names of all or two of their runtimes."""
    if pair.idiom is not None:
        yield pair.idiom, [", ".join(finding.sides[at].runtimes) for at in pair.sides]
        return
    for two, idiom in pair.claims:
        if idiom is not None:
            yield idiom, sorted(two)


def facts_elsewhere(finding: Finding) -> Iterator[str]:
    """Yield what runtimes on no side show according to another finding: `c, e: absent`."""
    by_facts = grouped(finding.shown_elsewhere, lambda each: each[1])
    for facts, known in by_facts.items():
        names = map(itemgetter(0), known)
        yield f"{', '.join(names)}: {facts}"
