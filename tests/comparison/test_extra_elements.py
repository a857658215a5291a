"""What is said to be extra in a list is in no list that is shown beside it."""

import json
from itertools import permutations

from hypothesis import example, given

from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind
from conformance.model.observation import Answer
from tests.comparison.laws import LAW, answers, answers_of, findings_of
from tests.comparison.test_truth import (
    CUT_OR_ESCAPED,
    LENGTH,
    own_places,
    steps_of,
    values_at,
    written,
)


@LAW
@given(answers())
def test_what_is_extra_adds_up(given_answers: dict[str, Answer]) -> None:
    """Two lists of different lengths are equally long without their extra elements."""
    for finding in findings_of(given_answers, list(given_answers), CompareLevel.VALUE):
        for sent in finding.sent:
            told = [
                said
                for _, said in sent
                if LENGTH.fullmatch(said) and not CUT_OR_ESCAPED.search(said)
            ]
            if len(told) == len(sent) and finding.kind is DifferenceKind.LENGTH:
                assert len({int(said.split()[0]) - len(extras_in(said)) for said in told}) == 1, (
                    finding
                )


EXTRA_BESIDE_THE_FIRST = answers_of([1], [1, "1"], [2, "1"])
"""The last two have one length, and each has something that the first has not."""


@LAW
@given(answers())
@example(EXTRA_BESIDE_THE_FIRST)
def test_what_is_extra_is_in_no_list_beside_it(given_answers: dict[str, Answer]) -> None:
    """No list that is shown beside an extra element has it, unless it is extra there, too."""
    for finding in findings_of(given_answers, list(given_answers), CompareLevel.VALUE):
        if finding.kind is not DifferenceKind.LENGTH or "*" in finding.place:
            continue
        places = own_places(finding)
        for sent in finding.sent:
            lists = [
                (values_at(json.loads(given_answers[name].body), steps_of(places[name]))[0], said)
                for name, said in sent
                if LENGTH.fullmatch(said) and not CUT_OR_ESCAPED.search(said)
            ]
            for (value, said), (other, of_other) in permutations(lists, 2):
                for extra in {*extras_in(said)} - {*extras_in(of_other)}:
                    assert list(map(written, value)).count(extra) > list(map(written, other)).count(
                        extra
                    ), finding


def extras_in(said: str) -> list[str]:
    """Return the elements that are said to be extra."""
    found, text = [], said.partition(", extra: ")[2]
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        found.append(written(value))
        text = text[end:].removeprefix(", ")
    return found
