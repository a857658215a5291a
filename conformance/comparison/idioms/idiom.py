"""What an idiom is: a named cause, what it means in one sentence, and where it is usually fixed, per language.

The sizes of the fixes are rough numbers of lines for one place, from what such a change usually takes: they rank work,
no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Detector, PairDetector
from conformance.comparison.idioms.whole_answers import WholeDetector
from conformance.model.json_path import JsonPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """Where a difference is fixed in one language, and in about how many lines."""

    where: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Idiom:
    """A named cause.

    `detect` sees it in two columns, `respelled` in two scalars of one kind that differ by value; neither is set where
    whole answers, or the presence of a member, show it.  `of_forms` tells that `detect` may see it where both columns
    have the same kinds of value, and their objects the same members: any other need not be asked there.  `by_value`
    tells that `detect` is asked only where columns correspond by position, and their values are compared.  `place`
    tells at which places `respelled` is asked.  `whole` sees it in a difference that no other idiom explains, beside
    both answers as wholes.  `broken` are the facts that are wrong by themselves, whoever shows them: the fix belongs
    there.  `harm` is set where it is another than that of such a difference without a cause.
    """

    name: str
    title: str
    explanation: str
    cures: Mapping[str, Cure]
    detect: Detector | None = None
    respelled: PairDetector | None = None
    of_forms: bool = False
    by_value: bool = False
    place: Callable[[JsonPath], bool] = lambda _: True
    whole: WholeDetector | None = None
    broken: frozenset[str] = frozenset()
    harm: Harm | None = None


def cures(**by_language: tuple[str, int]) -> Mapping[str, Cure]:
    """Return the cures by language."""
    return MappingProxyType({name: Cure(where=where, lines=lines) for name, (where, lines) in by_language.items()})
