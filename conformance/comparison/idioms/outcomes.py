"""An answer that holds a result where another one holds an error, though both have one status.

JSON-RPC, GraphQL and many older APIs say in the body whether a request went well: `result` or
`error`, `data` or `errors`, `ok: true` or `ok: false`.  All that the two then differ in follows
from that.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache, partial
from itertools import filterfalse
from operator import is_not, methodcaller
from typing import Any, Final

from conformance.comparison.bodies.kind_names import XML
from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import IdiomClaim, Rest, values_at
from conformance.comparison.idioms.conditions import between, of_one_length
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import (
    NAMESPACE,
    is_no_text,
    normalised,
    normalised_each,
)
from conformance.comparison.values.columns import Column, members_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import indexes_without, only, picked, positions_of, sole
from conformance.model.finding import DifferenceKind

_RESULT: Final = "result"
ERROR: Final = "error"
_APART: Final = (_RESULT, ERROR)
_ERRORS: Final = frozenset({"error", "errors", "err", "fault", "exception"})
_RESULTS: Final = frozenset({"result", "results", "data", "payload", "response"})
_FLAGS: Final = frozenset({"ok", "success", "succeeded"})
_plain: Final = lru_cache(maxsize=4_096)(normalised)
_NO_ERROR: Final[tuple[Json, ...]] = (None, False, "", [], [""], {}, 0)
_TELLING: Final = _ERRORS | _FLAGS
_OF_OUTCOME: Final = _TELLING | _RESULTS
_OF_A_TEXT: Final = frozenset(
    (
        "status", "statuscode", "code", "errorcode", "message", "msg", "detail", "details", "title",
        "type", "description", "reason", "errordescription", "erroruri", "errormessage",
    )
)  # fmt: skip
"""Members by which an error says what went wrong; a result says another thing by one of them."""
_OF_EVERY_ANSWER: Final = _OF_A_TEXT | {
    "id", "jsonrpc", "version", "apiversion", "requestid", "traceid", "correlationid", "timestamp",
    "time", "path", "method", "extensions", "meta", "context", "instance",
}  # fmt: skip
"""Members that say nothing of whether a request went well, or that errors have beside what names
them.
"""
_OF_REQUEST: Final = frozenset({"request", "responsedate"})
"""Members that errors may have too, and that may be a result: what was asked, as it is repeated."""
_OF_A_PROBLEM: Final = frozenset({"title", "detail"})
_PROBLEM: Final = "problem"
"""The root of a problem document in XML (RFC 9457, appendix B); a result may be called so, too."""
_MAY_TELL: Final = _TELLING | {_PROBLEM}
_STATUSES_OF_ERRORS: Final = frozenset(map(str, range(400, 600)))


@between("object", "object")
@of_one_length
def result_vs_error(a: Column, b: Column) -> IdiomClaim | None:
    """See objects that hold a result on one side, and an error and no result on the other."""
    names = {*members_of(a), *members_of(b)}
    if not _may_tell(names):
        return None
    outcomes = list(zip(map(_outcome, a), map(_outcome, b), strict=True))
    apart = positions_of(map(_APART.__eq__, outcomes))
    # each side fails somewhere: then no one of them does so
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
    # members are explained only where none of the objects has them for another reason
    others = indexes_without(set(apart), len(a))
    if others:
        rests.append(Rest(a=picked(a, others), b=picked(b, others), elements=values_at(others)))
        explained = set()
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=_RESULT,
        b_fact=ERROR,
        rest=tuple(rests),
        explained=frozenset(explained),
        shown_by=lambda x, y: {_outcome(x), _outcome(y)} == {*_APART},
        example=(apart[0], apart[0]),
    )


def _may_tell(names: Collection[str]) -> bool:
    """Return whether any name may tell a result or an error: most objects have no such member.

    Then none of their members is looked into.
    """
    return not _MAY_TELL.isdisjoint(normalised_each(names)) or _may_be_problem(names)


def _outcome(value: Mapping[str, Any]) -> str:
    """Return whether an object holds a result or an error; nothing where it says both, or neither.

    Without an error a result may be null (JSON-RPC 2.0, section 5).
    """
    members = {
        _plain(name): member
        for name, member in value.items()
        if not (name.startswith(NAMESPACE) or is_no_text(name, member))
    }
    of_error = _OF_EVERY_ANSWER | _OF_OUTCOME | _OF_REQUEST | {_PROBLEM}
    names_error = any(map(_says_something, map(members.get, _ERRORS)))
    names_error |= any(map(_is_problem, (members, members.get(_PROBLEM))))
    has_result = any(map(partial(is_not, None), map(members.get, _RESULTS)))
    # any other member is what was asked for: an answer without a name for its result
    has_content = not members.keys() <= _OF_EVERY_ANSWER | _OF_OUTCOME
    flags = [flag for flag in map(members.get, _FLAGS) if isinstance(flag, bool)]
    if names_error:
        contradictions = [has_result, not members.keys() <= of_error, True in flags]
        return "" if any(contradictions) else ERROR
    if False in flags:
        contradictions = [has_result, has_content]
        return "" if any(contradictions) else ERROR
    # JSON-RPC asks for the member of a result, which may be null
    names_result = not members.keys().isdisjoint(_RESULTS)
    signs_of_success = [names_result, has_content, True in flags]
    return _RESULT if any(signs_of_success) else ""


def holds_error(body: Json, kind: str) -> bool:
    """Return whether a body holds an error and no result; one of XML also in elements around it."""
    while isinstance(body, dict):
        if _may_tell(body) and _outcome(body) == ERROR:
            return True
        if kind != XML:
            return False
        inside = filterfalse(methodcaller("startswith", NAMESPACE), body)
        body = sole(list(map(body.__getitem__, inside)))
    return False


def _may_be_problem(names: Collection[str]) -> bool:
    return "status" in names and not _OF_A_PROBLEM.isdisjoint(names)


def _is_problem(value: Json) -> bool:
    """Return whether a value is a problem document (RFC 9457), by the status of an error.

    In XML the status is a text.
    """
    if not isinstance(value, dict):
        return False
    is_of_error = str(value.get("status")) in _STATUSES_OF_ERRORS
    return is_of_error and _may_be_problem(value.keys())


def _says_something(error: Json) -> bool:
    """Return whether the value at an error's name is one: no null, no empty list, no `false`."""
    return error not in _NO_ERROR


def _in_common(x: Mapping[str, Any], y: Mapping[str, Any]) -> set[str]:
    """Return the compared members of both objects: those that say nothing of how it went."""
    return {name for name in x.keys() & y.keys() if _plain(name) not in _OF_OUTCOME | _OF_A_TEXT}


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
