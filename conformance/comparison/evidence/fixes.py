"""The fixes that are proposed for a finding.

A cure is left out if the evidence of the run contradicts it, or if it needs evidence and there is
none: the run was interrupted, or is one of several shards.
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
"""Names of idioms with cures that depend on the values."""
_OTHERS: Final = "{others}"
"""The placeholder in a cure for the facts of the other runtimes."""
_Languages = Mapping[str, str | None]
"""The language of each runtime, or None if it is not stated."""
Unfit = AbstractSet[tuple[str, Cure]]
"""Runtimes with cures that would not turn their values into those of the other runtimes."""


def unfit_cures(finding: Finding) -> Iterator[tuple[str, Cure]]:
    """Yield each runtime to fix with each cure that does not fit the values it sent."""
    if WITH_VALUES.isdisjoint(map(attrgetter("idiom"), finding.pairs)):
        return
    # Whether a cure fits does not depend on the routes of the cause
    targets, _ = to_fix(finding, frozenset())
    for target in targets:
        cures = target.idiom.cures_in(target.body)
        for cure in filterfalse(partial(_fits_all, target.sent), cures):
            yield target.runtime, cure


def _fits_all(sent: Iterable[tuple[str, str]], cure: Cure) -> bool:
    """Return whether a cure turns all values of a runtime into the values of the others.

    `sent` has pairs: the runtime's value and another runtime's value, both as text.
    """
    return cure.fits is None or all(starmap(cure.fits, sent))


def remedies(
    targets: Iterable[Target],
    languages: _Languages,
    evidence: FixEvidence | None,
    unfit: Unfit,
) -> Iterator[Remedy]:
    """Yield the first cure for each target that fits and is not contradicted.

    Targets without a stated language have none.
    """
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
    """Yield the cures for a target in a language that fit and are not contradicted."""
    if not language:
        return
    for cure in target.idiom.cures_for(language, target.facts, target.wanted, target.body):
        is_unfit = (target.runtime, cure) in unfit
        if is_unfit or is_contradicted(cure, target, evidence):
            continue
        yield cure


def all_or_none(
    targets: Iterable[Target], proposed: Sequence[Remedy], languages: _Languages
) -> Sequence[Remedy]:
    """Return the remedies, or none if a target in a supported language has none.

    Any one of the targets can be fixed.  To propose a fix for only some of them would suggest,
    without a reason, that these are wrong.
    """
    to_change = set(map(attrgetter("runtime"), targets))
    with_remedy = set(map(attrgetter("runtime"), proposed))
    languages_without = set(map(languages.get, to_change - with_remedy))
    if languages_without.isdisjoint(FIXED_LANGUAGES):
        return proposed
    return ()


def without_language(targets: Iterable[Target], languages: _Languages) -> Iterator[str]:
    """Yield the runtimes that could get a fix if their language were stated."""
    for each in targets:
        has_cures = bool(each.idiom.cures_in(each.body))
        is_unknown = languages.get(each.runtime) is None
        if is_unknown and has_cures:
            yield each.runtime
