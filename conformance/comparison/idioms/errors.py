"""JSON bodies of errors: each framework has its own format, and RFC 9457 defines a common one."""

from collections.abc import Iterable, Iterator
from itertools import chain, filterfalse
from typing import Final

from msgspec.structs import replace

from conformance.comparison.difference import DIFFERS, Difference, as_fact, names_as_fact
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import IdiomClaim, Rest, Spellings
from conformance.comparison.idioms.error_words import NO_CODE, is_code, is_message, values_in
from conformance.comparison.idioms.idiom import Contradiction, Idiom, cures
from conformance.comparison.idioms.member_names import is_namespace
from conformance.comparison.idioms.members import KEY_CASE, key_case
from conformance.comparison.idioms.whole_answers import WholeAnswers
from conformance.comparison.values.columns import (
    Column,
    is_text,
    kinds_of,
    members_of,
    objects_of,
)
from conformance.comparison.values.objects import each_without
from conformance.comparison.values.zero_values import is_empty_value
from conformance.model.finding import DifferenceKind

_ENOUGH_NAMES: Final = 2
_CONTAINERS: Final = frozenset({"object", "array"})


PROBLEM_DOCUMENT: Final = "problem document"
"""The fact of errors in the format of RFC 9457."""
WITH: Final = "with "
WITHOUT: Final = "without "
"""Before the names in the facts of two formats, one of which has only these members more."""
_PROBLEM_MEMBERS: Final = frozenset({"type", "title", "status", "detail", "instance"})


def is_problem_document(names: Iterable[str]) -> bool:
    """Return whether at least two names are those of members of an RFC 9457 problem document."""
    return len(_PROBLEM_MEMBERS.intersection(names)) >= _ENOUGH_NAMES


_OF_ONE_HANDLER: Final = cures(
    go=("the error writer of this handler", 10),
    rust=("IntoResponse of the error of this handler", 10),
    python=("the exception handler for the error of this route", 10),
    typescript=("the error answer of this route", 10),
    java=("the handler for this exception", 10),
    csharp=("the error result of this action", 10),
)
"""Cures for a runtime whose other errors have the same format as those of the others."""


def error_shape(a: Column, b: Column, *, in_xml: bool = False) -> IdiomClaim | None:
    """Recognise two formats of error objects: two or more members are on one side only."""
    telling = _alone(a, b) | _alone(b, a)
    # one member more or less is a difference of its own, not another format
    if len(telling) < _ENOUGH_NAMES:
        return None
    facts = format_of(a, in_xml=in_xml), format_of(b, in_xml=in_xml)
    if facts[0] == facts[1]:
        return None
    held_otherwise = set(_held_otherwise(a, b))
    if not held_otherwise and PROBLEM_DOCUMENT not in facts:
        facts = _as_members_more(a, b) or facts
    # a member that a format writes without content is part of the format, too
    of_forms = members_of(a).keys() ^ members_of(b).keys() | held_otherwise
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=facts[0],
        b_fact=facts[1],
        rest=(Rest(a=each_without(a, of_forms), b=each_without(b, of_forms)),),
        explained=frozenset(of_forms),
    )


def _as_members_more(a: Column, b: Column) -> tuple[str, str] | None:
    """Return the facts of two formats if one is the other with more members, else None.

    The facts are the same for all errors of a service, whatever members all sides have.
    """
    more_a, more_b = _names_in(a) - _names_in(b), _names_in(b) - _names_in(a)
    if all((more_a, more_b)):
        return None
    names = ", ".join(sorted(more_a or more_b))
    facts = as_fact(f"{WITH}{names}"), as_fact(f"{WITHOUT}{names}")
    return facts if more_a else facts[::-1]


def _names_in(column: Column) -> set[str]:
    """Return the names of the members of errors, without those of namespaces."""
    return set(filterfalse(is_namespace, members_of(column)))


def _held_otherwise(a: Column, b: Column) -> Iterator[str]:
    """Yield the names under which one side has objects or lists, and the other another kind.

    For example, `errors` is a list of objects in one format, and a map by field in another.
    """
    of_b = members_of(b)
    for name, values in members_of(a).items():
        kinds = {kinds_of(values), kinds_of(of_b.get(name, values))}
        if len(kinds) > 1 and not _CONTAINERS.isdisjoint(chain.from_iterable(kinds)):
            yield name


