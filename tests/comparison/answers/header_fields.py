"""Answers of header fields alone, rules for these, and where two answers differ in them."""

from collections.abc import Sequence

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import AnswerComparison, compare_answers
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import CompareLevel
from conformance.model.observation import Answer
from conformance.model.rule import HeaderRule, Rule, RuleKind
from tests.comparison.differences import PLACE

JWT = "eyJhbGciOiJIUzI1NiJ9.{}.c2ln"
"""A token, but for its claims."""


def headers(*fields: tuple[str, str], status: int = 200) -> Answer:
    """Return an answer with an empty body and these fields."""
    return Answer(status=status, reason="", headers=fields, body=b"", elapsed_ms=1.0)


def about(header: str, accepts: RuleKind, cookie: str | None = None) -> Rule:
    """Return a rule about a header field."""
    return HeaderRule(header=header, accepts=accepts, cookie=cookie, why="w", place=PLACE)


def compared(
    a: Answer,
    b: Answer,
    named: Sequence[str] = (),
    rules: Sequence[Rule] = (),
    level: CompareLevel = CompareLevel.VALUE,
) -> AnswerComparison:
    """Compare two answers whose case names some fields."""
    first, second = (read_answer(each, base_url=f"http://{name}:1", fields=tuple(named)) for each,
        name in
                     ((a, "a"), (b, "b")))  # fmt: skip
    return compare_answers(first, second, Terms(level=level, loosening=Loosening(tuple(rules))))


def places(outcome: AnswerComparison) -> list[tuple[str, str, str]]:
    """Return where two answers differ, and the facts."""
    return [(each.places[0], *each.facts) for each in outcome.differences]
