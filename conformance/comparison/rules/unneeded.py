"""Why nothing needed a rule in a case: no such place, no difference there, nothing accepted."""

from collections.abc import Iterable, Iterator
from itertools import chain

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

    `compared` has pairs of these answers as they were compared, `level` says by what: two values of
    one shape do not differ by shape.

    What stands at its place in two answers with two statuses was not compared, so that nothing
    differed there.
    """
    is_somewhere = False
    for first, second in compared:
        in_first, in_second = list(_held(rule, first)), list(_held(rule, second))
        is_unequal_in_both = in_first and in_second and in_first != in_second
        if is_unequal_in_both and _differ(rule, first, second, level):
            return Unneeded.ACCEPTED_NOTHING
        is_somewhere |= bool(in_first or in_second)
    if is_somewhere or _is_in_any(rule, answers):
        return Unneeded.NOTHING_DIFFERED
    return Unneeded.NOWHERE


def _is_in_any(rule: Rule, answers: Iterable[ReadAnswer]) -> bool:
    """Return whether any answer has the place of a rule."""
    nothing = object()
    return any(next(_held(rule, answer), nothing) is not nothing for answer in answers)


def _differ(rule: Rule, first: ReadAnswer, second: ReadAnswer, level: CompareLevel) -> bool:
    """Return whether what two answers have at the place of a rule differs by what is compared."""
    if level is CompareLevel.VALUE or isinstance(rule, NoteRule | HeaderRule):
        return True
    if level is not CompareLevel.SHAPE:
        return False
    walk = Walk(level, Loosening())
    walk.compare(_values(rule.path, first), _values(rule.path, second))
    return bool(walk.differences)


def _held(rule: Rule, answer: ReadAnswer) -> Iterator[object]:
    """Yield what an answer has at the place of a rule, in a form that tells equal from unequal."""
    if isinstance(rule, NoteRule):
        notes = [*answer.answer.notes, *answer.body.notes]
        yield from [rule.note] * notes.count(rule.note)
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
        cookie = value.partition("=")[0].strip()
        if name == rule.header and rule.cookie in {None, cookie}:
            yield own_spelled(spelled_tokens(value), answer.base_url)


def under(values: list[Json], path: JsonPath, *, in_markup: bool) -> list[Json]:
    """Return what stands at a path in any of some values, also within a token.

    In markup lists of tags are gone through by themselves.
    """
    below = _below_in_markup if in_markup else _below
    for segment in path:
        values = list(chain.from_iterable(below(value, segment) for value in values))
    return values


def _below_in_markup(value: Json, segment: object) -> Iterable[Json]:
    if not isinstance(value, list) or segment is ANY_ELEMENT:
        return _below(value, segment)
    return chain.from_iterable(_below_in_markup(each, segment) for each in value)


def _below(value: Json, segment: object) -> Iterable[Json]:
    """Return what is one step below a value, or below what it holds where it is a token."""
    if isinstance(value, list):
        return value if segment is ANY_ELEMENT else ()
    members = read_token(value) if isinstance(value, str) else value
    if not isinstance(members, dict):
        return ()
    if segment is ANY_MEMBER:
        return members.values()
    return (members[segment],) if segment in members else ()
