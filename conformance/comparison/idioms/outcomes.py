"""A result in one answer beside an error in another, though both have one status.

JSON-RPC, GraphQL and many older APIs report in the body whether a request succeeded: `result` or
`error`, `data` or `errors`, `ok: true` or `ok: false`.  All other differences of the two answers
follow from this one.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial
from itertools import filterfalse
from operator import is_not, methodcaller
from typing import Any, Final

from msgspec.structs import replace

from conformance.comparison.bodies.kind_names import XML
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import IdiomClaim, Rest, values_at
from conformance.comparison.idioms.conditions import for_equal_lengths, two_roots
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import (
    NAMESPACE,
    is_no_text,
    normalised,
    normalised_all,
    normalised_each,
    words_of,
)
from conformance.comparison.values.columns import Column, holds_only, members_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import indexes_without, only, picked, positions_of, sole
from conformance.model.finding import DifferenceKind

_RESULT: Final = "result"
ERROR: Final = "error"
_APART: Final = (_RESULT, ERROR)
ERROR_NAMES: Final = frozenset({"error", "errors", "err", "fault", "exception"})
_RESULTS: Final = frozenset({"result", "results", "data", "payload", "response"})
_FLAGS: Final = frozenset({"ok", "success", "succeeded"})
_plain: Final = lru_cache(maxsize=4_096)(normalised)
_NO_ERROR: Final[tuple[Json, ...]] = (None, False, "", [], [""], {}, 0)
_OUTCOME_SIGNS: Final = ERROR_NAMES | _FLAGS
_OUTCOME_MEMBERS: Final = _OUTCOME_SIGNS | _RESULTS
_ERROR_TEXTS: Final = frozenset(
    (
        "status", "statuscode", "code", "errorcode", "message", "msg", "detail", "details", "title",
        "type", "description", "reason", "errordescription", "erroruri", "errormessage",
    )
)  # fmt: skip
"""Members in which an error says what went wrong; a result uses one of these names for other
content."""
_COMMON_MEMBERS: Final = _ERROR_TEXTS | {
    "id", "jsonrpc", "version", "apiversion", "requestid", "traceid", "correlationid", "timestamp",
    "time", "path", "method", "extensions", "meta", "context", "instance",
}  # fmt: skip
"""Members that occur in results and errors alike, or that errors have beside the member that names
them."""
_REQUEST_MEMBERS: Final = frozenset({"request", "responsedate"})
"""Members that repeat the request: an error may have them too, and a result may consist of them."""
_PROBLEM_MEMBERS: Final = frozenset({"title", "detail"})
_PROBLEM: Final = "problem"
"""The root of a problem document in XML (RFC 9457, appendix B); a result may have this name, too.
"""
_POSSIBLE_SIGNS: Final = _OUTCOME_SIGNS | {_PROBLEM}
_STATUSES_OF_ERRORS: Final = frozenset(map(str, range(400, 600)))
_STATUS_MEMBERS: Final = frozenset({"status", "statuscode", "code", "errorcode", "errcode"})
_SUCCESS_VALUES: Final = frozenset({"0", "ok", "success", *map(str, range(200, 300))})


@for_equal_lengths
def result_vs_error(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise a result on one side, and an error object without a result on the other."""
    names = {*members_of(a), *members_of(b)}
    if not holds_only(b, dict) or not _may_have_outcome(names):
        return None
    if holds_only(a, dict):
        return _between_objects(a, b, names)
    if not holds_only(a, list) or set(map(_outcome, b)) != {ERROR}:
        return None
    are_results = all(map(_is_list_of_results, a))
    return _claim((), names) if are_results else None


def _claim(rests: tuple[Rest, ...], explained: Collection[str]) -> IdiomClaim:
    """Return the claim that the first side has results and the second side errors."""
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=_RESULT,
        b_fact=ERROR,
        rest=rests,
        explained=frozenset(explained),
    )


