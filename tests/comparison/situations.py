"""Rows for tables of situations, and what is said of one."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pytest
from msgspec.structs import replace

from conformance.comparison.grouping import Grouping
from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.finding import Sent
from conformance.model.json_path import parse_path
from conformance.model.observation import Answer, Cell
from conformance.model.rule import NumberRule, Rule
from conformance.reporting.phrases import sides
from tests.comparison.differences import PLACE, answer
from tests.comparison.live_runs import case

STATUS, SHAPE, VALUE = CompareLevel.STATUS, CompareLevel.SHAPE, CompareLevel.VALUE
NEAR: Final = (NumberRule(path=parse_path("$.x"), relative=0, absolute=1, why="w", place=PLACE),)
NEAR_IN_A_LIST: Final = (
    NumberRule(path=parse_path("$[*].x"), relative=0, absolute=1, why="w", place=PLACE),
)
Sentence = tuple[str, str, str]
"""A place, the sentence about it, and the odd runtimes as one word."""


def x(value: object) -> str:
    """Return a body with one member, its value as JSON."""
    return f'{{"x":{value}}}'


def text(body: str, status: int = 200) -> Answer:
    """Return an answer in plain text."""
    return answer(body, status, media="text/plain")


def situation(  # the runtimes are a, b, c, d and e, in the order of their answers
    name: str, *given: str | Answer, expected: list[Sentence], **how: Any
) -> Any:
    """Return a row of the table; a text is a body of JSON."""
    return pytest.param(given, how, expected, id=name)


def told_of(
    given: Sequence[str | Answer],
    base: str | None = None,
    level: CompareLevel = VALUE,
    rules: tuple[Rule, ...] = (),
    headers: tuple[str, ...] = (),
) -> Iterator[Sentence]:
    """Yield what is said of each finding, as the only one of its group."""
    asked = replace(case(compare=level, rules=rules), headers=headers)
    answers = [answer(each) if isinstance(each, str) else each for each in given]
    cells = [
        Cell(runtime=name, live=True, observations=(each,))
        for name, each in zip("abcde", answers, strict=False)
    ]
    for finding in compare_case(asked, cells, base).findings:
        grouping = Grouping({})
        grouping.add_findings("s/c", [asked.steps[0].request], [finding], [()])
        (group,) = grouping.groups()
        yield finding.place, sides(group), "".join(group.odd)


def places_with_values(
    answers: Sequence[Answer], level: CompareLevel = VALUE, rules: tuple[Rule, ...] = ()
) -> Iterator[tuple[str, str, Sent]]:
    """Yield place, sentence and first values of each finding that follows from no other."""
    asked = case(compare=level, rules=rules)
    cells = [
        Cell(runtime=name, live=True, observations=(each,))
        for name, each in zip("abcde", answers, strict=False)
    ]
    for finding in compare_case(asked, cells).findings:
        if finding.follows is None:
            grouping = Grouping({})
            grouping.add_findings("s/c", [asked.steps[0].request], [finding], [()])
            (group,) = grouping.groups()
            yield finding.place, sides(group), finding.sent[0]
