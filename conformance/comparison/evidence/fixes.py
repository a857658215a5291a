"""Which fixes are proposed for a finding: those that are true by all that the run shows.

A cure that the run contradicts is left out, and so is one that would need evidence where there is
none: the run was interrupted, or is one shard of several.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import filterfalse, starmap
from operator import attrgetter
from typing import Final

from conformance.comparison.evidence.contradictions import is_contradicted
from conformance.comparison.evidence.to_change import Target, to_fix
from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.comparison.idioms.idiom import Cure
from conformance.model.evidence import FixEvidence
from conformance.model.finding import Finding
from conformance.model.group import Remedy
from conformance.model.runtime import FIXED_LANGUAGES

WITH_VALUES: Final = frozenset(
    name for name, idiom in BY_NAME.items() if any(map(attrgetter("fits"), idiom.cures))
)
"""Idioms with cures for some values only."""
_OTHERS: Final = "{others}"
_Languages = Mapping[str, str | None]
"""The language of each runtime, None where nobody has said it."""
Unfit = AbstractSet[tuple[str, Cure]]
"""Cures that would not make of what a runtime sent what the others sent."""


def unfit_cures(finding: Finding) -> Iterator[tuple[str, Cure]]:
    """Yield each runtime to be changed with the cures that do not fit what was sent."""
    if WITH_VALUES.isdisjoint(map(attrgetter("idiom"), finding.pairs)):
        return
    # Which cures fit does not depend on where the cause shows
    targets, _ = to_fix(finding, frozenset())
    for target in targets:
        cures = target.idiom.cures_in(target.body)
        for cure in filterfalse(partial(_fits_all, target.sent), cures):
            yield target.runtime, cure


def _fits_all(sent: Iterable[tuple[str, str]], cure: Cure) -> bool:
    """Return whether a cure makes of all that a runtime sent what the others sent there."""
    return cure.fits is None or all(starmap(cure.fits, sent))


def remedies(
    targets: Iterable[Target],
    languages: _Languages,
    evidence: FixEvidence | None,
    unfit: Unfit,
) -> Iterator[Remedy]:
    """Yield the first cure for each runtime that is true of it, where its language is known."""
    for target in targets:
        cures = _true_cures(target, languages.get(target.runtime), evidence, unfit)
        cure = next(cures, None)
        if cure is None:
            continue
        others = " or ".join(sorted(target.wanted))
        yield Remedy(
            runtime=target.runtime,
            language=cure.language,
            where=cure.where.replace(_OTHERS, others),
            lines=cure.lines,
        )


def _true_cures(
    target: Target, language: str | None, evidence: FixEvidence | None, unfit: Unfit
) -> Iterator[Cure]:
    """Yield the cures for a runtime that fit what it sent, and that the run does not contradict."""
    if not language:
        return
    for cure in target.idiom.cures_for(language, target.facts, target.wanted, target.body):
        is_unfit = (target.runtime, cure) in unfit
        if is_unfit or is_contradicted(cure, target, evidence):
            continue
        yield cure


def for_all_of(
    targets: Iterable[Target], proposed: Sequence[Remedy], languages: _Languages
) -> Sequence[Remedy]:
    """Return remedies of which any suffices, or none if a runtime of a known language has none.

    That would say that it is the others that have to change, without saying why.
    """
    to_change = set(map(attrgetter("runtime"), targets))
    with_remedy = set(map(attrgetter("runtime"), proposed))
    languages_without = set(map(languages.get, to_change - with_remedy))
    if languages_without.isdisjoint(FIXED_LANGUAGES):
        return proposed
    return ()


def without_language(targets: Iterable[Target], languages: _Languages) -> Iterator[str]:
    """Yield the runtimes for which there would be a fix if their language were known."""
    for each in targets:
        has_cures = bool(each.idiom.cures_in(each.body))
        is_unknown = languages.get(each.runtime) is None
        if is_unknown and has_cures:
            yield each.runtime