def _between_objects(a: Column, b: Column, names: set[str]) -> IdiomClaim | None:
    """Return the claim about two columns of objects, or None."""
    outcomes = list(map(_outcomes, a, b))
    apart = positions_of(map(_APART.__eq__, outcomes))
    # each side has an error somewhere: then it is not one side that fails
    if not apart or _APART[::-1] in outcomes:
        return None
    common = list(map(_in_common, picked(a, apart), picked(b, apart)))
    rests = [
        Rest(
            a=list(map(only, picked(a, apart), common)),
            b=list(map(only, picked(b, apart), common)),
            elements=values_at(apart),
        )
    ]
    explained = names.difference(*common)
    # members are explained only where no other object has them for another reason
    others = indexes_without(set(apart), len(a))
    if others:
        rests.append(Rest(a=picked(a, others), b=picked(b, others), elements=values_at(others)))
        explained = set()
    return replace(
        _claim(tuple(rests), explained),
        shown_by=lambda x, y: {*_outcomes(x, y)} == {*_APART},
        example=(apart[0], apart[0]),
    )


def _outcomes(x: Mapping[str, Any], y: Mapping[str, Any]) -> tuple[str, str]:
    """Return for each of two objects whether it holds a result, an error, or neither (``).

    Beside an error, an object without any sign of an error is a result.
    """
    outcomes = _outcome(x), _outcome(y)
    if sorted(outcomes) != ["", ERROR]:
        return outcomes
    fails_first = outcomes[0] == ERROR
    error, other = (x, y) if fails_first else (y, x)
    if not _is_result_against(other, error):
        return outcomes
    return _APART[::-1] if fails_first else _APART


def _is_result_against(value: Mapping[str, Any], error: Mapping[str, Any]) -> bool:
    """Return whether an object beside an error is a result, though no member is named as one.

    An object that has only members of the error, such as the error without its `error`, is no
    result.
    """
    if _reports_success(value):
        return True
    is_part_of_error = set() < value.keys() <= error.keys()
    return not is_part_of_error and not _may_be_error(value)


def _reports_success(value: Mapping[str, Any]) -> bool:
    """Return whether all codes and statuses of an object report success, without other evidence."""
    members = dict(zip(map(_plain, value), map(str, value.values()), strict=True))
    words = {members[name].lower() for name in members.keys() & _STATUS_MEMBERS}
    return set() < words <= _SUCCESS_VALUES and members.keys().isdisjoint(_OUTCOME_MEMBERS)


def _may_be_error(value: Json) -> bool:
    """Return whether a value may say what went wrong, if only in words of its own.

    A `status` beside an `id` may be that of a thing, unless it is an HTTP status of an error.
    """
    if isinstance(value, str):
        return not value.isascii() or len(value.split()) > 1
    if not isinstance(value, dict) or _outcome(value) == _RESULT:
        return False
    telling = _OUTCOME_MEMBERS | _ERROR_TEXTS
    is_of_http = str(value.get("status")) in _STATUSES_OF_ERRORS
    if "id" in value and not is_of_http:
        telling -= {"status"}
    speaks_of_one = not telling.isdisjoint(normalised_all(value))
    return speaks_of_one or any(map(_is_of_error, value))


def _is_list_of_results(value: Sequence[Json]) -> bool:
    """Return whether a list is empty or has an element that is no error."""
    return not value or not all(map(_may_be_error, value))


def _may_have_outcome(names: Collection[str]) -> bool:
    """Return whether any name may be that of a result or an error.

    Most objects have no such member, and then their members are not looked into.
    """
    return not _POSSIBLE_SIGNS.isdisjoint(normalised_each(names)) or _may_be_problem(names)


def _outcome(value: Mapping[str, Any]) -> str:
    """Return whether an object holds a result or an error; `` where it holds both or neither.

    Without an error a result may be null (JSON-RPC 2.0, section 5).
    """
    named = {
        name: member
        for name, member in value.items()
        if not (name.startswith(NAMESPACE) or is_no_text(name, member))
    }
    members = {_plain(name): member for name, member in named.items()}
    # any other member is the content asked for, so the answer needs no name for its result
    content = set(map(_plain, filter(_is_of_content, named)))
    names_error = any(map(has_error_content, map(members.get, ERROR_NAMES)))
    names_error |= any(map(_is_problem, (members, members.get(_PROBLEM))))
    has_result = any(map(partial(is_not, None), map(members.get, _RESULTS)))
    flags = [flag for flag in map(members.get, _FLAGS) if isinstance(flag, bool)]
    if names_error:
        contradictions = [has_result, content - _REQUEST_MEMBERS - {_PROBLEM}, True in flags]
        return "" if any(contradictions) else ERROR
    if False in flags:
        contradictions = [has_result, content]
        return "" if any(contradictions) else ERROR
    # JSON-RPC requires the member for a result, which may be null
    names_result = not members.keys().isdisjoint(_RESULTS)
    signs_of_success = [names_result, content, True in flags]
    return _RESULT if any(signs_of_success) else ""


