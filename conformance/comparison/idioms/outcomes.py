"""An answer that holds a result where another one holds an error, though both have one status.

JSON-RPC, GraphQL and many older APIs say in the body whether a request went well: `result` or
`error`, `data` or `errors`, `ok: true` or `ok: false`.  All that the two then differ in follows
from that.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final

from conformance.comparison.harm import Harm
from conformance.comparison.idioms.claim import IdiomClaim, Rest, values_at
from conformance.comparison.idioms.idiom import Idiom, cures
from conformance.comparison.idioms.member_names import normalised, normalised_each
from conformance.comparison.values.columns import Column, kinds_of, members_of
from conformance.comparison.values.lossless_json import Json
from conformance.model.finding import DifferenceKind

_RESULT: Final = "result"
ERROR: Final = "error"
_ERRORS: Final = frozenset({"error", "errors", "err", "fault", "exception"})
_RESULTS: Final = frozenset({"result", "results", "data", "payload", "response"})
_FLAGS: Final = frozenset({"ok", "success", "succeeded"})
_plain: Final = lru_cache(maxsize=4_096)(normalised)
_TELLING: Final = _ERRORS | _FLAGS
_OF_OUTCOME: Final = _TELLING | _RESULTS
_OF_EVERY_ANSWER: Final = frozenset(
    (
        "id",
        "jsonrpc",
        "version",
        "apiversion",
        "requestid",
        "traceid",
        "correlationid",
        "timestamp",
        "time",
        "path",
        "method",
        "status",
        "statuscode",
        "code",
        "errorcode",
        "message",
        "msg",
        "detail",
        "details",
        "title",
        "type",
        "description",
        "reason",
        "errordescription",
        "errormessage",
        "extensions",
        "meta",
        "context",
    )
)
"""Members that say nothing of whether a request went well, or that errors have beside what names
them.
"""


def result_vs_error(a: Column, b: Column) -> IdiomClaim | None:
    """See objects that hold a result on one side, and an error and no result on the other."""
    if kinds_of(a) != {"object"} or kinds_of(b) != {"object"} or len(a) != len(b):
        return None
    names = {*members_of(a), *members_of(b)}
    if _TELLING.isdisjoint(normalised_each(names)):
        return None
    outcomes = [(_outcome(x), _outcome(y)) for x, y in zip(a, b, strict=True)]
    apart = [at for at, each in enumerate(outcomes) if each == (_RESULT, ERROR)]
    if not apart or (ERROR, _RESULT) in outcomes:
        return None
    common = [_in_common(a[at], b[at]) for at in apart]
    left = (
        [_only(column[at], kept) for at, kept in zip(apart, common, strict=True)]
        for column in (a, b)
    )
    rests = [Rest(a=next(left), b=next(left), elements=values_at(apart))]
    others = [at for at, each in enumerate(outcomes) if each != (_RESULT, ERROR)]
    if others:
        rest = Rest(
            a=[a[at] for at in others], b=[b[at] for at in others], elements=values_at(others)
        )
        rests.append(rest)
    gone = set[str]() if others else names.difference(*common)
    return IdiomClaim(
        kind=DifferenceKind.MEMBER,
        a_fact=_RESULT,
        b_fact=ERROR,
        rest=tuple(rests),
        explained=frozenset(gone),
        shown_by=lambda x, y: _is_apart(x, y) or _is_apart(y, x),
        example=(apart[0], apart[0]),
    )


def _is_apart(x: Json, y: Json) -> bool:
    return (_outcome(x), _outcome(y)) == (_RESULT, ERROR)


def _outcome(value: Mapping[str, Any]) -> str:
    """Return whether an object holds a result or an error; nothing where it says both, or neither.

    Without an error a result may be null (JSON-RPC 2.0, section 5).
    """
    said = {_plain(name): member for name, member in value.items()}
    failed = any(_says_something(said.get(name)) for name in _ERRORS)
    has_result = any(said.get(name) is not None for name in _RESULTS)
    flags = [said[name] for name in _FLAGS if isinstance(said.get(name), bool)]
    others = said.keys() - _OF_EVERY_ANSWER - _OF_OUTCOME
    if failed:
        return "" if has_result or others or True in flags else ERROR
    if False in flags:
        return "" if has_result or others else ERROR
    names_result = not said.keys().isdisjoint(_RESULTS)
    return _RESULT if names_result or others or True in flags else ""


def _says_something(error: Json) -> bool:
    """Return whether the value at an error's name is one: no null, no empty list, no `false`."""
    return error is not None and error is not False and error not in ("", [], {}, 0)


def _in_common(x: Mapping[str, Any], y: Mapping[str, Any]) -> set[str]:
    """Return the compared members of both objects: those that do not state the outcome.

    The outcome is how the request went.
    """
    return {name for name in x.keys() & y.keys() if _plain(name) not in _OF_OUTCOME}


def _only(value: Mapping[str, Any], names: AbstractSet[str]) -> dict[str, Json]:
    return {name: member for name, member in value.items() if name in names}


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
    detect=result_vs_error,
    of_forms=frozenset({"object"}),
    harm=Harm.STATUS,
)
