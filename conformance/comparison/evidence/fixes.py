"""Which fixes are proposed for a finding: those that are true by all that the run shows.

A fix belongs to the runtimes that show what is wrong by itself, all of them; else to the odd ones;
and where nobody is odd, to any side.  A cure that the run contradicts is left out, and so is one
that would need evidence where there is none: the run was interrupted, or is one shard of several.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, starmap
from typing import Final

from msgspec import Struct

from conformance.comparison.evidence.error_forms import is_json, members_of_form
from conformance.comparison.evidence.routes import path_of
from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.comparison.idioms.errors import PROBLEM_DOCUMENT, is_problem_document
from conformance.comparison.idioms.idiom import Contradiction, Cure, Idiom
from conformance.comparison.idioms.member_names import style_of_all
from conformance.comparison.idioms.statuses import SUCCESSES
from conformance.model.evidence import FixEvidence, RuntimeEvidence
from conformance.model.finding import Finding, SidePair
from conformance.model.group import Remedy
from conformance.model.json_path import Wildcard, parse_path
from conformance.model.runtime import FIXED_LANGUAGES

WITH_VALUES: Final = frozenset(
    name for name, idiom in BY_NAME.items() if any(cure.fits for cure in idiom.cures)
)
"""Idioms with cures for some values only."""
Places = AbstractSet[tuple[str, str]]
"""Where a cause shows: routes, and the places in their answers."""
_NULL: Final = "null"
_OTHERS: Final = "{others}"


class Shown(Struct, frozen=True):
    """A runtime to be changed: its distinguishing idiom, the facts that it shows, and where.

    `body` is the kind of the bodies there, `wanted` are the facts of the others, `sent` is what the
    runtime sent beside what another one sent, as text.
    """

    runtime: str
    idiom: Idiom
    body: str
    facts: frozenset[str]
    wanted: frozenset[str]
    sent: tuple[tuple[str, str], ...]
    places: Places


def to_fix(finding: Finding, places: Places) -> tuple[tuple[Shown, ...], bool]:
    """Return who is to be changed, and whether that is anyone of several, as nobody is odd."""
    broken = [
        pair
        for pair in finding.pairs
        if pair.idiom and _broken_sides(pair) and _leads_to_agreement(finding, pair)
    ]
    wrong = tuple(
        _shown(finding, ((at, pair) for pair in broken for at in _broken_sides(pair)), places)
    )
    if 0 < len({each.runtime for each in wrong}) < len(finding.runtimes):
        return wrong, False
    if finding.largest is None:
        every = ((at, pair) for pair in finding.pairs for at in (pair.first, pair.second))
        return tuple(_shown(finding, every, places)) if finding.idiom else (), True
    beside_largest = [
        pair for pair in finding.pairs if finding.largest in (pair.first, pair.second)
    ]
    odd = (
        (pair.first if pair.second == finding.largest else pair.second, pair)
        for pair in beside_largest
    )
    return tuple(_shown(finding, odd, places)), False


def _leads_to_agreement(finding: Finding, pair: SidePair) -> bool:
    """Return whether the fix of a pair's broken side does not make it odd in another way.

    It is then like the largest side; where there is none, it differs from all others in this way.
    A router's own 404 beside a 200 lacks the route; where most others answer 405, it lacks the 405.
    """
    if finding.largest is not None:
        return finding.largest in {pair.first, pair.second}
    (broken,) = _broken_sides(pair)
    of_side = (other for other in finding.pairs if broken in {other.first, other.second})
    return all(other.idiom == pair.idiom for other in of_side)


def _broken_sides(pair: SidePair) -> list[int]:
    """Return the side of a pair whose fact is wrong by itself: one of the two at most."""
    idiom = BY_NAME.get(pair.idiom or "")
    broken = idiom.broken if idiom else frozenset()
    sides = [at for at in (pair.first, pair.second) if pair.fact_of(at) in broken]
    return sides if len(sides) == 1 else []


def _shown(finding: Finding, at: Iterable[tuple[int, SidePair]], places: Places) -> Iterator[Shown]:
    """Yield each runtime of some sides once, with the facts that it shows in pairs of one idiom."""
    by_side: dict[int, dict[str, list[SidePair]]] = {}
    for side, pair in at:
        idiom = BY_NAME.get(pair.idiom or "")
        if idiom is not None and idiom.cures_in(finding.written_as):
            by_side.setdefault(side, {}).setdefault(idiom.name, []).append(pair)
    for side, by_idiom in by_side.items():
        name, pairs = next(iter(by_idiom.items()))
        others = [pair.second if side == pair.first else pair.first for pair in pairs]
        for runtime in finding.sides[side].runtimes:
            yield Shown(
                runtime,
                BY_NAME[name],
                finding.written_as,
                facts=_facts((pair, side) for pair in pairs),
                wanted=_facts(zip(pairs, others, strict=True)),
                sent=tuple(
                    _sent(finding, runtime, [finding.sides[other].runtimes[0] for other in others])
                ),
                places=places,
            )


def _facts(of_sides: Iterable[tuple[SidePair, int]]) -> frozenset[str]:
    return frozenset(
        chain.from_iterable(pair.fact_of(side).split(" or ") for pair, side in of_sides)
    )


def _sent(finding: Finding, runtime: str, others: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what a runtime sent beside what each of others sent there."""
    for sent in map(dict, finding.sent):
        if runtime in sent:
            yield from ((sent[runtime], sent[other]) for other in others if other in sent)


