"""Why nothing needed a rule in a case: no such place, no difference there, nothing accepted."""

from collections.abc import Iterable, Iterator

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies.token import read_token, spelled_tokens
from conformance.comparison.identities.own_urls import own_spelled
from conformance.comparison.rules.loosening import Loosening
from conformance.comparison.rules.rule_paths import names_only
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.walk import Walk
from conformance.model.case import CompareLevel
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER, JsonPath
from conformance.model.rule import HeaderRule, NoteRule, Rule
from conformance.model.verdict import Unneeded


def why_unneeded(
    rule: Rule,
    answers: Iterable[ReadAnswer],
    compared: Iterable[tuple[ReadAnswer, ReadAnswer]],
    level: CompareLevel,
) -> Unneeded:
    """Return why a rule was not needed between a case's answers.

    It also takes these answers as they were compared, and by what: two values of one shape do not
    differ by shape.

    What stands at its place in two answers with two statuses was not compared, so that nothing
    differed there.
    """
    there = False
    for one, other in compared:
        first, second = (list(_held(rule, answer)) for answer in (one, other))
        if first and second and first != second and _differ(rule, one, other, level):
            return Unneeded.ACCEPTED_NOTHING
        there |= bool(first or second)
    if there or any(True for answer in answers for _ in _held(rule, answer)):
        return Unneeded.NOTHING_DIFFERED
    return Unneeded.NOWHERE


def _differ(rule: Rule, first: ReadAnswer, second: ReadAnswer, level: CompareLevel) -> bool:
    """Return whether what two answers have at the place of a rule differs by what is compared."""
    if level is CompareLevel.VALUE or isinstance(rule, NoteRule | HeaderRule):
        return True
    walk = Walk(level, Loosening())
    walk.compare(*(_values(rule.path, answer) for answer in (first, second)))
    return level is CompareLevel.SHAPE and bool(walk.differences)


def _held(rule: Rule, answer: ReadAnswer) -> Iterator[object]:
    """Yield what an answer has at the place of a rule, in a form that tells equal from unequal."""
    if isinstance(rule, NoteRule):
        yield from (
            note for note in (*answer.answer.notes, *answer.body.notes) if note == rule.note
        )
    elif isinstance(rule, HeaderRule):
        yield from _fields(rule, answer)
    elif answer.body.structured:
        yield from map(canonical, _values(rule.path, answer))


def _values(path: JsonPath, answer: ReadAnswer) -> list[Json]:
    """Return the values that a structured body has at a path."""
    in_markup = answer.body.markup is not None
    spelled = names_only(path) if in_markup else path
    return under([answer.body.value], spelled, in_markup=in_markup)


def _fields(rule: HeaderRule, answer: ReadAnswer) -> Iterator[str]:
    """Yield the values of a header field, or the lines that set a cookie, as they are compared."""
    for name, value in answer.header.fields:
        if name == rule.header and rule.cookie in {None, value.partition("=")[0].strip()}:
            yield own_spelled(spelled_tokens(value), answer.base_url)


def under(values: list[Json], path: JsonPath, *, in_markup: bool) -> list[Json]:
    """Return what stands at a path in any of some values, also within a token.

    In markup lists of tags are gone through by themselves.
    """
    for segment in path:
        values = [
            below for value in values for below in _below(value, segment, in_markup=in_markup)
        ]
    return values


def _below(value: Json, segment: object, *, in_markup: bool) -> Iterable[Json]:
    if isinstance(value, list):
        if segment is ANY_ELEMENT:
            return value
        return (
            [found for each in value for found in _below(each, segment, in_markup=in_markup)]
            if in_markup
            else ()
        )
    held = read_token(value) if isinstance(value, str) else value
    if not isinstance(held, dict):
        return ()
    if segment is ANY_MEMBER:
        return held.values()
    return (held[segment],) if segment in held else ()
