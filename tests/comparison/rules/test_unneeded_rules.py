"""A rule reported as not needed can be removed without changing the run.

This is tested on random answers and rules.
"""

import random

import pytest
from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.rules.loosening import Loosening
from conformance.errors import Place
from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.json_path import parse_path
from conformance.model.rule import (
    AlignRule,
    HeaderRule,
    JoinRule,
    MapRule,
    NumberRule,
    OrderRule,
    Rule,
    RuleKind,
    ValueRule,
)
from tests.comparison.differences import answer

PATHS = (
    "$.t",
    "$.x",
    "$.l",
    "$.l[*]",
    "$.l[*].t",
    "$.l[*].v",
    "$.l[*].id",
    "$.*",
    "$.l[*].*",
    "$.r.e",
)
SCALARS = (
    "1",
    "1.0",
    "2",
    "-0",
    "0",
    "1.50",
    '"a"',
    '"1"',
    "null",
    "true",
    '"2026-11-23T00:00:00Z"',
)
FIELDS = ("x-a", "x-b", "etag")


def element(draw: random.Random) -> str:
    """Return an element of a list: mostly an object with some of four members."""
    if draw.random() < 0.2:
        return draw.choice(SCALARS)
    names = [name for name in ("id", "t", "v", "n") if draw.random() < 0.75]
    values = (draw.choice("123") if name == "id" else draw.choice(SCALARS) for name in names)
    return (
        "{" + ",".join(f'"{name}":{value}' for name, value in zip(names, values, strict=True)) + "}"
    )


def changed(
    draw: random.Random, elements: list[str], members: dict[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Return a list and members with up to three changes."""
    elements, members = [*elements], {**members}
    for _ in range(draw.randint(0, 3)):
        kind = draw.randrange(5)
        if kind == 0:
            draw.shuffle(elements)
        elif kind == 1:
            elements.insert(draw.randint(0, len(elements)), element(draw))
        elif kind == 2 and elements:
            elements[draw.randrange(len(elements))] = element(draw)
        else:
            members[draw.choice([*members])] = draw.choice(SCALARS)
    return elements, members


def written(elements: list[str], members: dict[str, str], *, as_xml: bool) -> str:
    """Return them as a body."""
    if not as_xml:
        held = (f'"{name}":{value}' for name, value in members.items())
        return "{" + ",".join(held) + f',"l":[{",".join(elements)}]}}'
    plain = str.maketrans("", "", '{}"')
    inside = [*members.items(), *(("e", each) for each in elements)]
    return (
        "<r>"
        + "".join(f"<{name}>{value.translate(plain)}</{name}>" for name, value in inside)
        + "</r>"
    )


def rule(draw: random.Random, line: int) -> Rule:
    """Return a rule of any kind about something in such a body."""
    path, place = parse_path(draw.choice(PATHS)), Place("s.yaml", line, 1)
    kind, number = draw.choice([*RuleKind]), draw.choice([0.0, 0.5, 1.0])
    key = draw.choice([(), ("id",), ("id", "t")])
    rules: list[Rule] = [
        ValueRule(path=path, accepts=kind, why="w", place=place),
        NumberRule(path=path, relative=0.0, absolute=number, why="w", place=place),
        AlignRule(path=path, key=key, why="w", place=place),
        MapRule(path=parse_path(draw.choice(["$", "$.l[*]"])), why="w", place=place),
        OrderRule(path=parse_path("$.r"), why="w", place=place),
        JoinRule(path=parse_path("$.l[*].t"), why="w", place=place),
        HeaderRule(header=draw.choice(FIELDS), accepts=kind, why="w", place=place),
    ]
    return draw.choice(rules)


def fields(draw: random.Random) -> tuple[tuple[str, str], ...]:
    """Return some header fields."""
    return tuple((name, draw.choice("12a")) for name in FIELDS if draw.random() < 0.4)


class Pair:
    """Two answers, and how they are compared."""

    def __init__(self, draw: random.Random) -> None:
        as_xml = draw.random() < 0.25
        elements = [element(draw) for _ in range(draw.randint(0, 4))]
        members = {name: draw.choice(SCALARS) for name in ("t", "x", "u")}
        bodies = ((elements, members), changed(draw, elements, members))
        self._media = "application/xml" if as_xml else "application/json"
        self._bodies = [written(*each, as_xml=as_xml) for each in bodies]
        self._fields = [fields(draw) for _ in bodies]
        self._level = draw.choice([CompareLevel.SHAPE, CompareLevel.VALUE, CompareLevel.VALUE])
        self._numbers = draw.choice([*NumberPolicy])

    def _read(self, at: int) -> ReadAnswer:
        sent = answer(self._bodies[at], media=self._media)
        headers = (*sent.headers, *self._fields[at])
        return read_answer(replace(sent, headers=headers), fields=("x-a", "x-b"))

    def compared(self, rules: tuple[Rule, ...]) -> tuple[list[str], set[Rule]]:
        """Return differences, and rules that were needed or changed how containers compare.

        The containers are lists and objects.
        """
        loosening = Loosening(rules)
        terms = Terms(level=self._level, numbers=self._numbers, loosening=loosening)
        found = compare_answers(self._read(0), self._read(1), terms).differences
        told = sorted(
            repr((each.name, each.places, each.facts, len(each.occurrences))) for each in found
        )
        return told, loosening.shaping | {rule for rule, hits in loosening.hits.items() if hits}


@pytest.mark.parametrize("seed", range(4))
def test_a_rule_that_was_not_needed_may_be_removed(seed: int) -> None:
    """Without it everything is found that was found with it, and nothing else."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(300):
        pair = Pair(draw)
        rules = tuple(rule(draw, line) for line in range(1, draw.randint(2, 4)))
        found, needed = pair.compared(rules)
        for unneeded in set(rules) - needed:
            assert (
                pair.compared(tuple(each for each in rules if each is not unneeded))[0] == found
            ), unneeded
