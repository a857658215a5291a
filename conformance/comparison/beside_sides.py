"""What else there is to say of sides: which idioms claim some of them, and who stands on none."""

from collections.abc import Iterator, Sequence

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.model.finding import Finding, SidePair
from conformance.wording import some


def named_between(finding: Finding) -> Iterator[str]:
    """Yield which idioms claim two sides, where none names the finding: `title between a and b`."""
    claimed: dict[str, list[str]] = {}
    for pair in finding.pairs if finding.idiom is None else ():
        for idiom, runtimes in _claims(finding, pair):
            if known := BY_NAME.get(idiom or ""):
                claimed.setdefault(known.title, []).append(f"between {' and '.join(runtimes)}")
    yield from (f"{title} {some(pairs)}" for title, pairs in claimed.items())


def _claims(finding: Finding, pair: SidePair) -> Iterator[tuple[str | None, Sequence[str]]]:
    """Yield the idiom of two sides with their runtimes, or what claims which two of these."""
    if pair.idiom is not None or not pair.claims:
        yield pair.idiom, [", ".join(finding.sides[at].runtimes) for at in pair.sides]
        return
    for two, idiom in pair.claims:
        yield idiom, sorted(two)


def facts_elsewhere(finding: Finding) -> Iterator[str]:
    """Yield what those show that are on no side, as another finding says: `c, e: absent`."""
    by_facts: dict[str, list[str]] = {}
    for runtime, facts in finding.shown_elsewhere:
        by_facts.setdefault(facts, []).append(runtime)
    yield from (f"{', '.join(runtimes)}: {facts}" for facts, runtimes in by_facts.items())
