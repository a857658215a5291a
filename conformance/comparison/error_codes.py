"""What a refusing answer calls its error: the code that callers branch on, else its message.

The message is without what changes.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer
from conformance.comparison.bodies import kind_names
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.elements import Element
from conformance.comparison.bodies.markup import TEXT
from conformance.comparison.difference import as_code
from conformance.comparison.identities.own_urls import own_spelled
from conformance.comparison.idioms.errors import NO_CODE
from conformance.comparison.idioms.outcomes import ERROR, RESULT_VS_ERROR
from conformance.comparison.idioms.statuses import FIRST_ERROR, OF_STATUSES
from conformance.comparison.values.lossless_json import Json
from conformance.model.finding import DifferenceKind
from conformance.model.json_path import JsonPath

_CODES: Final[tuple[JsonPath, ...]] = (
    ("code",),
    ("error", "code"),
    ("errors", 0, "code"),
    ("__type",),
    ("type",),
)
_CODES_WITHIN: Final[tuple[JsonPath, ...]] = (
    ("error", "code"),
    ("errors", 0, "extensions", "code"),
    ("errors", 0, "code"),
)
_WITH_CODE: Final = OF_STATUSES | {DifferenceKind.STATUS.value, RESULT_VS_ERROR.name}
_XML_CODES: Final = frozenset({"Code", "code"})
_MESSAGES: Final[tuple[JsonPath, ...]] = (
    ("message",),
    ("error", "message"),
    ("error",),
    ("detail",),
    ("title",),
    ("errors", 0, "message"),
    ("msg",),
)
_CHANGES: Final = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|\S*[0-9]\S*")
"""Quoted text, numbers and identities: the same refusal has others in the next request."""
_NOT_IN_A_PAGE: Final = frozenset({"head", "title"})
_WITHOUT_WORDS: Final = frozenset({"script", "style"})
"""Elements whose text is not what a page says."""


def has_code(cause: str) -> bool:
    """Return whether a cause has an error's code: it is about who refuses, or about statuses."""
    return cause in _WITH_CODE


def refuses(fact: str) -> bool:
    """Return whether a side of a cause with a code is one that refuses, by its fact."""
    # "400" to "599" stand before "error", and "result" behind it
    return str(FIRST_ERROR) <= fact <= ERROR


def error_code(answer: ReadAnswer) -> str:
    """Return the code of a refusal, else its message.

    Nothing for a success, or where the body says neither.

    A URL of the runtime itself, as the `type` of a problem may be, is spelled as in the comparison.
    """
    refuses_it = answer.status >= FIRST_ERROR
    return own_spelled(_code_of(answer.body), answer.base_url) if refuses_it else ""


def code_in_success(answer: ReadAnswer) -> str:
    """Return the code of an error that a body holds, whatever the status says.

    A success may hold an error in a member of its own, as in JSON-RPC and GraphQL.
    """
    return error_code(answer) or own_spelled(_code_within(answer.body.value), answer.base_url)


def _code_of(body: Body) -> str:
    if body.kind == "JSON lines" and body.value:
        return _of_json(body.value[0])
    if body.kind == "JSON":
        return _of_json(body.value)
    if body.kind == kind_names.XML:
        return _xml_code(body.value)
    if body.kind == kind_names.HTML and body.markup is not None:
        return _plain(_said_in_page(body.markup.root))
    return _plain(_first_line(body.text)) if body.kind == kind_names.TEXT else ""


def _code_within(value: Json) -> str:
    """Return the code of the error that the body of a success holds; JSON-RPC has integers."""
    for path in _CODES_WITHIN:
        code = _at(value, path)
        if isinstance(code, str | int) and not isinstance(code, bool):
            return as_code(str(code))
    return ""


def _of_json(value: Json) -> str:
    if isinstance(value, str):
        return _plain(value)
    return _first(value, _CODES) or _plain(_first(value, _MESSAGES))


def _first(value: Json, paths: tuple[JsonPath, ...]) -> str:
    for path in paths:
        found = _at(value, path)
        if isinstance(found, str) and found and found != NO_CODE:
            return as_code(found)
    return ""


def _at(value: Json, path: JsonPath) -> Json:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _plain(message: str) -> str:
    return as_code(_CHANGES.sub("…", message)) if message else ""


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _said_in_page(root: Element) -> str:
    """Return the first line that a page shows, else its title."""
    lines = dict[bool, str]()
    for tag, line in _lines_in(root):
        lines.setdefault(tag in _NOT_IN_A_PAGE, line)
    return lines.get(False, lines.get(True, ""))


def _lines_in(root: Element) -> Iterator[tuple[str, str]]:
    """Yield the tag and the first line of each element that has text, in the document's order."""
    pending = [("", root)]
    while pending:
        tag, element = pending.pop()
        line = _first_line("".join(element.texts or ()))
        if line and tag not in _WITHOUT_WORDS:
            yield tag, line
        pending.extend(reversed(element.children or ()))


def _xml_code(root: Json) -> str:
    """Return the text of the first element called `Code`, at any depth."""
    pending = deque([root])
    while pending:
        element = pending.popleft()
        if isinstance(element, list):
            pending.extend(element)
            continue
        for name, child in element.items() if isinstance(element, dict) else ():
            text = child.get(TEXT, "") if isinstance(child, dict) else child
            if name in _XML_CODES and isinstance(text, str) and text:
                return as_code(text)
            pending.append(child)
    return ""
