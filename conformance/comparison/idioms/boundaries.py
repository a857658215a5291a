"""Counts, positions and lists that differ by one, as when only one side includes the end."""

from typing import Final

from conformance.comparison.difference import DIFFERS, Difference
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import Spellings
from conformance.comparison.idioms.error_words import values_in
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import last_name, words_of
from conformance.comparison.idioms.whole_answers import WholeAnswers
from conformance.comparison.values.columns import Column
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath

_Paths = tuple[JsonPath, JsonPath]
_Columns = tuple[Column, Column]
_POSITIONS: Final = frozenset(
    (
        "page", "index", "idx", "offset", "start", "end", "from", "to", "first", "last", "position",
        "pos", "rank",
        "line", "row", "column", "col", "ordinal", "sequence", "seq", "skip", "lower", "upper",
        "depth", "level",
    )
)  # fmt: skip
_COUNTS: Final = frozenset(
    ("count", "total", "length", "len", "pages", "items", "results", "hits", "remaining")
)  # fmt: skip
_LIMITS: Final = frozenset(("limit", "size", "per", "top", "take", "max", "rows"))
"""Words in names of limits, which say how many elements a list may have: `limit`, `pageSize`,
`per_page`, `$top`, `maxResults`."""
_OF_REQUESTS: Final = _LIMITS | {"first", "last", "count"}
"""Words in the names by which a request asks for a number of elements."""
_ENOUGH_TIMES: Final = 2
_ENOUGH_IN_COMMON: Final = 2
_ONE_MORE: Final = {1: ("one less", "one more"), -1: ("one more", "one less")}


def is_counted(path: JsonPath) -> bool:
    """Return whether the name at a path is that of a position, a count or a limit."""
    return not (_POSITIONS | _COUNTS | _LIMITS).isdisjoint(words_of(last_name(path)))


def off_by_one(found: Difference, answers: WholeAnswers) -> Spellings:
    """Recognise a number that is one higher, or a list with one more element at an end.

    All values at the place must differ by 1 in the same direction.  Further evidence is needed: a
    list must end at a limit that is named; one of two counts must be the length of a list beside
    it; a position must be 0 or be in the request; or counts or positions differ several times.
    """
    if found.paths is None:
        return None
    if found.kind is DifferenceKind.LENGTH:
        return _cut_lists(found.paths, answers)
    apart = _apart(found)
    if apart is None:
        return None
    # called last, as it walks both bodies
    columns = answers.columns(found.paths)
    # all values of the place must be one apart, else some numbers are only close to each other
    if columns is None or len(columns[0]) != len(found.occurrences):
        return None
    if not _is_at_a_boundary(found.paths, columns, answers):
        return None
    return _ONE_MORE[apart]


def _cut_lists(paths: _Paths, answers: WholeAnswers) -> Spellings:
    """Recognise lists that a limit cuts, of which those of one side have one element more."""
    lists = answers.columns(paths)
    if lists is None or not _is_cut(paths, lists, answers):
        return None
    return DIFFERS, DIFFERS


def _is_at_a_boundary(paths: _Paths, columns: _Columns, answers: WholeAnswers) -> bool:
    """Return whether integers that are one apart are proven to be positions, counts or limits."""
    names = list(map(words_of, map(last_name, paths)))

    def are_called(words: frozenset[str]) -> bool:
        return not any(map(words.isdisjoint, names))

    # a single count may be one higher because something was created in between
    if are_called(_COUNTS):
        return _is_miscounted(paths, columns, answers)
    values = {columns[0][0], columns[1][0]}
    # a limit that is not in the request is a default, and may be any number
    if are_called(_LIMITS):
        return not values.isdisjoint(answers.named_request_numbers(_LIMITS))
    if not are_called(_POSITIONS):
        return False
    evidence = (
        0 in values,
        len(columns[0]) >= _ENOUGH_TIMES,
        not values.isdisjoint(answers.named_request_numbers(_POSITIONS)),
    )
    return any(evidence)


def _apart(found: Difference) -> int | None:
    """Return second minus first integer where this is 1 everywhere, or -1 everywhere; else None."""
    # 1.0 and 2.0 are measurements, not counts
    are_integers = {*map(type, values_in(found))} <= {int}
    if found.kind is not DifferenceKind.VALUE or not are_integers:
        return None
    apart: set[int] = {seen.b - seen.a for seen in found.occurrences}
    if apart not in ({1}, {-1}):
        return None
    return apart.pop()


def _is_miscounted(paths: _Paths, columns: _Columns, answers: WholeAnswers) -> bool:
    """Return whether counts differ several times, or one of two is the length of a list beside it.

    That list has the same length on both sides.
    """
    # it is no chance that lists of several lengths all miss one element
    if len(columns[0]) >= _ENOUGH_TIMES:
        return True
    beside = answers.common_lengths((paths[0][:-1], paths[1][:-1]))
    return not beside.isdisjoint((columns[0][0], columns[1][0]))


def _is_cut(paths: _Paths, columns: _Columns, answers: WholeAnswers) -> bool:
    """Return whether each list of one side has one more element, always at the same end.

    One of the two lists has the length of a limit in the request or in the bodies.
    """
    a, b = columns
    # a list that an idiom made for the comparison may have been sent as an object
    if {*map(type, a), *map(type, b)} != {list}:
        return False
    extra_elements = set(map(_one_more, a, b))
    if len(extra_elements) != 1 or None in extra_elements:
        return False
    # without a limit, one side may simply have one more element
    limits = answers.named_request_numbers(_OF_REQUESTS) | answers.adjacent_numbers(paths, _LIMITS)
    return all(limits & {len(x), len(y)} for x, y in zip(a, b, strict=True))


def _one_more(x: list[Json], y: list[Json]) -> tuple[bool, str] | None:
    """Return whether the second list has the extra element, and at which end; None at neither end.

    An extra element that equals its neighbour is a duplicate, not an element past an end.
    """
    shorter, longer = sorted((x, y), key=len)
    if not _ENOUGH_IN_COMMON <= len(shorter) == len(longer) - 1:
        return None
    # the end at which the two lists are equal but for the extra element
    marks = list(map(canonical, longer))
    common = list(map(canonical, shorter))
    has_other_end, has_other_start = marks[-1] != marks[-2], marks[0] != marks[1]
    if has_other_end and marks[:-1] == common:
        return longer is y, "end"
    if has_other_start and marks[1:] == common:
        return longer is y, "start"
    return None


OFF_BY_ONE: Final = Idiom(
    name="off-by-one",
    title="off by one at a boundary",
    explanation="A count, a position or a list that is cut at a limit has one more on one side, "
    "as when an end is "
    "counted in on one side only, or one side counts from 0 and the other from 1.",
    cures=cures(
        "one less",
        "one more",
        go=("where the number is made or read: from 0 or from 1, its end included or not", 1),
        rust=("where the number is made or read: from 0 or from 1, its end included or not", 1),
        python=("where the number is made or read: from 0 or from 1, its end included or not", 1),
        typescript=(
            "where the number is made or read: from 0 or from 1, its end included or not",
            1,
        ),
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
    any_body=True,
    whole=off_by_one,
    harm=Harm.LOST,
)
