"""The structure of an idiom: a named cause, its meaning, and its usual fix in each language.

The meaning is one sentence.  The sizes of the fixes are rough numbers of lines for one place: they
only rank work.
"""

import enum
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import filterfalse
from operator import attrgetter
from typing import Any

from msgspec import Struct

from conformance.comparison.bodies.kind_names import JSON
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Detector, PairDetector
from conformance.comparison.idioms.whole_answers import WholeDetector
from conformance.comparison.values.lossless_json import Kind
from conformance.model.json_path import JsonPath
from conformance.model.runtime import FIXED_LANGUAGES


class Contradiction(enum.Enum):
    """What a runtime may do elsewhere in a run that rules out a cure for it.

    "Elsewhere" is wherever the runtime differs from no other.
    `comparison/evidence/contradictions.py` checks it.
    """

    SENDS_NULL = "it sends null for other members elsewhere"
    LEAVES_OUT = "it leaves members out elsewhere"
    SENDS_ZERO_VALUES = "it sends the same zero value for other members elsewhere"
    SAME_FOR_MEMBER = "it sends the same for this member elsewhere"
    NAMES_ALIKE = "it names members by the same convention elsewhere"
    ROUTE_ANSWERS = "it answers the route with success elsewhere"
    SAME_STATUS = "it answers the route with the same status elsewhere"
    PATH_UNKNOWN = "it answers no other method of the path with success"
    PATH_KNOWN = "it answers another method of the path with success"
    JSON_ERRORS = "it writes other errors as JSON"
    SAME_ERRORS = "it writes errors with the same members, or as the others do, elsewhere"


Fits = Callable[[str, str], bool]
"""Returns whether a cure would turn the value that a runtime sent, as JSON, into the value that
another runtime sent at the same place."""


class Cure(Struct, frozen=True, kw_only=True):
    """A change that fixes an idiom in one language.

    - `where`: what to change; `{others}` is replaced by the facts of the other runtimes.
    - `lines`: about how many lines that takes; None where unknown.
    - `facts`, `wanted`: the cure applies to a runtime whose facts are all in `facts`, where those
      of the others are all in `wanted`; an empty set allows any.
    - `unless`: the cure does not apply where the run shows this contradiction.
    - `fits`: if given, must be true of all pairs of values in a finding.
    - `bodies`: the kinds of body that the cure is only for; empty for a general one.
    """

    def fits_facts(self, facts: AbstractSet[str], wanted: AbstractSet[str]) -> bool:
        """Return whether the cure applies to a runtime with `facts` beside others with `wanted`."""
        return _within(facts, self.facts) and _within(wanted, self.wanted)

    language: str
    where: str
    lines: int | None
    facts: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    unless: Contradiction | None = None
    fits: Fits | None = None
    bodies: frozenset[str] = frozenset()


class Idiom(Struct, frozen=True, kw_only=True, eq=False):
    """A named cause of differences, how it is recognised, and its cures.

    - `detect`: recognises it in two columns; `detect_pair`: in two scalars of one kind with two
      values.  Neither is set where whole answers, or the presence of a member, show the idiom.
    - `of_forms`: the kinds of value in which `detect` may recognise it even where both columns have
      the same kinds, and their objects the same members; without them it is not called there.
    - `by_value`: `detect` is only called where columns correspond by position and their values are
      compared.
    - `is_symmetric`: `detect` gives the same claim with the sides exchanged.
    - `applies_at`: returns whether `detect_pair` is called at a path.
    - `by_chance`: two different values may look like this idiom, so it must explain all unequal
      values of a list.
    - `whole`: recognises it in a difference that no other idiom explains, given both whole answers.
    - `broken`: the facts that are wrong by themselves, on any side: the fix belongs there.
    - `harm`: the harm, where it is not that of such a difference without an idiom.
    - `names_others`: the facts of the other runtimes are part of the cause, and its cures name
      them.
    - `at_root`: it is recognised in whole bodies only.
    - `any_body`: its cures are not about a JSON serialiser, so they are offered for bodies of all
      kinds.
    - `cures`: the first one that applies to a runtime is proposed.
    """

    name: str
    title: str
    explanation: str
    cures: tuple[Cure, ...]
    detect: Detector | None = None
    detect_pair: PairDetector | None = None
    of_forms: frozenset[Kind] = frozenset()
    by_value: bool = False
    is_symmetric: bool = False
    applies_at: Callable[[JsonPath], bool] = lambda _: True
    by_chance: bool = False
    whole: WholeDetector | None = None
    broken: frozenset[str] = frozenset()
    harm: Harm | None = None
    names_others: bool = False
    at_root: bool = False
    any_body: bool = False

    def cures_for(
        self,
        language: str,
        facts: AbstractSet[str],
        wanted: AbstractSet[str] = frozenset(),
        body: str = JSON,
    ) -> Iterator[Cure]:
        """Yield a language's cures for a runtime's `facts` beside the others' `wanted` facts."""
        for cure in self.cures_in(body):
            is_in_language = cure.language == language
            if is_in_language and cure.fits_facts(facts, wanted):
                yield cure

    def cures_in(self, body: str) -> Sequence[Cure]:
        """Return the cures for a kind of body: those for this kind alone, then the general ones."""
        for_this_kind = [cure for cure in self.cures if body in cure.bodies]
        if body != JSON and not self.any_body:
            return for_this_kind
        general = filterfalse(attrgetter("bodies"), self.cures)
        return [*for_this_kind, *general]


def _within(facts: AbstractSet[str], known: AbstractSet[str]) -> bool:
    """Return whether all facts are among the known ones; true if none is known."""
    return not known or facts <= known


def cures(
    *facts: str,
    wanted: AbstractSet[str] = frozenset(),
    unless: Contradiction | None = None,
    fits: Fits | None = None,
    bodies: AbstractSet[str] = frozenset(),
    **by_language: tuple[str, int | None],
) -> tuple[Cure, ...]:
    """Return a cure for each language given as `language=(where, lines)`.

    The cures are for a runtime that shows only `facts`; without facts, for any.  Add the tuples of
    several calls where the sides are changed in different ways.
    """
    return tuple(
        Cure(
            language=language,
            where=where,
            lines=lines,
            facts=frozenset(facts),
            wanted=frozenset(wanted),
            unless=unless,
            fits=fits,
            bodies=frozenset(bodies),
        )
        for language, (where, lines) in by_language.items()
    )


def cures_everywhere(
    *facts: str, where: str, lines: int, bodies: AbstractSet[str] = frozenset()
) -> tuple[Cure, ...]:
    """Return the same cure for every language."""
    everywhere: dict[str, Any] = dict.fromkeys(FIXED_LANGUAGES, (where, lines))
    return cures(*facts, bodies=bodies, **everywhere)