Unfit = AbstractSet[tuple[str, Cure]]
"""Cures that would not make of what a runtime sent what the others sent."""


def unfit_cures(finding: Finding) -> Iterator[tuple[str, Cure]]:
    """Yield each runtime to be changed with the cures that do not fit what was sent."""
    if all(pair.idiom not in WITH_VALUES for pair in finding.pairs):
        return
    for each in to_fix(finding, frozenset())[0]:
        for cure in each.idiom.cures_in(each.body):
            if cure.fits is not None and not all(starmap(cure.fits, each.sent)):
                yield each.runtime, cure


def remedies(
    shown: Iterable[Shown],
    languages: Mapping[str, str | None],
    evidence: FixEvidence | None,
    unfit: Unfit,
) -> Iterator[Remedy]:
    """Yield the first cure for each runtime that is true of it, where its language is known."""
    for each in shown:
        language = languages.get(each.runtime)
        cures = (
            each.idiom.cures_for(language, each.facts, each.wanted, each.body)
            if language
            else iter(())
        )
        cure = next(
            (
                cure
                for cure in cures
                if (each.runtime, cure) not in unfit and _holds(cure, each, evidence)
            ),
            None,
        )
        if cure is not None:
            where = cure.where.replace(_OTHERS, " or ".join(sorted(each.wanted)))
            yield Remedy(
                runtime=each.runtime, language=cure.language, where=where, lines=cure.lines
            )


def for_all_of(
    shown: Iterable[Shown], found: Sequence[Remedy], languages: Mapping[str, str | None]
) -> Sequence[Remedy]:
    """Return remedies of which any suffices, or none if a runtime of a known language has none.

    That would say that it is the others that have to change, without saying why.
    """
    known = {each.runtime for each in shown if languages.get(each.runtime) in FIXED_LANGUAGES}
    return found if known <= {remedy.runtime for remedy in found} else ()


def without_language(shown: Iterable[Shown], languages: Mapping[str, str | None]) -> Iterator[str]:
    """Yield the runtimes for which there would be a fix if their language were known."""
    for each in shown:
        if languages.get(each.runtime) is None and each.idiom.cures_in(each.body):
            yield each.runtime


def _holds(cure: Cure, shown: Shown, evidence: FixEvidence | None) -> bool:
    """Return whether nothing that the run shows contradicts a cure.

    Without evidence, none that needs some holds.
    """
    if cure.unless is None:
        return True
    if evidence is None or not evidence.complete:
        return False
    return not _CHECKS[cure.unless](shown, evidence.of(shown.runtime))


_Check = Callable[[Shown, tuple[RuntimeEvidence, ...]], bool]


