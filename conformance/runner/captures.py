"""Captures: values that later steps need, taken from the body, a header or a cookie of an answer.

A body of any kind is read as it is for the comparison.  Numbers keep their digits.
"""

import re
from typing import Any, Final
from urllib.parse import urljoin

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.reading import read_body_of
from conformance.comparison.bodies.token import claims_of, tokens_in
from conformance.comparison.values.json_encoding import compact
from conformance.model.capture import Capture
from conformance.model.json_path import JsonPath, render_path
from conformance.model.observation import Answer, DeadEnd
from conformance.model.template import KnownName, known_text
from conformance.wording import plural

# Later requests, and every message about them, contain a captured value
MAX_CAPTURED_BYTES: Final = 64 << 10
_NON_FINITE: Final = "non-finite-number"
_NO_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_FORM: Final = "form"
_SET_COOKIE: Final = "set-cookie"
_LAST_COMPONENT: Final = re.compile(r"[^/?&=#;]+(?=[/?&=#;]*\Z)")


class NothingFoundError(ValueError):
    """An answer without the value that a capture needs; the message says what it has instead."""


def take(capture: Capture, answer: Answer, declared: str = "", url: str = "") -> KnownName:
    """Return the value that a capture takes from the answer to a request for `url`.

    `declared` is the kind of the body; if empty, its label decides.  Raises NothingFoundError.
    """
    found = _source(capture, answer, declared)
    if capture.regex is not None:
        found = _by_pattern(capture.regex, _text(found))
    if capture.token is not None:
        found = _claim(capture.token, _text(found))
    if capture.as_url:
        found = urljoin(url, _text(found))
    known = _known(capture, found)
    if len(known.json) > MAX_CAPTURED_BYTES:
        raise NothingFoundError(f"a value of more than {MAX_CAPTURED_BYTES} bytes")
    return known


def dead_end(step: int, capture: Capture, error: NothingFoundError) -> DeadEnd:
    """Return the dead end of a runtime whose answer lacks the value of a capture."""
    return DeadEnd(
        step=step, name=capture.name, wanted=f"a value at {_place(capture)}", got=str(error)
    )


def _place(capture: Capture) -> str:
    where = _where(capture)
    if capture.token is not None:
        where = f"{render_path(capture.token)} of the token{f' in {where}' if where else ''}"
    if capture.regex is None:
        return where
    return f"the pattern {capture.regex}{f' in {where}' if where else ''}"


def _where(capture: Capture) -> str:
    if capture.header is not None:
        return f"header {capture.header}"
    if capture.cookie is not None:
        return f"cookie {capture.cookie}"
    return "" if capture.path is None else render_path(capture.path)


def _source(capture: Capture, answer: Answer, declared: str) -> Any:
    """Return the value that a capture starts from."""
    if capture.header is not None:
        return _field(answer, capture.header)
    if capture.cookie is not None:
        return _cookie(answer, capture.cookie)
    body = read_body_of(answer, declared)
    if capture.path is not None:
        return _by_path(capture.path, body)
    if not body.raw:
        raise NothingFoundError("no body")
    return _only_token(body) if capture.regex is None else body.as_text


def _field(answer: Answer, name: str) -> str:
    field = answer.header(name)
    if field is None:
        raise NothingFoundError("no such field")
    return field


def _cookie(answer: Answer, wanted: str) -> str:
    """Return the value of a cookie that the answer sets; of several values, the last."""
    lines = [value for name, value in answer.headers if name.lower() == _SET_COOKIE]
    pairs = [line.partition(";")[0].partition("=") for line in lines]
    values = [value.strip() for name, _, value in pairs if name.strip() == wanted]
    if not values:
        others = ", ".join(name.strip() for name, _, _ in pairs)
        raise NothingFoundError(f"only {others}" if others else "no cookie")
    return values[-1]


def _by_path(path: JsonPath, body: Body) -> Any:
    if not body.structured:
        raise NothingFoundError(body.without_value)
    found = value_at(path, body.value, in_markup=body.markup is not None)
    if body.kind == _FORM and isinstance(found, list) and len(found) == 1:
        found = found[0]  # a name that is not repeated has one value
    if _NON_FINITE in body.notes and compact(found) in _NO_NUMBERS:
        raise NothingFoundError(f"{compact(found)}, which JSON does not have")
    return found


def _by_pattern(pattern: str, text: str) -> str:
    import re2  # noqa: PLC0415 - a native library, loaded only where there is a pattern

    try:
        found = re2.search(pattern, text)
    except UnicodeEncodeError:  # RE2 reads UTF-8, which has no lone surrogates
        found = None
    if found is None:
        raise NothingFoundError("a text in which it is not found")
    return str(found[1 if found.re.groups else 0] or "")


def _only_token(body: Body) -> str:
    found = tokens_in(body.as_text)
    if len(found) != 1:
        raise NothingFoundError(
            f"{plural(len(found), 'token')} in the body; `path` names one" if found else "no token"
        )
    return found[0]


def _claim(path: JsonPath, text: str) -> Any:
    found = tokens_in(text)
    claims = claims_of(found[0]) if len(found) == 1 else None
    if claims is None:
        raise NothingFoundError("a text that holds no token")
    return value_at(path, claims)


def value_at(path: JsonPath, value: Any, *, in_markup: bool = False) -> Any:
    """Return the value at a path; raise NothingFoundError if there is none.

    In markup, an element that is not repeated is also the first of its name.
    """
    for depth, segment in enumerate(path):
        if in_markup and segment == 0 and not isinstance(value, list):
            continue
        if isinstance(segment, int):
            found = isinstance(value, list) and segment < len(value)
        else:
            found = isinstance(value, dict) and segment in value
        if not found:
            raise NothingFoundError(f"nothing at {render_path(path[: depth + 1])}")
        value = value[segment]
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else compact(value)


def _known(capture: Capture, value: Any) -> KnownName:
    if not isinstance(value, str):
        spelled = compact(value)
        return KnownName(name=capture.name, text=spelled, json=spelled, identity=capture.identity)
    known = known_text(capture.name, value, capture.identity)
    last = _LAST_COMPONENT.search(value) if capture.as_url and capture.identity else None
    return known if last is None else known.identified_by(last[0])
