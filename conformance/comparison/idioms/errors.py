"""The JSON bodies of errors: each framework has its own, and RFC 9457 has one for all."""

from typing import Final

from conformance.comparison.difference import names_as_fact
from conformance.comparison.idioms.claim import IdiomClaim, Rest
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.values.columns import Column, kinds_of, members_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.zero_values import is_null, is_zero
from conformance.model.finding import DifferenceKind

_ENOUGH_NAMES: Final = 2


_PROBLEM_MEMBERS: Final = frozenset({"type", "title", "status", "detail", "instance"})


def problem_document(a: Column, b: Column) -> IdiomClaim | None:
    """See the members of an RFC 9457 problem document on one side only, members of its own on the other."""
    first, second = _alone(a, b), _alone(b, a)
    if len(first & _PROBLEM_MEMBERS) < _ENOUGH_NAMES or not second or second & _PROBLEM_MEMBERS:
        return None
    return _claim(a, b, first & _PROBLEM_MEMBERS, second)


PROBLEM_DOCUMENT: Final = Idiom(
    name="problem-document",
    title="problem document vs own error shape",
    explanation="One side writes errors as RFC 9457 problem documents; the other has members of its own.",
    cures=cures(
        go=("one error writer for all handlers", 25),
        rust=("IntoResponse of the error type", 25),
        python=("one exception handler for all routes", 20),
        typescript=("the framework's error hook", 15),
        java=("ProblemDetail from a @RestControllerAdvice", 15),
        csharp=("AddProblemDetails", 5),
    ),
    detect=problem_document,
)


def error_shape(a: Column, b: Column) -> IdiomClaim | None:
    """See two error objects of which each side has members of its own."""
    first, second = _alone(a, b), _alone(b, a)
    return _claim(a, b, first, second) if len(first) + len(second) >= _ENOUGH_NAMES else None


ERROR_SHAPE: Final = Idiom(
    name="error-shape",
    title="another shape of errors",
    explanation="Each side writes errors with members of its own, usually its framework's default.",
    cures=cures(
        go=("one error writer for all handlers", 25),
        rust=("IntoResponse of the error type, and a handler for the extractors' rejections", 30),
        python=("one exception handler for all routes, the framework's own errors included", 20),
        typescript=("the framework's error hook", 15),
        java=("a @RestControllerAdvice instead of the default error attributes", 20),
        csharp=("an exception handler, and ApiBehaviorOptions for invalid models", 20),
    ),
    detect=error_shape,
)


def _alone(here: Column, there: Column) -> set[str]:
    """Return the names that only one side has, but for those that say nothing there."""
    if kinds_of(here) != {"object"} or kinds_of(there) != {"object"}:
        return set()
    other = members_of(there)
    return {
        name
        for name, column in members_of(here).items()
        if name not in other and not all(is_null(value) or is_zero(value) for value in column)
    }


def _claim(a: Column, b: Column, first: set[str], second: set[str]) -> IdiomClaim:
    """Claim the presence of the named members, all of which the facts tell; what both sides have is compared on."""
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=names_as_fact(first),
        b_fact=names_as_fact(second),
        detail=f"{_listed(first)} on one side, {_listed(second)} on the other",
        rest=(Rest(a=_without(a, first), b=_without(b, second)),),
        explained=frozenset(first | second),
    )


def _listed(names: set[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names)) or "nothing"


def _without(column: Column, names: set[str]) -> list[dict[str, Json]]:
    return [{name: member for name, member in value.items() if name not in names} for value in column]