def key_case_in_errors(a: Column, b: Column, *, in_xml: bool = False) -> IdiomClaim | None:
    """Recognise another convention of members' names in errors that are otherwise of one format."""
    claim = key_case(a, b)
    if claim is None:
        return None
    (rest,) = claim.rest
    return None if error_shape(rest.a, rest.b, in_xml=in_xml) else claim


KEY_CASE_IN_ERRORS: Final = replace(KEY_CASE, detect=key_case_in_errors)


def format_of(column: Column, *, in_xml: bool = False) -> str:
    """Return the format of errors as a fact that does not depend on the other side."""
    statuses = members_of(column).get("status", [])
    # XML writes the number of a problem document as a text; an error of JSON:API has a text
    are_written = in_xml or not any(map(is_text, statuses))
    are_numbers = are_written and all(map(str.isdecimal, map(str, statuses)))
    if are_numbers and all(map(is_problem_document, objects_of(column))):
        return PROBLEM_DOCUMENT
    return names_as_fact(_names_in(column))


ERROR_SHAPE: Final = Idiom(
    name="error-shape",
    title="different error format",
    explanation="Each side writes errors with members of its own, usually its framework's default; "
    "a problem document is the form of RFC 9457.",
    cures=cures(
        wanted=frozenset({PROBLEM_DOCUMENT}),
        unless=Contradiction.SAME_ERRORS,
        go=("one error writer for all handlers, which writes problem documents", 25),
        rust=("IntoResponse of the error type, as a problem document", 25),
        python=("one exception handler for all routes, which writes problem documents", 20),
        typescript=("the framework's error hook, which writes problem documents", 15),
        java=(
            "one handler for all exceptions; in Spring ProblemDetail is the problem document",
            15,
        ),
        csharp=("one exception handler; AddProblemDetails writes problem documents", 5),
    )
    + cures(
        unless=Contradiction.SAME_ERRORS,
        go=("one error writer for all handlers", 25),
        rust=("IntoResponse of the error type, and a handler for the extractors' rejections", 30),
        python=("one exception handler for all routes, the framework's own errors included", 20),
        typescript=("the framework's error hook", 15),
        java=("one handler for the exceptions of all controllers", 20),
        csharp=("an exception handler, and ApiBehaviorOptions for invalid models", 20),
    )
    + _OF_ONE_HANDLER,
    detect=error_shape,
)


def _alone(here: Column, there: Column) -> set[str]:
    """Return the names of members that only `here` has, without those that are always empty."""
    if {kinds_of(here), kinds_of(there)} != {frozenset({"object"})}:
        return set()
    return set(_telling_names(here)).difference(members_of(there))


def _telling_names(column: Column) -> Iterator[str]:
    """Yield the names of members with a value in any object, but not those of namespaces."""
    for name, values in members_of(column).items():
        # frameworks write null or an empty list for what an error lacks
        if not (is_namespace(name) or all(map(is_empty_value, values))):
            yield name


def error_code(found: Difference, answers: WholeAnswers) -> Spellings:
    """Recognise different codes of two refusals that otherwise differ at most in their messages."""
    # `about:blank` adds nothing to the status: that one side has no code is another difference
    if not is_code(found, answers.bodies) or NO_CODE in values_in(found):
        return None
    if not answers.differ_in_words:
        return None
    return DIFFERS, DIFFERS


def error_message(found: Difference, answers: WholeAnswers) -> Spellings:
    """Recognise different messages of two refusals that otherwise differ at most in their codes."""
    if not answers.differ_in_words or not is_message(found, answers.bodies):
        return None
    return DIFFERS, DIFFERS


ERROR_CODE: Final = Idiom(
    name="error-code",
    title="different code for the same error",
    explanation="Both sides refuse with one status and in one shape, and call the error by "
    "another code.",
    cures=cures(
        go=("the code that the error value carries", 1),
        rust=("the code of the error's variant", 1),
        python=("the code that the exception carries", 1),
        typescript=("the code that the error carries", 1),
        java=("the code that the exception carries", 1),
        csharp=("the code that the exception carries", 1),
    ),
    whole=error_code,
    harm=Harm.STATUS,
)


ERROR_MESSAGE: Final = Idiom(
    name="error-message",
    title="different message for the same error",
    explanation="Both sides refuse with one status and in one shape, and say another thing about "
    "the error.",
    cures=cures(
        go=("the text of the error value", 1),
        rust=("the Display of the error", 1),
        python=("the text of the exception", 1),
        typescript=("the message of the error", 1),
        java=("the message of the exception", 1),
        csharp=("the message of the exception", 1),
    ),
    whole=error_message,
    harm=Harm.LOOKS,
)
