"""Counts, positions and lists that have one more on one side, as where an end is counted in on one side only."""

from collections.abc import Sequence
from typing import Final

from conformance.comparison.difference import Difference
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import last_name, words_of
from conformance.comparison.idioms.whole_answers import WholeAnswers
from conformance.comparison.values.lossless_json import Json, canonical
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath

_POSITIONS: Final = frozenset(
    (
        "page", "index", "idx", "offset", "start", "end", "from", "to", "first", "last", "position", "pos", "rank",
        "line", "row", "column", "col", "ordinal", "sequence", "seq", "limit", "skip", "lower", "upper", "depth",
        "level",
    )
)  # fmt: skip
_COUNTS: Final = frozenset(
    ("count", "total", "size", "length", "len", "pages", "items", "results", "hits", "remaining")
)
_ENOUGH_TIMES: Final = 2
_ENOUGH_IN_COMMON: Final = 2
_ONE_MORE: Final = {1: ("one less", "one more"), -1: ("one more", "one less")}


def off_by_one(found: Difference, answers: WholeAnswers) -> Spellings:
    """See a count or a position that is one more on one side, or a list with one more element at an end.

    All that stands at the place must differ by the same one.  A count that is one more by itself may be true of another
    list: that it is not the length of the list beside it is evidence, and so is that it happens several times.
    """
    if found.paths is None:
        return None
    if found.kind is DifferenceKind.LENGTH:
        columns = answers.columns(found.paths)
        return _at_an_end(*columns) if columns else None
    apart = _apart(found)
    columns = answers.columns(found.paths) if apart else None
    if apart is None or columns is None or len(columns[0]) != len(found.occurrences):
        return None
    named = [set(words_of(last_name(path))) for path in found.paths]
    of_position = all(words & _POSITIONS and not words & _COUNTS for words in named)
    if of_position or (all(words & _COUNTS for words in named) and _is_miscounted(found.paths, columns, answers)):
        return _ONE_MORE[apart]
    return None


def _apart(found: Difference) -> int | None:
    """Return 1 or -1 where each integer of the second side is so much more than the first side's."""
    if found.kind is not DifferenceKind.VALUE:
        return None
    if not all(type(value) is int for seen in found.occurrences for value in (seen.a, seen.b)):
        return None
    apart = {seen.b - seen.a for seen in found.occurrences}
    return apart.pop() if apart in ({1}, {-1}) else None


def _is_miscounted(
    paths: tuple[JsonPath, JsonPath], columns: tuple[list[Json], list[Json]], answers: WholeAnswers
) -> bool:
    """Tell whether a count differs several times, or from the length of a list beside it that is the same."""
    if len(columns[0]) >= _ENOUGH_TIMES:
        return True
    beside = answers.common_lengths((paths[0][:-1], paths[1][:-1]))
    return not beside.isdisjoint((columns[0][0], columns[1][0]))


def _at_an_end(a: Sequence[Json], b: Sequence[Json]) -> Spellings:
    """Return that each list of one side has one element more, always at the same end."""
    if not all(type(value) is list for side in (a, b) for value in side):
        return None
    found = {_one_more(x, y) for x, y in zip(a, b, strict=True)}
    if len(found) != 1 or None in found:
        return None
    ((more_in_b, end),) = (each for each in found if each is not None)
    facts = _ONE_MORE[1 if more_in_b else -1]
    return f"{facts[0]} at the {end}", f"{facts[1]} at the {end}"


def _one_more(x: list[Json], y: list[Json]) -> tuple[bool, str] | None:
    """Return whether the second of two lists is the longer one, and at which end its one element more stands.

    One that is equal to its neighbour is there twice, which is no matter of an end.
    """
    shorter, longer = sorted((x, y), key=len)
    if len(longer) != len(shorter) + 1 or len(shorter) < _ENOUGH_IN_COMMON:
        return None
    marks = list(map(canonical, longer))
    common = list(map(canonical, shorter))
    if marks[:-1] == common and marks[-1] != marks[-2]:
        return longer is y, "end"
    return (longer is y, "start") if marks[1:] == common and marks[0] != marks[1] else None


OFF_BY_ONE: Final = Idiom(
    name="off-by-one",
    title="off by one at a boundary",
    explanation="A count, a position or a list has one more on one side, as when an end is counted in on one "
    "side only, or one side counts from 0 and the other from 1.",
    cures=cures(
        "one less",
        "one more",
        go=("where the number is made or read: from 0 or from 1, its end included or not", 1),
        rust=("where the number is made or read: from 0 or from 1, its end included or not", 1),
        python=("where the number is made or read: from 0 or from 1, its end included or not", 1),
        typescript=("where the number is made or read: from 0 or from 1, its end included or not", 1),
        java=("where the number is made or read: from 0 or from 1, its end included or not", 1),
        csharp=("where the number is made or read: from 0 or from 1, its end included or not", 1),
    )
    + cures(
        go=("< or <= in the condition, or the bounds of the slice", 1),
        rust=("the range: a..b or a..=b", 1),
        python=("the bounds of the range or the slice: their end is left out", 1),
        typescript=("< or <= in the condition, or the end given to slice()", 1),
        java=("< or <= in the condition, or the end given to subList()", 1),
        csharp=("< or <= in the condition, or the count given to Take()", 1),
    ),
    whole=off_by_one,
    harm=Harm.LOST,
)
