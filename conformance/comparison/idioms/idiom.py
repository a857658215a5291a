"""What an idiom is: a named cause, its meaning, and where it is usually fixed, per language.

The meaning is one sentence.

The sizes of the fixes are rough numbers of lines for one place, from what such a change usually
takes: they rank work, no more.
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
    """What a runtime may show elsewhere in a run that makes a cure untrue.

    Checked in `comparison/evidence/contradictions.py`.

    "Elsewhere" is wherever the runtime differs from nobody.
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
"""Tells whether a cure makes of a value that the runtime sent, as JSON, the one that another
runtime sent there.
"""


class Cure(Struct, frozen=True, kw_only=True):
    """Where a runtime in one language is changed, and in about how many lines.

    The number is None where it is not known.

    It is for a runtime that shows one of its `facts` beside others that show the facts
    `wanted` and no other, any where there are none, and not where the run shows the contradiction
    `unless`, or where the values of a finding do not fit.  `{others}` in `where` stands for the
    facts that the others show.
    """

    def fits_facts(self, facts: AbstractSet[str], wanted: AbstractSet[str]) -> bool:
        """Return whether the cure is for a runtime that shows some facts beside others' facts."""
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
    """A named cause.

    `detect` sees it in two columns, `respelled` in two scalars of one kind that differ by value;
    neither is set where whole answers, or the presence of a member, show it. `of_forms` are the
    kinds of value in which `detect` may see it though both columns have the same kinds, and their
    objects the same members: any other need not be asked there. `by_value` tells that `detect` is
    asked only where columns correspond by position, and their values are compared, `either_way`
    that it sees the same with the sides exchanged. `place` tells at which places `respelled` is
    asked, `by_chance` that two values may look so by chance: then it must explain all values of a
    list that are not equal. `whole` sees it in a difference that no other idiom explains, beside
    both answers as wholes. `broken` are the facts that are wrong by themselves, on any side: the
    fix belongs there. `harm` is set where it is another than that of such a difference without a
    cause. `beside_others` tells that what the others show is part of the cause, too, as its cures
    name it. With `at_root` it is seen in whole bodies alone. With `any_body` its cures are about no
    serialiser of JSON: they are offered for bodies of all kinds. Of its `cures`, the first one that
    is true of a runtime is proposed.
    """

    name: str
    title: str
    explanation: str
    cures: tuple[Cure, ...]
    detect: Detector | None = None
    respelled: PairDetector | None = None
    of_forms: frozenset[Kind] = frozenset()
    by_value: bool = False
    either_way: bool = False
    place: Callable[[JsonPath], bool] = lambda _: True
    by_chance: bool = False
    whole: WholeDetector | None = None
    broken: frozenset[str] = frozenset()
    harm: Harm | None = None
    beside_others: bool = False
    at_root: bool = False
    any_body: bool = False

    def cures_for(
        self,
        language: str,
        facts: AbstractSet[str],
        wanted: AbstractSet[str] = frozenset(),
        body: str = JSON,
    ) -> Iterator[Cure]:
        """Yield a language's cures for a runtime, by both sides' facts, the preferred one first."""
        for cure in self.cures_in(body):
            is_in_language = cure.language == language
            if is_in_language and cure.fits_facts(facts, wanted):
                yield cure

    def cures_in(self, body: str) -> Sequence[Cure]:
        """Return the cures that are true of bodies of a kind, those for this kind alone first."""
        for_this_kind = [cure for cure in self.cures if body in cure.bodies]
        if body != JSON and not self.any_body:
            return for_this_kind
        general = filterfalse(attrgetter("bodies"), self.cures)
        return [*for_this_kind, *general]


def _within(facts: AbstractSet[str], known: AbstractSet[str]) -> bool:
    return not known or facts <= known


def cures(
    *facts: str,
    wanted: AbstractSet[str] = frozenset(),
    unless: Contradiction | None = None,
    fits: Fits | None = None,
    bodies: AbstractSet[str] = frozenset(),
    **by_language: tuple[str, int | None],
) -> tuple[Cure, ...]:
    """Return cures by language for a runtime that shows one of some facts; without facts, for any.

    Sums of such tuples are the cures of an idiom whose sides are changed in different ways.
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
    """Return one cure for all languages."""
    everywhere: dict[str, Any] = dict.fromkeys(FIXED_LANGUAGES, (where, lines))
    return cures(*facts, bodies=bodies, **everywhere)
