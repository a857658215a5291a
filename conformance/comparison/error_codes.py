"""The code of a refusing answer, else its message without parts that vary between requests."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import filterfalse, repeat
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies import kind_names
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.elements import Element
from conformance.comparison.difference import as_code
from conformance.comparison.error_documents import code_in, message_in, texts_of_error
from conformance.comparison.identities.own_urls import own_spelled
from conformance.comparison.idioms.error_words import NO_CODE
from conformance.comparison.idioms.outcomes import ERROR, RESULT_VS_ERROR, holds_error
from conformance.comparison.idioms.statuses import FIRST_ERROR, OF_STATUSES
from conformance.comparison.values.columns import is_text
from conformance.comparison.values.lossless_json import Json
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath

_FIRST_OF_LISTS: Final[tuple[JsonPath, ...]] = (
    ("errors", 0),
    ("error", "errors", 0),
    ("error", "details", 0),
    ("detail", 0),
    ("details", 0),
    ("issues", 0),
    ("violations", 0),
)
"""Where the first error of a list is: JSON:API, Google, FastAPI, zod and Jakarta Validation."""
_CODES: Final[tuple[JsonPath, ...]] = (
    ("code",),
    ("error", "code"),
    ("errors", 0, "code"),
    ("__type",),
    ("scimType",),
    ("type",),
    *((*first, name) for first in _FIRST_OF_LISTS for name in ("code", "type")),
)
_CODES_WITHIN: Final[tuple[JsonPath, ...]] = (
    ("error", "code"),
    ("errors", 0, "extensions", "code"),
    ("errors", 0, "code"),
)
_WITH_CODE: Final = OF_STATUSES | {DifferenceKind.STATUS.value, RESULT_VS_ERROR.name}
_MESSAGES: Final[tuple[JsonPath, ...]] = (
    ("message",),
    ("error", "message"),
    ("error",),
    ("detail",),
    ("title",),
    ("errors", 0, "message"),
    ("msg",),
    *((*first, name) for first in _FIRST_OF_LISTS for name in ("message", "msg", "detail")),
    ("message", 0),
    ("errors", 0),
)
_CHANGES: Final = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|\S*[0-9]\S*")
"""Quoted text, numbers and identities: the same refusal has others in the next request."""
_NOT_IN_A_PAGE: Final = frozenset({"head", "title"})
_WITHOUT_WORDS: Final = frozenset({"script", "style"})
"""Elements whose text a page does not display."""


def has_code(cause: str) -> bool:
    """Return whether a cause has error codes: it is about statuses, or a result and an error."""
    return cause in _WITH_CODE


def refuses(fact: str) -> bool:
    """Return whether a side refuses, given its fact in a cause that has a code."""
    # As texts, "400" to "599" sort before "error", and "result" after it
    return str(FIRST_ERROR) <= fact <= ERROR


def error_code(answer: ReadAnswer) -> str:
    """Return the code of a refusal, else its message.

    `` for a success, or if the body has neither.  The runtime's own URL, as in a problem's `type`,
    is spelled as in the comparison.
    """
    if answer.status < FIRST_ERROR:
        return ""
    code = _code_of(answer.body)
    return own_spelled(code, answer.base_url)


def code_in_success(answer: ReadAnswer) -> str:
    """Return the code of an error in a body, whatever the status.

    A success may hold an error in a member, as in JSON-RPC and GraphQL.
    """
    refused = error_code(answer)
    if refused:
        return refused
    body = answer.body
    code = _code_within(body.value)
    if not code and body.kind == kind_names.XML:
        code = _of_xml(body) if holds_error(body.value, body.kind) else ""
    return own_spelled(code, answer.base_url)


def _code_of(body: Body) -> str:
    """Return the code or message in a body of any kind, else ``."""
    read = _READ_BY_KIND.get(body.kind)
    return "" if read is None else read(body)


def _code_within(value: Json) -> str:
    """Return the code of the error that the body of a success holds; JSON-RPC has integers."""
    codes = filter(_is_text_or_integer, map(_at, repeat(value), _CODES_WITHIN))
    return next(map(as_code, map(str, codes)), "")


def _is_text_or_integer(code: Json) -> bool:
    # Python's booleans are integers, but not codes
    return type(code) in {str, int}


def _of_first_line(body: Body) -> str:
    """Return the code in the first of several JSON values."""
    return _of_json(body.value[0]) if body.value else ""


def _of_xml(body: Body) -> str:
    """Return the code in an XML document, else its message."""
    texts = texts_of_error(body.value)
    code = code_in(texts)
    return as_code(code) if code else _plain(message_in(texts))


def _of_page(body: Body) -> str:
    """Return the message of an HTML page; `` if the page was not parsed."""
    return "" if body.markup is None else _plain(_message_in_page(body.markup.root))


def _of_json(value: Json) -> str:
    """Return the code in a JSON value, else its message."""
    if isinstance(value, str):
        return _plain(value)
    code = _first(value, _CODES)
    return code or _plain(message_of(value))


def message_of(value: Json) -> str:
    """Return the message to people of an error in JSON."""
    return _first(value, _MESSAGES)


def _first(value: Json, paths: tuple[JsonPath, ...]) -> str:
    """Return the first text at some paths that adds something to the status, as a code; else ``."""
    texts = filter(is_text, map(_at, repeat(value), paths))
    says_more = filterfalse({"", NO_CODE}.__contains__, texts)
    return next(map(as_code, says_more), "")


def _at(value: Json, path: JsonPath) -> Json:
    """Return the value at a path, or None."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):  # another form of error has no such member
            return None
    return value


def _plain(message: str) -> str:
    """Return a message as a code, without quoted text and numbers."""
    if not message:
        return ""
    return as_code(_CHANGES.sub("…", message))


def _first_line(text: str) -> str:
    """Return the first line of a text that is not blank, else ``."""
    lines = map(str.strip, text.splitlines())
    return next(filter(None, lines), "")


def _message_in_page(root: Element) -> str:
    """Return the first line that a page displays, else its title."""
    lines = dict[bool, str]()
    for tag, line in _lines_in(root):
        lines.setdefault(tag in _NOT_IN_A_PAGE, line)
    return lines.get(False, lines.get(True, ""))


def _lines_in(root: Element) -> Iterator[tuple[str, str]]:
    """Yield the tag and the first line of each element that has text, in the document's order."""
    pending = [("", root)]
    while pending:
        tag, element = pending.pop()
        line = _first_line("".join(element.texts))
        is_shown = tag not in _WITHOUT_WORDS
        if line and is_shown:
            yield tag, line
        pending.extend(reversed(element.children))


_READ_BY_KIND: Final[Mapping[str, Callable[[Body], str]]] = {
    "JSON lines": _of_first_line,
    "JSON": lambda body: _of_json(body.value),
    kind_names.XML: _of_xml,
    kind_names.HTML: _of_page,
    kind_names.TEXT: lambda body: _plain(_first_line(body.text)),
}
"""The function that reads the code from a body of each kind; bodies of other kinds have none."""
