"""What a run says of some runtimes is what a run with only these would say.

It depends neither on the other runtimes nor on the order.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain, combinations
from random import Random

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from conformance.model.case import CompareLevel
from conformance.model.finding import Finding
from conformance.model.observation import Answer
from tests.comparison.laws import LAW, answer, answers, answers_of, findings_of
from tests.comparison.restriction import restricted

LAYOUTS = {
    "scalar-vs-list",
    "envelope",
    "list-vs-map",
    "renamed-list",
    "renamed-root",
    "json-in-text",
}
"""Idioms that make one place of two.  Beside such a pair, a third body in which a member is absent
has no place of its
own for it, and through which pair it is told apart depends on who is there (docs/adr/0036).
"""


def shows_one_kind_in_an_element(findings: Iterable[Finding]) -> bool:
    """Return whether two runtimes alone show no two kinds of difference in one element of a place.

    Where a pair shows two, such as another type and another value, the findings of the element are
    kept apart by kind, regardless of who shows them; without this pair the others may be one
    finding (docs/adr/0043).
    """
    kinds: dict[tuple[object, ...], set[object]] = {}
    for finding in findings:
        for sent in finding.sent:
            kinds.setdefault((finding.place, frozenset(sent)), set()).update(
                pair.kind for pair in finding.pairs
            )
    return all(len(found) == 1 for found in kinds.values())


def goes_by_ids_and_by_indexes(given_answers: Mapping[str, Answer]) -> bool:
    """Return whether a list's elements may go by id in one pair and by index in another.

    Some id stands at two indexes, and at one index of two lists of one length stand two ids.  Then
    what pairs of runtimes call one element need not agree, and a further runtime may join or part
    findings, each of which stays true (docs/adr/0043).
    """
    ids = list(chain.from_iterable(map(_ids_of_lists, given_answers.values())))
    indexes: dict[object, set[int]] = {}
    there: dict[tuple[int, int], set[object]] = {}
    for length, index, known in ids:
        indexes.setdefault(known, set()).add(index)
        there.setdefault((length, index), set()).add(known)
    moved = any(len(found) > 1 for found in indexes.values())
    return moved and any(len(found) > 1 for found in there.values())


def goes_by_values_and_by_indexes(findings: Iterable[Finding]) -> bool:
    """Return whether a pair has the same elements in a different order.

    In this pair elements go by their values, and in the others by their indexes (docs/adr/0043).
    """
    return any(pair.name == "another-order" for finding in findings for pair in finding.pairs)


def _ids_of_lists(given_answer: Answer) -> Iterator[tuple[int, int, object]]:
    """Yield the length of each list, with the index and the id of each of its elements."""
    waiting = [json.loads(given_answer.body)]
    while waiting:
        value = waiting.pop()
        waiting.extend(value.values() if isinstance(value, dict) else ())
        for index, element in enumerate(value if isinstance(value, list) else ()):
            waiting.append(element)
            if isinstance(element, dict) and "id" in element:
                yield len(value), index, json.dumps(element["id"])


LEVELS = st.sampled_from([CompareLevel.SHAPE, CompareLevel.VALUE])


def said(findings: Iterable[Finding]) -> dict[object, set[object]]:
    """Return what findings say: by place and sides, with every name and fact, what was sent."""
    found: dict[object, set[object]] = {}
    for finding in findings:
        names = frozenset(
            frozenset(
                (
                    finding.sides[at].runtimes and frozenset(finding.sides[at].runtimes),
                    pair.name,
                    pair.fact_of(at),
                )
                for at in (pair.first, pair.second)
            )
            for pair in finding.pairs
        )
        key = (finding.place, frozenset(frozenset(side.runtimes) for side in finding.sides), names)
        found.setdefault(key, set()).update(frozenset(sent) for sent in finding.sent)
    return found


JSON_IN_TEXT = '{"n": [1, {"m": 2}]}'
MOVED_BESIDE_A_LONGER_LIST = answers_of(
    [JSON_IN_TEXT, "1"], ["1", []], ["1", JSON_IN_TEXT], [1, "1", "1"]
)
"""The first and the third have the same elements in a different order; the fourth is aligned by what
stands around.
"""

FIRST, SECOND = {"id": 0, "n": "1"}, {"id": 1, "n": "1"}
MOVED_BESIDE_OTHER_TYPES = answers_of(
    ["1", "1"], [FIRST, "1"], [FIRST, SECOND], [SECOND, FIRST], [FIRST, SECOND]
)
"""Objects in another order, which agree with each other in type only in a chain."""


WITHOUT_PARTNERS = answers_of(
    ["long", "1"], ["lone", 1], ["1", "long", "1"], ["1", "lone", "1"], ["1", "short"]
)
"""The first and the third have other elements beside the last one, and the same beside the second."""

ERRORS_BESIDE_SUCCESSES = {
    **answers_of([1, True], ["1", 1], ["1", 1.0]),
    "d": answer(["1", "1"], 400),
    "e": answer(["1", 1.0], 400),
}
"""An error has the types of a success, with which it was not compared."""

AGREEING_IN_A_CHAIN = answers_of(
    [{"id": None, "n": 1}, {"id": 1.0, "n": 1}],
    [{"id": None, "n": 1}, {"id": 1, "n": "1"}],
    [{"id": 0, "n": "1"}, {}],
    [{"id": 0, "n": "1"}, {"id": 1, "n": "1"}],
)
"""The last two agree in type, and are two sides only beside the second."""

BY_IDS_AND_BY_INDEXES = answers_of(
    [{"id": 1, "n": "1"}, {"id": 2, "n": "1"}, {"id": 3, "n": "1"}],
    [{"id": 2, "n": "1"}, {"id": 3, "n": "1"}],
    [{"id": 2, "n": "1"}, {"id": 3, "n": 1}],
    [{"id": 2, "n": "1"}, {"id": 1, "n": 1}],
)
"""The last element of the second and of the fourth have two ids, and each is one of the first's."""