@lru_cache(maxsize=4_096)
def _is_of_content(name: str) -> bool:
    """Return whether a member's name is that of content, not of a result, an error or metadata."""
    if _plain(name) in _COMMON_MEMBERS | _OUTCOME_MEMBERS:
        return False
    return not _is_of_error(name)


def _is_of_error(name: str) -> bool:
    """Return whether a name contains a word for an error, as `ErrorReport` does."""
    return not ERROR_NAMES.isdisjoint(words_of(name))


def holds_error(body: Json, kind: str) -> bool:
    """Return whether a body holds an error and no result; in XML also within enclosing elements."""
    while isinstance(body, dict):
        if _may_have_outcome(body) and _outcome(body) == ERROR:
            return True
        if kind != XML:
            return False
        inside = filterfalse(methodcaller("startswith", NAMESPACE), body)
        body = sole(list(map(body.__getitem__, inside)))
    return False


def _may_be_problem(names: Collection[str]) -> bool:
    """Return whether members have the names of a problem document."""
    return "status" in names and not _PROBLEM_MEMBERS.isdisjoint(names)


def _is_problem(value: Json) -> bool:
    """Return whether a value is a problem document (RFC 9457) with the status of an error.

    In XML the status is a text.
    """
    if not isinstance(value, dict):
        return False
    is_of_error = str(value.get("status")) in _STATUSES_OF_ERRORS
    return is_of_error and _may_be_problem(value.keys())


def has_error_content(error: Json) -> bool:
    """Return whether the value under an error's name is an error: not null, empty or `false`."""
    return error not in _NO_ERROR


def _in_common(x: Mapping[str, Any], y: Mapping[str, Any]) -> set[str]:
    """Return the names that both objects have and that say nothing about the outcome."""
    return {
        name for name in x.keys() & y.keys() if _plain(name) not in _OUTCOME_MEMBERS | _ERROR_TEXTS
    }


RESULT_VS_ERROR: Final = Idiom(
    name="result-vs-error",
    title="a result where others send an error",
    explanation="Both answer with one status, and one body holds a result where the other holds "
    "an error: the same request went well for one and not for the other.",
    cures=cures(
        _RESULT,
        go=("the check that makes the others refuse this request, if it is to be refused", None),
        rust=("the check that makes the others refuse this request, if it is to be refused", None),
        python=(
            "the check that makes the others refuse this request, if it is to be refused",
            None,
        ),
        typescript=(
            "the check that makes the others refuse this request, if it is to be refused",
            None,
        ),
        java=("the check that makes the others refuse this request, if it is to be refused", None),
        csharp=(
            "the check that makes the others refuse this request, if it is to be refused",
            None,
        ),
    )
    + cures(
        go=("what makes this request fail: its error says why", None),
        rust=("what makes this request fail: its error says why", None),
        python=("what makes this request fail: its error says why", None),
        typescript=("what makes this request fail: its error says why", None),
        java=("what makes this request fail: its error says why", None),
        csharp=("what makes this request fail: its error says why", None),
    ),
    any_body=True,
    detect=result_vs_error,
    of_forms=frozenset({"object"}),
    harm=Harm.STATUS,
)


def result_vs_error_of_roots(a: Column, b: Column) -> IdiomClaim | None:
    """Recognise XML documents with two roots, where only the second holds an error."""
    roots = two_roots(a, b)
    if roots is None:
        return None
    # a root that is named as an error, but has no known content, is no result
    may_be_errors = _is_of_error(roots[0]) or any(map(_holds_error_in_xml, a))
    if may_be_errors or not all(map(_holds_error_in_xml, b)):
        return None
    return _claim((), roots)


def _holds_error_in_xml(document: Json) -> bool:
    return holds_error(document, XML)


RESULT_VS_ERROR_OF_ROOTS: Final = replace(
    RESULT_VS_ERROR, detect=result_vs_error_of_roots, at_root=True
)
"""The same idiom for XML documents, whose roots have two names."""
