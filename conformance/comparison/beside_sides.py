"""What else there is to say of sides: which idioms claim some of them, and who stands on none."""

from collections.abc import Iterator

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.model.finding import Finding, SidePair
from conformance.wording import some


def named_between(finding: Finding) -> Iterator[str]:
    """Yield which idioms claim two sides, where none names the finding: `title between a and b`."""
    claimed: dict[str, list[str]] = {}
    for pair in finding.pairs if finding.idiom is None else ():
        if idiom := BY_NAME.get(pair.idiom or ""):
            claimed.setdefault(idiom.title, []).append(_between(finding, pair))
    yield from (f"{title} {some(pairs)}" for title, pairs in claimed.items())


def _between(finding: Finding, pair: SidePair) -> str:
    first, second = (", ".join(finding.sides[at].runtimes) for at in pair.sides)
    return f"between {first} and {second}"


def facts_elsewhere(finding: Finding) -> Iterator[str]:
    """Yield what those show that are on no side, as another finding says: `c, e: absent`."""
    by_facts: dict[str, list[str]] = {}
    for runtime, facts in finding.shown_elsewhere:
        by_facts.setdefault(facts, []).append(runtime)
    yield from (f"{', '.join(runtimes)}: {facts}" for facts, runtimes in by_facts.items())
