"""What a test says of a comparison: two JSON texts in, the differences as rows out.

A row is (name, place, fact of a, fact of b), sorted, so that a table can spell it.  Where the sides
spell a place in two ways the row has the first in the alphabet, as a signature has.
"""

import json
from collections.abc import Iterable

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.difference import Difference
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.values.lossless_json import parse
from conformance.comparison.values.walk import Walk
from conformance.errors import Place
from conformance.model.case import CompareLevel, NumberPolicy
from conformance.model.json_path import parse_path
from conformance.model.observation import Answer
from conformance.model.rule import Rule, RuleKind, ValueRule

Row = tuple[str, str, str, str]
JSON = "application/json"


PLACE = Place("suite.yaml", 3, 5)
VALUE_POLICY = NumberPolicy.VALUE


def walk(
    a: str,
    b: str,
    level: CompareLevel = CompareLevel.SHAPE,
    rules: Iterable[Rule] = (),
    numbers: NumberPolicy = VALUE_POLICY,
) -> Walk:
    """Walk two JSON texts side by side."""
    walked = Walk(level, Loosening(tuple(rules)), numbers)
    walked.compare(parse(a.encode("utf-8")).value, parse(b.encode("utf-8")).value)
    return walked


def rows(walked: Walk) -> list[Row]:
    """Return the differences of a walk as rows."""
    return sorted(map(_row, walked.differences))


def _row(seen: Difference) -> Row:
    spelled = (
        place for place, nothing in zip(seen.places, seen.nothing_there, strict=True) if not nothing
    )
    return (seen.name, min(spelled), *seen.facts)


def by_shape(a: str, b: str) -> list[Row]:
    """Return how two JSON texts differ in shape."""
    return rows(walk(a, b))


def by_value(a: str, b: str) -> list[Row]:
    """Return how two JSON texts differ in shape and value."""
    return rows(walk(a, b, CompareLevel.VALUE))


def value_at(path: str) -> Row:
    """Return the row of a value that differs."""
    return ("value", path, "differs", "differs")


def length_at(path: str) -> Row:
    """Return the row of a length that differs."""
    return ("length", path, "differs", "differs")


def mirrored(seen: Iterable[Row]) -> list[Row]:
    """Return rows with the sides exchanged."""
    return sorted((name, path, b_fact, a_fact) for name, path, a_fact, b_fact in seen)


def text(value: object) -> str:
    """Write a value as JSON."""
    return json.dumps(value)


def hits(walked: Walk) -> int:
    """Return how often rules were needed in a walk."""
    return sum(walked.loosening.hits.values())


def rule(path: str, accepts: RuleKind) -> Rule:
    """Return a rule as a suite would hold it."""
    return ValueRule(path=parse_path(path), accepts=accepts, why="a test", place=PLACE)


def answer(
    body: bytes | str = b"{}",
    status: int = 200,
    *,
    notes: tuple[str, ...] = (),
    media: str | None = JSON,
    **fields: str,
) -> Answer:
    """Return an answer; underscores in header names become hyphens."""
    headers = [(name.replace("_", "-"), value) for name, value in fields.items()]
    if media is not None:
        headers.insert(0, ("Content-Type", media))
    raw = body.encode("utf-8") if isinstance(body, str) else body
    return Answer(
        status=status, reason="", headers=tuple(headers), body=raw, notes=notes, elapsed_ms=1.0
    )


def between(
    a: Answer, b: Answer, level: CompareLevel = CompareLevel.SHAPE, rules: tuple[Rule, ...] = ()
) -> list[Row]:
    """Return how two answers differ."""
    outcome = compare_answers(
        read_answer(a), read_answer(b), Terms(level=level, loosening=Loosening(rules))
    )
    return sorted(map(_row, outcome.differences))


def seen(
    a: str | bytes, b: str | bytes, media: str, level: CompareLevel = CompareLevel.VALUE
) -> list[tuple[str, str]]:
    """Return the names and paths of the differences of two bodies of one media type."""
    both = [answer(body, media=media) for body in (a, b)]
    turned = [(name, path) for name, path, _, _ in between(both[1], both[0], level)]
    straight = [(name, path) for name, path, _, _ in between(both[0], both[1], level)]
    assert straight == turned
    return straight