ONE_TYPE_BESIDE_EACH = answers_of(
    [{"id": 1, "n": "1", "m": 1}, {"id": 3, "n": "1"}],
    [{"id": 2, "n": "1", "m": "1"}, {"id": 1, "n": "1", "m": 1}, {"id": 3, "n": "1"}],
    ["1", {"id": 2, "n": "1", "m": "1"}, {"id": 1, "n": "1", "m": 1}, {"id": 3, "n": "1"}],
    [{"id": 1, "n": "1"}, {"id": 3, "n": "1", "m": "1"}],
)
"""The second and the third show a text beside the first, and a number beside the fourth."""

TWO_ELEMENTS_IN_A_CHAIN = answers_of(
    [{"id": 1, "n": False}, {"id": 3, "n": 2}],
    [{"id": 2, "n": "y"}, {"id": 3, "n": "x"}],
    [{"id": 3, "n": 1}, {"id": 1, "n": "1"}],
)
"""The third makes one element of the two of the first and the second, which differ in both."""


MOVED_VALUES = answers_of(["1", "1", "1"], ["1", 1, 1.0], [1.0, 1, "1"], ["1", 1, 1])
"""The second and the third have the same values in another order, the others none of it."""


@LAW
@given(answers(), LEVELS)
@example(MOVED_VALUES, CompareLevel.VALUE)
@example(TWO_ELEMENTS_IN_A_CHAIN, CompareLevel.VALUE)
@example(BY_IDS_AND_BY_INDEXES, CompareLevel.VALUE)
@example(ONE_TYPE_BESIDE_EACH, CompareLevel.VALUE)
@example(AGREEING_IN_A_CHAIN, CompareLevel.SHAPE)
@example(ERRORS_BESIDE_SUCCESSES, CompareLevel.SHAPE)
@example(WITHOUT_PARTNERS, CompareLevel.VALUE)
@example(MOVED_BESIDE_A_LONGER_LIST, CompareLevel.VALUE)
@example(MOVED_BESIDE_OTHER_TYPES, CompareLevel.VALUE)
def test_the_law_of_restriction(given_answers: dict[str, Answer], level: CompareLevel) -> None:
    """Every subset of the runtimes has the findings of all, restricted to it.

    Three alignments of lists of two lengths need not agree (docs/adr/0043).  Where a report says
    that two runtimes have other elements there, a further runtime may hold these elements together.
    Where some elements go by id or by value and others by index, the law holds by pairs.
    """
    names = list(given_answers)
    everything = findings_of(given_answers, names, level)
    assume(all(pair.name not in LAYOUTS for finding in everything for pair in finding.pairs))
    pairs = (findings_of(given_answers, pair, level) for pair in combinations(names, 2))
    assume(all(map(shows_one_kind_in_an_element, pairs)))
    by_pairs = goes_by_ids_and_by_indexes(given_answers)
    by_pairs = by_pairs or goes_by_values_and_by_indexes(everything)
    for size in range(2, len(names)):
        for subset in combinations(names, size):
            alone = findings_of(given_answers, subset, level)
            if any(finding.strangers for finding in alone):
                continue
            for runtimes in combinations(subset, 2) if by_pairs else (subset,):
                assert said_among(everything, runtimes) == said_among(alone, runtimes)


def said_among(findings: Iterable[Finding], runtimes: Iterable[str]) -> AbstractSet[object]:
    """Return what findings say of some runtimes."""
    return said(left for finding in findings for left in restricted(finding, set(runtimes))).keys()


@settings(derandomize=True, max_examples=300, deadline=None)
@given(answers(), LEVELS, st.randoms(use_true_random=False))
def test_the_order_of_the_runtimes_does_not_matter(
    given_answers: dict[str, Answer], level: CompareLevel, random: Random
) -> None:
    """The same answers in another order have the same findings."""
    names = list(given_answers)
    shuffled = list(names)
    random.shuffle(shuffled)
    assert (
        said(findings_of(given_answers, names, level)).keys()
        == said(findings_of(given_answers, shuffled, level)).keys()
    )