def _sends_null(_: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    return any(each.empty_values.get(_NULL) for each in evidence)


def _sends_zero_values(shown: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    return any(each.empty_values.get(word) for each in evidence for word in shown.facts)


def _same_for_member(shown: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    members = {_last_name(place) for _, place in shown.places}
    return any(
        not members.isdisjoint(each.empty_values.get(word, ()))
        for each in evidence
        for word in shown.facts
    )


def _leaves_out(_: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    """Return whether objects of one place have unequal members, apart from those that differ."""
    places = {place for each in evidence for place in each.layouts}
    for place in places:
        layouts = [layout for each in evidence for layout in each.layouts.get(place, ())]
        known = {
            name for layout in layouts for name in layout.names if name not in layout.differing
        }
        if any(known - {*layout.names, *layout.differing} for layout in layouts):
            return True
    return False


def _names_alike(shown: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    styles = {style for fact in shown.facts for style in fact.split(", ")}
    names = {
        name
        for each in evidence
        for layouts in each.layouts.values()
        for layout in layouts
        for name in layout.names
        if name not in layout.differing
    }
    return any(style_of_all([name]) in styles for name in names)


def _route_answers(shown: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    answered = {
        status
        for each in evidence
        for route, _ in shown.places
        for status in each.answered.get(route, ())
    }
    return not answered.isdisjoint(SUCCESSES)


def _same_status(shown: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    agreed = {
        status
        for each in evidence
        for route, _ in shown.places
        for status in each.agreed.get(route, ())
    }
    return not shown.facts.isdisjoint(map(str, agreed))


def _path_unknown(shown: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    """Return whether one of the paths is not known to exist: no other method of it succeeds."""
    return not all(_answered_by_other_methods(shown, evidence))


def _path_known(shown: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    return any(_answered_by_other_methods(shown, evidence))


def _answered_by_other_methods(
    shown: Shown, evidence: tuple[RuntimeEvidence, ...]
) -> Iterator[bool]:
    """Yield for each path whether one of its methods outside the cause is successful."""
    routes = {route for route, _ in shown.places}
    known = {
        path_of(route)
        for each in evidence
        for route, statuses in each.answered.items()
        if route not in routes and not statuses.isdisjoint(SUCCESSES)
    }
    yield from (path in known for path in sorted(set(map(path_of, routes))))


def _json_errors(_: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    return any(is_json(form) for each in evidence for form in each.errors)


def _same_errors(shown: Shown, evidence: tuple[RuntimeEvidence, ...]) -> bool:
    """Return whether errors without differences have the form that this runtime shows here.

    That it writes any other error in the form of the others says the same: one handler is apart,
    not all.
    """
    agreed = list(filter(is_json, chain.from_iterable(each.agreed_errors for each in evidence)))
    written = list(filter(is_json, chain.from_iterable(each.errors for each in evidence)))
    return any(
        _has_form(agreed, own, beside=other) or _has_form(written, other, beside=own)
        for own in shown.facts
        for other in shown.wanted
    )


def _has_form(forms: Iterable[str], fact: str, *, beside: str) -> bool:
    """Return whether any of some errors has all members that one form has and another has not."""
    members = [members_of_form(form) for form in forms]
    if fact == PROBLEM_DOCUMENT:
        return any(map(is_problem_document, members))
    names = set(fact.split(", "))
    alone = names - set(beside.split(", ")) or names
    return any(alone <= known and not is_problem_document(known) for known in members)


_CHECKS: Final[Mapping[Contradiction, _Check]] = {
    Contradiction.SENDS_NULL: _sends_null,
    Contradiction.LEAVES_OUT: _leaves_out,
    Contradiction.SENDS_ZERO_VALUES: _sends_zero_values,
    Contradiction.SAME_FOR_MEMBER: _same_for_member,
    Contradiction.NAMES_ALIKE: _names_alike,
    Contradiction.ROUTE_ANSWERS: _route_answers,
    Contradiction.SAME_STATUS: _same_status,
    Contradiction.PATH_UNKNOWN: _path_unknown,
    Contradiction.PATH_KNOWN: _path_known,
    Contradiction.JSON_ERRORS: _json_errors,
    Contradiction.SAME_ERRORS: _same_errors,
}


def _last_name(place: str) -> str:
    """Return the name of the member that a place is, or whose elements it is about."""
    try:
        path = parse_path(place)
    except ValueError:
        return place
    names = [step for step in path if not isinstance(step, int | Wildcard)]
    return names[-1] if names else place
